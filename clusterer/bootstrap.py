"""The composition root: the only place that knows which implementation stands behind which port.

What not every process needs is imported where it is built: a look-up is answered in the time that it takes to load its own modules.
"""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, TypeVar

import redis
import structlog
from ulid import ULID

from clusterer import __version__, policies
from clusterer.adapters.encoder import make_encoder
from clusterer.adapters.hints import CeleryHints, NoHints
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.store_mark import StoreMark
from clusterer.adapters.webhook_sender import HttpSender
from clusterer.connections import broker_url, connect_redis, disk_free_ratio, redis_url, store_mark
from clusterer.core.errors import StoreRefused, StoreUnavailable
from clusterer.environment import tracing_is_configured
from clusterer.extras import require
from clusterer.pipeline.service import DEFAULT_COLLECTION, Service
from clusterer.ports import NO_TRACING, Clock, Encoder, Hints, Store, Tracer, VectorIndex
from clusterer.settings import HASHING_MODEL, Settings, SettingsError, env_name

if TYPE_CHECKING:
    from clusterer.adapters.backup import Manifest
    from clusterer.adapters.scratch_redis import ScratchRedis
    from clusterer.core.clustering.window import Window
    from clusterer.core.nightly.search import SnapshotIndex
    from clusterer.core.scoring.scorer import Weights
    from clusterer.pipeline.access import Tokens

log = structlog.get_logger(__name__)

_PULSE_TIMEOUT_S = 2
_WAIT_S = 1.0
T = TypeVar("T")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Clusterer(Service):
    """The service, put together. Use `in_memory()` as a library, `connect()` for the shared state in Redis."""

    @classmethod
    def in_memory(
        cls, settings: Settings | None = None, *, encoder: Encoder | None = None, clock: Clock | None = None
    ) -> Clusterer:
        """The same pipeline in this process, over a private Redis that keeps nothing: no Celery. `drain()` does the work.

        Raises ExtraNotInstalled, DeviceAbsent.
        """
        require("worker", "Clustering in this process")
        from clusterer.adapters.scratch_redis import scratch_redis

        settings = settings or Settings()
        if encoder is None:
            require_device(settings)
        server = scratch_redis()
        url = server.take()
        store = RedisStore(connect_redis(url), timedelta(days=settings.window_days), may_lose=True)
        service = cls.over(store, settings, encoder=encoder, clock=clock)
        weakref.finalize(service, _give_back, server, url)
        return service

    @classmethod
    def connect(
        cls,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        clock: Clock | None = None,
        mark: StoreMark | None = None,
        tracer: Tracer = NO_TRACING,
    ) -> Clusterer:
        """State in Redis, work through Celery. Raises StoreUnavailable, SchemaMismatch."""
        client = connect_redis(redis_url(settings))
        store = RedisStore(client, timedelta(days=settings.window_days), settings.allow_lossy_redis, mark)
        hints = CeleryHints(client, broker_url(settings))
        service = cls.over(store, settings, hints=hints, encoder=encoder, clock=clock, tracer=tracer)
        service.send_recluster = hints.recluster
        service.disk_free_ratio = lambda: disk_free_ratio(settings)
        return service

    @classmethod
    def over(
        cls,
        store: Store,
        settings: Settings,
        *,
        hints: Hints | None = None,
        encoder: Encoder | None = None,
        clock: Clock | None = None,
        tracer: Tracer = NO_TRACING,
    ) -> Clusterer:
        """The service over any store. Raises StoreUnavailable, SchemaMismatch."""
        clock = clock or SystemClock()
        store.check_server()
        store.check_schema()
        store.create_collection(DEFAULT_COLLECTION, {})
        encoder = encoder or make_encoder(
            settings.model,
            settings.max_tokens,
            settings.encoder_dtype,
            settings.encoder_threads,
            settings.device,
            settings.data_dir / "models",
        )
        weights = _once(lambda: load_weights(settings.weights_path, settings.model).at(settings.granularity))
        return cls(
            store=store,
            clock=clock,
            hints=hints or NoHints(),
            encoder=encoder,
            make_index=_new_index,
            make_snapshot_index=_new_snapshot_index,
            make_window=lambda: _new_window(encoder.dimension, weights()),
            new_cluster_id=lambda: str(ULID()),
            reach=policies.reach_of(settings),
            intake_policy=_once(lambda: policies.intake_policy(settings)),
            prepare_policy=_once(lambda: policies.prepare_policy(settings)),
            assign_policy=_once(lambda: policies.assign_policy(settings)),
            nightly_policy=_once(lambda: policies.nightly_policy(settings)),
            weights=weights,
            webhook_sender=HttpSender(settings.webhooks_to_private_addresses),
            recluster_at=None if settings.recluster_at == "off" else time.fromisoformat(settings.recluster_at),
            retention=timedelta(days=settings.retention_days) if settings.retention_days else None,
            changes_kept=timedelta(days=settings.changes_days) if settings.changes_days else None,
            version=__version__,
            tracer=tracer,
        )


def _give_back(server: ScratchRedis, url: str) -> None:
    with suppress(redis.RedisError):  # at the end of the process the server may be gone already
        server.give_back(url)


def require_device(settings: Settings) -> None:
    """For processes that embed, before they begin. Raises DeviceAbsent; imports torch only where a device is asked for."""
    if settings.model != HASHING_MODEL and settings.device not in ("auto", "cpu"):
        from clusterer.adapters.torch_device import torch_device

        torch_device(settings.device)


def _new_index(dimension: int) -> VectorIndex:
    from clusterer.adapters.index import FaissIndex

    return FaissIndex(dimension)


def _new_window(dimension: int, weights: Weights) -> Window:
    from clusterer.adapters.window_index import WindowIndex
    from clusterer.core.clustering.window import Window

    return Window(WindowIndex(dimension), weights)


def _new_snapshot_index(dimension: int) -> SnapshotIndex:
    from clusterer.adapters.snapshot_index import FaissSnapshotIndex

    return FaissSnapshotIndex(dimension)


def _once(build: Callable[[], T]) -> Callable[[], T]:
    return lru_cache(maxsize=1)(build)


def load_weights(path: Path | None, model: str) -> Weights:
    """The weights a file holds, or those shipped with the package for the embedding model. Raises SettingsError for a file without any."""
    from clusterer.core.scoring.scorer import Weights, shipped_weights

    if path is None:
        return shipped_weights(model)
    try:
        return Weights.from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{env_name('weights_path')}: no weights in {path} ({error})") from None


def load_tokens(path: Path | None) -> Tokens | None:
    """The tokens that a file holds; None without a file. Raises SettingsError."""
    if path is None:
        return None
    from clusterer.pipeline.access import Tokens

    try:
        return Tokens.from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{env_name('tokens_path')}: no tokens in {path} ({error})") from None


def connect_as_before(settings: Settings, tracer: Tracer = NO_TRACING) -> Clusterer:
    """As `Clusterer.connect`, for the data that were last used from here: raises StoreRefused for a Redis that was emptied since."""
    return Clusterer.connect(settings, mark=store_mark(settings), tracer=tracer)


def require_tracing() -> bool:
    """Whether this process traces. Raises ExtraNotInstalled, SettingsError where it should and cannot; imports nothing."""
    configured = tracing_is_configured()
    if configured:
        require("tracing", "Tracing, which OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT asks for,")
    return configured


def _tracer(role: str) -> Tracer:
    if not require_tracing():
        return NO_TRACING
    from clusterer.adapters.tracing import send_spans

    try:
        tracer = send_spans(f"clusterer-{role}")
    except ValueError as error:
        raise SettingsError(f"a variable of OpenTelemetry (OTEL_...) has an invalid value: {error}") from None
    atexit.register(tracer.close)
    return tracer


def connect_patiently(settings: Settings, role: str = "") -> Clusterer:
    """As `connect_as_before`, for processes that serve: while the store is away or cannot write, they wait for it.

    role: by which its spans are told from those of other processes. Raises StoreRefused, SchemaMismatch, SettingsError,
    ExtraNotInstalled: what waiting does not change.
    """
    tracer = _tracer(role)
    waiting = False
    while True:
        try:
            return connect_as_before(settings, tracer)
        except StoreRefused:
            raise
        except StoreUnavailable as error:
            if not waiting:
                log.warning("waiting_for_store", error=str(error))
            waiting = True
            sleep(_WAIT_S)


def store_pulse(settings: Settings) -> Callable[[], None]:
    """A check that ends soon: raises StoreUnavailable while Redis takes no writes, or has lost its data, and SchemaMismatch."""
    client = connect_redis(redis_url(settings), _PULSE_TIMEOUT_S, retries=0)
    store = RedisStore(client, may_lose=settings.allow_lossy_redis, mark=store_mark(settings))

    def feel() -> None:
        store.ping()
        store.check_schema()

    return feel


def write_backup(settings: Settings, folder: Path) -> Manifest:
    """Back up everything that is in Redis. Raises BackupError, StoreUnavailable."""
    from clusterer.adapters.backup import back_up

    client = connect_redis(redis_url(settings))
    # Of a Redis that was emptied there is nothing to back up, and saving it must not begin it anew.
    RedisStore(client, may_lose=settings.allow_lossy_redis, mark=store_mark(settings)).check_schema()
    manifest = back_up(client, folder, SystemClock().now())
    if not settings.redis_url:  # nobody else wants what the private server saved
        (settings.data_dir / "redis" / "dump.rdb").unlink(missing_ok=True)
    return manifest


def restore_backup(settings: Settings, folder: Path, check: Callable[[Store], None], force: bool) -> Manifest:
    """Make a backup the data folder's data; `check` sees them first. Raises BackupError, StoreUnavailable, SettingsError."""
    if settings.redis_url:
        raise SettingsError(
            f"a backup is restored into the data folder, but {env_name('redis_url')} names another Redis: "
            "unset it, or stop that Redis and give it the backup's store.rdb as its dump file"
        )
    from clusterer.adapters.backup import restore
    from clusterer.adapters.embedded_redis import EmbeddedRedis

    manifest = restore(folder, settings.data_dir, check, force, SystemClock().now())
    StoreMark(settings.data_dir, EmbeddedRedis(settings.data_dir).url).forget()
    return manifest

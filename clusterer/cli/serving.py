"""`clusterer serve`: the API alone. `clusterer up`: everything on one machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.request import urlopen

import structlog
import typer

from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import connect_patiently, load_tokens, require_device, require_tracing, store_pulse
from clusterer.cli.output import err, printable
from clusterer.cli.session import warn_of_unknown_variables
from clusterer.cli.supervise import Child, Supervisor
from clusterer.connections import only_one, private_redis
from clusterer.core.errors import ClustererError, StoreRefused, StoreUnavailable
from clusterer.environment import read_settings
from clusterer.extras import require
from clusterer.logging import configure_logging
from clusterer.pipeline.access import Tokens, is_loopback
from clusterer.policies import admission_policy
from clusterer.settings import Settings, SettingsError, env_name

log = structlog.get_logger(__name__)

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the API; 0 takes a free one.")]

_ANSWER_TIMEOUT_S = 0.5
_STREAMS_END_S = 5  # event streams would keep a server that was told to stop from stopping


class PortTaken(ClustererError):
    """Somebody listens there already."""


class RunsAlready(ClustererError):
    """Two of it would do each other's work, with the memory of two."""


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("serve")(serve_command)
    app.command("up")(up_command)


def serve_command(port: Port = None) -> None:
    """Run the HTTP API alone; workers run elsewhere."""
    import uvicorn

    from clusterer.api.app import create_app
    from clusterer.api.slow_clients import ClientsInTime
    from clusterer.web.site import warm

    settings = _with_port(read_settings(), port)
    configure_logging(settings)
    warn_of_unknown_variables()
    tokens = _checked_tokens(settings)
    if tokens is None:
        log.warning(
            "no_tokens",
            meaning="there are no tokens: anybody on this machine may read, write and erase",
            set=env_name("tokens_path"),
        )
    service = connect_patiently(settings, "api")
    app = create_app(service, api_limits(settings), tokens, settings.allowed_origins, settings.path_prefix)
    threading.Thread(target=warm, args=(service,), daemon=True).start()
    with _listening(settings) as listener:
        _tell(settings, f"API on {_url(settings.api_host, listener.getsockname()[1])}")
        # uvicorn ends in order and then raises the signal again; ending by it would leave a private Redis behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        config = uvicorn.Config(
            app, http=ClientsInTime, log_config=None, access_log=False, timeout_graceful_shutdown=_STREAMS_END_S
        )
        uvicorn.Server(config).run(sockets=[listener])


def up_command(
    port: Port = None,
    articles_workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that embed.")] = 1,
) -> None:
    """Run everything: Redis if none is configured, workers, schedule and API. Ctrl-C stops it; all data is kept."""
    settings = _with_port(read_settings(), port)
    configure_logging(settings)
    warn_of_unknown_variables()
    require("worker", "A worker")
    require_device(settings)
    require_tracing()
    _checked_tokens(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _refuse_a_second(settings)
    with _listening(
        settings
    ) as listener:  # better to find the port taken now than in a child that dies again and again
        port = int(listener.getsockname()[1])
    environment, check_store = store_for_children(settings)
    _refuse_what_stays(check_store)
    url = _url(settings.api_host, port)
    announce = _Announcement(settings, url)

    def check() -> None:
        check_store()
        announce.when_ready()

    api = Child("api", [sys.executable, "-P", "-m", "clusterer.cli.main", "serve", "--port", str(port)], environment)
    children = [*worker_children(settings, articles_workers, environment), api]
    _tell(settings, f"starting {len(children)} processes; data in {settings.data_dir.resolve()}; Ctrl-C stops them")
    Supervisor(children, check=check).run()
    _tell(settings, "stopped; all data is kept")


def _refuse_a_second(settings: Settings) -> None:
    """The lock ends with this process, however it ends."""
    if owner := only_one(settings.data_dir, "up", f"process {os.getpid()}"):
        raise RunsAlready(
            f"clusterer up runs already with the data in {settings.data_dir.resolve()} ({owner}); for more workers start that one with "
            f"--articles-workers, for other data set {env_name('data_dir')}"
        )


def store_for_children(settings: Settings) -> tuple[dict[str, str], Callable[[], None]]:
    """The variables that lead child processes to the store, and a check of it.

    The check brings a private Redis back when it died, and raises StoreUnavailable while the store takes no writes.
    """
    environment = {env_name("data_dir"): str(settings.data_dir.resolve())}
    if settings.redis_url:
        return environment, store_pulse(settings)
    server = private_redis(settings.data_dir, settings.appendfsync)
    feel = store_pulse(settings)

    def check() -> None:
        server.start()
        feel()

    return {**environment, env_name("redis_url"): server.url}, check


def _refuse_what_stays(check_store: Callable[[], None]) -> None:
    """Raises StoreRefused now rather than in a child that dies again and again; temporary failures are retried later."""
    try:
        check_store()
    except StoreRefused:
        raise
    except StoreUnavailable:
        return


def worker_children(settings: Settings, articles_workers: int, environment: Mapping[str, str]) -> list[Child]:
    """Workers of both roles, and the schedule."""
    threads = settings.encoder_threads or max(1, len(os.sched_getaffinity(0)) // articles_workers)
    children = [
        _worker(
            "articles",
            number,
            {**environment, **_metrics_of(settings, number), env_name("encoder_threads"): str(threads)},
        )
        for number in range(1, articles_workers + 1)
    ]
    children.append(_worker("clusters", 1, {**environment, **_metrics_of(settings, 0)}))
    children.append(Child("beat", [*_CELERY, "beat", "--pidfile="], environment))
    return children


def _metrics_of(settings: Settings, number: int) -> dict[str, str]:
    """Every worker of a machine needs a port of its own: the configured one is the clusters worker's, the next are the others'."""
    return {env_name("metrics_port"): str(settings.metrics_port + number)} if settings.metrics_port else {}


_CELERY = (
    sys.executable,
    "-P",
    "-m",
    "clusterer_workers",
    "--quiet",
)  # -P: nothing from the current folder is imported


def _worker(queue: str, number: int, environment: Mapping[str, str]) -> Child:
    name = f"{queue}{number}"
    options = ["-Q", queue, "-P", "solo", "-n", f"{name}@%h", "--without-gossip", "--without-mingle"]
    return Child(name, [*_CELERY, "worker", *options], {**environment, "CLUSTERER_ROLE": queue})


def api_limits(settings: Settings) -> ApiLimits:
    """What one request may ask for."""
    return ApiLimits(
        max_body_bytes=settings.max_body_bytes,
        max_text_chars=settings.max_text_chars,
        max_batch=settings.max_batch,
        requests_per_minute=settings.requests_per_minute,
        admission=admission_policy(settings),
    )


class _Announcement:
    """Says once that articles are taken, and that workers of both roles have loaded what they need."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._made = False

    def when_ready(self) -> None:
        if not self._made and self._is_ready():
            _tell(self._settings, f"ready: {self._url}  API {self._url}/docs  metrics {self._url}/metrics")
            self._made = True

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self._url}/readyz", timeout=_ANSWER_TIMEOUT_S) as answer:  # noqa: S310 (our own address)
                workers: dict[str, int] = json.load(answer)["workers"]
        except (OSError, ValueError, LookupError):
            return False
        return {"articles", "clusters"} <= workers.keys()


def _with_port(settings: Settings, port: int | None) -> Settings:
    return settings if port is None else settings.model_copy(update={"api_port": port})


def _checked_tokens(settings: Settings) -> Tokens | None:
    """The configured tokens. Raises SettingsError for an API that would be open to others than this machine's users."""
    tokens = load_tokens(settings.tokens_path)
    if tokens is None and not is_loopback(settings.api_host):
        raise SettingsError(
            f"{env_name('api_host')}={settings.api_host} would let in anybody who can connect to this machine: create a token with "
            f"`clusterer token add NAME --scope read --to tokens.json` and set {env_name('tokens_path')}=tokens.json"
        )
    return tokens


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.api_host else socket.AF_INET
    try:
        socket.getaddrinfo(settings.api_host, settings.api_port)  # create_server does not tell a name from a port
        listener = socket.create_server((settings.api_host, settings.api_port), family=family)
    except (socket.gaierror, UnicodeError):
        raise SettingsError(
            f"{env_name('api_host')}: {settings.api_host} is not a host name or address of this machine"
        ) from None
    except OSError as error:
        where = f"{settings.api_host}:{settings.api_port}"
        raise PortTaken(f"cannot listen on {where} ({error.strerror}): choose another with --port") from None
    # asyncio sets this only where the socket was made for TCP by number, which create_server does not do. Without it the kernel holds
    # the second part of an answer back until the first is acknowledged: 40 ms on a connection that is kept.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)


def _url(host: str, port: int) -> str:
    name = _reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _tell(settings: Settings, text: str) -> None:
    """For the person who started it; where logs are read by programs, a line of the log."""
    if settings.log_format == "json":
        log.info(text)
    else:
        err().print(printable(text))

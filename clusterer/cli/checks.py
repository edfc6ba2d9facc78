"""`clusterer status`: a screen that is read in ten seconds. `clusterer doctor`: what is wrong, and what to do."""

from __future__ import annotations

import os
import platform
import stat
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

import clusterer
from clusterer.bootstrap import Clusterer, connect_as_before
from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.cli.session import connect, settings_of_command
from clusterer.connections import connect_redis, disk_free_ratio, redis_url
from clusterer.core.errors import ClustererError
from clusterer.core.records import Parked
from clusterer.environment import unknown_variables
from clusterer.pipeline.collections import CollectionView, list_collections
from clusterer.pipeline.nightly.reports import Run, runs
from clusterer.pipeline.upkeep.diagnosis import LITTLE_DISK_RATIO, Facts, Finding, diagnose
from clusterer.settings import Settings

_ASKED = ("appendonly", "appendfsync", "maxmemory-policy")
_STYLES = {"ok": "green", "warning": "yellow", "failed": "red"}


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.command("status")(status_command)
    app.command("doctor")(doctor_command)


def status_command(as_json: Json = False) -> None:
    """Show articles, queues, workers and the result of the last nightly run."""
    service = connect()
    views = list_collections(service)
    workers = Counter(service.store.workers().values())
    nights = {view.name: next(iter(runs(service.collection(view.name).books, 1)), None) for view in views}
    if as_json:
        rows = [asdict(view) | {"last_night": nights[view.name]} for view in views]
        print_json({"version": clusterer.__version__, "workers": workers, "collections": rows})
        return
    working = ", ".join(f"{count} {role}" for role, count in sorted(workers.items())) or "none"
    say(f"clusterer {clusterer.__version__}   workers: {working}")
    rows = [
        {
            "collection": view.name,
            "assigned": view.articles.assigned,
            "waiting": view.articles.pending,
            "oldest": _duration(max(view.queues.inbox_age_s, view.queues.ready_age_s)),
            "parked": _parked(view.parked),
            "dead": view.articles.dead,
            "rejected": view.queues.rejected_length,
            "last nightly run": _told(night, service.collection(view.name).books.position().generation)
            if (night := nights[view.name])
            else "never",
        }
        for view in views
    ]
    columns = list(rows[0])
    print_table("", columns, [list(row.values()) for row in rows], right=columns[1:7])
    free = service.disk_free_ratio()
    is_short = free is not None and free < LITTLE_DISK_RATIO
    if is_short:
        say(f"{free:.0%} of the data folder's disk is free", "yellow")
    if is_short or any(_stuck(view) for view in views) or not {"articles", "clusters"} <= workers.keys():
        say("clusterer doctor says what to do", "yellow")


def doctor_command(as_json: Json = False) -> None:
    """Check versions, Redis, clock, model, workers, queues, disk and files. Exits 1 if a check failed; warnings exit 0."""
    settings = settings_of_command()
    findings = diagnose(_gather(settings))
    if as_json:
        print_json({"version": clusterer.__version__, "python": platform.python_version(), "findings": findings})
    else:
        place = "a Redis of your own" if settings.redis_url else settings.data_dir.resolve()
        say(f"clusterer {clusterer.__version__}, Python {platform.python_version()}; data in {place}")
        for finding in findings:
            _print(finding)
    if any(finding.severity == "failed" for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    line = f"{finding.severity:8}{finding.what}: {finding.found}"
    say(f"{line.removesuffix('.')}; {finding.advice}" if finding.advice else line, _STYLES[finding.severity])


def _stuck(view: CollectionView) -> bool:
    waits = max(view.queues.inbox_age_s, view.queues.ready_age_s, view.parked.age_s)
    return bool(view.articles.dead) or waits > 60


def _parked(parked: Parked) -> str:
    """Those that wait for the article that they are a copy of, with how long the first has."""
    return f"{parked.length}, {_duration(parked.age_s)}" if parked.age_s else str(parked.length)


def _told(night: Run, published: int) -> str:
    undone = ", rolled back" if night.outcome == "published" and night.generation > published else ""
    return f"{night.finished_at:%Y-%m-%dT%H:%MZ} {night.outcome}{undone}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _gather(settings: Settings) -> Facts:
    """Everything that can be asked; what cannot be is None or empty."""
    store: dict[str, Any] = {
        "store_error": None,
        "model": None,
        "models": {},
        "queues": {},
        "parked": {},
        "workers": [],
    }
    asked: dict[str, Any] = {"redis_settings": None, "clock_ahead_s": None}
    try:
        service = connect_as_before(settings)
        service.store.ping()
        store |= _of_service(service)
        asked = _of_redis(settings)
    except ClustererError as error:
        store["store_error"] = str(error)
    return Facts(
        **store,
        model_name=settings.model,
        **asked,
        data_mode=None if settings.redis_url else _mode(settings.data_dir),
        tokens_mode=_mode(settings.tokens_path) if settings.tokens_path else None,
        disk_free_ratio=disk_free_ratio(settings),
        unknown_variables=unknown_variables(os.environ),
    )


def _of_service(service: Clusterer) -> dict[str, Any]:
    views = list_collections(service)
    return {
        "model": service.encoder.fingerprint,
        "models": {view.name: service.collection(view.name).books.model() for view in views},
        "queues": {view.name: view.queues for view in views},
        "parked": {view.name: view.parked for view in views},
        "workers": sorted(service.store.workers().values()),
    }


def _of_redis(settings: Settings) -> dict[str, Any]:
    from redis import RedisError  # not before clusterer.adapters, which says how redis-py is loaded

    client = connect_redis(redis_url(settings))
    asked: dict[str, Any] = {"redis_settings": None, "clock_ahead_s": None}
    with suppress(RedisError):
        seconds, microseconds = client.time()
        asked["clock_ahead_s"] = seconds + microseconds / 1e6 - time.time()
        found: dict[Any, Any] = {name: value for one in _ASKED for name, value in client.config_get(one).items()}
        asked["redis_settings"] = {_text(name): _text(value) for name, value in found.items()}
    return asked


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _mode(path: Path) -> int | None:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else None

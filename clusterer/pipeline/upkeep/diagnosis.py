"""What is wrong with an installation, and what to do about it: rules over facts that somebody else has gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clusterer.core.records import Parked, QueueFacts

Severity = Literal["ok", "warning", "failed"]

_WAITS_LONG_S = 300.0
_CLOCKS_DIFFER_S = 60.0
LITTLE_DISK_RATIO = 0.1
_NO_DISK_RATIO = 0.01
_LITTLE_MEMORY_RATIO = 0.2
_ROLES = ("articles", "clusters")
_PARKED_ADVICE = (
    "a sweep frees what nothing holds back, every minute while a worker and the schedule run; if they stay, the log of the clusters "
    "worker says why their originals are not assigned, and clusterer audit --repair queues them again"
)
_ANY = 0o077
_OTHERS_WRITE = 0o022


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found. None: it could not be asked, or does not apply.

    store_error: why the store cannot be used. redis_settings: of CONFIG GET. clock_ahead_s: of Redis' clock over ours.
    model_name: as configured; model: its fingerprint; models: collection -> fingerprint of its vectors. data_mode, tokens_mode:
    permission bits. disk_free_ratio: of the data folder's file system.
    """

    store_error: str | None
    redis_settings: Mapping[str, str] | None
    clock_ahead_s: float | None
    model_name: str
    model: str | None
    models: Mapping[str, str | None]
    queues: Mapping[str, QueueFacts]
    parked: Mapping[str, Parked]
    workers: Sequence[str]
    data_mode: int | None
    tokens_mode: int | None
    disk_free_ratio: float | None
    unknown_variables: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not ok."""

    what: str
    severity: Severity
    found: str
    advice: str = ""


def diagnose(facts: Facts) -> list[Finding]:
    """Everything that was looked at, in a fixed order."""
    return [*_store(facts), *_redis(facts), *_model(facts), *_queues(facts), *_machine(facts)]


def _store(facts: Facts) -> Iterator[Finding]:
    if facts.store_error is not None:
        full = facts.disk_free_ratio is not None and facts.disk_free_ratio < _NO_DISK_RATIO
        advice = "free some space on the disk" if full else "start Redis, or correct CLUSTERER_REDIS_URL"
        yield Finding("store", "failed", facts.store_error, advice)
        return
    yield Finding("store", "ok", "answers and accepts writes")
    if facts.clock_ahead_s is not None:
        far = abs(facts.clock_ahead_s) > _CLOCKS_DIFFER_S
        found = f"Redis' clock differs by {abs(facts.clock_ahead_s):.1f} s"
        yield Finding("clock", "warning" if far else "ok", found, "synchronise both with NTP" if far else "")


def _redis(facts: Facts) -> Iterator[Finding]:
    settings = facts.redis_settings
    if settings is None:
        if facts.store_error is None:
            yield Finding(
                "Redis",
                "warning",
                "its settings cannot be read by this user",
                "check them yourself: see docs/operations.md",
            )
        return
    for name, needed, loss in (
        ("appendonly", ("yes",), "a restart of Redis loses everything"),
        ("maxmemory-policy", ("noeviction",), "Redis evicts data when its memory is full"),
        ("appendfsync", ("always", "everysec"), "a power failure loses more than a second"),
    ):
        value = settings.get(name, "")
        right = value in needed
        yield Finding(name, "ok" if right else "failed", value, "" if right else f"set it to {needed[0]}: {loss}")


def _model(facts: Facts) -> Iterator[Finding]:
    if facts.store_error is not None:  # nothing else was asked
        return
    if facts.model is None:
        yield Finding("model", "failed", "is not installed on this machine", "install it, or correct CLUSTERER_MODEL")
        return
    others = [name for name, stored in facts.models.items() if stored not in (None, facts.model)]
    for name in others:
        advice = "set CLUSTERER_MODEL back, or run clusterer reembed"
        yield Finding("model", "failed", f"{name} has vectors of another model", advice)
    if not others:
        yield Finding("model", "ok", f"{facts.model_name}, fingerprint {facts.model}")


def _queues(facts: Facts) -> Iterator[Finding]:
    if facts.store_error is not None:
        return
    missing = [role for role in _ROLES if role not in facts.workers]
    found = ", ".join(f"{facts.workers.count(role)} {role}" for role in _ROLES)
    yield Finding(
        "workers",
        "warning" if missing else "ok",
        found,
        "if clusterer up is running, wait a few seconds: it restarts them; otherwise start it, or the workers"
        if missing
        else "",
    )
    for name, queues in facts.queues.items():
        oldest_s = max(queues.inbox_age_s, queues.ready_age_s)
        waiting = queues.inbox_length + queues.ready_length
        late = oldest_s > _WAITS_LONG_S
        text = f"{name}: {waiting} waiting, the oldest for {oldest_s:.0f} s"
        yield Finding(
            "queues",
            "warning" if late else "ok",
            text,
            "start more articles workers, or read their log" if late else "",
        )
        parked = facts.parked.get(name, Parked())
        if parked.age_s > max(_WAITS_LONG_S, oldest_s):  # else the originals wait as long as everything
            minutes = f"the first for {parked.age_s / 60:.0f} min"
            text = f"{name}: {parked.length} wait for the article that they are a copy of, {minutes}"
            yield Finding("parked articles", "warning", text, _PARKED_ADVICE)
        if queues.dead_length:
            advice = "clusterer dead list says why; clusterer dead replay tries again"
            yield Finding("dead articles", "warning", f"{name}: {queues.dead_length}", advice)
    fullest = max((queues.memory_ratio for queues in facts.queues.values()), default=0.0)
    full = fullest > 1 - _LITTLE_MEMORY_RATIO
    advice = "raise maxmemory, or lower CLUSTERER_RETENTION_DAYS" if full else ""
    yield Finding("Redis' memory", "warning" if full else "ok", f"{fullest:.0%} in use", advice)


def _machine(facts: Facts) -> Iterator[Finding]:
    if facts.disk_free_ratio is not None:
        little = facts.disk_free_ratio < LITTLE_DISK_RATIO
        severity: Severity = "failed" if facts.disk_free_ratio < _NO_DISK_RATIO else "warning" if little else "ok"
        text = f"{facts.disk_free_ratio:.0%} of the data folder's file system is free"
        yield Finding(
            "disk",
            severity,
            text,
            "free some space: Redis cannot write to a full disk" if little else "",
        )
    if facts.data_mode is not None:
        wide = bool(facts.data_mode & _ANY)
        yield Finding(
            "data folder", "warning" if wide else "ok", f"mode {facts.data_mode:04o}", "chmod 700" if wide else ""
        )
    if facts.tokens_mode is not None:
        wide = bool(facts.tokens_mode & _OTHERS_WRITE)
        advice = "chmod go-w: whoever can write it can create tokens" if wide else ""
        yield Finding("tokens' file", "failed" if wide else "ok", f"mode {facts.tokens_mode:04o}", advice)
    for name, meant in facts.unknown_variables.items():
        yield Finding(
            "settings", "warning", f"{name} is not a known setting", f"did you mean {meant}?" if meant else "remove it"
        )

"""The doctor's rules: what is right is ok, each fault is named, and what to do is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clusterer.connections import disk_free_ratio
from clusterer.core.records import Parked, QueueFacts
from clusterer.pipeline.upkeep.diagnosis import Facts, diagnose
from clusterer.settings import Settings

HEALTHY = Facts(
    store_error=None,
    redis_settings={"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"},
    clock_ahead_s=-0.2,
    model_name="small",
    model="m1",
    models={"default": "m1", "empty": None},
    queues={"default": QueueFacts(inbox_length=3, inbox_age_s=2.0)},
    parked={"default": Parked(2, 40.0)},
    workers=["articles", "articles", "clusters"],
    data_mode=0o700,
    tokens_mode=0o640,
    disk_free_ratio=0.5,
    unknown_variables={},
)
FAULTS = {
    "store": ({"store_error": "Redis does not answer", "redis_settings": None}, "failed"),
    "clock": ({"clock_ahead_s": -3600.0}, "warning"),
    "appendonly": ({"redis_settings": HEALTHY.redis_settings | {"appendonly": "no"}}, "failed"),
    "maxmemory-policy": ({"redis_settings": HEALTHY.redis_settings | {"maxmemory-policy": "allkeys-lru"}}, "failed"),
    "appendfsync": ({"redis_settings": HEALTHY.redis_settings | {"appendfsync": "no"}}, "failed"),
    "Redis": ({"redis_settings": None}, "warning"),
    "model": ({"models": {"default": "m2"}}, "failed"),
    "workers": ({"workers": ["articles"]}, "warning"),
    "queues": ({"queues": {"default": QueueFacts(ready_length=1, ready_age_s=900.0)}}, "warning"),
    "parked articles": ({"parked": {"default": Parked(2, 900.0)}}, "warning"),
    "dead articles": ({"queues": {"default": QueueFacts(dead_length=2)}}, "warning"),
    "Redis' memory": ({"queues": {"default": QueueFacts(memory_ratio=0.84)}}, "warning"),
    "disk": ({"disk_free_ratio": 0.04}, "warning"),
    "data folder": ({"data_mode": 0o755}, "warning"),
    "tokens' file": ({"tokens_mode": 0o666}, "failed"),
    "settings": ({"unknown_variables": {"CLUSTERER_RETENTON_DAYS": "CLUSTERER_RETENTION_DAYS"}}, "warning"),
}


def test_a_healthy_installation_has_nothing_to_mend() -> None:
    findings = diagnose(HEALTHY)
    assert {finding.severity for finding in findings} == {"ok"}
    assert len(findings) >= 9
    assert [finding.found for finding in findings if finding.what == "model"] == ["small, fingerprint m1"]


def test_copies_that_wait_no_longer_than_everything_are_not_stuck() -> None:
    behind = {"default": QueueFacts(ready_length=1, ready_age_s=900.0)}
    found = diagnose(replace(HEALTHY, queues=behind, parked={"default": Parked(2, 900.0)}))
    assert [one.what for one in found if one.severity != "ok"] == ["queues"]


def test_a_full_disk_is_the_cause_of_a_store_that_cannot_start() -> None:
    found = diagnose(
        replace(
            HEALTHY, store_error="cannot be written", redis_settings=None, model=None, models={}, disk_free_ratio=0.0
        )
    )
    wrong = {one.what: one for one in found if one.severity != "ok"}
    assert set(wrong) == {"store", "disk"}  # nothing that could not be asked: the model may be all right
    assert wrong["disk"].severity == "failed"
    assert "space" in wrong["store"].advice
    assert "Redis" in diagnose(replace(HEALTHY, store_error="no answer", redis_settings=None))[0].advice


@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_is_named_alone_with_what_to_do(what: str) -> None:
    change, severity = FAULTS[what]
    wrong = [finding for finding in diagnose(replace(HEALTHY, **change)) if finding.severity != "ok"]
    assert [(finding.what, finding.severity) for finding in wrong] == [(what, severity)]
    assert wrong[0].advice


def test_the_disk_that_is_looked_at_is_that_of_the_private_redis(tmp_path: Path) -> None:
    def free(**given: object) -> float | None:
        return disk_free_ratio(Settings(data_dir=tmp_path, **given))  # type: ignore[arg-type]

    assert 0 <= (free() or 0.0) <= 1
    assert free(redis_url=f"unix://{tmp_path}/redis/redis.sock") == pytest.approx(free(), abs=0.05)
    assert free(redis_url="unix:///run/redis.sock") is None
    assert free(redis_url="redis://localhost") is None
    assert disk_free_ratio(Settings(data_dir=tmp_path / "later")) is None

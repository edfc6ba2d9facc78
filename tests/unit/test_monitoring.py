"""Dashboard and alerts, checked as data: each metric that they name exists, with the labels that they use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import redis
import yaml

from clusterer.adapters.redis_store import RedisStore
from clusterer.core.records import ArticleState
from clusterer.pipeline.metrics import build_metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
ALERTS = [rule for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "grafana" / "clusterer.json").read_text())
QUERIES = [rule["expr"] for rule in ALERTS] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]
ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "info": ("_info",), "gauge": ("",)}


@pytest.fixture
def shown(redis_client: redis.Redis) -> set[str]:
    """The names of all series that the API can show."""
    metrics = build_metrics()
    metrics.expose(RedisStore(redis_client), "1", "model")
    families = list(metrics.registry.collect())
    return {family.name + ending for family in families for ending in ENDINGS[family.type]}


def test_every_metric_that_is_looked_at_exists(shown: set[str]) -> None:
    named = {name for query in QUERIES for name in re.findall(r"\b(?:clusterer|process)_[a-z_]+", query)}
    assert len(named) > 10
    assert named - shown == set()


def test_a_role_without_a_worker_is_a_series_of_zeros_for_the_alert_to_see(redis_client: redis.Redis) -> None:
    metrics = build_metrics()
    store = RedisStore(redis_client)
    metrics.expose(store, "1", "model")
    store.heartbeat("a@host", "articles", 60)
    named = "clusterer_workers"
    assert [metrics.registry.get_sample_value(named, {"role": role}) for role in ("articles", "clusters")] == [1, 0]
    alert = next(rule["expr"] for rule in ALERTS if named in rule["expr"])
    assert alert == named + '{role=~"articles|clusters"} == 0'


def test_alerts_say_what_is_wrong_and_how_bad_it_is() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(set(names)) == len(names)
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith(".")


def test_queries_are_balanced_and_panels_have_units() -> None:
    for query in QUERIES:
        assert all(query.count(left) == query.count(right) for left, right in ("()", "[]", "{}")), query
    assert all(panel["fieldConfig"]["defaults"]["unit"] for panel in DASHBOARD["panels"])


def test_states_and_roles_in_selectors_exist() -> None:
    selected = dict.fromkeys(re.findall(r'state="([a-z]+)"', " ".join(QUERIES)))
    assert selected.keys() <= set(ArticleState.__args__)

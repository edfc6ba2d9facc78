"""docs/api.md names every path, parameter of lists, field of a cluster, error code and metric that there is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from clusterer.api.app import create_app
from clusterer.api.problems import KINDS
from clusterer.api.resources import ClusterResource
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.metrics import build_metrics
from clusterer.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


@pytest.fixture(scope="module")
def document(service: Clusterer) -> dict:
    return create_app(service).openapi()


def test_every_path_is_described(document: dict) -> None:
    missing = [path for path in document["paths"] if f" {path}`" not in TEXT and f" {path}?" not in TEXT]
    assert missing == []


def test_every_filter_is_described(document: dict) -> None:
    names = {item["name"] for item in document["paths"]["/v1/clusters"]["get"]["parameters"]}
    assert {name for name in names if name not in TEXT} == set()


def test_every_field_of_a_cluster_is_described() -> None:
    assert {field.name for field in fields(ClusterResource) if f"`{field.name}`" not in TEXT} == set()


def test_every_error_code_is_described() -> None:
    for code, (status, _) in KINDS.items():
        assert f"| `{code}` | {status} |" in TEXT


def test_every_metric_is_described(service: Clusterer) -> None:
    metrics = build_metrics()
    metrics.expose(service.store, "1", "model")
    names = {family.name for family in metrics.registry.collect()}
    missing = [name for name in names if name not in TEXT]
    assert missing == []
    assert len(names) >= 10


def test_every_operation_says_what_can_go_wrong(document: dict) -> None:
    for path, operations in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for method, operation in operations.items():
            assert "422" in operation["responses"], (method, path)
            assert "503" in operation["responses"], (method, path)
            assert operation["summary"]


def test_messages_to_receivers_are_in_no_group_of_operations(document: dict) -> None:
    """OpenAPI Generator writes a file a tag, and of messages one over that of operations."""
    of_paths, of_messages = (
        {
            tag
            for operations in document[part].values()
            for operation in operations.values()
            for tag in operation["tags"]
        }
        for part in ("paths", "webhooks")
    )
    assert not of_paths & of_messages
    assert of_paths | of_messages == {tag["name"] for tag in document["tags"]}


def test_what_reclustering_answers_is_one_type_a_status(document: dict) -> None:
    answers = document["paths"]["/v1/admin/recluster"]["post"]["responses"]
    schemas = {status: answers[status]["content"]["application/json"]["schema"]["$ref"] for status in ("200", "202")}
    assert {status: name.rpartition("/")[2] for status, name in schemas.items()} == {"200": "Run", "202": "Ordered"}


def test_fields_of_bodies_that_may_be_left_out_have_no_default(document: dict) -> None:
    """openapi-typescript makes them required otherwise, so that an article could not be sent without all eight of its fields."""
    schemas = document["components"]["schemas"]
    bodies = {name: schema for name, schema in schemas.items() if name.endswith("In")}
    assert {"ArticleIn", "SearchIn", "WebhookIn"} <= bodies.keys()
    for name, schema in bodies.items():
        assert [field for field, kind in schema["properties"].items() if "default" in kind] == [], name
    assert schemas["SearchIn"]["properties"]["limit"]["description"].endswith("10 if left out.")

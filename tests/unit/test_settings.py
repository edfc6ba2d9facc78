"""Settings: what the environment can say, and how a mistake is reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from clusterer.environment import read_settings, settings_table, tracing_is_configured
from clusterer.settings import Settings, SettingsError, env_name


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("CLUSTERER_", "OTEL_")):
            monkeypatch.delenv(name)


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", "redis://:secret@127.0.0.1:6379/1")
    monkeypatch.setenv("CLUSTERER_DATA_DIR", "/data")
    monkeypatch.setenv("CLUSTERER_CLEANING", "false")
    monkeypatch.setenv("CLUSTERER_WINDOW_DAYS", "7")
    settings = read_settings()
    assert settings.redis_url == "redis://:secret@127.0.0.1:6379/1"
    assert settings.data_dir == Path("/data")
    assert not settings.cleaning
    assert settings.window_days == 7
    assert "secret" not in repr(settings)


def test_empty_variable_means_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_API_PORT", "")
    assert read_settings().api_port == 8000


def test_dotenv_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CLUSTERER_API_PORT=1234\n")
    monkeypatch.chdir(tmp_path)
    assert read_settings().api_port == 8000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLUSTERER_REDIS_URL", "http://user:hunter2@127.0.0.1"),
        ("CLUSTERER_API_PORT", "65536"),
        ("CLUSTERER_MIN_JACCARD", "1.5"),
        ("CLUSTERER_MIN_JACCARD", "nan"),
        ("CLUSTERER_LEASE_S", "inf"),
        ("CLUSTERER_BATCH_SIZE", "65"),
        ("CLUSTERER_RECLUSTER_AT", "24:00"),
        ("CLUSTERER_RECLUSTER_AT", "02:0\u0663"),  # a digit of another script
        ("CLUSTERER_APPENDFSYNC", "no"),
        ("CLUSTERER_LOG_LEVEL", "loud"),
        ("CLUSTERER_DEVICE", "gpu"),
        ("CLUSTERER_CLEANING", "perhaps"),
    ],
)
def test_bad_value_names_its_variable_and_hides_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("CLUSTERER_ALLOWED_ORIGINS", '["https://a.example"]', "separated by commas"),
        ("CLUSTERER_PATH_PREFIX", "news", "/news"),
        ("CLUSTERER_RECLUSTER_AT", "2 am", "off"),
    ],
)
def test_a_form_is_told_in_words(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as caught:
        read_settings()
    assert told in str(caught.value)
    assert "^" not in str(caught.value)


def test_all_bad_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_API_PORT", "x")
    monkeypatch.setenv("CLUSTERER_MAX_BATCH", "0")
    with pytest.raises(SettingsError, match=r"CLUSTERER_API_PORT.*CLUSTERER_MAX_BATCH"):
        read_settings()


def test_settings_are_frozen_and_take_no_unknown_name() -> None:
    with pytest.raises(ValidationError):
        Settings().api_port = 1  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Settings(no_such_setting=1)  # type: ignore[call-arg]


def test_every_number_is_bounded_and_every_setting_described() -> None:
    properties = Settings.model_json_schema()["properties"]
    for name, schema in properties.items():
        assert schema.get("description"), name
        if schema.get("type") in ("integer", "number"):
            assert {"minimum", "exclusiveMinimum"} & schema.keys(), name
            assert {"maximum", "exclusiveMaximum"} & schema.keys(), name


def test_table_has_a_row_for_each_setting() -> None:
    rows = settings_table().splitlines()
    assert len(rows) == len(Settings.model_fields) + 2
    for name in Settings.model_fields:
        assert any(row.startswith(f"| `{env_name(name)}` |") for row in rows)
    assert all(row.count(" | ") == 2 for row in rows)
    assert "| `CLUSTERER_CLEANING` | `true` |" in settings_table()


COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("variables", "on"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "news", "OTEL_TRACES_EXPORTER": "otlp"}, False),
        (COLLECTOR, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://127.0.0.1:4318/v1/metrics"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        (COLLECTOR | {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_TRACES_EXPORTER": "otlp"}, True),
        (COLLECTOR | {"OTEL_SDK_DISABLED": "True"}, False),
        (COLLECTOR | {"OTEL_SDK_DISABLED": "false"}, True),
        (COLLECTOR | {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, False),
    ],
)
def test_a_collector_of_traces_is_what_switches_tracing_on(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], on: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert tracing_is_configured() is on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
        ("OTEL_TRACES_EXPORTER", "zipkin"),
    ],
)
def test_a_way_to_send_traces_that_is_not_known_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for variable, given in (COLLECTOR | {name: value}).items():
        monkeypatch.setenv(variable, given)
    with pytest.raises(SettingsError, match=name):
        tracing_is_configured()

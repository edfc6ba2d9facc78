"""The environment of a process: what it sets, in words that name the variables, and what it sets by mistake."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from clusterer.settings import ENV_PREFIX, Settings, SettingsError, env_name

_SENT_BY = (
    ("OTEL_TRACES_EXPORTER", "traces are only sent by", "otlp"),
    ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "traces are only sent over", "http/protobuf"),
    ("OTEL_EXPORTER_OTLP_PROTOCOL", "traces are only sent over", "http/protobuf"),
)
# What a process reads itself because it belongs to that process and not to the service.
_PROCESS_VARIABLES = {f"{ENV_PREFIX}ROLE", f"{ENV_PREFIX}FAILPOINT"}
_FOR_TESTS = f"{ENV_PREFIX}TEST_"
_OF_KUBERNETES = re.compile(ENV_PREFIX + r"(SERVICE_(HOST|PORT\w*)|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)")


def read_settings() -> Settings:
    """Settings from the environment. Raises SettingsError naming each bad variable, but no values: some are secret."""
    try:
        return Settings()
    except ValidationError as error:
        found = error.errors(include_input=False)
        told = [_fault(str(one["loc"][0]), one["type"], one["msg"]) for one in found]
        raise SettingsError("; ".join(told)) from None


def _fault(name: str, kind: str, message: str) -> str:
    """A sentence for people, to whom a regular expression says nothing."""
    if kind == "string_pattern_mismatch":
        return f"{env_name(name)} has another form than it takes: {Settings.model_fields[name].description}"
    return f"{env_name(name)}: {message.removeprefix('Value error, ')}"


def tracing_is_configured() -> bool:
    """Whether OpenTelemetry's own variables name a collector of traces, and none of them switches traces off.

    Raises SettingsError for a way to send them that we do not know.
    """
    named = {name: value.strip() for name, value in os.environ.items() if name.startswith("OTEL_") and value.strip()}
    off = named.get("OTEL_SDK_DISABLED", "").lower() == "true" or named.get("OTEL_TRACES_EXPORTER", "otlp") == "none"
    if off or not named.keys() & {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"}:
        return False
    for name, meaning, known in _SENT_BY:
        if named.get(name, known) != known:
            raise SettingsError(f"{name}: {meaning} {known}; OTEL_TRACES_EXPORTER=none switches traces off")
    return True


def unknown_variables(names: Iterable[str]) -> dict[str, str | None]:
    """Variables with our prefix that set nothing, each with the setting that was perhaps meant.

    A Kubernetes service named like the program puts variables of its own there (CLUSTERER_PORT_8000_TCP); those are not meant for us.
    """
    known = {env_name(field) for field in Settings.model_fields}
    strange = (
        name
        for name in names
        if name.upper().startswith(ENV_PREFIX)
        and name.upper() not in known | _PROCESS_VARIABLES
        and not name.startswith(_FOR_TESTS)
        and not _OF_KUBERNETES.fullmatch(name)
    )
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, 1, 0.8)), None) for name in sorted(strange)}


def settings_table() -> str:
    """All settings as a Markdown table: variable, default, meaning."""
    lines = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `{env_name(name)}` | {_default_text(field)} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default_text(field: FieldInfo) -> str:
    default = field.default
    if default in (None, (), ""):
        return "unset"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"

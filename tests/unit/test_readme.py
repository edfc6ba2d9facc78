"""The table of settings is what the code says."""

from __future__ import annotations

from pathlib import Path

from clusterer.environment import settings_table

CONFIGURATION = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_configuration_table_is_the_one_the_code_prints() -> None:
    assert settings_table().strip() in CONFIGURATION.read_text(encoding="utf8")

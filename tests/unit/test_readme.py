"""The README's generated part is what the code says."""

from __future__ import annotations

from pathlib import Path

from clusterer.settings import settings_table

README = Path(__file__).parents[2] / "README.md"


def test_the_configuration_table_is_the_one_the_code_prints() -> None:
    assert settings_table().strip() in README.read_text(encoding="utf8")

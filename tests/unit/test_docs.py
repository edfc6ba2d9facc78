"""The documents name files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"`((?:clusterer|workers|tests|docs|benchmarks)/[\w./-]*)`")
DOCUMENTS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_named_exists(document: Path) -> None:
    missing = [path for path in PATH.findall(document.read_text(encoding="utf8")) if not (ROOT / path).exists()]
    assert missing == []


def test_the_architecture_says_where_to_change_what() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf8")
    for topic in ("dedup rule", "scorer", "encoder", "storage", "an endpoint", "a task"):
        assert topic in text
    assert len(PATH.findall(text)) > 20

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


def rows_of(heading: str) -> list[list[str]]:
    """Cells of the first table below a heading of the architecture."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf8").split(heading, 1)[1]
    table = text[text.index("\n|") + 1 :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table[2:]]


def test_the_architecture_says_where_to_change_what() -> None:
    """Each row leads to a place and to a test that guards it, and no part of the core is without a row."""
    rows = rows_of("## To change X, edit Y")
    assert all(PATH.findall(edit) and PATH.findall(guard) for _, edit, guard in rows)
    named = {path for _, edit, _ in rows for path in PATH.findall(edit)}
    subjects = {str(folder.relative_to(ROOT)) for folder in (ROOT / "clusterer" / "core").iterdir() if folder.is_dir()}
    assert not {subject for subject in subjects if "__" not in subject and not any(subject in path for path in named)}

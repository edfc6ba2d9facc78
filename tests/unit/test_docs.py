"""The documents name files that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


def test_every_page_is_in_the_site_and_no_link_is_broken(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs" / "more.md").write_text("# More\n")
    zensical = Path(sys.executable).with_name("zensical")
    build = [zensical, "build", "--strict", "--config-file", "mkdocs.yml"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "reliability" / "index.html").is_file()
    (tmp_path / "docs" / "more.md").write_text("# More\n\n[nowhere](absent.md)\n")
    assert subprocess.run(build, cwd=tmp_path, capture_output=True, timeout=300).returncode != 0
    named = set(re.findall(r"[\w-]+\.md", yaml.safe_dump(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])))
    assert named == {path.name for path in (ROOT / "docs").glob("*.md")}

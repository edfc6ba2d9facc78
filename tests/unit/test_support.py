"""The tests' own house: what several tests share lies in tests/support, and no test module is imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def imported(path: Path) -> set[str]:
    """First parts of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_shared_code_lies_in_support(path: Path) -> None:
    beside = {
        other.stem
        for folder in TESTS.iterdir()
        if folder.name not in ("support", "faults")
        for other in folder.glob("*.py")
    }
    assert imported(path) & (beside | {"conftest"}) == set()

"""What pytest is told about the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.up import Up, own_up


@pytest.fixture
def up() -> Iterator[Up]:
    """A data folder for `clusterer up`, which the test starts."""
    with own_up() as service:
        yield service


def pytest_itemcollected(item: pytest.Item) -> None:
    """Schemathesis gives the tests of all operations one id, and of each id pytest-xdist runs one test."""
    if getattr(item, "operation_label", None) is not None and item.parent is not None:
        item._id = item.parent.id.child(item.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Should another pytest keep ids elsewhere, that is heard of."""
    assert len({item.nodeid for item in items}) == len(items), "two tests have one id: pytest-xdist would leave one out"

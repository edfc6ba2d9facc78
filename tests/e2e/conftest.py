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

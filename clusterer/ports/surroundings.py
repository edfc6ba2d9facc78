"""Time, models, vectors, and the way to wake a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Clock(Protocol):
    """The time that orders articles. Leases use the store's own clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class Encoder(Protocol):
    """Texts to unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Names the model's weights and settings; vectors of two fingerprints never compare."""
        ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of unit length. Called by changing threads, one at a time for each batch."""
        ...


class VectorIndex(Protocol):
    """Inner-product search over unit vectors, owned by one thread."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Raises ValueError for NaN, a zero row, a wrong dimension or an id already present."""
        ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """(scores, ids), both shape (len(vectors), k), best first; id -1 and score -inf where there are fewer than k."""
        ...

    def remove(self, ids: NDArray[np.int64]) -> None:
        """Ids that are absent are ignored."""
        ...

    def __len__(self) -> int: ...


class Hints(Protocol):
    """Tells workers that there is work. Losing a hint costs seconds, never an article; so these never raise and never block."""

    def articles(self) -> None: ...

    def clusters(self) -> None: ...

    def night(self, collection: str, helpers: int) -> None:
        """Some articles workers may help in a collection's night."""
        ...

    def taken(self, queue: Literal["articles", "clusters"]) -> None:
        """A worker took a hint and is about to look for work: what arrives from now on needs a new hint."""
        ...

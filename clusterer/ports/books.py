"""The store: all that is kept of articles and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from clusterer.ports.accepting import Accepting
from clusterer.ports.assigning import Assigning
from clusterer.ports.correcting import Correcting
from clusterer.ports.erasing import Erasing
from clusterer.ports.helping import Helping
from clusterer.ports.preparing import Preparing
from clusterer.ports.publishing import Publishing
from clusterer.ports.reading import Reading
from clusterer.ports.reembedding import Reembedding
from clusterer.ports.repairing import Repairing
from clusterer.ports.storylines import Storylines
from clusterer.ports.webhooks import Webhooks


class CollectionStore(
    Accepting,
    Preparing,
    Assigning,
    Repairing,
    Reading,
    Erasing,
    Publishing,
    Helping,
    Reembedding,
    Correcting,
    Storylines,
    Webhooks,
    Protocol,
):
    """One collection's books: the truth about every accepted article and every cluster.

    Each method that writes is atomic and idempotent: killed before, after or during the call, called twice or late, the books
    balance. Methods taking sequences accept at most 64 items where not said otherwise, and return one result per item, in order.
    """

    @property
    def name(self) -> str: ...

    @property
    def life(self) -> str:
        """Which life of its name this is, see Store.life. Once it has ended, all that writes raises CollectionGone."""
        ...


class Store(Protocol):
    """All collections, and what belongs to none."""

    def check_server(self) -> None:
        """Raises StoreRefused for a server that this program does not work with, or that may lose what was accepted."""
        ...

    def check_schema(self) -> None:
        """Stamp an empty store with this program's schema version; raise SchemaMismatch on another's.

        Raises StoreRefused when the store was emptied since this object first looked.
        """
        ...

    def collection(self, name: str) -> CollectionStore:
        """The collection's books; creates nothing until the first write. Raises NotFound for a name that was not created."""
        ...

    def create_collection(self, name: str, settings: Mapping[str, str]) -> bool:
        """False when it exists."""
        ...

    def life(self, name: str) -> str:
        """A token that differs for each collection that has had this name.

        Raises NotFound, and SchemaMismatch once a later release has taken the data over.
        """
        ...

    def configure_collection(self, name: str, settings: Mapping[str, str]) -> None: ...

    def collection_settings(self, name: str) -> Mapping[str, str]: ...

    def collections(self) -> list[str]: ...

    def delete_collection(self, name: str) -> None:
        """Everything of it, in bounded slices; repeatable after a crash."""
        ...

    def remember(self, key: str, body_hash: str, answer: bytes, ttl_s: int) -> tuple[str, bytes]:
        """First writer wins: the (body_hash, answer) now stored under an idempotency key."""
        ...

    def recall(self, key: str) -> tuple[str, bytes] | None: ...

    def heartbeat(self, worker: str, role: str, ttl_s: float) -> None: ...

    def workers(self) -> Mapping[str, str]:
        """Living workers: name -> role."""
        ...

    def ask(self, question: bytes, wait_s: float) -> bytes | None:
        """What a worker answers to a question; None when nobody does in time."""
        ...

    def next_question(self, wait_s: float) -> tuple[str, bytes] | None:
        """The name of the question that has waited longest, and the question, which nobody else gets then."""
        ...

    def answer(self, name: str, answer: bytes) -> None: ...

    def add_totals(self, counts: Mapping[str, float], levels: Mapping[str, float]) -> None:
        """Add to the totals of all processes by name; a level replaces what was there. May be added twice if a connection breaks."""
        ...

    def totals(self) -> Mapping[str, float]:
        """What was added, by name."""
        ...

    def ping(self) -> None:
        """Raises StoreUnavailable when the store cannot take a write."""
        ...

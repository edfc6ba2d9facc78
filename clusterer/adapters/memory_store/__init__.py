"""The stores' contract in one process' memory: for the library, for evaluation and for tests. Nothing survives the process."""

from __future__ import annotations

from clusterer.adapters.memory_store.store import MemoryStore

__all__ = ["MemoryStore"]

"""Vectors kept between evaluation runs, when asked for: encoding is most of a run's time and never differs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from clusterer.ports import Encoder


class CachedEncoder:
    """An encoder that looks into a file first, one for each model fingerprint; texts are known by their 128-bit hash."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        # A batch is embedded by a thread of its own; SQLite lets any thread ask whose turn it is.
        self._file = sqlite3.connect(folder / f"{encoder.fingerprint}.sqlite", check_same_thread=False)
        self._file.execute("CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    @property
    def fingerprint(self) -> str:
        """The model's own."""
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        """The model's own."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension); only texts never seen before are encoded."""
        keys = [xxhash.xxh3_128_digest(text.encode("utf-8", "surrogatepass")) for text in texts]
        known = {key: vector for key in set(keys) if (vector := self._find(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self._encoder.encode(list(missing.values()))
            known.update(zip(missing, fresh, strict=True))
            rows = [(key, vector.tobytes()) for key, vector in zip(missing, fresh, strict=True)]
            with self._file:
                self._file.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, self.dimension), np.float32)

    def _find(self, key: bytes) -> NDArray[np.float32] | None:
        row = self._file.execute("SELECT vector FROM vectors WHERE text = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], np.float32)

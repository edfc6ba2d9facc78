"""Which data a Redis held when this machine last used it, noted where Redis cannot lose it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from clusterer.adapters.addresses import place_of


class StoreMark:
    """A small file in the data folder for each Redis, with the token of its data (`clu:life`).

    Where the folder cannot be written, nothing is noted: then an emptied Redis is noticed only by processes that run meanwhile.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.path = folder / f"store-{hashlib.sha256(place_of(url).encode()).hexdigest()[:12]}"

    def read(self) -> bytes | None:
        """The token of the data as last seen; None where none were."""
        try:
            return self.path.read_bytes().strip() or None
        except OSError:
            return None

    def write(self, life: bytes) -> None:
        """Note the token of the data that are there."""
        if self.read() == life:
            return
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(life + b"\n")
            draft.replace(self.path)

    def forget(self) -> None:
        """Take whatever comes next."""
        self.path.unlink(missing_ok=True)

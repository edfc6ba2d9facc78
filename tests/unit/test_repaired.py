"""Texts whose bytes a sender read in a wrong encoding."""

from itertools import product

import pytest
from ftfy.badness import is_bad

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.decoding import TYPOGRAPHY, repaired
from clusterer.core.model import Article

_TEXTS = {
    "en": "The harbour’s ferry “Aurelia” ran aground – nobody was hurt, the coast guard’s office said on Tuesday.",
    "es": "Señor Muñoz dijo que el buque encalló el miércoles por la mañana, según la capitanía de A Coruña.",
    "fr": "L’été à Noël : le bac s’est échoué près de l’île, a déclaré la préfecture après l’opération.",
    "de": "Die Fähre lief auf Grund, größere Schäden gab es nicht – so die Küstenwache über das Unglück.",
    "ru": "Паром сел на мель, никто не пострадал, сообщила во вторник береговая охрана.",
    "zh": "渡轮星期二清晨在沙洲搁浅，船上共有八十四人，海岸警卫队表示没有人受伤。",
}


@pytest.mark.parametrize("lang", _TEXTS)
@pytest.mark.parametrize("encoding", ["latin-1", "sloppy-windows-1252"])
def test_a_text_read_in_a_wrong_encoding_is_put_right(lang: str, encoding: str) -> None:
    import ftfy.bad_codecs  # noqa: F401 - names what browsers do with bytes that Windows-1252 leaves out

    sent = _TEXTS[lang].encode().decode(encoding)
    document = clean(Article(id="a", title=sent[:40], text=f"{sent}\n\n{sent}"))
    assert repaired(sent) == _TEXTS[lang]
    assert _TEXTS[lang] in document.text


@pytest.mark.parametrize(
    "text",
    [
        *_TEXTS.values(),
        "IL Y A MARQUÉ…", "Türkiye’de İstanbul", "Łódź, Kraków – Świętochłowice", "Þórður Ægir Óskarsson", "Đà Nẵng, Thừa Thiên – Huế",
        "€ 5 – 10 °C", "São Paulo às 9h", "Ελληνικά νέα «σήμερα»", "قال خفر السواحل إن أحدا لم يصب", "ÂÃ ÅÄÖ",
    ],
)  # fmt: skip
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert repaired(text) == text


def test_one_line_read_wrongly_does_not_touch_the_others() -> None:
    text = f"{_TEXTS['fr']}\n{_TEXTS['es'].encode().decode('latin-1')}"
    assert repaired(text) == f"{_TEXTS['fr']}\n{_TEXTS['es']}"


def test_the_signs_of_typesetters_alone_never_look_misread() -> None:
    """So the long search of a text is left out where nothing else stands in it; no pattern of ftfy for these is longer."""
    for signs in product(TYPOGRAPHY + "aA1 .", repeat=4):
        assert not is_bad("".join(signs)), signs

"""Names among capitalised nouns, and words without what an apostrophe joins to them. Sentences are our own."""

from __future__ import annotations

import pytest

from clusterer.core.evidence.evidence import NAME, extract
from clusterer.core.evidence.words import tokens
from clusterer.core.model import Document


def names(text: str, lang: str) -> set[str]:
    found = extract(Document(title="", text=text, lang=lang))
    return {term for term, kinds in zip(found.terms, found.kinds, strict=True) if kinds & NAME}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "Im Hafen von Ellerort sind am Dienstag Risse in der Mauer entdeckt worden. Die Bürgermeisterin Maren Holt sprach von einer "
            "schwierigen Woche für die Händler. Gutachter schätzen den Schaden auf 4 Millionen Euro.",
            {"ellerort", "maren", "holt", "maren holt"},
        ),
        (
            "Nach dem Brand in Skarnau sucht die Polizei Zeugen. Ermittler Jens Quast bat um Hinweise, im Januar hatte es schon einmal "
            "gebrannt. Einwohner von Skarnau und Tolmin legten Blumen vor der Schule nieder.",
            {"skarnau", "tolmin", "jens", "quast", "jens quast"},
        ),
        (
            "Beim Streik der Busfahrer gab es am Freitag keine Einigung. Das sagte Verhandlungsführer Emil Lorcher, der mehr Geld und "
            "kürzere Schichten verlangt. Pendler in Grundel mussten auf Fahrräder umsteigen, viele Schulen blieben geschlossen.",
            {"emil", "lorcher", "emil lorcher", "grundel"},
        ),
        (
            "Die Ernte fällt in diesem Sommer schlecht aus, wie der Verband der Landwirte am Montag mitteilte. Auf den Feldern fehlt "
            "Regen, und in den Ställen wird das Futter knapp. Minister fordern Hilfen für die Betriebe.",
            set(),
        ),
    ],
)  # fmt: skip
def test_german_nouns_are_no_names(text: str, named: set[str]) -> None:
    assert names(text, "de") == named


def test_a_title_of_a_person_and_a_day_are_no_part_of_a_name() -> None:
    found = names(
        "Es war Minister Karl Vogt, der am Mittwoch Karl Vogts Vorgänger lobte. So sah es auch Karl Vogt.", "de"
    )
    assert "karl vogt" in found
    assert not {"minister", "minister karl", "mittwoch", "mittwoch karl"} & found


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("it doesn't, they won't, we can’t", "en", ["it", "not", "they", "not", "we", "not"]),
        ("They're late and we've said they'll go", "en", ["they", "late", "and", "we", "said", "they", "go"]),
        ("O'Brien met D'Angelo at five o'clock", "en", ["o'brien", "met", "d'angelo", "at", "five", "o'clock"]),
        ("L’hôpital d’Argence n’ouvre qu’aujourd’hui", "fr", ["hôpital", "argence", "ouvre", "aujourd'hui"]),
        ("L’Aurore, jusqu’ici l’été", "fr", ["aurore", "ici", "été"]),
        ("dell’università all’alba, un’ora dopo", "it", ["università", "alba", "ora", "dopo"]),
        ("l’alcalde d’Olot", "ca", ["alcalde", "olot"]),
        ("Yeşilova’da Akkaya’nın evi", "tr", ["yeşilova", "akkaya", "evi"]),
        ("п'ять дітей", "uk", ["п'ять", "дітей"]),
        ("the mayor's Qur'an", "en", ["the", "mayor", "s", "qur'an"]),
    ],
)
def test_what_an_apostrophe_joins_to_a_word_is_no_part_of_it(text: str, lang: str, words: list[str]) -> None:
    assert [word for word, _, _ in tokens(text, lang)] == words

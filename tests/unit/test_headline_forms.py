"""Bare headlines that are worded alike are about two things where other names stand in the same place."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from support.exact_index import ExactIndex

from clusterer.core.clustering.headline_forms import headline_form, names_nothing_alike, other_names
from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.fitting import cluster_stream

DIMENSION = 96

TWO_THINGS = (
    ("en", "Fire kills three in Harrowgate", "Fire kills three in Pellworth"),
    ("en", "Fire Kills Three in Harrowgate", "Fire Kills Three in Pellworth"),
    ("en", "Bank of Norland raises interest rates", "Bank of Sarvia raises interest rates"),
    ("en", "Earthquake of magnitude 5.1 strikes Peru", "Earthquake of magnitude 4.9 strikes Chile"),
    ("en", "School bus crashes near Fernhill, two hurt", "School bus crashes near Dunbarton, four hurt"),
    ("en", "Tellus Chips profit rises 12% in fourth quarter", "Brell Pharma profit falls 8% in fourth quarter"),
    ("de", "Drei Tote bei Brand in Rodenau", "Drei Tote bei Brand in Althausen"),
    ("de", "Unfall auf der A 9 bei Rodenau: ein Toter", "Unfall auf der A 3 bei Althausen: zwei Verletzte"),
    ("fr", "Incendie à Valmont : trois morts", "Incendie à Sorvigny : deux morts"),
    ("es", "Mueren tres personas en un incendio en Alcor", "Mueren tres personas en un incendio en Villaluz"),
    ("it", "Incidente mortale a Verzago, muore un trentenne", "Incidente mortale a Colmate, muore un quarantenne"),
    ("pl", "Pożar w Brzezinie, dwie osoby nie żyją", "Pożar w Kamiennej, trzy osoby nie żyją"),
    ("ru", "При пожаре в Заречинске погибли трое", "При пожаре в Лесогорске погибли трое"),
    ("tr", "Kızılçam'da trafik kazası: 3 ölü", "Hacıbey'de trafik kazası: 3 ölü"),
    ("ar", "مقتل ثلاثة أشخاص في حريق في وهران", "مقتل ثلاثة أشخاص في حريق في بجاية"),
    ("he", "שלושה הרוגים בשריפה בנהרית", "שלושה הרוגים בשריפה בגבעון"),
    ("hi", "रामपुर टोला में आग से तीन की मौत", "शिवगंज में आग से तीन की मौत"),
    ("ja", "北浜市で住宅火災、3人死亡", "南岬町で住宅火災、2人死亡"),
    ("zh", "青州市发生火灾致三人死亡", "临江市发生火灾致三人死亡"),
    ("ko", "강변시 아파트 화재로 3명 사망", "해림시 아파트 화재로 2명 사망"),
)
ONE_THING = (
    ("en", "Fire kills three in Harrowgate", "Three dead in Harrowgate fire"),
    ("en", "Fire kills three in Harrowgate", "Blaze kills three in Harrowgate"),
    ("en", "Fire Kills Three in Harrowgate", "Blaze Kills Three in Harrowgate"),
    ("en", "Magnitude 5.1 earthquake strikes Peru", "Magnitude 5.1 earthquake hits Peru"),
    ("en", "Mt. Ostren closed to climbers after storm", "MtOstren closed to climbers after storm"),
    ("en", "Tellus Chips must answer for recall, judge says", "TC must answer for recall, judge says"),
    ("en", "Rita Keibler marries in Darvo", "Rita Kiebler marries in Darvo"),
    ("en", "Fire kills three in Harrowgate", "Fire kills three in Harrowgate, Norland"),
    ("en", "Fire kills three in Harrowgate", "Fire kills three on Wednesday in Harrowgate"),
    ("de", "Drei Tote bei Brand in Rodenau", "Brand in Rodenau: Drei Menschen sterben"),
    ("ru", "При пожаре в Заречинске погибли трое", "Три человека погибли при пожаре в Заречинске"),
    ("ja", "北浜市で住宅火災、3人死亡", "住宅火災で3人死亡 北浜市"),
    ("zh", "青州市发生火灾致三人死亡", "青州火灾造成三人死亡"),
    ("ar", "مقتل ثلاثة أشخاص في حريق في وهران", "حريق في وهران يودي بحياة ثلاثة أشخاص"),
)


@pytest.mark.parametrize(("language", "one", "other"), TWO_THINGS)
def test_other_names_in_the_same_place_are_two_things(language: str, one: str, other: str) -> None:
    left, right = headline_form(one, language), headline_form(other, language)
    assert other_names(left, right)
    assert other_names(right, left)


@pytest.mark.parametrize(("language", "one", "other"), ONE_THING)
def test_one_thing_in_other_words_is_not_told(language: str, one: str, other: str) -> None:
    left, right = headline_form(one, language), headline_form(other, language)
    assert not other_names(left, right)
    assert not other_names(right, left)


NAMED_APART = (
    ("en", "Actor Mona Farrell dies at 81", "Singer Luke Addison dies at 77"),
    ("en", "Council in Pellworth backs new bus lane", "Bus crash in Harrowgate leaves two hurt"),
    ("uk", "ДТП у Вишневому: загинув мотоцикліст", "ДТП у Дубках: постраждали двоє дітей"),
    ("es", "Un herido en un choque en Alcor", "Un muerto en un incendio cerca de Villaluz"),
    ("sv", "Villa i Lindåker totalförstörd", "Båt sjönk utanför Granvik"),
)
NAMED_ALIKE = (
    ("en", "Actor Mona Farrell dies at 81", "Tributes for Farrell, star of stage"),
    ("en", "Rita Keibler marries in a surprise", "Kiebler wedding took guests by surprise"),
    ("en", "Fire kills three in Harrowgate", "Three dead in blaze at hotel"),
    ("en", "Titanfall: release date for Europe", "Titanfall: Playfight to make a film"),
    ("en", "Actor Mona Farrell Dies At Home", "Screen Legend Passes Away Aged 81"),
    ("ja", "北浜市で住宅火災、3人死亡", "南岬町で衝突事故"),
)


@pytest.mark.parametrize(
    ("language", "one", "other", "apart"),
    [*((*pair, True) for pair in NAMED_APART), *((*pair, False) for pair in NAMED_ALIKE)],
)
def test_headlines_that_name_nothing_alike(language: str, one: str, other: str, *, apart: bool) -> None:
    left, right = headline_form(one, language), headline_form(other, language)
    assert names_nothing_alike(left, right) is apart
    assert names_nothing_alike(right, left) is apart


@pytest.mark.parametrize(
    ("other", "together"), [("Fire kills three in Pellworth", False), ("Three dead in Harrowgate fire", True)]
)
def test_a_window_parts_headlines_of_two_things_that_the_model_finds_alike(other: str, *, together: bool) -> None:
    assert streamed_together("Fire kills three in Harrowgate", other, ("", "")) is together


@pytest.mark.parametrize(("sources", "together"), [(("Echo", "Echo"), False), (("Echo", "Mail"), True)])
def test_one_source_names_one_thing_by_one_name(sources: tuple[str, str], *, together: bool) -> None:
    assert streamed_together("Actor Mona Farrell dies at 81", "Singer Luke Addison dies at 77", sources) is together


def streamed_together(one: str, other: str, sources: tuple[str, str]) -> bool:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    strangers = [np.eye(DIMENSION, dtype=np.float32)[place] for place in range(1, 12)]
    titles = [f"Word{letter} of matter{letter} with thing{letter}" for letter in "abcdefghijk"]
    axis = np.eye(DIMENSION, dtype=np.float32)[0]
    near = 0.95 * axis
    near[-1] = np.sqrt(1 - 0.95**2)
    rows = [*zip(titles, strangers, strict=True), (one, axis), (other, near)]
    by = [""] * len(strangers) + [*sources]
    made = [
        Evidence(
            seq, lead, extract(Document(title, "", lang="en")), at, at, lang="en", heading=title, source=source or None
        )
        for seq, ((title, lead), source) in enumerate(zip(rows, by, strict=True), start=1)
    ]
    clusters, _ = cluster_stream(made, Window(ExactIndex(), shipped_weights()))
    return clusters[len(made)] == clusters[len(made) - 1]

"""Pages whose data are arrays of values that name one another by their place. Texts are our own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article
from clusterer.core.pages.references import is_reference_array, values_named

TEXTS = {
    "en": (
        "The breakwater of Port Ellery was closed on Monday.",
        "Divers had found cracks in its foot, said Maren Holt.",
    ),
    "de": (
        "Die Mole von Ellerhafen ist seit Montag gesperrt.",
        "Taucher hatten am Fuß Risse entdeckt, sagte Maren Holt.",
    ),
    "tr": (
        "Elleri dalgakıranı pazartesi günü trafiğe kapatıldı.",
        "Dalgıçlar ayağında çatlaklar buldu, dedi Maren Holt.",
    ),
    "ja": ("エレリ港の防波堤は月曜日から閉鎖されている。", "潜水士が基礎に亀裂を見つけたとホルト氏は述べた。"),
    "ar": ("أغلق حاجز الأمواج في ميناء إليري يوم الاثنين.", "وجد الغواصون شقوقا في أساسه كما قالت مارين هولت."),
}
OTHER = "Other matters follow."


def by_place(value: Any, placed_names: bool = False) -> list[Any]:
    """The value as an array of references, made as the formats describe it; a tuple is a type and what it wraps."""
    array: list[Any] = []

    def put(one: Any) -> int:
        place = len(array)
        array.append(one)
        if isinstance(one, tuple):
            array[place] = [one[0], put(one[1])]
        elif isinstance(one, list):
            array[place] = [put(inner) for inner in one]
        elif isinstance(one, dict):
            array[place] = {f"_{put(name)}" if placed_names else name: put(inner) for name, inner in one.items()}
        return place

    put(value)
    return array


def bodies(texts: tuple[str, ...]) -> dict[str, Any]:
    """The same paragraphs as sites keep them."""
    return {
        "markup": "".join(f"<p>{one}</p>" for one in texts),
        "lines": "\n".join(texts),
        "list": list(texts),
        "blocks": [{"type": "paragraph", "id": str(place), "text": one} for place, one in enumerate(texts)],
        "spans": [{"children": [{"text": one[:9], "marks": ["b"]}, {"text": one[9:]}]} for one in texts],
        "tree": {
            "type": "root",
            "children": [{"tag": "p", "children": [{"type": "text", "value": one}]} for one in texts],
        },
        "tree in lists": {"type": "minimark", "value": [["p", {}, one] for one in texts]},
    }


def page(script: str) -> str:
    return f'<!doctype html><title>Breakwater closed at Port Ellery</title><div id="__nuxt"></div>{script}'


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("form", bodies(("", "")))
@pytest.mark.parametrize("name", ["body", "content", "rendered", "sections"])
def test_the_article_is_put_together(lang: str, form: str, name: str) -> None:
    article = {
        "id": 77,
        "title": "Breakwater",
        name: bodies(TEXTS[lang])[form],
        "tags": ["sea"],
        "author": {"name": "Bo Lind"},
    }
    state = (
        "ShallowReactive",
        {"data": ("Reactive", {"a-77": article, "more": [{"text": OTHER}] * 3}), "path": "/a-77"},
    )
    html = page(
        f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(by_place(state)).replace("</", chr(92) + "u003c/")}</script>'
    )
    document = clean(Article(id="1", html=html))
    assert document.kind == "article"
    assert tuple(line for line in document.text.split("\n") if line) == TEXTS[lang]


@pytest.mark.parametrize("call", ["window.__reactRouterContext.streamController.enqueue({});", "c.enqueue({})"])
def test_names_may_be_places_and_the_array_a_string(call: str) -> None:
    array = by_place({"loaderData": {"routes/a": {"story": {"paragraphs": list(TEXTS["en"])}}}}, placed_names=True)
    document = clean(Article(id="1", html=page(f"<script>{call.format(json.dumps(json.dumps(array)))}</script>")))
    assert tuple(line for line in document.text.split("\n") if line) == TEXTS["en"]


@pytest.mark.parametrize(
    "value",
    [
        [],
        [1, 2, 3],
        [[1, 2], 3, 4],
        [{"a": "b"}, "b", "c"],
        [{"a": 7}, "b", "c"],
        [{"a": True}, "b", "c"],
        ["a", {"b": 0}, 1],
    ],
)
def test_other_arrays_are_none(value: list[Any]) -> None:
    assert not is_reference_array(value)


def test_what_goes_round_or_multiplies_is_read_in_bounded_time() -> None:
    name = re.compile("body")
    round_and_round = [{"body": 1}, {"body": 0, "again": 1}, "text"]
    assert is_reference_array(round_and_round)
    assert len(list(values_named(round_and_round, name))) == 2
    twofold = [{"body": 1}, *([place, place] for place in range(2, 60)), "end"]
    assert len(list(values_named(twofold, name))) == 1
    many = [{"body": 1}, [0, *range(2, 3_000)], *({"body": 1} for _ in range(2_998))]
    list(values_named(many, name))
    for odd in (
        [{"body": -1}, 1, 2],
        [{"body": 1}, ["Date", "2026"], 2],
        [{"body": 1}, ["Set", 0, 0], 2],
        [{"_9": 1}, [2], "x"],
    ):
        list(values_named(odd, name))

"""A headline without the name of the site behind it and the form of the article before it. Titles and texts are our own."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning import reasons
from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.headline import bare_headline
from clusterer.core.model import Article

TITLE = "Harbour wall collapses at Port Ellery"
TEXT = (
    "Part of the old harbour wall fell into the sea on Monday. Nobody was hurt, but four boats were crushed.\n\n"
    "“We heard it go at six,” the harbour master, Maren Holt, told The Wire. The quay stays shut, the council said."
)


@pytest.mark.parametrize(
    "decorated",
    [
        "{} - The Northern Star", "{} – Northern Star", "{} — Nordstern", "{} | Ellery Today", "{} | Coast | The Star", "{} · Star",
        "{} « Northern Star",
        "{} - star.example", "{} - | Star of the North",
        "{} | N24", "{} - Вестник", "{} | 北星新聞", "{}：北星新聞", "{} - 북성일보",
        "{} | النجم", "Live: {}", "LIVE UPDATES: {}", "Video: {}", "WATCH | {}", "VIDÉO. {}", "EN DIRECT - {}", "Última hora: {}",
        "Liveticker: {}", "+++ Eilmeldung +++ {} +++", "【速報】{}", "[속보] {}", "عاجل: {}", "Срочно! {}", "SON DAKİKA: {}", "🔴 {}",
        "🔴 LIVE: {} | Northern Star", "UPDATE 3-{}", "Update 2: {}", "[Video] {}", "Exklusiv: {} - Nordstern",
    ],
)  # fmt: skip
def test_what_publishers_put_around_a_headline_goes(decorated: str) -> None:
    headline, taken = bare_headline(decorated.format(TITLE), TEXT)
    assert headline == TITLE
    assert taken


@pytest.mark.parametrize(
    "title",
    [
        TITLE, "Ellery Rovers - Port Skarn 3:1", "Maren Holt: We heard it go", "After the collapse - the great clearing up",
        "Video shows harbour wall falling", "Live music returns to Port Ellery", "Harbour wall collapses - Maren Holt speaks",
        "What to watch on TV tonight | Wednesday", "Horoscope for all signs | 4 March 2026", "Crossword of the week - No 4,211",
        "Weather: frost returns", "Quake near Port Ellery - 3.4", "“We lost it all” – Ellery fisherman", "Live", "Video: Live", "",
        "Photo finish", "[Obituary] Hugo Prell of Port Ellery", "【天気】4日は西から雨", "Wall | Sea", "-", "|", "Update",
    ],
)  # fmt: skip
def test_what_belongs_to_a_headline_stays(title: str) -> None:
    assert bare_headline(title, TEXT) == (title, [])


def test_a_name_that_is_known_goes_whatever_stands_before_it() -> None:
    assert bare_headline(f"{TITLE}: the wire", TEXT, source="The Wire") == (f"{TITLE}: the wire", [])
    assert bare_headline(f"{TITLE} - the wire", TEXT, source="The Wire")[0] == TITLE
    assert bare_headline(f"{TITLE} - THE WIRE", TEXT, url="https://www.thewire.example/a")[0] == TITLE
    assert bare_headline(f"{TITLE} - Holt", TEXT)[0] == f"{TITLE} - Holt"


def test_an_article_is_known_by_its_bare_headline_and_the_rest_is_said() -> None:
    document = clean(Article(id="1", title=f"Live: {TITLE} | Northern Star", text=f"{TITLE}\n\n{TEXT}"))
    assert (document.title, document.multi_event) == (TITLE, True)
    assert TITLE not in document.text
    assert [cut.text for cut in document.cuts if cut.reason == reasons.AROUND_TITLE] == ["Live:", "| Northern Star"]


def test_long_titles_take_linear_time() -> None:
    for piece in ("| a ", " - A", "[", "+", "live: ", "：", "»"):
        bare_headline(piece * 100, TEXT)

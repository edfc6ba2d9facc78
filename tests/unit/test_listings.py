"""Lists of other things where the article should be, and what looks like them and is an article."""

from __future__ import annotations

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines import reasons
from clusterer.core.model import Article

PLAYERS = [
    """0:43 Ferry crew describes night rescue off the pier Pause
2:11 Mayor answers questions about the flooded underpass
1:05 Skating rink reopens after a long repair
0:58 Neighbours search for a missing parrot
3:20 School orchestra prepares for its first tour""",
    """12:04 How the old mill became a library
0:31 Raw video: crane tips over at the harbour
1:47 'We heard a bang,' says a baker who saw it
0:55 Fox visits a petrol station for the third time""",
    """1:19 Lluvia y viento dejan calles cortadas en la costa
0:48 Así celebraron los vecinos la vuelta del mercado
2:30 El puente viejo vuelve a abrir tras la obra
1:02 Una nutria pasea por el centro de la ciudad""",
]
ARTICLES = [
    # A time line goes up, a live blog down.
    "08:15 Smoke is seen above the warehouse\n08:40 The first crews arrive from two towns\n09:05 The road is closed to traffic\n"
    "10:30 The fire is under control",
    "17:20 Counting ends in the last district\n16:05 Turnout reaches sixty percent so far\n14:30 Long lines at the town hall\n"
    "12:00 Polls have opened without trouble",
    # Results.
    "24:21 TSV Altdorf - HSG Neustadt\n31:28 SC Bergheim - VfL Talstadt\n19:27 TV Seefeld - HC Auenwald\n28:28 MTV Moorburg - TuS Heide",
    # Entries of a diary are sentences.
    "7:10 We leave the hut in thick fog.\n6:50 The night before was loud with wind.\n9:30 On the ridge the sun comes out.\n"
    "8:00 A long break, and tea for all.",
    # Three of anything are too few.
    "0:43 Ferry crew describes night rescue off the pier\n2:11 Mayor answers questions about the flood\n"
    "1:05 Skating rink reopens after a repair",
]


@pytest.mark.parametrize("text", PLAYERS)
def test_the_list_of_a_player_is_no_article(text: str) -> None:
    document = clean(Article(id="a", title="Two hurt as bus leaves the road near Elmham", text=text))
    assert document.kind == "wall"
    assert document.text == ""
    assert {cut.reason for cut in document.cuts} == {reasons.VIDEO_LIST}


def test_an_article_below_a_player_stays() -> None:
    story = (
        "Two people were hurt on Tuesday when a bus left the road near Elmham, the fire service said. The driver had swerved to avoid "
        "a deer, according to a passenger. Both were taken to hospital with broken bones, and the road was closed until the evening. "
        "An inquiry into the state of the barrier has begun, the county said."
    )
    document = clean(
        Article(id="a", title="Two hurt as bus leaves the road near Elmham", text=f"{PLAYERS[0]}\n{story}")
    )
    assert document.kind == "article"
    assert document.text == story


@pytest.mark.parametrize("text", ARTICLES)
def test_times_in_order_results_and_sentences_are_articles(text: str) -> None:
    document = clean(Article(id="a", title="What happened on the day", text=text))
    assert document.kind == "article"
    assert reasons.VIDEO_LIST not in {cut.reason for cut in document.cuts}
    assert document.text


@pytest.mark.parametrize("end", ["[…]", "[...]", "[ … ]"])
def test_excerpts_of_other_articles_are_no_article(end: str) -> None:
    text = "\n".join(
        f"{name} is the place where people of the region meet to hear about the matters of the day and {end}"
        for name in ("Harbour Radio", "Channel Nine", "Hill Sports", "The Morning Desk")
    )
    document = clean(Article(id="a", title="Two hurt as bus leaves the road near Elmham", text=text))
    assert document.kind == "wall"
    assert document.text == ""


def test_an_excerpt_as_feeds_send_it_is_an_article() -> None:
    text = (
        "Two people were hurt on Tuesday when a bus left the road near Elmham.\n"
        "The driver had swerved to avoid a deer, said a passenger, and then [...]"
    )
    document = clean(Article(id="a", title="Two hurt as bus leaves the road", text=text))
    assert document.kind == "article"
    assert "swerved" in document.text


def test_a_page_that_asks_for_news_is_a_wall() -> None:
    text = "Seen something? We want to hear from you. Let us know what's going on!\n\nSubmit"
    assert clean(Article(id="a", title="Two hurt as bus leaves the road", text=text)).kind == "wall"

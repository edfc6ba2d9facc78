"""Pages and texts as content systems and copying leave them: teasers in cards, named spans, divided words, labels of encodings that lie."""

import json

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.decoding import decoded
from clusterer.core.model import Article

FIRST = "The swing bridge over the harbour at Osmond was closed on Tuesday after a barge struck its pier."
LAST = "The skipper, a man of 57, was tested for alcohol; engineers expect the repairs to take six weeks."
TEASERS = [
    "After two years of work the hall in the old town has opened again, with thirty stalls, a cafe, and a new roof that lets in the light.",
    "The school choir from Dunmore has won the contest for the third time, beating forty others with sea songs from along the whole coast.",
    "A lynx that had been seen in gardens was caught on Sunday and taken to the reserve in the hills, where it will stay.",
]


def page(body: str) -> str:
    return f"<html><head><title>Osmond bridge closed</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("heading", ["h2", "h3", "h4"])
def test_teasers_longer_than_the_article_go_where_their_headings_lead_to_other_pages(heading: str) -> None:
    cards = "".join(
        f"<div class=card><{heading}><a href=/{i}>Another story {i}</a></{heading}><p>{text}</p></div>"
        for i, text in enumerate(TEASERS)
    )
    html = page(f"<div><h1>Osmond bridge closed</h1><div><p>{FIRST}</p><p>{LAST}</p></div></div><div>{cards}</div>")
    assert clean(Article(id="x", html=html)).text == f"{FIRST}\n\n{LAST}"


def test_a_page_that_is_a_list_of_linked_entries_keeps_them() -> None:
    entries = "".join(
        f"<div class=card><h3><a href=/walks/{i}>Walk number {i}</a></h3><p>It is {i} miles long and passes a mill.</p></div>"
        for i in range(2, 9)
    )
    html = page(f"<div><h1>Seven walks near Osmond</h1><p>{FIRST}</p><p>{LAST}</p>{entries}</div>")
    text = clean(Article(id="x", html=html)).text
    assert all(f"It is {i} miles long" in text for i in range(2, 9))


def test_entries_whose_headings_lead_to_themselves_stay() -> None:
    entries = "".join(
        f"<div class=entry><h2><a href='/live#post-{i}'>Entry {i} of the day</a></h2><p>{text}</p></div>"
        for i, text in enumerate(TEASERS)
    )
    text = clean(Article(id="x", html=page(f"<h1>Osmond bridge closed</h1><p>{FIRST}</p>{entries}"))).text
    assert all(teaser in text for teaser in TEASERS)


def test_named_spans_and_buttons_side_by_side_are_words_of_their_own() -> None:
    player = "<div><span class=label>Listen to this article</span><span class=time>4 min</span></div>"
    buttons = "<div><button>Accept</button><button>Reject</button></div>"
    letter = "<p><span class=drop>T</span>he bridge is closed, the port said on Tuesday.</p>"
    text = clean(Article(id="x", html=page(f"{player}{buttons}<p>{FIRST}</p><p>{LAST}</p>{letter}"))).text
    assert "article4" not in text and "AcceptReject" not in text
    assert "The bridge is closed" in text


def test_a_paragraph_of_page_data_that_ends_in_a_link_stays() -> None:
    middle = "About nine thousand vehicles cross it each day. They are sent over the motorway."
    body = [{"html": FIRST}, {"html": f"{middle} <a href=/map>Map</a>"}, {"html": LAST}]
    data = json.dumps({"props": {"article": {"headline": "Osmond bridge closed", "body": body}}})
    html = page(f"<div id=root></div><script id=__NEXT_DATA__ type=application/json>{data}</script>")
    assert middle in clean(Article(id="x", html=html)).text


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        (
            "Zahlreiche Kel-\nler stehen in der Alt-\nstadt unter Wasser.",
            "Zahlreiche Keller stehen in der Altstadt unter Wasser.",
        ),
        (
            "Il traffico è blocca-\nto da ore sulla sta-\ntale per il mare.",
            "Il traffico è bloccato da ore sulla statale per il mare.",
        ),
        (
            "Die Ein-\nund Ausfahrt ist ge-\nsperrt, der Ver-\nkehr steht.",
            "Die Ein- und Ausfahrt ist gesperrt, der Verkehr steht.",
        ),
    ],
)
def test_words_divided_at_the_ends_of_lines_are_put_together(wrapped: str, whole: str) -> None:
    assert clean(Article(id="x", title="Meldung", text=wrapped)).text == whole


@pytest.mark.parametrize(
    ("sent", "stated", "text"),
    [
        ("cp1252", "utf-8", "Das Café „Größe“ in Südlohn schließt – für immer."),
        (
            "cp1253",
            "iso-8859-1",
            "Τέσσερις άνθρωποι τραυματίστηκαν τη Δευτέρα στο κέντρο της Νέας Βρύσης, ανακοίνωσε η πυροσβεστική.",
        ),
        (
            "cp1251",
            "iso-8859-1",
            "В понедельник вечером на комбинате обрушилась кровля цеха, сообщили в областном управлении.",
        ),
        ("cp1252", "iso-8859-1", "L’été dernier, la mairie a fermé l’école du hameau."),
    ],
)
def test_what_a_page_says_of_its_encoding_is_believed_where_it_can_be(sent: str, stated: str, text: str) -> None:
    html = f'<html><head><meta charset="{stated}"></head><body><p>{text}</p></body></html>'
    assert text in decoded(html.encode(sent))


def test_one_bad_byte_does_not_turn_utf_8_into_another_encoding() -> None:
    text = '<meta charset="utf-8"><p>Jusqu’à l’aube, les élèves ont été hébergés.</p>'
    assert "élèves ont été hébergés" in decoded(text.encode() + b"\xff")


@pytest.mark.parametrize(
    "line",
    [
        "Joan Reddick · Mar 10, 2026 — 3 min read",
        "10/03/2026 07h30 Atualizado há 2 horas",
        "2026-03-10 10:22 来源：青石网 作者：李明 字号：大 中 小",
        "Lecture : 2 min",
        "Updated 3 hours ago",
    ],
)
def test_stamps_with_relative_times_authors_and_sizes_go_from_above_a_text(line: str) -> None:
    assert clean(Article(id="x", title="Bridge", text=f"{line}\n\n{FIRST}\n\n{LAST}")).text == f"{FIRST}\n\n{LAST}"

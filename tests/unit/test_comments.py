"""Readers' comments that are named nothing, known by how they repeat and by the labels under them. Texts are our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article
from clusterer.core.pages.comments import comment_parts
from clusterer.core.pages.html_page import parsed

PARAGRAPHS = (
    "The breakwater of Port Ellery was closed on Monday, after divers had found cracks in two of its blocks.",
    "Repairs will take until June and cost 48 million crowns, said the harbour master, Maren Holt.",
    "Ferries land at the fish quay meanwhile, and anglers have to go to the western mole.",
)
SAID = {
    "en": (
        ["I could have told them that years ago.", "Thanks to all who work there at night!"],
        "Reply",
        "Like",
        "Report",
    ),
    "de": (
        ["Das hätte ich denen vor Jahren sagen können.", "Danke an alle, die da nachts arbeiten!"],
        "Antworten",
        "Gefällt mir",
        "Melden",
    ),
    "fr": (
        ["J’aurais pu le leur dire il y a des années.", "Merci à ceux qui y travaillent la nuit !"],
        "Répondre",
        "J’aime",
        "Signaler",
    ),
    "es": (
        ["Yo se lo habría dicho hace muchos años.", "¡Gracias a quienes trabajan de noche!"],
        "Responder",
        "Me gusta",
        "Denunciar",
    ),
    "it": (
        ["Glielo avrei detto io già anni fa.", "Grazie a chi ci lavora di notte!"],
        "Rispondi",
        "Mi piace",
        "Segnala",
    ),
    "tr": (
        ["Bunu onlara yıllar önce söyleyebilirdim.", "Gece çalışan herkese çok teşekkürler!"],
        "Yanıtla",
        "Beğen",
        "Şikayet et",
    ),
    "ru": (
        ["Я бы сказал им это ещё много лет назад.", "Спасибо всем, кто работает там ночью!"],
        "Ответить",
        "Нравится",
        "Пожаловаться",
    ),
    "zh": (["这件事我好几年前就可以告诉他们了。", "感谢所有在那里通宵工作的人！"], "回复", "赞", "举报"),
    "ja": (
        ["そんなことは何年も前に言えたはずです。", "夜通し働いている皆さんに感謝します！"],
        "返信",
        "いいね",
        "通報",
    ),
    "ko": (
        ["그건 제가 몇 년 전에 말해 줄 수 있었어요.", "밤에 일하시는 모든 분께 감사드립니다!"],
        "답글",
        "좋아요",
        "신고",
    ),
    "ar": (["كان يمكنني أن أقول لهم ذلك قبل سنوات.", "شكرا لكل من يعمل هناك في الليل!"], "رد", "أعجبني", "إبلاغ"),
}
Layout = Callable[[str, str, str, str, str, int], str]
LAYOUTS: dict[str, Layout] = {
    "parts": lambda who, said, reply, like, report, n: (
        f"<div class=q><div>{who}</div><div>{n} h</div><p>{said}</p><div><button>{like}</button> <button>{reply}</button></div></div>"
    ),
    "label above": lambda who, said, reply, like, report, n: (
        f"<section><div><b>{who}</b> · <a>{reply}</a></div><div>{said}</div></section>"
    ),
    "odd and even": lambda who, said, reply, like, report, n: (
        f"<article class='row {'odd' if n % 2 else 'even'}'>{who} {n} h<p>{said}</p><a><i></i> {reply} ({n})</a></article>"
    ),
    "without a reply": lambda who, said, reply, like, report, n: (
        f"<div><div>{who}</div><p>{said}</p><span>{like} ({n})</span> <span>{report}</span></div>"
    ),
    "named in the label": lambda who, said, reply, like, report, n: (
        f"<div class=n>{who}<p>{said}</p><a>Reply to {who}</a></div>"
    ),
    "loose": lambda who, said, reply, like, report, n: f"<p>{who}, {n} h</p><p>{said}</p><p><a>{reply}</a></p>",
    "answers inside": lambda who, said, reply, like, report, n: (
        f"<li>{who}<p>{said}</p><a>{reply}</a><ul><li>Bo, {n} h<p>{said}</p><a>{reply}</a></li></ul></li>"
    ),
}


def page(comments: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    article = f"<div><h1>Breakwater closed</h1>{text}</div>"
    return f"<html><title>Breakwater closed</title><body>{article}<div class=k9>{comments}</div></body></html>"


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [3, 8])
def test_comments_are_known_by_the_labels_under_them(lang: str, layout: str, count: int) -> None:
    said, reply, like, report = SAID[lang]
    made = "".join(LAYOUTS[layout](f"writer{n}", said[n % 2], reply, like, report, n + 2) for n in range(count))
    document = clean(Article(id="1", html=page(made)))
    assert document.text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    [
        page("<a>Reply</a><a>Like</a><a>Report</a>"),
        page("<div class=t><a>Like</a><a>Report</a></div>" * 2),
        "<div><h1>Breakwater closed</h1>"
        + "".join(f"<section><p>{one}</p><a>Like</a></section>" for one in PARAGRAPHS)
        + "</div>",
        "<div><h1>Breakwater closed</h1>"
        + "".join(f"<div>bo<p>{one}</p><a>Reply</a></div>" for one in PARAGRAPHS)
        + "</div>",
    ],
    ids=["one row of labels", "two rows of labels", "liked paragraphs", "a thread that is all there is"],
)
def test_text_beside_such_labels_stays(html: str) -> None:
    text = clean(Article(id="1", html=html)).text
    assert [one for one in PARAGRAPHS if one not in text] == []


def test_a_part_that_holds_the_article_is_no_comment() -> None:
    long = "".join(f"<p>{one}</p>" for one in PARAGRAPHS * 9)
    comments = "".join(f"<div class=c>writer{n}: I could have told them that. <a>Reply</a></div>" for n in range(3))
    root = parsed(
        f"<body><div class=box>{long}{comments}</div><div class=box>More comments of readers {comments}</div></body>"
    )
    assert root is not None
    assert {part.get("class") for part in comment_parts(root)} == {"c"}


def test_deep_pages_and_many_labels_take_linear_time() -> None:
    for html in (
        "<div>" * 3_000 + "<a>Reply</a>" * 2_000,
        "<div><a>Reply</a> a text of a few words" * 3_000,
        "<p>a</p><a>Reply</a>" * 5_000,
    ):
        root = parsed(html)
        assert root is not None
        comment_parts(root)

"""Readers' comments whose markup names them nothing: parts of a page that repeat, each with a label that asks to reply.

A part is a comment if it holds such a label, or two of those with which readers approve and report, and stands beside others of its kind;
paragraphs without an element around them belong to the label behind them. Takes time linear in the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from clusterer.core.text import listed

_REPLY = listed("""
    reply|replies|antworten|antwort|répondre|réponse|réponses|responder|responde|respuestas|respostas|rispondi|risposte|beantwoorden
    |reageer|reageren|svara|svar|odpowiedz|odpovědět|yanıtla|cevapla|yanıt|yanıtlar|ответить|ответы|відповісти|回复|回覆|答复|返信|返信する
    |답글|답글 쓰기|답글달기|답글 달기|대댓글|رد|الرد|ردود|जवाब दें|उत्तर दें|trả lời|balas|vastaa|απάντηση|válasz|răspunde|відповідь
""")
_CONTROLS = listed("""
    like|likes|dislike|upvote|downvote|report|report abuse|flag|permalink|quote|gefällt mir|melden|kommentar melden|zitieren
    |j’aime|j'aime|signaler|signaler un abus|citer|me gusta|no me gusta|denunciar|reportar|mi piace|segnala|curtir|gosto|beğen|beğenme
    |şikayet et|bildir|нравится|пожаловаться|цитировать|赞|踩|举报|檢舉|いいね|いいね！|通報|通報する|좋아요|싫어요|공감|비공감|신고|أعجبني
    |إعجاب|إبلاغ|تبليغ|vind ik leuk|lubię to|zgłoś|gilla|anmäl
""")
_REPLY_TO = ("reply to ", "antworten auf ", "répondre à ", "responder a ", "rispondi a ")  # somebody who is named
_LABELS = _REPLY | _CONTROLS
_AROUND_LABEL = " \n\t\r\xa00123456789()[]·|•:+.…▾▼▲↩⤷👍👎❤♥"
_MAX_LABEL_CHARS = 30
_LEAST_CHARS = 15  # of a comment with its writer's name and time
_MOST_CHARS = 1_500  # beside comments already found in it: a larger part holds the article
_LEAST_LOOSE = 3  # labels between paragraphs without an element around them
_MOST_LOOSE_PARTS = 10  # of one comment
_TITLES = frozenset(("h1", "title"))


@dataclass(slots=True)
class _Part:
    """An element read so far. chars: of its text beside labels and comments found in it. answered: children that hold labels."""

    element: HtmlElement
    place: int = 0
    children: int = 0
    replies: int = 0
    controls: set[str] = field(default_factory=set)
    chars: int = 0
    titled: bool = False
    answered: list[_Part] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return self.replies > 0 or len(self.controls) > 1

    @property
    def kind(self) -> tuple[str, str]:
        names = (self.element.get("class") or "").split(maxsplit=1)
        return str(self.element.tag), names[0] if names else ""

    def read(self, text: str | None) -> None:
        if not text:
            return
        label = comment_label(text)
        if label in _REPLY:
            self.replies += 1
        elif label:
            self.controls.add(label)
        else:
            self.chars += len(text.strip())


def comment_parts(root: HtmlElement) -> frozenset[HtmlElement]:
    """The elements of a page that are comments, or parts of one."""
    return frozenset(_found(root))


def comment_label(text: str) -> str:
    """With which a page asks to reply to a comment, to approve of it or to report it, as compared; '' for any other text."""
    label = _label(text) if len(text) <= _MAX_LABEL_CHARS else ""
    if label.startswith(_REPLY_TO):
        return "reply"
    return label if label in _LABELS else _label_in_a_row(label)


def _label_in_a_row(label: str) -> str:
    """The label that asks to reply, of several in one text: "Like (4) Reply Report"."""
    words = [word for word in (part.strip(_AROUND_LABEL) for part in label.split()) if word]
    if len(words) < 2 or not all(word in _LABELS for word in words):
        return ""
    return next((word for word in words if word in _REPLY), words[0])


def may_label_comments(labels: Sequence[str]) -> bool:
    """Are there enough of a page's labels for two comments?"""
    times = Counter(labels)
    replies = sum(count for label, count in times.items() if label in _REPLY)
    return replies > 1 or sum(count > 1 for count in times.values()) > 1


def _label(text: str) -> str:
    return text.strip(_AROUND_LABEL).casefold()


def _found(root: HtmlElement) -> list[HtmlElement]:
    found: list[HtmlElement] = []
    open_parts: list[_Part] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            part = _Part(element, titled=element.tag in _TITLES)
            part.read(element.text)
            open_parts.append(part)
            continue
        part = open_parts.pop()
        comments = _comments_among(part.answered)
        found.extend(comment.element for comment in comments)
        part.chars -= sum(comment.chars for comment in comments)
        if not comments:
            found.extend(_loose(part))
        if open_parts:
            _add(part, open_parts[-1])
    return found


def _add(part: _Part, around: _Part) -> None:
    part.place = around.children
    around.children += 1
    around.replies += part.replies
    around.controls |= part.controls
    around.chars += part.chars
    around.titled |= part.titled
    if part.is_answered:
        around.answered.append(part)
    around.read(part.element.tail)
    part.answered = []


def _comments_among(parts: list[_Part]) -> list[_Part]:
    """Those of one kind that are not too small and not too large, if there are two."""
    likely = [part for part in parts if _LEAST_CHARS <= part.chars <= _MOST_CHARS and not part.titled]
    kinds = Counter(part.kind for part in likely)
    return [part for part in likely if kinds[part.kind] > 1]


def _loose(around: _Part) -> list[HtmlElement]:
    """The children from the first comment to the last where only labels tell comments apart, standing at the end of each."""
    labels = [part for part in around.answered if part.replies and part.chars < _LEAST_CHARS]
    if len(labels) < _LEAST_LOOSE:
        return []
    gaps = [later.place - earlier.place for earlier, later in pairwise(labels)]
    if min(gaps) < 2 or max(gaps) > _MOST_LOOSE_PARTS:
        return []
    children = [child for child in around.element if isinstance(child.tag, str)]
    return children[max(0, labels[0].place - gaps[0] + 1) : labels[-1].place + 1]

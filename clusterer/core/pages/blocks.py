"""A page as blocks: its visible text in the order of the document, broken where a browser would begin a new line.

Takes time linear in any markup, however odd. Words inside a sentence stay in it, whatever element they stand in (`time`, `button`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from clusterer.core.lines.rules import is_comments_header
from clusterer.core.pages.comments import comment_label, comment_parts, may_label_comments

_INLINE_NAMES = """
    a abbr acronym amp-link b bdi bdo big button cite code data del dfn em font i ins kbd label mark meter nobr output progress q rp rt
    ruby s samp small span strike strong sub sup time tt u var wbr
"""
_UNSHOWN_NAMES = """
    amp-ad amp-analytics amp-consent amp-embed amp-sticky-ad
    applet audio canvas datalist embed frame frameset head iframe img input link map meta noscript object option picture script select
    source style svg template textarea title video
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_APART = frozenset(("a", "label", "span", "time"))
_UNSHOWN = frozenset(_UNSHOWN_NAMES.split())
_SPACES = re.compile(r"\s+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?(?:list|section|area|thread)|discussions?|disqus\w*|repl(?:y|ies)|responses?|respond|talkback"
    r"|guestbook|(?:leser|user|nutzer)?kommentare?|leser(?:meinung(?:en)?|forum|debatte)|coment[aá]rios?|commentaires?"
    r"|(?:avis|reactions?)-?(?:des-?)?lecteurs?|commenti|reacties|kommentar(?:er|ii)|komentarze|yorum(?:lar)?|cmts?"
    r"|(?:reader|user)s?-?(?:comment|response|opinion|post|voice|letter)s?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What content systems put beside an article or between its paragraphs, by the names of the element around it.
_WIDGETS = re.compile(
    r"(?:^|\s)(?:(?:jp-|yarpp-)?related-?posts?|yarpp|sharedaddy|addtoany\w*|(?:author|about)-(?:bio|box|author)|most-?(?:read|viewed)"
    r"|meist-?gelesen|polecane|media_end_linked_more|(?:video|audio|media)-?player|polls?|poll-?(?:box|widget|container)|sonda|sondaggio"
    r"|sondage|encuesta|enquete|anket|umfrage|(?:subscription|newsletter)-widget\S*|newsletter-?(?:sign-?up|form|box|promo))(?:$|\s)",
    re.IGNORECASE,
)
# Advertisements, and what asks for consent to cookies, by the usual names of the element around them and of well-known products.
_BANNERS = re.compile(
    r"(?:^|\s)(?:ads?|adv|advert(?:s|isements?)?|adsbygoogle|ad[-_]?(?:slots?|units?|box|banners?|blocks?|zones?|place(?:ments?|holder))"
    r"|(?:google|inline|content|article)[-_]ads?|dfp|sponsored(?:[-_](?:box|links?|content))?|werbung|anzeigen?|reklam(?:a|e)?|publicidade?|publicit[eéàa]"
    r"|pubblicit[aà]|annons|mainos|hirdet[eé]s|iklan|quangcao|реклама"
    r"|(?:eu-?)?cookies?[-_]?(?:banner|bar|notice|consent|overlay|modal|pop-?up|wall|law|message|dialog|info|policy-?popup)?|cookiebot|cookieconsent"
    r"|(?:cookie|cc|gdpr|consent|privacy)[-_](?:banner|bar|notice|overlay|modal|pop-?up|wall|dialog|window|container|wrapper|message|manager)"
    r"|cmp|cmpbox|cmplz\S*|gdpr|consent|onetrust\S*|didomi\S*|usercentrics\S*|sp_message\S*|qc-cmp\S*|fc-consent\S*|truste\S*|klaro|iubenda\S*|borlabs\S*)(?:$|\s)",
    re.IGNORECASE,
)
_COMMENT_PROPERTIES = frozenset(("comment", "comments", "commentText"))
_COMMENT_TYPE = re.compile(r"schema\.org/(?:User)?Comments?$")
_PAGE_PARTS = frozenset(("html", "body", "main", "article"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADERS = frozenset((*_HEADINGS, "legend", "summary"))
_LINKED = 0.5  # a block with more of its text in links is a menu or a list of other articles
_MAX_NAME_CHARS = 200
_PLACE_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Block:
    """text: in one line. link_share: of its characters, how many stand in links. aside: something around it is named as comments are, or
    as what stands beside an article.
    place: names and classes of the elements right around it, the same for each entry of a live blog. parent: number of the element around
    its own.
    level: of the heading that it is a part of, 1 to 6, 0 for none. goes_on: the block before is a part of the same heading.
    leads_away: one of its links leads to another page.
    """

    text: str
    link_share: float
    aside: bool
    place: tuple[str, ...] = ()
    parent: int = 0
    level: int = 0
    goes_on: bool = False
    leads_away: bool = False

    @property
    def is_links(self) -> bool:
        """Is it hardly more than links?"""
        return self.link_share >= _LINKED


def blocks_of(root: HtmlElement, shown: frozenset[str] = frozenset(), with_hidden: bool = False) -> list[Block]:
    """The blocks of a document or a part of one.

    shown: names of elements to read although browsers do not show them. with_hidden: read also what an attribute hides.
    """
    reader = _read(root, _Reader(_UNSHOWN - shown, with_hidden))
    if may_label_comments(reader.comment_labels):
        comments = comment_parts(root)
        if comments:
            reader = _read(root, _Reader(_UNSHOWN - shown, with_hidden, comments))
    return reader.blocks


def _read(root: HtmlElement, reader: _Reader) -> _Reader:
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            reader.start(element)
        elif event == "end":
            reader.end(element)
        else:
            reader.text(element.tail)
    reader.flush()
    return reader


class _Reader:
    """Collects the text of one block, and what it stands in."""

    def __init__(
        self, unshown: frozenset[str], with_hidden: bool, comments: frozenset[HtmlElement] = frozenset()
    ) -> None:
        self.blocks: list[Block] = []
        self.comment_labels: list[str] = []
        self._unshown = unshown
        self._with_hidden = with_hidden
        self._known_comments = comments
        self._pieces: list[str] = []
        self._linked = 0  # characters
        self._links = 0  # open ones
        self._leads_away = False
        self._around: list[tuple[int, HtmlElement]] = []  # open elements that begin a line, each with its number
        self._elements = 0
        self._skipped: HtmlElement | None = None
        self._comments: HtmlElement | None = None
        self._heading: HtmlElement | None = None
        self._heading_begun = False  # a block of it is there

    def start(self, element: HtmlElement) -> None:
        if self._skipped is not None:
            return
        if self._is_unshown(element) or (not self._with_hidden and _is_hidden(element)):
            self._skipped = element
            return
        if element.tag not in _INLINE:
            self.flush()
            self._elements += 1
            self._around.append((self._elements, element))
            if self._comments is None and (element in self._known_comments or _is_aside(element)):
                self._comments = element
            if self._heading is None and element.tag in _HEADINGS:
                self._heading, self._heading_begun = element, False
        else:
            if element.tag == "a":
                self._links += 1
                self._leads_away |= _leads_away(element.get("href"))
            if _stands_apart(element):
                self.text(" ")
        self.text(element.text)

    def _is_unshown(self, element: HtmlElement) -> bool:
        # A declarative shadow root is shown (HTML standard, 4.12.3), any other template is not.
        return element.tag in self._unshown and not (element.tag == "template" and element.get("shadowrootmode"))

    def end(self, element: HtmlElement) -> None:
        if self._skipped is not None:
            if element is not self._skipped:
                return
            self._skipped = None
        elif element.tag not in _INLINE:
            self.flush()
            self._around.pop()
            if element.tag in _HEADERS and self._comments is None:
                self._comments = self._headed(element)
            if element is self._comments:
                self._comments = None
            if element is self._heading:
                self._heading = None
        elif element.tag == "a":
            self._links -= 1
        self.text(element.tail)

    def _headed(self, header: HtmlElement) -> HtmlElement | None:
        """The element of the comments if this is their header and stands in it: what follows there is comments."""
        around = header.getparent()
        if around is None or around.tag in _PAGE_PARTS or not self.blocks:
            return None
        return around if is_comments_header(self.blocks[-1].text) else None

    def text(self, text: str | None) -> None:
        if text and self._skipped is None:
            self._pieces.append(text)
            label = comment_label(text)
            if label:
                self.comment_labels.append(label)
            if self._links > 0:
                self._linked += len(text.strip())

    def flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self._pieces)).strip()
        if text:
            level = 0 if self._heading is None else int(self._heading.tag[1])
            goes_on = level > 0 and self._heading_begun
            linked = min(1.0, self._linked / len(text))
            self.blocks.append(
                Block(text, linked, self._comments is not None, *self._place(), level, goes_on, self._leads_away)
            )
            self._heading_begun = True
        self._pieces.clear()
        self._linked = 0
        self._leads_away = False

    def _place(self) -> tuple[tuple[str, ...], int]:
        names = (f"{one.tag} {(one.get('class') or '')[:_MAX_NAME_CHARS]}" for _, one in self._around[-_PLACE_DEPTH:])
        return tuple(names), self._around[-2][0] if len(self._around) > 1 else 0


def _leads_away(address: str | None) -> bool:
    return bool(address and "#" not in address and not address.startswith("javascript:"))


def _stands_apart(element: HtmlElement) -> bool:
    """Does an element of a line follow another one without a blank, which style sheets put there: two buttons, two named spans?"""
    before = element.getprevious()
    if before is None or before.tail or not isinstance(before.tag, str):
        return False
    if "button" in (element.tag, before.tag):
        return True
    named = element.get("class"), before.get("class")
    return element.tag in _APART and before.tag in _APART and all(named) and named[0] != named[1]


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style[:_MAX_NAME_CHARS]))


def _is_aside(element: HtmlElement) -> bool:
    if element.tag in _PAGE_PARTS:
        return False
    if element.get("itemprop") in _COMMENT_PROPERTIES or _COMMENT_TYPE.search(element.get("itemtype") or ""):
        return True
    names = f"{element.get('id') or ''} {element.get('class') or ''}"[:_MAX_NAME_CHARS]
    return len(names) > 1 and any(named.search(names) for named in (_COMMENTS, _WIDGETS, _BANNERS))

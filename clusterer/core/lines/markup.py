"""Markup in what claims to be plain text, as feeds send it: tags, comments, CDATA, and entities, also escaped twice.

Only names of HTML elements count as tags, so that "a < b", "<name withheld>" and "x<b and c>y" stay. Takes time linear in the text.
"""

from __future__ import annotations

import html
import re

_BLOCK_NAMES = """
    address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    head header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead title tr ul
"""
_REPLACED_NAMES = "audio button canvas embed iframe img input object option picture select source svg track video"
_INLINE_NAMES = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label link mark meta noscript nobr param q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr
"""
_BLOCKS, _REPLACED, _INLINE = map(frozenset, map(str.split, (_BLOCK_NAMES, _REPLACED_NAMES, _INLINE_NAMES)))
# Possessive: a tag is read once, up to the next "<" at most.
_TAG = re.compile(r"</?([a-zA-Z][\w:-]*+)((?:\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)?+)/?>")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_UNSHOWN = tuple(
    (end, re.compile(rf"{start}.*?{end}", re.DOTALL | re.IGNORECASE))
    for start, end in (("<!--", "-->"), (r"<script\b", "</script>"), (r"<style\b", "</style>"))
)
# Shortcodes of WordPress that a feed did not fill in; a caption goes with its picture. An image in Markdown is one too.
_SHORTCODE = re.compile(
    r"\[caption\s[^\[\]]{1,300}\][^\[]{0,1000}\[/caption\]|\[[a-z][\w-]{2,30}(?:\s+[\w-]{1,30}=(?:\"[^\"\[\]]{0,300}\"|'[^'\[\]]{0,300}'|[\w.,-]{1,60})){1,12}\s*/?\]"
    r"|\[/(?:caption|gallery|embed|video|audio|playlist|vc_[a-z_]{2,30}|et_pb_[a-z_]{2,30})\]|!\[[^\[\]]{0,200}\]\([^()\s]{1,500}\)"
)
# As browsers do, with anything behind the name of an end tag (HTML standard, 13.2.5.17). Structured data may name scripts in its texts.
_NO_TEXT_ELEMENTS = tuple(
    (
        re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE),
        re.compile(
            rf"<{name}\b(?P<kept>[^>]{{0,200}}ld\+json)?.*?</{name}(?=[\s/>])[^>]*+>?", re.DOTALL | re.IGNORECASE
        ),
    )
    for name in ("style", "script")
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_PAGE = re.compile(r"\s*+(?:<\?xml[^<>]*>\s*+)?(?:<!--[^<>]*-->\s*+)*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
# A line end as JSON writes it, behind a sentence; "C:\new" is a path.
_ESCAPED_END = re.compile(
    r"(?<=[.!?…»”\"')\]>。！？।])\s?(?:\\r)?\\n(?:(?:\\r)?\\n)*+(?![a-z])|(?:(?:\\r)?\\n){2,}|\\r\\n"
)
_ESCAPED_SIGN = re.compile(r"\\([\"/])")
_ENDLESS = frozenset(
    ("br", "hr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "img", "input", "wbr", "col", "source")
)
_MAX_ESCAPES = 3


def is_page(text: str) -> bool:
    """Whether a whole HTML document stands where plain text is expected."""
    return _PAGE.match(text) is not None


def without_markup(text: str) -> str:
    """The text with entities resolved, tags and shortcodes gone; where a block began or ended there is a line break."""
    text = _unescaped(_without_escapes(text))
    if "[" in text:
        text = _SHORTCODE.sub(" ", text)
    if "<" not in text and "]]>" not in text:
        return text
    text = _CDATA.sub("", text)
    for end, passage in _UNSHOWN:
        # Up to the last end only, so that every search for an end finds one, and the time stays linear.
        upto = max(text.rfind(end), text.rfind(end.upper())) + len(end)
        text = passage.sub("", text[:upto]) + text[upto:] if upto >= len(end) else text
    if "</" not in text and not any(map(_is_markup, _TAG.finditer(text))):
        return text  # tags without an end are spoken about
    return _TAG.sub(_in_place_of, text)


def _is_markup(tag: re.Match[str]) -> bool:
    """Does a tag need no end tag to be one, or has it attributes?"""
    name = tag.group(1).lower()
    return bool(tag.group(2).strip(" \t\r\n/")) or tag.group().endswith("/>") or name in _ENDLESS or ":" in name


def _without_escapes(text: str) -> str:
    """The text as it was before it was written into JSON once too often, where line ends in it show that."""
    if "\\" not in text or _ESCAPED_END.search(text) is None:
        return text
    text = _ESCAPED_END.sub("\n", text)
    return _ESCAPED_SIGN.sub(r"\1", text)


def _in_place_of(tag: re.Match[str]) -> str:
    name, attributes = tag.group(1).lower(), tag.group(2)
    if attributes.strip(" \t\r\n/") and "=" not in attributes:
        return tag.group()
    if name in _BLOCKS:
        return "\n"
    if name in _REPLACED or ":" in name or name.startswith("amp-"):
        return " "
    return "" if name in _INLINE else tag.group()


def _unescaped(text: str) -> str:
    for _ in range(_MAX_ESCAPES):
        plain = _ENTITY.sub(lambda found: html.unescape(found.group()), text) if "&" in text else text
        if plain == text:
            break
        text = plain
    return text


def without_scripts(html: str, with_data: bool = True) -> str:
    """The page without scripts and styles, which may be most of it. with_data: JSON-LD stays."""
    for end, element in _NO_TEXT_ELEMENTS:
        # Up to the last end only, so that every search for an end finds one, and the time stays linear.
        upto = max((found.end() for found in end.finditer(html)), default=0)
        html = (
            element.sub(lambda found: found.group() if found["kept"] and with_data else " ", html[:upto]) + html[upto:]
        )
    return html

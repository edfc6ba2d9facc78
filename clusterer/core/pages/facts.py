"""What a page says about itself: schema.org in JSON-LD, Open Graph and `link` elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from clusterer.core.lines.headline import site_named
from clusterer.core.lines.markup import without_markup, without_scripts

_READ_CHARS = 1_000_000
_HEAD_CHARS = 200_000  # facts beyond are not looked for
_MAX_JSON_CHARS = 500_000
_MAX_NODES = 500  # of one JSON-LD script
_HEAD_END = re.compile(r"</head\s*>|<body\b", re.IGNORECASE)
_DATA = re.compile(r"<script\b[^>]{0,200}ld\+json.*?</script", re.IGNORECASE | re.DOTALL)
_ARTICLE_TYPE = re.compile(r"Article$|^(?:BlogPosting|Report|LiveBlogPosting|ReportageNewsArticle)$")
_PAGE_TYPE = re.compile(r"Page$|^(?:HowTo|Recipe|VideoObject|AudioObject|PodcastEpisode|CreativeWork|Review)$")
_MAX_PARTS = 2_000  # of one description of steps
_HOW_TO_TYPE = re.compile(r"^HowTo$")
_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date.issued", "dc.date", "dcterms.created",
    "dcterms:created", "dc.date.created", "pubdate", "parsely-pub-date", "sailthru.date", "publish-date", "publishdate", "publish_date",
    "og:published_time", "cxenseparse:recs:publishtime", "shareaholic:article_published_time", "rnews:datepublished", "article:published",
    "originalpublicationdate", "article_date_original", "publication_date", "published_date", "published_time", "date_published",
    "dcterms.issued", "dcterms.date", "dc.date.publication", "dc.created", "citation_publication_date", "datecreated", "uploaddate",
)  # fmt: skip
_TITLE_NAMES = ("og:title", "twitter:title", "headline", "parsely-title", "sailthru.title", "dc.title", "title")
_LEAD_NAMES = ("og:description", "description", "twitter:description")
_MAX_TITLE_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Canonical URL (absolute), name of the site and language as written, None where there is none; times of publication as written,
    the most trustworthy first."""

    url: str | None = None
    site: str | None = None
    published: tuple[str, ...] = ()
    lang: str | None = None


def page_facts(html: str, base: str | None = None) -> PageFacts:
    """The facts of a page, read from its head, and the name of the site also from structured data in its body. base: where it was
    fetched, if known."""
    page, head_chars = _divided(html)
    root = parsed(page[:head_chars])
    if root is None:
        return PageFacts()
    metas = _metas(root)
    canonical = next(
        (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"), None
    )
    url = _url(canonical, base) or _url(metas.get("og:url"), base)
    return PageFacts(
        url=url,
        site=_line(
            metas.get("og:site_name")
            or _publisher(root)
            or metas.get("application-name")
            or site_named(" ".join(root.findtext(".//title", "").split()), base or url)
            or metas.get("publisher")
            or _publisher(data_scripts(page, head_chars))
        ),
        published=(*published_in_data(root), *(metas[name] for name in _DATE_NAMES if name in metas)),
        lang=_line(root.get("lang") or metas.get("content-language") or metas.get("og:locale")),
    )


def _divided(html: str) -> tuple[str, int]:
    """The page and the length of its head; without scripts where its head seems to end in one, or is long for them."""
    end = _HEAD_END.search(html, 0, _HEAD_CHARS)
    head = html[: end.start() if end else 0].lower()
    if end is not None and head.rfind("<script") <= head.rfind("</script"):
        return html, len(head)
    page = without_scripts(html[:_READ_CHARS])
    end = _HEAD_END.search(page, 0, _HEAD_CHARS)
    return page, end.start() if end else _HEAD_CHARS


def data_scripts(page: str, start: int = 0) -> HtmlElement | None:
    """A tree of the JSON-LD scripts from there on, None if there are none."""
    end = page.rfind("</script", start, _READ_CHARS)  # every search for an end finds one, so that the time stays linear
    return (
        parsed("".join(f"{data}>" for data in _DATA.findall(page, start, end + len("</script")))) if end > 0 else None
    )


def parsed(html: str) -> HtmlElement | None:
    """The tree of a page or of its head, None if there is nothing in it."""
    try:
        # Bytes, since a string with an encoding declaration is refused; a parser of its own, since they are not shared by threads.
        # Without comments, since trafilatura loses what stands behind one in a paragraph, as React and others write them.
        data = html.replace("\x00", "").encode("utf-8", "replace")
        return document_fromstring(data, parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def published_in_data(root: HtmlElement) -> list[str]:
    """When the JSON-LD says that the article was published, before what it says of the page or of a video on it."""
    nodes = [node for node in _json_nodes(root) if _is_article(node)] + [
        node for node in _json_nodes(root) if _is_of_type(node, _PAGE_TYPE)
    ]
    times = (node.get("datePublished") or node.get("dateCreated") or node.get("uploadDate") for node in nodes)
    return [str(time) for time in times if time]


def stated_titles(root: HtmlElement) -> tuple[list[str], str]:
    """What a page's head and its markup call the article, each in one line, and the name of the site ('' where none is stated)."""
    metas = _metas(root)
    stated = [metas[name] for name in _TITLE_NAMES if name in metas]
    stated += [str(node["headline"]) for node in _json_nodes(root) if _is_article(node) and node.get("headline")][:1]
    stated += ["".join(title.itertext()) for title in islice(root.iter("title"), 1)]
    lines = (" ".join(without_markup(title[:_MAX_TITLE_CHARS]).split()) for title in stated)
    return [line for line in lines if line], metas.get("og:site_name", "")


def stated_lead(root: HtmlElement) -> str:
    """What a page's head says the article is about, in one line, '' where it says nothing."""
    metas = _metas(root)
    return " ".join(without_markup(next((metas[name] for name in _LEAD_NAMES if name in metas), "")).split())


def _metas(root: HtmlElement) -> dict[str, str]:
    """What `meta` elements say, by their names in lower case; of several of one name the first."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        content = (meta.get("content") or "").strip()
        if name and content:
            metas.setdefault(name, content)
    return metas


def article_body(root: HtmlElement) -> str:
    """The longest `articleBody`, or steps of a `HowTo`, that the page's JSON-LD or a `meta` holds, without markup, '' if there is none."""
    bodies = [body for node in _json_nodes(root) for body in (node.get("articleBody"), _steps(node))]
    bodies.append(_metas(root).get("articlebody"))
    return max((without_markup(body).strip() for body in bodies if isinstance(body, str)), key=len, default="")


def _steps(node: dict[str, Any]) -> str:
    """What a `HowTo` says to do, step by step, a line each; steps may stand in sections."""
    waiting: list[Any] = [node.get("description"), node.get("step")] if _is_of_type(node, _HOW_TO_TYPE) else []
    lines: list[str] = []
    for _ in range(_MAX_PARTS):
        if not waiting:
            break
        part = waiting.pop(0)
        if isinstance(part, str):
            lines.append(part)
        elif isinstance(part, list):
            waiting[:0] = part[:_MAX_PARTS]
        elif isinstance(part, dict):
            waiting[:0] = [part.get("text") or part.get("name"), part.get("itemListElement"), part.get("step")]
    return "\n".join(lines)


def _json_nodes(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of all JSON-LD scripts, outer ones first."""
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > _MAX_JSON_CHARS:
            continue
        try:
            # Not as strict as the standard: sites write line ends and tabs into strings as they are.
            waiting: list[Any] = [json.loads(text.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)]
        except (ValueError, RecursionError):
            continue
        for node in waiting:
            if isinstance(node, dict):
                yield node
            if isinstance(node, dict | list) and len(waiting) < _MAX_NODES:
                waiting.extend(node.values() if isinstance(node, dict) else node)


def _is_article(node: dict[str, Any]) -> bool:
    return _is_of_type(node, _ARTICLE_TYPE)


def _is_of_type(node: dict[str, Any], types: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(kind, str) and types.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _publisher(root: HtmlElement | None) -> str | None:
    """Who publishes the article by the structured data, which may name them elsewhere under an id."""
    nodes = list(_json_nodes(root)) if root is not None else []
    for node in filter(_is_article, nodes):
        publisher = node.get("publisher")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        if isinstance(publisher, dict):
            known = [
                publisher,
                *(other for other in nodes if publisher.get("@id") and other.get("@id") == publisher["@id"]),
            ]
            name = next(
                (one["name"] for one in known if isinstance(one.get("name"), str) and one["name"].strip()), None
            )
            if name:
                return str(name)
    return None


def _url(value: str | None, base: str | None) -> str | None:
    try:
        url = urljoin(base or "", (value or "").strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return _line(url) if parts.scheme in ("http", "https") and parts.netloc else None


def _line(value: str | None) -> str | None:
    line = " ".join((value or "").split())
    return line if 0 < len(line) <= 2_000 and line.isprintable() else None

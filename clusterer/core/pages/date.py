"""When a page was published, where its head does not say: its markup, its URL, and dates that people read on it.

What stands beside the headline comes before what htmldate (Barbaresi 2020) finds elsewhere on the page, a date of a modification perhaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice, zip_longest

from lxml.html import HtmlElement

from clusterer.core.lines.stamps import is_date_line
from clusterer.core.pages.blocks import Block, blocks_of
from clusterer.core.pages.facts import data_scripts, parsed, published_in_data
from clusterer.core.url_dates import day_in_url

_MAX_CHARS = 400_000  # what stands beyond is not looked at, but for structured data
# What schema.org, Dublin Core, hAtom and h-entry call it, in lower case.
_PROPERTIES = frozenset(
    ("datepublished", "schema:datepublished", "dc:created", "datecreated", "schema:datecreated", "uploaddate")
)
_CLASSES = frozenset(("published", "dt-published"))
_VALUES = ("content", "datetime", "title")  # of an element, before its text
_MAX_MARKS = 20
_MAX_HEADLINES = 3
_ABOVE, _BELOW = 4, 8  # blocks of a headline in which its date may stand
_MAX_LINE_CHARS = 80
_FIGURE = re.compile(r"\d")


def times_on_page(html: str, url: str | None, latest: datetime) -> Iterator[str]:
    """Times of publication as the page writes them, the most trustworthy first; lazily, since the last take longest.

    A day that only the URL or the visible text names comes with the time that an element `time` gives for it, if one does.
    latest: days after it are not meant.
    """
    data = data_scripts(html)
    yield from published_in_data(data) if data is not None else ()
    root = parsed(html[:_MAX_CHARS])
    if root is None:
        return
    yield from islice(_marked(root), _MAX_MARKS)
    named = day_in_url(url, latest)
    day = named.date().isoformat() if named else None
    if not day:
        yield from _beside_headline(blocks_of(root))
        day = _day_read(root, latest.date())
    if day:
        moments = (time.get("datetime") or "" for time in root.iter("time"))
        yield from (moment for moment in moments if moment.startswith(day))
        yield day


def _marked(root: HtmlElement) -> Iterator[str]:
    """What elements hold that are marked as the time of publication."""
    for element in root.iter("abbr", "div", "meta", "p", "span", "time"):
        properties = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().split()
        classes = (element.get("class") or "").lower().split()
        is_marked = not (_PROPERTIES.isdisjoint(properties) and _CLASSES.isdisjoint(classes))
        if is_marked or (element.tag == "time" and element.get("pubdate") is not None):
            yield next((value for name in _VALUES if (value := element.get(name))), None) or element.text_content()


def _beside_headline(blocks: Sequence[Block]) -> Iterator[str]:
    """The lines around the first headings of the first level that are dates, the closest first."""
    for at in islice((i for i, block in enumerate(blocks) if block.level == 1), _MAX_HEADLINES):
        around = blocks[max(0, at - _ABOVE) : at][::-1], blocks[at : at + _BELOW + 1]
        lines = (block.text for pair in zip_longest(*around) for block in pair if block is not None)
        yield from (
            line for line in lines if len(line) <= _MAX_LINE_CHARS and _FIGURE.search(line) and is_date_line(line)
        )


def _day_read(root: HtmlElement, latest: date) -> str | None:
    from htmldate import find_date  # slow to import

    try:
        day: str | None = find_date(root, extensive_search=False, original_date=True, max_date=latest.isoformat())
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):  # it meets all that pages may hold
        return None
    return day

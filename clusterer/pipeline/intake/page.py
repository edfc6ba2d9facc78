"""What a client left out and the page in `html` gives: URL, outlet, time of publication, language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain
from typing import TypeVar

from clusterer.core.model import Article
from clusterer.core.pages.date import times_on_page
from clusterer.core.pages.facts import page_facts
from clusterer.core.url_dates import day_in_url
from clusterer.pipeline.intake.fields import Unreadable, read_language, read_line, read_url
from clusterer.pipeline.intake.times import read_time

_MAX_LINE_CHARS = 2_000
T = TypeVar("T")


def completed(article: Article, now: datetime) -> tuple[str | None, str | None, datetime | None, str | None]:
    """URL, source, time of publication and language: the article's own, else those of its page, else None.

    A page is asked only where it is the article's text. What of it cannot be read is left out.
    """
    own = (article.url, article.source, article.published_at, article.lang)
    if article.html is None or (article.text or "").strip() or None not in own:
        return article.url, article.source, article.published_at or day_in_url(article.url, now), article.lang
    facts = page_facts(article.html, article.url)
    url = article.url or _read(lambda: read_url(facts.url, _MAX_LINE_CHARS))
    return (
        url,
        article.source or _read(lambda: read_line(facts.site, _MAX_LINE_CHARS)),
        article.published_at or _published(article.html, url, facts.published, now),
        article.lang or _read(lambda: read_language(facts.lang)),
    )


def _published(html: str, url: str | None, stated: Iterable[str], now: datetime) -> datetime | None:
    """The first time that can be read: of those that the head states, then of those that the page holds."""
    times = chain(stated, times_on_page(html, url, now))
    return next(filter(None, (_time(time, now) for time in times)), None)


def _time(time: str, now: datetime) -> datetime | None:
    return _read(lambda: read_time(time, now))


def _read(reader: Callable[[], T | None]) -> T | None:
    try:
        return reader()
    except Unreadable:
        return None

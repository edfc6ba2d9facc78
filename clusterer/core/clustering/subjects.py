"""What an article is about, by its stored words: what tells it from another one of the same form or column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clusterer.core.calendar import is_calendar_word
from clusterer.core.copies.contrast import Particulars, contrast, has_another_form
from clusterer.core.copies.series import Issue, another_issue, issue_of
from clusterer.core.evidence.evidence import LEAD, NAME, NUMBER, TITLE, Sparse

_LEAST_HEADED = 4.0  # nats; commoner words of a title do not say what it is about
_LEAST_HEADED_WITHOUT_NAMES = 3.0  # where the script has no capitals, well-known places and teams are among these words


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is about, as far as it can be told apart from others by it."""

    particulars: Particulars
    issue: Issue


def subject_of(sparse: Sparse, heading: str, source: str | None, published_at: datetime | None) -> Subject:
    """From the stored words of an article, its title, and where and when it appeared."""
    return Subject(particulars(sparse), issue_of(heading, sparse.terms, source, published_at))


def two_things(one: Subject, other: Subject) -> bool:
    """Whether two articles are reports of two things made from one form, or two issues of one column."""
    differs = contrast(one.particulars, other.particulars)
    return differs.other_thing or another_issue(one.issue, other.issue, differs)


def particulars(sparse: Sparse) -> Particulars:
    """The stored words of an article, by what they say about its subject."""
    names: dict[str, float] = {}
    headed: dict[str, float] = {}
    others: dict[str, float] = {}
    matter: dict[str, float] = {}
    titular: dict[str, float] = {}
    least = _LEAST_HEADED if any(kinds & NAME for kinds in sparse.kinds) else _LEAST_HEADED_WITHOUT_NAMES
    for term, count, kinds, rare in zip(sparse.terms, sparse.counts, sparse.kinds, sparse.rarity, strict=True):
        if " " in term:
            continue
        weight = rare / 16
        calendar = is_calendar_word(term)
        if not kinds & NAME and not calendar:
            matter[term] = weight
        if kinds & NUMBER:
            continue
        named = kinds & NAME and kinds & LEAD and not calendar
        heads = kinds & TITLE and count > 1 and weight >= least
        if named:
            names[term] = weight
            if kinds & TITLE and count > 1:
                titular[term] = weight
        if heads:
            headed[term] = weight
        if not named and not heads:
            others[term] = weight
    titled = any(kinds & TITLE for kinds in sparse.kinds)
    words = frozenset(sparse.terms)
    return Particulars(
        names, headed, others, matter, titular, words, sparse.terms, titled, _topics(sparse), _heading(sparse)
    )


def _heading(sparse: Sparse) -> frozenset[str]:
    """The words of the title that are neither numbers nor days nor common."""
    return frozenset(
        term
        for term, kinds, rare in zip(sparse.terms, sparse.kinds, sparse.rarity, strict=True)
        if kinds & TITLE
        and not kinds & NUMBER
        and " " not in term
        and rare / 16 >= _LEAST_HEADED_WITHOUT_NAMES
        and not is_calendar_word(term)
    )


def _topics(sparse: Sparse) -> dict[str, float]:
    """The words of the title that are no names and stand in the text in some form."""
    rows = tuple(zip(sparse.terms, sparse.counts, sparse.kinds, sparse.rarity, strict=True))
    text = [term for term, _, kinds, _ in rows if not kinds & TITLE]
    return {
        term: rare / 16
        for term, count, kinds, rare in rows
        if kinds & TITLE
        and not kinds & (NAME | NUMBER)
        and rare / 16 >= _LEAST_HEADED_WITHOUT_NAMES
        and not is_calendar_word(term)
        and (count > 1 or has_another_form(term, text))
    }

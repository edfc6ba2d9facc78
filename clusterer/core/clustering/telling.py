"""Pairs of articles that are about two things although much in them agrees (see core.copies.contrast and core.copies.series)."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.columns import Columns, series_numbers
from clusterer.core.clustering.headline_forms import HeadlineForm, headline_form, names_nothing_alike, other_names
from clusterer.core.clustering.subjects import particulars
from clusterer.core.copies.contrast import (
    Contrast,
    Particulars,
    SharedMatter,
    contrast,
    headed_otherwise,
    same_matter,
    shared_matter,
)
from clusterer.core.copies.series import Issue, another_issue, close_in_time, issue_of
from clusterer.core.evidence.evidence import Evidence, Sparse, is_headline
from clusterer.core.evidence.nouns import NOUNS_CAPITALISED
from clusterer.core.language import in_two_languages, primary_language
from clusterer.core.model import Vector
from clusterer.core.scoring.pairs import Floats

TOLD_APART = -12.0  # what such a pair loses of its logit; a few that match well cannot outweigh it
NOTHING_BUT_NAMES = -12.0  # what a pair loses that has names in common and next to nothing of what is told about them
NAMED_APART = -2.5  # what a pair loses that names two things but has less in common
TWICE_BY_ONE = -12.0  # what a pair loses that one source published under titles about two things

_SOMEWHAT_ALIKE = 0.15
ATTRACTED = -2.0  # pairs with a lower logit are apart already
# What updates by one source lack of each other's titles is less in four labelled sets: of the words, and of these and the names together.
_OTHER_TITLE, _OTHER_TITLE_AND_NAMES = 0.45, 1.1
_ENOUGH_MATTER = 8.5  # nats
_RARE = 7.8  # nats; the words of a form are commoner, those of one small matter are not
_ENOUGH_SHARED = 0.3
_ENOUGH_WORDS = 40  # of each, to tell by: two summaries of one event often share nothing but its names
FIRST_ARTICLES = 30  # of a stream, whose nearness to others says nothing yet
_ENOUGH_WORDS_AT_FIRST = 8
# Of all words; of long reports under the same names hardly any of one event share less (1 % in three labelled sets).
_HARDLY_SHARED = 0.08
_FAR_IN_MEANING = 0.5  # cosine; of titled reports of one event hardly any are farther apart
_ENOUGH_WORDS_FROM_FAR = 6  # of each, to tell such a pair by
_MORE_FROM_FAR = 1.5  # by how much more it has to share
_TWICE_WITHIN, _SHORT = timedelta(days=1), 60  # telling words of a text that tells one matter
_KEPT_ARTICLES = 2_000
_KEPT_PAIRS = 100_000


def nothing_but_names(shared: SharedMatter, meaning: float, *, at_first: bool) -> bool:
    """Whether what two titled texts share of words that are no names is next to nothing, seen from the cosine of their embeddings.

    Of texts near in meaning short ones tell only at the beginning of a stream, where there is nothing yet to compare with.
    """
    if at_first and shared.words >= _ENOUGH_WORDS and shared.share < _HARDLY_SHARED:
        return True
    if meaning < _FAR_IN_MEANING:
        asked, words = _MORE_FROM_FAR, _ENOUGH_WORDS_FROM_FAR
    else:
        asked, words = 1.0, _ENOUGH_WORDS_AT_FIRST if at_first else _ENOUGH_WORDS
    return shared.words >= words and shared.nats < _ENOUGH_MATTER * asked and shared.share < _ENOUGH_SHARED * asked


def _other_matter(differs: Contrast) -> bool:
    """Whether neither text has what the title of the other one says."""
    return differs.topics > _OTHER_TITLE or differs.topics + differs.names > _OTHER_TITLE_AND_NAMES


def _under_other_titles(one: _Read, other: _Read, differs: Contrast) -> bool:
    """Whether two texts name nothing alike and share no rare word, and neither says anything of the other one's title, the rubric that
    both may have aside."""
    if differs.named_alike:
        return False
    rubric = one.issue.rubric.split() if one.issue.rubric == other.issue.rubric else []
    mine, its = one.particulars, other.particulars
    shared = [
        weight
        for word, weight in mine.matter.items()
        if word in its.matter and word not in rubric and word not in mine.figures
    ]
    return max(shared, default=0.0) < _RARE and headed_otherwise(mine, its, rubric)


def attracted(logits: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the pairs that are not apart already, each once; logits: symmetric."""
    rows, columns = np.nonzero(np.triu(logits > ATTRACTED, k=1))
    return rows, columns


@dataclass(frozen=True, slots=True)
class _Met:
    """What is kept of every article, as little as can be: there may be a million."""

    heading: str
    source: str | None
    language: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of an article that was compared: its words, what shows that it is one of a series, the embedding of its lead,
    whether it has a title and a text, and how it is worded where it is a headline alone."""

    particulars: Particulars
    issue: Issue
    lead: Vector
    complete: bool
    headline: HeadlineForm | None


class Telling:
    """Remembers what was compared, since neighbourhoods are looked at again and again. For one thread."""

    def __init__(self, sparse_of: Callable[[int], Sparse], lead_of: Callable[[int], Vector]) -> None:
        self._sparse_of = sparse_of
        self._lead_of = lead_of
        self._met: dict[int, _Met] = {}
        self._at_hand: Evidence | None = None
        self._columns = Columns()
        self._read: OrderedDict[int, _Read] = OrderedDict()
        self._pairs: OrderedDict[tuple[int, int], float] = OrderedDict()

    def meet(self, evidence: Evidence, series: tuple[int, ...] | None = None) -> None:
        """Have an article at hand, one that `sparse_of` and `lead_of` need not know before another one is met.

        series: what `series_numbers` gives for it; None where that was not asked yet.
        """
        if evidence.seq not in self._met:
            self._at_hand = evidence
            language = primary_language(evidence.lang)
            self._met[evidence.seq] = _Met(
                evidence.heading,
                evidence.source and sys.intern(evidence.source),
                language and sys.intern(language),
                evidence.published_at,
            )
            if series is None:
                series = series_numbers(evidence.heading, evidence.source)
            self._columns.note(evidence.seq, series, evidence.published_at)

    def series(self, seq: int) -> tuple[int, ...]:
        """Numbers of the series that a met article may belong to."""
        return self._columns.series(seq)

    def forget(self, seqs: Sequence[int]) -> None:
        """Let go of articles."""
        for seq in seqs:
            self._met.pop(seq, None)
            self._read.pop(seq, None)
            self._columns.forget(seq)

    def against(self, one: int, other: int) -> float:
        """What the logit of a pair loses, 0 or below. In two languages one thing has two names, so nothing can be told."""
        if self.two_issues(one, other):
            return TOLD_APART
        pair = (one, other) if one < other else (other, one)
        known = self._pairs.get(pair)
        if known is None:
            known = self._pairs[pair] = self.compare(*pair, at_first=self.at_first)
            if len(self._pairs) > _KEPT_PAIRS:
                self._pairs.popitem(last=False)
        return known

    def _in_two_languages(self, one: int, other: int) -> bool:
        return in_two_languages(self._met[one].language, self._met[other].language)

    def two_issues(self, one: int, other: int) -> bool:
        """Whether two articles are two issues of one column."""
        if not self._columns.share(one, other):
            return False
        near = close_in_time(self._met[one].published_at, self._met[other].published_at)
        return not near and not self._in_two_languages(one, other)

    @property
    def at_first(self) -> bool:
        """Whether there are hardly any articles yet."""
        return len(self._met) <= FIRST_ARTICLES

    def compare(self, one: int, other: int, *, at_first: bool) -> float:
        """What the logit of a pair loses by the words of its articles alone, columns aside; the lower number first."""
        if self._in_two_languages(one, other):
            return 0.0
        left, right = self._of(one), self._of(other)
        differs = contrast(left.particulars, right.particulars)
        if differs.other_thing or another_issue(left.issue, right.issue, differs):
            return TOLD_APART
        if left.headline and right.headline:
            if other_names(left.headline, right.headline):
                return TOLD_APART
            if names_nothing_alike(left.headline, right.headline) and self._by_one_within_a_day(one, other):
                return TWICE_BY_ONE
        if self._nothing_but_names(one, other, at_first):
            return NOTHING_BUT_NAMES
        if at_first and differs.nothing_named_alike and self._told_otherwise(one, other):
            return TOLD_APART
        if (_other_matter(differs) or _under_other_titles(left, right, differs)) and self._twice_by_one(one, other):
            return TWICE_BY_ONE
        return NAMED_APART if differs.differs and differs.others >= _SOMEWHAT_ALIKE else 0.0

    def _twice_by_one(self, one: int, other: int) -> bool:
        """Whether one source published both articles within a day, each with a title and a short text.

        What it reports again it calls by the same words; two matters of one town or court it tells in the same ones. Long articles
        come back to one matter from another side.
        """
        if not self._by_one_within_a_day(one, other):
            return False
        return all(self._of(seq).complete and self._of(seq).particulars.length <= _SHORT for seq in (one, other))

    def _by_one_within_a_day(self, one: int, other: int) -> bool:
        first, second = self._met[one], self._met[other]
        if first.source is None or first.source != second.source:
            return False
        if first.published_at is None or second.published_at is None:
            return False
        return abs(first.published_at - second.published_at) <= _TWICE_WITHIN

    def _told_otherwise(self, one: int, other: int) -> bool:
        """Whether two texts, each with a title, share little beside their names. German nouns are too often taken for names."""
        left, right = self._of(one), self._of(other)
        if not (left.complete and right.complete) or self._nouns_capitalised(one, other):
            return False
        return shared_matter(left.particulars, right.particulars).share < _ENOUGH_SHARED

    def _nouns_capitalised(self, one: int, other: int) -> bool:
        return not NOUNS_CAPITALISED.isdisjoint((self._met[one].language, self._met[other].language))

    def _nothing_but_names(self, one: int, other: int, at_first: bool) -> bool:
        """Whether a pair shares next to none of the words that are no names: the same people or place, and another matter.

        Pieces of one report, which have no titles, can share nothing but its names, and so can two headlines without texts.
        """
        left, right = self._of(one), self._of(other)
        if not (left.complete and right.complete):
            return False
        if self._nouns_capitalised(one, other):
            return False
        meaning = float(left.lead @ right.lead)
        if not nothing_but_names(same_matter(left.particulars, right.particulars), meaning, at_first=at_first):
            return False  # enough is shared before words in other forms are looked for, which takes longer
        return nothing_but_names(shared_matter(left.particulars, right.particulars), meaning, at_first=at_first)

    def lower(self, logits: Floats, seqs: Sequence[int]) -> None:
        """Lower the logits of pairs about two things in place; symmetric, shape (n, n)."""
        rows, columns = attracted(logits)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            against = self.against(seqs[row], seqs[column])
            logits[row, column] += against
            logits[column, row] += against

    def lowered_pair(self, logit: float, one: int, other: int) -> float:
        """The logit of a pair, lower if it is about two things."""
        return logit + self.against(one, other) if logit > ATTRACTED else logit

    def lowered(self, logits: Floats, seq: int, seqs: Sequence[int]) -> Floats:
        """Logits of one article with others, shape (n,), those of pairs about two things lowered."""
        lowered = logits.copy()
        for place in np.flatnonzero(logits > ATTRACTED).tolist():
            lowered[place] += self.against(seq, seqs[place])
        return lowered

    def _of(self, seq: int) -> _Read:
        return self._read.get(seq) or self._take(seq)

    def _take(self, seq: int) -> _Read:
        at_hand, met = self._at_hand, self._met[seq]
        if at_hand is not None and at_hand.seq == seq:
            sparse, lead = at_hand.sparse, at_hand.lead
        else:
            sparse, lead = self._sparse_of(seq), self._lead_of(seq)
        words, issue = particulars(sparse), issue_of(met.heading, sparse.terms, met.source, met.published_at)
        headline = headline_form(met.heading, met.language) if is_headline(sparse) else None
        complete = words.titled and headline is None
        found = self._read[seq] = _Read(words, issue, lead, complete, headline)
        if len(self._read) > _KEPT_ARTICLES:
            self._read.popitem(last=False)
        return found

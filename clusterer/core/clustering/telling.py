"""Pairs of articles that are about two things although much in them agrees (see core.copies.contrast and core.copies.series)."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from clusterer.core.clustering.evidence import LEAD, NAME, NUMBER, TITLE, Evidence, Sparse, is_headline
from clusterer.core.clustering.pairs import Floats
from clusterer.core.copies.calendar import is_calendar_word
from clusterer.core.copies.contrast import Particulars, SharedMatter, contrast, shared_matter
from clusterer.core.copies.series import Issue, another_issue, close_in_time, issue_of, keeps_coming
from clusterer.core.language import in_two_languages, primary_language
from clusterer.core.model import Vector

TOLD_APART = -12.0  # what such a pair loses of its logit; a few that match well cannot outweigh it
NOTHING_BUT_NAMES = -12.0  # what a pair loses that has names in common and next to nothing of what is told about them
NAMED_APART = -2.5  # what a pair loses that names two things but has less in common

_SOMEWHAT_ALIKE = 0.15
_ATTRACTED = -2.0  # pairs with a lower logit are apart already
_LEAST_HEADED = 4.0  # nats; commoner words of a title do not say what it is about
_NOUNS_CAPITALISED = frozenset(("de", "lb", "nds"))
_ENOUGH_MATTER = 8.5  # nats
_ENOUGH_SHARED = 0.3
_ENOUGH_WORDS = 8  # of each, to tell by
_FAR_IN_MEANING = 0.5  # cosine; of titled reports of one event hardly any are farther apart
_MORE_FROM_FAR = 1.5  # by how much more such a pair has to share, and by how much fewer words tell
_KEPT_ARTICLES = 2_000
_KEPT_PAIRS = 100_000


def particulars(sparse: Sparse) -> Particulars:
    """The stored words of an article, by what they say about its subject."""
    names: dict[str, float] = {}
    headed: dict[str, float] = {}
    others: dict[str, float] = {}
    matter: dict[str, float] = {}
    for term, count, kinds, rare in zip(sparse.terms, sparse.counts, sparse.kinds, sparse.rarity, strict=True):
        if " " in term:
            continue
        weight = rare / 16
        if not kinds & NAME and not is_calendar_word(term):
            matter[term] = weight
        if kinds & NUMBER:
            continue
        named = kinds & NAME and kinds & LEAD
        heads = kinds & TITLE and count > 1 and weight >= _LEAST_HEADED
        if named:
            names[term] = weight
        if heads:
            headed[term] = weight
        if not named and not heads:
            others[term] = weight
    titled = any(kinds & TITLE for kinds in sparse.kinds)
    return Particulars(names, headed, others, matter, frozenset(sparse.terms), sparse.terms, titled)


def nothing_but_names(shared: SharedMatter, meaning: float) -> bool:
    """Whether what two titled texts share of words that are no names is next to nothing, seen from the cosine of their embeddings."""
    asked = _MORE_FROM_FAR if meaning < _FAR_IN_MEANING else 1.0
    return (
        shared.words * asked >= _ENOUGH_WORDS
        and shared.nats < _ENOUGH_MATTER * asked
        and shared.share < _ENOUGH_SHARED * asked
    )


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


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of an article that was compared: its words, the embedding of its lead, and whether it has a title and a text."""

    particulars: Particulars
    lead: Vector
    complete: bool


class Telling:
    """Remembers what was compared, since neighbourhoods are looked at again and again. For one thread."""

    def __init__(self, sparse_of: Callable[[int], Sparse], lead_of: Callable[[int], Vector]) -> None:
        self._sparse_of = sparse_of
        self._lead_of = lead_of
        self._issues: dict[int, Issue] = {}
        self._languages: dict[int, str | None] = {}
        self._series: defaultdict[str, dict[int, datetime]] = defaultdict(dict)
        self._columns: set[str] = set()
        self._read: OrderedDict[int, _Read] = OrderedDict()
        self._pairs: OrderedDict[tuple[int, int], float] = OrderedDict()

    def meet(self, evidence: Evidence) -> None:
        """Have an article at hand, one that `sparse_of` and `lead_of` may not know yet."""
        if evidence.seq not in self._issues:
            words = evidence.sparse.terms
            issue = issue_of(evidence.heading, words, evidence.source, evidence.published_at)
            self._issues[evidence.seq] = issue
            self._languages[evidence.seq] = primary_language(evidence.lang)
            self._take(evidence.seq, evidence.sparse, evidence.lead)
            if issue.published_at:
                for name in issue.series:
                    self._note(name, evidence.seq, issue.published_at)

    def forget(self, seqs: Sequence[int]) -> None:
        """Let go of articles."""
        for seq in seqs:
            self._read.pop(seq, None)
            self._languages.pop(seq, None)
            issue = self._issues.pop(seq, None)
            for name in issue.series if issue else ():
                self._series[name].pop(seq, None)
                if not self._series[name]:
                    del self._series[name]
                    self._columns.discard(name)

    def against(self, one: int, other: int) -> float:
        """What the logit of a pair loses, 0 or below. In two languages one thing has two names, so nothing can be told."""
        if in_two_languages(self._languages.get(one), self._languages.get(other)):
            return 0.0
        if self._in_column(one, other):
            return TOLD_APART
        pair = (one, other) if one < other else (other, one)
        known = self._pairs.get(pair)
        if known is None:
            known = self._pairs[pair] = self._compared(*pair)
            if len(self._pairs) > _KEPT_PAIRS:
                self._pairs.popitem(last=False)
        return known

    def _note(self, name: str, seq: int, published_at: datetime) -> None:
        self._series[name][seq] = published_at
        if name not in self._columns and keeps_coming(self._series[name].values()):
            self._columns.add(name)

    def _in_column(self, one: int, other: int) -> bool:
        left, right = self._issues[one], self._issues[other]
        shared = self._columns.intersection(left.series, right.series)
        return bool(shared) and not close_in_time(left, right)

    def _compared(self, one: int, other: int) -> float:
        differs = contrast(self._of(one).particulars, self._of(other).particulars)
        if differs.other_thing or another_issue(self._issues[one], self._issues[other], differs):
            return TOLD_APART
        if self._nothing_but_names(one, other):
            return NOTHING_BUT_NAMES
        return NAMED_APART if differs.differs and differs.others >= _SOMEWHAT_ALIKE else 0.0

    def _nothing_but_names(self, one: int, other: int) -> bool:
        """Whether a pair shares next to none of the words that are no names: the same people or place, and another matter.

        Pieces of one report, which have no titles, can share nothing but its names, and so can two headlines without texts.
        """
        left, right = self._of(one), self._of(other)
        if not (left.complete and right.complete):
            return False
        if not _NOUNS_CAPITALISED.isdisjoint((self._languages.get(one), self._languages.get(other))):
            return False
        return nothing_but_names(shared_matter(left.particulars, right.particulars), float(left.lead @ right.lead))

    def lower(self, logits: Floats, seqs: Sequence[int]) -> None:
        """Lower the logits of pairs about two things in place; symmetric, shape (n, n)."""
        rows, columns = np.nonzero(np.triu(logits > _ATTRACTED, k=1))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            against = self.against(seqs[row], seqs[column])
            logits[row, column] += against
            logits[column, row] += against

    def lowered(self, logits: Floats, seq: int, seqs: Sequence[int]) -> Floats:
        """Logits of one article with others, shape (n,), those of pairs about two things lowered."""
        lowered = logits.copy()
        for place in np.flatnonzero(logits > _ATTRACTED).tolist():
            lowered[place] += self.against(seq, seqs[place])
        return lowered

    def _of(self, seq: int) -> _Read:
        return self._read.get(seq) or self._take(seq, self._sparse_of(seq), self._lead_of(seq))

    def _take(self, seq: int, sparse: Sparse, lead: Vector) -> _Read:
        words = particulars(sparse)
        found = self._read[seq] = _Read(words, lead, complete=words.titled and not is_headline(sparse))
        if len(self._read) > _KEPT_ARTICLES:
            self._read.popitem(last=False)
        return found

"""How a decision is told to a person who knows nothing of how its figures come about: alike on pages, in the API and in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from clusterer.core.scoring.reasons import Term
from clusterer.pipeline.lookup.views import DecisionView, DuplicateView, RelationView

if TYPE_CHECKING:
    from clusterer.core.model import DocumentKind


_RELATIONS = {
    "exact": "the same text",
    "near": "nearly the same text",
    "excerpt_of": "an excerpt",
    "version_of": "a later version",
    "same_template": "another article made in the same form",
}
_GROUPS = (  # the terms, what they are called where they count for and where they count against, and a note
    (("words",), "Words in common", "Words in common", "rare words, names and numbers in both"),
    (
        ("words_standing_low", "words_standing_high"),
        "More words in common than with other reports",
        "No more words in common than with other reports",
        "other reports: those nearest in subject to the two",
    ),
    (
        ("meaning_standing_low", "meaning_standing_high"),
        "Closer in meaning than to other reports",
        "No closer in meaning than to other reports",
        "measured against the same reports",
    ),
    (
        ("days_apart", "late"),
        "Days apart",
        "Days apart",
        "reports of one event mostly come close together",
    ),
    (
        ("prevalence",),
        "Second reports are usual here",
        "Extra caution with small clusters",
        "few events here get a second report, so one has to come closer before it joins a cluster of one or two",
    ),
    (
        ("told_apart",),
        "Each names something else",
        "Each names something else",
        "a rule: what is made alike and about two things, or two issues of a column, is two events",
    ),
    (("date_unknown",), "A date is not known", "A date is not known", "so the time between them is unknown"),
    (
        ("brief",),
        "Little more than a headline is known",
        "Little more than a headline is known",
        "so less in common is expected of two reports",
    ),
)
_RULES = {
    "nothing_to_compare": "It has no text that could be compared, so it is a cluster of its own.",
    "no_candidates": "No similar article was known when it came, so it began a cluster.",
    "must_link": "A person linked it with an article of this cluster.",
    "cannot_link": "A person decided that it does not belong to the nearest cluster.",
}
_LIKELY = (
    (90, "almost certainly"),
    (70, "very likely"),
    (50, "probably"),
    (25, "perhaps"),
    (15, "possibly, though not likely,"),
)  # from so many of a hundred on
_EVENT_DAYS = 3.0  # reports further apart are told as of one story, since what is new by then may be another event
_WEEK = 7.0  # days
_MONTH = 30.4
_SAME_MONTH = "the same month or nearly, as far as an address without a day says"
_FEW, _FEW_AT_LEAST = 10, 3  # one article in ten, of more than three, may be a stray
_LITTLE = 3  # things that two articles both mention
_CHANCE = 0.2  # of a text; two writers have less in common word for word
_ON_AVERAGE = " on average over the articles there"
START = "Caution, the same for all pairs"
_START_NOTE = "two articles taken at random are mostly about different events"


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that counted for (positive) or against (negative) the same event; `share` of the longest bar, 0 to 1."""

    label: str
    note: str
    counts: float
    share: float


class Weighed(Protocol):
    """A sum of terms."""

    @property
    def terms(self) -> tuple[Term, ...]: ...
    @property
    def intercept(self) -> float | None: ...


def bars(decision: Weighed, of_two: bool = False, by_month: bool = False) -> tuple[Bar, ...]:
    """What counted for and against, in the order of the list above; the start last. of_two: of two articles, not of one and a cluster.

    by_month: of one of the two the month alone is known.
    """
    sums = list(_sums(decision, of_two, by_month))
    longest = max((abs(counts) for _, _, counts in sums), default=0.0) or 1.0
    return tuple(Bar(label, note, counts, abs(counts) / longest) for label, note, counts in sums)


def _sums(decision: Weighed, of_two: bool, by_month: bool) -> Iterator[tuple[str, str, float]]:
    contributions = {term.name: term.contribution for term in decision.terms}
    for names, if_for, if_against, note in _GROUPS:
        counts = sum(contributions.get(name, 0.0) for name in names)
        is_time = "days_apart" in names
        if abs(counts) >= 0.005 or (is_time and days_apart(decision) is not None):
            told = f"{_apart(decision, by_month)}{'' if of_two else _ON_AVERAGE}; {note}" if is_time else note
            yield if_for if counts > 0 else if_against, told, counts
    if contributions:
        yield START, _START_NOTE, decision.intercept or 0.0


def days_apart(decision: Weighed) -> float | None:
    """Days between an article and a cluster. The terms are means over its members, of which some may have no date; None if all."""
    values = {term.name: term.value for term in decision.terms}
    dated = 1.0 - values.get("date_unknown", 0.0)
    return math.expm1(values["days_apart"] / dated) if dated > 0.001 and "days_apart" in values else None


def _apart(decision: Weighed, by_month: bool) -> str:
    days = days_apart(decision) or 0.0
    if by_month:
        return f"about {plural(max(1, round(days / _MONTH)), 'month')}" if days > _MONTH / 2 else _SAME_MONTH
    return f"about {plural(round(days), 'day')}" if days >= 0.95 else "less than a day"


def likelihood(probability: float, days: float | None = None) -> str:
    """A probability in words and of a hundred; of one event, or, where reports came out many days apart, of one story."""
    of_hundred = round(100 * probability)
    if of_hundred < 15:
        return f"probably another event ({of_hundred} of 100)"
    how = next(words for least, words in _LIKELY if of_hundred >= least)
    if days is None or days <= _EVENT_DAYS:
        return f"{how} the same event ({of_hundred} of 100)"
    return f"{how} the same story ({of_hundred} of 100); {plural(round(days), 'day')} apart, so perhaps another stage of it"


def finely(probability: float) -> str:
    """A probability of a hundred, for one that in whole numbers is the same as another."""
    return f"{100 * probability:.2f}".rstrip("0").rstrip(".")


def days_between(first: datetime | None, second: datetime | None) -> float | None:
    """Days between two times; None where one is not known."""
    return abs((first - second).total_seconds()) / 86_400 if first and second else None


def of_cluster(decision: DecisionView) -> str:
    """How likely an article is of the event of the cluster it was compared with, and not of one article in it."""
    return f"with the cluster as a whole, {likelihood(decision.probability, days_apart(decision))}"


def of_article(probability: float, days: float | None) -> str:
    """The same of one article and not of its cluster; days: between the two."""
    return f"with that article alone, {likelihood(probability, days)}"


def compared(decision: DecisionView, days: float | None) -> str:
    """How likely an article that joined is of one event with the closest article and with the cluster, said once where the two are one.

    days: between it and that article.
    """
    whole = likelihood(decision.probability, days_apart(decision))
    alone = likelihood(decision.closest[0].probability, days) if decision.closest else whole
    if alone == whole:
        return f"Compared with it: {whole}."
    return f"Compared with that article alone: {alone}; with the cluster as a whole: {whole}."


def worded(verbatim: float, passage: bool = False) -> str:
    """How two texts are worded that have less than half of the shorter one in common; verbatim: their share of it, 0 to 1.

    passage: they have one in common that nobody writes twice by chance.
    """
    if verbatim < _CHANCE:
        return "One passage is the same word for word; the rest differs." if passage else "They are worded differently."
    return in_both(verbatim)


def in_both(verbatim: float) -> str:
    """How much of two texts is common to them word for word."""
    return f"{verbatim:.0%} of the shorter text is in the other."


def spread(published: Sequence[datetime]) -> str:
    """That reports came out over more days than one event is news; empty where they did not. published: where it is known."""
    times = sorted(published)
    days = days_between(times[0], times[-1]) or 0.0 if times else 0.0
    if days <= _WEEK:
        return ""
    for strays in range(1, 1 + max(1, len(times) // _FEW) if len(times) > _FEW_AT_LEAST else 1):
        spans = [times[at + len(times) - 1 - strays] - times[at] for at in range(strays + 1)]
        if (span := min(spans).total_seconds() / 86_400) <= _EVENT_DAYS:
            return f"All but {strays} came out within {plural(max(1, math.ceil(span)), 'day')}."
    return f"Its reports came out over {round(days)} days: perhaps several events of one story."


def by_rule(rule: str) -> str:
    """Why an article is where it is, where nothing was weighed; empty where something was."""
    return _RULES.get(rule, "")


def kept_apart(decision: DecisionView) -> str:
    """Why an article did not join the cluster that was nearest."""
    if decision.rule == "chaining":
        return "it is like some of the articles there, but not like the cluster as a whole"
    if decision.rule == "two_things":
        return "it is made like the articles there, but about something else"
    limit_set = round(100 * decision.threshold)
    is_close = round(100 * decision.probability) == limit_set
    missed = f"was just missed ({finely(decision.probability)})" if is_close else "was not reached"
    told = f"{of_cluster(decision)}; the limit set here, {limit_set} of 100, {missed}"
    if decision.closest and decision.closest[0].probability >= decision.threshold > decision.probability:
        return f"one article there is like it, the rest of the cluster is not: {told}"
    return told


def sharing(decision: DecisionView, count: int) -> str:
    """What a list of so many things that an article and the closest to it both mention is introduced by."""
    is_alike = decision.joined or decision.rule in ("chaining", "two_things")
    if is_alike or count > _LITTLE or (decision.closest and decision.closest[0].probability >= 0.5):
        return "Both mention"
    return "They have little more in common than"


def shown_as(kind: DocumentKind | None, multi_event: bool) -> Iterator[str]:
    """What a page is where it is no article, or one about several events. kind: None where nobody has read it yet."""
    if multi_event:
        yield "It reports several events (a digest or live blog), so it has no say in what its cluster is about."
    if kind == "wall":
        yield "The page shows no article (it asks the reader to log in, pay or accept), so only its headline counts."
    elif kind not in ("article", None):
        yield f"The page contains no article ({kind})."


def limit(decision: DecisionView) -> str:
    """Why an article joined a cluster with which it is less likely one event than not; empty where it is likely."""
    if not decision.joined or decision.probability >= 0.5:
        return ""
    return (
        "An article goes to the cluster that fits best if that is at least as likely as the limit set here, "
        f"{round(100 * decision.threshold)} of 100. The limit is low since a missed report is taken to be worse than a wrong one."
    )


def relation(kind: str) -> str:
    """What an article is of another."""
    return _RELATIONS.get(kind, kind.replace("_", " "))


def relation_to(kind: str) -> str:
    """The same before what it is that of."""
    words = relation(kind)
    joint = "as" if kind in ("exact", "near", "same_template") else "of"
    return f"{words} {joint}" if kind in _RELATIONS else words


def alike(view: RelationView | DuplicateView) -> str:
    """How much of two texts is common."""
    jaccard, containment = view.evidence.get("jaccard"), view.evidence.get("containment")
    if view.kind == "exact":
        return "word for word"
    if isinstance(containment, float) and view.kind != "same_template":
        return f"{containment:.0%} of the shorter text is in the other"
    if isinstance(jaccard, float) and view.kind != "same_template":  # which need not share a word
        return f"{jaccard:.0%} of the wording is common to both"
    return ""


def plural(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

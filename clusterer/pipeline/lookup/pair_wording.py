"""In sentences how two articles compare today, and why they are together or apart all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterer.pipeline.lookup.pair_past import decided_apart, decided_together
from clusterer.pipeline.lookup.wording import START, bars, finely, likelihood, plural

if TYPE_CHECKING:
    from clusterer.core.clustering.pairing import Compared
    from clusterer.pipeline.lookup.pair_past import Then

_CLOSE = 2.3  # ratio of odds; of pairs of near neighbours nine in ten differ by less from what the writer finds
_RATHER = 0.5
_MUCH = 0.3  # counts of a logit that are told
_TOLD = 3  # of what counted for, and against
_FOR, _AGAINST = "For one event: ", "Against one event: "


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided. kind: `must_link`, `cannot_link` or `pin`. of_both: about these two articles, not only their clusters."""

    kind: str
    actor: str
    reason: str
    of_both: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of. one_text: the two are copies of one article, or one of the other. copies: which are a copy of anything.

    compared: None where there is nothing to compare. days: between the two, None where a date is missing. past: what was found when the
    later one came, None where that is not kept.
    """

    together: bool
    one_text: bool
    copies: tuple[bool, ...]
    days: float | None
    compared: Compared | None
    ruling: Ruling | None
    past: Then | None = None


def summary(told: Told) -> Iterator[str]:
    """Why, in a sentence, then the likelihood with its limit, then what counts."""
    yield _why(told)
    compared = told.compared
    if compared is None:
        return
    yield f"Compared today, one text with the other: {likelihood(compared.probability, told.days)}; {_limit(compared)}."
    if compared.whole is not None and not told.together:
        yield f"Their two clusters compared as wholes: {likelihood(compared.whole)}."
    if any(told.copies):
        yield "Of a copy, its original is compared."
    counted = bars(compared, of_two=True)
    for sign, opening in ((1, _FOR), (-1, _AGAINST)):
        telling = (
            bar for bar in counted if sign * bar.counts >= _MUCH and bar.label != START
        )  # that is nothing of these two
        most = sorted(telling, key=lambda bar: -abs(bar.counts))[:_TOLD]
        if most:
            yield f"{opening}{'; '.join(_lowered(bar.label) for bar in most)}."


def uncounted(sentences: Sequence[str]) -> Iterator[str]:
    """A summary without what counts, for where bars show it."""
    return (one for one in sentences if not one.startswith((_FOR, _AGAINST)))


def _why(told: Told) -> str:
    state = "Together" if told.together else "Apart"
    if told.one_text:
        return f"{state}: they are one text, and a copy goes wherever its original goes."
    if ruling := told.ruling:
        by = f"by {ruling.actor}: {ruling.reason}"
        if ruling.kind == "pin":
            return f"{state}: a person decided that the cluster of one of them is kept as it is ({by})."
        whom = "they belong" if ruling.of_both and told.together else "they do not belong" if ruling.of_both else ""
        return (
            f"{state}: a person decided that {whom or 'articles of their two clusters do not belong'} together ({by})."
        )
    compared = told.compared
    if compared is None:
        return f"{state}. One of them has no text of its own to be compared by."
    alike = compared.probability >= compared.threshold
    if told.together:
        return _why_together(compared, alike, told.past)
    return _why_apart(compared, alike, told)


def _limit(compared: Compared) -> str:
    own, limit = (round(100 * one) for one in (compared.probability, compared.threshold))
    if own != limit:
        return f"the limit set here is {limit} of 100"
    just = "below" if compared.probability < compared.threshold else "above"
    return f"that is {finely(compared.probability)}, just {just} the limit set here, {finely(compared.threshold)}"


def _why_together(compared: Compared, alike: bool, past: Then | None) -> str:
    if alike and compared.probability >= _RATHER:
        return "Together: the two are likely enough to be about one event."
    if alike:
        told = "Together, though not surely: they are above the limit, which is low so that few reports of one event are missed."
        by_others = past is not None and not (
            past.joined and not past.elsewhere and (past.probability or 0.0) >= compared.threshold
        )
        return f"{told} {decided_together(past, compared.threshold)}" if by_others else told
    if compared.whole is not None and compared.whole >= compared.threshold:
        return (
            "Together because of other articles there: the two have little to do with each other by themselves, but compared with the "
            f"others they are on average {likelihood(compared.whole)}."
        )
    just = "just " if _is_close(compared) else ""
    return (
        f"Together because of what was known when they were grouped, though they are {just}below the limit today. "
        f"{decided_together(past, compared.threshold)} A later article or the next nightly run may part them."
    )


def _why_apart(compared: Compared, alike: bool, told: Told) -> str:
    if not alike:
        days = told.days
        far = f", {plural(round(days), 'day')} apart" if days is not None and days >= 1.5 else ""
        return f"Apart: the two have too little in common to be likely enough to be about one event{far}."
    if compared.whole is not None and compared.whole < compared.threshold:
        return (
            "Apart although these two by themselves are likely enough: clusters are joined only if the mean over all their articles "
            f"reaches the limit, and here it is {round(100 * compared.whole)} of 100."
        )
    just = "just " if _is_close(compared) else ""
    decided = decided_apart(told.past, compared.threshold)
    return f"Apart because of what was known when they came, though they are {just}above the limit today. {decided}"


def _is_close(compared: Compared) -> bool:
    """Whether the comparison, which is a little coarser than the writer's, does not tell on which side of the limit a pair is."""
    odds = [one / (1 - one) for one in (compared.probability, compared.threshold) if one < 1]
    return len(odds) == 2 and 1 / _CLOSE < odds[0] / odds[1] < _CLOSE


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]

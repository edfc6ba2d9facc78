"""What was found of two articles when the later of them came, why it is told otherwise today, and who has looked at both since."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clusterer.core.clustering.pairing import Compared
    from clusterer.core.scoring.reasons import Reasons, Term

_TOLD = 0.05  # a difference of probabilities; what today is computed from is a sample, so that less says nothing
_LEAST = 1e-6
_OF_ALL = "prevalence"
_MOST = 0.5  # of a difference, from which on one cause explains it
_CAUSE_OF: Mapping[str, str] = {
    "words_standing_low": "standing",
    "words_standing_high": "standing",
    "meaning_standing_low": "standing",
    "meaning_standing_high": "standing",
    "days_apart": "days",
    "late": "days",
}
_CAUSES: Mapping[
    tuple[str, bool], str
] = {  # of a term, or of several, and whether it counts for the two more than it did
    ("prevalence", True): (
        "few events here get a second report, so a cluster of one or two articles is met with extra caution, "
        "and their cluster has more articles by now"
    ),
    (
        "prevalence",
        False,
    ): (
        "few events here get a second report, so a cluster of one or two articles is met with extra caution, "
        "and their cluster has no more articles than that now"
    ),
    ("standing", True): "what the two share stands out more beside the articles that came since",
    ("standing", False): "articles that came since are about as close to them, so what the two share tells less",
    ("words", True): "words that both have are rarer here than they were then",
    ("words", False): "words that both have have become more common here",
    ("days", True): "more events here get a second report than was known then, so days between two reports count less",
    (
        "days",
        False,
    ): "few events here get a second report, as has become clear since, so days between two reports count more",
    ("told_apart", True): "it no longer counts that each names something else",
    ("told_apart", False): "each names something that the other does not, which counts by now",
}
_UNEXPLAINED = "articles that came since changed which words are rare here, and how alike reports usually are"


@dataclass(frozen=True, slots=True)
class Night:
    """A nightly run that had both articles before it. outcome: as in its report."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Then:
    """When the later of two articles came. probability: of these two alone, None where another article was closer or nothing was compared.

    whole: of the later one and the cluster that it was compared with, which it joined or not; elsewhere: that
    is not the one in which it is now. terms: of that, as means over
    articles there; of_both: over none but the earlier one. night: the last run since, if any.
    """

    at: datetime
    probability: float | None
    whole: float
    joined: bool
    elsewhere: bool
    terms: tuple[Term, ...]
    of_both: bool
    night: Night | None


def then(
    reasons: Reasons | None, earlier: int, at: datetime, night: Night | None, elsewhere: bool = False
) -> Then | None:
    """reasons: of the later article; None where none are kept. earlier: seq of the other. elsewhere: it was compared with a cluster in
    which it is not now.
    """
    if reasons is None:
        return None
    alone = next((one.probability for one in reasons.closest if one.seq == earlier), None)
    of_both = alone is not None and reasons.compared_with == (earlier,)
    joined = reasons.joined is not None
    return Then(at, alone, reasons.probability, joined, elsewhere, reasons.terms, of_both, night)


def changed(past: Then | None, compared: Compared | None) -> str | None:
    """That the likelihood was another one when the later article came, and why; None where it was about the same."""
    if past is None or compared is None or past.probability is None:
        return None
    if abs(past.probability - compared.probability) < _TOLD:
        return None
    figures = f"{round(100 * past.probability)} of 100, and is {round(100 * compared.probability)} today"
    came = f"When the later of the two came, on {_day(past.at)}, their likelihood was {figures}."
    return f"{came} Neither text has changed; the figure has, because {_cause(past, compared)}."


def decided_apart(past: Then | None, threshold: float) -> str:
    """Why two that are likely enough today began apart, as far as is known, and whether a night has looked at them since."""
    return " ".join((_first(past, threshold), _since(past)))


def decided_together(past: Then | None, threshold: float) -> str:
    """Why two that are not likely enough today came together, as far as is known."""
    if past is None:
        return "What was decided when the later of them came is not kept."
    came = f"When the later of them came, on {_day(past.at)},"
    if not past.joined:
        return f"{came} it began a cluster of its own; that was joined to this one later, with other articles to compare by."
    if past.elsewhere:
        return f"{came} it joined another cluster ({round(100 * past.whole)} of 100), and it was moved here later."
    if past.probability is None:
        return f"{came} it joined by other articles that were closer to it ({round(100 * past.whole)} of 100)."
    alone = round(100 * past.probability)
    if past.probability >= threshold:
        return f"{came} they were above it ({alone} of 100)."
    return f"{came} it fitted the cluster as a whole ({round(100 * past.whole)} of 100), though not this article ({alone})."


def _first(past: Then | None, threshold: float) -> str:
    if past is None:
        return "What was decided when the later of them came is not kept."
    came = f"When the later of them came, on {_day(past.at)},"
    if past.probability is None:
        if past.joined:
            return f"{came} another cluster was closer to it ({round(100 * past.whole)} of 100), and it joined that."
        return f"{came} another article was closer to it, and even that was not close enough ({round(100 * past.whole)} of 100)."
    alone = round(100 * past.probability)
    if past.joined:
        return f"{came} the two were together ({alone} of 100); they were parted later."
    if past.probability < threshold:
        just = "just " if alone == round(100 * threshold) else ""
        return f"{came} they were {just}below it ({alone} of 100)."
    return (
        f"{came} it was close to the other article ({alone} of 100), but not to the other's cluster as a whole "
        f"({round(100 * past.whole)} of 100)."
    )


def _since(past: Then | None) -> str:
    night = past.night if past else None
    if night is None:
        return "No nightly run has looked at both yet; a later article or the next run may join them."
    when = f"The nightly run of {_day(night.at)}"
    if night.outcome == "refused":
        return f"{when} would have changed more than is allowed and was not published; a later article or the next run may join them."
    return f"{when}, which groups all recent articles at once, left them apart; a later article or another run may join them."


def _cause(past: Then, compared: Compared) -> str:
    """What explains most of the difference, if one thing does."""
    before, now = _sums(past.terms), _sums(compared.terms)
    differences = {name: now.get(name, 0.0) - before.get(name, 0.0) for name in sorted({*before, *now})}
    if not past.of_both:  # the terms are means over several articles, but what small clusters lose is the same for all
        differences = {_OF_ALL: differences.get(_OF_ALL, 0.0)}
    before_of_two = min(max(past.probability or 0.0, _LEAST), 1.0 - _LEAST)
    gap = compared.logit - math.log(before_of_two / (1.0 - before_of_two))
    name = max(differences, key=lambda one: differences[one] * gap)
    if differences[name] * gap < _MOST * gap * gap:
        return _UNEXPLAINED
    return _CAUSES.get((name, gap > 0), _UNEXPLAINED)


def _sums(terms: Iterable[Term]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for term in terms:
        name = _CAUSE_OF.get(term.name, term.name)
        sums[name] = sums.get(name, 0.0) + term.contribution
    return sums


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y}"

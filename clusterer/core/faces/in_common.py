"""What an article has in common with the one closest to it in its cluster, as the cluster stands now.

The reasons of a decision are of the moment when an article came. Where it began its cluster, or was moved since, they do not say why it
is with the others there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from clusterer.core.calendar import is_calendar_word
from clusterer.core.evidence.evidence import NAME, NUMBER, TITLE, Evidence, Sparse
from clusterer.core.faces.terms import COMMON_RARITY

_SHOWN = 8  # names, numbers and words, each
_LEAST_WORTH = 0.4  # of what is most telling; a word worth less is in both by chance
_FEW = 3  # things in common, of which no word is left out


@dataclass(frozen=True, slots=True)
class Common:
    """What two articles both mention, in lower case, most telling first."""

    shared_names: tuple[str, ...]
    shared_numbers: tuple[str, ...]
    shared_words: tuple[str, ...]


def closest(own: Evidence, others: Sequence[Evidence]) -> Evidence | None:
    """The one whose title and lead are nearest in meaning; None where nothing can be compared. Copies are not looked at."""
    lead = own.direction()
    if lead is None:
        return None
    leads = [(other.direction(), other) for other in others]
    found = [(float(lead @ towards), other) for towards, other in leads if towards is not None]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def in_common(first: Sparse, second: Sparse) -> Common:
    """The telling words that two articles share: names in both titles, then rare words and those that come often in both.

    Words that tell little beside the most telling name or word are left out, unless there is hardly anything else.
    """
    others = {
        term: (count, kinds) for term, count, kinds in zip(second.terms, second.counts, second.kinds, strict=True)
    }
    headed = {
        term
        for term, kinds in zip(first.terms, first.kinds, strict=True)
        if term in others and kinds & NAME and kinds & TITLE and others[term][1] & TITLE
    }
    worth = {
        term: (rare * sqrt(min(count, others[term][0])), kinds | others[term][1])
        for term, count, kinds, rare in zip(first.terms, first.counts, first.kinds, first.rarity, strict=True)
        if term in others and (rare > COMMON_RARITY or term in headed) and not is_calendar_word(term)
    }
    ranked = sorted(worth, key=lambda term: (term not in headed, -worth[term][0], term))
    names = [term for term in ranked if worth[term][1] & NAME]
    whole = [name for name in names if not any(name in other.split(" ") for other in names if other != name)]
    numbers = [term for term in ranked if worth[term][1] & NUMBER and not worth[term][1] & NAME]
    words = [term for term in ranked if not worth[term][1] & (NAME | NUMBER)]
    least = _LEAST_WORTH * max((worth[term][0] for term in (*whole, *words[:1])), default=0.0)
    enough = max(0, _FEW - len(whole) - len(numbers))
    words = [term for place, term in enumerate(words) if place < enough or worth[term][0] >= least]
    return Common(tuple(whole[:_SHOWN]), tuple(numbers[:_SHOWN]), tuple(words[:_SHOWN]))

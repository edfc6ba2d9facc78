"""Pages about several events: live blogs and digests."""

from __future__ import annotations

import re
from collections.abc import Sequence

_I = re.IGNORECASE
_LIVE_TITLE = re.compile(
    r"\blive(?:\s|-)?(?:updates?|blog|coverage|ticker)\b|\blatest\supdates\b|\bas\sit\shappened\b|\bminute[\s-]by[\s-]minute\b|^live\s?[:|–—-]"
    r"|(?:^|[:|–—-]\s?)(?:en\s(?:direct|vivo|directo)|in\sdiretta|ao\svivo|minuto\sa\sminuto|trực\stiếp)(?:\s?[:|–—-]|$)"
    r"|\bliveticker\b|直播|ライブ更新|速報中",
    _I,
)
_DIGEST_TITLE = re.compile(
    r"\b(?:morning|evening|afternoon|nightly|daily|weekly)\s(?:news\s)?(?:briefing|brief|digest|round-?\s?up|headlines|bulletin|wrap|rundown)\b"
    r"|\bnews\s(?:digest|round-?\s?up|in\sbrief|briefs)\b|^(?:in\sbrief|briefs|briefing|the\sbriefing|headlines)\b(?:$|\s?[:|–—-])"
    r"|\bweek\sin\s(?:review|pictures)\b|\b(?:things|stories)\s(?:to\sknow|you\sneed\sto\sknow)\s(?:today|tonight|this|for)\b"
    r"|\bnoticias\sdel\sd[ií]a\b|\bl.essentiel\sde\sl.actualité\b|\bđiểm\stin\b|新闻早报|早报$",
    _I,
)
_ENTRY_TIME = re.compile(
    r"(?:updated\s(?:at\s)?|at\s)?[\[(]?(?:[01]?\d|2[0-3])[:.h][0-5]\d[\])]?(?:\s?[ap]\.?m\.?)?(?:\s(?:gmt|bst|utc|e[sd]?t|p[sd]?t|c[es]?t|ist|local\stime))?\b\s?[:|–—-]?",
    _I,
)


def is_live_or_digest(title: str, lines: Sequence[str], min_entries: int) -> bool:
    """Is this a live blog or a digest, going by its title or by many entries that begin with different times of day?"""
    if _LIVE_TITLE.search(title) or _DIGEST_TITLE.search(title):
        return True
    times = {match.group().casefold() for line in lines if (match := _ENTRY_TIME.match(line)) is not None}
    return len(times) >= min_entries

"""What states, times and changes are called where a person reads them."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from clusterer.pipeline.lookup.wording import plural

_STATES = {
    "pending": "waiting to be processed",
    "assigned": "in a cluster",
    "dead": "dead: failed too often",
    "erased": "erased",
    "expired": "expired",
}
_REGROUPED = {
    "reclustering": "the nightly regrouping, which sees all articles at once",
    "rollback": "the last nightly regrouping was taken back",
}
_SECOND_LOOKS = {  # which weighs who fits best with whom, so that a low likelihood may join and a higher one part
    "merged": (
        "compared again with all articles around it, the two clusters fit best together "
        "(by what was known then, {} of 100 that they report one event)"
    ),
    "moved": (
        "compared again with all articles around it, it fits better {} "
        "(by what was known then, {} of 100 for one event with all articles there together)"
    ),
    "split": (
        "compared again with all articles around it, it fits better apart from those that stayed "
        "(by what was known then, {} of 100 for one event with all of them together)"
    ),
}
_DONE = {
    "merged": "Done: the two clusters are one now, and nightly runs leave them together.",
    "split": "Done: the chosen articles are this cluster now, and nightly runs keep them apart from the rest.",
    "moved": "Done: the article is in this cluster now, and nightly runs leave it here.",
    "pinned": "Done: nightly runs leave the articles of this cluster as they are.",
    "undone": "Taken back: the articles are where they were, and nightly runs may decide anew.",
}
_OUTCOMES = {"unchanged": "nothing to change", "abandoned": "given up, nothing changed"}
_SECOND_LOOK = re.compile(r"probability ([01]\.\d+)")


def state(name: str) -> str:
    """A state of an article."""
    return _STATES.get(name, name)


def outcome(name: str) -> str:
    """What came of a nightly run."""
    return _OUTCOMES.get(name, name)


def done(what: str | None) -> str:
    """What a person has just done to a cluster; empty for what is no such thing."""
    return _DONE.get(what or "", "")


def site(url: str) -> str:
    """The site of an address, as readers call it; "its site" where the address has none."""
    try:
        return (urlsplit(url).hostname or "its site").removeprefix("www.")
    except ValueError:
        return "its site"


def later(span: timedelta, by_day: bool = False) -> str:
    """A span of time between two articles. by_day: between days, since no time of day is known."""
    if by_day and not span:
        return "the same day"
    span_days = abs(span).days
    minutes = round(abs(span).total_seconds() / 60)
    if minutes < 1:
        return "at the same time"
    length = (
        plural(span_days, "day")
        if by_day
        else plural(minutes, "minute")
        if minutes < 90
        else plural(round(minutes / 60), "hour")
        if minutes < 48 * 60
        else plural(round(minutes / 1440), "day")
    )
    return f"{length} {'later' if span > timedelta(0) else 'earlier'}"


def sentence(reason: str | None, kind: str = "split", is_here: bool = False) -> str:
    """The reason of a change of this kind; a machine's put into words. is_here: told in the cluster that the article came to."""
    if not reason:
        return ""
    if looked := _SECOND_LOOK.fullmatch(reason):
        where = ["here" if is_here else "there"] if kind == "moved" else []
        told = _SECOND_LOOKS.get(kind, _SECOND_LOOKS["split"])
        return told.format(*where, round(100 * float(looked[1])))
    return _REGROUPED.get(reason, reason)

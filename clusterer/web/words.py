"""What states, times and changes are called where a person reads them."""

from __future__ import annotations

from datetime import timedelta

from clusterer.pipeline.lookup.wording import plural

_STATES = {
    "pending": "waiting to be processed",
    "assigned": "in a cluster",
    "dead": "dead: failed too often",
    "erased": "erased",
    "expired": "expired",
}
_REGROUPED = {"reclustering": "the nightly regrouping, which sees all articles at once"}
_SECOND_LOOKS = {
    "merged": "later articles showed that both are one event",
    "moved": "later articles showed that it belongs there",
    "split": "later articles showed that it is another event",
}


def state(name: str) -> str:
    """A state of an article."""
    return _STATES.get(name, name)


def later(span: timedelta) -> str:
    """A span of time between two articles."""
    minutes = round(abs(span).total_seconds() / 60)
    if minutes < 1:
        return "at the same time"
    length = (
        plural(minutes, "minute")
        if minutes < 90
        else plural(round(minutes / 60), "hour")
        if minutes < 48 * 60
        else plural(round(minutes / 1440), "day")
    )
    return f"{length} {'later' if span > timedelta(0) else 'earlier'}"


def sentence(reason: str | None, kind: str = "split") -> str:
    """The reason of a change of this kind; a machine's put into words."""
    if not reason:
        return ""
    if reason.startswith("probability "):
        return _SECOND_LOOKS.get(kind, _SECOND_LOOKS["split"])
    return _REGROUPED.get(reason, reason)

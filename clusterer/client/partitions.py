"""Which of several collections an article goes to, where one writer is not enough for all."""

from __future__ import annotations

from collections.abc import Collection


def partition_of(name: str, value: str | None, values: Collection[str], rest: str = "other") -> str:
    """The collection for an article with this `value`, such as a language or a desk: `name-value`, or `name-rest` for any other value.

    A pure function: every producer and reader that knows the same `values` comes to the same collection. `values` are written as in
    names of collections, in lower case with hyphens. A value that is longer is cut at its hyphens from the end until it
    is one of them, as RFC 4647 (section 3.4, "Lookup") has it for languages: `de-AT` goes to `de`.
    """
    parts = (value or "").strip().lower().replace("_", "-").split("-")
    cuts = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return f"{name}-{next((cut for cut in cuts if cut in values), rest)}"

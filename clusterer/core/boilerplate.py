"""Boilerplate learnt per source: paragraphs that recur across a source's articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Learnt:
    """What to cut of a source's pages: the paragraphs found to recur, by key, each with its reason."""

    reasons: Mapping[str, str] = field(default_factory=dict)

    def reason(self, paragraph: str) -> str | None:
        """Why this paragraph is cut, None if it is not known to recur."""
        return self.reasons.get(paragraph)

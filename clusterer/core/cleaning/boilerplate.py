"""Boilerplate learnt per source: paragraphs that recur on a source's pages are cut, since they are no part of its articles.

Every page of a source adds one to the count of each of its paragraphs; all counts halve with a half-life, so boilerplate that
is gone is forgotten. A paragraph is known by the hash of its words (digits made equal) and, to catch small changes such as a
reporter's name, by bands of a MinHash signature of its word pairs (Broder 1997). What was seen on enough pages, and on a large enough
share of them, is cut. The thresholds are high because articles about one event may share a paragraph of background; do not
observe copies and versions, whose paragraphs recur for another reason. Boilerplate of one section, or the text of another article that
a scraper put on many pages, has a small share of a large source's pages: a longer paragraph seen often enough is cut whatever its
share where it names nothing that the title names, as background does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, pairwise

import orjson
import xxhash

from clusterer.core.lines.features import stems
from clusterer.core.lines.reasons import LEARNT
from clusterer.core.minhash import signature
from clusterer.core.model import Document

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_HEAD_CHARS = 400  # a paragraph is known by so much of its beginning
_SAMPLE_CHARS = 160
_BANDS = 6
_ROWS = 2  # values a band; one band agrees with probability jaccard ** 2
_MIN_BANDS = 3  # bands that must recur for a near match
_MIN_NEAR_WORDS = 8
_MIN_TITLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class BoilerplatePolicy:
    """When a paragraph counts as boilerplate, and how long and how much is remembered of a source.

    min_pages, min_share: pages it must have been seen on, and their share of the source's pages, both decayed.
    min_pages_untitled: pages that are enough whatever their share, where a longer paragraph names nothing that the title names.
    """

    min_pages: float = 5.0
    min_share: float = 0.2
    min_pages_untitled: float = 8.0
    half_life_s: float = 14 * 86_400
    max_entries: int = 2_000
    max_paragraphs: int = 120


DEFAULT_POLICY = BoilerplatePolicy()


@dataclass(frozen=True, slots=True)
class ParagraphKey:
    """How a paragraph is known again: `exact` hash, `bands` (empty for short ones), and the beginning of its text."""

    exact: str
    bands: tuple[str, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What was seen on a source's pages: decayed number of pages and, per key, of pages that had it; as of `at`, unix s."""

    pages: float = 0.0
    at: float = 0.0
    seen: Mapping[str, float] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recurring:
    """One paragraph found to recur, for people to look at."""

    text: str
    pages: float
    of_pages: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """What to cut of a source's pages: per key the decayed number of pages that had it, of `of_pages`.

    always: the number from which on it is cut whatever the title. samples: how the paragraphs began when they were last seen.
    """

    pages: Mapping[str, float] = field(default_factory=dict)
    of_pages: float = 0.0
    always: float = 0.0
    samples: Mapping[str, str] = field(default_factory=dict)

    def recurrence(self, paragraph: str, title: str = "") -> str:
        """On how many of the source's pages this paragraph was seen ("9 of 12 pages"), '' if it is not to be cut from a page with this
        title."""
        if not self.pages:
            return ""
        exact, bands = _hashes(paragraph[:_HEAD_CHARS])
        count = self.pages.get(exact, 0.0)
        if not count:
            known = sorted((self.pages[band] for band in bands if band in self.pages), reverse=True)
            count = known[_MIN_BANDS - 1] if len(known) >= _MIN_BANDS else 0.0
        if not count or (count < self.always and not (bands and _names_nothing_of(title, paragraph))):
            return ""
        return f"{count:.0f} of {self.of_pages:.0f} pages"

    def made_anew(self, paragraph: str, title: str) -> bool:
        """Whether a paragraph that recurs may be a report from a form: with other words or numbers each time, and of what the title
        says."""
        exact, _ = _hashes(paragraph[:_HEAD_CHARS])
        if exact in self.pages and self.samples.get(exact) == paragraph[:_SAMPLE_CHARS]:
            return False
        headed = stems(title)
        return not headed or not headed.isdisjoint(stems(paragraph[:_HEAD_CHARS]))


def paragraph_keys(document: Document, policy: BoilerplatePolicy = DEFAULT_POLICY) -> list[ParagraphKey]:
    """The keys to observe of a cleaned page: what was kept and what was cut as learnt (so that it stays known), once each.

    Of a long page only the first and last paragraphs count: that is where boilerplate is.
    """
    paragraphs = [cut.text for cut in document.cuts if cut.reason == LEARNT] + document.text.split("\n\n")
    paragraphs = [paragraph for paragraph in paragraphs if _WORD.search(paragraph)]
    half = policy.max_paragraphs // 2
    if len(paragraphs) > 2 * half:
        paragraphs = paragraphs[:half] + paragraphs[-half:]
    keys: dict[str, ParagraphKey] = {}
    for paragraph in paragraphs:
        exact, bands = _hashes(paragraph[:_HEAD_CHARS])
        keys.setdefault(exact, ParagraphKey(exact, bands, paragraph[:_SAMPLE_CHARS]))
    return list(keys.values())


def observe(
    profile: Profile,
    pages: Sequence[tuple[Sequence[ParagraphKey], datetime]],
    policy: BoilerplatePolicy = DEFAULT_POLICY,
) -> Profile:
    """The profile after more pages of its source, each with the time it came; what is over the bound goes after the last.

    A page older than the profile or than one before it counts as if it came with that.
    """
    times = list(accumulate((at.timestamp() for _, at in pages), max, initial=profile.at))
    factor = _halved(times[-1] - profile.at, policy)
    seen = {key: count * factor for key, count in profile.seen.items()}
    samples = dict(profile.samples)
    total = profile.pages * factor
    for (keys, _), came_at in zip(pages, times[1:], strict=True):
        weight = _halved(times[-1] - came_at, policy)
        total += weight
        for name, sample in _entries(keys).items():
            if sample and name in seen:
                samples[name] = sample
            seen[name] = seen.pop(name, 0.0) + weight  # at the end: entries are ordered by when they were last seen
    if len(seen) > policy.max_entries:
        latest_first = reversed(list(seen.items()))
        kept = sorted(latest_first, key=lambda item: -item[1])[: policy.max_entries]
        seen = dict(reversed(kept))
        samples = {name: text for name, text in samples.items() if name in seen}
    return Profile(total, times[-1], seen, samples)


def _entries(keys: Iterable[ParagraphKey]) -> dict[str, str]:
    """What a page adds one to, each once: its bands, without a sample, and its exact keys."""
    entries: dict[str, str] = {}
    for key in keys:
        entries.update(dict.fromkeys(key.bands, ""))
        entries[key.exact] = key.sample
    return entries


def learnt(profile: Profile, at: datetime, policy: BoilerplatePolicy = DEFAULT_POLICY) -> Learnt:
    """What recurs often enough on the source's pages to be cut, as of `at`."""
    factor = _halved(at.timestamp() - profile.at, policy)
    pages = profile.pages * factor
    always = max(policy.min_pages, policy.min_share * pages) - 1e-9
    least = min(always, policy.min_pages_untitled - 1e-9)
    counts = {key: aged for key, count in profile.seen.items() if (aged := count * factor) >= least}
    return Learnt(counts, pages, always, profile.samples)


def recurring(profile: Profile, at: datetime, policy: BoilerplatePolicy = DEFAULT_POLICY) -> list[Recurring]:
    """The paragraphs that are cut, the most frequent first."""
    found = learnt(profile, at, policy)
    listed = [
        Recurring(profile.samples[key], n, found.of_pages) for key, n in found.pages.items() if key in profile.samples
    ]
    return sorted(listed, key=lambda one: (-one.pages, one.text))


def encode(profile: Profile) -> bytes:
    """The profile as JSON."""
    seen = {key: round(count, 4) for key, count in profile.seen.items()}
    return orjson.dumps(
        {"v": 1, "pages": round(profile.pages, 4), "at": profile.at, "seen": seen, "samples": dict(profile.samples)}
    )


def decode(data: bytes) -> Profile:
    """The profile from its JSON. Raises ValueError for another version or damaged data."""
    stored = orjson.loads(data)
    if not isinstance(stored, dict) or stored.get("v") != 1:
        raise ValueError("not a boilerplate profile of version 1")
    try:
        return Profile(float(stored["pages"]), float(stored["at"]), stored["seen"], stored["samples"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"damaged boilerplate profile: {error!r}") from error


def _names_nothing_of(title: str, paragraph: str) -> bool:
    """Has a title of two words or more none in common with the paragraph's beginning?"""
    headed = stems(title)
    return len(headed) >= _MIN_TITLE_WORDS and headed.isdisjoint(stems(paragraph[:_HEAD_CHARS]))


def _halved(age_s: float, policy: BoilerplatePolicy) -> float:
    """What is left of a count of one after so many seconds."""
    return float(0.5 ** (max(0.0, age_s) / policy.half_life_s))


# Holds the paragraphs of a batch: each is asked about when its page is cleaned and again when the page is observed.
@lru_cache(maxsize=4_096)
def _hashes(head: str) -> tuple[str, tuple[str, ...]]:
    """The exact key of a paragraph's beginning, and band keys of its word pairs.

    A short paragraph has no bands: there, chance agreement is likely.
    """
    import numpy as np

    words = _WORD.findall(_DIGITS.sub("0", head.casefold()))
    text = " ".join(words).encode()
    exact = f"{xxhash.xxh3_64_intdigest(text):x}"
    if len(words) < _MIN_NEAR_WORDS:
        return exact, ()
    pairs = np.fromiter(map(xxhash.xxh32_intdigest, map(b" ".join, pairwise(text.split(b" ")))), np.uint32)
    data = signature(pairs, _BANDS * _ROWS, seed=1).tobytes()
    size = len(data) // _BANDS
    rows = [data[start : start + size] for start in range(0, len(data), size)]
    return exact, tuple([f"{number}{xxhash.xxh3_64_intdigest(row):x}" for number, row in enumerate(rows)])

"""Evidence of made-up articles in any number, with the neighbour structure of a news stream, and a store filled with it.

Topics hold some two hundred articles, topics hold events, and events have 1 to 30 articles, most of them few. Vectors have a few
strong directions and many weak ones, as those of a language model have. Cosines: about .75 within an event, .35 within a topic, .1
elsewhere. Words: some of the event, some of the topic, most from a vocabulary in which few words are frequent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clusterer.core.cluster_records import CommitItem
from clusterer.core.evidence.evidence import LEAD, NAME, Evidence, Sparse, encode_sparse
from clusterer.core.model import Article, Document, Fingerprint, IndexTerms
from clusterer.core.records import Draft, Revision
from clusterer.ports import CollectionStore

DIMENSION = 384
START = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=14)

_TOPIC_SIZE = 200
_LARGEST_EVENT = 30
_VOCABULARY = 60_000
_CONSONANTS, _VOWELS = "bcdfghjklmnprstv", "aeiou"
_TERMS = 90
_EVENT_DAYS = 2.0
_BATCH = 64
_FILLING = (
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "it",
    "on",
    "for",
    "was",
    "with",
    "as",
    "by",
    "at",
    "from",
) * 15
_SENTENCE = 20
_BLOCK = 50_000
_SHARE_COMMON, _SHARE_TOPIC, _SHARE_EVENT = 0.1, 0.25, 0.4  # of the squared length; the rest is the article's own


@dataclass(frozen=True, slots=True)
class MadeEvents:
    """Articles in order of time. events, topics: numbers of each one's, shape (n,). vectors: unit rows, shape (n, DIMENSION)."""

    events: NDArray[np.int64]
    topics: NDArray[np.int64]
    vectors: NDArray[np.float32]
    days: NDArray[np.float64]
    seed: int

    def __len__(self) -> int:
        return len(self.events)

    def first(self, count: int) -> MadeEvents:
        """The first articles alone."""
        rows = self.events, self.topics, self.vectors, self.days
        return MadeEvents(*(array[:count] for array in rows), self.seed)

    def evidence(self) -> Iterator[Evidence]:
        """One article after the other, seq from 1."""
        words = _Words(self.seed)
        for place, event in enumerate(self.events.tolist()):
            lead = self.vectors[place].astype(np.float16).astype(np.float32)
            at = START + timedelta(days=float(self.days[place]))
            yield Evidence(place + 1, lead, words.of(event), at, at, f"Outlet {place % 40}", "en")


def made_events(count: int, seed: int = 1) -> MadeEvents:
    """Deterministic for a seed."""
    rng = np.random.default_rng(seed)
    sizes = np.arange(1, _LARGEST_EVENT + 1)
    drawn = rng.choice(sizes, size=count, p=sizes**-1.8 / np.sum(sizes**-1.8))
    events = np.repeat(np.arange(count), drawn)[:count]
    topics = np.arange(events[-1] + 1) // max(1, round(_TOPIC_SIZE / drawn.mean()))
    rng.shuffle(topics)
    axes = (np.arange(DIMENSION) + 10.0) ** -0.5
    common = _directions(rng, 1, axes)
    topic = _directions(rng, int(topics.max()) + 1, axes)
    event = _directions(rng, len(topics), axes)
    vectors = _directions(rng, count, axes)
    rest = 1 - _SHARE_COMMON - _SHARE_TOPIC - _SHARE_EVENT
    for part in _blocks(count):
        mixed = _SHARE_COMMON**0.5 * common + _SHARE_TOPIC**0.5 * topic[topics[events[part]]]
        mixed += _SHARE_EVENT**0.5 * event[events[part]] + rest**0.5 * vectors[part]
        vectors[part] = _unit(mixed)
    days = np.clip(
        rng.uniform(0, SPAN.days, len(topics))[events] + rng.exponential(_EVENT_DAYS / 4, count), 0, SPAN.days
    )
    order = np.argsort(days, kind="stable")
    return MadeEvents(events[order], topics[events[order]], vectors[order], days[order], seed)


def _directions(rng: np.random.Generator, count: int, axes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Random unit rows, drawn block by block: a million at once would take several times their memory."""
    rows = np.empty((count, DIMENSION), np.float32)
    for part in _blocks(count):
        rows[part] = _unit(rng.normal(size=(part.stop - part.start, DIMENSION)) * axes)
    return rows


def _blocks(count: int) -> list[slice]:
    return [slice(start, min(start + _BLOCK, count)) for start in range(0, count, _BLOCK)]


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _word(number: int) -> str:
    """A made-up word, another one for each number below 60,000; the first letters of neighbours differ, as those of words do."""
    syllables = []
    for _ in range(3):
        number, rest = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        syllables.append(_CONSONANTS[rest % len(_CONSONANTS)] + _VOWELS[rest // len(_CONSONANTS)])
    return "".join(syllables)


class _Words:
    """Telling words of articles by their event."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rng = np.random.default_rng(seed + 1)
        share = 1.0 / (np.arange(_VOCABULARY) + 30.0)
        self._cumulated = np.cumsum(share / share.sum())
        rarity = np.clip(np.round(-16 * np.log(share / share.sum())), 16, 255)
        self._rarity = rarity.astype(np.uint8)
        self._names = [_word(number) for number in range(_VOCABULARY)]

    def _drawn(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        return np.minimum(np.searchsorted(self._cumulated, rng.random(count)), _VOCABULARY - 1)

    def of(self, event: int) -> Sparse:
        own = self._drawn(np.random.default_rng((self._seed, event)), 40)
        chosen = np.concatenate([self._rng.choice(own, 25, replace=False), self._drawn(self._rng, _TERMS - 25)])
        ids = np.unique(chosen)
        telling = np.isin(ids, own)
        kinds = np.where(telling, LEAD, 0) | np.where(telling & (ids % 3 == 0), NAME, 0)
        return Sparse(
            terms=tuple(self._names[one] for one in ids.tolist()),
            counts=bytes(np.where(telling, 1 + ids % 4, 1).astype(np.uint8)),
            kinds=bytes(kinds.astype(np.uint8)),
            rarity=bytes(self._rarity[ids]),
        )


def headline(one: Evidence) -> str:
    """All that an article says where nobody reads texts."""
    return f"Article {one.seq}"


def prose(one: Evidence) -> str:
    """As many words as a report has, those of the article among them as often as it has them, names with a capital."""
    words = list(_FILLING)
    for term, count, kinds in zip(one.sparse.terms, one.sparse.counts, one.sparse.kinds, strict=True):
        words += [term.capitalize() if kinds & NAME else term] * count
    np.random.default_rng(one.seq).shuffle(words)
    lines = [" ".join(words[start : start + _SENTENCE]) for start in range(0, len(words), _SENTENCE)]
    return "\n".join(f"{line[:1].upper()}{line[1:]}." for line in lines)


def fill(
    books: CollectionStore,
    made: MadeEvents,
    clusters: Sequence[str],
    model: str = "made",
    near: Callable[[Evidence, str], bytes] = lambda evidence, cluster: b"",
    told: Callable[[Evidence], str] = headline,
    why: Callable[[Evidence, str], bytes] = lambda evidence, cluster: b"{}",
) -> None:
    """Enter the articles into an empty collection as assigned to these clusters, one id for each article.

    model: whose vectors they pass for; searches by text need that of the encoder. near: what is kept of each one's neighbours.
    told: the text of each. why: the reasons that are stored with each.
    """
    epoch = books.claim("fill", 3_600)
    if epoch is None:
        raise RuntimeError("another writer leads this collection")
    batch: list[tuple[Evidence, str]] = []
    opened: set[str] = set()
    for evidence, cluster in zip(made.evidence(), clusters, strict=True):
        batch.append((evidence, cluster))
        if len(batch) == _BATCH or evidence.seq == len(made):
            make_ready(books, [one for one, _ in batch], model, told)
            _commit(books, batch, opened, epoch, near, why)
            batch = []
    books.release("fill")


def make_ready(
    books: CollectionStore, articles: Sequence[Evidence], model: str, told: Callable[[Evidence], str] = headline
) -> None:
    """Accept and prepare the next articles, at most 64, by their seqs."""
    books.accept([_revision(one, told(one)) for one in articles])
    leased = books.lease("inbox", "fill", _BATCH, 3_600)
    by_seq = {one.seq: one for one in articles}
    received = books.received([entry.seq for entry in leased])
    drafts = [
        _draft(entry.entry, article, by_seq[entry.seq])
        for entry, article in zip(leased, received, strict=True)
        if article is not None
    ]
    books.register(drafts)
    books.hand_over(drafts, model)


def _commit(
    books: CollectionStore,
    batch: Sequence[tuple[Evidence, str]],
    opened: set[str],
    epoch: int,
    near: Callable[[Evidence, str], bytes],
    why: Callable[[Evidence, str], bytes],
) -> None:
    ready = {entry.seq: entry.entry for entry in books.lease("ready", "fill", _BATCH, 3_600)}
    items = []
    for one, cluster in batch:
        action: Literal["join", "open"] = "join" if cluster in opened else "open"
        reasons = why(one, cluster)
        items.append(CommitItem(ready[one.seq], one.seq, action, cluster, None, reasons, near=near(one, cluster)))
        opened.add(cluster)
    books.commit(epoch, books.position().generation, items, batch[-1][0].received_at)


def _revision(one: Evidence, text: str) -> Revision:
    article = Article(
        f"a{one.seq}", title=headline(one), text=text, source=one.source, published_at=one.published_at, lang="en"
    )
    return Revision(article, f"{one.seq:x}", one.received_at)


def _draft(entry: str, received: Revision, one: Evidence) -> Draft:
    article = received.article
    return Draft(
        entry=entry,
        received=received,
        document=Document(title=article.title or "", text=article.text or "", lang="en"),
        fingerprint=Fingerprint(one.seq, np.empty(0, np.uint32), None, "made"),
        terms=IndexTerms(None),
        sparse=encode_sparse(one.sparse),
        vector=one.lead.astype(np.float16).tobytes(),
    )

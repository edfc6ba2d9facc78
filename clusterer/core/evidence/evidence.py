"""What decisions and faces know of one article: a vector, its telling words, and when and where it appeared.

`extract` takes the sparse part from a document; `encode_sparse` and `decode_sparse` keep it with the article in about
a kilobyte. Words stay readable strings, because an explanation has to show them. Decisions use stored values only, so
that an index built again from the store decides alike.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clusterer.core.calendar import is_calendar_word
from clusterer.core.evidence.rarity import rarity
from clusterer.core.evidence.words import Token, is_number, name_words, tokens
from clusterer.core.language import primary_language
from clusterer.core.model import Document, Vector
from clusterer.core.records import PreparedFacts
from clusterer.core.url_dates import date_in_url

TITLE, LEAD, NAME, NUMBER = 1, 2, 4, 8  # bits of Sparse.kinds

_LEAD_WORDS = 90  # the part of the text the lead embedding sees
_MAX_TERMS = 160
_BRIEF_TERMS = 35  # telling words; some 25 words of text beside a headline have fewer
_READ_CHARS = 6_000  # what comes later in a long text is background
_LEAST_RARITY = 16  # words that a third of all articles have tell nothing
_LEAD_CHARS = 2000  # more than the encoder's 128 tokens ever cover
_VERSION = 1
_IN_TEXT_ALONE = bytes(bool(kinds & LEAD and not kinds & TITLE) for kinds in range(256))  # by kinds


@dataclass(frozen=True, slots=True)
class Sparse:
    """The telling words of an article; entry i of each field belongs to `terms[i]`.

    terms: distinct words, and names of two words joined by a blank, sorted. counts: occurrences in title and text,
    1..255. kinds: bits TITLE, LEAD, NAME, NUMBER. rarity: background rarity in sixteenths of a nat (see rarity).
    """

    terms: tuple[str, ...] = ()
    counts: bytes = b""
    kinds: bytes = b""
    rarity: bytes = b""

    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
        """counts, kinds, rarity as uint8 arrays of shape (len(terms),)."""
        return (
            np.frombuffer(self.counts, np.uint8),
            np.frombuffer(self.kinds, np.uint8),
            np.frombuffer(self.rarity, np.uint8),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A prepared article.

    lead: embedding of title and lead, float32, of unit length but for the stored float16; empty unless it is `comparable`.
    movable is False for pages that must not move a cluster's centre (walls, multi-event pages). heading: the title in words.
    published_at: as stated (`stated_at`), else as the URL says. copy_of: the article that it follows.
    near: the neighbours with which it entered the window (`stored_near`), if asked for.
    """

    seq: int
    lead: Vector
    sparse: Sparse
    published_at: datetime | None
    received_at: datetime
    source: str | None = None
    lang: str | None = None
    movable: bool = True
    heading: str = ""
    article_id: str = ""
    stated_at: datetime | None = None
    copy_of: int | None = None
    near: bytes | None = None

    @property
    def comparable(self) -> bool:
        """False for a copy, and for a page that left nothing to embed."""
        return len(self.lead) > 0

    def direction(self) -> Vector | None:
        """The lead in exactly unit length; None where there is none."""
        norm = float(np.linalg.norm(self.lead))
        return (self.lead / norm).astype(np.float32) if norm > 0 else None


def evidence_of(facts: PreparedFacts, vector: bytes | None, sparse: bytes, near: bytes | None = None) -> Evidence:
    """From what is stored: a vector in float16, None for none, and encoded telling words. Raises ValueError for damaged ones."""
    return Evidence(
        seq=facts.seq,
        lead=np.frombuffer(vector or b"", np.float16).astype(np.float32),
        sparse=decode_sparse(sparse) if sparse else Sparse(),
        published_at=facts.published_at or date_in_url(facts.url, facts.received_at),
        received_at=facts.received_at,
        source=facts.source,
        lang=facts.lang,
        movable=facts.movable,
        heading=facts.title,
        article_id=facts.article_id,
        stated_at=facts.published_at,
        copy_of=facts.copy_of,
        near=near,
    )


def is_headline(sparse: Sparse) -> bool:
    """Whether an article has a title and no text of its own."""
    return bool(sparse.kinds) and b"\1" not in sparse.kinds.translate(_IN_TEXT_ALONE)


def is_brief(sparse: Sparse) -> bool:
    """Whether an article is a headline or little more, as feeds send them; one without any words is not."""
    return 0 < len(sparse.kinds) < _BRIEF_TERMS or is_headline(sparse)


def text_to_embed(document: Document) -> str:
    """Title and lead as the encoder gets them; empty when the document is."""
    title = document.title.strip()
    text = _telling_text(document).strip()
    lead = f"{title}. {text}" if title and text else title or text
    return lead[:_LEAD_CHARS]


def _telling_text(document: Document) -> str:
    """The text, but not of a page without an article: what is left there is boilerplate, and only the title tells."""
    return document.text if document.kind == "article" else ""


def extract(document: Document) -> Sparse:
    """The telling words of a document: those of title and lead, then the rarest and most frequent, up to a bound."""
    lang = primary_language(document.lang)
    title, body = tokens(document.title, lang), tokens(_telling_text(document)[:_READ_CHARS], lang)
    counts = Counter([word for word, _, _ in body + title])
    names = name_words(title, body, lang)
    kinds = dict.fromkeys(counts, 0) | dict.fromkeys(names, NAME) | dict.fromkeys(filter(is_number, counts), NUMBER)
    for bit, part in ((LEAD, body[:_LEAD_WORDS]), (TITLE | LEAD, title)):
        for word, _, _ in part:
            kinds[word] |= bit
    for pair in _name_pairs(title, names) + _name_pairs(body, names):
        kinds[pair] = NAME
        counts[pair] += 1
    return _bounded(kinds, counts, document.lang)


def _name_pairs(words: Sequence[Token], names: set[str]) -> list[str]:
    """Names of two words, such as first and last name, that stand side by side in one sentence."""
    return [
        f"{first} {second}"
        for (first, capital, _), (second, other_capital, starts) in pairwise(words)
        if capital and other_capital and not starts and first in names and second in names
    ]


def _bounded(kinds: Mapping[str, int], counts: Mapping[str, int], lang: str | None) -> Sparse:
    rarities = {term: _rarity(term, lang) if " " in term else rarity(term, lang) for term in kinds}
    worth = [
        (bool(kinds[term] & LEAD), rare * counts[term] ** 0.5, term)
        for term, rare in rarities.items()
        if rare >= _LEAST_RARITY
    ]
    terms = sorted(term for _, _, term in sorted(worth, reverse=True)[:_MAX_TERMS])
    return Sparse(
        terms=tuple(terms),
        counts=bytes(min(255, counts[term]) for term in terms),
        kinds=bytes(kinds[term] for term in terms),
        rarity=bytes(
            _rarity_in_title(term, rarities[term]) if kinds[term] & TITLE else rarities[term] for term in terms
        ),
    )


def _rarity_in_title(term: str, rare: int) -> int:
    """Titles such as "Weather for Wednesday" share a day and nothing else, so a day in a title counts as a common word."""
    return min(rare, _LEAST_RARITY) if is_calendar_word(term) else rare


def _rarity(name: str, lang: str | None) -> int:
    """That of the rarer one of a name's two words."""
    return max(rarity(word, lang) for word in name.split(" "))


def encode_sparse(sparse: Sparse) -> bytes:
    """Compact bytes of a Sparse: a version byte, then zlib of the three columns and the terms."""
    size = len(sparse.terms).to_bytes(2, "big")
    columns = sparse.counts + sparse.kinds + sparse.rarity
    return bytes([_VERSION]) + zlib.compress(size + columns + "\n".join(sparse.terms).encode())


def decode_sparse(data: bytes) -> Sparse:
    """The Sparse that `encode_sparse` wrote. Raises ValueError for another version or damaged bytes."""
    if not data or data[0] != _VERSION:
        raise ValueError(f"sparse evidence of version {data[0] if data else None}, expected {_VERSION}")
    try:
        raw = zlib.decompress(data[1:])
    except zlib.error as error:
        raise ValueError(f"damaged sparse evidence: {error}") from error
    size = int.from_bytes(raw[:2], "big")
    columns, words = raw[2 : 2 + 3 * size], raw[2 + 3 * size :].decode()
    terms = tuple(words.split("\n")) if size else ()
    if len(columns) != 3 * size or len(terms) != size:
        raise ValueError("damaged sparse evidence: columns and terms differ in length")
    return Sparse(terms, columns[:size], columns[size : 2 * size], columns[2 * size :])

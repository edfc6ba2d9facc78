"""The values that cross boundaries. Frozen, typed, without behaviour that needs I/O.

Words (see docs/architecture.md): an *article* is a text as received; its *document* is what cleaning keeps; every accepted
revision gets a *sequence number* `seq` (int, from 1, in order of acceptance, per collection), by which everything inside refers to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:  # numpy is most of a look-up's time to start
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float32]"  # shape (dimension,), unit length

ArticleState = Literal["pending", "assigned", "dead", "erased", "expired"]
RelationKind = Literal["exact", "near", "excerpt_of", "version_of", "same_template"]
DocumentKind = Literal["article", "wall", "empty"]
RepresentativeReason = Literal["only_member", "closest_to_centre", "says_most", "only_titled_member", "earliest_member"]


@dataclass(frozen=True, slots=True)
class Article:
    """A text as received. One of `text` and `html` is set; times are aware UTC."""

    id: str
    collection: str = "default"
    url: str | None = None
    title: str | None = None
    text: str | None = None
    html: str | None = None
    source: str | None = None
    published_at: datetime | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the page that is not the article, and why it was cut.

    reason: a code of `cleaning.reasons`; a sentence in documents stored before there were codes. detail: what goes into
    the sentence of some codes, such as "9 of 12 pages".
    """

    text: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What cleaning keeps of an article.

    `kind` is `wall` for a page with no article in it (paywall, login, cookie wall) and `empty` when nothing is left;
    `multi_event` marks live blogs and digests, which bridge events and must not move a cluster's centre.
    """

    title: str
    text: str
    cuts: tuple[Cut, ...] = ()
    kind: DocumentKind = "article"
    multi_event: bool = False
    lang: str | None = None


def _no_hashes() -> NDArray[np.uint64]:
    import numpy as np

    return np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared to find copies.

    exact: 64-bit hash of the normalised words, 0 when there are none. shingles: sorted unique uint32 hashes of word k-grams
    (the upper halves of the 64-bit ones), shape (n,); empty for texts too short to compare. signature: MinHash values, uint32, shape
    (num_perm,), None when there are no shingles. scheme: names tokeniser, shingle size, hash, permutations and seed; fingerprints of
    two schemes never compare.
    sketch: the sorted unique winnowed 64-bit shingle hashes that register the article for excerpt search, shape (s,). It needs the order
    of the words, so it cannot be derived from `shingles`; stored fingerprints may leave it empty, comparing does not use it.
    """

    exact: int
    shingles: NDArray[np.uint32]
    signature: NDArray[np.uint32] | None
    scheme: str
    sketch: NDArray[np.uint64] = field(default_factory=_no_hashes)


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """The terms under which an article is entered in the posting index. Terms of different kinds never coincide."""

    exact: bytes | None
    bands: tuple[bytes, ...] = ()
    sketch: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Article `seq` stands in this relation to the earlier article `other`; `evidence` holds the figures that say so."""

    kind: RelationKind
    other: int
    evidence: Mapping[str, float | int | str] = field(default_factory=dict)
    is_copy: bool = True  # a copy skips embedding and follows `other` into its cluster


def copy_of(relations: Sequence[Relation]) -> int | None:
    """The article that a copy follows: `other` of the primary, the first, relation. None when that is no copy."""
    return relations[0].other if relations and relations[0].is_copy else None


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a page; `cut` is why it is no part of the article, None for what was kept."""

    text: str
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class Representative:
    """The article whose title the cluster bears, and why this one."""

    article_id: str
    reason: RepresentativeReason


@dataclass(frozen=True, slots=True)
class Coherence:
    """Cosine over all pairs of members with a vector: mean and least. None with fewer than two."""

    mean: float | None
    min: float | None

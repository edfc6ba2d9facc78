"""From a document to what finds and proves its copies: shingles, MinHash signature, winnowed sketch, and index terms.

Copies are found by two kinds of terms in a posting index. *Bands* of the MinHash signature (Broder 1997; Leskovec,
Rajaraman and Ullman, Mining of Massive Datasets, ch. 3) find texts that resemble each other as wholes. The *sketch*,
picked by winnowing (Schleimer, Wilkerson and Aiken 2003, doi:10.1145/872757.872770), finds texts that share a passage,
however long the rest of one of them is: any `window` consecutive shingles that two texts have in common give both at
least one common term. A common term is never more than a reason to compare: what counts is `overlap`, computed from
the shingles themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import regex
import xxhash
from numpy.typing import NDArray

from clusterer.core.minhash import signature
from clusterer.core.model import Document, Fingerprint, IndexTerms
from clusterer.core.text import UNSPACED, UNSPACED_CLASS, folded, has_unspaced

MAX_SHINGLES = 20_000

_Unsigned = TypeVar("_Unsigned", np.uint32, np.uint64)

_WORD = regex.compile(r"\w+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)
_WORD_OR_CHARACTER = regex.compile(rf"{UNSPACED_CLASS}\p{{M}}*|[\w--{UNSPACED_CLASS}]+", regex.VERSION1)
_TERM_HASH_BYTES = 6  # 48 bits: among 1e8 postings an article of 100 terms meets a false one in 1 of 30,000 look-ups


@dataclass(frozen=True, slots=True)
class FingerprintPolicy:
    """How texts become fingerprints. Changing any number but the two minima changes the scheme, so old and new never meet.

    shingle_words: tokens in a shingle. min_tokens: a shorter body has no shingles. min_exact_tokens: a body shorter
    still has no exact hash either, so recurring one-liners and headlines without a body are never copies. num_perm,
    bands: signature length and how many bands it is cut into. window: winnowing window in shingles. max_shingles: of a
    longer text the smallest hashes are kept, a consistent sample. max_sketch: cap on sketch terms, likewise the
    smallest. seed: of the MinHash permutations.
    """

    shingle_words: int = 5
    min_tokens: int = 12
    min_exact_tokens: int = 6
    num_perm: int = 128
    bands: int = 32
    window: int = 16
    max_shingles: int = MAX_SHINGLES
    max_sketch: int = 512
    seed: int = 1

    def __post_init__(self) -> None:
        if self.num_perm % self.bands:
            raise ValueError(f"{self.num_perm} permutations do not divide into {self.bands} bands")
        if not 0 < self.min_exact_tokens <= self.min_tokens or self.min_tokens < self.shingle_words:
            raise ValueError("needs 0 < min_exact_tokens <= min_tokens and min_tokens >= shingle_words")

    @property
    def scheme(self) -> str:
        """Names everything that two fingerprints must have in common to be compared."""
        return (
            f"folded-words{self.shingle_words}-xxh3/affine32-{self.num_perm}-{self.seed}/{self.bands}"
            f"/cap{self.max_shingles}/winnow{self.window}-{self.max_sketch}"
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two shingle sets share. containment: of the smaller set in the larger. An empty set gives 0 throughout."""

    shared: int
    size: int
    other_size: int

    @property
    def jaccard(self) -> float:
        union = self.size + self.other_size - self.shared
        return self.shared / union if union else 0.0

    @property
    def containment(self) -> float:
        smaller = min(self.size, self.other_size)
        return self.shared / smaller if smaller else 0.0


def folded_words(text: str) -> list[str]:
    """Words as `folded` compares them; in scripts without spaces (Chinese, Japanese, Thai, ...) every character is one."""
    normal = folded(_without_dashes(text))
    if normal.isascii():
        return _ASCII_WORD.findall(normal)
    words: list[str] = (_WORD_OR_CHARACTER if has_unspaced(normal) else _WORD).findall(normal)
    return words


def _without_dashes(text: str) -> str:
    """They stand between words as a space does; without them most texts of English are ASCII once folded, which is read twice as fast."""
    return text if text.isascii() else text.replace("—", " ").replace("–", " ").replace("•", " ")


def fingerprint(document: Document, policy: FingerprintPolicy) -> Fingerprint:
    """The document's fingerprint. A page without an article (`wall`, `empty`) gets an empty one; it matches nothing."""
    words = folded_words(document.text) if document.kind == "article" else []
    length = _length_in_words(words)
    if length < policy.min_tokens:
        exact = _exact_of_short(document.title, words) if length >= policy.min_exact_tokens else 0
        return Fingerprint(exact, np.empty(0, dtype=np.uint32), None, policy.scheme)
    hashes = _shingle_hashes(words, policy.shingle_words)
    distinct = _distinct(hashes)
    return Fingerprint(
        exact=_exact_hash("\n".join(words)),
        shingles=shortened(distinct)[: policy.max_shingles],
        signature=signature(distinct[: policy.max_shingles].astype(np.uint32), policy.num_perm, policy.seed),
        scheme=policy.scheme,
        sketch=_winnow(hashes, policy.window)[: policy.max_sketch],
    )


def shingles_of(document: Document, policy: FingerprintPolicy) -> NDArray[np.uint32]:
    """`fingerprint(document, policy).shingles`, without the cost of the rest."""
    words = folded_words(document.text) if document.kind == "article" else []
    if _length_in_words(words) < policy.min_tokens:
        return np.empty(0, dtype=np.uint32)
    return shortened(_distinct(_shingle_hashes(words, policy.shingle_words)))[: policy.max_shingles]


def shortened(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The upper halves of sorted hashes, each once: in the same order, so that the smallest stay the smallest.

    Of two texts of a thousand different shingles each, one pair in 4,000 has one in common by chance.
    """
    return _each_once((hashes >> np.uint64(32)).astype(np.uint32))


def index_terms(text_fingerprint: Fingerprint, policy: FingerprintPolicy, series: Iterable[str] = ()) -> IndexTerms:
    """Terms of 7 bytes: a letter for the kind, then a hash. Raises ValueError for a fingerprint of another scheme.

    series: names of the series that the article may belong to; its other articles are found too.
    """
    if text_fingerprint.scheme != policy.scheme:
        raise ValueError(f"fingerprint of scheme {text_fingerprint.scheme} cannot be registered under {policy.scheme}")
    exact = b"x" + _term_hash(text_fingerprint.exact) if text_fingerprint.exact else None
    recurring = tuple(b"c" + _term_hash(xxhash.xxh3_64_intdigest(name.encode())) for name in series)
    if text_fingerprint.signature is None:
        return IndexTerms(exact, sketch=recurring)
    rows = text_fingerprint.signature.reshape(policy.bands, -1)
    bands = tuple(
        b"b" + _term_hash(xxhash.xxh3_64_intdigest(row.tobytes(), seed=number)) for number, row in enumerate(rows)
    )
    return IndexTerms(
        exact, bands, recurring + tuple(b"s" + _term_hash(value) for value in text_fingerprint.sketch.tolist())
    )


def overlap(one: Fingerprint, other: Fingerprint, max_shingles: int = MAX_SHINGLES) -> Overlap:
    """Exact overlap of the shingle sets; on a consistent sample of both when one of them was cut to `max_shingles`."""
    a, b = one.shingles, other.shingles
    for side in (a, b):
        if side.size >= max_shingles:
            # A cut set holds all hashes up to its largest and none above, so only that range can be compared.
            a, b = a[a <= side[-1]], b[b <= side[-1]]
    shared = int(np.intersect1d(a, b, assume_unique=True).size)
    return Overlap(shared, int(a.size), int(b.size))


def _length_in_words(words: list[str]) -> int:
    """Tokens, where two characters of an unspaced script count as one word."""
    if not has_unspaced("".join(words)):
        return len(words)
    return len(words) - sum(UNSPACED.match(word) is not None for word in words) // 2


def _exact_of_short(title: str, words: list[str]) -> int:
    """Few words recur by chance, so a short text is the same only under the same title."""
    heading = folded_words(title)
    return _exact_hash("\n".join([*heading, "", *words])) if heading else 0


def _exact_hash(text: str) -> int:
    # Cryptographic, unlike the shingle hashes: nobody can build a text that passes for a copy of another one.
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") or 1


def _shingle_hashes(words: list[str], size: int) -> NDArray[np.uint64]:
    """Hashes of all word k-grams in the order of the text, shape (len(words) - size + 1,)."""
    encoded = " ".join(words).encode().split(b" ")
    grams = map(b" ".join, zip(*(encoded[start:] for start in range(size)), strict=False))
    return np.fromiter(map(xxhash.xxh3_64_intdigest, grams), dtype=np.uint64)


def _winnow(hashes: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """Sorted unique minima of all windows: 2 of `window + 1` hashes on average, 1 at least of any `window` in a row."""
    smallest, covered = hashes, 1
    while covered < min(window, hashes.size):
        more = min(covered, window - covered, hashes.size - covered)
        smallest, covered = np.minimum(smallest[:-more], smallest[more:]), covered + more
    return _distinct(smallest)


def _distinct(values: NDArray[_Unsigned]) -> NDArray[_Unsigned]:
    """Sorted, each once. For a thousand values numpy's own `unique`, which builds a table of them, takes five times as long."""
    return _each_once(np.sort(values))


def _each_once(ordered: NDArray[_Unsigned]) -> NDArray[_Unsigned]:
    kept = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    return ordered[kept]


def _term_hash(value: int) -> bytes:
    # The low bytes: winnowing and the cap both prefer small hashes, so the high ones carry less.
    return value.to_bytes(8, "big")[-_TERM_HASH_BYTES:]

"""Which earlier articles is this one a copy, an excerpt or a version of? A pure decision on verified overlap.

A shared index term only makes two articles candidates. Relations follow from the overlap of their shingles, and copy
families are stars, not chains: a copy must resemble the article that it is counted under, not just another copy of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from clusterer.core.copies.fingerprint import MAX_SHINGLES, Overlap, folded_words, overlap
from clusterer.core.copies.series import series_of
from clusterer.core.model import Relation, RelationKind
from clusterer.core.records import Known

_EXACT, _NEAR, _EXCERPT, _SERIES = range(4)  # how close, closest first
_CONTENT_LETTERS = 4  # shorter title words hardly ever name what an article is about


@dataclass(frozen=True, slots=True)
class DedupPolicy:
    """Where the lines are drawn; all similarities are between 0 and 1 and concern word shingles.

    min_jaccard: two texts are near-copies. min_containment: the shorter is an excerpt of the longer.
    min_family_jaccard: least resemblance of a copy to its canonical article when it was found through another copy.
    min_excerpt_shingles: a shorter text is a quotation, not an excerpt, unless it has min_teaser_shingles and the longer text holds all
    of them but one (a teaser may break off within a word). max_version_gap_s: a near-copy of the same source that comes later than
    this is a recurring template, not a version, and does not follow the older one.
    min_title_words: neither does one whose title shares fewer content words, unless the shorter title has no more.
    max_candidates: how many hits are verified. max_relations: how many relations an article gets.
    max_shingles: the cap that the fingerprints were made with.
    """

    min_jaccard: float = 0.7
    min_containment: float = 0.8
    min_family_jaccard: float = 0.5
    min_excerpt_shingles: int = 20
    min_teaser_shingles: int = 8
    max_version_gap_s: float = 3 * 86_400
    min_title_words: int = 2
    max_candidates: int = 16
    max_relations: int = 8
    max_shingles: int = MAX_SHINGLES


@dataclass(frozen=True, slots=True)
class _Match:
    """A verified candidate."""

    known: Known
    overlap: Overlap
    closeness: int

    @property
    def order(self) -> tuple[int, float, float, int]:
        """Sorts the most telling match first: exact, near, excerpt; then by resemblance; then the earliest."""
        return (self.closeness, -self.overlap.jaccard, -self.overlap.containment, self.known.seq)


def relate(
    article: Known,
    candidates: Iterable[Known],
    policy: DedupPolicy,
    previous: int | None = None,
    two_things: Callable[[int], bool] = lambda _: False,
) -> tuple[Relation, ...]:
    """The article's relations to those registered before it, at most one to each copy family, the primary one first.

    Only the first can have `is_copy`; its `other` is then the earliest living member of the family, while
    `evidence["matched"]` names the article that was compared. `previous` is the seq of the same id's revision before
    this one: there is always a `version_of` it, and that is a copy only when the texts are near. A canonical article
    that is not among the candidates counts as gone, so pass those of all copies. The candidates' order does not matter.

    two_things: whether the candidate of a seq was made from the same form as the article, or for the same column, about another thing. It
    is asked of candidates that are near and of those of the article's series. The latest of them is related as `same_template`.
    """
    alive = {
        known.seq: known
        for known in candidates
        if known.alive and known.seq != article.seq and known.fingerprint.scheme == article.fingerprint.scheme
    }
    overlaps = {
        seq: overlap(article.fingerprint, known.fingerprint, policy.max_shingles) for seq, known in alive.items()
    }
    matches = sorted(_matches(article, alive, overlaps, policy), key=lambda match: match.order)
    relations: list[Relation] = []
    families: set[int] = set()
    templates: list[_Match] = []
    for match in matches:
        head = _head(match.known, alive)
        if head.seq in families:
            continue
        if match.closeness != _EXACT and article.article_id != match.known.article_id and two_things(match.known.seq):
            templates.append(match)
        elif match.closeness != _SERIES:
            families.add(head.seq)
            follows = _follows(article, match, head, overlaps[head.seq], policy)
            follows = follows and not any(relation.is_copy for relation in relations)
            relations.append(_relation(article, match, head, previous, follows))
    if previous is not None and all(relation.evidence["matched"] != previous for relation in relations):
        relations.append(_earlier_revision(previous, overlaps.get(previous)))
    relations.sort(key=lambda relation: not relation.is_copy)  # stable: only moves the copy to the front
    series = [_same_template(article, max(templates, key=lambda match: match.known.seq))] if templates else []
    return tuple(relations[: policy.max_relations - len(series)] + series)


def _matches(
    article: Known, alive: Mapping[int, Known], overlaps: Mapping[int, Overlap], policy: DedupPolicy
) -> Iterable[_Match]:
    for seq, known in alive.items():
        if article.fingerprint.exact and known.fingerprint.exact == article.fingerprint.exact:
            yield _Match(known, overlaps[seq], _EXACT)
        elif overlaps[seq].jaccard >= policy.min_jaccard:
            yield _Match(known, overlaps[seq], _NEAR)
        elif _is_excerpt(overlaps[seq], policy):
            yield _Match(known, overlaps[seq], _EXCERPT)
        elif not _series(article).isdisjoint(_series(known)):
            yield _Match(known, overlaps[seq], _SERIES)


def _series(known: Known) -> frozenset[str]:
    return frozenset(series_of(known.title, known.source))


def _is_excerpt(shared: Overlap, policy: DedupPolicy) -> bool:
    size = min(shared.size, shared.other_size)
    if size < policy.min_excerpt_shingles:
        return size >= policy.min_teaser_shingles and shared.shared >= size - 1
    return shared.containment >= policy.min_containment


def _head(known: Known, alive: Mapping[int, Known]) -> Known:
    """The earliest living member of the family; `known` itself unless it is a copy."""
    seen = {known.seq}  # stored data decides how long this goes on, so it must not go round
    while known.canonical is not None and known.canonical in alive and known.canonical not in seen:
        known = alive[known.canonical]
        seen.add(known.seq)
    if known.canonical is None:
        return known
    return min((other for other in alive.values() if other.canonical == known.canonical), key=lambda other: other.seq)


def _follows(article: Known, match: _Match, head: Known, to_head: Overlap, policy: DedupPolicy) -> bool:
    if match.closeness == _EXCERPT or not head.earlier:
        return False
    if match.closeness == _NEAR and to_head.jaccard < policy.min_family_jaccard:
        return False
    return not (_same_origin(article, match.known) and _is_template(article, match.known, policy))


def _is_template(article: Known, known: Known, policy: DedupPolicy) -> bool:
    """Sources fill the same form again and again: daily figures, rubrics, and pages that show no article at all."""
    return _gap_s(article, known) > policy.max_version_gap_s or not _titles_agree(article, known, policy)


def _titles_agree(article: Known, known: Known, policy: DedupPolicy) -> bool:
    """True also when one of them has no title to disagree with."""
    one, other = _content_words(article.title), _content_words(known.title)
    return len(one & other) >= min(policy.min_title_words, len(one), len(other))


def _content_words(title: str) -> set[str]:
    return {word for word in folded_words(title) if len(word) >= _CONTENT_LETTERS or not word.isascii()}


def _relation(article: Known, match: _Match, head: Known, previous: int | None, follows: bool) -> Relation:
    known = match.known
    evidence = _figures(article, match)
    return Relation(_kind(article, match, previous), head.seq if follows else known.seq, evidence, is_copy=follows)


def _same_template(article: Known, match: _Match) -> Relation:
    return Relation("same_template", match.known.seq, _figures(article, match), is_copy=False)


def _figures(article: Known, match: _Match) -> dict[str, float | int | str]:
    known, shared = match.known, match.overlap
    evidence: dict[str, float | int | str] = {
        "matched": known.seq,
        "jaccard": 1.0 if match.closeness == _EXACT else round(shared.jaccard, 4),
        "containment": 1.0 if match.closeness == _EXACT else round(shared.containment, 4),
        "shared_shingles": shared.shared,
        "shingles": shared.size,
        "other_shingles": shared.other_size,
        "shared_terms": known.hits,
        "same_source": int(_same(article.source, known.source)),
        "hours_apart": round(_gap_s(article, known) / 3600, 1),
    }
    if match.closeness == _EXCERPT:
        # Whichever came first, the shorter is the excerpt; of equals, the later.
        evidence["direction"] = "contained" if shared.size <= shared.other_size else "contains"
    return evidence


def _kind(article: Known, match: _Match, previous: int | None) -> RelationKind:
    if match.known.seq == previous:
        return "version_of"
    if match.closeness == _EXACT:
        return "exact"
    if match.closeness == _EXCERPT:
        return "excerpt_of"
    return "version_of" if _same_origin(article, match.known) else "near"


def _earlier_revision(previous: int, shared: Overlap | None) -> Relation:
    """The link to the revision before, which is too different to follow or belongs to a family that is closer."""
    evidence: dict[str, float | int | str] = {"matched": previous}
    if shared is not None:
        evidence |= {"jaccard": round(shared.jaccard, 4), "containment": round(shared.containment, 4)}
    return Relation("version_of", previous, evidence, is_copy=False)


def _same_origin(article: Known, known: Known) -> bool:
    return (
        article.article_id == known.article_id
        or _same(article.source, known.source)
        or (article.url is not None and article.url == known.url)
    )


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and str(one).strip().casefold() == str(other).strip().casefold()


def _gap_s(article: Known, known: Known) -> float:
    """Seconds between the two, by publication when both claim one, else by reception."""
    if article.published_at is not None and known.published_at is not None:
        return abs((article.published_at - known.published_at).total_seconds())
    return abs((article.received_at - known.received_at).total_seconds())

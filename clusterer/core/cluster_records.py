"""The values of clusters, and of what changes them, that stages hand to each other through a store. Frozen and serialisable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ChangeKind = Literal["created", "updated", "merged", "split", "moved", "retired", "erased", "flipped", "corrected"]
CommitStatus = Literal["committed", "duplicate", "parked", "orphaned", "stale"]


@dataclass(frozen=True, slots=True)
class CommitItem:
    """One article's assignment. `open` founds `cluster`, `join` enters it, `copy` follows article `other` wherever it is.

    `reasons` is the JSON of the explanation, kept with the article as decided. beside: the cluster whose storyline a newly founded
    one goes on with, if it is in one. near: the neighbours with which the article entered the window, kept with it; empty for none.
    """

    entry: str
    seq: int
    action: Literal["open", "join", "copy"]
    cluster: str | None
    other: int | None
    reasons: bytes
    beside: str | None = None
    near: bytes = b""


@dataclass(frozen=True, slots=True, order=True)
class StorylineEntry:
    """A cluster in a storyline, and when its first article was published, or received where nobody says that."""

    begins_at: datetime
    cluster: str


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What became of a CommitItem.

    committed: it is in `cluster`. duplicate: it was already, in `cluster`. parked: a copy whose original is still pending;
    it returns to the ready stream with the original's commit. orphaned: a copy whose original is dead, erased or expired;
    it is back in the inbox and will be compared anew. stale: the cluster to join is gone; decide again.
    """

    seq: int
    status: CommitStatus
    cluster: str | None


@dataclass(frozen=True, slots=True)
class ClusterRecord:
    """A cluster's counters in one generation. Times are of reception, the ones that order."""

    id: str
    generation: int
    article_count: int
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    origin_count: int
    first_seen: datetime
    last_seen: datetime
    last_added_at: datetime
    revision: int
    status: Literal["active", "retired"] = "active"
    split_from: str | None = None
    aliases: tuple[str, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A record of the change feed; `number` counts from 1 without gaps, per collection.

    created/updated: `seqs` entered `cluster`. merged: `cluster` was absorbed by `other` with all of `seqs`. split: `cluster` is new
    and took `seqs` out of `other`. moved: `seqs` went from `other` to `cluster`. retired: `cluster` has no members left.
    erased: `seqs` left `cluster` for ever. flipped: `generation` is now the published one. corrected: a person said so.
    """

    number: int
    at: datetime
    kind: ChangeKind
    cluster: str
    seqs: tuple[int, ...] = ()
    other: str | None = None
    generation: int = 1
    actor: str | None = None
    reason: str | None = None

    @property
    def moves(self) -> bool:
        """Whether it changes what cluster `seqs` are in; all other kinds say something of a cluster or of the whole."""
        return self.kind in ("created", "updated", "merged", "split", "moved", "erased")

    @property
    def source(self) -> str | None:
        """The cluster that `seqs` were in before; None: in none, or `moves` is false."""
        return {"merged": self.cluster, "split": self.other, "moved": self.other, "erased": self.cluster}.get(self.kind)

    @property
    def target(self) -> str | None:
        """The cluster that `seqs` are in afterwards; None: in none, or `moves` is false."""
        if self.kind == "merged":
            return self.other
        return self.cluster if self.moves and self.kind != "erased" else None

    @property
    def enters(self) -> bool:
        """Whether `seqs` were in no cluster before."""
        return self.moves and self.source is None


@dataclass(frozen=True, slots=True)
class Regroup:
    """Moves decided after the first assignment, applied together or not at all.

    merged: `source` is absorbed whole by `target`. split: `seqs` leave `source` for the new id `target`, or for one that `source` took
    in, which lives again. moved: `seqs` leave `source` for the existing `target`. `if_revision` guards `source` (None: any).
    """

    kind: Literal["merged", "split", "moved"]
    source: str
    target: str
    seqs: tuple[int, ...]
    actor: str | None = None
    reason: str | None = None
    if_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided and later jobs must obey.

    `must_link` names two or more articles that belong together, `cannot_link` two that do not, by seq, ascending. `pin` names a
    cluster: it keeps its members, gains none from reclustering, and is never merged away.
    """

    kind: Literal["must_link", "cannot_link", "pin"]
    seqs: tuple[int, ...]
    cluster: str | None
    actor: str
    reason: str
    at: datetime

    @property
    def key(self) -> str:
        """The same articles or cluster have the same key, so that a later decision replaces an earlier one."""
        if self.kind == "pin":
            return f"pin:{self.cluster}"
        names = ",".join(map(str, self.seqs))
        return f"link:{names}" if len(self.seqs) == 2 else f"link:{hashlib.sha256(names.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class Position:
    """Where the books stand: the published generation and the number of the last change."""

    generation: int
    change: int

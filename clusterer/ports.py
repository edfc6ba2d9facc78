"""What the pipeline needs from the outside world. Every implementation of a port passes the same contract suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from clusterer.core.model import Document, Fingerprint
from clusterer.core.records import (
    Books,
    Change,
    ClusterRecord,
    CommitItem,
    CommitResult,
    Correction,
    Leased,
    NewRevision,
    Position,
    PostingHits,
    Prepared,
    PreparedFacts,
    Receipt,
    Received,
    Reembedded,
    Registration,
    Regroup,
    StoredEvidence,
)

Queue = Literal["inbox", "ready"]


class Clock(Protocol):
    """The time that orders articles. Leases use the store's own clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class Encoder(Protocol):
    """Texts to unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Names the model's weights and settings; vectors of two fingerprints never compare."""
        ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), rows of unit length."""
        ...


class VectorIndex(Protocol):
    """Inner-product search over unit vectors, owned by one thread."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Raises ValueError for NaN, a zero row, a wrong dimension or an id already present."""
        ...

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """(scores, ids), both shape (len(vectors), k), best first; id -1 and score -inf where there are fewer than k."""
        ...

    def remove(self, ids: NDArray[np.int64]) -> None:
        """Ids that are absent are ignored."""
        ...

    def __len__(self) -> int: ...


class Hints(Protocol):
    """Tells workers that there is work. Losing a hint costs seconds, never an article; so these never raise and never block."""

    def articles(self) -> None: ...

    def clusters(self) -> None: ...

    def taken(self, queue: Literal["articles", "clusters"]) -> None:
        """A worker took a hint and is about to look for work: what arrives from now on needs a new hint."""
        ...


class CollectionStore(Protocol):
    """One collection's books: the truth about every accepted article and every cluster.

    Each method that writes is atomic and idempotent: killed before, after or during the call, called twice or late, the books
    balance. Methods taking sequences accept at most 64 items where not said otherwise, and return one result per item, in order.
    """

    @property
    def name(self) -> str: ...

    # -- accept ------------------------------------------------------------------------------------------------------------

    def accept(self, revisions: Sequence[NewRevision]) -> list[Receipt]:
        """Store article and inbox entry together. A known (id, content_hash) returns the revision it has, whatever came after."""
        ...

    def reject(self, payload: str, reason: str, at: datetime) -> None:
        """Keep what a queue producer sent and why it was not accepted (bounded stream; payload cut to 10,000 characters)."""
        ...

    # -- prepare -----------------------------------------------------------------------------------------------------------

    def lease(self, queue: Queue, worker: str, count: int, lease_s: float) -> list[Leased]:
        """Entries whose lease ran out first, then new ones, oldest first. An entry whose article is no longer pending is dropped."""
        ...

    def received(self, seqs: Sequence[int]) -> list[Received | None]: ...

    def register(
        self, seq: int, exact: bytes | None, bands: Sequence[bytes], sketch: Sequence[bytes], at: datetime
    ) -> PostingHits:
        """Enter the terms into the posting index and return the articles registered *before* this one that share some.

        One atomic step, so of two racing duplicates the later sees the earlier. Repeating it changes nothing and gives
        the same or fewer hits. Terms live in time buckets by `at` and vanish with them. Lists are capped.
        """
        ...

    def fingerprints(self, seqs: Sequence[int]) -> list[Fingerprint | None]:
        """Stored fingerprints (any number of seqs). Signature may be None. Kept from `keep_fingerprint` on."""
        ...

    def keep_fingerprint(self, seq: int, fingerprint: Fingerprint, document: Document) -> None:
        """Store what later arrivals verify against; must be called before `register`, so that a hit can always be verified."""
        ...

    def register_all(self, registrations: Sequence[Registration]) -> list[PostingHits]:
        """`keep_fingerprint` and `register` for each in turn, so that each sees those before it; all are on disk once, at the end."""
        ...

    def facts(self, seqs: Sequence[int]) -> list[PreparedFacts | None]:
        """Small facts of accepted articles (any number of seqs); relations are empty until handed over."""
        ...

    def hand_over(self, worker: str, items: Sequence[tuple[str, Prepared]], model: str) -> None:
        """(inbox entry, prepared) -> stored, in the ready stream, out of the inbox. Items no longer pending in the inbox are skipped.

        Raises ModelMismatch when vectors are given and the collection holds another model's.
        """
        ...

    def boilerplate(self, source: str) -> bytes | None:
        """The stored profile of what recurs on this source's pages."""
        ...

    def save_boilerplate(self, source: str, profile: bytes | None) -> None:
        """Replace a source's profile; None forgets it. Last writer wins: a lost observation costs nothing."""
        ...

    def save_boilerplates(self, profiles: Mapping[str, bytes]) -> None:
        """`save_boilerplate` for several sources."""
        ...

    def boilerplate_sources(self) -> list[str]:
        """Sources with a profile, sorted."""
        ...

    def attempt(self, seq: int) -> int:
        """Count, durably, that work on this article alone begins; the number of such attempts so far, from 1.

        `hand_over` and `replay` begin anew.
        """
        ...

    def excuse(self, seq: int) -> None:
        """Take back one attempt at a pending article: it ended for a reason that was not the article's."""
        ...

    def bury(self, queue: Queue, entry: str, seq: int, reason: str, at: datetime) -> None:
        """Declare a pending article dead, with its reason; its parked copies return to the inbox."""
        ...

    def replay(self, seq: int) -> bool:
        """A dead article goes back to the inbox as pending. False when it is not dead."""
        ...

    def dead(self, after: int, limit: int) -> list[tuple[int, str]]:
        """(seq, reason) of dead articles with seq > after."""
        ...

    # -- assign ------------------------------------------------------------------------------------------------------------

    def claim(self, worker: str, lease_s: float) -> int | None:
        """Become or stay this collection's writer: the fencing epoch, or None while another worker's lease holds.

        The epoch rises with each change of hands and never otherwise.
        """
        ...

    def release(self, worker: str) -> None:
        """Give the lease up early, if this worker has it."""
        ...

    def position(self) -> Position: ...

    def evidence(self, seqs: Sequence[int]) -> list[StoredEvidence | None]:
        """Any number of seqs; None where the article is erased, expired or not prepared."""
        ...

    def commit(self, epoch: int, generation: int, items: Sequence[CommitItem], at: datetime) -> list[CommitResult]:
        """Assign pending articles: membership, counters, change feed and stream acknowledgement in one script.

        An article already assigned is a duplicate and changes nothing. `join` follows aliases. Parked copies of a newly committed
        article return to the ready stream. Raises Fenced, StaleGeneration; then nothing was written.
        """
        ...

    def regroup(self, epoch: int | None, generation: int, steps: Sequence[Regroup], at: datetime) -> bool:
        """Apply all steps in order or none. False when a named cluster or member is no longer as the steps assume.

        `epoch` None is a correction by a person, which needs no writer's lease. A merge leaves an alias, path-compressed; a cluster left
        without members is retired. Raises Fenced, StaleGeneration, RevisionMismatch.
        """
        ...

    def sweep(self, lease_s: float, at: datetime) -> int:
        """Repair what a crash can leave: pending articles in no stream go back to theirs. Returns how many (0 in health)."""
        ...

    # -- repair of damage from outside: what follows from the articles themselves is made anew -----------------------------------

    def check_lists(self, seqs: Sequence[int]) -> list[tuple[int, str]]:
        """(seq, list) for each list that is wrong about an article: `pending`, `dead`, `finished` (assigned or dead), by its state, and
        `copies` of the article that its primary relation names. Up to 64 seqs, here and below.
        """
        ...

    def relist(self, seqs: Sequence[int]) -> int:
        """Put each article into the lists it belongs in and out of the others. Returns how many entries were wrong."""
        ...

    def check_postings(self, seqs: Sequence[int], at: datetime) -> list[int]:
        """Articles that `register` entered and that are missing from a posting list now.

        Only those that are handed over and that an article registered `at` this time could still meet; full lists lack nobody.
        """
        ...

    def repost(self, seqs: Sequence[int], at: datetime) -> int:
        """Enter them again where they are missing, before those accepted later. Returns how many articles were missing somewhere."""
        ...

    def reassign(self, generation: int, change: int, rows: Sequence[tuple[int, str | None]]) -> bool:
        """Correct who is in which cluster (None: in none) of the published generation. Its counters and lists do not follow: stage and
        flip another one afterwards. A cluster for an article that is not assigned, and None for one that is, are skipped.

        False, and nothing written, unless `generation` is published and `change` is the last change.
        """
        ...

    def recount(self, erased: int, stored: int) -> bool:
        """Make `books` anew from the lists that `relist` keeps right; of erased articles there is no list, so the caller counts them.

        False, and nothing written, unless the count of erased articles is still `stored`, as before they were counted.
        """
        ...

    # -- read --------------------------------------------------------------------------------------------------------------

    def revisions(self, article_id: str) -> list[int]:
        """Seqs of an article's revisions, oldest first; empty when the id is unknown."""
        ...

    def seqs_of_url(self, url: str) -> list[int]: ...

    def document(self, seq: int) -> Document | None: ...

    def reasons(self, seq: int) -> bytes | None:
        """The explanation stored with the assignment (JSON)."""
        ...

    def copies_of(self, seq: int, limit: int) -> list[int]:
        """Seqs of articles whose primary relation names `seq`, oldest first."""
        ...

    def cluster(self, cluster_id: str, generation: int | None = None) -> ClusterRecord | None:
        """By id, in the published or the given generation; aliases are not followed."""
        ...

    def resolve(self, cluster_id: str) -> str | None:
        """The living cluster that an id (possibly merged away) stands for now; None when it never existed."""
        ...

    def members(self, cluster_id: str, after: int, limit: int, generation: int | None = None) -> list[int]:
        """Seqs greater than `after`, ascending; `limit` up to 10,000."""
        ...

    def cluster_ids(
        self, sort: Literal["last_seen", "size"], below: tuple[float, str] | None, limit: int
    ) -> list[tuple[float, str]]:
        """(sort value, id), descending; `below` continues after the last pair of the page before."""
        ...

    def changes(self, after: int, limit: int) -> list[Change]:
        """Change feed records with number > after, ascending; `limit` up to 1,000. Raises ChangesTrimmed if the next one is no longer
        kept.
        """
        ...

    def changes_of(self, cluster_id: str, after: int, limit: int) -> list[Change]:
        """The changes that name a cluster, as `cluster` or as `other`, with number > after, ascending; `limit` up to 1,000.

        Those that are no longer kept are left out.
        """
        ...

    def books(self) -> Books: ...

    def queue_facts(self) -> Mapping[str, float]:
        """inbox_length, ready_length, inbox_age_s, ready_age_s, dead_length, rejected_length (all that metrics and admission need);
        and two counts: refused_commits, of a writer whose lease had passed to another, and repaired_entries, articles that `sweep`
        found in no queue. Where memory is limited, memory_ratio: the share of it that is in use."""
        ...

    def accepted_seqs(self, after: int, limit: int) -> list[int]:
        """Seqs of accepted revisions above `after`, ascending; `limit` up to 10,000. For audit and export."""
        ...

    # -- erasure and retention ---------------------------------------------------------------------------------------------

    def erase(self, seq: int, at: datetime) -> bool:
        """Remove an article's text, document, fingerprint, posting terms, vectors, sparse evidence, reasons, URL and id entries, and its
        membership in every generation. What stays is a tombstone (state `erased`, no text, no title, no source) and an `erased` change.
        Its parked copies go back to the inbox. False when it was erased before. Counters follow; an emptied cluster is retired.
        """
        ...

    def erased_traces(self, seq: int, article_id: str, words: Sequence[str]) -> list[str]:
        """Names of keys in which anything of an erased article is still found: its id, or one of the given words of its text, in any
        value of this collection; its seq in any membership, posting, stream or copies list. Empty is the proof. Scans everything.
        """
        ...

    def expire(self, before: datetime, limit: int, at: datetime) -> int:
        """Retention: the oldest articles received before a time lose what `erase` removes and become `expired`, without a change for
        each; at most `limit` of them, only assigned or dead ones. Returns how many.
        """
        ...

    def trim_changes(self, before: datetime, limit: int) -> int:
        """Let go of the oldest changes, as far as they are older than a time; at most `limit` of them. Returns how many.

        Numbers go on as ever.
        """
        ...

    # -- nightly -----------------------------------------------------------------------------------------------------------

    def claim_job(self, job: str, worker: str, lease_s: float) -> bool:
        """Take or keep a named job of this collection. False while another worker's lease on it holds."""
        ...

    def release_job(self, job: str, worker: str) -> None: ...

    def generations(self) -> list[int]:
        """Numbers of the generations that hold data, ascending: published, previous and perhaps one being staged."""
        ...

    def begin_generation(self) -> int:
        """The number of a new, empty, unpublished generation, above every number ever used. Drops what an unfinished run left."""
        ...

    def stage(
        self,
        generation: int,
        rows: Sequence[tuple[int, str]],
        aliases: Mapping[str, str] | None = None,
        split_from: Mapping[str, str] | None = None,
    ) -> None:
        """Write (seq, cluster id) memberships, with all counters, into an unpublished generation; up to 1,000 rows, idempotent.

        A row for a seq that is no longer assigned (erased, expired) is skipped. A seq staged before under another cluster moves.
        Clusters that the published generation knows keep their pinned mark; their revision rises by one when members differ.
        aliases: ids that resolve to another in this generation (replaces the whole table when given).
        """
        ...

    def aliases(self, generation: int | None = None) -> Mapping[str, str]:
        """Merged-away id -> living cluster, in the published or the given generation."""
        ...

    def flip(
        self, from_generation: int, to_generation: int, change: int, lineage: Sequence[Change], at: datetime
    ) -> bool:
        """Publish a staged generation and append its lineage changes and a `flipped` change, in one step.

        False, and nothing written, unless `from_generation` is published and `change` is the last change: then the tail is not
        replayed yet. Numbers and times of `lineage` are assigned here. The former generation stays for `rollback`.
        """
        ...

    def rollback(self, at: datetime, actor: str, reason: str) -> int | None:
        """Publish the generation before this one again, as it was; its number, or None when there is none.

        The change feed tells it like any flip: `created`, `moved` and `retired` for what differs, then `flipped`.

        Articles assigned since are carried over by membership (same cluster id if it is known there, else the cluster that most of
        its members were in, else the id is added); ids only known in the abandoned generation become aliases likewise.
        """
        ...

    def drop_generation(self, generation: int) -> None:
        """Delete an unpublished generation in bounded slices. Raises Conflict for the published one."""
        ...

    def save_run(self, run: bytes) -> None:
        """Append a nightly run's report (JSON); the latest 100 are kept."""
        ...

    def runs(self, limit: int) -> list[bytes]:
        """Reports of nightly runs, latest first."""
        ...

    # -- change of model ---------------------------------------------------------------------------------------------------

    def model(self) -> str | None:
        """Fingerprint of the model whose vectors are published; None before the first."""
        ...

    def begin_reembedding(self, model: str) -> None:
        """From now on vectors of this model are collected beside the published ones; every article that has vectors is listed for it,
        also those handed over later. Going on with one begun before keeps what was made; another model's is dropped.
        """
        ...

    def unembedded(self, limit: int) -> list[int]:
        """Seqs of listed articles, ascending."""
        ...

    def count_unembedded(self) -> int: ...

    def stage_vectors(self, model: str, items: Sequence[Reembedded]) -> int:
        """Take vectors and take their articles off the list; the number taken. An article whose published vectors are others than
        when it was read stays listed. Raises Conflict if this model's vectors are not being collected.
        """
        ...

    def adopt_vectors(self, model: str) -> bool:
        """Publish the collected vectors in one step; a writer that has decided by the old ones is fenced. False, and nothing changed,
        while articles are listed. Repeating it changes nothing.
        """
        ...

    def drop_staged(self) -> None:
        """Give up a change of model, or clear away the vectors of the model before, in bounded slices."""
        ...

    # -- corrections -------------------------------------------------------------------------------------------------------

    def constrain(self, correction: Correction) -> None:
        """Store a lasting correction under its key (idempotent) and append a `corrected` change with actor and reason."""
        ...

    def unconstrain(self, key: str, actor: str, reason: str, at: datetime) -> bool: ...

    def corrections(self) -> list[Correction]:
        """All corrections in force, oldest first."""
        ...


class Store(Protocol):
    """All collections, and what belongs to none."""

    def check_schema(self) -> None:
        """Stamp an empty store with this program's schema version; raise SchemaMismatch on another's."""
        ...

    def collection(self, name: str) -> CollectionStore:
        """The collection's books; creates nothing until the first write. Raises NotFound for a name that was not created."""
        ...

    def create_collection(self, name: str, settings: Mapping[str, str], at: datetime) -> bool:
        """False when it exists."""
        ...

    def configure_collection(self, name: str, settings: Mapping[str, str]) -> None: ...

    def collection_settings(self, name: str) -> Mapping[str, str]: ...

    def collections(self) -> list[str]: ...

    def delete_collection(self, name: str) -> None:
        """Everything of it, in bounded slices; repeatable after a crash."""
        ...

    def remember(self, key: str, body_hash: str, answer: bytes, ttl_s: int) -> tuple[str, bytes]:
        """First writer wins: the (body_hash, answer) now stored under an idempotency key."""
        ...

    def recall(self, key: str) -> tuple[str, bytes] | None: ...

    def heartbeat(self, worker: str, role: str, ttl_s: float) -> None: ...

    def workers(self) -> Mapping[str, str]:
        """Living workers: name -> role."""
        ...

    def ping(self) -> None:
        """Raises StoreUnavailable when the store cannot take a write."""
        ...

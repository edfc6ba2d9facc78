"""What is known of articles and clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from clusterer.core.cluster_records import Change, ClusterRecord
from clusterer.core.model import Article, Document
from clusterer.core.records import Assigned, Books, Parked, PreparedFacts, QueueFacts


class Reading(Protocol):
    """See CollectionStore for what all methods promise."""

    def revisions(self, article_id: str) -> list[int]:
        """Seqs of an article's revisions, oldest first; empty when the id is unknown."""
        ...

    def revisions_of(self, article_ids: Sequence[str]) -> list[list[int]]:
        """`revisions` of any number of articles."""
        ...

    def seqs_of_url(self, url: str) -> list[int]:
        """Seqs of articles whose URL has the same canonical form, oldest first."""
        ...

    def facts(self, seqs: Sequence[int]) -> list[PreparedFacts | None]:
        """Small facts of accepted articles (any number of seqs); relations are empty until handed over."""
        ...

    def assigned(self, seqs: Sequence[int]) -> list[Assigned]:
        """Those of any number of articles that are in a cluster, in the order given."""
        ...

    def vectors(self, seqs: Sequence[int]) -> list[bytes | None]:
        """Of any number of articles, as float16 of shape (dimension,), all of one model; None where there is none."""
        ...

    def document(self, seq: int) -> Document | None: ...

    def texts(self, seqs: Sequence[int]) -> Iterator[tuple[Article | None, Document | None]]:
        """Any number of articles as they were sent, and what cleaning kept; one after the other, since each may be long."""
        ...

    def reasons(self, seq: int) -> bytes | None:
        """The explanation stored with the assignment (JSON)."""
        ...

    def reasons_of(self, seqs: Sequence[int]) -> list[bytes | None]:
        """`reasons` of any number of articles."""
        ...

    def copies_of(self, seq: int, limit: int | None = None) -> list[int]:
        """Seqs of articles whose primary relation names `seq`, oldest first; all of them without a limit."""
        ...

    def cluster(self, cluster_id: str, generation: int | None = None) -> ClusterRecord | None:
        """By id, in the published or the given generation; aliases are not followed."""
        ...

    def clusters(self, cluster_ids: Sequence[str], generation: int | None = None) -> list[ClusterRecord | None]:
        """Many at once, in order."""
        ...

    def resolve(self, cluster_id: str) -> str | None:
        """The living cluster that an id (possibly merged away) stands for now; None when it never existed."""
        ...

    def members(self, cluster_id: str, after: int, limit: int, generation: int | None = None) -> list[int]:
        """Seqs greater than `after`, ascending; `limit` up to 10,000."""
        ...

    def latest_members(self, cluster_ids: Sequence[str], most: int, generation: int | None = None) -> list[list[int]]:
        """The last `most` seqs of each cluster, ascending; any number of clusters."""
        ...

    def cluster_ids(
        self, sort: Literal["last_seen", "size"], below: tuple[float, str] | None, limit: int
    ) -> list[tuple[float, str]]:
        """(sort value, id), descending; `below` continues after the last pair of the page before."""
        ...

    def cluster_count(self, generation: int | None = None) -> int:
        """How many living clusters there are, in the published or the given generation."""
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

    def queue_facts(self) -> QueueFacts: ...

    def parked(self) -> Parked: ...

    def accepted_seqs(self, after: int, limit: int) -> list[int]:
        """Seqs of accepted revisions above `after`, ascending; `limit` up to 10,000. For audit and export."""
        ...

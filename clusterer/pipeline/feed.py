"""Reading a collection whole: its change feed, what is assigned, a cluster, a storyline, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clusterer.core.cluster_records import Change, StorylineEntry
from clusterer.core.errors import ChangesTrimmed
from clusterer.core.records import Assigned
from clusterer.ports import CollectionStore

_SLICE = 5_000
_CHANGES_SLICE = 1_000


def changes_since(books: CollectionStore, after: int) -> Iterable[Change]:
    """All changes with a number above `after`, until there are no more. After 0: all that are kept. Raises ChangesTrimmed."""
    while changes := next_changes(books, after, _CHANGES_SLICE):
        yield from changes
        after = changes[-1].number


def next_changes(books: CollectionStore, after: int, limit: int) -> list[Change]:
    """Up to `limit` changes with a number above `after`. After 0: from the oldest that is kept. Raises ChangesTrimmed."""
    return books.changes(after or oldest_change(books) - 1, limit)


def oldest_change(books: CollectionStore) -> int:
    """The number of the oldest change that is kept; of the next one where none is."""
    try:
        books.changes(0, 1)
    except ChangesTrimmed as trimmed:
        return trimmed.first
    return 1


def all_assigned(books: CollectionStore) -> Iterator[list[Assigned]]:
    """All assigned articles, a slice at a time, by sequence number."""
    after = 0
    while seqs := books.accepted_seqs(after, _SLICE):
        after = seqs[-1]
        yield books.assigned(seqs)


def members_of(books: CollectionStore, cluster_id: str, generation: int | None = None) -> list[int]:
    """All seqs of a cluster, ascending."""
    seqs: list[int] = []
    while True:
        page = books.members(cluster_id, seqs[-1] if seqs else 0, _SLICE, generation)
        seqs += page
        if len(page) < _SLICE:
            return seqs


def followers_of(books: CollectionStore, seqs: Iterable[int], cluster_id: str) -> set[int]:
    """The copies of these articles that are in a cluster; what is related to one of them and no copy goes its own way."""
    related = [other for seq in seqs for other in books.copies_of(seq)]
    facts = books.facts(related)
    return {fact.seq for fact in facts if fact and fact.copy_of is not None and fact.cluster == cluster_id}


def storyline_entries(books: CollectionStore, storyline_id: str) -> list[StorylineEntry]:
    """All clusters of a storyline, in order of time."""
    entries: list[StorylineEntry] = []
    while page := books.storyline(storyline_id, entries[-1] if entries else None, _CHANGES_SLICE):
        entries += page
    return entries

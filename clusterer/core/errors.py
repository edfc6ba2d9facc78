"""Errors that callers are meant to tell apart. Each message names what is wrong and what to do."""

from __future__ import annotations


class ClustererError(Exception):
    """Base of every error raised on purpose."""


class NotFound(ClustererError):
    """The named article, cluster or collection does not exist."""


class CollectionGone(NotFound):
    """The collection was deleted, and perhaps created anew, since the caller opened it; nothing was written."""


class Gone(ClustererError):
    """It no longer exists; nothing is kept but the fact."""


class ChangesTrimmed(Gone):
    """Changes that were asked for, or that tell what was, are no longer kept; `first` is the number of the oldest that is."""

    def __init__(self, first: int, message: str | None = None) -> None:
        super().__init__(
            message
            or f"the changes before number {first} are no longer kept: read again what you follow, "
            f"and continue the feed from change {first} by requesting it without a cursor"
        )
        self.first = first


class MergedAway(ClustererError):
    """The cluster was absorbed by another; `merged_into` is the living one that it stands for now."""

    def __init__(self, cluster_id: str, merged_into: str) -> None:
        super().__init__(f"cluster {cluster_id} was merged into {merged_into}")
        self.merged_into = merged_into


class InvalidCursor(ClustererError):
    """A paging cursor that this program did not give out, or that belongs to another listing."""


class Conflict(ClustererError):
    """The request contradicts what is stored (a reused Idempotency-Key, a taken name)."""


class RevisionMismatch(ClustererError):
    """The cluster changed since the caller looked (If-Match failed)."""


class Fenced(ClustererError):
    """A newer writer holds the lease: this writer's commit was refused and nothing was written."""


class StaleGeneration(ClustererError):
    """Another generation is published now: reload and decide again; nothing was written."""


class ModelMismatch(ClustererError):
    """The stored vectors were made by another embedding model."""


class SchemaMismatch(ClustererError):
    """The stored data has a schema version that this program does not read."""


class NotDelivered(ClustererError):
    """A webhook could not be sent, or was not answered."""


class Overloaded(ClustererError):
    """The inbox is too long or memory too full; try again after `retry_after_s`."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StoreUnavailable(ClustererError):
    """The store does not answer or cannot write."""


class StoreRefused(StoreUnavailable):
    """The store answers, and waiting does not change what: credentials, a permission, the way it is set up."""

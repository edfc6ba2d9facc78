"""A client of the HTTP API, in two forms with the same methods: `Client`, and `AsyncClient` for asyncio.

It sends again what may be sent again, walks through pages, and answers with typed values. See docs/client.md.
"""

from clusterer.client.asynchronous import AsyncClient
from clusterer.client.calls import ArticleFilter, ClusterFilter
from clusterer.client.errors import (
    ApiError,
    ChangesTrimmed,
    ClientError,
    Conflict,
    ConnectionFailed,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Overloaded,
    Problem,
    RevisionMismatch,
    ServerError,
    Unavailable,
    UnreadableAnswer,
)
from clusterer.client.partitions import partition_of
from clusterer.client.retrying import Retries
from clusterer.client.synchronous import Client

__all__ = [
    "ApiError",
    "ArticleFilter",
    "AsyncClient",
    "ChangesTrimmed",
    "Client",
    "ClientError",
    "ClusterFilter",
    "Conflict",
    "ConnectionFailed",
    "Gone",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Overloaded",
    "Problem",
    "Retries",
    "RevisionMismatch",
    "ServerError",
    "Unavailable",
    "UnreadableAnswer",
    "partition_of",
]

"""What the pipeline needs from the outside world. Every implementation of a port passes the same contract suite."""

from clusterer.ports.books import CollectionStore, Store
from clusterer.ports.queues import Queue
from clusterer.ports.surroundings import Clock, Encoder, Hints, VectorIndex
from clusterer.ports.tracing import NO_TRACING, Batch, Span, Tracer
from clusterer.ports.webhooks import Answer, WebhookSender

__all__ = [
    "NO_TRACING",
    "Answer",
    "Batch",
    "Clock",
    "CollectionStore",
    "Encoder",
    "Hints",
    "Queue",
    "Span",
    "Store",
    "Tracer",
    "VectorIndex",
    "WebhookSender",
]

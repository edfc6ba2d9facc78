"""What the pipeline needs from the outside world. Every implementation of a port passes the same contract suite."""

from clusterer.ports.books import CollectionStore, Store
from clusterer.ports.queues import Queue
from clusterer.ports.surroundings import Clock, Encoder, Hints, VectorIndex
from clusterer.ports.webhooks import WebhookSender

__all__ = ["Clock", "CollectionStore", "Encoder", "Hints", "Queue", "Store", "VectorIndex", "WebhookSender"]

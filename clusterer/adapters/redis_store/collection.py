"""One collection's books in Redis: implements clusterer.ports.CollectionStore."""

from __future__ import annotations

from datetime import timedelta

from clusterer.adapters.redis_store.accepting import Accepting
from clusterer.adapters.redis_store.assigning import Assigning
from clusterer.adapters.redis_store.correcting import Correcting
from clusterer.adapters.redis_store.erasing import Erasing
from clusterer.adapters.redis_store.link import Link
from clusterer.adapters.redis_store.preparing import Preparing
from clusterer.adapters.redis_store.publishing import Publishing
from clusterer.adapters.redis_store.reading import Reading
from clusterer.adapters.redis_store.reembedding import Reembedding
from clusterer.adapters.redis_store.repairing import Repairing


class RedisCollection:
    """Each method belongs to the part that does it; clusterer.ports says what each promises."""

    def __init__(self, link: Link, window: timedelta) -> None:
        self.name = link.collection

        accepting = Accepting(link)
        self.accept = accepting.accept
        self.reject = accepting.reject

        preparing = Preparing(link, window)
        self.lease = preparing.lease
        self.received = preparing.received
        self.register = preparing.register
        self.register_all = preparing.register_all
        self.fingerprints = preparing.fingerprints
        self.keep_fingerprint = preparing.keep_fingerprint
        self.hand_over = preparing.hand_over
        self.boilerplate = preparing.boilerplate
        self.save_boilerplate = preparing.save_boilerplate
        self.save_boilerplates = preparing.save_boilerplates
        self.boilerplate_sources = preparing.boilerplate_sources
        self.attempt = preparing.attempt
        self.excuse = preparing.excuse
        self.bury = preparing.bury
        self.replay = preparing.replay
        self.dead = preparing.dead

        assigning = Assigning(link)
        self.claim = assigning.claim
        self.release = assigning.release
        self.position = assigning.position
        self.commit = assigning.commit
        self.regroup = assigning.regroup
        self.sweep = assigning.sweep

        repairing = Repairing(link, window)
        self.check_lists = repairing.check_lists
        self.relist = repairing.relist
        self.check_postings = repairing.check_postings
        self.repost = repairing.repost
        self.reassign = repairing.reassign
        self.recount = repairing.recount

        reading = Reading(link)
        self.facts = reading.facts
        self.evidence = reading.evidence
        self.revisions = reading.revisions
        self.seqs_of_url = reading.seqs_of_url
        self.document = reading.document
        self.reasons = reading.reasons
        self.copies_of = reading.copies_of
        self.cluster = reading.cluster
        self.resolve = reading.resolve
        self.members = reading.members
        self.cluster_ids = reading.cluster_ids
        self.changes = reading.changes
        self.changes_of = reading.changes_of
        self.books = reading.books
        self.queue_facts = reading.queue_facts
        self.accepted_seqs = reading.accepted_seqs

        erasing = Erasing(link)
        self.erase = erasing.erase
        self.erased_traces = erasing.erased_traces
        self.expire = erasing.expire
        self.trim_changes = erasing.trim_changes

        publishing = Publishing(link)
        self.claim_job = publishing.claim_job
        self.release_job = publishing.release_job
        self.generations = publishing.generations
        self.begin_generation = publishing.begin_generation
        self.stage = publishing.stage
        self.aliases = publishing.aliases
        self.flip = publishing.flip
        self.rollback = publishing.rollback
        self.drop_generation = publishing.drop_generation
        self.save_run = publishing.save_run
        self.runs = publishing.runs

        correcting = Correcting(link)
        self.constrain = correcting.constrain
        self.unconstrain = correcting.unconstrain
        self.corrections = correcting.corrections

        reembedding = Reembedding(link)
        self.model = reembedding.model
        self.begin_reembedding = reembedding.begin_reembedding
        self.unembedded = reembedding.unembedded
        self.count_unembedded = reembedding.count_unembedded
        self.stage_vectors = reembedding.stage_vectors
        self.adopt_vectors = reembedding.adopt_vectors
        self.drop_staged = reembedding.drop_staged

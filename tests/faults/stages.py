"""`python -m tests.faults.stages`: every stage once, in this process, on the data of an empty or a used store.

With CLUSTERER_FAILPOINT it dies at that step. The nightly job is made to find something to change, and at the end the model changes.
"""

from __future__ import annotations

from dataclasses import replace

from clusterer.adapters.encoder import HashingEncoder
from clusterer.bootstrap import Clusterer
from clusterer.core.scoring.logits import logistic, logit_of
from clusterer.environment import read_settings
from clusterer.pipeline.corrections import By
from clusterer.pipeline.intake import parse_article

from .articles import Payload, event_articles

JOB_LEASE_S = 0.5
NEXT_MODEL = HashingEncoder(64)
_STRICT = 9.2  # logit by which a join must be better than the weights ask for


def articles() -> list[Payload]:
    """Two articles each of twelve events, and a copy of each event's first."""
    originals = event_articles(12, 2, seed=5)
    copies = [{**one, "id": f"copy/{one['id']}", "source": "Courier"} for one in originals if one["id"].endswith("/1")]
    return originals + copies


def connected() -> Clusterer:
    """The service; its nightly job splits what the online decisions joined."""
    service = Clusterer.connect(read_settings())
    policy = replace(service.nightly_policy(), lease_s=JOB_LEASE_S)
    service.nightly_policy = lambda: policy
    weights = service.weights()
    strict = replace(weights, threshold=logistic(logit_of(weights.threshold) + _STRICT))
    service.weights = lambda: strict
    return service


def work(service: Clusterer, worker: str) -> None:
    """Prepare and assign what waits and is not leased to somebody else."""
    while service.prepare(worker).done + service.assign(worker).done:
        pass


def correct(service: Clusterer) -> None:
    """A person merges two clusters."""
    collection = service.collection()
    (_, one), (_, other) = collection.books.cluster_ids("last_seen", None, 2)
    collection.corrector.merge(one, other, By("ada", "one event"))


def main() -> None:
    service = connected()
    service.collection().intake.accept([parse_article(row) for row in articles()])
    work(service, "first")
    correct(service)
    service.collection().nightly.run("first", force=True)
    Clusterer.connect(read_settings(), encoder=NEXT_MODEL).collection().reembedder.run("first")


if __name__ == "__main__":
    main()

"""Imported by the process from which others are forked: loads all that the stages need, by running each of them once.

What Celery loads as it starts, and the commands, are named here: the modules of ours that hold the commands read nothing meanwhile.
"""

from __future__ import annotations

from importlib import import_module

from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.settings import Settings

from .stages import articles

for _name in (
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.solo",
    "celery.worker.consumer",
    "clusterer.cli.lookups",
    "clusterer_workers.app",
    "clusterer_workers.schedule",
    "kombu.transport.redis",
):
    import_module(_name)

_service = Clusterer.in_memory(Settings(model="hashing"))
_service.collection().intake.accept([parse_article(row) for row in articles()])
_service.drain()
_service.collection().nightly.run("warm", force=True)
del _service

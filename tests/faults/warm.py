"""Imported by the process from which others are forked: loads all that the stages need, by running each of them once."""

from __future__ import annotations

from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import parse_article
from clusterer.settings import Settings

from .stages import articles

_service = Clusterer.in_memory(Settings(model="hashing"))
_service.collection().intake.accept([parse_article(row) for row in articles()])
_service.drain()
_service.collection().nightly.run("warm", force=True)
del _service

"""A service behind a real server, for a real browser."""

from __future__ import annotations

import os
from dataclasses import dataclass

from clusterer.bootstrap import Clusterer
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import parse_article

MANY = int(os.environ.get("CLUSTERER_TEST_PAGES_ARTICLES", "10000"))
IN_REACH = 1_000  # of the many: a night over all of them takes a minute on a busy machine
ASTRAY = 200


@dataclass
class Site:
    """A served service. `url` has no slash at its end."""

    service: Clusterer
    url: str

    @property
    def collection(self) -> Collection:
        return self.service.collection()

    def take(self, id: str, title: str, text: str, **fields: object) -> str:
        """Accept and process an article; the id of its cluster."""
        self.collection.intake.accept([parse_article({"id": id, "title": title, "text": text, **fields})])
        self.service.drain()
        return self.cluster_of(id)

    def cluster_of(self, article_id: str) -> str:
        return self.collection.lookup.article(article_id).cluster_id or ""

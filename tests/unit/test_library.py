"""The front for programs."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from clusterer import Clusterer
from clusterer.core.errors import NotFound
from clusterer.pipeline.intake import Rejected
from clusterer.settings import Settings

FERRY = "A ferry with 214 people aboard ran aground in fog off Calla on Thursday morning, the coast guard said. "
TEXT = (
    FERRY
    + "Lifeboats took the passengers to the harbour of Calla, where two of them were treated for cold. Nobody died."
)


@pytest.fixture
def news() -> Clusterer:
    return Clusterer(Settings(model="hashing"))


def test_what_is_added_is_clustered_and_explained(news: Clusterer) -> None:
    ids = news.add(
        [{"id": "a", "text": TEXT, "source": "Post"}, {"text": TEXT, "source": "Times"}, {"text": "Tram vote."}]
    )
    assert ids[0] == "a"
    assert [set(cluster.article_ids) for cluster in news.clusters()] == [set(ids[:2]), {ids[2]}]
    assert [cluster.article_ids for cluster in news.clusters(min_size=2)] == [ids[:2]]
    assert news.duplicates(ids[1]).canonical_id == "a"
    assert news.explain(ids[1]).article_id == ids[1]
    news.regroup()
    assert len(news.clusters()) == 2
    assert news.add([{"id": "a", "text": TEXT, "source": "Post"}]) == ("a",)
    assert sum(len(cluster.article_ids) for cluster in news.clusters()) == 3


def test_a_program_that_logs_gets_records_whose_fields_overwrite_nothing(
    news: Clusterer, caplog: pytest.LogCaptureFixture
) -> None:
    news.add([{"id": "a", "text": TEXT}, {"id": "b", "text": "Tram vote."}])
    with caplog.at_level(logging.INFO):
        news.regroup()
    (night,) = (record for record in caplog.records if hasattr(record, "created_"))
    assert night.name.startswith("clusterer.")
    assert isinstance(night.created, float)


def test_nothing_is_taken_where_one_is_refused(news: Clusterer) -> None:
    with pytest.raises(Rejected, match="text"):
        news.add([{"id": "a", "text": TEXT}, {"id": "b"}])
    assert news.clusters() == ()
    with pytest.raises(NotFound):
        news.explain("a")


def test_a_library_that_is_imported_loads_nothing() -> None:
    code = "import sys, clusterer; clusterer.__version__; print(sorted({'torch', 'faiss', 'redis', 'celery'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

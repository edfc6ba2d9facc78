"""Articles out of one store and into another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from clusterer.adapters.encoder import HashingEncoder
from clusterer.bootstrap import Clusterer
from clusterer.cli.ingest import Reading
from clusterer.cli.rows import Row
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.upkeep.transfer import export_rows
from clusterer.ports import Clock
from clusterer.samples import sample_rows
from clusterer.settings import Settings

FLOOD = (
    "The Arle burst its dam at Hollin on Tuesday evening, and sixty cellars filled within an hour. "
    "The fire brigade pumped until dawn; nobody was hurt, said its captain Mora Feld."
)
STRIKE = (
    "Ferry crews on the Sund stayed ashore on Thursday after talks about night shifts had come to nothing. "
    "The line took back four hundred tickets and promised a boat every two hours from Friday."
)
OWN_FIELDS = set(ArticleIn.model_fields)


def article(id: str, text: str = FLOOD) -> ArticleIn:
    return ArticleIn(id=id, title=text.split(", ")[0], text=text)


def exported(collection: Collection) -> list[dict[str, Any]]:
    """As another program would read them."""
    return [orjson.loads(orjson.dumps(row)) for row in export_rows(collection.books)]


def as_sent(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name in OWN_FIELDS} for row in rows]


def read(rows: list[dict[str, Any]]) -> list[ArticleIn]:
    """As `ingest` reads them."""
    reading = Reading({}, False, True, 1_000_000)
    return [reading.article(Row(number, row), lambda _: None) for number, row in enumerate(rows, start=1)]


def taken_in(rows: list[dict[str, Any]], clock: Clock | None = None) -> Collection:
    """A new store with the rows, through the door that `ingest` uses."""
    collection = Clusterer.in_memory(Settings(), encoder=HashingEncoder(64), clock=clock).collection()
    collection.intake.accept(read(rows))
    return collection


def test_a_round_trip_keeps_every_article(service: Clusterer, collection: Collection, clock: Clock) -> None:
    collection.intake.accept(read(sample_rows()))
    service.drain()
    rows = exported(collection)
    assert len(rows) == len(sample_rows())
    assert as_sent(exported(taken_in(rows, clock))) == as_sent(rows)


def test_every_field_comes_back_as_it_went_in(collection: Collection) -> None:
    full = ArticleIn(
        id="ünïcode/1",
        url="https://lowfield.example/flood",
        title=" Flood \n in Lowfield ",
        text=FLOOD + "\n\n\u2028\x00",
        html="<p>Flood</p>",
        source="Lowfield Herald",
        published_at=datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC),
        lang="en",
    )
    bare = ArticleIn(id="bare", text="")
    page = ArticleIn(id="page", html="<title>Strike</title>" + STRIKE)
    collection.intake.accept([full, bare, page])
    rows = exported(collection)
    assert [ArticleIn.model_validate_json(orjson.dumps(row)) for row in as_sent(rows)] == [full, bare, page]
    assert as_sent(exported(taken_in(rows))) == as_sent(rows)


def test_what_is_told_besides(service: Clusterer, collection: Collection) -> None:
    collection.intake.accept([article("flood")])
    service.drain()
    collection.intake.accept([article("flood", FLOOD + " Two bridges are closed."), article("strike", STRIKE)])
    first, second, third = exported(collection)
    assert [row["revision"] for row in (first, second, third)] == [1, 2, 1]
    assert [row["state"] for row in (first, second, third)] == ["assigned", "pending", "pending"]
    assert first["cluster_id"] == collection.books.facts([1])[0].cluster
    assert second["cluster_id"] is third["cluster_id"] is None
    assert {row["received_at"] for row in (first, second, third)} == {"2026-03-02T09:00:00Z"}


def test_revisions_arrive_as_revisions(collection: Collection) -> None:
    collection.intake.accept([article("flood"), article("strike", STRIKE), article("flood", FLOOD + " More rain.")])
    copy = taken_in(exported(collection))
    assert copy.books.revisions("flood") == [1, 3]
    assert [row["revision"] for row in exported(copy)] == [1, 1, 2]


def test_what_is_erased_is_not_exported(service: Clusterer, collection: Collection) -> None:
    collection.intake.accept([article("flood"), article("strike", STRIKE)])
    service.drain()
    collection.eraser.erase("flood")
    assert [row["id"] for row in exported(collection)] == ["strike"]


def test_an_empty_collection(collection: Collection) -> None:
    assert exported(collection) == []


def test_what_is_accepted_meanwhile_is_left_out(collection: Collection) -> None:
    collection.intake.accept([article(f"a{number}", f"{FLOOD} {number}") for number in range(70)])
    rows = export_rows(collection.books)
    first = next(rows)
    collection.intake.accept([article("late", STRIKE)])
    assert [row["id"] for row in (first, *rows)] == [f"a{number}" for number in range(70)]

"""What queue producers send wrongly is kept whole, with its reason, where it can be read and replayed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import NotFound, Overloaded
from clusterer.pipeline.intake import Rejected
from clusterer.pipeline.intake.messages import as_sent, read_message
from clusterer.pipeline.lookup.setaside import all_refused, refused_article
from clusterer.settings import Settings

FERRY = {
    "id": "post/114",
    "title": "Ferry runs aground",
    "text": "A ferry with 214 people aboard ran aground in fog on Thursday.",
}
FIRE = {"id": "post/115", "title": "Barn burns down", "text": "A barn near Tolm burnt down on Friday; nobody was hurt."}


@pytest.fixture
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


def payloads(service: Clusterer) -> list[Any]:
    books = service.collection().books
    return [json.loads(refused_article(books, one.number).payload or "") for one in all_refused(books)]


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ([[FERRY, FIRE]], {}),
        ([], {"articles": [FERRY, FIRE]}),
        ([[FERRY, FIRE], "default"], {}),
        ([[FERRY, FIRE]], {"collection": "default"}),
    ],
)
def test_what_is_sent_as_it_should_be_is_taken(service: Clusterer, args: list[Any], kwargs: dict[str, Any]) -> None:
    service.take_message(args, kwargs)
    assert service.collection().books.books().accepted == 2
    assert payloads(service) == []


@pytest.mark.parametrize(
    ("args", "kwargs", "kept"),
    [
        ([FERRY], {}, [FERRY]),
        ([FERRY, FIRE], {}, [FERRY, FIRE]),
        ([FERRY, "default"], {}, [FERRY]),
        ([], FERRY, [FERRY]),
        ([], {"articles": FERRY}, [FERRY]),
        ([], {"article": FERRY, "collection": "default"}, [FERRY]),
        ([[[FERRY], [FIRE]], "default", "more"], {}, [FERRY, FIRE]),
        ([[FERRY, "note"]], {"collection": 7}, [FERRY, "note"]),
        ([[FERRY]], {"collection": "../x"}, [FERRY]),
        ([], {}, [{"args": [], "kwargs": {}}]),
        (["post/114"], {}, [{"args": ["post/114"], "kwargs": {}}]),
        ([None], {"colection": "x"}, [{"args": [None], "kwargs": {"colection": "x"}}]),
    ],
)
def test_a_slip_in_the_message_loses_nothing(
    service: Clusterer, args: list[Any], kwargs: dict[str, Any], kept: list[Any]
) -> None:
    service.take_message(args, kwargs)
    assert service.collection().books.books().accepted == 0
    assert payloads(service) == kept
    assert all("list of articles" in one.reason for one in all_refused(service.collection().books))


def test_a_slip_can_be_replayed(service: Clusterer) -> None:
    service.take_message([FERRY], {})
    (refused,) = all_refused(service.collection().books)
    assert (refused.id, refused.title, refused.sent_to) == ("post/114", "Ferry runs aground", "default")
    assert service.replay_refusal(service.collection(), refused.number).article_id == "post/114"
    service.drain()
    assert service.collection().lookup.article("post/114").state == "assigned"
    assert payloads(service) == []


def test_a_message_without_an_article_is_said_to_be_none_when_it_is_replayed(service: Clusterer) -> None:
    service.take_message(["post/114"], {"x": 1})
    (refused,) = all_refused(service.collection().books)
    with pytest.raises(Rejected, match="there is none in this message; it can only be dropped"):
        service.replay_refusal(service.collection(), refused.number)
    assert len(payloads(service)) == 1


@pytest.mark.parametrize("name", ["sport", "s-2", "never_made"])
def test_articles_for_a_collection_that_does_not_exist_wait_for_it(service: Clusterer, name: str) -> None:
    service.take_message([[FERRY, FIRE], name], {})
    assert payloads(service) == [FERRY, FIRE]
    first, second = all_refused(service.collection().books)
    assert (first.sent_to, second.sent_to) == (name, name)
    assert name in first.reason
    with pytest.raises(NotFound):
        service.replay_refusal(service.collection(), first.number)
    assert len(payloads(service)) == 2
    service.store.create_collection(name, {})
    service.replay_refusal(service.collection(), first.number)
    assert service.collection(name).books.books().accepted == 1
    assert payloads(service) == [FIRE]


@pytest.mark.parametrize(
    "article",
    [
        {"id": "a", "title": "No text"},
        {"id": "a", "text": "x", "headline": "a field that is none"},
        {"id": "a", "text": ["x" * 30_000]},
        {"id": "a\nb", "text": "x" * 200_000},
        {"text": "\ud800 a lone surrogate", "id": "s"},
        "only words",
        None,
        [["deep"]],
    ],
)
def test_an_invalid_article_is_kept_whole_and_the_others_are_taken(service: Clusterer, article: Any) -> None:
    service.take_message([[FERRY, article, FIRE]], {})
    assert service.collection().books.books().accepted == 2
    assert payloads(service) == [article]
    (refused,) = all_refused(service.collection().books)
    with pytest.raises(Rejected):
        service.replay_refusal(service.collection(), refused.number)
    assert payloads(service) == [article]


def test_a_fault_of_ours_loses_nothing(service: Clusterer, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = service.collection().intake
    monkeypatch.setattr(intake, "accept", lambda articles: 1 / 0)
    service.take_message([[FERRY]], {})
    assert payloads(service) == [FERRY]
    assert [one.reason for one in all_refused(service.collection().books)] == ["ZeroDivisionError: division by zero"]


def test_a_full_store_takes_no_refusals_either(service: Clusterer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise Overloaded("full", 1)

    monkeypatch.setattr("clusterer.pipeline.intake.intake.admit", full)
    for message in ([FERRY], [[FERRY], "never_made"], [[FERRY]]):
        with pytest.raises(Overloaded):
            service.take_message(message, {})


def test_whatever_it_is_it_can_be_written_down() -> None:
    loop: list[Any] = []
    loop.append(loop)
    for payload in ({"a": b"\xff"}, {(1, 2): 3}, {1: {2}}, float("nan"), "\udfff", loop, object):
        assert isinstance(json.loads(as_sent(payload)), object)
    assert read_message([], {"text": "x"}, "default").articles == [{"text": "x"}]

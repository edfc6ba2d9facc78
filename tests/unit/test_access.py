"""Tokens, what they grant, and how many requests a caller may send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.pipeline.access import Grant, RateLimit, Tokens, digest_of, new_token


def entry(token: str = "t", **fields: Any) -> dict[str, Any]:
    return {"name": "desk", "sha256": digest_of(token), "scopes": ["read"]} | fields


def tokens(*entries: dict[str, Any]) -> Tokens:
    return Tokens.from_json(json.dumps(entries).encode())


def test_a_token_finds_its_own_grant() -> None:
    known = tokens(entry("one", name="a"), entry("two", name="b", scopes=["admin", "ingest"]))
    assert [grant.name for grant in (known.grant_of("one"), known.grant_of("two")) if grant] == ["a", "b"]
    assert known.grant_of("two").scopes == {"admin", "ingest"}
    for wrong in ("", "one ", "ONE", digest_of("one"), "three", "\udcff"):
        assert known.grant_of(wrong) is None


def test_no_empty_token() -> None:
    assert tokens(entry("")).grant_of("") is None


def test_an_empty_file_lets_nobody_in() -> None:
    assert tokens().grant_of("one") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[{}]",
        b"\xff",
        json.dumps([entry(scopes=[])]).encode(),
        json.dumps([entry(scopes=["write"])]).encode(),
        json.dumps([entry(sha256="secret-in-clear")]).encode(),
        json.dumps([entry(collections=["A b"])]).encode(),
        json.dumps([entry(collections="some")]).encode(),
        json.dumps([entry(note="x")]).encode(),
        json.dumps([entry(name="a\nb")]).encode(),
        json.dumps([entry("one"), entry("two")]).encode(),
        json.dumps([entry(name="a"), entry(name="b")]).encode(),
    ],
)
def test_what_is_no_file_of_tokens(data: bytes) -> None:
    with pytest.raises(ValueError) as caught:
        Tokens.from_json(data)
    assert "secret-in-clear" not in str(caught.value)


@pytest.mark.parametrize(
    ("granted", "wanted", "covered"),
    [
        ("all", ["a", "b"], True),
        ("all", None, True),
        (["a"], ["a"], True),
        (["a"], ["a", "b"], False),
        (["a"], ["b"], False),
        (["a"], None, False),
        ([], ["a"], False),
    ],
)
def test_collections(granted: Any, wanted: list[str] | None, covered: bool) -> None:
    assert Grant.model_validate(entry(collections=granted)).covers(wanted) is covered


def test_tokens_are_long_and_different() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) == 43 for token in made)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_caller_has_a_minutes_requests_and_then_waits() -> None:
    clock = Clock()
    rate = RateLimit(6, clock)
    assert [rate.wait_s("a") for _ in range(6)] == [0.0] * 6
    assert rate.wait_s("a") == pytest.approx(10)
    assert rate.wait_s("b") == 0
    clock.now += 9
    assert rate.wait_s("a") == pytest.approx(1)
    clock.now += 1
    assert rate.wait_s("a") == 0
    assert rate.wait_s("a") > 0


def test_no_limit() -> None:
    rate = RateLimit(0)
    assert not any(rate.wait_s("a") for _ in range(10_000))


@given(st.integers(1, 100), st.lists(st.floats(0, 30), max_size=60))
def test_never_more_than_allowed(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    rate = RateLimit(per_minute, clock)
    passed, start = 0, clock.now
    for pause in pauses:
        clock.now += pause
        passed += rate.wait_s("a") == 0
        assert passed <= per_minute + (clock.now - start) * per_minute / 60 + 1e-6

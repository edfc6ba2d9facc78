"""Which collection an article goes to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.client import partition_of
from clusterer.pipeline.intake import COLLECTION_PATTERN

LANGUAGES = {"en", "de", "pt", "pt-br", "zh-hant"}


@pytest.mark.parametrize(
    ("value", "partition"),
    [
        ("en", "news-en"),
        ("DE", "news-de"),
        ("de-AT", "news-de"),
        ("de_CH", "news-de"),
        (" en ", "news-en"),
        ("pt-BR", "news-pt-br"),
        ("pt-PT", "news-pt"),
        ("zh-Hant-TW", "news-zh-hant"),
        ("zh-Hans-CN", "news-rest"),
        ("den", "news-rest"),
        ("x-en", "news-rest"),
        ("", "news-rest"),
        ("-", "news-rest"),
        (None, "news-rest"),
    ],
)
def test_languages(value: str | None, partition: str) -> None:
    assert partition_of("news", value, LANGUAGES, rest="rest") == partition


def test_desks() -> None:
    assert [partition_of("news", desk, ("sport", "world")) for desk in ("Sport", "world-asia", "Culture")] == [
        "news-sport",
        "news-world",
        "news-other",
    ]


@given(st.text(max_size=20) | st.none())
def test_whatever_an_article_says_it_goes_to_one_of_the_partitions(value: str | None) -> None:
    partition = partition_of("news", value, LANGUAGES)
    assert partition in {f"news-{name}" for name in (*LANGUAGES, "other")}
    assert re.fullmatch(COLLECTION_PATTERN, partition)
    assert partition_of("news", partition.removeprefix("news-"), LANGUAGES) == partition

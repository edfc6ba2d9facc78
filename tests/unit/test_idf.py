"""How rare a word is by the tables of its language."""

from __future__ import annotations

import logging

import pytest

from clusterer.core.evidence.rarity import rarity


@pytest.mark.parametrize(
    ("lang", "table"),
    [
        ("eu", "es"),  # Basque has no table of its own: that of the nearest language that has one
        ("zh-Hant", "zh"),
        ("pt-BR", "pt"),
        ("no", "nb"),
        ("zu", "en"),
        ("und", "en"),
        ("not a language", "en"),
        ("en_US", "en"),
    ],
)
def test_a_language_without_a_table_is_read_by_the_nearest(
    lang: str, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    words = ("the", "de", "que", "og", "mesa", "election", "的", "nowordatall")
    with caplog.at_level(logging.DEBUG):
        assert [rarity(word, lang) for word in words] == [rarity(word, table) for word in words]
    assert caplog.records == [], "an article in such a language is no reason for a log line"

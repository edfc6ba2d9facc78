"""How rare a word is in general, by a background table.

It comes from wordfreq (Speer 2022), which covers some forty languages from several registers, is offline and small, and needs no table of
ours to be kept. Its word frequencies become document probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import expm1, log, log1p

RARITY_STEP = 16.0  # rarity is kept in one byte, in steps of 1/16 nat
_DOCUMENT_WORDS = 300  # a typical article: turns a word's frequency into the probability that an article has it
_UNKNOWN_FREQUENCY = 1e-8  # below anything the table lists


@lru_cache(maxsize=256)
def _table_language(lang: str) -> str:
    """The language whose table serves for `lang`: its own, else the nearest by langcodes' distance, else English.

    Asked here, since wordfreq would log a warning for each nearest match and keep its table once more for each.
    """
    import langcodes
    import wordfreq

    try:
        nearest, _ = langcodes.closest_match(lang, list(wordfreq.available_languages("best")), max_distance=60)
    except ValueError:  # no such language tag
        return "en"
    return "en" if nearest == "und" else str(nearest)


def _table(lang: str) -> Mapping[str, float]:
    import wordfreq

    table: Mapping[str, float] = wordfreq.get_frequency_dict(_table_language(lang), "best")
    return table


@lru_cache(maxsize=100_000)
def rarity(word: str, lang: str | None) -> int:
    """Background rarity of a word as stored: -ln of its document probability in sixteenths, 0..255."""
    frequency = min(_table(lang or "en").get(word, _UNKNOWN_FREQUENCY), 0.5)
    probability = -expm1(_DOCUMENT_WORDS * log1p(-frequency))
    return int(min(255.0, max(0.0, -RARITY_STEP * log(probability))))

"""Which capitalised words are names where every noun has a capital, as in German.

Nothing about the word alone tells, so three things are asked. How it stands: nouns have articles and numbers before them, names hardly
ever; names of people stand side by side, behind a title. How it is known (wordfreq): a noun is common in German and next to unknown in
English, while names are known in both or in neither. What it is made of: a word that nobody lists and that ends in a common noun is a
compound. The price: names with an article (rivers, parliaments) and countries whose German name is their own are taken for nouns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from clusterer.core.calendar import is_calendar_word
from clusterer.core.evidence.rarity import rarity

NOUNS_CAPITALISED = frozenset(("de", "lb", "nds"))

_ENDINGS = ("", "e", "en", "er", "em", "es")
_STEMS_TEXT = "ein kein mein dein sein ihr unser dies jed jen welch all viel einig mehrer wenig beid manch solch"
_INFLECTED = tuple(f"{stem}{ending}" for stem in _STEMS_TEXT.split() for ending in _ENDINGS)
_OTHERS_TEXT = """
    der die das den dem des im am zum zur vom beim ins ans aufs fürs durchs etwas mehr weniger genug kaum pro
"""
_NUMBERS = frozenset(("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "elf", "zwölf", "dreißig"))
_DETERMINERS = frozenset((*_INFLECTED, *_OTHERS_TEXT.split())) - {"ihr", "sein", "all"}
_NUMBER_ENDINGS = ("zehn", "zig", "hundert", "tausend")
_PLACE_PREPOSITIONS = frozenset(("in", "aus", "bei", "nach", "nahe"))
_ADJECTIVE_ENDINGS = ("e", "en", "er", "em", "es")
_MOST_ADJECTIVES = 2
_STEP = 16  # of stored rarity, one nat
_MUCH_RARER = 4.7 * _STEP  # in English than in German
_KNOWN = 8 * _STEP
_KNOWN_PART = 7 * _STEP
_LEAST_PART = 4

Word = tuple[str, bool, bool]


def names_among_nouns(words: Sequence[Word], nouns: Iterable[str]) -> set[str]:
    """Those of the nouns that are names. words: a text's tokens (see core.evidence.words), in order."""
    stands = _Standing()
    for start, stop in _runs(words):
        stands.read(words, start, stop)
    return {noun for noun in nouns if stands.as_name(noun)}


class _Standing:
    """How often each capitalised word stands where names do, and where nouns do."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._determined: Counter[str] = Counter()
        self._behind_title: set[str] = set()
        self._beside: set[str] = set()
        self._placed: set[str] = set()

    def read(self, words: Sequence[Word], start: int, stop: int) -> None:
        """Take in words that stand side by side."""
        run = [word for word, _, _ in words[start:stop]]
        self._times.update(run)
        if _is_determined(words, start):
            # All of "4 Millionen Euro", but of "die Ministerin Vogt" the title only.
            self._determined.update(run if _counts(words[start - 1][0]) else run[:1])
        elif len(run) == 2 and not _is_common(run[0]):
            self._beside.update(run)
        if len(run) > 2:
            self._determined.update(run[:-2])
            self._behind_title.update(run[-2:])
        if start and not words[start][2] and self._is_placed(words, start - 1):
            self._placed.add(run[0])

    def _is_placed(self, words: Sequence[Word], before: int) -> bool:
        """Does a preposition of places stand there, or another place and "und"?"""
        word = words[before][0]
        return word in _PLACE_PREPOSITIONS or (word == "und" and before > 0 and words[before - 1][0] in self._placed)

    def as_name(self, noun: str) -> bool:
        if is_calendar_word(noun) or 2 * self._determined[noun] >= max(1, self._times[noun]):
            return False
        if noun in self._behind_title:
            return True
        if _is_common(noun):
            return False
        place = noun in self._placed and not noun.endswith(_ADJECTIVE_ENDINGS)
        return noun in self._beside or place or not _is_compound(noun)


def _runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where capitalised words stand side by side in a sentence."""
    found: list[tuple[int, int]] = []
    start = None
    for place, (word, capitalised, starts) in enumerate(words):
        if start is not None and (starts or not capitalised):
            found.append((start, place))
            start = None
        if start is None and capitalised and not (starts and word in _DETERMINERS):
            start = place
    return found if start is None else [*found, (start, len(words))]


def _is_determined(words: Sequence[Word], place: int) -> bool:
    """Does an article or a number stand before the word, with at most two adjectives between them?"""
    for back in range(_MOST_ADJECTIVES + 1):
        before = place - 1 - back
        if before < 0 or words[place - back][2]:
            return False
        word = words[before][0]
        if word in _DETERMINERS or _counts(word):
            return True
        if words[before][1] or not word.endswith(_ADJECTIVE_ENDINGS):
            return False
    return False


def _counts(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS or word.endswith(_NUMBER_ENDINGS)


def _is_common(word: str) -> bool:
    known = rarity(word, "de")
    return known < _KNOWN and rarity(word, "en") - known >= _MUCH_RARER


def _is_compound(word: str) -> bool:
    """Does a word that is hardly listed end in a common noun?"""
    if rarity(word, "de") < _KNOWN_PART:
        return False
    parts = (word[start:] for start in range(3, len(word) - _LEAST_PART + 1))
    return any(
        rarity(part, "de") < _KNOWN_PART and rarity(part, "en") - rarity(part, "de") >= _MUCH_RARER for part in parts
    )

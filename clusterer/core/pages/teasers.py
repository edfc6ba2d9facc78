"""Teasers of other articles among the blocks of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from clusterer.core.lines.features import word_count
from clusterer.core.pages.blocks import Block

_LEAST_CARDS, _FEW_CARDS = 2, 3
_MOST_IN_CARDS = 1 / 3  # of a page's words, where there are more than a few
_MOST_OF_A_CARD = 4  # blocks
_ALL_LINK = 0.9  # of a heading's characters


def teasers(blocks: Sequence[Block], chosen: Sequence[Block]) -> set[int]:
    """The elements that hold teasers beside an article: where more than a few hold much of what is chosen, it is a list of them.

    chosen: those of the blocks that may be the article.
    """
    cards = _cards(blocks)
    inside = sum(word_count(block.text) for block in chosen if block.parent in cards)
    few = _LEAST_CARDS <= len(cards) <= _FEW_CARDS
    small = len(cards) > _FEW_CARDS and inside <= _MOST_IN_CARDS * sum(word_count(block.text) for block in chosen)
    return cards if few or small else set()


def _cards(blocks: Sequence[Block]) -> set[int]:
    """The elements that hold the teaser of another article: one heading, a link to another page, and a line or two below it."""
    inside: defaultdict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        inside[block.parent].append(block)
    return {
        parent
        for parent, held in inside.items()
        if parent
        and 1 < len(held) <= _MOST_OF_A_CARD
        and sum(block.level > 0 for block in held) == 1
        and _heads_card(held)
    }


def _heads_card(held: Sequence[Block]) -> bool:
    return any(block.level > 1 and block.link_share >= _ALL_LINK and block.leads_away for block in held)

"""The page as received with what was cut marked in place, for a reader who wants to see what cleaning did."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.core.cleaning.clean import MAX_CUT_CHARS, lines_of
from clusterer.core.lines.reasons import sentence
from clusterer.core.model import Article, Cut, Document, Passage


def marked(article: Article, document: Document) -> tuple[Passage, ...]:
    """The lines of the page in their order, each kept or cut. article, document: what `clean` was given, and what it gave.

    Reasons are those stored with the document, in words. What cannot be found among the lines (a tag of the page's markup, what lies beyond
    a limit) comes last, so that every cut is shown.
    """
    lines = lines_of(article)
    kept = document.text.split("\n\n") if document.text else []
    cuts = _Pending(document.cuts)
    passages: list[Passage] = []
    following = 0
    for line in lines:
        if following < len(kept) and line == kept[following]:
            passages.append(Passage(line))
            following += 1
        elif (reason := cuts.reason_of(line)) is not None:
            passages.append(Passage(line, reason))
        # A line that is neither was made the title, which is shown above the text.
    passages += [Passage(text) for text in kept[following:]]  # kept by another release's rules
    return (*passages, *cuts.left())


class _Pending:
    """The cuts that no line was found for yet. A cut may name several lines in a row, and holds only the beginning of long ones."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        self._cuts = list(cuts)
        self._used = [False] * len(self._cuts)
        self._place = 0
        self._rest = ""

    def reason_of(self, line: str) -> str | None:
        """Why a line was cut; None when no cut names it."""
        if self._rest and self._take(self._place, self._rest, line):
            return sentence(self._cuts[self._place])
        for place in range(len(self._cuts)):
            if not self._used[place] and self._take(place, self._cuts[place].text, line):
                self._used[place], self._place = True, place
                return sentence(self._cuts[place])
        return None

    def _take(self, place: int, text: str, line: str) -> bool:
        first, _, rest = text.partition("\n")
        shortened = not rest and len(self._cuts[place].text) >= MAX_CUT_CHARS and line.startswith(first)
        if first != line and not (first and shortened):
            return False
        self._rest = rest
        return True

    def left(self) -> tuple[Passage, ...]:
        """Cuts without a line."""
        return tuple(
            Passage(cut.text, sentence(cut)) for cut, used in zip(self._cuts, self._used, strict=True) if not used
        )

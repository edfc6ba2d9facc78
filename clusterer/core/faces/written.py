"""How a few texts write their names and words: in full, with their capitals, signs and particles.

What clusters are compared by are single words without case and pairs of them. People are shown names as the texts have them: "Kim Jong-un"
and not "kim jong", "Stati Uniti", "Green Bay Packers", "FBI". A name is a run of capitalised words with nothing but blanks between them,
particles and initials among them; what stands before it as an office or form of address is none of it ("Senate Majority Leader Mitch
McConnell"). Words of scripts without spaces, of which pairs of characters are kept, are the longest strings that keep coming back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from clusterer.core.calendar import is_calendar_word, is_time_zone, month
from clusterer.core.evidence.words import tokens
from clusterer.core.faces.offices import is_office
from clusterer.core.faces.written_lines import END, Piece, lines_of
from clusterer.core.model import Document
from clusterer.core.text import UNSPACED_CLASS, comparable, has_unspaced, listed

_UNSPACED_CHARS = 1_500
_LONGEST_NAME = 6  # words; a longer run is a headline
_LONGEST_UNSPACED = 7  # characters; longer ones are counted only to know that one goes on
_RUN = regex.compile(rf"{UNSPACED_CLASS}+", regex.VERSION1)
_GRAMMAR = "的了在是和与與及对對从從将將被で は が を に の と も".replace(" ", "")
_KEEPS_COMING = 0.75  # of the places of a pair of characters
_PARTICLES = listed("&|von|van|der|den|de|del|della|di|da|do|dos|das|du|la|le|ter|bin|ibn|al|el")
_GO_ON = frozenset(("General", "Executive"))  # behind an office, a part of it
_LEGAL_FORMS = frozenset(listed("Inc|Ltd|LLC|Corp|Plc|PLC|GmbH|NV"))
_ARTICLES = frozenset(listed("A|An|The|Ein|Eine|Der|Die|Das|Un|Une|Una|El|La|Los|Las|Le|Les|Il|Lo|Gli"))
_OWNER = regex.compile(r"\p{L}['’]s$")

Parts = tuple[str, ...]


@dataclass(slots=True)
class _Name:
    """What was seen of one run of words. first: the place of its first mention in each text. is_thing: an article stood before it."""

    count: int = 0
    is_thing: bool = False
    first: dict[int, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """As mostly written; not in capitals where it is words that are."""
        best = min(self.forms, key=lambda one: (-self.forms[one], one))
        words = best.split(" ")
        if not best.isupper() or len(words) == 1 or any(len(word) < 4 for word in words):
            return best
        return max((one for one in self.forms if not one.isupper()), key=self.forms.__getitem__, default=best.title())


class Written:
    """What some texts show of how words and names are written. known: all words that tell anything, folded."""

    def __init__(self, documents: Iterable[Document] = (), known: AbstractSet[str] = frozenset()) -> None:
        self._known = known
        self._capital: Counter[str] = Counter()
        self._small: Counter[str] = Counter()
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._names: defaultdict[Parts, _Name] = defaultdict(_Name)
        self._with: defaultdict[str, set[Parts]] = defaultdict(set)
        documents = list(documents)
        lines = [list(lines_of(document)) for document in documents]
        self._count([piece for part in lines for line in part for piece in line])
        for text, (document, part) in enumerate(zip(documents, lines, strict=True)):
            place = 0
            for line in part:
                for run, is_thing in self._runs(line):
                    self._take(text, place, run, is_thing, document.lang)
                    place += 1
        self._strings = _strings(f"{document.title}\n{document.text[:_UNSPACED_CHARS]}" for document in documents)

    def is_capitalised(self, word: str) -> bool | None:
        """Whether a folded word is mostly written with a capital inside sentences; None where it does not stand inside any."""
        seen = self._capital[word] + self._small[word]
        return None if not seen else self._capital[word] > self._small[word]

    def spelled(self, word: str) -> str | None:
        """A folded word as it is mostly written inside sentences."""
        forms = self._forms.get(word)
        return min(forms, key=lambda one: (-forms[one], one[:1].isupper(), one)) if forms else None

    def name(self, term: str) -> str | None:
        """The name that a word or a pair of words stands for, in full; None where these texts do not say.

        A word that also stands alone stands for the longer name if that introduces it: most texts with the word have it, before the
        word stands alone.
        """
        parts = tuple(term.split(" "))
        holding = [found for found in self._with.get(parts[0], ()) if _contains(found, parts)]
        longer = [found for found in holding if found != parts]
        if not longer:
            return self._names[parts].form if parts in holding else None
        best = min(longer, key=lambda one: (-len(self._names[one].first), -self._names[one].count, len(one), one))
        alone = self._names.get(parts, _Name())
        total = sum(self._names[found].count for found in longer)
        kin = sum(self._names[found].count for found in longer if {*found} <= {*best} or {*best} <= {*found})
        if 2 * kin >= total and (4 * alone.count <= total or self._introduces(best, parts, holding)):
            return self._names[best].form
        return alone.form if alone.count else None

    def _introduces(self, full: Parts, short: Parts, holding: Sequence[Parts]) -> bool:
        """Whether a full name is said before the short one, and by most; its last word, or one whose fellows stand nowhere else."""
        if full[-len(short) :] != short and any(short[0] not in found for part in full for found in self._with[part]):
            return False
        texts = {text for found in holding for text in self._names[found].first}
        return 2 * len(self._names[full].first) >= len(texts) and self._is_said_first(full, short)

    def _is_said_first(self, full: Parts, short: Parts) -> bool:
        """Whether in most texts with a full name it comes before the short one alone."""
        name, alone = self._names[full], self._names.get(short, _Name())
        earlier = sum(place < alone.first.get(text, place + 1) for text, place in name.first.items())
        return 2 * earlier >= len(name.first)

    def is_part(self, word: str) -> bool:
        """Whether a word ends longer names about as often as it stands alone."""
        alone = self._names.get((word,), _Name()).count
        return (
            3
            * sum(
                self._names[found].count for found in self._with.get(word, ()) if found[-1] == word and len(found) > 1
            )
            >= alone
        )

    def is_first_name(self, word: str) -> bool:
        """Whether a word begins full names only of people of one last name, which are said before it and before the last name alone."""
        longer = [found for found in self._with.get(word, ()) if len(found) > 1]
        if len({found[-1] for found in longer}) != 1 or self._names[word,].form.isupper():
            return False
        return not any(self._names[found].is_thing for found in longer) and all(
            found[0] == word and found[-1:] in self._names and self._is_said_first(found, part)
            for found in longer
            for part in (found[:1], found[-1:])
        )

    def has(self, term: str) -> bool:
        """Whether each word of the term stands in a name here."""
        return all(part in self._with for part in term.split(" "))

    def denies(self, term: str) -> bool:
        """Whether these texts have the words of a term in names, and never side by side, or never the only one without others."""
        parts = tuple(term.split(" "))
        if len(parts) == 1:
            return parts[0] in self._with and parts not in self._names and self.name(term) is None
        return all(part in self._with for part in parts) and not any(
            _contains(found, parts) for found in self._with[parts[0]]
        )

    def string(self, pair: str) -> str | None:
        """The longest string that a pair of characters mostly stands in; None where it does not come back."""
        strings = self._strings.get(pair, {})
        least = max(2, _KEEPS_COMING * strings.get(pair, 0))
        longer = [found for found, count in strings.items() if count >= least]
        extended = {part for one in longer for part in (one[1:], one[:-1]) if strings.get(part) == strings[one]}
        whole = [one for one in longer if one not in extended and len(one) <= _LONGEST_UNSPACED]
        best = max(whole, key=lambda one: (len(one), strings[one], one), default="").strip(_GRAMMAR)
        return best if len(best) > 1 else None

    def _count(self, pieces: Sequence[Piece]) -> None:
        """How words are written inside sentences, of those that are not in small letters everywhere."""
        doubtful = {written.casefold() for written, _, _, _ in pieces if not written.islower()}
        for written, count in Counter([written for written, starts, _, _ in pieces if not starts]).items():
            whole = written.casefold()
            if whole in doubtful:
                words = [(whole, written[:1].isupper(), True)] if whole.isalnum() else tokens(written)
                for word, capital, _ in words:
                    (self._capital if capital else self._small)[word] += count
                    if word == whole:
                        self._forms[word][written] += count

    def _runs(self, line: Sequence[Piece]) -> Iterator[tuple[list[str], bool]]:
        """Runs of capitalised words, without what only the start of a sentence gives a capital, and without offices before names;
        and whether an article stands before one, as before no person.
        """
        run: list[Piece] = []
        for place, piece in enumerate([*line, END]):
            written, _, glued, capital = piece
            if run and not (glued and (capital or written in _PARTICLES)):
                start = place - len(run)
                is_thing = run[0][0] in _ARTICLES or (start > 0 and line[start - 1][0].capitalize() in _ARTICLES)
                yield from ((name, is_thing) for name in self._trimmed(run, _is_of_office(line, start)))
                run = []
            if run or capital:
                run.append(piece)

    def _trimmed(self, run: list[Piece], of_office: bool) -> Iterator[list[str]]:
        """The names of a run. of_office: whether it begins with what an office is of ("Secretary of State Vera Lund")."""
        if (of_office and len(run) > 1) or (run[0][1] and not self._is_name_at_start(run)):
            run = run[1:]
        words = [written for written, _, _, _ in run]
        words = words[_offices_end(words) :]
        for name in _parted(words):
            while name and (name[-1] in _PARTICLES or name[-1] in _LEGAL_FORMS or _is_date_word(name[-1])):
                name = name[:-1]
            while name and (name[0] in _PARTICLES or name[0] == "The" or _is_date_word(name[0])):
                name = name[1:]
            if name and len(name) <= _LONGEST_NAME:
                yield [*name[:-1], name[-1].removesuffix("'s").removesuffix("'")]

    def _is_name_at_start(self, run: Sequence[Piece]) -> bool:
        word = run[0][0].casefold()
        capital, small = self._capital[word], self._small[word]
        return capital > small or (not small and word in self._known and len(run) > 1)

    def _take(self, text: int, place: int, words: Sequence[str], is_thing: bool, lang: str | None) -> None:
        written = " ".join(words)
        plain = all(map(str.isalnum, words))
        parts = tuple(map(str.casefold, words)) if plain else tuple(word for word, _, _ in tokens(written, lang))
        if parts:
            name = self._names[parts]
            name.count += 1
            name.is_thing |= is_thing
            name.first.setdefault(text, place)
            name.forms[written] = name.forms.get(written, 0) + 1
            for part in parts:
                self._with[part].add(parts)


def _strings(texts: Iterable[str]) -> dict[str, dict[str, int]]:
    """How often each string of a script without spaces comes that comes again, by each pair of characters in it."""
    seen: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(comparable(text)) if has_unspaced(text) else ():
            for size in range(2, _LONGEST_UNSPACED + 2):
                seen.update(run[at : at + size] for at in range(len(run) - size + 1))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for string, count in seen.items():
        if count > 1:
            for at in range(len(string) - 1):
                found[string[at : at + 2]][string] = count
    return found


def _is_of_office(line: Sequence[Piece], start: int) -> bool:
    return start > 1 and line[start][2] and line[start - 1][0] == "of" and is_office(line[start - 2][0])


def _parted(words: Sequence[str]) -> Iterator[list[str]]:
    """The names of a run of words in which one owns another: "Islam's", "Prophet Muhammad"; but "Rubik's Cube"."""
    start = 0
    for at, word in enumerate(words):
        if _OWNER.search(word) and at + 2 < len(words):
            yield list(words[start : at + 1])
            start = at + 1
    yield list(words[start:])


def _offices_end(words: Sequence[str]) -> int:
    """Where the last office before a name ends ("Attorney General" is one); 0 where nothing would be left.

    What an office owns is a name: "Sheriff's Office".
    """
    end = 0
    for at, word in enumerate(words):
        if (is_office(word) and not _OWNER.search(word)) or (word in _GO_ON and at and end == at):
            end = at + 1
    return end if end < len(words) else 0


def _is_date_word(word: str) -> bool:
    return is_calendar_word(word) or month(word) is not None or is_time_zone(word)


def _contains(whole: Parts, parts: Parts) -> bool:
    return parts[0] in whole if len(parts) == 1 else any(pair == parts for pair in pairwise(whole))

"""Recurring columns: what an outlet prints every day or week under one title, about other things each time.

Columns are known by their title, with numbers and calendar words masked ("crossword no #", "what to watch on tv tonight: @"), by a
rubric before a colon ("weather: frost returns"), or because it says that it comes again ("gold price today"). A story that is updated
may keep its title too. What tells an issue of a column from an update is that its title says so, that its dates move with its day of
publication, that it names nothing that the other one names, or that it comes a week later with another text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import regex

from clusterer.core.calendar import is_calendar_word, spaced, weekday
from clusterer.core.copies.contrast import ONE_FORM, Contrast
from clusterer.core.copies.fingerprint import folded_words
from clusterer.core.copies.markets import any_of, is_of_market
from clusterer.core.text import listed

_MASKED_NUMBER, _MASKED_DATE = "#", "@"
_RUBRIC = regex.compile(r"^(?:[\[【［〔](?<name>[^\[\]【】［］〔〕]{2,40})[\]】］〕]|(?<name>[^:：|]{3,40}?)\s*[:：|])")
_DIGITS = regex.compile(r"\d+")
_RUBRIC_WORDS = 4
_SPAN = timedelta(hours=12)  # issues of a column are at least so far apart
ESTABLISHED_ISSUES = 4
_REGULAR_MINUTES = 180
_MINUTES_A_DAY = 24 * 60
_SAME_WEEK = 3.0  # days; after more than that, the same weekday is that of the next week
_NEXT_WEEK = 5.0  # days, after which a title that comes again with another text is that of a column
_OTHER_NAMES, _OTHER_NAMES_UNDER_ONE_TITLE = 0.5, 0.3  # of those in title and lead, what the other one lacks
_STORY_NATS = 8.0  # of the words that a title and both texts have; the titles of columns have hardly any
_SAME_WORDS = 0.95  # cosine of the words beside names; only figures differ
_OTHER_TEXT = 0.5  # cosine of the words beside names; an update of one report has more
_LEAST_RECURRING = 2  # words of a title up to its word of recurrence
# What a title says when it comes again: "the weather today", "photo of the day", "oroscopo di oggi".
_RECURRING = listed(
    """
    today | tonight | daily | of the day | of the week | of the month | weekly | this weekend | heute | heute abend | des tages |
    der woche | aujourd'hui | du jour | de la semaine | hoy | del día | de la semana | oggi | del giorno | della settimana | hoje |
    do dia | da semana | vandaag | vanavond | van de dag | van de week | i dag | dagens | veckans | ukens | ugens | tänään | päivän |
    dziś | dzisiaj | na dziś | dnes | danas | astăzi | azi | сегодня | на сегодня | сьогодні | днес | σήμερα | της ημέρας |
    της εβδομάδας | bugün | bugünkü | günün | haftanın | اليوم | امروز | היום | आज का | आज के | आज की | আজকের | hôm nay | hari ini |
    วันนี้ | 오늘의 | 오늘 | 今日の | きょうの | 本日の | 今日 | あすの | 明日の
    """
)
_OF = " の"
_DECIMAL = regex.compile(r"\d[\d.,]*[.,]\d+")


_RECURS = regex.compile(any_of(_RECURRING))
_WIDELY_KNOWN_WORDS = 3  # a masked title of so many words is that of one column, whoever prints it


@dataclass(frozen=True, slots=True)
class Issue:
    """What shows that an article is one of a series.

    source: casefolded, empty if unknown. title, rubric: masked, empty for none. recurring: the title up to where it says that it
    comes again, masked, empty for none. dates, numbers: what the masks of the title hide, with the numbers in `dates` where a calendar word
    stands there too. weekdays: named in title and text, Monday is 0. of_market: it tells what a market did, with figures.
    """

    source: str
    title: str
    rubric: str
    recurring: str
    dates: frozenset[str]
    numbers: frozenset[str]
    weekdays: frozenset[int]
    published_at: datetime | None
    of_market: bool = False

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series it may belong to."""
        return tuple(f"{self.source}\n{name}" for name in (self.title, self.rubric) if name) if self.source else ()


def issue_of(title: str, words: Iterable[str], source: str | None, published_at: datetime | None) -> Issue:
    """What shows that an article is one of a series, from its title and the words of its text."""
    masked, dates, numbers = _masked(title)
    words = tuple(words)
    found = _RUBRIC.match(title)
    rubric = _masked(found["name"])[0] if found else ""
    rubric = "" if _words_in(rubric) > _RUBRIC_WORDS or rubric == masked else rubric
    return Issue(
        source=(source or "").strip().casefold(),
        title=masked,
        rubric=rubric,
        recurring=_recurring(masked, rubric),
        dates=dates | numbers if dates else frozenset(),
        numbers=numbers,
        weekdays=frozenset(day for word in filter(is_calendar_word, words) if (day := weekday(word)) is not None),
        published_at=published_at,
        of_market=is_of_market(masked) and any(map(_DECIMAL.fullmatch, words)),
    )


def _recurring(masked: str, rubric: str) -> str:
    """What a title says that comes again: its rubric, or how it begins up to there, or all of it; empty if it says nothing such."""
    found = _RECURS.search(rubric or masked) or _RECURS.search(masked)
    if found is None:
        return ""
    if rubric and found.string == rubric:
        return rubric
    if not found.start() and found.group().endswith(_OF):  # "the weather of today", the day first: up to its date
        return masked.split(f" {_MASKED_NUMBER}")[0]
    start = masked[: found.end()]
    return start if _words_in(start) >= _LEAST_RECURRING and found.start() else masked


def _words_in(masked: str) -> float:
    """Those that are no masks; where every character is a word, two of them count as one."""
    words = [word for word in masked.split(" ") if word not in (_MASKED_NUMBER, _MASKED_DATE)] or [masked]
    return len(words) / (2 if max(map(len, words)) == 1 else 1)


@lru_cache(maxsize=1_024)
def series_of(title: str, source: str | None) -> tuple[str, ...]:
    """Names of the series that an article of this title may belong to; none without a source."""
    return issue_of(title, (), source, None).series


def another_issue(one: Issue, other: Issue, differs: Contrast) -> bool:
    """Whether two articles of one series are two issues of it; False for articles of two series."""
    same_title = one.title != "" and one.title == other.title
    if same_title and _dated_apart(one, other):
        return one.source == other.source or len(one.title.split(" ")) >= _WIDELY_KNOWN_WORDS
    if close_in_time(one.published_at, other.published_at):
        return False
    if one.of_market and other.of_market and differs.figures_replaced:
        return one.published_at is not None and other.published_at is not None
    return one.source == other.source != "" and _another_of_source(one, other, differs)


def _another_of_source(one: Issue, other: Issue, differs: Contrast) -> bool:
    """The same of two articles of one source that were not published within hours."""
    same_title = one.title != "" and one.title == other.title
    if one.recurring != "" and one.recurring == other.recurring:
        return True
    if not same_title:
        return _another_of_rubric(one, other, differs)
    if _days_move(one, other) or (_days_between(one, other) >= _NEXT_WEEK and differs.others < _OTHER_TEXT):
        return True
    if differs.others >= (_SAME_WORDS if differs.named_alike else ONE_FORM) and differs.figures_replaced:
        return True
    if differs.subject >= _STORY_NATS and differs.others < ONE_FORM:
        # The title says what happened, and both texts go on about it: the story of the day before.
        return differs.names >= _OTHER_NAMES
    if differs.names >= _OTHER_NAMES_UNDER_ONE_TITLE or _dates_move(one, other):
        return True
    moved = one.numbers != other.numbers or differs.figures_differ or differs.others < _OTHER_TEXT
    return not differs.named_alike and moved


def _another_of_rubric(one: Issue, other: Issue, differs: Contrast) -> bool:
    """Whether two articles of one source under two titles are two issues of a rubric."""
    if one.rubric == "" or one.rubric != other.rubric:
        if differs.others >= _OTHER_TEXT and differs.names >= _OTHER_NAMES_UNDER_ONE_TITLE:
            return _on_other_days(one, other)
        return differs.tells_nothing_in_common and _dates_move(one, other)
    if _dates_move(one, other) or _days_move(one, other):
        return True
    # In scripts without capitals the words of the title stand for the names.
    return differs.names >= _OTHER_NAMES or (not differs.named and differs.headed >= _OTHER_NAMES)


def keeps_coming(days: int, minutes: Iterable[int]) -> bool:
    """Whether a series has come on several days, always at about the same time of the day: a column, and no story.

    days: how many it came on. minutes: of the day, at which it came, in any order.
    """
    if days < ESTABLISHED_ISSUES:
        return False
    ordered = sorted(minutes)
    gaps = [later - earlier for earlier, later in pairwise([*ordered, ordered[0] + _MINUTES_A_DAY])]
    return _MINUTES_A_DAY - max(gaps) <= _REGULAR_MINUTES


def close_in_time(one: datetime | None, other: datetime | None) -> bool:
    """Whether two articles, by when they were published, came too soon after one another to be two issues."""
    if one is None or other is None:
        return False
    return abs(one - other) < _SPAN


def _dated_apart(one: Issue, other: Issue) -> bool:
    """Whether the titles name two days; the same weekday is another day some days later."""
    if not one.dates or not other.dates:
        return False
    return one.dates != other.dates or (
        any(weekday(word) is not None for word in one.dates) and _days_between(one, other) > _SAME_WEEK
    )


def _days_between(one: Issue, other: Issue) -> float:
    """Days from one publication to the other, 0 where one is unknown."""
    if one.published_at is None or other.published_at is None:
        return 0.0
    return abs(one.published_at - other.published_at) / timedelta(days=1)


def _on_other_days(one: Issue, other: Issue) -> bool:
    """Whether each names weekdays, and none that the other one names."""
    return bool(one.weekdays) and bool(other.weekdays) and one.weekdays.isdisjoint(other.weekdays)


def _dates_move(one: Issue, other: Issue) -> bool:
    """Whether each names its own day of publication (or that before, or that after), and not that of the other one."""
    if one.published_at is None or other.published_at is None:
        return False
    if other.published_at < one.published_at:
        one, other = other, one
    return any(_moves(one, other, shift) for shift in (0, 1, -1))


def _moves(earlier: Issue, later: Issue, shift: int) -> bool:
    first, second = (_day(issue, shift) for issue in (earlier, later))
    if first not in earlier.weekdays or second not in later.weekdays:
        return False
    return first not in later.weekdays or (first == second and _days_between(earlier, later) > _SAME_WEEK)


def _days_move(one: Issue, other: Issue) -> bool:
    """Whether the title of each has the day of the month on which it came (or that before, or that after), and not that of the other."""
    if one.published_at is None or other.published_at is None:
        return False
    for shift in (0, 1, -1):
        first, second = (issue.published_at + timedelta(days=shift) for issue in (one, other) if issue.published_at)
        if first.day != second.day and _names_day(one, first, second) and _names_day(other, second, first):
            return True
    return False


def _names_day(issue: Issue, day: datetime, other: datetime) -> bool:
    said = {int(number) for number in issue.numbers if len(number) <= 2}
    return day.day in said and other.day not in said


def _day(issue: Issue, shift: int) -> int | None:
    return None if issue.published_at is None else (issue.published_at.weekday() + shift) % 7


def _words(part: str) -> list[str]:
    return [part] if is_calendar_word(part) else folded_words(part)


def _masked(title: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """The title with masks, and the calendar words and the numbers under them; all empty when there is nothing else."""
    kept: list[str] = []
    dates: set[str] = set()
    numbers: set[str] = set()
    for word in (word for part in spaced(title).split() for word in _words(part)):
        if is_calendar_word(word):
            dates.add(word)
            mask = _MASKED_DATE
        elif word[0].isdigit():  # Korean writes the day and its counter as one word
            numbers.update(_DIGITS.findall(word))
            mask = _DIGITS.sub(_MASKED_NUMBER, word)
        else:
            mask = word
        if not (kept and kept[-1] == mask and mask in (_MASKED_NUMBER, _MASKED_DATE)):
            kept.append(mask)
    if all(word in (_MASKED_NUMBER, _MASKED_DATE) for word in kept):
        return "", frozenset(), frozenset()
    return " ".join(kept), frozenset(dates), frozenset(numbers)

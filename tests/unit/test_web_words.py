"""What pages say, and the geometry of their plots."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from clusterer.core.faces.in_common import Common
from clusterer.core.model import RelationKind
from clusterer.core.scoring.pairs import TERMS
from clusterer.core.scoring.reasons import Term
from clusterer.pipeline.lookup import wording
from clusterer.pipeline.lookup.mentions import mentioned
from clusterer.pipeline.lookup.views import DecisionView, NearMember
from clusterer.web import words
from clusterer.web.plot import histogram
from clusterer.web.rendering import span


def decision(**contributions: float) -> DecisionView:
    terms = tuple(Term(name, 0.5, contributions.get(name, 0.0)) for name in TERMS)
    return DecisionView("score", True, "c", 0.6, 0.5, 0.4, -2.5, terms, (), (), (), None, ())


def test_the_bars_add_up_to_what_the_terms_do() -> None:
    given = {name: 0.1 * (place + 1) for place, name in enumerate(TERMS)}
    shown = wording.bars(decision(**given))
    assert sum(bar.counts for bar in shown) == pytest.approx(sum(given.values()) - 2.5)
    assert max(bar.share for bar in shown) == 1


def test_what_days_cost_more_in_a_stream_of_single_reports_counts_with_the_days() -> None:
    terms = Term("days_apart", math.log1p(9), -1.2), Term("late", math.log1p(9) - math.log1p(3), -1.6)
    shown = wording.bars(replace(decision(), terms=terms))[0]
    assert (shown.label, shown.counts) == ("Days apart", pytest.approx(-2.8))


@pytest.mark.parametrize(
    ("days_apart", "unknown", "told"),
    [
        (0.0, 0.0, "less than a day"),
        (math.log1p(1), 0.0, "about 1 day on average"),
        (math.log1p(9), 0.0, "about 9 days"),
        (math.log1p(9) / 2, 0.5, "about 9 days"),
    ],
)
def test_the_time_between_is_told_in_days(days_apart: float, unknown: float, told: str) -> None:
    terms = Term("days_apart", days_apart, -0.5), Term("date_unknown", unknown, 0.0)
    shown = wording.bars(replace(decision(), terms=terms))[0]
    assert (shown.label, told in shown.note) == ("Days apart", True)


def test_the_time_between_two_articles_is_no_average() -> None:
    of_two = replace(decision(), terms=(Term("days_apart", math.log1p(9), -0.5),))
    assert wording.bars(of_two, of_two=True)[0].note == "about 9 days; reports of one event mostly come close together"
    assert wording.bars(of_two)[0].note.startswith("about 9 days on average over the articles there; ")


@pytest.mark.parametrize(
    ("probability", "days", "told"),
    [
        (0.9, None, "almost certainly the same event (90 of 100)"),
        (0.9, 3.0, "almost certainly the same event (90 of 100)"),
        (0.9, 30.2, "almost certainly the same story (90 of 100); 30 days apart, so perhaps another stage of it"),
        (0.38, 5.0, "perhaps the same story (38 of 100); 5 days apart, so perhaps another stage of it"),
        (0.11, 30.0, "probably another event (11 of 100)"),
    ],
)
def test_what_came_out_days_apart_is_told_as_one_story(probability: float, days: float | None, told: str) -> None:
    assert wording.likelihood(probability, days) == told


def test_the_time_between_is_told_where_it_counts_for_nothing_and_not_where_it_is_unknown() -> None:
    terms = Term("days_apart", 0.0, 0.0), Term("date_unknown", 0.0, 0.0)
    shown = wording.bars(replace(decision(), terms=terms))
    assert (shown[0].label, shown[0].counts, "less than a day" in shown[0].note) == ("Days apart", 0.0, True)
    undated = wording.bars(replace(decision(), terms=(terms[0], Term("date_unknown", 1.0, -0.5))))
    assert [bar.label for bar in undated[:-1]] == ["A date is not known"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://www.post.example/a", "post.example"),
        ("http://a.post.example:80/", "a.post.example"),
        ("http://[", "its site"),
        ("http:///a", "its site"),
    ],
)
def test_a_site_is_called_as_readers_do(url: str, told: str) -> None:
    assert words.site(url) == told


def test_what_counts_against_is_not_called_what_would_count_for() -> None:
    name = "words_standing_low"
    assert wording.bars(decision(**{name: 1.0}))[0].label == "More words in common than with other reports"
    assert wording.bars(decision(**{name: -1.0}))[0].label == "No more words in common than with other reports"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2012-06-08T00:00+00:00", "2012-06-08T00:00+00:00", "8 Jun 2012"),
        ("2012-06-08T00:00+00:00", "2012-06-09T00:00+00:00", "8 Jun 2012 – 9 Jun 2012"),
        ("2012-06-08T00:00+00:00", "2012-06-08T14:05+00:00", "8 Jun 2012"),
        ("2012-06-08T00:01+00:00", "2012-06-08T14:05+00:00", "8 Jun 2012, 00:01–14:05"),
    ],
)
def test_a_day_is_told_without_midnight(first: str, last: str, told: str) -> None:
    assert span(datetime.fromisoformat(first), datetime.fromisoformat(last)).striptags() == told


def test_no_term_is_called_by_its_name() -> None:
    told = " ".join(bar.label + bar.note for bar in wording.bars(decision(**dict.fromkeys(TERMS, 1.0))))
    assert not [name for name in TERMS if "_" in name and name in told]
    assert "standing" not in told


def test_why_a_low_likelihood_is_enough_is_told_only_of_one_that_joined_with_it() -> None:
    low = replace(decision(), probability=0.31, threshold=0.15)
    assert "at least as likely as the limit set here, 15 of 100" in wording.limit(low)
    assert wording.limit(replace(low, joined=False)) == ""
    assert wording.limit(decision()) == ""


@pytest.mark.parametrize("text", ["It doesn't matter, said the mayor.", "DOESN’T it matter? the mayor said"])
def test_what_is_left_of_a_short_form_is_not_mentioned(text: str) -> None:
    shared = sharing((), ("doesn", "mayor", "won"))
    assert mentioned(shared, text) == ("mayor", "won")
    assert mentioned(sharing((), ("don",)), "Abaddon't is no word.") == ("don",)
    assert mentioned(shared, "He won, but won't say so to the mayor.") == ("doesn", "mayor", "won")


def sharing(names: tuple[str, ...], others: tuple[str, ...] = (), numbers: tuple[str, ...] = ()) -> Common:
    return Common(names, numbers, others)


def test_a_title_alone_and_a_short_number_tell_nothing() -> None:
    told = mentioned(
        sharing(("sen", "john kerry", "mr"), ("vote",), ("11", "8:30", "214", "7")), "Mr Weld and Sen. John Kerry"
    )
    assert told == ("John Kerry", "8:30", "214", "vote")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("merged", "the two clusters fit best together (by what was known then, 83 of 100 that they report one event)"),
        (
            "moved",
            "it fits better there (by what was known then, 83 of 100 for one event with all articles there together)",
        ),
        (
            "split",
            "it fits better apart from those that stayed (by what was known then, 83 of 100 for one event with all of them together)",
        ),
    ],
)
def test_a_second_look_is_told_by_what_it_did(kind: str, told: str) -> None:
    assert words.sentence("probability 0.830", kind) == f"compared again with all articles around it, {told}"
    assert "fits better here" in words.sentence("probability 0.830", "moved", is_here=True)
    assert words.sentence("probability of rain", kind) == "probability of rain"
    assert words.sentence("I was there", kind) == "I was there"
    assert words.sentence("rollback", kind) == "the last nightly regrouping was taken back"


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        (("vellen rail", "tdu"), "The TDU and Vellen Rail talk.", ["Vellen Rail", "TDU"]),
        (("national seismic", "seismic institute"), "the National Seismic Institute", ["National Seismic Institute"]),
        (("seismic institute", "national seismic"), "the National Seismic Institute", ["National Seismic Institute"]),
        (("kellbridge vellen", "vellen corvane"), "KELLBRIDGE, Vellen (Corvane Press)", []),
        (("kellbridge vellen",), "Quake in Kellbridge\nIt shook Kellbridge, Vellen.", ["Kellbridge"]),
        (("kellbridge", "vellen"), "Quake\nKELLBRIDGE, Vellen (Corvane Press) - A quake", ["Kellbridge", "Vellen"]),
        (("san sebastian",), "SAN SEBASTIÁN — Miles de personas", ["San Sebastián"]),
        (("halvern",), "FIRE IN HALVERN\nA fire in Halvern", ["Halvern"]),
        (("nato",), "NATO met. The TDU: NATO - said nothing", ["NATO"]),
        (("francois hollande",), "Président François Hollande a dit", ["François Hollande"]),
        (("ville", "nord ouest"), "Nord-Ouest: la Villeneuve, la ville", ["ville", "Nord-Ouest"]),
        (("a.b",), "a-b, then A.B", ["A.B"]),
        (("東京",), "東京 の", ["東京"]),
        (("grey", "tarn"), "The Grey Hall shut. At Tarn the Grey Hall is missed.", ["Tarn"]),
        (("dianne",), "mail: dianne at post.example. Later DIANNE and Dianne wept.", ["Dianne"]),
        (("grey",), "The Grey Hall shut. Nora Grey wept.", ["Grey"]),
        (
            ("leader nora", "minister ada", "ada lund"),
            "Leader Nora Quill met Minister Ada Lund.",
            ["Nora Quill", "Ada Lund"],
        ),
        (("vale",), "Fire in Vale\nA barn in New Vale burnt. The fire in New Vale spread.", ["New Vale"]),
        (("vale",), "Fire in Vale\nA barn in New Vale burnt. New Vale mourns.", ["New Vale"]),
        (("vale",), "Fire in New Vale\nA barn in Vale burnt.", ["Vale"]),
        (("grey",), "Grey wept\nHe met Nora Grey, and then Tom Grey left.", ["Grey"]),
        (("grey",), "Grey wept\nThe actor Nora Grey wept. But Grey smiled.", ["Grey"]),
        (("grey",), "Grey wept\nThe mayor, President Grey, wept.", ["Grey"]),
        (("tarn",), "Fair\nIt opens on Monday Tarn time.", ["Tarn"]),
        (("grey",), "Bill\nSo said Health Secretary Nora Grey, and Health Secretary Nora Grey left.", ["Nora Grey"]),
        (("grey",), "Bill\nIt was the Ostrel Republican Nora Grey who said so.", ["Nora Grey"]),
        (("senate",), "Bill\nIn all The Senate sat.", ["Senate"]),
        (("tdu",), "Bill\nSo said the Vellen-based TDU.", ["TDU"]),
        (("clinic", "vale"), "Fire\nShe lay in the Vale Clinic, and the Vale Clinic burnt in Vale.", ["Vale Clinic"]),
        (
            ("office", "tarn county"),
            "Shots\nSo said the Tarn County Sheriff's Office.",
            ["Tarn County Sheriff's Office"],
        ),
        (("lee ho",), "Lee Ho-jin spoke, and Lee Ho-jin left.", ["Lee Ho-jin"]),
        (("green vale",), "The Green Vale Hospital is in Green Vale.", ["Green Vale"]),
        (("report",), "Pick\nWord was on the Quill Report, and the report spread.", ["Quill Report"]),
        (("vale",), "Queues\nAt Vale-upon-Tarn they queued. Vale-upon-Tarn waits.", ["Vale-upon-Tarn"]),
        (("ostrel gov",), "So said Ostrel Gov. Nora Quill.", ["Ostrel"]),
        (("tarn hall", "mayor"), "At Tarn Hall Tuesday the Mayor wept.", ["Tarn Hall"]),
        (
            ("north vellia", "north vellians", "north vellian"),
            "North Vellia, North Vellians, North Vellian",
            ["North Vellia"],
        ),
    ],
)
def test_names_are_told_as_the_text_has_them(names: tuple[str, ...], text: str, told: list[str]) -> None:
    assert set(mentioned(sharing(names), text)) == set(told)


def test_a_word_that_is_a_name_in_the_text_is_written_as_one() -> None:
    text = "Nora Quits Ostrel Race\nSo said Nora B. Quill. Signatures failed, and the Ostrel race, and Vale-upon-Tarn."
    shared = sharing(("quill", "vale"), ("nora", "signatures", "race", "upon", "quits", "ostrel"))
    assert mentioned(shared, text) == ("Quill", "Vale-upon-Tarn", "Nora", "signatures", "race", "quits", "Ostrel")
    assert mentioned(sharing((), ("nora",)), "Race\nNora was nora once, said Nora.") == ("nora",)


def test_a_name_behind_a_title_is_written_as_one_and_a_month_of_a_date_is_none() -> None:
    assert mentioned(sharing((), ("nora",)), "Bill\nSo said Sen. Nora Quill.") == ("Nora",)
    assert mentioned(sharing(("jan",)), "Cuts\nThey begin on Jan. 1 in Vale.") == ()
    assert mentioned(sharing(("jan",)), "Cuts\nSo said Jan of Vale.") == ("Jan",)
    assert mentioned(sharing(("vellen workers",)), "The Vellen Workers' Party won.") == ("Vellen Workers' Party",)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("The Vellen Workers’ Party", "Vellen Workers' Party"),
        ("Some Vellen workers", "Vellen Workers"),
        ("", "Vellen Workers' Party"),
    ],
)
def test_a_name_goes_on_only_as_far_as_both_texts_have_it(other: str, told: str) -> None:
    text = "So said the Vellen Workers' Party."
    assert mentioned(sharing(("vellen workers",)), text, other=other) == (told,)


@pytest.mark.parametrize(
    ("number", "text", "other", "told"),
    [
        ("1.6", "He wants $1.6 trillion.", "Of $1.6 trillion, or 1.6 percent", "$1.6 trillion"),
        ("214", "All 214 passengers, with 214 aboard", "214 passengers wept", "214 passengers"),
        ("300", "US$300bn of goods", "tariffs on $300 billion", "$300 billion"),
        ("8.5", "8.5% more", "up 8.5 per cent", "8.5 percent"),
        ("500", "500 houses", "500 cows", None),
        ("500", "500 and more", "500 and less", None),
        ("500", "paid €500 or so", "for €500 each", "€500"),
        ("500", "1,500 houses", "500 houses", None),
        ("2015", "in 2015", "2015 was wet", "2015"),
        ("8:30", "at 8:30 sharp", "8:30 it was", "8:30"),
        ("300", "有300人受伤", "300人", "300"),
        ("128", "Sued by 128 other members", "It names 128 other firms", None),
    ],
)
def test_a_number_is_told_with_what_it_counts_in_both_texts(
    number: str, text: str, other: str, told: str | None
) -> None:
    assert mentioned(sharing((), (), (number,)), text, other=other) == ((told,) if told else ())


def test_without_a_text_names_are_capitalised_and_scraps_of_words_left_out() -> None:
    told = mentioned(sharing(("vellen rail", "straße"), ("s", "strike", "of", "rosters")), "", 3)
    assert told == ("Vellen Rail", "Straße", "strike")


def test_spans_between_days() -> None:
    told = [words.later(timedelta(days=days), by_day=True) for days in (0, 1, -2)]
    assert told == ["the same day", "1 day later", "2 days earlier"]


def test_much_in_common_is_not_called_little() -> None:
    apart = replace(decision(), joined=False)
    assert [wording.sharing(apart, count) for count in (2, 9)] == [
        "They have little more in common than",
        "Both mention",
    ]
    assert wording.sharing(decision(), 1) == "Both mention"


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=20), "at the same time"),
        (timedelta(minutes=1), "1 minute later"),
        (timedelta(minutes=-30), "30 minutes earlier"),
        (timedelta(hours=26), "26 hours later"),
        (timedelta(days=9), "9 days later"),
    ],
)
def test_spans(span: timedelta, told: str) -> None:
    assert words.later(span) == told


@pytest.mark.parametrize("kind", get_args(RelationKind))
def test_every_relation_has_words_that_fit_into_a_sentence(kind: str) -> None:
    assert "_" not in wording.relation(kind)
    assert wording.relation_to(kind) == f"{wording.relation(kind)} {'as' if 'same' in wording.relation(kind) else 'of'}"


@pytest.mark.parametrize(
    ("verbatim", "told"),
    [
        (0.19, "They are worded differently."),
        (0.333, "33% of the shorter text is in the other."),
    ],
)
def test_what_is_word_for_word_the_same_is_told_where_it_is_more_than_chance(verbatim: float, told: str) -> None:
    assert wording.worded(verbatim) == told


def test_a_histogram_counts_every_moment_once() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    plot = histogram([start, start + timedelta(hours=1), start + timedelta(hours=10), None], 5)
    assert plot is not None
    assert (plot.counts, plot.start, plot.end) == ((2, 0, 0, 0, 1), start, start + timedelta(hours=10))
    assert all(x + width <= 100.1 and y >= 0 and y + height <= 20.1 for x, y, width, height in plot.bars(100, 20))
    assert histogram([], 5) is None
    assert histogram([start, start + timedelta(seconds=59)], 5) is None
    assert histogram([start, start + timedelta(seconds=61)], 5) is not None


def test_a_passage_that_nobody_writes_twice_is_told_also_where_the_rest_differs() -> None:
    assert wording.worded(0.1, passage=True) == "One passage is the same word for word; the rest differs."


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((), ""),
        ((0, 2, 5), ""),
        ((0, 0, 1, 16), "All but 1 came out within 1 day."),
        ((0, 10, 20, 29), "Its reports came out over 29 days: perhaps several events of one story."),
        ((0, 29), "Its reports came out over 29 days: perhaps several events of one story."),
    ],
)
def test_one_late_report_does_not_make_several_events(days: tuple[int, ...], told: str) -> None:
    start = datetime(2018, 1, 1, tzinfo=UTC)
    assert wording.spread([start + timedelta(days=one) for one in days]) == told


def test_why_an_article_that_is_like_one_other_did_not_join_the_rest() -> None:
    apart = replace(decision(), joined=False, probability=0.06, closest=(NearMember("a", "Article 50", 0.6),))
    assert wording.kept_apart(apart).startswith("one article there is like it, the rest of the cluster is not: ")


@pytest.mark.parametrize(("probability", "told"), [(0.148, "was just missed (14.8)"), (0.06, "was not reached")])
def test_a_limit_that_reads_like_the_likelihood_was_just_missed(probability: float, told: str) -> None:
    apart = replace(decision(), joined=False, probability=probability, threshold=0.15)
    assert wording.kept_apart(apart).endswith(f"the limit set here, 15 of 100, {told}")


@pytest.mark.parametrize(
    ("names", "words", "text", "other", "told"),
    [
        (("un",), (), "The UN met on Monday.", "Leader Kim Jong Un went to Hanoi.", ()),
        (("lund",), (), "Mayor Vera Lund wept. Lund left.", "A singer, Piet Lund, danced. Lund sang.", ()),
        (("lund",), (), "Mayor Vera Lund wept. Lund left.", "The mayor, Vera Lund, came. Lund spoke.", ("Lund",)),
        (("lund",), (), "Mayor Vera Lund wept. Lund left.", "So said Lund. The singer Piet Lund came.", ("Lund",)),
        (("command",), (), "So said the Coastal Command today.", "So said the Polar Strike Command today.", ()),
        (("kx",), (), "They fired a KX-17 rocket.", "A KX-17 rocket fell.", ("KX-17",)),
        (("un",), (), "The UN met on Monday.", "Envoys of the UN met again.", ("UN",)),
        (("psy",), (), "The singer PSY danced.", "A rapper, Psy, danced.", ("PSY",)),
        ((), ("valemail", "snow"), "Much snow. Write to jo@valemail.com.", "Snow fell. valemail.com", ("snow",)),
        ((), ("resigns",), "He went.", "He is gone.", ("resigns",)),
        (
            ("police", "wend"),
            (),
            "The Police of Wend. Two police cars.",
            "Wend: Police said police came.",
            ("Wend", "police"),
        ),
        (("al",), ("mosque",), "Al Tarn mosque", "The mosque of Al Ostrel", ("mosque",)),
    ],
)
def test_what_is_no_word_of_both_is_not_mentioned(
    names: tuple[str, ...], words: tuple[str, ...], text: str, other: str, told: tuple[str, ...]
) -> None:
    assert mentioned(Common(names, (), words), text, other=other) == told

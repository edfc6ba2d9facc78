"""What a client sends: optional fields as feeds give them, and errors that do not grow with what was sent."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.pipeline.intake.arrays import array_items
from clusterer.pipeline.intake.fields import Unreadable, read_language
from clusterer.pipeline.intake.intake import to_revision
from clusterer.pipeline.intake.submission import MAX_ERRORS, ArticleIn, Rejected, bounded, field_errors, parse_article
from clusterer.pipeline.intake.times import read_time

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
TEXT = "A barge with gravel sank in the lock of Tolm on Wednesday."


@pytest.mark.parametrize(
    "given",
    [
        # RFC 3339 and ISO 8601
        "2026-03-04T09:30:00Z", "2026-03-04t09:30:00z", "2026-03-04 09:30:00", "2026-03-04T10:30:00+01:00", "2026-03-04T09:30Z",
        "2026-03-04T09:30:00.000000Z", "2026-03-04T09:30:00,000Z", "20260304T093000Z", "20260304093000", "\t2026-03-04T09:30:00Z \n",
        "2026-03-04 09:30:00 UTC", "2026-03-04 09:30:00 GMT", "2026-03-04 10:30:00 +0100", "2026-03-04T04:30:00\u221205:00",
        "2026-03-04T10:30:00+01:00[Europe/Vienna]", "2026-W10-3T09:30:00Z",
        # RFC 822, RFC 5322, asctime, JavaScript
        "Wed, 04 Mar 2026 09:30:00 GMT", "Wed, 4 Mar 2026 10:30:00 +0100", "04 Mar 2026 09:30:00 +0000", "4 Mar 26 09:30 UT",
        "Wed, 04 Mar 2026 04:30:00 EST", "Wed, 04 Mar 2026 10:30:00 CET", "Wed, 04 Mar 2026 18:30:00 JST",
        "Wed, 04 Mar 2026 09:30:00 +0000 (UTC)", "Wed Mar  4 09:30:00 2026",
        "Wed Mar 04 2026 10:30:00 GMT+0100 (Central European Standard Time)", "Wed, 04 Mar 2026 11:30:00 +02:00",
        "Wed, 04 Mar 2026 15:00:00 +05:30", "Wed, 04 Mar 2026 06:00:00 -03:30", "Wed, 04 Mar 2026 10:30:00 MET",
        "Wed Mar  4 10:30:00 CET 2026", "Wed Mar 04 11:30:00 +02:00 2026",
        # Unix time
        1772616600, 1772616600.0, "1772616600", 1772616600000, "1772616600000", 1772616600000000, "1772616600000000000",
        # in words and figures
        "March 4, 2026 9:30 AM", "4 March 2026 09:30", "Wednesday, March 4th, 2026 at 9:30 am UTC", "2026/03/04 09:30", "04.03.2026 09:30",
        # in other languages
        "Mi, 04 Mär 2026 09:30:00", "Mittwoch, 4. März 2026, 10.30 Uhr MEZ", "mer. 4 mars 2026 à 9h30", "4 de marzo de 2026 9:30 a. m.",
        "miércoles, 4 mar 2026 10:30:00 +0100", "4 de março de 2026 às 09h30", "4 марта 2026 г., 09:30", "4 Mart 2026 09:30",
        "2026年3月4日 09:30", "2026年3月4日 9時30分", "2026년 3월 4일 9시 30분", "2026. március 4. 9:30", "4 مارس 2026 09:30",
        "Παρ 4 Μαρτίου 2026 09:30", "10:30 Uhr MEZ, 4. März 2026",
        # beside words of dates, on the clocks and in the calendars of other places
        "04.03.2026, 09:30 Uhr", "Mittwoch, 04.03.2026 - 09:30 Uhr", "4.3.2026 klo 9.30", "2026.03.04. 09:30",
        "2026. 3. 4. 오전 9:30", "@1772616600",
        "/Date(1772616600000)/", "2026年3月4日 上午9:30", "令和8年3月4日 9時30分", "民國115年3月4日 09:30",
        "ср, 4 мар 2026 12:30:00 +0300", "4 במרץ 2026 09:30",
        "Rabu, 4 Maret 2026 16:30 WIB", "4 Mar 2026 16.30 WIB", "4 มีนาคม 2569 09:30", "4 มี.ค. 2569 09:30 น.", "4 Mar 2026 15:00 (UTC+5:30)",
    ],
)  # fmt: skip
def test_times_as_feeds_give_them_are_read(given: object) -> None:
    assert read_time(given, NOW) == MORNING


@pytest.mark.parametrize(
    "given",
    [
        "Mar 4, 2026 9:30 PM UTC", "March 4, 2026 4:30 p.m. EST", "Wed, 04 Mar 2026 11:30:00 PM +02:00", "4 Mar 2026 10:30pm CET",
        "Wed, 4 Mar 2026 9:30 PM", "2026-03-04 9:30 PM",
    ],
)  # fmt: skip
def test_hours_after_noon_stay_so_whatever_zone_stands_behind_them(given: str) -> None:
    assert read_time(given, NOW) == MORNING + timedelta(hours=12)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("٢٠٢٦-٠٣-٠٤", datetime(2026, 3, 4, tzinfo=UTC)),
        ("२०२६-०३-०४T०९:३०:००Z", datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        ("04.03.2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("le 1er mars 2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026年3月1日 午後8時15分", datetime(2026, 3, 1, 20, 15, tzinfo=UTC)),
        ("2026. 3. 1. 오후 8:15", datetime(2026, 3, 1, 20, 15, tzinfo=UTC)),
        ("2/24/2026 8:15 PM", datetime(2026, 2, 24, 20, 15, tzinfo=UTC)),
        ("24/02/2026 à 08h15", datetime(2026, 2, 24, 8, 15, tzinfo=UTC)),
        ("Thứ ba, 24/02/2026, 08:15 (GMT+7)", datetime(2026, 2, 24, 1, 15, tzinfo=UTC)),
        ("24-Feb-26", datetime(2026, 2, 24, tzinfo=UTC)),
        ("12 de diciembre de 2025 12:05 p.m.", datetime(2025, 12, 12, 12, 5, tzinfo=UTC)),
        ("lunes, 2 de marzo de 2026 12:05 a. m.", datetime(2026, 3, 2, 0, 5, tzinfo=UTC)),
        ("13/02/2026", datetime(2026, 2, 13, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31T15:59:60.5-08:00", datetime(2017, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("1990-12-31t23:59:60z", datetime(1991, 1, 1, tzinfo=UTC)),
        ("2026-03-03T24:00:00Z", datetime(2026, 3, 4, tzinfo=UTC)),
        ("1970-01-02T00:00:00Z", datetime(1970, 1, 2, tzinfo=UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870_000, tzinfo=UTC)),
    ],
)
def test_days_and_odd_but_valid_times(given: str, moment: datetime) -> None:
    assert read_time(given, NOW) == moment


@pytest.mark.parametrize(
    "given", [None, "", "  ", "\n", "null", "None", "N/A", "-", "0", 0, "0.0" and "unknown", "NaN"]
)
def test_what_says_nothing_is_no_time(given: object) -> None:
    assert read_time(given, NOW) is None


MISSING = [
    "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "1969-12-31T19:00:00-05:00", "1970-01-01", "0001-01-01T00:00:00",
    "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "1900-01-01T00:00:00Z", "1899-12-30", "1601-01-01T00:00:00Z", "9999-12-31",
    "00000000",
]  # fmt: skip
UNREADABLE = [
    "yesterday", "2 hours ago", "March 4", "March 2026", "2026", "2026-02-30", "31 Feb 2026 10:00:00 GMT", "2026-13-45T99:00:00Z",
    "03/04/2026", "Mon 02/11/2026", "02/11/2026 02:00pm GMT", "03/04/2026 09:30 BST",
    "30 février 2026", "4 listopada 2025", "4 Schnürz 2026", "Rom 4 2026", "2026年13月4日",
    "4 mars 2026 à 25h10", "2026-03-04T09:30:00+25:00", "1e400", "inf", -5, 17, True, [], {}, "x" * 10_000,
    "1066-10-14", "2030-01-10T00:00:00Z", 10**13, "\u0000",
]  # fmt: skip


@pytest.mark.parametrize("given", MISSING)
def test_dates_that_mean_missing(given: str) -> None:
    with pytest.raises(Unreadable, match="placeholder for a missing"):
        read_time(given, NOW)


@pytest.mark.parametrize("given", UNREADABLE)
def test_times_that_cannot_be_used(given: object) -> None:
    with pytest.raises(Unreadable):
        read_time(given, NOW)


@pytest.mark.parametrize("given", MISSING + UNREADABLE)
def test_no_date_is_a_reason_to_refuse_an_article(given: object) -> None:
    article = parse_article({"id": "x", "text": TEXT, "published_at": given})
    assert article.published_at is None
    assert [warning.pointer for warning in article.warnings] == ["/published_at"]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_the_same_in_every_form(moment: datetime, offset_min: int) -> None:
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    local = utc.astimezone(timezone(timedelta(minutes=offset_min)))
    forms = (
        local.isoformat(),
        local.isoformat(" ").lower(),
        local.strftime("%a, %d %b %Y %H:%M:%S %z"),
        int(utc.timestamp()),
    )
    if utc.timestamp() > 1e8:
        assert {read_time(form, NOW) for form in forms} == {utc}


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("en", "en"), ("en_US", "en-US"), ("de_DE.UTF-8", "de-DE"), ("ca_ES@valencia", "ca-ES"), ("pt-BR", "pt-BR"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("iw", "he"),
        ("cmn-Hans", "zh-Hans"),
        ("English", "en"), ("français", "fr"), ("eng", "en"), ("DEU", "de"), (" fr ", "fr"), ("en;q=0.8", "en"), ("en,de", "en"),
        ("tlh", "tlh"),
        ("", None), (" ", None), (None, None), ("und", None), ("unknown", None), ("x-default", None),
    ],
)  # fmt: skip
def test_languages_as_feeds_give_them(given: str | None, tag: str | None) -> None:
    assert read_language(given) == tag


@pytest.mark.parametrize("given", ["C", "Elvish tongue", "../../etc", "en-", "e", "12", 5, ["en"], {}, True, "a" * 99])
def test_no_language_is_a_reason_to_refuse_an_article(given: object) -> None:
    article = parse_article({"id": "x", "text": TEXT, "lang": given})
    assert article.lang is None
    assert [warning.pointer for warning in article.warnings] == ["/lang"]


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("url", "https://e.example/x\n", "https://e.example/x"),
        ("url", " https://e.example/\r\nx ", "https://e.example/x"),
        ("url", "", None),
        ("source", "Harbour Post\r\n", "Harbour Post"),
        ("source", "Harbour\nPost", "Harbour Post"),
        ("source", " ", None),
        ("title", "  ", None),
        ("title", "Two\nlines", "Two\nlines"),
        ("id", "post/114\n", "post/114"),
        ("id", 114, "114"),
        ("id", "", None),
    ],
)
def test_blanks_and_line_ends_are_read_without_a_word(field: str, given: object, kept: str | None) -> None:
    article = parse_article({"text": TEXT, field: given})
    assert getattr(article, field) == kept
    assert article.warnings == ()


@pytest.mark.parametrize("field", ["url", "title", "source", "published_at", "lang"])
@pytest.mark.parametrize("given", [["x"], {"name": "x"}, True])
def test_a_wrong_type_of_an_optional_field_costs_the_field(field: str, given: object) -> None:
    article = parse_article({"text": TEXT, field: given})
    assert getattr(article, field) is None
    assert [warning.pointer for warning in article.warnings] == [f"/{field}"]


def test_a_title_beyond_its_length_is_cut() -> None:
    article = parse_article({"text": TEXT, "title": "t" * 9_000})
    assert article.title == "t" * 5_000
    assert article.warnings


@pytest.mark.parametrize("id", ["a\nb", "\u0000", "i" * 257, ["x"], {}, True, 1.5])
def test_an_id_that_is_none_is_refused(id: object) -> None:
    """It is what the client will ask by: dropping it would be no help."""
    with pytest.raises(Rejected, match="/id"):
        parse_article({"text": TEXT, "id": id})


def test_warnings_do_not_change_what_is_stored() -> None:
    plain = to_revision(parse_article({"id": "a", "text": TEXT}), "c", NOW)
    odd = to_revision(parse_article({"id": "a", "text": TEXT, "lang": "?", "published_at": "soon"}), "c", NOW)
    assert odd == plain


# -- errors


@pytest.mark.parametrize("count", [1, 20, 21, 5_000])
def test_unknown_fields_are_named_and_bounded(count: int) -> None:
    row = {f"field/{number}~" + "x" * 300: number for number in range(count)}
    with pytest.raises(Rejected) as caught:
        parse_article({"text": TEXT, **row})
    errors = caught.value.errors
    assert len(errors) == min(count, MAX_ERRORS)
    assert errors[0].pointer.startswith("/field~10~0")
    assert all(len(error.pointer) <= 101 for error in errors)
    assert len(str(caught.value)) < 5_000
    assert (count <= MAX_ERRORS) == ("more" not in errors[-1].detail)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("titel", "did you mean `title`?"),
        ("Source", "did you mean `source`?"),
        ("headline", "did you mean `title`?"),
        ("pubDate", "did you mean `published_at`?"),
        ("link", "did you mean `url`?"),
        ("x", "there are id, url"),
    ],
)
def test_an_unknown_field_is_told_with_what_was_meant(name: str, told: str) -> None:
    with pytest.raises(Rejected, match=re.escape(told)):
        parse_article({"text": TEXT, name: "a"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("author", "Nora Lindt"),
        ("authors", ["Nora Lindt", "Jo Ness"]),
        ("author", {"name": "Ines Ferrão", "email": None}),
        ("tags", ["ports", "weather"]),
        ("image", {"url": "https://example.org/i.jpg", "width": 1200}),
        ("enclosure", {"url": "https://example.org/a.mp3", "length": "0"}),
        ("comments", "https://example.org/x#comments"),
        ("summary", "A ferry has run aground."),
    ],
)
def test_what_feeds_give_and_nobody_reads_is_left_out_and_said(name: str, value: object) -> None:
    article = parse_article({"text": TEXT, name: value})
    assert article.model_dump() == parse_article({"text": TEXT}).model_dump()
    assert [(warning.pointer, warning.detail) for warning in article.warnings] == [
        (f"/{name}", "is not used; this field is left out")
    ]


def test_a_summary_is_no_text() -> None:
    with pytest.raises(Rejected, match="/summary: there is no such field; did you mean `text`"):
        parse_article({"title": "Ferry runs aground", "summary": TEXT})


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_nothing_is_said_of_a_blank_field_that_nobody_reads(value: object) -> None:
    assert parse_article({"text": TEXT, "author": value, "image": value}).warnings == ()


def test_a_byte_order_mark_before_the_json_is_skipped() -> None:
    assert parse_article(b'\xef\xbb\xbf{"text": "Ferry runs aground"}').text == "Ferry runs aground"


def test_errors_of_many_kinds_are_bounded_together() -> None:
    with pytest.raises(Rejected) as caught:
        parse_article({"text": 1, "html": [], "id": True, **{f"x{n}": n for n in range(100)}})
    assert len(caught.value.errors) == MAX_ERRORS
    assert [error.pointer for error in caught.value.errors[:3]] == ["/id", "/text", "/html"]


def test_bounded_keeps_few_as_they_are() -> None:
    with pytest.raises(Rejected) as caught:
        parse_article(b'{"txt": 1}')
    assert bounded(caught.value.errors) == caught.value.errors
    assert field_errors.__doc__
    assert ArticleIn.model_json_schema()["properties"].keys() >= {"id", "url", "title", "text", "html", "lang"}


# -- arrays


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=9) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(VALUES, max_size=8), st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_read_in_pieces_is_the_array(items: list[object], step: int, indent: int | None) -> None:
    text = StringIO(json.dumps(items, indent=indent) + "\n ")
    assert list(array_items(lambda _: text.read(step), 10_000)) == items


@pytest.mark.parametrize(
    "text", ["", " ", "{}", "[", "[1", "[1,", "[1,]", "[,]", "[1 2]", "[1]]", "[1] x", "[NaN]", "[1}", '["a]', "null"]
)
def test_what_is_no_array_is_refused(text: str) -> None:
    for step in (1, 1_000):
        source = StringIO(text)
        with pytest.raises(ValueError):
            list(array_items(lambda _, source=source, step=step: source.read(step), 10_000))


@pytest.mark.parametrize("digits", [4_000, 4_301, 9_000])
@pytest.mark.parametrize("item", ["%s", "-%s", '{"id": %s}', "[%s]", '{"published_at": %s, "text": "x"}'])
@pytest.mark.parametrize("step", [7, 100_000])
def test_a_number_of_any_length_ends_no_array(digits: int, item: str, step: int) -> None:
    source = StringIO(f'[1, {item % ("9" * digits)}, {{"text": "after"}}]')
    items = list(array_items(lambda _: source.read(step), 100_000))
    assert (len(items), items[0], items[2]) == (3, 1, {"text": "after"})


@pytest.mark.parametrize("name", sorted(ArticleIn.model_fields))
def test_a_huge_number_in_a_field_is_a_fault_of_its_article(name: str) -> None:
    for number in (10**400, -(10**400), float("inf"), float("-inf"), float("nan")):
        with contextlib.suppress(Rejected):
            parse_article({"text": "The river rose at Lowfield.", name: number})


def test_an_item_without_end_is_refused() -> None:
    source = StringIO('["' + "x" * 2_000_000)
    with pytest.raises(ValueError, match="more than"):
        list(array_items(source.read, 100_000))
    assert source.tell() < 1_000_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("guid", {"isPermaLink": "false", "#text": "88"}),
        ("_id", "5f2"),
        ("link", "https://fen.example/other"),
        ("headline", "Barge"),
        ("yoast_head_json", {"schema": {"@graph": [{}, []]}}),
        ("_embedded", {"author": []}),
        ("_links", {"self": [{"href": "https://fen.example/wp-json"}]}),
    ],
)
def test_what_is_told_already_and_what_content_systems_add_is_left_out_with_a_warning(name: str, value: object) -> None:
    own = {"id": "a", "url": "https://fen.example/a", "title": "Barge sinks", "text": TEXT}
    article = parse_article({**own, name: value})
    assert (article.id, article.url, article.title, article.text) == tuple(own.values())
    assert [warning.pointer for warning in article.warnings] == [f"/{name}"]


@pytest.mark.parametrize(("name", "meant"), [("guid", "id"), ("link", "url"), ("headline", "title"), ("body", "text")])
def test_what_others_call_a_field_that_is_not_given_is_an_error_that_names_it(name: str, meant: str) -> None:
    with pytest.raises(Rejected, match=f"did you mean `{meant}`"):
        parse_article({"text": TEXT, name: "x"})

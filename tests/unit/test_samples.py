"""The sample stream is what its README says: these tests fail when an edit breaks one of its traps."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest

from clusterer.cli.demo import demo_command
from clusterer.pipeline.intake import parse_article
from clusterer.samples import bad_lines, sample_rows

Row = dict[str, Any]
Shingles = set[tuple[str, ...]]

FIELDS = {"id", "url", "title", "text", "html", "source", "published_at", "lang", "event", "note"}
FIRES = ("port-hessel-warehouse-fire", "dunmarrow-warehouse-fire")
TEASER = re.compile(r"\n\n\n(?P<headline>[^\n]+[^\n.])\n\n(?P<sentence>[^\n]+)\.\.\.(?=\n|$)")
SUBSCRIPTION = "Northline Daily is read in more than forty towns across Vellen."


def shingles(text: str) -> Shingles:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def jaccard(a: Shingles, b: Shingles) -> float:
    return len(a & b) / len(a | b)


def noted(kind: str) -> list[Row]:
    return [row for row in sample_rows() if row.get("note", "").split(" of ")[0] == kind]


def text_of(row: Row) -> str:
    return str(row.get("text") or row["html"])


def original_of(row: Row) -> Row:
    wanted = row["note"].split(" of ")[1]
    return next(other for other in sample_rows() if other.get("id") == wanted)


def test_rows_are_articles_with_a_gold_label() -> None:
    rows = sample_rows()
    assert 55 <= len(rows) <= 70
    for row in rows:
        assert set(row) <= FIELDS
        assert row["title"]
        assert row["url"].startswith("https://")
        assert row["source"]
        assert row["event"]
        assert ("text" in row) != ("html" in row)
        assert text_of(row).strip()
        assert all(isinstance(value, str) for value in row.values())
        assert len(row.get("id", "-")) <= 256
        assert row.get("id", "-").isprintable()


def test_stream_is_as_varied_as_its_readme_says() -> None:
    rows = sample_rows()
    kinds = Counter(row["note"].split(" of ")[0] for row in rows if "note" in row)
    assert kinds == {
        "wire": 3,
        "exact copy": 2,
        "near copy": 6,
        "excerpt": 1,
        "new version": 1,
        "template page": 9,
        "template page; wire copy": 1,
        "html page": 4,
        "paywall": 2,
        "digest": 1,
        "headline only": 1,
        "title only": 1,
    }
    events = Counter(row["event"] for row in rows)
    assert len(events) == 17
    assert [event for event, size in events.items() if size == 1] == ["digest-5-march"]
    assert len({row["source"] for row in rows}) == 11
    assert Counter(row.get("lang") for row in rows) == {"en": 57, "es": 4, "vi": 2, None: 1}
    assert sum("id" not in row for row in rows) == 2


def test_dates_lie_in_one_week_and_follow_the_order_of_arrival() -> None:
    stamps = [row["published_at"] for row in sample_rows() if "published_at" in row]
    assert len(stamps) == len(sample_rows()) - 2
    assert sum(len(stamp) == len("2026-03-02") for stamp in stamps) == 3
    times = [datetime.fromisoformat(stamp) for stamp in stamps if len(stamp) > len("2026-03-02")]
    assert times == sorted(times)
    assert all(stamp.endswith("Z") for stamp in stamps if "T" in stamp)
    assert datetime(2026, 3, 2, tzinfo=UTC) <= times[0]
    assert times[-1] < datetime(2026, 3, 9, tzinfo=UTC)
    assert all(date(2026, 3, 2) <= date.fromisoformat(stamp[:10]) <= date(2026, 3, 8) for stamp in stamps)


def test_one_id_comes_twice_and_the_second_is_the_new_version() -> None:
    ids = Counter(row["id"] for row in sample_rows() if "id" in row)
    (version,) = noted("new version")
    assert [article_id for article_id, times in ids.items() if times > 1] == [version["id"]]
    first = original_of(version)
    assert first["note"] == "wire"
    assert first["published_at"] < version["published_at"]
    assert 0.3 < jaccard(shingles(first["text"]), shingles(version["text"])) < 0.75


@pytest.mark.parametrize("row", noted("exact copy") + noted("near copy"), ids=lambda row: row["url"])
def test_wire_copies_are_near_duplicates_of_an_earlier_article(row: Row) -> None:
    original = original_of(row)
    assert original["event"] == row["event"]
    assert original["source"] != row["source"]
    assert original["published_at"] < row["published_at"]
    similarity = jaccard(shingles(row["text"]), shingles(original["text"]))
    if row["note"].startswith("exact"):
        assert row["text"] == original["text"]
    else:
        assert 0.75 <= similarity < 1


def test_one_agency_text_is_reprinted_by_at_least_four_outlets() -> None:
    reprints = Counter(row["note"].split(" of ")[1] for row in noted("exact copy") + noted("near copy"))
    assert max(reprints.values()) >= 4
    assert min(reprints.values()) >= 2


def test_excerpt_lies_within_a_longer_article() -> None:
    (excerpt,) = noted("excerpt")
    own, whole = shingles(excerpt["text"]), shingles(original_of(excerpt)["text"])
    assert len(own & whole) / len(own) >= 0.85
    assert jaccard(own, whole) < 0.6


@pytest.mark.parametrize("row", noted("template page") + noted("template page; wire copy"), ids=lambda row: row["url"])
def test_template_pages_end_in_four_teasers(row: Row) -> None:
    article, rest = row["text"].split("\n\nNews Source:\n\nRelated Articles")
    assert SUBSCRIPTION in article
    teasers = list(TEASER.finditer(rest))
    assert len(teasers) == 4
    assert rest.split("\n\n\n")[-1].startswith("Sign up for the Northline Morning Briefing")
    assert row["title"].startswith(article.split("\n\n")[0])
    assert not any(teaser["headline"] in article for teaser in teasers)


def test_template_hides_a_wire_copy_until_it_is_cut() -> None:
    (page,) = noted("template page; wire copy")
    whole, original = shingles(page["text"]), shingles(original_of(page)["text"])
    assert len(original & whole) / len(original) == 1
    assert jaccard(whole, original) < 0.6


def test_html_pages_are_whole_documents() -> None:
    for row in noted("html page"):
        for tag in ("<!DOCTYPE html>", "<nav>", "<article>", 'class="related"', "<footer>", "</html>"):
            assert tag in row["html"]


def test_paywall_pages_are_one_text_under_two_events() -> None:
    first, second = noted("paywall")
    assert first["text"] == second["text"]
    assert first["title"] != second["title"]
    assert first["event"] != second["event"]


def test_look_alike_fires_are_two_days_apart_and_share_words_but_no_text() -> None:
    sides = [
        [row for row in sample_rows() if row["event"] == event and row.get("note") != "paywall"] for event in FIRES
    ]
    first_days = [min(row["published_at"][:10] for row in rows if "published_at" in row) for rows in sides]
    assert first_days == ["2026-03-03", "2026-03-05"]
    for rows in sides:
        assert len(rows) >= 4
        assert all(re.search(r"warehouse|fire", row["title"].lower() + text_of(row).lower()) for row in rows)
    plain = [[row for row in rows if "note" not in row] for rows in sides]
    assert all(jaccard(shingles(a["text"]), shingles(b["text"])) < 0.05 for a in plain[0] for b in plain[1])


def test_digest_names_several_events() -> None:
    (digest,) = noted("digest")
    for name in ("Pinfold Lane", "TDU", "Lindqvale Gallery", "Orchard Vale", "Calla Brae", "Ropery Quay", "Quill"):
        assert name in digest["text"]


def test_reports_without_a_note_are_independent() -> None:
    plain = [shingles(row["text"]) for row in sample_rows() if "note" not in row]
    assert len(plain) >= 30
    assert all(jaccard(a, b) < 0.1 for a, b in combinations(plain, 2))


def test_reports_have_the_length_of_news() -> None:
    for row in sample_rows():
        if row.get("note") not in {"headline only", "title only"}:
            assert 80 <= len(re.findall(r"\w+", text_of(row))) <= 450, row["url"]


def test_each_bad_line_is_wrong_in_its_own_way() -> None:
    broken, *others = bad_lines()
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken)
    no_body, control, not_text, wrong_type, unknown, too_long, a_list = (json.loads(line) for line in others)
    assert "text" not in no_body
    assert "html" not in no_body
    assert not control["id"].isprintable()
    assert not isinstance(not_text["text"], str)
    assert not isinstance(wrong_type["id"], str)
    assert set(unknown) - FIELDS
    assert len(too_long["id"]) > 256
    assert isinstance(a_list, list)


def test_the_stream_can_be_printed_and_sent_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    demo_command(only_print=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(sample_rows())
    sent = [parse_article(json.loads(line)) for line in lines]
    assert [one.title for one in sent] == [row.get("title") for row in sample_rows()]

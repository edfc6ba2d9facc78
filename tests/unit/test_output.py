"""What commands print: readable at any width, and with one form of time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from clusterer.cli.output import complain, print_json, print_table, say

NOON = datetime(2026, 3, 9, 12, 30, 5, tzinfo=UTC)
TITLE = "Ferry Merel runs aground in fog off Tessaly, all 214 passengers taken off by boat"
COLUMNS = ("articles", "sources", "origins", "title", "keywords", "id", "last seen")
ROWS = [
    (12, 4, 3, TITLE, ["ferry", "aground", "tessaly"], "01M87Q6QZYZYV5DDKCPH2EY1XN", NOON),
    (3, 2, 1, "Strike", [], "01M87Q6QYYG24X8NSAYWMYZEN9", NOON),
]


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    print_table("Clusters", COLUMNS, ROWS, right=COLUMNS[:3])
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_everything_can_be_read_at_any_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = printed(capsys)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    assert all(any(id in line for line in lines) for id in ("01M87Q6QZYZYV5DDKCPH2EY1XN", "01M87Q6QYYG24X8NSAYWMYZEN9"))
    for word in (*TITLE.split(), "aground", "2026-03-09T12:30Z", "12"):
        assert word.strip(",")[:10] in text


def test_a_pipe_without_columns_gets_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert max(map(len, printed(capsys).splitlines())) == 120


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2))])
def test_times_end_in_z(capsys: pytest.CaptureFixture[str], zone: timezone) -> None:
    print_table("Times", ("at",), [(NOON.astimezone(zone),)])
    assert "2026-03-09T12:30Z" in capsys.readouterr().out
    print_json({"at": NOON})
    assert json.loads(capsys.readouterr().out)["at"] == "2026-03-09T12:30:05Z"


# Controls (of both ranges), what turns the direction of writing, line ends that are none, what is no character.
HOSTILE = "a\x1b[2J\x07\r\x7f\x9b2J\x9d0;x\x9c\u202e\u2066\u200f\u2028\u2029\u200b\ufeff\U000e0041\ufffe\U0010ffff\x85z"


def test_nothing_that_an_article_says_acts_upon_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    spoken = "Zażółć 東京 \u0627\u0644\U0001f600 e\u0301"
    for show in (
        lambda text: print_json({"title": text, text: [text]}),
        lambda text: say(text),
        lambda text: complain(text),
        lambda text: print_table(text, ("title", "id"), [(text, text)]),
    ):
        show(HOSTILE)
        shown = "".join(capsys.readouterr())
        assert [mark for mark in shown if not mark.isprintable() and mark != "\n"] == []
        show(spoken)
        assert spoken in "".join(capsys.readouterr()).replace("\n", "")
    print_json({"title": HOSTILE})
    assert json.loads(capsys.readouterr().out)["title"] == HOSTILE

"""Commands that need no store: their output, their errors and their exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from clusterer.cli.main import app
from clusterer.settings import Settings, env_name

PAGE = """Bridge over the Wend closed for repairs

The bridge over the Wend at Lowfield was closed to all traffic on Monday after inspectors found cracks in two of its piers.

Engineers of the county said the repairs would take at least six weeks, and that buses would be sent over the old mill road.

"We could not take the risk any longer," the county engineer, Ada Moreland, told reporters at the site.

Sign up for our newsletter

Related Articles

Mayor of Halvern promises new tram line before the...

Ferry runs aground off Tessaly as storm...
"""
EVENTS = {
    "flood": "The river Wend flooded {} houses in Lowfield on Monday and the mayor asked the army for sandbags.",
    "strike": "Train drivers of Vellen Rail stop work for {} days from Wednesday as talks about rosters failed again.",
}


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=text)


def answer(*arguments: str, text: str | None = None) -> Any:
    """The JSON that a command prints."""
    result = run(*arguments, "--json", text=text)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A set of two events; half of the articles carry a date, two share an id."""
    path = tmp_path / "two events.jsonl.gz"
    with gzip.open(path, "wt") as file:
        for number in range(8):
            event = "flood" if number % 2 else "strike"
            row = {"id": number // 2 if number < 2 else number, "text": EVENTS[event].format(number), "title": ""}
            dated = {"published": f"2026-03-0{number}T08:00:00Z"} if number > 3 else {"published": ""}
            file.write(json.dumps({**row, **dated, "cluster": event, "note": "ignored"}) + "\n")
    return path


def test_every_command_explains_itself() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("clean", "demo", "up", "serve", "ingest", "show", "search", "audit", "evaluate", "collections"):
        assert command in result.output
        assert run(command, "--help").exit_code == 0


def test_clean_prints_the_article_and_tells_the_rest_apart(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    result = run("clean", str(page))
    assert result.exit_code == 0
    assert "Ada Moreland" in result.stdout
    assert "tram line" not in result.stdout
    assert "tram line" in result.stderr


def test_clean_as_json_from_standard_input() -> None:
    document = answer("clean", "-", text=PAGE)
    assert set(document) >= {"title", "text", "cuts", "kind"}
    assert document["kind"] == "article"
    assert all(set(cut) == {"text", "reason", "code"} and cut["reason"] for cut in document["cuts"])
    assert any("Ferry" in cut["text"] for cut in document["cuts"])


def test_clean_reads_html(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in PAGE.split("\n\n")[1:4])
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><h1>Bridge closed</h1>{paragraphs}</article></body></html>")
    document = answer("clean", str(page))
    assert "Ada Moreland" in document["text"]
    assert "<p>" not in document["text"]


def test_what_an_article_says_cannot_move_the_cursor() -> None:
    assert "\x1b" not in run("clean", "-", text="Bridge \x1b[2J closed for \x1b]0;title\x07 repairs in Lowfield").output


def test_a_missing_file_is_misuse(tmp_path: Path) -> None:
    result = run("clean", "no-such-page.txt")
    assert result.exit_code == 2
    assert result.stderr == "clusterer: no-such-page.txt: No such file or directory\n"
    assert "Is a directory" in run("clean", str(tmp_path)).stderr
    assert run("evaluate", "clusters", "no-such-set.jsonl").exit_code == 2
    assert run("no-such-command").exit_code == 2


def test_bad_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MIN_JACCARD", "7")
    result = run("config")
    assert result.exit_code == 2
    assert "CLUSTERER_MIN_JACCARD" in result.stderr
    assert "Traceback" not in result.output


def test_config_lists_all_settings_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", "redis://:secret@localhost/0")
    values = answer("config")
    assert set(values) == {env_name(name) for name in Settings.model_fields}
    assert values["CLUSTERER_REDIS_URL"] == "set"
    assert "secret" not in run("config").output
    markdown = run("config", "--markdown").stdout
    assert all(f"`{env_name(name)}`" in markdown for name in Settings.model_fields)
    assert max(len(line) for line in markdown.splitlines()) > 120  # rows of a table are not broken


def test_evaluate_clusters(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    plot = tmp_path / "scores.svg"
    result = answer("evaluate", "clusters", str(labelled), str(labelled), "--plot", str(plot))
    assert result["mode"] == "stream"
    one, other = result["sets"]
    assert {**one, "seconds": 0} == {**other, "seconds": 0}  # each from empty
    assert (one["name"], one["articles"], one["gold_clusters"]) == ("two events", 8, 2)
    for scores in (one["bcubed"], one["pairwise"]):
        assert set(scores) == {"precision", "recall", "f1"}
    assert result["mean"] == {"bcubed_f1": one["bcubed"]["f1"], "pairwise_f1": one["pairwise"]["f1"]}
    assert one["pairwise"]["precision"] == 1.0
    assert plot.stat().st_size > 1_000


def test_evaluate_clusters_with_a_cache(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    cache = tmp_path / "vectors"
    first, second, without = (
        answer("evaluate", "clusters", str(labelled), *options)["sets"][0]["bcubed"]
        for options in (("--cache", str(cache)), ("--cache", str(cache)), ())
    )
    assert first == second == without
    assert len(list(cache.iterdir())) == 1


def test_calibrate_writes_weights_that_evaluate_reads(
    labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    weights = tmp_path / "weights.json"
    result = answer("calibrate", str(labelled), str(labelled), "--output", str(weights))
    assert [one["name"] for one in result["left_out"]] == ["two events"] * 2
    assert json.loads(weights.read_text())["provenance"]["model"] == "hashing"
    scores = answer("evaluate", "clusters", str(labelled), "--weights", str(weights), "--mode", "nightly")
    assert scores["mode"] == "nightly"
    left_out = answer("evaluate", "clusters", str(labelled), str(labelled), "--leave-one-out")
    assert len(left_out["sets"]) == 2


def test_evaluate_calibration(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    plot = tmp_path / "calibration.svg"
    result = answer("evaluate", "calibration", str(labelled), "--plot", str(plot))
    assert set(result["expected_calibration_error"]) == {"two events", "all"}
    assert 0 <= result["expected_calibration_error"]["all"] <= 1
    assert sum(one["count"] for one in result["bins"]["all"]) == 7, "the first article has nothing to be compared with"
    assert plot.stat().st_size > 1_000
    assert "true" in run("evaluate", "calibration", str(labelled)).stdout


def test_weights_that_cannot_be_read_or_fitted(labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    weights = tmp_path / "weights.json"
    weights.write_text("{}")
    for arguments in (
        ("evaluate", "clusters", str(labelled), "--weights", str(weights)),
        ("evaluate", "clusters", str(labelled), "--leave-one-out"),
    ):
        result = run(*arguments)
        assert result.exit_code in (1, 2)
        assert "Traceback" not in result.output
        assert isinstance(result.exception, SystemExit)


def test_evaluate_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "planted.jsonl"
    texts = [PAGE, PAGE + " The end.", EVENTS["flood"].format("two hundred") * 3]
    labels = ["bridge", "bridge", "flood"]
    rows = [
        {"id": n, "text": text, "cluster": label} for n, (text, label) in enumerate(zip(texts, labels, strict=True))
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    for option in ("--cleaning", "--no-cleaning"):
        result = answer("evaluate", "duplicates", str(path), option)
        assert {"pairs", "threshold", "precision", "recall", "f1"} <= set(result)
        assert (result["pairs"], result["f1"]) == (1, 1.0)


def test_evaluate_cleaning(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps({"page_text": PAGE, "gold": PAGE.split("\n\nSign up")[0]}) + "\n")
    result = answer("evaluate", "cleaning", str(path))
    assert {"pages", "precision", "recall", "f1"} <= set(result)
    assert result["pages"] == 1
    assert result["f1"] > 0.8


@pytest.mark.parametrize("host", ["::1%nowhere", f"{'long' * 20}.localhost"])
def test_a_host_that_is_none_of_this_machine_is_named_by_its_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("CLUSTERER_API_HOST", host)
    monkeypatch.setenv("CLUSTERER_DATA_DIR", str(tmp_path))
    result = run("up", "--port", "0")
    assert result.exit_code == 2
    assert "CLUSTERER_API_HOST" in result.output

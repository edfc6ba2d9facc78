"""Commands over a real Redis: articles in by `ingest`, and every question answered, for people and as JSON."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from support.kept import empty
from typer.testing import CliRunner, Result

from clusterer.bootstrap import Clusterer
from clusterer.cli import ingest
from clusterer.cli.main import app
from clusterer.pipeline.nightly.nightly import JOB
from clusterer.samples import bad_lines, sample_rows
from clusterer.settings import Settings

FIRST = "corvanepress/ostrand-quake"
COPY = "halverncourier/wire-ostrand-quake"


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=text)


def answer(*arguments: str, text: str | None = None, code: int = 0) -> Any:
    """The JSON that a command prints."""
    result = run(*arguments, "--json", text=text)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def work() -> None:
    """What the workers would do."""
    Clusterer.connect(Settings()).drain()


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def _store(redis_server: str, data_home: Path) -> Iterator[None]:
    """The sample stream, ingested and worked through."""
    with pytest.MonkeyPatch.context() as patch, redis.Redis.from_url(redis_server) as client:
        empty(client, data_home)
        patch.setenv("CLUSTERER_REDIS_URL", redis_server)
        patch.setenv("CLUSTERER_MODEL", "hashing")
        result = answer("ingest", "-", text=lines(sample_rows()))
        assert (result["accepted"], result["known"], result["rejected"]) == (len(sample_rows()), 0, 0)
        work()
        yield


pytestmark = pytest.mark.usefixtures("_store")


def test_ingest_again_changes_nothing() -> None:
    before = answer("audit")["collections"]["default"]["counts"]
    result = answer("ingest", "-", "--wait", text=lines(sample_rows()))
    assert (result["accepted"], result["known"]) == (0, len(sample_rows()))
    assert answer("audit")["collections"]["default"]["counts"] == before


def test_ingest_names_a_file_without_articles_and_counts_in_words(tmp_path: Path) -> None:
    empty, short = tmp_path / "empty.jsonl", tmp_path / "short.json"
    empty.write_text("")
    short.write_text(
        json.dumps([{"id": "s1", "title": "Ferry aground", "summary": "A ferry ran aground off Norrvik."}])
    )
    answer("collections", "create", "counted")
    output = run("ingest", str(empty), str(short), "-c", "counted").output
    assert f"{empty} has no articles" in output.replace("\n", "")
    assert "1 article: there is no text" in output
    assert f"{short} has no" not in output


def test_ingest_names_the_lines_it_refuses(tmp_path: Path) -> None:
    assert answer("collections", "create", "refusals")["name"] == "refusals"
    path = tmp_path / "bad.jsonl"
    path.write_text("\n".join(["", lines(sample_rows()[:1]).strip(), *bad_lines()[:7]]))
    result = answer("ingest", str(path), "--strict", "-c", "refusals", code=1)
    assert result["accepted"] == 1  # what the sample has beside an article's fields is known, and left out
    assert [one["line"] for one in result["refused"]] == list(range(3, 10))
    assert all(one["reason"] for one in result["refused"])
    assert answer("ingest", str(path), "-c", "refusals", code=1)["accepted"] >= 1
    assert "rejected" in run("ingest", str(path), "-c", "refusals").output


def test_lines_that_are_refused_for_one_reason_are_told_once(tmp_path: Path) -> None:
    answer("collections", "create", "once")
    path = tmp_path / "clusters.jsonl"
    path.write_text('{"cluster_id": "c", "size": 3}\n' * 30)
    output = " ".join(run("ingest", str(path), "-c", "once").output.replace("│", " ").split())
    assert "30 rejected" in output and output.count("--map") == 1
    assert "1, 2, 3 and 27 more" in output and "more lines were rejected" not in output


def test_several_files_in_several_forms_in_one_call(tmp_path: Path) -> None:
    answer("collections", "create", "forms")
    array, table, feed = tmp_path / "array", tmp_path / "table", tmp_path / "feed"
    plays = [f"The theatre of Tolm shows play number {number} on Friday." for number in range(3)]
    array.write_text(json.dumps([{"maintext": play, "title": "On stage", "mood": "calm"} for play in plays[:2]]))
    table.write_text(f'kopf;inhalt\n"On stage, again";"{plays[2]}"\n')
    feed.write_text(
        "<rss version='2.0'><channel><title>Post</title><item><title>Bridge closed</title>"
        "<description>A bridge was closed for repairs on Monday, the council said.</description></item></channel></rss>"
    )
    maps = ("--map", "kopf=title", "--map", "inhalt=text")
    result = answer("ingest", str(array), str(table), str(feed), *maps, "-c", "forms")
    assert (result["accepted"], result["rejected"]) == (4, 0)
    assert result["warnings"] == {
        "unknown fields were left out: mood": 2,
        "there is no text; the summary was used instead": 1,
    }
    shown = run("ingest", str(array), "-c", "forms").output
    assert "2 known already" in shown and "mood" in shown


def test_of_few_articles_it_is_said_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    answer("collections", "create", "few")
    monkeypatch.setattr(ingest, "wait_until_done", lambda *_: Clusterer.connect(Settings()).drain())
    result = run("ingest", "-", "--wait", "-c", "few", text=lines(sample_rows()[:2]))
    (cluster,) = {re.sub(r".* in cluster ", "", line) for line in result.output.splitlines() if FIRST in line}
    assert cluster in json.dumps(answer("show", "cluster", cluster, "-c", "few"))
    assert result.output.count("in cluster") == 2


def test_what_is_no_file_of_articles_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content, named in (
        (b"%PDF-1.7", "a PDF"),
        (b"<opml></opml>", "neither RSS, Atom nor HTML"),
        (b"words\n", "known are JSON lines"),
    ):
        path.write_bytes(content)
        result = run("ingest", str(path))
        assert result.exit_code == 1 and named in result.output
    assert run("ingest", str(path), "--map", "x=headline").exit_code == 2


def test_an_article_without_text_is_refused_and_the_field_that_may_be_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(lines([{"title": "Ferry", "story": "A ferry ran aground."}, {"title": "Barge"}]))
    result = answer("ingest", str(path), "-c", "forms", code=1)
    assert [one["line"] for one in result["refused"]] == [1, 2]
    assert "not known here: story" in result["refused"][0]["reason"]
    assert answer("ingest", str(path), "--headlines", "-c", "forms", code=0)["accepted"] == 2


def test_stopped_by_hand_it_says_what_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer("collections", "create", "stopped")
    path = tmp_path / "x.jsonl"
    path.write_text(lines([{"id": str(n), "text": f"Report {n} of the harbour office."} for n in range(200)]))
    real, calls = ingest._accept, []

    def stop(*arguments: Any) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(real(*arguments))

    monkeypatch.setattr(ingest, "_accept", stop)
    result = run("ingest", str(path), "-c", "stopped")
    assert result.exit_code == 130
    assert "64 accepted" in result.output and "run the same command again to continue" in result.output
    monkeypatch.undo()
    assert (done := answer("ingest", str(path), "-c", "stopped"))["known"] == 64 and done["accepted"] == 136


@pytest.mark.parametrize("what", ["articles", "clusters", "changes"])
def test_everything_is_exported_in_every_form(what: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    plain, table, columns = (tmp_path / f"x.{form}" for form in ("jsonl", "csv.gz", "parquet"))
    for path in (plain, table, columns):
        assert answer("export", what, str(path))["exported"] > 10
    rows = [json.loads(line) for line in plain.read_text().splitlines()]
    key = {"articles": "id", "clusters": "id", "changes": "number"}[what]
    with gzip.open(table, "rt", newline="") as file:
        assert [row[key] for row in csv.DictReader(file)] == [str(row[key]) for row in rows]
    assert [row[key] for row in parquet.read_table(columns).to_pylist()] == [row[key] for row in rows]
    assert run("export", what, "-", "--format", "csv").stdout.count("\n") > 10
    assert run("export", "nonsense", str(plain)).exit_code == 2
    assert f"clusterer export {what} FILE" in " ".join(run("export", what).stderr.split())
    assert not Path(what).exists()


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_is_exported_is_ingested_elsewhere(form: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    answer("collections", "create", f"copy-{form}")
    path = tmp_path / f"x.{form}"
    count = answer("export", "articles", str(path))["exported"]
    result = answer("ingest", str(path), "-c", f"copy-{form}")
    assert (result["accepted"], result["warnings"]) == (count, {})


def test_an_article_and_its_cluster() -> None:
    article = answer("show", "article", FIRST)
    assert article["state"] == "assigned"
    shown = answer("show", "cluster", article["cluster_id"])
    assert FIRST in {member["article_id"] for member in shown["articles"]}
    assert shown["cluster"]["article_count"] == len(shown["articles"])
    for command in (("article", FIRST), ("cluster", article["cluster_id"])):
        result = run("show", *command)
        assert result.exit_code == 0
        assert article["cluster_id"] in result.stdout


def test_copies() -> None:
    family = answer("duplicates", COPY)
    assert family["canonical_id"] == FIRST
    copy = next(one for one in family["copies"] if one["article_id"] == COPY)
    assert copy["kind"] == "exact"
    assert copy["evidence"]["jaccard"] == 1.0
    assert "the same text" in run("duplicates", COPY).stdout


def test_explanations() -> None:
    explanation = answer("explain", COPY)
    assert FIRST in " ".join(explanation["summary"])
    text = run("explain", COPY).stdout
    assert all(sentence in text for sentence in explanation["summary"])


def test_search_and_related() -> None:
    hits = answer("search", "earthquake in the Ostrand valley kills nine", "--threshold", "0.1")["data"]
    assert hits
    assert {hit["article_id"] for hit in answer("related", FIRST, "--limit", "3")["data"]}
    assert run("search", "earthquake").exit_code == run("related", FIRST).exit_code == 0


def test_lists_and_their_pages() -> None:
    every = answer("clusters", "--sort", "size", "--limit", "1000")["data"]
    sizes = [cluster["article_count"] for cluster in every]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == len(sample_rows())
    first = answer("clusters", "--sort", "size", "--limit", "2")
    second = answer("clusters", "--sort", "size", "--limit", "2", "--cursor", first["next_cursor"])
    assert [c["id"] for c in first["data"] + second["data"]] == [c["id"] for c in every[:4]]
    assert every[0]["id"] in run("clusters").stdout
    assert answer("clusters", "--status", "cold")["data"] == []
    assert answer("clusters", "--status", "active", "--limit", "1")["data"][0]["status"] == "active"
    assert "active" in run("show", "cluster", every[0]["id"]).stdout


def test_the_change_feed() -> None:
    first = answer("changes", "--limit", "5")
    assert [change["number"] for change in first["data"]] == [1, 2, 3, 4, 5]
    assert answer("changes", "--cursor", first["next_cursor"])["data"][0]["number"] == 6
    assert run("changes", "--limit", "5").exit_code == 0


def test_the_audit(redis_server: str) -> None:
    report = answer("audit")
    assert report["clean"]
    assert run("audit").exit_code == 0
    assert answer("collections", "create", "damaged")
    answer("ingest", "-", "-c", "damaged", text=lines(sample_rows()[:5]))
    work()
    with redis.Redis.from_url(redis_server) as client:
        client.delete("clu:{damaged}:v:1")
    result = run("audit", "-c", "damaged")
    assert result.exit_code == 1
    assert "without vectors: 1" in result.stderr
    assert not answer("audit", code=1)["clean"]
    assert run("collections", "delete", "damaged", "--yes").exit_code == 0


def test_dead_articles() -> None:
    service = Clusterer.connect(Settings())
    assert answer("collections", "create", "graves")
    answer("ingest", "-", "-c", "graves", text=lines(sample_rows()[:3]))
    books = service.collection("graves").books
    for entry in books.lease("inbox", "gravedigger", 2, 60):
        books.mark_dead("inbox", entry.entry, entry.seq, "broke the worker", service.clock.now())
    dead = answer("dead", "list", "-c", "graves")
    assert [one["reason"] for one in dead] == ["broke the worker"] * 2
    assert all(one["title"] and one["died_at"] and one["attempts"] >= 0 for one in dead)
    assert answer("dead", "drop", dead[0]["article_id"], "-c", "graves") == {"dropped": [dead[0]["article_id"]]}
    assert answer("dead", "replay", "-c", "graves") == {"replayed": [dead[1]["article_id"]]}
    assert answer("dead", "list", "-c", "graves") == []
    assert run("dead", "replay", "nobody", "-c", "graves").exit_code == 1
    work()
    assert answer("audit", "-c", "graves")["clean"]


def test_refused_articles_are_listed_shown_replayed_and_dropped() -> None:
    answer("collections", "create", "refusals2")
    sent = {"id": "r1", "title": "Market opens earlier", "text": "The market on Mill Square opens at six from Monday."}
    Clusterer.connect(Settings()).take_message([sent], {"collection": "refusals2"})
    Clusterer.connect(Settings()).take_message([[{**sent, "sorce": "x"}], "refusals2"], {})
    first, second = answer("rejected", "list", "-c", "refusals2")
    assert (first["id"], first["title"], first["sent_to"]) == ("r1", sent["title"], "refusals2")
    assert "/sorce" in second["reason"]
    assert json.loads(run("rejected", "show", first["number"], "-c", "refusals2").stdout) == sent
    table = run("rejected", "list", "-c", "refusals2").output
    assert "Market opens" in table and "2 more" not in table
    done = answer("rejected", "replay", "-c", "refusals2", code=1)
    assert done["replayed"] == ["r1"]
    assert list(done["refused"]) == [second["number"]]
    assert answer("rejected", "drop", second["number"], "-c", "refusals2") == {"dropped": [second["number"]]}
    assert answer("rejected", "list", "-c", "refusals2") == []
    assert run("rejected", "show", "1-1", "-c", "refusals2").exit_code == 1


def test_what_was_learnt_of_a_source() -> None:
    source = sample_rows()[0]["source"]
    assert source in answer("boilerplate", "list")["sources"]
    assert answer("boilerplate", "list", source)["source"] == source
    assert run("boilerplate", "list", source).exit_code == 0
    assert answer("boilerplate", "reset", source) == {"reset": [source]}
    assert source not in answer("boilerplate", "list")["sources"]


def test_a_lost_entry_is_repaired(redis_server: str) -> None:
    assert answer("collections", "create", "lossy")
    answer("ingest", "-", "-c", "lossy", text=lines(sample_rows()[:2]))
    with redis.Redis.from_url(redis_server) as client:
        [(entry, _)] = client.xrange("clu:{lossy}:inbox", count=1)
        client.xdel("clu:{lossy}:inbox", entry)
    assert run("audit", "-c", "lossy").exit_code == 1
    assert run("audit", "-c", "lossy", "--repair").exit_code == 0
    assert answer("collections", "delete", "lossy", "--yes")


def test_derived_state_is_repaired(redis_server: str) -> None:
    assert answer("collections", "create", "worn")
    answer("ingest", "-", "-c", "worn", text=lines(sample_rows()[:20]))
    work()
    with redis.Redis.from_url(redis_server) as client:
        for pattern in ("t:*", "copies:*", "counts", "g1:assign", "g1:size"):
            client.delete(*client.keys(f"clu:{{worn}}:{pattern}"))
    assert run("audit", "-c", "worn").exit_code == 1
    repaired = answer("audit", "-c", "worn", "--repair")
    assert repaired["clean"]
    done = repaired["collections"]["worn"]["repaired"]
    assert done["reassigned"] == 20
    assert done["rebuilt"] > 1
    assert done["recounted"]
    assert min(done["relisted"], done["reposted"]) > 0
    assert answer("audit", "-c", "worn")["clean"]
    with redis.Redis.from_url(redis_server) as client:
        client.delete("clu:{worn}:v:1", "clu:{worn}:counts")
    result = run("audit", "-c", "worn", "--repair")
    assert result.exit_code == 1, "vectors are no derived state"
    assert "worn: counts of articles recalculated" in result.stdout
    assert "without vectors: 1" in result.stderr
    assert "stored counts are wrong" not in result.stderr
    assert "worn: nothing to repair" in run("audit", "-c", "worn", "--repair").stdout
    assert answer("collections", "delete", "worn", "--yes")


def test_one_repair_that_is_refused_does_not_stop_the_others(redis_server: str) -> None:
    for name in ("busy", "worn"):
        assert answer("collections", "create", name)
        answer("ingest", "-", "-c", name, text=lines(sample_rows()[:2]))
    with redis.Redis.from_url(redis_server) as client:
        client.delete("clu:{busy}:counts", "clu:{worn}:counts")
    books = Clusterer.connect(Settings()).collection("busy").books
    assert books.claim_job(JOB, "somebody", 60)
    result = run("audit", "--repair")
    assert result.exit_code == 1
    assert "busy: this collection is being reclustered" in result.stderr
    assert "worn: counts of articles recalculated" in result.stdout
    books.release_job(JOB, "somebody")
    repaired = answer("audit", "--repair")["collections"]
    assert [repaired[name]["repaired"]["recounted"] for name in ("busy", "worn")] == [True, False]
    assert run("collections", "delete", "busy", "--yes").exit_code == 0
    assert run("collections", "delete", "worn", "--yes").exit_code == 0


def test_erasing_and_its_proof() -> None:
    assert answer("collections", "create", "private")
    rows = sample_rows()[:4]
    answer("ingest", "-", "-c", "private", text=lines(rows))
    work()
    article_id = rows[0]["id"]
    assert not answer("audit", "--erased", article_id, "-c", "private", code=1)["clean"]
    assert run("erase", article_id, "-c", "private", text="n\n").exit_code == 1
    assert answer("erase", article_id, "-c", "private", "--yes")["seqs"]
    work()
    assert answer("audit", "--erased", article_id, "-c", "private")["traces"] == []
    assert answer("audit", "-c", "private")["clean"]
    assert run("show", "article", article_id, "-c", "private").exit_code == 1
    assert run("audit", "--erased", "never-seen", "-c", "private").exit_code == 1


@pytest.fixture
def desk() -> str:
    """A collection of its own with the sample stream, for those who change clusters."""
    answer("collections", "create", "desk")
    answer("ingest", "-", "-c", "desk", text=lines(sample_rows()))
    work()
    return "desk"


def test_reclustering_by_hand(desk: str) -> None:
    plan = answer("recluster", "--dry-run", "-c", desk)
    assert plan["outcome"] == "planned"
    assert plan["figures"]["articles"] > 0
    assert answer("runs", "-c", desk) == []
    done = answer("recluster", "--force", "--actor", "night editor", "-c", desk)
    assert done["outcome"] in ("published", "unchanged")
    assert [one["actor"] for one in answer("runs", "-c", desk)] == ["night editor"]
    if done["outcome"] == "published":
        assert answer("rollback", "--reason", "looks wrong", "-c", desk)["generation"] < done["generation"]
    else:
        assert run("rollback", "--reason", "looks wrong", "-c", desk).exit_code == 1
    assert answer("audit", "-c", desk)["clean"]
    assert run("recluster", "--dry-run", "-c", desk).exit_code == run("runs", "-c", desk).exit_code == 0
    assert answer("collections", "delete", desk, "--yes")


def test_corrections(desk: str) -> None:
    by = ("--reason", "another event", "--actor", "ada", "-c", desk)
    first, second, third = answer("clusters", "--sort", "size", "--limit", "3", "-c", desk)["data"]
    article = answer("show", "cluster", first["id"], "-c", desk)["articles"][-1]["article_id"]
    assert answer("correct", "move", article, second["id"], *by) == {"moved": article, "into": second["id"]}
    assert answer("show", "article", article, "-c", desk)["cluster_id"] == second["id"]
    assert answer("correct", "merge", third["id"], second["id"], *by)["into"] == second["id"]
    assert run("show", "cluster", third["id"], "-c", desk).exit_code == 1
    assert "ada" in run("history", second["id"], "-c", desk).stdout
    pin = answer("correct", "pin", first["id"], *by)["key"]
    assert pin in {one["key"] for one in answer("correct", "list", "-c", desk)}
    assert "ada" in run("correct", "list", "-c", desk).stdout
    assert answer("correct", "withdraw", pin, *by) == {"withdrawn": pin}
    merge = next(act for act in answer("history", third["id"], "-c", desk) if act["kind"] == "merged")["number"]
    listed = re.search(r"What can be undone.*", run("correct", "list", "-c", desk).stdout, re.DOTALL)
    assert listed is not None
    assert str(merge) in listed[0]
    assert answer("correct", "undo", str(merge), *by) == {"undone": merge, "back in": third["id"]}
    assert answer("show", "cluster", third["id"], "-c", desk)["cluster"]["status"] == "active"
    assert run("correct", "undo", str(merge + 10_000), *by).exit_code == 1
    assert run("correct", "merge", first["id"], second["id"], "--if-revision", "999", *by).exit_code == 1
    members = [one["article_id"] for one in answer("show", "cluster", second["id"], "-c", desk)["articles"]]
    assert run("correct", "cannot-link", members[0], members[-1], *by).exit_code in (0, 1)
    assert answer("audit", "-c", desk)["clean"]
    assert answer("collections", "delete", desk, "--yes")


def test_collections() -> None:
    assert answer("collections", "create", "sport")["articles"]["accepted"] == 0
    assert "sport" in {view["name"] for view in answer("collections", "list")}
    again = run("collections", "create", "sport")
    assert (again.exit_code, again.stdout) == (1, "")
    assert run("collections", "create", "No Name").exit_code == 2
    assert run("collections", "delete", "sport", text="n\n").exit_code == 1
    assert answer("collections", "delete", "sport", "--yes") == {"deleted": ["sport"]}
    assert run("show", "article", "x", "-c", "sport").exit_code == 1
    assert run("collections", "delete", "default", "--yes").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "article"),
        ("show", "cluster"),
        ("duplicates",),
        ("explain",),
        ("related",),
        ("boilerplate", "reset"),
        ("boilerplate", "list"),
    ],
)
def test_what_is_not_there(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "no-such-thing")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no-such-thing" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unreachable_store_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", "unix:///nowhere/redis.sock")
    result = run("clusters")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.endswith("`clusterer doctor` may say why.\n")


# -- state and diagnosis


def test_status_and_doctor_on_a_service_without_workers() -> None:
    shown = run("status").stdout
    assert "workers: none" in shown
    assert "default" in shown
    state = answer("status")
    assert state["collections"][0]["articles"]["assigned"] > 0
    assert state["collections"][0]["parked"] == {"length": 0, "age_s": 0.0}
    assert "parked" in shown
    examined = {one["what"]: one for one in answer("doctor")["findings"]}
    assert examined["appendonly"]["severity"] == "ok"
    assert examined["clock"]["severity"] == "ok"
    assert examined["workers"]["severity"] == "warning"
    assert "clusterer up" in run("doctor").stdout


def test_doctor_says_what_is_wrong_with_a_redis_that_forgets(redis_server: str) -> None:
    client = redis.Redis.from_url(redis_server)
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        result = run("doctor")
        assert result.exit_code == 1
        assert "noeviction" in result.stdout
    finally:
        client.config_set("maxmemory-policy", "noeviction")


def test_doctor_works_where_redis_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERER_REDIS_URL", "unix:///nowhere/redis.sock")
    result = run("doctor")
    assert result.exit_code == 1
    assert "CLUSTERER_REDIS_URL" in result.stdout

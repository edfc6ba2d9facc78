"""What people do on the pages: corrections, nights, and articles that are tried again."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest
from support.api import FLOOD, STRIKE, Bench, make_bench
from support.live_api import serving
from support.pages import check_markup, get

from clusterer.api.app import create_app
from clusterer.core.errors import Conflict
from clusterer.core.records import Parked
from clusterer.pipeline.corrections import By
from clusterer.pipeline.nightly.nightly import BUSY, JOB

ADA = {"actor": "Ada", "reason": "I was there"}


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def send(bench: Bench, path: str, status: int = 303, **fields: object) -> str:
    answer = bench.client.post(path, data=ADA | fields, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.headers.get("location", answer.text)


def plain(page: str) -> str:
    """A page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def cluster_of(bench: Bench, article_id: str) -> str:
    return bench.collection.lookup.article(article_id).cluster_id or ""


def test_merge_and_back(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood"), bench.take("strike", STRIKE, title="Strike")
    shown = re.search(r'name="revision" value="(\d+)"', get(bench, f"/clusters/{strike}"))
    assert shown is not None
    assert send(bench, f"/clusters/{strike}/merge", into=flood, revision=shown[1]) == f"/clusters/{flood}?done=merged"
    assert "Undo" in get(bench, f"/clusters/{flood}?done=merged")
    page = get(bench, "/corrections")
    assert "Ada" in page
    assert "I was there" in page
    assert 'merged the cluster that began with <a href="/articles/strike"' in page
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number is not None
    send(bench, "/corrections/undo", number=number[1])
    assert (cluster_of(bench, "flood"), cluster_of(bench, "strike")) == (flood, strike)
    assert bench.client.get(f"/v1/clusters/{strike}").json()["status"] == "active"


def test_split_move_and_pin(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood"), bench.take("strike", STRIKE, title="Strike")
    send(bench, f"/clusters/{strike}/merge", into=flood)
    key = re.search(r'name="key" value="([^"]+)"', get(bench, "/corrections"))
    assert key is not None
    send(bench, "/corrections/withdraw", key=key[1])
    assert "No rules are in force" in get(bench, "/corrections")
    assert "No article is chosen" in send(bench, f"/clusters/{flood}/split", 422)
    fresh = send(bench, f"/clusters/{flood}/split", article=["strike"])
    assert fresh == f"/clusters/{cluster_of(bench, 'strike')}?done=split"
    for one in bench.collection.corrector.in_force():
        send(bench, "/corrections/withdraw", key=one.key)
    moved = send(bench, "/articles/strike/move", into=flood)
    assert cluster_of(bench, "strike") == flood
    done = get(bench, moved)
    assert "So that it lasts, 1 rule holds from now on; to undo it removes it, too." in done
    assert "are always together</li>" in done
    assert "rule holds" not in get(bench, f"/clusters/{flood}")
    assert "from the cluster that began with" in get(bench, "/corrections")
    send(bench, f"/clusters/{flood}/pin")
    assert "pinned by a person" in get(bench, f"/clusters/{flood}")
    assert "linked with itself" in send(bench, "/articles/flood/link", 409, kind="cannot_link", other="flood")
    assert "is kept as it is" in send(bench, "/articles/flood/link", 409, kind="cannot_link", other="strike")
    for one in bench.collection.corrector.in_force():
        if one.kind == "pin":
            send(bench, "/corrections/withdraw", key=one.key)
    assert send(bench, "/articles/flood/link", kind="cannot_link", other="strike") == "/corrections"
    assert "not yet: the next nightly run changes it" in get(bench, "/corrections")
    assert "are never together" in " ".join(get(bench, "/corrections").split())


def test_a_move_is_told_on_the_pages_of_the_article_and_of_both_clusters_and_is_undone_once(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood"), bench.take("strike", STRIKE, title="Strike")
    send(bench, "/articles/strike/move", into=flood)
    moved = plain(get(bench, "/articles/strike"))
    assert "it was moved here from a cluster of its own, which is empty now, by Ada: I was there. Undo" in moved
    past = plain(get(bench, f"/clusters/{flood}"))
    assert "The cluster from which articles came here is empty now, by Ada" in past
    assert "It has no articles any more" not in past
    assert "It began a cluster of its own when it came" in past
    assert "It came to this one later" in past
    assert "first report" not in past
    done = get(bench, f"/clusters/{flood}?done=moved")
    number = re.search(r'name="number" value="(\d+)"', done)
    assert number is not None
    assert 'name="actor" value="Ada"' in done
    assert send(bench, "/corrections/undo", number=number[1]) == f"/clusters/{strike}?done=undone"
    assert "Undo it" not in get(bench, f"/clusters/{flood}?done=moved")
    assert "Undo" not in plain(get(bench, "/articles/strike"))
    page = plain(get(bench, "/corrections"))
    assert "There is nothing to take back" in page
    assert "Nobody has" not in page


def test_the_address_of_a_page_stands_for_its_id(bench: Bench) -> None:
    flood, strike = bench.take("a/flood", title="Flood"), bench.take("b/strike", STRIKE, title="Strike")
    send(bench, "/articles/b%2Fstrike/move", into=f"http://localhost/clusters/{flood}?done=moved")
    assert cluster_of(bench, "b/strike") == flood != strike
    assert "No other cluster has" in send(bench, "/articles/b%2Fstrike/move", 422, into="clusters")
    for one in bench.collection.corrector.in_force():
        send(bench, "/corrections/withdraw", key=one.key)
    send(bench, "/articles/b%2Fstrike/link", kind="must_link", other="https://desk.example/news/articles/a%2Fflood#why")
    assert bench.collection.corrector.in_force()[0].article_ids == ("a/flood", "b/strike")


def test_a_contradiction_is_told_by_the_headlines_that_it_is_about(bench: Bench) -> None:
    bench.take("flood", title="Flood")
    bench.take("strike", STRIKE, title="Strike")
    bench.take("reef", "Divers have mapped a reef of cold water corals off Tessaly.", title="Reef")
    send(bench, "/articles/flood/link", kind="cannot_link", other="strike")
    send(bench, "/articles/flood/link", kind="must_link", other="reef")
    told = send(bench, "/articles/reef/link", 409, kind="must_link", other="strike")
    assert "“Flood” and “Strike” never together, by Ada: I was there" in told
    assert "“Flood” and “Reef” always together" in told


def test_a_cluster_that_changed_meanwhile(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    bench.take("flood2", FLOOD + " The rain has stopped.")
    assert "It has changed" in send(bench, f"/clusters/{flood}/merge", 409, into=strike, revision=1)


def test_who_and_why_must_be_said(bench: Bench) -> None:
    flood = bench.take("flood")
    for missing in ("actor", "reason"):
        assert "Fill in" in send(bench, f"/clusters/{flood}/pin", 422, **{missing: " "})
    assert "control characters" in send(bench, f"/clusters/{flood}/pin", 422, reason="a\x07b")


def test_a_cluster_may_be_named_by_its_headline(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood in: Löwfield!"), bench.take("strike", STRIKE, title="Strike")
    assert send(bench, "/articles/strike/move", into="flood  in: löwfield!") == f"/clusters/{flood}?done=moved"
    assert "No other cluster has the headline" in send(
        bench, f"/clusters/{flood}/merge", 422, into="<b>Flood</b> or not"
    )
    other = bench.take("other", "A bakery in Stoke Wend won a prize for its rye bread.", title="Flood in: Löwfield!")
    assert other not in (flood, strike)
    bench.take("tram", "Halvern's council votes on Monday on a tram line to the university.", title="Tram")
    assert "Several other clusters have" in send(bench, "/articles/tram/move", 422, into="Flood in: Löwfield!")
    assert send(bench, "/articles/strike/move", into="Flood in: Löwfield!") == f"/clusters/{other}?done=moved", (
        "it is in one"
    )


def test_words_never_mean_what_is_corrected_itself(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood in Lowfield"), bench.take("strike", STRIKE, title="Strike")
    for path, field in (
        (f"/clusters/{flood}/merge", "into"),
        ("/articles/flood/move", "into"),
        ("/articles/flood/link", "other"),
    ):
        refused = send(bench, path, 422, kind="cannot_link", **{field: "Lowfield"})
        assert "has the headline “Lowfield”" in refused, path
        assert 'class="quiet"' not in refused, path
    send(bench, f"/clusters/{strike}/merge", into=flood)
    assert "has the headline" in send(bench, f"/clusters/{strike}/merge", 422, into="Lowfield"), "it is that by now"


def test_words_of_a_headline_leave_a_choice_that_keeps_what_was_filled_in(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood in Lowfield"), bench.take("strike", STRIKE, title="Strike")
    page = send(bench, f"/clusters/{strike}/merge", 422, into="flood", revision=1)
    assert "No other cluster has the headline “flood”" in page
    given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert given == {"actor": ADA["actor"], "reason": ADA["reason"], "revision": "1"}
    chosen = re.search(r'<button class="quiet" name="into" value="([^"]+)"', page)
    assert chosen is not None
    assert chosen[1] == flood
    assert send(bench, f"/clusters/{strike}/merge", into=chosen[1]) == f"/clusters/{flood}?done=merged"


def test_an_article_may_be_named_by_its_headline(bench: Bench) -> None:
    bench.take("a/flood", title="Flood in Lowfield")
    bench.take("strike", STRIKE, title="Strike")
    assert 'name="other" value="a/flood"' in send(bench, "/articles/strike/link", 422, kind="cannot_link", other="Lowf")
    assert "No other article has" in send(bench, "/articles/strike/link", 422, kind="cannot_link", other="Tram")
    send(bench, "/articles/strike/link", kind="cannot_link", other="FLOOD in  Lowfield")
    assert bench.collection.corrector.in_force()[0].article_ids == ("a/flood", "strike")


def test_other_sites_correct_nothing(bench: Bench) -> None:
    flood = bench.take("flood")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert bench.client.post(f"/clusters/{flood}/pin", data=ADA, headers=headers).status_code == 403
    assert bench.collection.corrector.in_force() == ()


def test_a_night_is_planned_published_and_rolled_back(bench: Bench) -> None:
    bench.take("flood", title="Flood")
    assert "No runs yet" in get(bench, "/nights")
    assert "Nothing would change" in send(bench, "/nights/plan", 200)
    assert "No runs yet" in get(bench, "/nights")
    assert "Its report will appear" in get(bench, "/nights?ordered=none")
    assert send(bench, "/nights/publish") == "/nights?ordered=none"
    done = get(bench, "/nights?ordered=none")
    assert "Done: the report is at the top" in done
    assert "nothing to change" in done
    assert "Reason: I was there" in done
    assert "no earlier generation" in send(bench, "/nights/rollback", 409)
    bench.take("strike", STRIKE)
    bench.collection.corrector.link("must_link", "flood", "strike", By("Ada", "one event"))
    again = send(bench, "/nights/publish", force="1")
    assert again != "/nights?ordered=none"
    assert "Done: the report is at the top" in get(bench, again)
    assert "rolled back later" not in get(bench, "/nights")
    done = send(bench, "/nights/rollback")
    assert "is in force again" in get(bench, done)
    assert get(bench, "/nights").count("published, rolled back later") == 1
    assert "Ada restored the previous clustering: I was there" in get(bench, "/nights")


def test_a_plan_page_begins_before_the_plan_is_made(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.take("flood", title="Flood")
    made, seen = type(bench.collection.nightly).run, threading.Event()

    def run(*given: Any, **named: Any) -> Any:
        assert seen.wait(300)
        return made(*given, **named)

    monkeypatch.setattr(type(bench.collection.nightly), "run", run)
    with (
        serving(create_app(bench.service)) as url,
        httpx.stream("POST", f"{url}/nights/plan", data=ADA, timeout=300) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = ""
        for part in answer.iter_text():
            page += part
            if "being grouped again" in page:
                seen.set()  # it would never be made otherwise
    assert "Nothing would change" in page
    check_markup(page)


def test_a_plan_that_cannot_be_made_says_why(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> Any:
        raise Conflict("another run is under way")

    nightly = type(bench.collection.nightly)
    monkeypatch.setattr(nightly, "run", run)
    assert "There is no plan: another run is under way." in send(bench, "/nights/plan", 200)
    assert bench.collection.books.claim_job(JOB, "somebody", 60)
    assert BUSY in send(bench, "/nights/plan", 409)


def test_health_shows_what_failed_and_tries_it_again(bench: Bench) -> None:
    books, clock = bench.collection.books, bench.service.clock
    assert "No worker is alive" in get(bench, "/health")
    assert "of the disk" not in get(bench, "/health")
    bench.service.disk_free_ratio = lambda: 0.04
    assert "Only 4 % of the disk that has the data is free" in get(bench, "/health")
    assert "wait for the article that they are a copy of" not in get(bench, "/health")
    bench.post(body={"id": "bad", "text": FLOOD, "title": "Cannot be read"})
    entry = books.lease("inbox", "w", 1, 60)[0]
    books.mark_dead("inbox", entry.entry, entry.seq, "ValueError: no", clock.now() + timedelta(seconds=1))
    books.reject('{"id": "<b>"}', "no text", clock.now(), "default")
    page = get(bench, "/health")
    assert "Cannot be read" in page
    assert "ValueError: no" in page
    assert "&lt;b&gt;" in page
    send(bench, "/health/replay", seq=entry.seq)
    assert books.books().dead == 0
    assert "Not found" in send(bench, "/health/replay", 404, seq=entry.seq)
    bench.service.drain()
    assert cluster_of(bench, "bad")
    books.reject(json.dumps({"id": "late", "text": STRIKE}), "an older release did not take it", clock.now(), "default")
    hopeless, late = (one.number for one in books.refusals("", 9))
    refused = send(bench, "/health/take", 409, number=hopeless)
    assert "still not valid" in refused
    assert 'href="/health"' in refused.partition("<main")[2]
    send(bench, "/health/take", number=late)
    send(bench, "/health/drop", number=hopeless)
    assert "Not found" in send(bench, "/health/drop", 404, number=hopeless)
    bench.service.drain()
    assert cluster_of(bench, "late")
    assert get(bench, "/health").count("None.") == 2


def test_health_shows_copies_that_wait_for_their_original(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(bench.collection.books), "parked", lambda _: Parked(3, 720.0))
    bench.service.store.heartbeat("a@host", "articles", 60)
    bench.service.store.heartbeat("c@host", "clusters", 60)
    page = get(bench, "/health")
    assert "A copy has waited for its original for 12 minutes." in page
    assert "of these wait for the article that they are a copy of, the first for 720 s" in page


def test_webhooks_are_tested_and_sent_to_again(bench: Bench) -> None:
    assert "Webhooks" not in get(bench, "/health")
    made = bench.collection.webhooks.create("http://127.0.0.1:9/hook?<b>")
    page = get(bench, "/health")
    assert "http://127.0.0.1:9/hook?&lt;b&gt;" in page
    assert "It has all changes" in page
    assert "Send again" not in page
    bench.take("flood", title="Flood")
    assert "1 change still to be sent" in get(bench, "/health")
    tested = send(bench, "/health/webhooks/test", 200, id=made.id)
    check_markup(tested)
    assert "did not reach http://127.0.0.1:9/hook?&lt;b&gt;" in tested
    assert "private network" in tested
    given_up = dataclasses.replace(made, failures=3, last_error="no answer", disabled="it failed for five days")
    assert bench.collection.books.replace_webhook(made.id, bench.collection.webhooks.get(made.id), given_up)
    page = get(bench, "/health")
    assert "Nothing is sent any more: it failed for five days." in page
    assert "Send again" in page
    send(bench, "/health/webhooks/resume", id=made.id)
    assert bench.collection.webhooks.get(made.id).disabled is None
    send(bench, "/health/webhooks/resume", 404, id="none")

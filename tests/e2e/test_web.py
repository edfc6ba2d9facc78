"""The pages over the whole pipeline in memory: what is shown, and what is kept out."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient
from support.api import FLOOD, STRIKE, Bench, make_bench
from support.pages import check_markup, get
from support.shelf import Shelf, joined

from clusterer.api.app import create_app
from clusterer.core.cluster_records import Regroup
from clusterer.core.errors import StoreUnavailable
from clusterer.core.model import Relation
from clusterer.core.scoring.reasons import Closest, RunnerUp, Term
from clusterer.pipeline.access import Tokens, digest_of
from clusterer.pipeline.browsing import browse
from clusterer.pipeline.corrections import By

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"
NEWS = [
    "Mayor Helen Strand of Lowfield asked the army for sandbags after the river Wend flooded two hundred houses.",
    "In Lowfield the Wend stands in two hundred houses. The army brings sandbags, said Mayor Helen Strand.",
]
TOKENS = Tokens.from_json(
    json.dumps(
        [
            {"name": "reader", "sha256": digest_of("secret-reader"), "scopes": ["read"]},
            {"name": "feeder", "sha256": digest_of("secret-feeder"), "scopes": ["ingest"]},
            {"name": "editor", "sha256": digest_of("secret-editor"), "scopes": ["read", "admin"]},
        ]
    ).encode()
)


@pytest.fixture
def bench() -> Bench:
    return make_bench()


def test_from_the_first_page_to_an_article(bench: Bench) -> None:
    assert "No articles yet" in get(bench, "/")
    cluster = bench.take("post/flood", title="Flood in Lowfield", source="Post")
    bench.take("copy", title="Flood!", source="Echo")
    first = get(bench, "/")
    assert "Flood in Lowfield" in first
    assert "2 arrived in the last hour" in said(first)
    assert "<title>" not in first.split("<main")[1]  # nothing to plot within one minute
    assert f'href="/clusters/{cluster}"' in first
    page = get(bench, f"/clusters/{cluster}")
    assert "the same text" in page
    assert 'href="/articles/post%2Fflood"' in page
    article = get(bench, "/articles/post%2Fflood")
    assert "No similar article was known" in article
    assert "Firefighters brought forty people" in article
    assert "goes wherever its original goes" in get(bench, "/articles/copy")
    assert "<mark>" not in get(bench, "/articles/copy/beside/post%2Fflood").split("<tbody>")[1]


def test_why_two_are_together_is_told_on_both_pages_in_the_words_of_their_texts(bench: Bench) -> None:
    clusters = [bench.take(f"n{n}", text, title=f"Wend floods Lowfield {n}") for n, text in enumerate(NEWS)]
    assert clusters[0] == clusters[1]
    began = said(get(bench, "/articles/n0"))
    assert "Since then 1 more article came to it" in began
    assert re.search(r"Compared today, one text with the other: \S+ \S+ the same event \(\d+ of 100\)", began)
    why = get(bench, "/articles/n1").split('id="why"')[1]
    assert "When it came, it joined that cluster" in why
    assert '<b dir="auto">Helen Strand</b>' in why
    assert "helen strand" not in why
    assert "No other cluster came near." in why
    bench.take("n2", STRIKE)
    assert "Since then" not in get(bench, "/articles/n2")


def test_the_closest_article_is_named_once_whatever_revisions_it_has(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    first = shelf.put("near", "c1", title="One", text="The zeppelin over Lowfield carried porcelain.")
    second = shelf.put("near", "c1", title="One, later", text="The zeppelin over Lowfield carried much porcelain.")
    reasons = joined("c1", closest=(Closest(second, 0.93), Closest(first, 0.9)))
    shelf.put("late", "c1", reasons=reasons, title="Three", text="A zeppelin was seen at Lowfield.")
    page = get(bench, "/clusters/c1?collection=news")
    assert page.count("Closest to it when it came") == 1
    assert "93 of 100" in page


def test_of_two_that_are_worded_differently_what_both_mention_is_marked(bench: Bench) -> None:
    for n, text in enumerate(NEWS):
        bench.take(f"n{n}", text, title=f"Wend floods Lowfield {n}")
    page = get(bench, "/articles/n0/beside/n1")
    assert "What both mention" in page
    assert '<mark class="both">Helen Strand</mark>' in page
    assert "<mark>" not in page
    bench.take("n2", STRIKE)
    assert "nothing telling" in get(bench, "/articles/n0/beside/n2")
    bench.take("n3", STRIKE.split(".")[0] + ". " + NEWS[1] + " " + NEWS[0])
    assert re.search(r"\d+% of the shorter text is in the other", get(bench, "/articles/n2/beside/n3"))


def test_that_two_have_a_passage_in_common_is_told_and_a_pair_never_compared_is_said_to_be_none(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Zeppelin", text=f"{NEWS[0]} A zeppelin came over Lowfield, too.")
    shelf.put("far", "c1", title="Porcelain", text="Porcelain fell on Lowfield, from a zeppelin.")
    shelf.put("late", "c1", reasons=joined("c1", closest=(Closest(near, 0.93),)), text=f"Zeppelins! {NEWS[0]}")
    told = said(get(bench, "/articles/late?collection=news"))
    assert re.search(r"Both mention: .* \d+% of the shorter text is in the other\.", told)
    assert "Compared with that article alone: almost certainly" in told
    assert "Compared today, one text with the other: " in said(get(bench, "/articles/far?collection=news"))


def said(page: str) -> str:
    """A page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def left_behind(bench: Bench) -> Shelf:
    """An article whose closest was split off since, and a third that stayed."""
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Zeppelin", text="The Zeppelin over Lowfield carried forty crates.")
    shelf.put("stays", "c1", title="Porcelain", text="Porcelain fell on Lowfield, said the CPAC of McDonnell.")
    reasons = joined("c1", 0.31, 0.15, closest=(Closest(near, 0.93),))
    shelf.put(
        "late", "c1", reasons=reasons, title="Late", text="A Zeppelin, porcelain: CPAC and McDonnell of Lowfield."
    )
    shelf.regroup("split", "c1", "c2", near)
    return shelf


@pytest.mark.parametrize("path", ["/articles/late", "/clusters/c1"])
def test_a_closest_article_that_has_left_is_said_to_have_left_and_todays_is_named(bench: Bench, path: str) -> None:
    left_behind(bench)
    told = said(get(bench, f"{path}?collection=news"))
    assert "That article has left since, for the cluster Zeppelin." in told
    assert "Nearest to it in meaning in this cluster today: Porcelain (no date)." in told
    assert "first came to another cluster" not in told


def test_a_closest_article_that_stayed_is_named_without_more(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Zeppelin", text="The Zeppelin over Lowfield carried forty crates.")
    shelf.put("late", "c1", reasons=joined("c1", closest=(Closest(near, 0.93),)), text="A Zeppelin at Lowfield.")
    for path in ("/articles/late", "/clusters/c1"):
        told = said(get(bench, f"{path}?collection=news"))
        assert "has left since" not in told
        assert told.count("in this cluster today: Zeppelin") == (path == "/articles/late")


@pytest.mark.parametrize("path", ["/articles/late", "/articles/late/beside/near"])
def test_a_likelihood_that_was_another_one_at_arrival_is_told_after_todays_and_with_the_reason(
    bench: Bench, path: str
) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Zeppelin", text="The Zeppelin over Lowfield carried forty crates.")
    shelf.put("late", "c1", reasons=joined("c1", closest=(Closest(near, 0.03),)), text="A Zeppelin at Lowfield.")
    today, then = said(get(bench, f"{path}?collection=news")).split("their likelihood was 3 of 100, and is ")
    assert (
        found := re.match(
            r"(\d+) today. Neither text has changed; the figure has, because articles that came since changed which words",
            then,
        )
    )
    assert re.search(rf"Compared today, one text with the other: [^(]*\({found[1]} of 100\)", today)


def test_names_are_spelt_alike_on_the_pages_of_cluster_and_article(bench: Bench) -> None:
    left_behind(bench)
    for path in ("/articles/late", "/clusters/c1"):
        told = get(bench, f"{path}?collection=news").split("in this cluster today")[1].split("</p>")[0]
        assert "McDonnell" in told, path
        assert "Mcdonnell" not in told, path
        assert "Cpac" not in told, path


def test_likelihoods_say_what_they_are_of_and_why_a_low_one_is_enough(bench: Bench) -> None:
    left_behind(bench)
    told = said(get(bench, "/articles/late?collection=news"))
    assert "Compared with that article alone: almost certainly the same event (93 of 100); with the cluster" in told
    assert "with the cluster as a whole: perhaps the same event (31 of 100)." in told
    assert "the limit set here, 15 of 100" in told


def test_why_two_that_are_made_alike_are_apart_is_told_side_by_side(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    form = "A magnitude {} earthquake shook {} early on Sunday. People in {} felt it, and no damage was reported."
    places = ("tarn", "c1", "Tarn"), ("ostrel", "c2", "Ostrel"), ("again", "c1", "Tarn"), ("wick", "c1", "Wickham")
    for article_id, cluster, place in places:
        text = form.format("4.1", place, place)
        shelf.put(article_id, cluster, title=f"Earthquake shakes {place}", text=text)
    apart = said(get(bench, "/articles/tarn/beside/ostrel?collection=news"))
    assert "Their clusters: Earthquake shakes Tarn and Earthquake shakes Ostrel." in apart
    assert "They are made alike, but each is about something that the other does not name" in apart
    together = said(get(bench, "/articles/tarn/beside/again?collection=news"))
    assert "Their cluster: Earthquake shakes Tarn." in together
    assert "made alike" not in together
    held = said(get(bench, "/articles/tarn/beside/wick?collection=news"))
    assert "what holds them together is other articles there" in held


def test_an_article_is_compared_with_the_nearest_of_another_cluster(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("a/tarn", "c1", title="Fire in Tarn")
    shelf.put("wick", "c2", title="Fire in Wickham")
    assert 'href="/articles/a%2Ftarn/beside/wick?collection=news"' in get(
        bench, "/articles/a%2Ftarn/near?collection=news"
    )
    assert "beside" not in get(bench, "/clusters/c1/near?collection=news")


def test_a_closest_article_without_a_headline_is_called_by_how_it_begins(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="", text="The council of Brae met on Tuesday. It adjourned.")
    reasons = joined("c1", closest=(Closest(near, 0.93),))
    shelf.put("late", "c1", title="Council adjourns", text="Brae adjourned.", reasons=reasons)
    told = said(get(bench, "/articles/late?collection=news"))
    assert "The article closest to it then: The council of Brae met on Tuesday. (no date)" in told


def test_reports_of_one_story_that_came_out_weeks_apart_are_not_called_one_event(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    early, late = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    near = shelf.put("near", "c1", title="Airship", source="Post", published_at=early, text="A zeppelin over Lowfield.")
    terms = Term("days_apart", math.log1p(30), -0.5), Term("date_unknown", 0.0, 0.0)
    reasons = joined("c1", closest=(Closest(near, 0.93),), terms=terms)
    shelf.put("late", "c1", reasons=reasons, title="Late", published_at=late, text="A zeppelin at Lowfield.")
    later = "almost certainly the same story (93 of 100); 30 days apart, so perhaps another stage of it"
    for path in ("/articles/late", "/clusters/c1"):
        told = said(get(bench, f"{path}?collection=news"))
        assert re.search(rf"Airship \(Post, 2 Mar 2026\)\. .*{re.escape(later)}", told), path
        assert "the same event (" not in told, path
    told = said(get(bench, "/articles/near?collection=news"))
    assert "Nearest to it in meaning in this cluster today: Late (1 Apr 2026). Both mention: " in told
    assert re.search(r"same story \(\d+ of 100\); 30 days apart|another event \(", told)
    assert later in " ".join(bench.service.collection("news").lookup.explain("late").summary)


def test_an_article_without_a_headline_is_called_by_how_it_begins(bench: Bench) -> None:
    cluster, _ = (bench.take(f"n{n}", text) for n, text in enumerate(NEWS))
    opening = NEWS[1].split(".")[0] + "."
    assert f">{opening}</h1>" in get(bench, "/articles/n1")
    assert f">{opening}</a></h3>" in get(bench, f"/clusters/{cluster}")


def test_a_source_that_nobody_names_is_not_counted(bench: Bench) -> None:
    bench.take("post/flood", title="Flood in Lowfield")
    assert "0</b> source" not in get(bench, "/")


def test_what_two_are_said_to_share_is_in_both_of_their_texts(bench: Bench) -> None:
    """A decision knows words that an article shares with several members; the page names one of them."""
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="One", text="The zeppelin over Lowfield carried forty crates of porcelain.")
    other = shelf.put("other", "c1", title="Two", text="The kraken off Lowfield sank forty boats.")
    reasons = joined("c1", shared_words=("zeppelin", "kraken"), closest=(Closest(near, 0.93), Closest(other, 0.9)))
    shelf.put(
        "late",
        "c1",
        reasons=reasons,
        title="Three",
        text="A zeppelin and a kraken were seen at Lowfield with porcelain.",
    )
    for path in ("/articles/late", "/clusters/c1"):
        page = get(bench, f"{path}?collection=news")
        told = page.split("Both mention")[1].split("</p>")[0]
        assert "zeppelin" in told
        assert "porcelain" in told
        assert "kraken" not in told, path


def test_a_merge_by_a_second_look_is_told_as_one(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("flood", "c1", title="Flood")
    shelf.put("wend", "c2", title="Wend")
    epoch = shelf.books.claim("w", 60.0)
    assert epoch is not None
    step = Regroup("merged", "c2", "c1", (), reason="probability 0.830")
    assert shelf.books.regroup(epoch, shelf.books.position().generation, [step], shelf.clock.now())
    for path in ("/articles/wend", "/clusters/c1"):
        page = get(bench, f"{path}?collection=news")
        assert "the two clusters fit best together" in page
        assert "fits better apart" not in page


def test_what_had_just_come_at_a_second_look_is_told(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("flood", "c1", title="Flood")
    shelf.put("wend", "c1", title="Wend")
    dam = shelf.put("dam", "c1", title="Dam")
    own = shelf.put("own", "c1", title="Own")
    epoch = shelf.books.claim("w", 60.0)
    assert epoch is not None
    steps = [Regroup("split", "c1", f"c{seq}", (seq,), reason="probability 0.130") for seq in (dam, own)]
    assert shelf.books.regroup(epoch, shelf.books.position().generation, steps, shelf.clock.now())
    apart = "it fits better apart from those that stayed (by what was known then, 13 of 100 for one event with all of them together)."
    page = said(get(bench, "/articles/dam?collection=news"))
    assert (
        f"compared again with all articles around it, {apart} With each new article those near it are compared again; "
        "here the new one was Own." in page
    )
    page = said(get(bench, "/articles/own?collection=news"))
    assert f"compared again with all articles around it, {apart}" in page
    assert "here the new one was" not in page
    page = said(get(bench, "/articles/own/beside/dam?collection=news"))
    assert "it was split off after Own came" in page
    assert "it was split off when it came, since it fitted better apart from those that stayed" in page


def test_that_what_brought_two_clusters_together_has_left_is_told(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("flood", "c1", title="Flood")
    shelf.put("wend", "c2", title="Wend")
    came = shelf.put("dam", "c2", title="Dam")
    epoch = shelf.books.claim("w", 60.0)
    assert epoch is not None
    step = Regroup("merged", "c1", "c2", (), reason="probability 0.810")
    assert shelf.books.regroup(epoch, shelf.books.position().generation, [step], shelf.clock.now())
    assert "here the new one was Dam." in said(get(bench, "/articles/flood?collection=news"))
    shelf.regroup("split", "c2", "c3", came)
    told = said(get(bench, "/articles/flood?collection=news"))
    assert "here the new one was Dam, which is in another cluster by now." in told


@pytest.mark.parametrize(
    ("one", "other", "is_told"), [("de", "en", True), ("de", "de", False), ("en", "en-GB", False), ("de", None, False)]
)
def test_that_words_of_two_languages_were_not_compared_is_told(
    bench: Bench, one: str, other: str | None, is_told: bool
) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Flut", lang=one, text="Flut in Lowfield")
    reasons = joined("c1", closest=(Closest(near, 0.93),))
    shelf.put("late", "c1", title="Flood", lang=other, text="A flood at Lowfield", reasons=reasons)
    for article_id in ("near", "late"):
        assert ("They are in two languages" in get(bench, f"/articles/{article_id}?collection=news")) == is_told


def test_many_moves_are_folded_but_the_reason_of_the_last(bench: Bench) -> None:
    clusters = [bench.take("flood", title="Flood"), bench.take("strike", STRIKE, title="Strike")]
    bench.take("new", NEWS[0].replace("Lowfield", "Tarn"), title="New")
    for turn in range(4):
        moved = {"into": clusters[turn % 2 - 1], "actor": "Ada", "reason": f"turn {turn}"}
        assert bench.post("/v1/articles/new:move", moved).status_code == 200
        for one in bench.collection.corrector.in_force():
            bench.collection.corrector.withdraw(one.key, By("Ada", "the next"))
    page = get(bench, "/articles/new")
    told, folded = page.split("How it came here, in 4 steps</summary>")
    assert "turn 0" in folded.split("</details>")[0]
    assert "turn 0" not in told
    assert "by Ada: turn 3." in told


@pytest.mark.parametrize("field", ["title", "source", "id", "url"])
def test_hostile_text_stays_text(bench: Bench, field: str) -> None:
    cluster = bench.take(**{"id": "a", field: HOSTILE if field != "url" else "javascript:alert(1)"})
    name = httpx.URL("/").join("/articles/" + (HOSTILE if field == "id" else "a").replace("/", "%2F")).raw_path.decode()
    for path in ("/", f"/clusters/{cluster}", name.replace("%252F", "%2F")):
        assert HOSTILE not in get(bench, path)


def test_addresses_that_lead_nowhere(bench: Bench) -> None:
    assert "Not found" in get(bench, "/clusters/x", 404)
    assert "Not found" in get(bench, "/articles/x%2Fy", 404)
    assert "Not found" in get(bench, "/?collection=nowhere", 404)
    assert "This address is not valid" in get(bench, "/?cursor=x", 400)
    bench.take("a")
    bench.client.delete("/v1/articles/a")
    assert "It no longer exists" in get(bench, "/articles/a", 410)


def test_an_id_with_slashes_is_found_at_the_address_that_has_them(bench: Bench) -> None:
    bench.take("ab/gY46", title="Flood in Lowfield")
    assert "Flood in Lowfield" in get(bench, "/articles/ab/gY46")


@pytest.mark.parametrize(
    "path",
    ["/articles/x/y", "/articles/", "/articles/x/move", "/clusters/", "/clusters/x/y", "/nights/x", "/health/x/y"],
)
def test_what_leads_nowhere_below_a_page_is_told_on_a_page(bench: Bench, path: str) -> None:
    assert "Not found" in get(bench, path, 404)


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/foo", 404), ("POST", "/", 405), ("POST", "/login/x", 404)]
)
def test_a_browser_is_answered_with_a_page_where_nothing_is(bench: Bench, method: str, path: str, status: int) -> None:
    answer = bench.client.request(method, path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    check_markup(answer.text)
    assert "at" in said(answer.text)
    assert bench.client.request(method, path).headers["content-type"] == "application/problem+json"
    refused = bench.client.get("/v1/clusters/none", headers=BROWSER)
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/health", "/nights"])
def test_while_the_store_is_away_a_page_says_so(bench: Bench, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> frozenset[str]:
        raise StoreUnavailable("Redis does not answer")

    monkeypatch.setattr(bench.service.store, "collections", away)
    assert "Redis does not answer" in get(bench, path, 503)


def test_sources_with_their_own_text_are_told_where_they_are_not_all(bench: Bench) -> None:
    bench.take("flood", title="Flood", source="Post")
    assert "own text<" not in get(bench, "/")
    bench.take("copy", title="Flood", source="Echo")
    assert "<b>1</b> wrote its own text" in get(bench, "/")
    bench.take("third", FLOOD, title="Flood", source="Star")
    page = get(bench, "/")
    assert "<b>3</b> sources" in page
    assert "nothing but copies" in page
    assert "independent report" not in page


def test_a_past_that_came_together_again_does_not_name_the_cluster_to_itself(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("one", "c1", title="Wend")
    away = shelf.put("two", "c1", title="Wend")
    shelf.regroup("split", "c1", "c2", away)
    assert "left and became Wend" in said(get(bench, "/clusters/c1?collection=news"))
    shelf.regroup("merged", "c2", "c1")
    past = said(get(bench, "/clusters/c1?collection=news").split("What happened to it")[1])
    assert "Wend left and became a cluster, which was joined to this one later" in past
    assert "It took in Wend, which was alone in a cluster" in past


def test_a_cluster_that_is_part_of_another_by_now_is_called_by_the_article_that_it_began_with(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("one", "c1", title="Wend")
    dam = shelf.put("dam", "c2", title="Dam breaks")
    shelf.put("sluice", "c2", title="Sluice")
    shelf.regroup("moved", "c2", "c1", dam)
    shelf.put("gate", "c2", title="Gate")
    shelf.regroup("merged", "c2", "c1")
    past = said(get(bench, "/clusters/c1?collection=news").split("What happened to it")[1])
    assert "Dam breaks came from the cluster that began with Dam breaks, which was joined to this one later" in past
    assert "It took in the cluster that began with Dam breaks, with 2 articles" in past


def test_what_came_of_a_long_past_is_told_first_and_its_changes_in_a_fold(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    late = datetime(2026, 3, 31, tzinfo=UTC)
    shelf.put("one", "c1", title="Wend", published_at=datetime(2026, 3, 2, tzinfo=UTC))
    away, back = (shelf.put(name, "c1", title="Wend", published_at=late) for name in ("away", "back"))
    shelf.put("other", "c2", title="Strike")
    for step in (("split", "c1", "c3", away, back), ("moved", "c3", "c1", back), ("merged", "c2", "c1")):
        shelf.regroup(*step)
    told, folded = get(bench, "/clusters/c1?collection=news").split("changes one by one")
    assert "2 articles of those here now came directly and 1 from other clusters; 1 other was here and left." in said(
        told
    )
    assert "It took in" in said(folded)
    assert "over 29 days: perhaps several events of one story" in said(told)
    monkeypatch.setattr(browse, "_EVENTS", 5)
    told, _ = get(bench, "/clusters/c1?collection=news").split("changes one by one")
    assert "After its first 5 changes: 2 articles of those" in said(told)


def test_a_cluster_that_took_in_what_it_was_split_off_from_says_so(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("one", "c1", title="Wend")
    shelf.regroup("split", "c1", "c2", shelf.put("two", "c1", title="Wend"))
    shelf.regroup("merged", "c1", "c2")
    told = said(get(bench, "/clusters/c2?collection=news"))
    assert told.count("split off from the cluster that began with Wend, which was joined to this one later") == 2


def test_one_date_is_told_everywhere_also_where_the_address_alone_gives_it(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    old = "https://post.example/wend-2012_12_14"
    shelf.put("old", "c1", title="Wend", text=NEWS[0], url=old)
    shelf.put("new", "c1", title="Wend again", text=NEWS[1], published_at=datetime(2016, 6, 24, tzinfo=UTC))
    for path in ("/articles/old", "/articles/new", "/articles/new/beside/old", "/clusters/c1"):
        told = said(get(bench, f"{path}?collection=news"))
        assert "14 Dec 2012 by its address" in told, path
        assert "no date" not in told, path
    shelf.put("older", "c1", title="Wend before", text=NEWS[0], url="https://post.example/2012/11/wend")
    assert "published Nov 2012 by its address" in said(get(bench, "/articles/older?collection=news"))


def test_what_joined_another_cluster_when_it_came_is_not_said_to_have_joined_this_one(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("other", "c2", title="Wend", text=NEWS[0])
    shelf.put("here", "c1", title="Airship", text="The Zeppelin over Lowfield carried forty crates.")
    moved = shelf.put("moved", "c2", title="Crane", text="A crane at Tarn was sold.", reasons=joined("c2", 0.93))
    shelf.regroup("moved", "c2", "c1", moved)
    told = said(get(bench, "/articles/moved/beside/here?collection=news"))
    assert "it joined another cluster (93 of 100), and it was moved here later." in told
    assert "it joined by other articles" not in told


def test_that_no_cluster_came_near_is_said_without_naming_one(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Wend", text=NEWS[0])
    for probability, is_none in ((0.004, True), (0.06, False)):
        reasons = joined("c1", probability, closest=(Closest(near, probability),), terms=(Term("words", 1.0, 2.0),))
        shelf.put(f"own{is_none}", f"c-{is_none}", title="Tarn", text=NEWS[1], reasons=reasons)
        told = said(get(bench, f"/articles/own{is_none}?collection=news"))
        assert ("no cluster came near. So it began one of its own." in told) == is_none
        assert ("the nearest cluster was" in told) != is_none
        assert "No other cluster came near" not in told or not is_none


def test_days_between_dates_of_which_one_is_a_month_are_told_in_months(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("may", "c1", title="Wend", text=NEWS[0], url="https://post.example/2012/05/wend")
    shelf.put("twin", "c1", title="Wend", text=NEWS[1], published_at=datetime(2012, 5, 15, 8, tzinfo=UTC))
    assert "the same month or nearly" in said(get(bench, "/articles/twin/beside/may?collection=news"))
    assert "the same month or nearly" in said(get(bench, "/articles/twin?collection=news"))
    shelf.put("late", "c1", title="Wend", text=NEWS[1], published_at=datetime(2012, 8, 15, tzinfo=UTC))
    told = said(get(bench, "/articles/late/beside/may?collection=news"))
    assert "about 3 months" in told
    assert "about 92 days;" not in told
    assert "about 92 days;" in said(get(bench, "/articles/late/beside/twin?collection=news"))


def test_of_a_cluster_of_which_one_date_is_known_the_page_says_so(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("dated", "c1", text=NEWS[0], url="https://post.example/2012/05/wend")
    assert "is not known" not in said(get(bench, "/clusters/c1?collection=news"))
    shelf.put("undated", "c1", text=NEWS[1])
    assert "May 2012 by its address; of 1 of 2 the date is not known" in said(
        get(bench, "/clusters/c1?collection=news")
    )


def test_both_pages_name_the_same_in_common_and_no_publisher(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    first = "The Wend Courier saw the mayor, Vera Lund, at Tarn. Lund was at the Tarn dam, said the Wend Courier."
    second = "Vera Lund came to Tarn. A Wend Courier reporter met Lund at the dam of Tarn for the Wend Courier."
    shelf.put("one", "c1", title="Dam", text=first, source="wendcourier.co.uk")
    shelf.put("two", "c1", title="Mayor at dam", text=second, source="mail.example")
    pages = ("/articles/one", "/articles/two", "/articles/one/beside/two", "/articles/two/beside/one")
    told = [get(bench, f"{page}?collection=news") for page in pages]
    lists = [re.split("Both mention: |marked</mark>: ", page)[1].split("</p>")[0] for page in told]
    names = [re.sub("<[^>]+>", "", one).split(". ")[0].rstrip(".") for one in lists]
    assert len({*names}) == 1, names
    assert "Tarn" in names[0]
    assert "Courier" not in names[0]


def test_a_stated_date_that_the_address_contradicts_is_doubtful_and_counts(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    stated, late = datetime(2012, 1, 2, tzinfo=UTC), datetime(2012, 12, 4, tzinfo=UTC)
    address = "https://post.example/2012/12/wend"
    shelf.put("turned", "c1", title="Wend", text=NEWS[0], url=address, published_at=stated)
    shelf.put("right", "c1", title="Wend again", text=NEWS[1], url=address, published_at=late)
    doubtful = "2 Jan 2012 (doubtful: Dec 2012 by its address"
    assert f"{doubtful}; the stated date counts)" in said(get(bench, "/articles/turned?collection=news"))
    for path in ("/articles/turned/beside/right", "/clusters/c1"):
        assert f"{doubtful})" in said(get(bench, f"{path}?collection=news")), path
    assert "doubtful" not in said(get(bench, "/articles/right?collection=news"))


def test_two_that_are_apart_are_compared_there_and_then_on_the_page_and_for_programs(bench: Bench) -> None:
    for n, text in enumerate((*NEWS, STRIKE)):
        bench.take(f"n{n}", text, title=f"News {n}")
    before = bench.service.collection("default").books.position()
    page = get(bench, "/articles/n0/beside/n2")
    told = said(page)
    assert (
        "Why they are apart Apart: the two have too little in common to be likely enough to be about one event." in told
    )
    assert re.search(r"Compared today, one text with the other: .* of 100\); the limit set here is \d+ of 100\.", told)
    assert "− Caution, the same for all pairs" in told
    pair = bench.client.get("/v1/articles/n0/explain?with=n2").json()["pair"]
    assert (pair["article_id"], pair["together"]) == ("n2", False)
    assert pair["probability"] < pair["threshold"]
    assert math.fsum([pair["intercept"], *(term["contribution"] for term in pair["terms"])]) == pytest.approx(
        pair["logit"]
    )
    assert pair["summary"][0] in told
    assert "Why they are together Together: the two are likely enough" in said(get(bench, "/articles/n0/beside/n1"))
    assert bench.service.collection("default").books.position() == before
    assert bench.client.get("/v1/articles/n0/explain").json()["pair"] is None
    assert bench.client.get("/v1/articles/n0/explain?with=nobody").status_code == 404


def test_a_copy_beside_its_original_and_what_a_person_put_apart_say_so(bench: Bench) -> None:
    cluster = bench.take("flood", title="Flood")
    bench.take("copy", title="Flood!")
    assert "a copy goes wherever its original goes" in said(get(bench, "/articles/copy/beside/flood"))
    for n, text in enumerate(NEWS):
        cluster = bench.take(f"n{n}", text, title=f"News {n}")
    bench.collection.corrector.split(cluster, ["n1"], "fresh", By("Ada", "two floods"))
    told = said(get(bench, "/articles/n0/beside/n1"))
    assert "do not belong together (by Ada: two floods)" in told
    assert "it was split off by Ada (two floods)" in told


def test_what_joined_later_is_told_by_how_it_compares_today_and_not_by_the_old_no(bench: Bench) -> None:
    flood = bench.take("n0", NEWS[0], title="Wend floods Lowfield")
    strike = bench.take("strike", STRIKE, title="Strike")
    bench.post(f"/v1/clusters/{strike}:merge", {"into": flood, "actor": "Ada", "reason": "one event"})
    told = said(get(bench, "/articles/strike"))
    assert "Nearest to it in meaning in this cluster today: Wend floods Lowfield" in told
    assert "Together: a person decided that they belong together (by Ada: one event)." in told
    assert "What counts for one event of these two today" in told
    assert told.index("of these two today") < told.index("What was decided when it came")


def test_what_is_made_in_one_form_is_not_told_to_share_none_of_its_words(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    first = shelf.put("first", "c1", title="Quake in Brae")
    shelf.put("second", "c2", title="Quake in Oxley", relations=[Relation("same_template", first, {"jaccard": 0.0})])
    told = said(get(bench, "/articles/second?collection=news"))
    assert "It is another article made in the same form as Quake in Brae." in told
    assert "0%" not in told


def test_an_article_without_a_date_is_said_to_have_none(bench: Bench) -> None:
    cluster = bench.take("flood", title="Flood")
    bench.take("copy", title="Flood", published_at="2012-06-08")
    for path in ("/articles/flood/beside/copy", f"/clusters/{cluster}"):
        assert "no date; arrived" in said(get(bench, path)), path
    assert "unknown" not in said(get(bench, "/articles/flood").split("</h1>")[1].split("arrived")[0]).split("source")[1]
    assert "published 8 Jun 2012arrived" in said(get(bench, "/articles/copy"))


def test_nonsense_in_the_address_is_no_error(bench: Bench) -> None:
    bench.take("a", title="Flood")
    for query in (
        "sort=x",
        "min_size=many",
        "min_size=1e400",
        "published_from=2026-99-99",
        "published_to=9999-12-31",
        "within=ever",
        "q=%ff",
        "from=-1",
    ):
        assert "Flood" in get(bench, f"/?{query}") or query.startswith("q=")


def test_filters_in_the_address(bench: Bench) -> None:
    bench.take("flood", title="Flood in Lowfield", source="Post", lang="en", published_at="2026-03-02T06:00:00Z")
    bench.take(
        "strike", STRIKE, title="Strike on the railways", source="Echo", lang="de", published_at="2026-03-03T06:00:00Z"
    )
    for query, flood, strike in (
        ("q=flo", True, False),
        ("q=rail+str", False, True),
        ("source=Post", True, False),
        ("language=en", True, False),
        ("published_from=2026-03-03", False, True),
        ("published_to=2026-03-02", True, False),
        ("min_size=2", False, False),
        ("within=1h", True, True),
    ):
        page = get(bench, f"/?{query}")
        assert ("Flood in Lowfield" in page, "Strike on the railways" in page) == (flood, strike), query


def test_the_biggest_event_of_a_day_comes_first(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    day, other = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
    for n, published in enumerate((other, other, day)):
        shelf.put(f"flood{n}", "c1", title="Flood", published_at=published)
    for n in range(2):
        shelf.put(f"strike{n}", "c2", title="Strike", published_at=day)
    dates = "published_from=2026-03-02&published_to=2026-03-02"
    page = said(get(bench, f"/?collection=news&sort=size&{dates}"))
    assert page.index("Strike 2 articles 2 published then") < page.index("Flood 3 articles 1 published then")
    assert "published then" not in get(bench, "/?collection=news&sort=size")
    listed = bench.client.get(
        "/v1/clusters?collection=news&sort=size&published_since=2026-03-02T00:00:00Z&published_until=2026-03-03T00:00:00Z"
    ).json()["data"]
    assert [one["article_count"] for one in listed] == [2, 3]


def test_a_merged_cluster_leads_to_the_one_that_lives(bench: Bench) -> None:
    flood, strike = bench.take("flood"), bench.take("strike", STRIKE)
    generation = bench.collection.books.position().generation
    assert bench.collection.books.regroup(
        None, generation, [Regroup("merged", strike, flood, ())], bench.service.clock.now()
    )
    answer = bench.client.get(f"/clusters/{strike}", follow_redirects=False)
    assert answer.headers["location"] == f"/clusters/{flood}"
    assert "It took in" in get(bench, f"/clusters/{flood}")


def test_why_an_article_moved_later(bench: Bench) -> None:
    flood, strike = bench.take("flood", title="Flood"), bench.take("strike", STRIKE, title="Strike")
    alone = get(bench, "/articles/strike")
    bench.post(f"/v1/clusters/{strike}:merge", {"into": flood, "actor": "Ada", "reason": "one event"})
    page = " ".join(re.sub(r"<[^>]+>", "", get(bench, "/articles/strike")).split())
    assert "the cluster it was in was merged into this one, by Ada: one event." in page
    assert "Nearest to it in meaning in this cluster today: Flood (no date)." in page
    assert "Nearest to it in meaning in this cluster today: Strike (no date)." in re.sub(
        r"<[^>]+>", "", get(bench, "/articles/flood")
    )
    assert page.index("It is in Flood, with 1 other article.") < page.index("by Ada") < page.index("When it came,")
    assert "It is alone in a cluster of its own." in " ".join(re.sub(r"<[^>]+>", "", alone).split())


def test_an_article_that_came_back_is_said_to_have_been_elsewhere(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    for cluster in ("c1", "c2"):
        shelf.put(f"own-{cluster}", cluster, title=f"Flood {cluster}")
    moved = shelf.put("late", "c1", title="Late")
    shelf.regroup("moved", "c1", "c2", moved)
    shelf.regroup("moved", "c2", "c1", moved)
    told = said(get(bench, "/articles/late?collection=news"))
    assert re.search(r"First in this cluster, then elsewhere, here again since \d.*, by editor: one event", told)


def test_several_moves_are_told_as_one_and_each_in_a_fold(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    for cluster in ("c1", "c2", "c3"):
        shelf.put(f"own-{cluster}", cluster, title=f"Flood {cluster}")
    moved = shelf.put("late", "c1", title="Late", url="https://www.post.example/late")
    shelf.regroup("moved", "c1", "c2", moved)
    shelf.regroup("moved", "c2", "c3", moved)
    page = get(bench, "/articles/late?collection=news")
    told, folded = page.split("How it came here, in 2 steps")
    assert re.search(r"First in the cluster now called Flood c1, in this one since \d", said(told))
    assert "it was moved from the cluster now called Flood c1 to the one now called Flood c2" in said(folded)
    assert "it was moved from the cluster now called Flood c2 to this one" in said(folded)
    assert "Read it at post.example" in said(told)


def test_an_article_whose_headline_the_cluster_has_is_not_said_to_be_in_itself(bench: Bench) -> None:
    bench.take("flood", title="Flood in Lowfield", source="Post")
    bench.take("copy", title="Flood in Lowfield", source="Echo")
    told = said(get(bench, "/articles/flood"))
    assert "Its headline is that of its cluster: Flood in Lowfield, with 1 other article." in told


def test_a_move_between_clusters_that_are_one_by_now_is_not_told(bench: Bench) -> None:
    flood, beside = (bench.take(f"n{n}", text, title=f"Flood {n}") for n, text in enumerate(NEWS))
    strike = bench.take("strike", STRIKE, title="Strike")
    assert flood == beside != strike
    moved = {"into": strike, "actor": "Ada", "reason": "one event"}
    assert bench.post("/v1/articles/n1:move", moved).status_code == 200
    assert "it was moved from" in get(bench, "/articles/n1")
    for one in bench.collection.corrector.in_force():
        bench.collection.corrector.withdraw(one.key, By("Ada", "so that the rest may follow"))
    bench.post(f"/v1/clusters/{flood}:merge", moved)
    page = " ".join(re.sub(r"<[^>]+>", "", get(bench, "/articles/n1")).split())
    assert "it was moved from" not in page
    assert "joined that cluster" in page
    assert "the cluster it was in was merged" in get(bench, "/articles/n0")


def test_copies_of_one_headline_are_told_apart_by_their_sources(bench: Bench) -> None:
    cluster = bench.take("flood", title="Flood in Lowfield", source="Post")
    bench.take("copy", title="Flood in Lowfield", source="Echo")
    past = " ".join(re.sub(r"<[^>]+>", "", get(bench, f"/clusters/{cluster}").split("What happened to it")[1]).split())
    assert "It began with Flood in Lowfield (Post)." in past
    assert "Flood in Lowfield (Echo) joined." in past
    why = " ".join(re.sub(r"<[^>]+>", "", get(bench, "/articles/copy")).split())
    assert "it goes wherever its original goes: Flood in Lowfield (Post) (word for word)." in why


def test_a_copy_that_is_nearer_to_another_copy_is_told_to_be_and_is_compared_with_that(bench: Bench) -> None:
    words = [f"word{n}" for n in range(120)]
    edited = [*words[:60], "quite", "another", "turn", *words[60:]]
    for source, text in (("Post", words), ("Echo", edited), ("Mail", edited)):
        cluster = bench.take(source.lower(), " ".join(text), title="Flood in Lowfield", source=source)
    told = said(get(bench, "/articles/mail"))
    assert "its original goes: Flood in Lowfield (Post). Of the copies of that, its text is nearest to Flood" in told
    assert "It is the same text as Flood in Lowfield (Echo), a copy of Flood in Lowfield (Post) as it is" in told
    assert "Mail: the same text (word for word), at the same time, from Echo." in said(
        get(bench, f"/clusters/{cluster}")
    )
    first, second = (said(get(bench, f"/articles/{one}").split("Copies, excerpts")[1]) for one in ("post", "echo"))
    assert "(Mail) is taken from the same text" in first
    assert "(Mail) is the same text as it (word for word)" in second
    relation = bench.client.get("/v1/articles/mail").json()["relations"][0]
    assert (relation["article_id"], relation["closest_id"]) == ("post", "echo")


def test_the_page_of_two_says_which_clusters_each_was_compared_with(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    near = shelf.put("near", "c1", title="Zeppelin", text="The Zeppelin over Lowfield carried forty crates.")
    shelf.put("other", "c2", title="Balloon", text="A balloon over Lowfield.")
    reasons = joined(
        "c1", closest=(Closest(near, 0.9),), terms=(Term("words", 1.0, 2.0),), runner_up=RunnerUp("c2", 0.22, 0.5)
    )
    shelf.put("late", "c1", reasons=reasons, title="Late", text="A Zeppelin at Lowfield.")
    for pair in ("late/beside/near", "near/beside/late"):
        told = said(get(bench, f"/articles/{pair}?collection=news"))
        assert "When “Late” came, it joined the cluster it is in" in told
        assert "The next best was the cluster now called Balloon (22 of 100)." in told


def test_a_copy_of_an_earlier_version_says_so_and_names_it_once(bench: Bench) -> None:
    bench.take("flood", title="Flood in Lowfield", source="Post")
    bench.take("copy", FLOOD + " More soon.", title="Flood!", source="Echo")
    bench.take("other", title="Water!", source="Times")
    bench.take(
        "flood", FLOOD + " The mayor opened the town hall for all who have no bed.", title="More rain", source="Post"
    )
    copies = said(get(bench, "/articles/copy")).split("Copies, excerpts and versions")[1].split("It belongs")[0]
    assert "It is nearly the same text as an earlier version of More rain (Post) (1" in copies
    assert copies.count("(Post)") == 1
    assert "Water! (Times) is taken from the same text." in copies
    assert "Flood! (Echo) is nearly the same text as" in said(get(bench, "/articles/flood"))


def test_an_article_without_a_date_does_not_stretch_the_plot_of_publication(bench: Bench) -> None:
    for day in (1, 2, 3):
        bench.take(f"n{day}", FLOOD + f" Day {day}.", published_at=f"2017-03-0{day}T12:00:00Z")
    dated = get(bench, "/")
    bench.take("undated", FLOOD + " No day.")
    assert plots(dated) == plots(get(bench, "/")) != []
    assert "When its articles were published" in dated


def plots(page: str) -> list[str]:
    return re.findall(r"<rect [^>]*>", page)


def test_another_collection_keeps_its_name_in_every_link(bench: Bench) -> None:
    bench.client.post("/v1/collections", json={"name": "sport"})
    assert bench.post("/v1/articles?collection=sport", {"id": "s", "text": FLOOD, "title": "Sport"}).status_code == 202
    bench.service.drain()
    first = get(bench, "/?collection=sport")
    assert re.search(r'href="/clusters/[^"]+\?collection=sport"', first)
    assert "Sport" not in get(bench, "/").replace("<option>sport</option>", "")


def test_behind_a_proxy_all_links_lead_through_it(bench: Bench) -> None:
    bench.take("a", title="Flood")
    page = bench.client.get("/", headers={"X-Forwarded-Prefix": "/news"}).text
    assert "Flood" in page
    assert not re.findall(r'(?:href|src|action|data-live|data-near)="/(?!news/)[^"]*"', page)


def test_shipped_files(bench: Bench) -> None:
    for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', get(bench, "/")):
        answer = bench.client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert "immutable" not in bench.client.get(address.split("?")[0]).headers["cache-control"]
    assert bench.client.get("/favicon.ico").status_code == 200
    assert bench.client.get("/assets/..%2Frendering.py").status_code == 404


@pytest.mark.parametrize("path", ["/near?q=flood", "/near?q=%00", "/near", "/articles/a/near", "/clusters/{}/near"])
def test_parts_of_what_is_near(bench: Bench, path: str) -> None:
    cluster = bench.take("a", title="Flood")
    bench.take("b", STRIKE, title="Strike")
    get(bench, path.format(cluster))


def test_a_form_with_too_many_fields_is_told_so(bench: Bench) -> None:
    cluster = bench.take("a")
    sent = "&".join(["article=x"] * 5_001)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = bench.client.post(f"/clusters/{cluster}/split", content=sent, headers=headers)
    assert (answer.status_code, "Name fewer articles" in answer.text) == (413, True)


# -- tokens


@pytest.fixture
def locked(bench: Bench) -> TestClient:
    bench.take("a", title="Flood in Lowfield")
    return TestClient(create_app(bench.service, tokens=TOKENS), raise_server_exceptions=False, follow_redirects=False)


def test_without_a_token_one_is_asked_for_and_then_leads_on(locked: TestClient) -> None:
    answer = locked.get("/clusters/x?from=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fclusters%2Fx%3Ffrom%3D2")
    assert locked.get("/login").status_code == 200
    wrong = locked.post("/login", data={"token": "nonsense", "next": "/"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    right = locked.post("/login", data={"token": "secret-reader", "next": "/clusters/x?from=2"})
    assert (right.status_code, right.headers["location"]) == (303, "/clusters/x?from=2")
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    page = locked.get("/")
    assert "Flood in Lowfield" in page.text
    assert "reader" in page.text
    assert locked.get("/v1/clusters").status_code == 200
    assert "Split them off" not in locked.get("/v1/clusters").text
    left = locked.post("/logout")
    assert left.status_code == 303
    assert locked.get("/").status_code == 303


@pytest.mark.parametrize("query", [b"q=\xff\xfe", b"q=\xc3"])
def test_without_a_token_an_address_in_another_encoding_leads_to_the_login(bench: Bench, query: bytes) -> None:
    """As a socket may send it; clients that are libraries encode it."""
    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": query, "headers": []}
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    anyio.run(create_app(bench.service, tokens=TOKENS), scope, receive, send)
    assert sent[0]["status"] == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "/a\nb"])
def test_after_the_login_nobody_is_sent_away(locked: TestClient, wanted: str) -> None:
    assert locked.post("/login", data={"token": "secret-reader", "next": wanted}).headers["location"] == "/"


def test_the_cookie_changes_nothing_through_the_api(locked: TestClient) -> None:
    locked.post("/login", data={"token": "secret-editor", "next": "/"})
    assert locked.get("/v1/articles/a").status_code == 200
    assert locked.delete("/v1/articles/a").status_code == 401
    assert locked.post("/v1/articles", json={"id": "b", "text": "B"}).status_code == 401


def test_a_token_that_may_not_read_sees_nothing(locked: TestClient) -> None:
    locked.post("/login", data={"token": "secret-feeder", "next": "/"})
    assert locked.get("/").status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(locked: TestClient, headers: dict[str, str], status: int) -> None:
    assert locked.post("/login", data={"token": "secret-reader"}, headers=headers).status_code == status


def test_any_two_articles_of_a_cluster_are_compared_by_clicking(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    for name in ("one", "two", "three"):
        shelf.put(name, "c1", title=name.title(), text=f"The {name} of the river Wend.")
    plain = get(bench, "/clusters/c1?collection=news")
    assert 'href="/clusters/c1?compare=two&amp;collection=news#articles"' in plain
    chosen = get(bench, "/clusters/c1?collection=news&compare=two")
    assert 'href="/articles/two/beside/one?collection=news"' in chosen
    assert 'href="/articles/two/beside/three?collection=news"' in chosen
    assert 'href="/articles/two/beside/two' not in chosen
    assert "a link that shows it beside Two." in said(chosen)
    for page in ("/articles/two?collection=news", "/articles/two/beside/one?collection=news"):
        assert 'href="/clusters/c1?compare=two&amp;collection=news#articles"' in get(bench, page)
    shelf.put("four", "c4", title="Four", text="The river Wend.")
    shelf.put("five", "c4", title="Five", text="The river Wend again.")
    assert "With another article of its cluster" not in get(bench, "/articles/four/beside/five?collection=news")


def test_a_cluster_without_stated_dates_has_those_of_the_addresses(bench: Bench) -> None:
    shelf = Shelf(bench.service.store, bench.service.clock)
    shelf.put("none", "c1", text="The river Wend.")
    assert "no dates given" in said(get(bench, "/clusters/c1?collection=news"))
    shelf.put("first", "c2", text="The river Wend.", url="https://wend.example/2025/03/flood")
    assert "Mar 2025 by its address Arrived" in said(get(bench, "/clusters/c2?collection=news"))
    shelf.put("second", "c2", text="The river Wend again.", url="https://wend.example/2025/05/flood")
    told = said(get(bench, "/clusters/c2?collection=news"))
    assert "Mar 2025 by its address, to May 2025 by its address" in told and "no dates given" not in told

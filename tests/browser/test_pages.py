"""What an editor and an operator do with the pages, clicked in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect
from support.http import HTTP
from support.site import MANY, Site

from clusterer.bootstrap import Clusterer
from clusterer.pipeline.access import Tokens, digest_of
from clusterer.pipeline.corrections import By
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter

QUAKE = "corvanepress/ostrand-quake"
QUAKE_COPY = "radiowend/news-20260302-07"
WIDE, PHONE = 1200, 390
NIGHT_MS = 250_000  # seconds of work, which a busy machine makes minutes
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">'\"&{{7*7}}"

pytestmark = pytest.mark.timeout(900)  # loading ten thousand articles is part of the first test

Open = Callable[..., Page]
Serve = Callable[..., Site]


@pytest.fixture
def site(many: Clusterer, serve: Serve) -> Site:
    return serve(many)


@pytest.fixture
def small(sample: Clusterer, serve: Serve) -> Site:
    return serve(sample)


def say_why(page: Page, form: str, button: str, name: str = "Ada") -> None:
    """Fill in who and why, and send."""
    part = page.locator(form)
    if part.get_by_label("Your name").count():
        part.get_by_label("Your name").fill(name)
    part.get_by_label("Reason").fill("I was there")
    part.get_by_role("button", name=button).click()


# -- reading


def test_from_what_happens_now_to_why_an_article_is_where_it_is(site: Site, open_page: Open) -> None:
    page = open_page(site.url)
    page.get_by_role("link", name=re.compile("Ostrand")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ostrand")
    page.get_by_role("link", name="What differs").first.click()
    expect(page.locator("mark").first).to_be_visible()
    page.go_back()
    expect(page.locator("[data-load] [data-id]").first).to_be_visible()  # related clusters, fetched after the page
    page.get_by_text("Why it is here").first.click()
    page.get_by_role("link", name="More on its page").first.click()
    expect(page.get_by_role("heading", name="Why it is here")).to_be_visible()
    expect(page.locator("#why + .card")).to_contain_text("It is in")


def test_what_was_cut_is_struck_through_with_its_reason(site: Site, open_page: Open) -> None:
    page = open_page(f"{site.url}/articles/northlinedaily%2Fbudget-winners-losers")
    cut = page.locator(".cut", has_text="Related Articles").first
    expect(cut).to_contain_text("header of a list of other articles")
    assert "line-through" in str(cut.locator("del").evaluate("one => getComputedStyle(one).textDecoration"))


def test_typing_narrows_the_list_and_the_address(site: Site, open_page: Open) -> None:
    page = open_page(site.url)
    before = page.locator("#clusters [data-key]").count()
    page.get_by_label("Find headlines").press_sequentially("ferry")
    expect(page.locator("#clusters [data-key]")).not_to_have_count(before)
    expect(page.locator("#clusters")).to_contain_text("Ferry")
    assert "q=ferry" in page.url
    page.reload()
    expect(page.get_by_label("Find headlines")).to_have_value("ferry")
    expect(page.locator("#clusters [data-key]")).not_to_have_count(before)


def test_a_new_article_appears_without_reloading(site: Site, open_page: Open) -> None:
    page = open_page(site.url)
    page.evaluate("window.stays = true")
    expect(page.locator("#clusters[data-following]")).to_be_visible()
    site.take(
        "late",
        "Meteorite falls into a Merrowick garden",
        "A stone the size of a fist broke a greenhouse in Merrowick on Monday.",
    )
    expect(page.locator("#clusters")).to_contain_text("Meteorite falls")
    expect(page.locator(".fresh")).to_contain_text("Meteorite")
    assert page.evaluate("window.stays")


@pytest.mark.parametrize("field", ["title", "source", "id"])
def test_hostile_text_stays_text(site: Site, open_page: Open, field: str) -> None:
    given = {"id": "hostile", "title": "Plain", field: HOSTILE}
    cluster = site.take(
        given["id"],
        given["title"],
        "A text about a bakery in Stoke Wend that nobody else wrote about.",
        source=given.get("source"),
    )
    page = open_page(site.url + "/?sort=last_seen")
    expect(page.locator("#clusters [data-key]").first).to_be_visible()
    for address in (f"/clusters/{cluster}", "/"):
        page.goto(site.url + address)
        assert page.title() != "taken"
        assert page.locator("main img").count() == 0
    page.get_by_label("Find headlines").fill(HOSTILE[:40])
    page.wait_for_timeout(600)
    assert page.title() != "taken"


def test_it_reads_without_scripts(site: Site, open_page: Open) -> None:
    page = open_page(site.url, scripts=False)
    page.get_by_label("Find headlines").fill("ferry")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#clusters")).to_contain_text("Ferry")
    page.locator("#clusters h2 a").first.click()
    expect(page.get_by_role("heading", name="What happened to it")).to_be_visible()


# -- correcting


def test_split_and_take_back(site: Site, open_page: Open) -> None:
    cluster = site.cluster_of(QUAKE)
    page = open_page(f"{site.url}/clusters/{cluster}")
    box = page.get_by_role("checkbox").last
    chosen = box.get_attribute("value") or ""
    page.get_by_text("Chosen articles are another event").click()
    expect(page.get_by_role("button", name="Split them off")).to_be_disabled()
    box.check()
    say_why(page, "#split", "Split them off")
    expect(page.get_by_role("status")).to_contain_text("Done")
    assert site.cluster_of(chosen) != cluster
    page.get_by_role("button", name="Undo it").click()
    expect(page).to_have_url(re.compile("/clusters/"))
    assert site.cluster_of(chosen) == cluster


def test_merge_by_naming_a_related_cluster(site: Site, open_page: Open) -> None:
    one, other = (
        site.cluster_of(QUAKE),
        site.take("bakery", "Bakery wins a prize", "A bakery in Stoke Wend won a prize for its rye bread on Sunday."),
    )
    page = open_page(f"{site.url}/clusters/{other}")
    page.get_by_text("This cluster is the same event as another").click()
    page.get_by_label("The other one").fill(one)
    say_why(page, "form[action$=merge]", "Merge them")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ostrand")
    expect(page.locator("#past")).to_contain_text("by Ada")
    assert site.cluster_of("bakery") == one
    expect(page.get_by_role("status")).to_contain_text("the two clusters are one now")
    page.get_by_role("button", name="Undo it").click()
    expect(page).to_have_url(re.compile("/clusters/"))
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    assert site.cluster_of("bakery") == other
    assert site.cluster_of(QUAKE_COPY) == one


def test_move_pin_and_never_together(site: Site, open_page: Open) -> None:
    target = site.cluster_of(QUAKE)
    site.take("mill", "Mill reopens", "The old paper mill of Stoke Wend opened again as a museum on Sunday.")
    page = open_page(f"{site.url}/articles/mill")
    page.get_by_text("Move it to another cluster").click()
    page.get_by_label("The cluster where it belongs").fill(target)
    say_why(page, "form[action$=move]", "Move it")
    expect(page.get_by_role("status")).to_contain_text("the article is in this cluster now")
    assert site.cluster_of("mill") == target
    page.get_by_text("Keep this cluster as it is").click()
    say_why(page, "form[action$=pin]", "Keep it")
    expect(page.get_by_role("status")).to_contain_text(
        "leave the articles of this cluster as they are. Remove this rule"
    )
    expect(page.get_by_text("pinned by a person")).to_be_visible()
    page.goto(f"{site.url}/articles/halverncourier%2Frail-strike-first-day")
    page.get_by_text("It must never be together").click()
    page.get_by_label("The other article").fill("mill")
    expect(page.locator("form[action$=link]").get_by_label("Your name")).to_have_value("Ada")  # remembered
    say_why(page, "form[action$=link]", "Save")
    both = page.locator("li", has_text="Mill reopens").filter(has_text="Stations empty")
    parted = both.filter(has_text="never together")
    expect(parted).to_have_count(1)
    parted.get_by_text("Remove this rule", exact=True).first.click()
    parted.get_by_label("Reason").fill("I was wrong")
    parted.get_by_role("button", name="Remove it").click()
    expect(parted).to_have_count(0)


def test_a_night_is_looked_at_published_and_rolled_back(site: Site, open_page: Open) -> None:
    page = open_page(f"{site.url}/nights")
    page.set_default_timeout(NIGHT_MS)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", name="What would change now")).to_be_visible()
    expect(page.get_by_role("heading", name="Publish it")).to_be_visible(timeout=NIGHT_MS)
    expect(page.get_by_text("are being grouped again")).to_be_hidden()
    expect(page.get_by_text(re.compile(r"and \d+ more")).first).to_be_visible()  # more than fit
    page.wait_for_load_state("load")
    assert sum(sizes) < 300_000
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Reason").fill("looks right")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_have_text("Done: the report is at the top.", timeout=NIGHT_MS)
    expect(page.locator("tbody tr").first).to_contain_text("published")
    assert site.collection.books.position().generation > 1
    page.get_by_text("Restore the previous clustering").click()
    say_why(page, "form[action*=rollback]", "Roll back")
    expect(page.get_by_role("status")).to_contain_text("is in force again", timeout=NIGHT_MS)
    expect(page.locator("tbody tr").first).to_contain_text("rolled back later")
    assert site.collection.books.position().generation == 1


def test_the_report_of_a_night_that_was_asked_for_appears_by_itself(small: Site, open_page: Open) -> None:
    page = open_page(f"{small.url}/nights?ordered=none")
    expect(page.get_by_role("status")).to_contain_text("Its report will appear")
    expect(page.locator("#reports")).to_contain_text("No runs yet")
    small.collection.nightly.run("w", actor="Ada")
    expect(page.get_by_role("status")).to_have_text("Done: the report is at the top.")
    expect(page.locator("table")).to_contain_text("Ada")


def test_health_and_a_dead_article_that_is_tried_again(site: Site, open_page: Open) -> None:
    books = site.collection.books
    site.collection.intake.accept([parse_article({"id": "dead", "title": "Cannot be read", "text": "It waits."})])
    entry = books.lease("inbox", "w", 1, 60)[0]
    books.mark_dead("inbox", entry.entry, entry.seq, "ValueError: no", site.service.clock.now())
    page = open_page(f"{site.url}/health")
    expect(page.get_by_role("alert")).to_contain_text("No worker is alive")
    expect(page.get_by_text("ValueError: no")).to_be_visible()
    page.get_by_role("link", name="Cannot be read").click()
    expect(page.locator("main")).to_contain_text("dead: failed too often: ValueError: no")
    expect(page.locator("main")).to_contain_text("It was not cleaned yet")
    expect(page.get_by_text("None")).to_have_count(0)
    page.locator(".notice").get_by_role("link", name="Health").click()
    page.get_by_role("button", name="Try again", exact=True).click()
    expect(page.get_by_text("ValueError: no")).to_have_count(0)


def test_login_and_logout(sample: Clusterer, serve: Serve, open_page: Open) -> None:
    grants = [
        {"name": name, "sha256": digest_of(f"secret-{name}"), "scopes": scopes}
        for name, scopes in (("reader", ["read"]), ("editor", ["read", "admin"]))
    ]
    site = serve(sample, Tokens.from_json(json.dumps(grants).encode()))
    address = f"{site.url}/clusters/{site.cluster_of(QUAKE)}"
    page = open_page(address)
    page.get_by_label("Token").fill("secret-reader")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ostrand")
    expect(page.get_by_text("Keep this cluster as it is")).to_have_count(0)
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Log out").click()
    page.goto(address)
    page.get_by_label("Token").fill("secret-editor")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Keep this cluster as it is").click()
    say_why(page, "form[action$=pin]", "Keep it")
    expect(page.get_by_role("status")).to_contain_text("Done")
    assert site.collection.corrector.in_force()[0].actor == "editor"


# -- for everybody, and with many articles


ADDRESSES = (
    "/",
    "/clusters/{cluster}",
    "/articles/{article}",
    "/articles/{article}/beside/{copy}",
    "/corrections",
    "/nights",
    "/health",
)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
OPEN_ALL = "[...document.querySelectorAll('details:not([open])')].map(one => one.open = true).length"
BROKEN_HEADS = (
    "[...document.querySelectorAll('th')].filter(one => one.offsetHeight > 60 && !one.querySelector('h2'))"
    ".map(one => one.innerText)"
)
COLOURS = ["color-contrast", "link-in-text-block"]  # axe's rules that depend on whether a page is light or dark


def faults(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds in the page, as rule, weight and the first place; by all rules if none are named."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:120]}" for one in found]


APPEARANCES = ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark"))
TWO_APPEARANCES = ((WIDE, "light"), (PHONE, "dark"))  # each width and each scheme once


def assert_readable(page: Page, address: str, appearances: Sequence[tuple[int, str]] = APPEARANCES) -> None:
    """In each width and scheme. The style sheet alone goes by either, so the page is not loaded again."""
    while page.evaluate(OPEN_ALL):
        pass
    seen: set[int] = set()
    for width, scheme in appearances:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert faults(page, COLOURS if width in seen else ()) == [], (address, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        assert page.evaluate(BROKEN_HEADS) == [], f"{address}: a word of a table's head is broken"
        seen.add(width)


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(small: Site, open_page: Open) -> None:
    stir(small)
    page = open_page(small.url)
    look_at_all(small, page)
    page.goto(f"{small.url}/nights")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", name="What would change now")).to_be_visible()
    assert_readable(page, "the plan of a night")


def look_at_all(site: Site, page: Page, appearances: Sequence[tuple[int, str]] = APPEARANCES) -> None:
    """Every page, with all that can be unfolded: nothing for axe to complain about, nothing wider than the screen."""
    names = {"article": QUAKE.replace("/", "%2F"), "copy": QUAKE_COPY.replace("/", "%2F")}
    for address in ADDRESSES:
        page.goto(site.url + address.format(cluster=site.cluster_of(QUAKE), **names))
        expect(page.locator("[data-load]:empty")).to_have_count(0)
        assert_readable(page, address, appearances)


def test_so_it_is_with_ten_thousand_articles(site: Site, open_page: Open) -> None:
    """The same pages with more in them, which is the longer the dearer to look at."""
    page = open_page(site.url)
    look_at_all(site, page, TWO_APPEARANCES)
    for address in ("/?sort=size", "/?q=article", "/articles/a77"):
        page.goto(site.url + address)
        assert_readable(page, address, TWO_APPEARANCES)


def test_the_interface_for_programs_has_no_serious_fault(small: Site, open_page: Open) -> None:
    page = open_page(f"{small.url}/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    expect(page.get_by_role("combobox", name="Server")).to_be_visible()
    assert [one for one in faults(page) if "(serious)" in one or "(critical)" in one] == []


def stir(site: Site) -> None:
    """Something in every list of the operators' pages."""
    collection, now = site.collection, site.service.clock.now()
    collection.corrector.pin(site.cluster_of(QUAKE), By("Ada", "the quake"))
    failing = collection.webhooks.create("https://desk.example.org/events")
    collection.books.replace_webhook(failing.id, failing, replace(failing, failures=3, last_error="no answer"))
    collection.books.reject('{"id": "q", "title": "Refused"}', "it has no text", now, "default")
    collection.intake.accept([parse_article({"id": "dead", "title": "Cannot be read", "text": "It waits."})])
    entry = collection.books.lease("inbox", "w", 1, 60)[0]
    collection.books.mark_dead("inbox", entry.entry, entry.seq, "ValueError: no", now)
    collection.nightly.run("test", force=True, actor="Ada")


def test_the_keyboard_reaches_a_cluster(site: Site, open_page: Open) -> None:
    page = open_page(site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#clusters h2 a')"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/clusters/"))


def addresses_among_many(site: Site) -> tuple[str, ...]:
    """Of every page, with the largest cluster's."""
    largest = site.collection.lookup.clusters(ClusterFilter(), "size", 1, None).data[0].id
    own, copy = (one.replace("/", "%2F") for one in (QUAKE, QUAKE_COPY))
    return (
        "/", "/?sort=size", "/?q=ferry", f"/clusters/{site.cluster_of(QUAKE)}", f"/clusters/{largest}", f"/articles/{own}",
        f"/articles/{own}/beside/{copy}", "/articles/a77", "/corrections", "/nights", "/health",
    )  # fmt: skip


def test_no_page_among_ten_thousand_articles_takes_half_a_second_of_a_processor(site: Site) -> None:
    """What `benchmarks.pages` judges by the clock, which a busy machine would fail."""
    for address in addresses_among_many(site):
        began_s = time.process_time()
        HTTP.get(site.url + address).raise_for_status()
        assert time.process_time() - began_s < 0.5, address


def test_ten_thousand_articles(many: Clusterer, serve: Serve, open_page: Open) -> None:
    site = serve(many)
    page = open_page(site.url)
    sizes: list[int] = []
    page.on(
        "response",
        lambda answer: sizes.append(len(answer.body())) if answer.request.resource_type != "eventsource" else None,
    )
    expect(page.locator("#clusters .soft").first).to_contain_text("clusters")
    for address in addresses_among_many(site)[1:]:  # the first one's stream of events would be cut off by leaving
        sizes.clear()
        page.goto(site.url + address)
        page.wait_for_load_state("load")
        assert sum(sizes) < 300_000, address
    page.goto(site.url + "/?sort=size")
    page.locator("#clusters h2 a").first.click()
    expect(page.get_by_role("heading", name="Articles", exact=True)).to_be_visible()
    assert many.collection().books.books().assigned > MANY

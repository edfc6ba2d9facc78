"""Boilerplate learnt per source: what recurs is found, what two articles merely share is not. All texts are our own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import xxhash
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.cleaning.boilerplate import (
    BoilerplatePolicy,
    Learnt,
    Profile,
    decode,
    encode,
    learnt,
    observe,
    paragraph_keys,
    recurring,
)
from clusterer.core.cleaning.clean import clean
from clusterer.core.lines.reasons import LEARNT
from clusterer.core.model import Article, Document

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
BLURB = "The Ellery Courier has told the stories of the coast since 1911; it is owned by 4,012 of its readers."
OWN = [
    "A bakery in Brenmoor has won the bread prize of the county for the third time in a row.",
    "The ferry to Skarn will not sail on Sunday because of works on the ramp, the company said.",
    "Two goats that had climbed the roof of the town hall were brought down by the fire brigade.",
    "The school in Holt Street gets a new gymnasium, which is to be ready by the summer of next year.",
    "A retired teacher has walked the whole coast path in forty days and raised money for the lifeboat.",
    "The council wants to plant three hundred lime trees along the road to the harbour this autumn.",
    "Snow closed the pass for six hours on Tuesday; nobody was hurt and the buses run again.",
    "The museum shows the clocks of a local watchmaker, many of which still keep good time.",
]


def document(*paragraphs: str) -> Document:
    return Document(title="", text="\n\n".join(paragraphs))


def after(
    pages: list[Document], step: timedelta = timedelta(hours=6), policy: BoilerplatePolicy | None = None
) -> Profile:
    profile = Profile()
    for number, page in enumerate(pages):
        profile = observe(profile, [(paragraph_keys(page), START + number * step)], policy or BoilerplatePolicy())
    return profile


def test_a_paragraph_on_most_pages_is_cut_and_says_how_often_it_was_seen() -> None:
    found = learnt(after([document(own, BLURB) for own in OWN], step=timedelta(0)), START)
    assert found.recurrence(BLURB) == "8 of 8 pages"
    assert all(found.recurrence(own) == "" for own in OWN)


def test_it_is_found_again_with_other_figures_and_after_small_changes() -> None:
    found = learnt(after([document(own, BLURB) for own in OWN]), START)
    assert found.recurrence(BLURB.replace("4,012", "5,377"))
    assert found.recurrence(BLURB.replace("owned by", "owned today by"))
    assert (
        found.recurrence("The Ellery Courier reported in 1911 that the harbour had been closed by ice for nine weeks.")
        == ""
    )


def test_small_changes_from_page_to_page_are_learnt_as_one() -> None:
    names = ["Ida Lund", "Jon Aske", "Per Dahl", "Eva Moe", "Liv Berg", "Ola Nes", "Kai Vik", "Una Rud"]
    line = (
        "Get a message on your phone every day when {} publishes something new, and read it before everyone else does."
    )
    found = learnt(after([document(own, line.format(name)) for own, name in zip(OWN, names, strict=True)]), START)
    assert found.recurrence(line.format("Siv Lie"))


def test_background_shared_by_a_few_articles_of_one_event_stays() -> None:
    background = "The old ferry sank in 1987 in a storm that killed eleven people and changed the law of the sea."
    pages = [document(own, background) for own in OWN[:4]] + [document(own) for own in OWN * 2]
    assert learnt(after(pages), START).recurrence(background) == ""


def test_the_share_of_pages_counts_not_only_their_number() -> None:
    pages = [document(BLURB) for _ in range(6)] + [
        document(f"{own} {number}x{own}") for number in range(5) for own in OWN
    ]
    profile = after(pages, step=timedelta(0))
    assert learnt(profile, START).recurrence(BLURB) == ""
    assert learnt(profile, START, BoilerplatePolicy(min_share=0.05)).recurrence(BLURB)


def on_some_of_many(*recurring: str) -> Learnt:
    """What is learnt of a source that has these on 9 of 97 pages."""
    pages = [document(own, *recurring) for own in (*OWN, OWN[0])]
    others = [document(f"{own} {number}x{own}") for number in range(11) for own in OWN]
    return learnt(after(pages + others, step=timedelta(0)), START)


@pytest.mark.parametrize(
    ("paragraph", "title", "cut"),
    [
        (BLURB, "Ferry to Skarn stays in port", True),
        (BLURB, "Courier of Ellery changes hands", False),
        (BLURB, "Ferry", False),
        (BLURB, "", False),
        ("Les lecteurs du Courrier reçoivent chaque matin nos meilleures pages dans leur boîte.", "Le bac reste au port", True),
        ("Der Bund der Gärtner lädt jeden Sonntag zu seinem Fest am alten Tor der Stadt ein.", "Fähre bleibt im Hafen", True),
        ("The storm of Friday, the worst since 1987, killed eleven people and sank the old ferry.", "Storm toll rises", False),
        ("What happens next?", "Ferry to Skarn stays in port", False),
    ],
)  # fmt: skip
def test_what_stands_on_a_small_part_of_many_pages_is_cut_if_the_title_names_nothing_of_it(
    paragraph: str, title: str, cut: bool
) -> None:
    assert on_some_of_many(paragraph).recurrence(paragraph, title) == ("9 of 97 pages" if cut else "")


def test_it_is_cut_when_a_page_is_cleaned() -> None:
    page = Article(id="1", title="Ferry to Skarn stays in port", text=f"{BLURB}\n\n{OWN[1]}")
    cleaned = clean(page, on_some_of_many(BLURB))
    assert (cleaned.text, [cut.detail for cut in cleaned.cuts]) == (OWN[1], ["9 of 97 pages"])


def test_twice_on_one_page_counts_once() -> None:
    profile = after([document(BLURB, BLURB, BLURB), document(BLURB, BLURB)])
    assert max(profile.seen.values()) < 2.001


def test_what_is_no_longer_seen_is_forgotten() -> None:
    profile = after([document(own, BLURB) for own in OWN])
    assert learnt(profile, START + timedelta(days=2)).recurrence(BLURB)
    assert learnt(profile, START + timedelta(days=40)).recurrence(BLURB) == ""


def test_what_was_cut_stays_known() -> None:
    profile = after([document(own, BLURB) for own in OWN])
    for number, own in enumerate(OWN * 3):
        at = START + timedelta(days=3 + number)
        cleaned = clean(Article(id="1", title="T", text=f"{own}\n\n{BLURB}"), learnt(profile, at))
        assert cleaned.text == own
        assert cleaned.cuts[0].reason == LEARNT
        profile = observe(profile, [(paragraph_keys(cleaned), at)])
    assert learnt(profile, START + timedelta(days=27)).recurrence(BLURB)


def test_long_and_neighbouring_learnt_paragraphs_stay_known_too() -> None:
    long = " ".join(f"Rule {number} of our house says that readers come first and owners last." for number in range(40))
    blocks = (long, BLURB)
    profile = after([document(own, *blocks) for own in OWN])
    cleaned = clean(Article(id="1", title="T", text="\n\n".join([OWN[0], *blocks])), learnt(profile, START))
    assert cleaned.text == OWN[0]
    known = {key.exact for key in paragraph_keys(cleaned)}
    assert known == {key.exact for key in paragraph_keys(document(OWN[0], *blocks))}


def test_an_unknown_wall_is_learnt() -> None:
    wall = "The lighthouse keeper greets you. This house is open to friends of the lamp. Come back with a lamp of your own."
    profile = after([document(wall) for _ in range(6)])
    assert clean(Article(id="1", title="Ferry runs aground", text=wall), learnt(profile, START)).kind == "wall"


PLACES = ("Karaova", "Beykoy", "Tashisar", "Yenipinar", "Golbash", "Akchadere", "Sarioba", "Derekoy", "Uzunkuyu")
QUAKE = (
    "The institute recorded an earthquake of magnitude {1}.{2} near {0} at {2}:0{1} on Tuesday, at a depth of {1}{2} kilometres. "
    "No damage was reported."
)
DRAW = "These numbers were drawn in the lotto on Tuesday: {1}, 1{2}, 2{1}, 3{2}, 4{1} and 49. The bonus number is {2}."


@pytest.mark.parametrize(
    ("form", "title"), [(QUAKE, "Earthquake near {0}"), (QUAKE, ""), (DRAW, "Lotto numbers drawn on Tuesday")]
)
def test_a_report_made_from_a_form_is_an_article_however_many_were_made_from_it(form: str, title: str) -> None:
    profile = Profile()
    for number, place in enumerate(PLACES):
        at = START + number * timedelta(hours=1)
        text = form.format(place, number % 7 + 2, number % 5 + 3)
        cleaned = clean(Article(id="1", title=title.format(place), text=text), learnt(profile, at))
        assert (cleaned.kind, cleaned.text) == ("article", text)
        profile = observe(profile, [(paragraph_keys(cleaned), at)])


def test_what_recurs_with_another_name_each_time_is_cut_beside_an_article() -> None:
    signature = "This report was written by {} of the coast desk, who can be reached at the office in Holt Street."
    profile = after([document(own, signature.format(place)) for own, place in zip(OWN, PLACES, strict=False)])
    page = Article(id="1", title="Report on the coast", text=f"{OWN[4]}\n\n{signature.format('Marlow')}")
    cleaned = clean(page, learnt(profile, START + timedelta(days=2)))
    assert cleaned.text == OWN[4]


def test_the_profile_is_bounded_and_keeps_what_recurs() -> None:
    policy = BoilerplatePolicy(max_entries=60)
    pages = [
        document(BLURB, *(f"{own} That was number {chr(97 + number)}{chr(97 + at)}." for at, own in enumerate(OWN)))
        for number in range(20)
    ]
    profile = after(pages, policy=policy)
    assert len(profile.seen) <= 60
    assert set(profile.samples) <= set(profile.seen)
    assert learnt(profile, START, policy).recurrence(BLURB)


def test_a_long_page_is_observed_at_both_ends_only() -> None:
    page = document(
        *(f"paragraph about {number} and {chr(97 + number % 26) * (1 + number // 26)}" for number in range(500))
    )
    assert len(paragraph_keys(page, BoilerplatePolicy(max_paragraphs=10))) <= 10


def test_what_recurs_can_be_listed() -> None:
    listed = recurring(after([document(own, BLURB) for own in OWN], step=timedelta(0)), START)
    assert [(one.text, one.pages, one.of_pages) for one in listed] == [(BLURB, 8.0, 8.0)]


def test_nothing_learnt_cuts_nothing() -> None:
    assert Learnt().recurrence(BLURB) == ""
    assert learnt(Profile(), START).recurrence("") == ""


def test_an_older_page_does_not_turn_back_the_clock() -> None:
    profile = after([document(OWN[0])])
    late = observe(profile, [(paragraph_keys(document(OWN[1])), START - timedelta(days=400))])
    assert late.at == profile.at
    assert late.pages == 2.0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.sampled_from([*OWN, BLURB]), max_size=4), st.integers(-50_000, 400_000)), max_size=8)
)
def test_pages_count_alike_together_and_one_by_one(pages: list[tuple[list[str], int]]) -> None:
    observed = [(paragraph_keys(document(*page)), START + timedelta(seconds=after_s)) for page, after_s in pages]
    one_by_one = Profile()
    for page in observed:
        one_by_one = observe(one_by_one, [page])
    together = observe(Profile(), observed)
    assert (together.pages, together.at) == pytest.approx((one_by_one.pages, one_by_one.at))
    assert dict(together.seen) == pytest.approx(dict(one_by_one.seen))
    assert list(together.seen) == list(one_by_one.seen)
    assert dict(together.samples) == dict(one_by_one.samples)


def test_times_far_apart_are_no_problem() -> None:
    pages = [(paragraph_keys(document(BLURB)), START + timedelta(days=days)) for days in (0, 20_000, 400_000)]
    profile = observe(Profile(), pages)
    assert profile.pages == pytest.approx(1.0)
    assert list(profile.seen.values()) == pytest.approx([1.0] * len(profile.seen))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*OWN, BLURB, "港口区的新医院将在三年后启用。", "!"]), max_size=5), max_size=8)
)
def test_profiles_survive_json(pages: list[list[str]]) -> None:
    profile = after([document(*page) for page in pages])
    restored = decode(encode(profile))
    assert restored.pages == pytest.approx(profile.pages, abs=1e-4)
    assert restored.seen == pytest.approx(dict(profile.seen), abs=1e-4)
    assert (restored.at, dict(restored.samples)) == (profile.at, dict(profile.samples))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"v":2}', b'{"v":1}', b'{"v":1,"pages":"x","at":0,"seen":{},"samples":{}}', b"\xff"]
)
def test_damaged_profiles_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode(data)


def test_bands_are_those_of_a_minhash_of_datasketch() -> None:
    for paragraph in [
        BLURB,
        *OWN,
        "Überall stehen Bäume; die Straße zum Hafen bleibt bis Ende Mai gesperrt, heißt es.",
    ]:
        (key,) = paragraph_keys(Document(title="", text=paragraph))
        words = re.findall(r"\w+", re.sub(r"\d+", "0", paragraph.casefold()))
        sketch = MinHash(num_perm=12, seed=1, hashfunc=xxhash.xxh32_intdigest, scheme="affine32")
        sketch.update_batch([f"{one} {two}".encode() for one, two in pairwise(words)])
        rows = sketch.hashvalues.reshape(6, 2)
        assert key.bands == tuple(f"{n}{xxhash.xxh3_64_intdigest(row.tobytes()):x}" for n, row in enumerate(rows))

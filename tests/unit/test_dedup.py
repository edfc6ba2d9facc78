"""The copy decision: kinds, families, ties, and that neither order nor shared terms alone decide anything."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterer.core.copies.candidates import candidates
from clusterer.core.copies.dedup import DedupPolicy, relate
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, overlap
from clusterer.core.model import Document, Relation
from clusterer.core.records import Known, PreparedFacts

POLICY = DedupPolicy()
PRINTS = FingerprintPolicy()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def words(count: int, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    return [f"w{rng.randrange(5000)}" for _ in range(count)]


def edited(text: list[str], edits: int, mark: str = "edit") -> list[str]:
    """Evenly spread words replaced; each costs five shingles."""
    changed = text.copy()
    for number in range(edits):
        changed[(2 * number + 1) * len(text) // (2 * edits)] = f"{mark}{number}"
    return changed


def known(seq: int, text: list[str] | str, **facts: object) -> Known:
    body = text if isinstance(text, str) else " ".join(text)
    text_fingerprint = fingerprint(Document(title="A headline", text=body), PRINTS)
    defaults: dict[str, object] = {"article_id": f"id{seq}", "received_at": NOON, "source": f"source{seq}"}
    return Known(seq=seq, fingerprint=text_fingerprint, **(defaults | facts))  # type: ignore[arg-type]


def jaccard(one: Known, other: Known) -> float:
    return overlap(one.fingerprint, other.fingerprint).jaccard


BASE = words(300)


def test_the_same_words_are_an_exact_copy() -> None:
    (relation,) = relate(known(2, BASE), [known(1, BASE)], POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("exact", 1, True)
    assert relation.evidence["jaccard"] == relation.evidence["containment"] == 1.0


def test_a_near_copy_carries_its_figures() -> None:
    new, old = known(2, edited(BASE, 5)), known(1, BASE, hits=17)
    (relation,) = relate(new, [old], POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("near", 1, True)
    assert relation.evidence == {
        "matched": 1,
        "jaccard": round(jaccard(new, old), 4),
        "containment": round(271 / 296, 4),
        "shared_shingles": 271,
        "shingles": 296,
        "other_shingles": 296,
        "shared_terms": 17,
        "same_source": 0,
        "hours_apart": 0.0,
    }


def test_shared_terms_alone_relate_nothing() -> None:
    unlike = known(1, words(300, seed=1), hits=1000)
    assert relate(known(2, BASE), [unlike], POLICY) == ()


@pytest.mark.parametrize(("edits", "linked"), [(10, True), (11, False)])  # J = .711 and .686
def test_the_threshold_is_on_the_true_jaccard(edits: int, linked: bool) -> None:
    # Containment of two texts of the same length passes its own line at J = .667, hence the strict policy.
    policy = DedupPolicy(min_containment=1.0)
    assert bool(relate(known(2, edited(BASE, edits)), [known(1, BASE)], policy)) is linked


@pytest.mark.parametrize(("first", "second", "direction"), [(300, 80, "contained"), (80, 300, "contains")])
def test_excerpts_are_found_in_both_orders_and_are_no_copies(first: int, second: int, direction: str) -> None:
    (relation,) = relate(known(2, BASE[:second]), [known(1, BASE[:first])], POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("excerpt_of", 1, False)
    assert relation.evidence["direction"] == direction
    assert relation.evidence["containment"] == 1.0


def test_a_quotation_is_no_excerpt() -> None:
    quoting = [*words(6, seed=3), *BASE[:17]]
    assert relate(known(2, quoting), [known(1, BASE)], POLICY) == ()
    assert relate(known(2, [*quoting, *BASE[17:40]]), [known(1, BASE)], POLICY) != ()


@pytest.mark.parametrize("length", [12, 15, 18, 23])
def test_a_teaser_of_few_words_is_an_excerpt_if_all_of_it_is_in_the_article(length: int) -> None:
    teaser = BASE[:length]
    for one in (teaser, [*teaser[:-1], teaser[-1][:-1] + "x"]):
        (relation,) = relate(known(2, one), [known(1, BASE)], POLICY)
        assert (relation.kind, relation.is_copy) == ("excerpt_of", False)
    for elsewhere in ([*teaser[:-2], "one", "two"], [*teaser[:3], "altogether", *teaser[4:]]):
        assert relate(known(2, elsewhere), [known(1, BASE)], POLICY) == ()
        assert relate(known(2, BASE), [known(1, elsewhere)], POLICY) == ()  # whichever of them came first


def test_from_twenty_shingles_on_four_fifths_are_enough() -> None:
    for length, related in ((24, 1), (23, 0)):
        excerpt = [*BASE[: length - 4], "one", "two", "three", "four"]
        assert len(relate(known(2, excerpt), [known(1, BASE)], POLICY)) == related


def test_fewer_words_than_a_teaser_has_are_no_excerpt() -> None:
    policy = DedupPolicy(min_teaser_shingles=9)
    assert relate(known(2, BASE[:12]), [known(1, BASE)], policy) == ()
    assert relate(known(2, BASE[:13]), [known(1, BASE)], policy) != ()


def test_exact_before_near_before_excerpt_then_closer_then_earlier() -> None:
    longer = known(1, [*BASE, *words(300, seed=1)])
    nearer, near = known(3, edited(BASE, 2)), known(2, edited(BASE, 6))
    same = known(5, BASE)
    assert [r.evidence["matched"] for r in relate(known(9, BASE), [longer, near, nearer, same], POLICY)] == [5, 3, 2, 1]
    assert relate(known(9, BASE), [longer, near, nearer], POLICY)[0].other == 3
    contained = known(1, [*BASE, *words(100, seed=2)])  # containment 1, but J .75
    assert relate(known(9, BASE), [contained, near], POLICY)[0].other == 2
    twins = [known(4, BASE), known(3, BASE)]
    assert relate(known(9, BASE), twins, POLICY)[0].other == 3


def test_of_two_equally_near_the_one_that_holds_more_of_the_shorter_comes_first() -> None:
    whole, beginning = known(9, BASE), known(3, BASE[:226])
    other = known(2, [*BASE[:268], *words(56, seed=4)])
    assert jaccard(whole, beginning) == jaccard(whole, other) == 0.75
    assert relate(whole, [other, beginning], POLICY)[0].other == 3


def test_only_the_first_relation_is_a_copy() -> None:
    relations = relate(known(9, BASE), [known(1, edited(BASE, 3)), known(2, edited(BASE, 4, "other"))], POLICY)
    assert [r.is_copy for r in relations] == [True, False]


def test_a_match_with_a_copy_leads_to_its_canonical() -> None:
    canonical, copy = known(1, edited(BASE, 3)), known(2, BASE, canonical=1)
    (relation,) = relate(known(3, BASE), [copy, canonical], POLICY)
    assert (relation.kind, relation.other, relation.evidence["matched"], relation.is_copy) == ("exact", 1, 2, True)


@pytest.mark.parametrize("gone", [True, False])
def test_when_the_canonical_is_gone_the_earliest_surviving_copy_stands_in(gone: bool) -> None:
    canonical = known(1, BASE, alive=False)
    copies = [known(3, BASE, canonical=1), known(2, edited(BASE, 1), canonical=1)]
    earlier = known(0, words(300, seed=1))  # of no family: having come first does not make it the head of one
    (relation,) = relate(known(4, BASE), [earlier, *copies, *([canonical] if gone else [])], POLICY)
    assert (relation.other, relation.evidence["matched"]) == (2, 3)


def test_a_family_is_named_once_and_the_families_after_it_still_are() -> None:
    family = [known(1, BASE), known(2, edited(BASE, 1), canonical=1)]
    other = known(3, edited(BASE, 4, "other"))
    assert [r.evidence["matched"] for r in relate(known(9, BASE), [*family, other], POLICY)] == [1, 3]


def test_what_is_followed_comes_first_though_another_is_closer() -> None:
    """The closer one is a template of the same source; the copy is another newsroom's."""
    template = known(1, edited(BASE, 1), source="s", title="Man injured in council flat fire")
    copied = known(2, edited(BASE, 3, "other"))
    relations = relate(known(9, BASE, source="s", title="Tram line approved today"), [template, copied], POLICY)
    assert [(r.other, r.is_copy) for r in relations] == [(2, True), (1, False)]


def test_an_identical_text_is_followed_though_the_head_of_its_family_was_rewritten() -> None:
    family = [known(1, edited(BASE, 25)), known(2, BASE, canonical=1)]
    assert jaccard(known(9, BASE), family[0]) < POLICY.min_family_jaccard
    (relation,) = relate(known(9, BASE), family, POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("exact", 1, True)


def test_copies_of_a_copy_resolve_to_the_first() -> None:
    chain = [known(1, BASE), known(2, BASE, canonical=1), known(3, edited(BASE, 1), canonical=2)]
    assert relate(known(4, edited(BASE, 1)), chain, POLICY)[0].other == 1


def test_families_do_not_chain() -> None:
    """Each text is near the one before, but a copy has to resemble the canonical article as well."""
    step, texts = 9, [BASE]
    for number in range(4):
        changed = texts[-1].copy()
        for place in range(number * 70 + 5, number * 70 + 70, step):
            changed[place] = f"step{number}x{place}"
        texts.append(changed)
    members: list[Known] = []
    for seq, text in enumerate(texts, start=1):
        new = known(seq, text)
        relations = relate(new, members, POLICY)
        assert seq == 1 or relations[0].kind == "near"
        canonical = relations[0].other if relations and relations[0].is_copy else None
        if canonical is not None:
            assert jaccard(new, members[canonical - 1]) >= POLICY.min_family_jaccard
        members.append(replace(new, canonical=canonical))
    assert jaccard(members[0], members[-1]) < POLICY.min_family_jaccard
    assert [m.canonical for m in members].count(None) > 1


@pytest.mark.parametrize("shared", [{"source": "Daily Post"}, {"url": "https://news.example/a"}, {"article_id": "x"}])
def test_near_copies_of_the_same_origin_are_versions(shared: dict[str, str]) -> None:
    (relation,) = relate(known(2, edited(BASE, 5), **shared), [known(1, BASE, **shared)], POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("version_of", 1, True)
    assert relation.evidence["same_source"] == int("source" in shared)


def test_another_url_is_another_origin() -> None:
    one, other = ({"url": f"https://news.example/{name}"} for name in "ab")
    (relation,) = relate(known(2, edited(BASE, 5), **one), [known(1, BASE, **other)], POLICY)
    assert relation.kind == "near"


def test_sources_compare_without_case_and_absent_ones_are_not_the_same() -> None:
    def kind(one: str | None, other: str | None) -> str:
        return relate(known(2, edited(BASE, 5), source=one), [known(1, BASE, source=other)], POLICY)[0].kind

    assert kind("Daily Post ", "daily post") == "version_of"
    assert kind(None, None) == kind("", "") == kind("a", "b") == "near"


@pytest.mark.parametrize(("days", "copy"), [(3, True), (3.1, False)])
def test_what_recurs_in_the_same_source_is_a_template(days: float, copy: bool) -> None:
    later = known(2, edited(BASE, 5), source="s", published_at=NOON + timedelta(days=days))
    (relation,) = relate(later, [known(1, BASE, source="s", published_at=NOON)], POLICY)
    assert (relation.kind, relation.is_copy, relation.evidence["hours_apart"]) == ("version_of", copy, days * 24)


@pytest.mark.parametrize("time", ["published_at", "received_at"])
def test_a_template_is_one_whichever_of_the_two_came_first(time: str) -> None:
    earlier = {"source": "s", time: NOON - timedelta(days=4)}
    (relation,) = relate(
        known(2, edited(BASE, 5), **earlier),
        [known(1, BASE, source="s", published_at=None if time == "received_at" else NOON)],
        POLICY,
    )
    assert (relation.is_copy, relation.evidence["hours_apart"]) == (False, 96.0)


@pytest.mark.parametrize(
    ("title", "earlier", "copy"),
    [
        ("Council votes for tram line", "Council approves tram line budget", True),
        ("Council votes for tram line", "Man injured in council flat fire", False),
        ("Public safety log", "Tram line approved", False),
        ("New law for all: rents capped", "New law for all: cats counted", False),  # short words name nothing
        ("Tram line", "Council approves tram line", True),  # all that the shorter one says
        ("", "Council approves tram line", True),
        ("Vote", "In brief: a vote", True),
        ("市議会が予算を可決", "北部で大雪に注意", False),
    ],
)
def test_the_same_text_of_one_source_under_unlike_titles_is_a_template(title: str, earlier: str, copy: bool) -> None:
    old = known(1, BASE, source="s", title=earlier)
    for text in (BASE, edited(BASE, 5)):
        (relation,) = relate(known(2, text, source="s", title=title), [old], POLICY)
        assert (relation.kind, relation.is_copy) == ("exact" if text is BASE else "version_of", copy)
    (elsewhere,) = relate(known(2, BASE, title=title), [old], POLICY)
    assert elsewhere.is_copy  # other newsrooms write their own headlines


def test_a_revision_of_the_same_id() -> None:
    first = known(1, BASE, article_id="x")
    (near,) = relate(known(2, edited(BASE, 5), article_id="x"), [first], POLICY, previous=1)
    assert (near.kind, near.other, near.is_copy) == ("version_of", 1, True)
    (same,) = relate(known(2, BASE, article_id="x"), [first], POLICY, previous=1)
    assert (same.kind, same.is_copy) == ("version_of", True)
    (rewritten,) = relate(known(2, words(300, 7), article_id="x"), [first], POLICY, previous=1)
    assert (rewritten.kind, rewritten.other, rewritten.is_copy) == ("version_of", 1, False)
    (unseen,) = relate(known(2, BASE, article_id="x"), [], POLICY, previous=1)
    assert (unseen.kind, unseen.other, unseen.is_copy) == ("version_of", 1, False)


def test_a_revision_says_how_much_of_the_one_before_it_keeps() -> None:
    before, rewritten = known(1, BASE, article_id="x"), known(2, [*BASE[:100], *words(250, 7)], article_id="x")
    (relation,) = relate(rewritten, [before], POLICY, previous=1)
    shared = overlap(rewritten.fingerprint, before.fingerprint)
    assert relation == Relation(
        "version_of",
        1,
        {"matched": 1, "jaccard": round(shared.jaccard, 4), "containment": round(shared.containment, 4)},
        is_copy=False,
    )
    (unseen,) = relate(rewritten, [], POLICY, previous=1)
    assert unseen.evidence == {"matched": 1}


def made_from_one_form(*seqs: int) -> Callable[[int], bool]:
    return lambda seq: seq in seqs


def test_another_thing_from_one_form_is_no_copy_and_the_latest_is_named() -> None:
    earlier, latest, unlike = known(1, edited(BASE, 2)), known(3, edited(BASE, 6)), known(2, words(300, 4))
    new = known(9, BASE)
    (relation,) = relate(new, [latest, earlier, unlike], POLICY, two_things=made_from_one_form(1, 2, 3))
    shared = overlap(new.fingerprint, latest.fingerprint)
    assert (relation.kind, relation.other, relation.is_copy) == ("same_template", 3, False)
    assert relation.evidence["matched"] == 3
    assert relation.evidence["jaccard"] == round(shared.jaccard, 4)
    assert relation.evidence["containment"] == round(shared.containment, 4)
    assert relation.evidence["shared_shingles"] == shared.shared


def test_a_form_about_one_thing_twice_is_still_a_copy() -> None:
    other_thing, same_thing = known(1, edited(BASE, 2)), known(2, edited(BASE, 4))
    relations = relate(known(9, BASE), [other_thing, same_thing], POLICY, two_things=made_from_one_form(1))
    assert [(r.kind, r.other, r.is_copy) for r in relations] == [("near", 2, True), ("same_template", 1, False)]


def test_identical_texts_and_revisions_are_never_two_things() -> None:
    same, revision = known(1, BASE), known(2, edited(BASE, 3), article_id="x")
    relations = relate(known(9, BASE, article_id="x"), [same, revision], POLICY, two_things=made_from_one_form(1, 2))
    assert [r.kind for r in relations] == ["exact", "version_of"]


def test_the_issues_of_a_column_are_one_series_whatever_they_say() -> None:
    """Alike in title only. What is not told apart is left alone, and so is the column of another outlet."""
    title = "Morning briefing: {}"
    new = known(9, words(300, 1), title=title.format("ferries, schools and rain"), source="Post")
    old = known(1, words(300, 2), title=title.format("trains and taxes"), source="Post", hits=3)
    foreign = known(2, words(300, 3), title=title.format("fish"), source="Echo")
    (relation,) = relate(new, [old, foreign], POLICY, two_things=made_from_one_form(1, 2))
    assert (relation.kind, relation.other, relation.is_copy) == ("same_template", 1, False)
    assert (relation.evidence["jaccard"], relation.evidence["shared_terms"]) == (0.0, 3)
    assert relate(new, [old], POLICY) == ()
    assert relate(new, [known(3, words(300, 5), source="Post")], POLICY, two_things=made_from_one_form(3)) == ()


def test_a_bound_on_relations_leaves_room_for_the_series() -> None:
    longer = [known(seq, [*BASE, *words(200, seed)]) for seq, seed in enumerate(range(50, 70), start=1)]
    relations = relate(
        known(99, BASE), [*longer, known(30, edited(BASE, 2))], POLICY, two_things=made_from_one_form(30)
    )
    assert len(relations) == POLICY.max_relations
    assert (relations[-1].kind, relations[-1].other) == ("same_template", 30)


@pytest.mark.parametrize(("policy", "linked"), [({"min_jaccard": 0.0}, 1), ({"min_jaccard": 1e-9}, 0)])
def test_at_the_threshold_is_linked(policy: dict[str, float], linked: int) -> None:
    exact = replace(POLICY, min_containment=1.0, **policy)
    assert len(relate(known(2, BASE), [known(1, words(300, 9))], exact)) == linked


def test_at_the_family_threshold_it_still_follows() -> None:
    new, head, copy = (
        known(9, edited(BASE, 8)),
        known(1, BASE),
        known(2, edited(edited(BASE, 8), 1, "other"), canonical=1),
    )
    to_head = jaccard(new, head)
    for least, follows in ((to_head, True), (to_head + 1e-9, False)):
        (relation,) = relate(new, [head, copy], replace(POLICY, min_family_jaccard=least))
        assert (relation.is_copy, relation.evidence["matched"]) == (follows, 2)
        assert relation.other == (1 if follows else 2)


def test_hours_apart_are_those_of_publication_when_both_say_one() -> None:
    later = NOON + timedelta(minutes=90)
    both = relate(known(2, BASE, published_at=later), [known(1, BASE, published_at=NOON)], POLICY)
    assert both[0].evidence["hours_apart"] == 1.5
    one = relate(known(2, BASE, published_at=NOON + timedelta(days=9), received_at=later), [known(1, BASE)], POLICY)
    assert one[0].evidence["hours_apart"] == 1.5
    other = relate(known(2, BASE, received_at=later), [known(1, BASE, published_at=NOON + timedelta(days=9))], POLICY)
    assert other[0].evidence["hours_apart"] == 1.5
    long_ago = relate(known(2, BASE, received_at=NOON + timedelta(hours=7200.4)), [known(1, BASE)], POLICY)
    assert long_ago[0].evidence["hours_apart"] == 7200.4


def test_of_equally_long_texts_the_later_is_the_excerpt() -> None:
    one, other = [*BASE, *words(20, 3)], [*BASE, *words(20, 4)]
    (relation,) = relate(known(2, one), [known(1, other)], replace(POLICY, min_jaccard=1.0))
    assert (relation.kind, relation.evidence["direction"]) == ("excerpt_of", "contained")


def test_a_revision_keeps_its_link_beside_another_copy() -> None:
    candidates = [known(1, BASE), known(2, edited(BASE, 3), article_id="x", canonical=1)]
    relations = relate(known(3, BASE, article_id="x"), candidates, POLICY, previous=2)
    assert [(r.kind, r.other, r.is_copy) for r in relations] == [("exact", 1, True), ("version_of", 2, False)]


def test_the_dead_itself_and_other_schemes_are_no_candidates() -> None:
    old = known(1, BASE)
    foreign = replace(old, fingerprint=replace(old.fingerprint, scheme="another"))
    assert relate(known(2, BASE), [known(1, BASE, alive=False), foreign, known(2, BASE)], POLICY) == ()


def test_what_was_registered_before_counts_whatever_its_number() -> None:
    """Two workers may register in another order than articles were accepted; the later to register must see the earlier."""
    (relation,) = relate(known(2, BASE), [known(3, BASE)], POLICY)
    assert (relation.other, relation.is_copy) == (3, True)


@pytest.mark.parametrize("text", ["", "Weather forecast", "Rain later"])
def test_empty_and_tiny_texts_relate_to_nothing(text: str) -> None:
    assert relate(known(2, text), [known(1, text)], POLICY) == ()


def test_a_short_note_is_a_copy_only_when_identical() -> None:
    note = "Police have closed the northern bridge until further notice."
    (relation,) = relate(known(2, note), [known(1, note)], POLICY)
    assert (relation.kind, relation.evidence["jaccard"], relation.evidence["shared_shingles"]) == ("exact", 1.0, 0)
    assert relate(known(2, note.replace("northern", "southern")), [known(1, note)], POLICY) == ()


def test_relations_are_bounded() -> None:
    longer = [known(seq, [*BASE, *words(200, seed)]) for seq, seed in enumerate(range(50, 70), start=1)]
    assert len(relate(known(99, BASE), longer, POLICY)) == POLICY.max_relations


texts = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 120), st.integers(0, 250), st.integers(0, 14)), max_size=6)


@settings(max_examples=150, deadline=None)
@given(texts, st.randoms(use_true_random=False))
def test_the_order_of_candidates_is_irrelevant(shapes: list[tuple[int, int, int, int]], rng: random.Random) -> None:
    candidates: list[Known] = []
    for seq, (seed, start, length, edits) in enumerate(shapes, start=1):
        text = words(300, seed)[start : start + length]
        canonical = rng.choice([None, *range(1, seq)])
        candidates.append(known(seq, edited(text, edits) if edits and text else text, canonical=canonical))
    new = known(50, BASE)
    expected = relate(new, candidates, POLICY)
    shuffled = candidates.copy()
    rng.shuffle(shuffled)
    assert relate(new, shuffled, POLICY) == expected
    _check_invariants(new, {k.seq: k for k in candidates}, expected)


def _check_invariants(new: Known, candidates: dict[int, Known], relations: tuple[Relation, ...]) -> None:
    assert sum(r.is_copy for r in relations) <= 1
    assert not any(r.is_copy for r in relations[1:])
    for relation in relations:
        matched = candidates[int(relation.evidence["matched"])]
        assert relation.other in candidates
        if relation.kind == "near":
            assert jaccard(new, matched) >= POLICY.min_jaccard
        if relation.is_copy:
            assert jaccard(new, candidates[relation.other]) >= POLICY.min_family_jaccard
        if relation.kind == "excerpt_of":
            assert overlap(new.fingerprint, matched.fingerprint).containment >= POLICY.min_containment


@settings(max_examples=100, deadline=None)
@given(st.integers(20, 300), st.integers(20, 300), st.integers(0, 20))
def test_the_kind_does_not_depend_on_who_came_first(one_length: int, other_length: int, edits: int) -> None:
    one, other = BASE[:one_length], BASE[:other_length]
    other = edited(other, edits) if edits else other
    forth, back = relate(known(2, one), [known(1, other)], POLICY), relate(known(2, other), [known(1, one)], POLICY)
    assert [r.kind for r in forth] == [r.kind for r in back]
    for a, b in zip(forth, back, strict=True):
        assert (a.evidence["jaccard"], a.evidence["containment"]) == (b.evidence["jaccard"], b.evidence["containment"])
        if a.kind == "excerpt_of" and a.evidence["shingles"] != a.evidence["other_shingles"]:
            assert {a.evidence["direction"], b.evidence["direction"]} == {"contained", "contains"}


def test_exact_hits_come_first_then_many_shared_terms_then_the_earliest() -> None:
    found = candidates(exact={9: 1}, bands={3: 2, 5: 30}, sketch={3: 40, 4: 42, 2: 1, 9: 1})
    assert list(found.items()) == [(9, 2), (3, 42), (4, 42), (5, 30), (2, 1)]


def test_known_from_stored_facts() -> None:
    text_fingerprint = known(1, BASE).fingerprint
    copy = Relation("near", 3)
    published_at = NOON - timedelta(hours=1)
    facts = PreparedFacts(7, "x", "s", "u", "en", "t", published_at, NOON, "assigned", (copy,))
    expected = Known(7, text_fingerprint, "x", NOON, published_at, "s", "u", "t", canonical=3)
    assert Known.of(facts, text_fingerprint) == expected
    assert Known.of(replace(facts, relations=(replace(copy, is_copy=False),)), text_fingerprint).canonical is None
    assert not Known.of(replace(facts, state="erased"), text_fingerprint).alive
    assert Known.of(replace(facts, state="pending"), text_fingerprint).alive


def test_one_that_is_not_earlier_is_compared_and_never_followed() -> None:
    (relation,) = relate(known(2, BASE), [known(1, BASE, earlier=False)], POLICY)
    assert (relation.kind, relation.other, relation.is_copy) == ("exact", 1, False)


@pytest.mark.timeout(30)
def test_copies_that_name_each_other_do_not_go_round() -> None:
    circle = [known(1, BASE, canonical=2), known(2, BASE, canonical=1)]
    assert relate(known(3, BASE), circle, POLICY)[0].is_copy
    further_on = [known(1, BASE, canonical=2), known(2, BASE, canonical=3), known(3, BASE, canonical=2)]
    assert relate(known(4, BASE), further_on, POLICY)[0].is_copy


def test_who_takes_the_place_of_a_lost_original_is_followed_only_if_registered_before() -> None:
    before, meanwhile = known(3, BASE, canonical=1), known(2, edited(BASE, 2), canonical=1, earlier=False)
    (relation,) = relate(known(9, BASE), [before, meanwhile], POLICY)
    assert not relation.is_copy
    (relation,) = relate(known(9, BASE), [before], POLICY)
    assert (relation.other, relation.is_copy) == (3, True)

"""The preparer over a real store: what it writes of each article, which earlier ones it compares it with, and whom it tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs
from support.articles import FLOOD, STRIKE, SetClock
from support.desk import MONDAY, Desk

from clusterer.adapters.encoder import HashingEncoder
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint
from clusterer.core.evidence.evidence import extract
from clusterer.core.model import Document, Relation
from clusterer.core.records import Draft
from clusterer.pipeline.metrics import Metrics
from clusterer.pipeline.stages import prepare
from clusterer.pipeline.stages.prepare import PreparePolicy, Preparer
from clusterer.ports import CollectionStore, Store


class NotedHints:
    """Counts what it was told."""

    def __init__(self) -> None:
        self.told = 0

    def articles(self) -> None:
        raise AssertionError("nothing new is in the inbox")

    def clusters(self) -> None:
        self.told += 1

    def taken(self, queue: str) -> None:
        raise AssertionError("only a task takes a hint")


class NotedEncoder(HashingEncoder):
    """Keeps the texts that it embedded."""

    def __init__(self) -> None:
        super().__init__(16)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts.extend(texts)
        return super().encode(texts)


class Scene:
    """One collection and a preparer of it."""

    def __init__(self, books: CollectionStore, **policy: object) -> None:
        self.books = books
        self.desk = Desk(books)
        self.hints = NotedHints()
        self.encoder = NotedEncoder()
        self.metrics = Metrics(CollectorRegistry())
        self.preparer = Preparer(
            books,
            self.encoder,
            self.hints,
            SetClock(),
            PreparePolicy(**policy),  # type: ignore[arg-type]
            self.metrics,
        )

    def accept(self, article_id: str, text: str, **fields: object) -> int:
        (receipt,) = self.desk.receive(article_id, **({"text": text, "title": None, "source": None} | fields))
        return receipt.seq

    def run(self) -> int:
        return self.preparer.run("w")

    def relations(self, seq: int) -> list[tuple[str, int, bool]]:
        (facts,) = self.books.facts([seq])
        assert facts is not None
        return [(relation.kind, relation.other, relation.is_copy) for relation in facts.relations]

    def count(self, name: str, **labels: str) -> float | None:
        return self.metrics.work.get_sample_value(f"clusterer_{name}", labels)


@pytest.fixture
def books(store: Store) -> CollectionStore:
    store.create_collection("news", {})
    return store.collection("news")


@pytest.fixture
def scene(books: CollectionStore) -> Scene:
    return Scene(books)


def edited(text: str, number: int = 0) -> str:
    """A near-copy."""
    return text.replace("The ", f"The {number} ", 1) + f" Edition {number}."


def test_an_article_is_cleaned_embedded_and_handed_on(scene: Scene) -> None:
    seq = scene.accept("a", FLOOD + "\n\nSign up for our newsletter!", title="Flood at Lowfield", lang=None)
    assert scene.run() == 1
    document = scene.books.document(seq)
    assert document is not None
    assert (document.text, document.title, document.lang) == (FLOOD, "Flood at Lowfield", "en")
    (evidence,) = scene.books.evidence([seq])
    assert evidence is not None
    assert evidence.movable
    assert evidence.sparse == extract(document)
    assert scene.books.vectors([seq]) == [scene.encoder.encode(scene.encoder.texts[:1]).astype(np.float16).tobytes()]
    assert scene.encoder.texts[0].startswith("Flood at Lowfield. The river Wend")
    assert scene.desk.waiting("ready") == [seq]
    assert scene.hints.told == 1
    assert scene.run() == 0
    assert scene.hints.told == 1, "nothing was handed on"


def test_text_is_kept_as_sent_where_it_is_not_to_be_cleaned(books: CollectionStore) -> None:
    scene = Scene(books, cleaning=False)
    sent = FLOOD + "\n\nSign up for our newsletter!"
    text, page, title = (
        scene.accept("a", sent, title="Flood", lang="en-gb", source="Post"),
        scene.accept("b", "", html="<p>Page</p>", source="Post"),
        scene.accept("c", "", title="Only a title", source="Post"),
    )
    scene.run()
    assert scene.books.document(text) == Document("Flood", sent, lang="en-gb")
    assert [scene.books.document(seq) for seq in (page, title)] == [
        Document("", "<p>Page</p>", lang="en"),
        Document("Only a title", "", lang="en"),
    ]
    assert scene.books.boilerplate_sources() == [], "nothing is learnt from pages that are not cleaned"


def test_what_became_of_each_is_counted(scene: Scene) -> None:
    scene.accept("a", FLOOD)
    scene.accept("b", FLOOD)
    scene.accept("c", edited(FLOOD))
    scene.accept("d", " ".join(FLOOD.split()[:50]))
    scene.accept("e", STRIKE)
    scene.accept("e", STRIKE + " The talks go on.", content="second")
    scene.run()
    outcomes = ("new", "exact", "near", "excerpt", "version", "template")
    counted = [scene.count("articles_ingested_total", outcome=outcome) for outcome in outcomes]
    assert counted == [2, 1, 1, 1, 1, None]
    for stage, times in (("clean", 6), ("fingerprint", 6), ("embed", 1)):
        assert scene.count("stage_duration_seconds_count", stage=stage) == times
    assert scene.count("lsh_candidates_count") == 6
    assert scene.count("lsh_candidates_sum") == 0 + 1 + 2 + 3 + 0 + 1


def test_a_part_of_a_batch_is_embedded_while_the_next_is_cleaned(scene: Scene) -> None:
    encode = scene.encoder.encode
    cleaned_meanwhile = threading.Event()

    def waiting(texts: Sequence[str]) -> np.ndarray:
        until = time.monotonic() + 60
        while scene.count("stage_duration_seconds_count", stage="clean") != 20 and time.monotonic() < until:
            time.sleep(0.001)
        if scene.count("stage_duration_seconds_count", stage="clean") == 20:
            cleaned_meanwhile.set()
        return encode(texts)

    scene.encoder.encode = waiting  # type: ignore[method-assign]
    texts = [" ".join(f"gauge{number}of{place}" for place in range(20)) for number in range(20)]
    seqs = [scene.accept(f"a-{number}", text) for number, text in enumerate(texts)]
    assert scene.run() == 20
    assert cleaned_meanwhile.is_set()
    assert scene.books.vectors(seqs) == [vector.tobytes() for vector in encode(texts).astype(np.float16)]


def test_copies_are_told_apart_before_anything_is_embedded(scene: Scene) -> None:
    first = scene.accept("a", FLOOD)
    second = scene.accept("b", FLOOD)
    scene.run()
    assert len(scene.encoder.texts) == 1
    assert scene.relations(second) == [("exact", first, True)]
    original, copy = scene.books.evidence([first, second])
    assert original and copy
    assert (original.comparable, copy.comparable) == (True, False)
    assert (bool(original.sparse.terms), copy.sparse.terms) == (True, ())  # its document gives them


@pytest.mark.parametrize("together", [1, 2, 3, 16])
def test_a_batch_is_one_whatever_is_registered_together(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Relations decided in a batch are not stored yet when the next part of it is compared."""
    monkeypatch.setattr(prepare, "_REGISTERED_TOGETHER", together)
    seqs = [scene.accept(f"a{number}", edited(FLOOD, number)) for number in range(5)]
    other = scene.accept("b", STRIKE)
    register, sizes = scene.books.register, []

    def counting(drafts: Sequence[Draft]) -> object:
        sizes.append(len(drafts))
        return register(drafts)

    monkeypatch.setattr(scene.books, "register", counting)
    scene.run()
    assert [scene.relations(seq) for seq in seqs] == [[], *[[("near", seqs[0], True)]] * 4]
    assert scene.relations(other) == []
    assert sizes == [len(range(6)[at : at + together]) for at in range(0, 6, together)]


def test_articles_are_prepared_in_the_order_in_which_they_came(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.accept("a", FLOOD), scene.accept("b", FLOOD)
    lease = scene.books.lease
    monkeypatch.setattr(scene.books, "lease", lambda *given: lease(*given)[::-1])
    scene.run()
    assert (scene.relations(first), scene.relations(second)) == ([], [("exact", first, True)])


def test_a_copy_of_a_copy_is_a_copy_of_the_original(scene: Scene) -> None:
    """The original itself shares no posting term with the last: it is read because the copy between names it."""
    words = FLOOD.split()
    original = scene.accept("a", FLOOD)
    between = scene.accept("b", " ".join(words[:-3]) + " More was not known.")
    scene.run()
    last = scene.accept("c", " ".join(words[:-3]) + " More was not known yet.")
    hits = scene.books.register

    def of_the_copy_only(drafts: Sequence[Draft]) -> object:
        found = hits(drafts)
        return [{seq: shared for seq, shared in one.items() if seq != original} for one in found]

    scene.books.register = of_the_copy_only  # type: ignore[method-assign, assignment]
    scene.run()
    assert scene.relations(between) == [("near", original, True)]
    assert scene.relations(last) == [("near", original, True)]


def test_a_new_version_names_the_one_before_however_different_it_is(scene: Scene) -> None:
    first = scene.accept("a", FLOOD)
    second = scene.accept("a", STRIKE, content="second")
    third = scene.accept("a", STRIKE + " Talks go on.", content="third")
    scene.run()
    assert scene.relations(second) == [("version_of", first, False)]
    assert ("version_of", second, True) in scene.relations(third)
    (facts,) = scene.books.facts([second])
    assert facts is not None
    assert facts.relations[0].evidence.keys() == {"matched", "jaccard", "containment"}, (
        "it was compared, though not found"
    )


def test_an_article_that_copies_another_is_counted_as_a_copy_also_where_it_is_a_new_version(scene: Scene) -> None:
    original, first = scene.accept("a", FLOOD), scene.accept("b", STRIKE)
    scene.run()
    second = scene.accept("b", FLOOD, content="second")
    scene.run()
    assert scene.relations(second) == [("exact", original, True), ("version_of", first, False)]
    assert scene.count("articles_ingested_total", outcome="exact") == 1
    (facts,) = scene.books.facts([second])
    assert facts is not None
    assert facts.relations[0].evidence["shared_terms"] > 1


def test_a_version_taken_before_the_one_before_it_follows_nobody(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one before may just be finding, at another worker, that it is a copy of this one."""
    first = scene.accept("a", FLOOD)
    second = scene.accept("a", edited(FLOOD), content="second")
    lease = scene.books.lease
    monkeypatch.setattr(scene.books, "lease", lambda *given: [entry for entry in lease(*given) if entry.seq == second])
    scene.run()
    assert scene.relations(second) == [("version_of", first, False)]
    assert scene.books.facts([first])[0].state == "pending"  # type: ignore[union-attr]


def test_what_is_told_of_an_arrival_is_what_was_sent(scene: Scene) -> None:
    """By the URL a changed text is the same page again, whoever sent it under which id."""
    first = scene.accept("a", FLOOD, url="https://post.example/flood")
    second = scene.accept("b", edited(FLOOD), url="https://post.example/flood")
    third = scene.accept("c", edited(FLOOD, 1), url="https://courier.example/flood")
    scene.run()
    assert scene.relations(second) == [("version_of", first, True)]
    assert scene.relations(third) == [("near", first, True)]


def test_a_form_that_the_same_source_fills_again_days_later_is_no_copy(scene: Scene) -> None:
    """By publication, though both came at once."""
    first = scene.accept("a", FLOOD, source="Post", published_at=MONDAY)
    second = scene.accept("b", edited(FLOOD), source="Post", published_at=MONDAY + timedelta(days=4))
    scene.run()
    assert scene.relations(second) == [("version_of", first, False)]


def test_the_version_before_that_is_registered_meanwhile_is_not_followed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between registering and reading, by another worker, which now may make it a copy of this one."""
    first = scene.accept("a", FLOOD)
    second = scene.accept("a", edited(FLOOD), content="second")
    lease, register, made = scene.books.lease, scene.books.register, []
    monkeypatch.setattr(scene.books, "lease", lambda *given: [entry for entry in lease(*given) if entry.seq == second])

    def and_the_one_before(drafts: Sequence[Draft]) -> object:
        hits = register(drafts)
        made.extend(drafts)
        (received,) = scene.books.received([first])
        assert received is not None
        register([replace(drafts[0], entry="", received=received)])
        return hits

    monkeypatch.setattr(scene.books, "register", and_the_one_before)
    scene.run()
    assert [one.seq for one in made] == [second]
    assert scene.relations(second) == [("version_of", first, False)]


def test_nor_is_the_one_that_the_version_before_follows_meanwhile(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the second version, which the first one follows: the second would wait for its own copy, and the copy for it."""
    first = scene.accept("a", edited(FLOOD, 1))
    second = scene.accept("a", FLOOD, content="second")
    copy = scene.accept("b", FLOOD)
    other_text = fingerprint(Document("", edited(FLOOD, 1)), FingerprintPolicy())
    lease, register = scene.books.lease, scene.books.register
    monkeypatch.setattr(scene.books, "lease", lambda *given: [entry for entry in lease(*given) if entry.seq == second])

    def and_two_others(drafts: Sequence[Draft]) -> object:
        hits = register(drafts)
        for seq, followed in ((copy, second), (first, copy)):
            (received,) = scene.books.received([seq])
            assert received is not None
            relations = (Relation("near", followed, {"matched": followed}, is_copy=True),)
            made = replace(drafts[0], entry="", received=received, relations=relations)
            made = replace(made, fingerprint=other_text) if seq == first else made
            register([made])
            scene.books.hand_over([made], scene.encoder.fingerprint)
        return hits

    monkeypatch.setattr(scene.books, "register", and_two_others)
    scene.run()
    assert ("exact", copy, False) in scene.relations(second)
    assert not any(is_copy for _, _, is_copy in scene.relations(second))


def test_nothing_is_told_apart_from_one_whose_text_is_gone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Expired between two reads, and no fault of the article that came."""
    title = f"Insolvency: {filled(0)[20:60]}"
    first = scene.accept("a0", filled(0), title=title, source="Gazette")
    scene.run()
    monkeypatch.setattr(scene.books, "document", lambda _: None)
    second = scene.accept("a1", filled(1), title=title, source="Gazette")
    scene.run()
    assert scene.relations(second) == []
    assert scene.desk.waiting("ready") == [first, second]


def test_articles_that_are_done_with_are_not_prepared_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.accept("a", FLOOD), scene.accept("b", STRIKE)
    assert scene.books.erase(second, MONDAY)
    third = scene.accept("c", STRIKE)
    leased = scene.books.lease

    def with_the_erased(*given: object) -> object:
        entries = leased(*given)  # type: ignore[arg-type]
        return [*entries, type(entries[0])("0-1", second, 1), type(entries[0])("0-2", 99, 1)]

    monkeypatch.setattr(scene.books, "lease", with_the_erased)
    with capture_logs() as lines:
        assert scene.run() == 4
    assert (lines, len(scene.encoder.texts)) == ([], 2)
    monkeypatch.undo()
    assert scene.desk.waiting("ready") == [first, third]
    assert scene.books.evidence([second]) == [None]


def test_a_digest_of_many_events_moves_no_clusters_centre(scene: Scene) -> None:
    items = "\n\n".join(f"{sentence}." for sentence in (FLOOD + " " + STRIKE).split(". "))
    digest = scene.accept("a", items, title="Morning briefing: five things to know today")
    story = scene.accept("b", FLOOD, title="Flood at Lowfield")
    scene.run()
    flags = [
        (facts.movable, scene.books.document(facts.seq).multi_event) for facts in scene.books.facts([digest, story])
    ]  # type: ignore[union-attr]
    assert flags == [(False, True), (True, False)]


FORM = (
    "The county court of {town} has opened insolvency proceedings over the assets of {firm}, {street}. "
    "Creditors are asked to submit their claims in writing to the administrator, {person}, by {day}. "
    "The meeting of creditors takes place in room {room} of the court. The file number is {number}. "
    "Objections may be raised within two weeks of this notice, in writing or for the record of the office."
)


def filled(number: int) -> str:
    towns, names = ("Orvale", "Besk", "Tollin", "Marren"), ("Kerr", "Odum", "Pahl", "Quist")
    return FORM.format(
        town=towns[number % 4],
        firm=f"{names[number % 4]} and Sons {('Bakers', 'Tilers', 'Printers', 'Joiners')[number % 4]}",
        street=f"{('Mill', 'Dock', 'Chapel', 'North')[number % 4]} Street {number + 3}",
        person=f"{('Ada', 'Ben', 'Cleo', 'Dora')[number % 4]} {names[(number + 1) % 4]}",
        day=f"{number + 4} May",
        room=11 * (number + 1),
        number=f"{number + 1}7{number} IN {number + 3}",
    )


@pytest.mark.parametrize("together", [True, False])
def test_two_things_from_one_form_are_no_copies(scene: Scene, together: bool) -> None:
    """Whether the earlier one is stored already or is in the same batch."""
    seqs = []
    for number in range(3):
        seqs.append(
            scene.accept(f"a{number}", filled(number), title=f"Insolvency: {filled(number)[20:60]}", source="Gazette")
        )
        if not together:
            scene.run()
    scene.run()
    assert [scene.relations(seq) for seq in seqs[1:]] == [
        [("same_template", seqs[0], False)],
        [("same_template", seqs[1], False)],
    ]
    assert scene.count("articles_ingested_total", outcome="template") == 2
    assert all(scene.books.vectors(seqs))


def test_boilerplate_is_learnt_from_pages_that_are_no_copies(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    observed: list[tuple[str | None, str, object]] = []
    monkeypatch.setattr(
        scene.preparer._boilerplate,
        "observe",
        lambda pages: observed.extend((source, document.text, at) for source, document, at in pages),
    )
    later = MONDAY + timedelta(hours=1)
    scene.accept("a", FLOOD, source="Post")
    scene.accept("b", FLOOD, source="Post")
    first, second = (
        scene.accept(f"c{n}", filled(n), title=f"Insolvency: {filled(n)[20:60]}", source="Gazette", received_at=later)
        for n in (0, 1)
    )
    scene.run()
    assert scene.relations(second) == [("same_template", first, False)]
    assert observed == [
        ("Post", FLOOD, MONDAY),
        ("Gazette", filled(0), later),
        ("Gazette", filled(1), later),
    ]


def test_the_shipped_policy() -> None:
    policy = PreparePolicy()
    assert (policy.cleaning, policy.batch, policy.lease_s, policy.max_attempts) == (True, 64, 30.0, 5)

"""What recurs on a source's pages is learnt while articles flow, cut with its reason, and can be read and reset."""

from __future__ import annotations

import random

from support.articles import SetClock

from clusterer.bootstrap import Clusterer
from clusterer.core.lines.reasons import sentence
from clusterer.core.model import Document
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.stages.boilerplate import Boilerplate

PLEA = "The Lowfield Ledger is owned by its readers, and it has no other income than what two thousand of them pay each month."
WORDS = [
    "harbour",
    "council",
    "bridge",
    "tram",
    "school",
    "market",
    "river",
    "theatre",
    "budget",
    "strike",
    "storm",
    "clinic",
    "orchard",
    "railway",
    "museum",
    "garden",
]


def page(number: int) -> ArticleIn:
    random_ = random.Random(number)
    sentences = [
        f"The {random_.choice(WORDS)} near the {random_.choice(WORDS)} was {random_.choice(WORDS)} {random_.randrange(9999)} "
        f"when {random_.choice(WORDS)} and {random_.choice(WORDS)} met on day {random_.randrange(9999)} of the year."
        for _ in range(6)
    ]
    text = "\n\n".join([*sentences[:3], PLEA, *sentences[3:]])
    return ArticleIn(id=f"p{number}", title=f"{random_.choice(WORDS)} {number}", text=text, source="Lowfield Ledger")


def test_a_recurring_paragraph_is_cut_and_reported(service: Clusterer, collection: Collection, clock: SetClock) -> None:
    for number in range(12):
        collection.intake.accept([page(number)])
        service.drain()
        clock.forward(hours=3)
    first, last = collection.books.document(1), collection.books.document(12)
    assert first is not None
    assert last is not None
    assert PLEA in first.text
    assert PLEA not in last.text
    assert any(cut.text.startswith(PLEA[:40]) and "stands on" in sentence(cut) for cut in last.cuts)
    boilerplate = Boilerplate(collection.books)
    assert [one.text[:20] for one in boilerplate.recurring("Lowfield Ledger", clock.now())] == [PLEA[:20]]
    assert collection.books.boilerplate_sources() == ["Lowfield Ledger"]
    boilerplate.reset("Lowfield Ledger")
    assert boilerplate.recurring("Lowfield Ledger", clock.now()) == []


def test_what_is_reset_while_a_batch_is_worked_on_stays_reset(collection: Collection, clock: SetClock) -> None:
    boilerplate = Boilerplate(collection.books)
    seen = Document(title="", text=PLEA)
    boilerplate.observe([("Lowfield Ledger", seen, clock.now())] * 9)
    boilerplate.begin_batch()
    learnt = boilerplate.of("Lowfield Ledger", clock.now())
    assert learnt is not None
    assert learnt.recurrence(PLEA)
    Boilerplate(collection.books).reset("Lowfield Ledger")
    boilerplate.observe([("Lowfield Ledger", seen, clock.now())])
    assert boilerplate.recurring("Lowfield Ledger", clock.now()) == []


def test_a_batch_reads_what_another_worker_has_learnt(collection: Collection, clock: SetClock) -> None:
    mine, others = Boilerplate(collection.books), Boilerplate(collection.books)
    seen = Document(title="", text=PLEA)
    mine.of("Lowfield Ledger", clock.now())
    others.observe([("Lowfield Ledger", seen, clock.now())] * 5)
    mine.observe([("Lowfield Ledger", seen, clock.now())])
    assert [one.pages for one in others.recurring("Lowfield Ledger", clock.now())] == [6.0]

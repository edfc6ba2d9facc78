"""The posting index: who shares terms with whom, in which order."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from support.desk import Desk, at, draft, enter

from clusterer.core.model import Document, IndexTerms
from clusterer.core.records import Draft
from clusterer.ports import CollectionStore

DAY = 24 * 60


def term(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.fixture
def accepted(desk: Desk) -> CollectionStore:
    """Twenty accepted articles."""
    desk.accept(*[f"a{i}" for i in range(20)])
    return desk.books


def cleaned(seq: int, *bands: bytes) -> Draft:
    document = Document(title=f"T{seq}", text="text", lang="fi")
    return draft(seq, document=document, terms=IndexTerms(term(9), bands, (term(seq % 2),)), received_at=at(seq))


def test_of_several_registered_together_each_sees_those_before_it(accepted: CollectionStore) -> None:
    first = accepted.register([cleaned(1, term(1)), cleaned(2, term(1), term(2))])
    assert first == [{}, {1: 2}]
    assert accepted.register([cleaned(3, term(2)), cleaned(2, term(1), term(2))]) == [
        {1: 2, 2: 2},
        first[1],
    ]
    assert [known and known.fingerprint.exact for known in accepted.registered([1, 2, 3, 4])] == [1, 2, 3, None]
    assert [facts and (facts.title, facts.lang) for facts in accepted.facts([2, 3])] == [("T2", "fi"), ("T3", "fi")]


def test_registered_together_or_one_by_one_is_the_same(accepted: CollectionStore) -> None:
    for seq in (1, 2):
        enter(accepted, seq, term(9), [term(1)], [term(seq % 2)], at(seq))
    together = accepted.register([cleaned(seq, term(1)) for seq in range(3, 20)])
    assert together[-1] == enter(accepted, 19, term(9), [term(1)], [term(1)], at(19))
    assert set(together[-1]) == set(range(1, 19))


def test_registering_nobody_or_too_many_together(accepted: CollectionStore) -> None:
    assert accepted.register([]) == []
    assert accepted.register([cleaned(999, term(1))]) == [{}]
    with pytest.raises(ValueError, match="65 items"):
        accepted.register([cleaned(seq, term(1)) for seq in range(65)])


def test_later_articles_see_the_earlier_ones_that_share_terms(accepted: CollectionStore) -> None:
    bands = [term(1), term(2), term(3)]
    assert enter(accepted, 1, term(9), bands, [term(5), term(6)], at(0)) == {}
    hits = enter(accepted, 2, term(9), [term(2), term(3), term(4)], [term(6)], at(1))
    assert hits == {1: 4}
    hits = enter(accepted, 3, term(8), [term(3), term(4)], [], at(2))
    assert hits == {1: 1, 2: 2}


def test_the_same_words_come_first_then_who_shares_most(accepted: CollectionStore) -> None:
    bands = [term(1), term(2), term(3)]
    enter(accepted, 1, None, bands[:1], [], at(0))
    enter(accepted, 2, None, bands, [], at(0))
    enter(accepted, 3, term(9), [], [], at(0))
    assert list(enter(accepted, 4, term(9), bands, [], at(0)).items()) == [(3, 1), (2, 3), (1, 1)]


def test_kinds_of_terms_do_not_meet(accepted: CollectionStore) -> None:
    enter(accepted, 1, term(1), [term(2)], [term(3)], at(0))
    assert enter(accepted, 2, term(2), [term(3)], [term(1)], at(0)) == {}


def test_the_order_of_registration_counts_not_the_number(accepted: CollectionStore) -> None:
    assert enter(accepted, 7, None, [term(1)], [], at(5)) == {}
    assert enter(accepted, 3, None, [term(1)], [], at(5)) == {7: 1}


def test_registering_again_shows_no_one_who_came_later(accepted: CollectionStore) -> None:
    enter(accepted, 1, term(1), [term(2), term(3)], [term(4)], at(0))
    first = enter(accepted, 2, term(1), [term(2)], [term(4)], at(1))
    enter(accepted, 3, term(1), [term(2), term(3)], [term(4)], at(2))
    assert enter(accepted, 2, term(1), [term(2)], [term(4)], at(1)) == first
    assert enter(accepted, 1, term(1), [term(2), term(3)], [term(4)], at(0)) == {}
    assert enter(accepted, 4, None, [term(2)], [], at(3)) == {1: 1, 2: 1, 3: 1}


def test_registering_again_with_other_words_shows_no_one_who_came_later(accepted: CollectionStore) -> None:
    """Boilerplate of its source was learnt in between, so that the text was cut in another way."""
    assert enter(accepted, 3, term(9), [term(1)], [], at(0)) == {}
    assert enter(accepted, 2, term(8), [term(2)], [], at(1)) == {}
    assert enter(accepted, 4, term(7), [term(2)], [], at(2)) == {2: 1}
    assert enter(accepted, 3, term(6), [term(2)], [], at(3)) == {}
    assert enter(accepted, 2, term(9), [term(1)], [], at(4)) == {3: 2}
    assert enter(accepted, 5, term(5), [term(2)], [], at(5)) == {2: 1, 3: 1, 4: 1}


def test_a_copy_registered_again_after_it_was_handed_over_shows_no_one_who_came_later(
    desk: Desk, accepted: CollectionStore
) -> None:
    """An article whose commit failed is prepared anew; two that each came before the other would follow each other for ever."""
    terms = IndexTerms(term(1), (term(2), term(3)), (term(4),))

    def register(seq: int) -> Mapping[int, int]:
        words = draft(1).fingerprint
        return accepted.register([draft(seq, terms=terms, fingerprint=words, received_at=at(seq))])[0]

    assert [register(1), register(2)] == [{}, {1: 4}]
    desk.hand_over(draft(1), draft(2, copy_of=1))
    register(3)
    assert register(2) == {1: 4}


def test_the_same_term_twice_counts_once(accepted: CollectionStore) -> None:
    enter(accepted, 1, None, [term(1), term(1)], [], at(0))
    assert enter(accepted, 2, None, [term(1), term(1)], [], at(0)) == {1: 1}


def test_an_article_without_terms_meets_no_one(accepted: CollectionStore) -> None:
    enter(accepted, 1, None, [], [], at(0))
    assert enter(accepted, 2, None, [], [], at(0)) == {}


def test_terms_vanish_with_time(accepted: CollectionStore) -> None:
    enter(accepted, 1, term(1), [term(2)], [term(3)], at(0))
    assert enter(accepted, 2, term(1), [], [], at(13 * DAY)) == {1: 1}
    assert enter(accepted, 3, term(1), [term(2)], [term(3)], at(60 * DAY)) == {}


def test_an_article_that_comes_late_still_meets_the_newest(accepted: CollectionStore) -> None:
    enter(accepted, 1, None, [term(1)], [], at(10 * DAY))
    assert enter(accepted, 2, None, [term(1)], [], at(0)) == {1: 1}
    assert enter(accepted, 3, None, [term(1)], [], at(10 * DAY)) == {1: 1, 2: 1}
    assert enter(accepted, 2, None, [term(1)], [], at(0)) == {1: 1}


def test_lists_are_capped(desk: Desk) -> None:
    for batch in range(3):
        desk.accept(*[f"a{batch}-{i}" for i in range(50)])
    answers = [enter(desk.books, seq, None, [term(1), term(seq + 1)], [], at(0)) for seq in range(1, 151)]
    full = max(map(len, answers)) + 1
    assert 10 < full <= 101
    for seq, hits in enumerate(answers, start=1):
        assert sorted(hits) == list(range(1, min(seq, full)))
    assert enter(desk.books, 150, None, [term(1), term(151)], [], at(0)) == answers[149]


def test_unknown_articles_leave_no_trace(accepted: CollectionStore) -> None:
    assert enter(accepted, 999, term(1), [term(2)], [], at(0)) == {}
    assert enter(accepted, 1, term(1), [term(2)], [], at(0)) == {}


def test_of_racing_duplicates_exactly_one_sees_nobody(accepted: CollectionStore) -> None:
    """Eight threads register eight copies: who saw how many must be a strict order."""
    barrier = threading.Barrier(8)
    seen: dict[int, set[int]] = {}

    def register(seq: int) -> None:
        barrier.wait()
        seen[seq] = set(enter(accepted, seq, None, [term(1), term(2)], [], at(0)))

    threads = [threading.Thread(target=register, args=(seq,)) for seq in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    order = sorted(seen, key=lambda seq: len(seen[seq]))
    assert [seen[seq] for seq in order] == [set(order[:place]) for place in range(8)]

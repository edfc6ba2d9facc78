"""A cluster's past follows from the changes that name it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clusterer.core.cluster_records import Change
from clusterer.core.feed import describe, members_as_of, timeline
from clusterer.core.records import PreparedFacts

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def change(number, kind, cluster, seqs, other=None, **more):
    return Change(number, START + timedelta(hours=number), kind, cluster, tuple(seqs), other, **more)


CHANGES = [
    change(1, "created", "a", [1]),
    change(2, "updated", "a", [2]),
    change(3, "merged", "b", [3, 4], "a"),
    change(4, "split", "c", [2], "a"),
    change(5, "moved", "a", [9], "d"),
    change(6, "erased", "a", [1]),
    change(7, "merged", "a", [3, 4, 9], "e"),
]


def test_members_at_each_time():
    after = {number: members_as_of("a", CHANGES, START + timedelta(hours=number)) for number in range(8)}
    assert after == {
        0: frozenset(),
        1: {1},
        2: {1, 2},
        3: {1, 2, 3, 4},
        4: {1, 3, 4},
        5: {1, 3, 4, 9},
        6: {3, 4, 9},
        7: frozenset(),
    }


def test_sentences_say_what_happened_by_whom_and_why():
    names = {1: "post/{1}", 2: "post/2"}
    assert describe(CHANGES[0], "a", names) == "began with post/{1}"
    assert describe(CHANGES[2], "a", names) == "took in cluster b with 2 articles"
    assert describe(CHANGES[2], "b", names) == "was merged into a with 2 articles"
    by = change(8, "split", "c", [2], "a", actor="ada", reason="two fires")
    assert describe(by, "a", names) == "lost post/2, split off as c, by ada (two fires)"
    assert describe(by, "c", {}) == "was split off from a with an erased article, by ada (two fires)"


def fact(seq, hours, source):
    at = START + timedelta(hours=hours)
    return PreparedFacts(seq, f"id{seq}", source, None, None, "", None, at, "assigned")


def test_the_timeline_counts_articles_and_new_sources_a_span():
    entries = timeline([fact(3, 5, "A"), fact(1, 0, "A"), fact(2, 0.2, "B"), fact(4, 5, "C")], timedelta(hours=1))
    assert [(entry.articles, entry.sources, entry.new_sources) for entry in entries] == [(2, 2, 2), (2, 2, 1)]
    assert entries[0].start == START.replace(minute=0)


def test_source_and_target_mean_the_same_for_all_kinds():
    def told(kind):
        change = Change(1, START, kind, "c1", (1,), "c2")
        return change.source, change.target, change.moves, change.enters

    assert told("created") == told("updated") == (None, "c1", True, True)
    assert told("merged") == ("c1", "c2", True, False)
    assert told("split") == told("moved") == ("c2", "c1", True, False)
    assert told("erased") == ("c1", None, True, False)
    for kind in ("retired", "flipped", "corrected"):
        assert told(kind) == (None, None, False, False)

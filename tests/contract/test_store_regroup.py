"""Merges, splits and moves: all steps or none, and ids that never dangle."""

from __future__ import annotations

import pytest
from support.desk import LEASE_S, MONDAY, Desk, assignment_of, at, clusters, members

from clusterer.core.cluster_records import Change, ClusterRecord, CommitResult, Correction, Regroup
from clusterer.core.errors import Fenced, RevisionMismatch, StaleGeneration


def merged(source: str, target: str, seqs: tuple[int, ...] = (), **fields: object) -> Regroup:
    return Regroup("merged", source, target, seqs, **fields)  # type: ignore[arg-type]


def split(source: str, target: str, *seqs: int, **fields: object) -> Regroup:
    return Regroup("split", source, target, seqs, **fields)  # type: ignore[arg-type]


def moved(source: str, target: str, *seqs: int, **fields: object) -> Regroup:
    return Regroup("moved", source, target, seqs, **fields)  # type: ignore[arg-type]


@pytest.fixture
def three(desk: Desk) -> Desk:
    """c1 with 1 and 2, c2 with 3 and 4, c3 with 5."""
    desk.make_cluster("c1", "a", "b", source="Harbour Post")
    desk.make_cluster("c2", "c", "d", source="Valley Echo")
    desk.make_cluster("c3", "e", source=None)
    return desk


def regroup(desk: Desk, *steps: Regroup, minutes: float = 0) -> bool:
    return desk.books.regroup(desk.epoch, desk.books.position().generation, steps, at(minutes))


def record(desk: Desk, cluster: str) -> ClusterRecord:
    found = desk.books.cluster(cluster)
    assert found is not None
    return found


def check_agreement(desk: Desk) -> None:
    """Members, facts, feed and counters tell the same."""
    changes = desk.books.changes(0, 1000)
    assert [change.number for change in changes] == list(range(1, len(changes) + 1))
    cluster_of = assignment_of(changes)
    assert {seq: name for name, seqs in clusters(desk.books).items() for seq in seqs} == cluster_of
    assert {facts.seq: facts.cluster for facts in desk.books.facts(list(cluster_of)) if facts} == cluster_of
    for name, seqs in clusters(desk.books).items():
        assert record(desk, name).article_count == len(seqs)


def test_a_merge_absorbs_a_cluster_whole(three: Desk) -> None:
    before = record(three, "c2").revision
    assert regroup(three, merged("c1", "c2", reason="one event"), minutes=50)
    assert clusters(three.books) == {"c2": [1, 2, 3, 4], "c3": [5]}
    into = record(three, "c2")
    assert into.sources == {"Harbour Post": 2, "Valley Echo": 2}
    assert (into.origin_count, into.aliases, into.last_added_at) == (2, ("c1",), at(50))
    assert into.revision > before
    change = three.books.changes(5, 10)
    assert change == [Change(6, at(50), "merged", "c1", (1, 2), "c2", reason="one event")]
    check_agreement(three)


def test_a_cluster_merged_away_is_retired_and_its_id_still_resolves(three: Desk) -> None:
    regroup(three, merged("c1", "c2", (1, 2)))
    assert three.books.resolve("c1") == "c2"
    assert record(three, "c1").status == "retired"
    assert record(three, "c1").article_count == 0
    assert members(three.books, "c1") == []
    assert sorted(name for _, name in three.books.cluster_ids("last_seen", None, 10)) == ["c2", "c3"]


def test_shared_sources_are_one_origin_after_a_merge(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b", source="Harbour Post")
    desk.make_cluster("c2", "c", source="Harbour Post")
    regroup(desk, merged("c1", "c2"))
    assert record(desk, "c2").origin_count == 1
    assert record(desk, "c2").sources == {"Harbour Post": 3}


def test_aliases_of_aliases_lead_straight_to_the_living(three: Desk) -> None:
    regroup(three, merged("c1", "c2"))
    regroup(three, merged("c2", "c3"))
    assert [three.books.resolve(name) for name in ("c1", "c2", "c3")] == ["c3", "c3", "c3"]
    assert record(three, "c3").aliases == ("c1", "c2")
    assert record(three, "c2").aliases == ()
    check_agreement(three)


def test_a_chain_of_merges_in_one_call(three: Desk) -> None:
    assert regroup(three, merged("c1", "c2"), merged("c2", "c3"))
    assert three.books.resolve("c1") == "c3"
    assert clusters(three.books) == {"c3": [1, 2, 3, 4, 5]}
    check_agreement(three)


def test_joining_follows_aliases(three: Desk) -> None:
    regroup(three, merged("c1", "c2"))
    three.make_ready("f")
    assert three.join("c1", 6) == [CommitResult(6, "committed", "c2")]
    check_agreement(three)


def test_ids_resolve_to_themselves_or_to_nothing(three: Desk) -> None:
    assert three.books.resolve("c1") == "c1"
    assert three.books.resolve("c9") is None
    assert three.books.cluster("c9") is None
    assert members(three.books, "c9") == []


def test_a_split_takes_members_out_under_a_new_id(three: Desk) -> None:
    assert regroup(three, split("c1", "c4", 2), minutes=70)
    assert clusters(three.books) == {"c1": [1], "c2": [3, 4], "c3": [5], "c4": [2]}
    assert record(three, "c4").split_from == "c1"
    assert record(three, "c4").sources == record(three, "c1").sources == {"Harbour Post": 1}
    assert record(three, "c4").last_added_at == at(70)
    assert record(three, "c1").last_added_at == MONDAY
    assert three.books.changes(5, 10) == [Change(6, at(70), "split", "c4", (2,), "c1")]
    check_agreement(three)


def test_an_id_that_was_merged_away_may_be_split_off_again(three: Desk) -> None:
    three.books.constrain(Correction("pin", (), "c1", "anna", "front page", MONDAY))
    regroup(three, merged("c1", "c2"), minutes=50)
    before = record(three, "c1").revision
    assert not regroup(three, split("c3", "c1", 5))  # it stands for another
    assert regroup(three, split("c2", "c1", 1), minutes=70)
    assert clusters(three.books) == {"c1": [1], "c2": [2, 3, 4], "c3": [5]}
    assert three.books.resolve("c1") == "c1"
    back = record(three, "c1")
    assert (back.status, back.split_from, back.aliases, back.pinned) == ("active", None, (), True)
    assert (back.first_seen, back.last_added_at) == (MONDAY, at(70))
    assert back.revision > before
    assert (record(three, "c2").aliases, record(three, "c2").pinned) == ((), False)
    assert three.books.changes(7, 10) == [Change(8, at(70), "split", "c1", (1,), "c2")]
    check_agreement(three)


def test_a_move_takes_members_to_a_known_cluster(three: Desk) -> None:
    assert regroup(three, moved("c1", "c2", 1))
    assert clusters(three.books) == {"c1": [2], "c2": [1, 3, 4], "c3": [5]}
    assert record(three, "c2").sources == {"Harbour Post": 1, "Valley Echo": 2}
    assert three.books.changes(5, 10) == [Change(6, MONDAY, "moved", "c2", (1,), "c1")]
    check_agreement(three)


def test_the_time_span_follows_the_members(desk: Desk) -> None:
    for minutes, name in ((0, "a"), (10, "b"), (20, "c")):
        desk.make_ready(name, received_at=at(minutes))
    desk.open("c1", 1)
    desk.join("c1", 2, 3)
    regroup(desk, split("c1", "c2", 1, 3))
    assert (record(desk, "c1").first_seen, record(desk, "c1").last_seen) == (at(10), at(10))
    assert (record(desk, "c2").first_seen, record(desk, "c2").last_seen) == (at(0), at(20))
    assert [name for _, name in desk.books.cluster_ids("last_seen", None, 10)] == ["c2", "c1"]


def test_an_origin_without_source_moves_with_its_article(three: Desk) -> None:
    regroup(three, merged("c3", "c1"))
    assert record(three, "c1").origin_count == 2
    regroup(three, split("c1", "c4", 5))
    assert (record(three, "c1").origin_count, record(three, "c4").origin_count) == (1, 1)


def test_copies_moved_out_still_add_no_origin(desk: Desk) -> None:
    desk.make_cluster("c1", "a", "b")
    desk.make_copies(1, "c", source="Valley Echo")
    desk.follow(1, 3)
    regroup(desk, split("c1", "c2", 1, 3))
    assert (record(desk, "c2").origin_count, record(desk, "c2").article_count) == (1, 2)


def test_a_cluster_without_members_is_retired(three: Desk) -> None:
    assert regroup(three, moved("c3", "c1", 5))
    assert record(three, "c3").status == "retired"
    assert record(three, "c3").article_count == 0
    assert three.books.resolve("c3") == "c1"
    kinds = [change.kind for change in three.books.changes(5, 10)]
    assert kinds == ["moved", "retired"]
    assert three.books.changes(6, 1)[0].cluster == "c3"
    check_agreement(three)


def test_a_retired_id_is_used_by_no_other_cluster(three: Desk) -> None:
    regroup(three, moved("c3", "c1", 5))
    regroup(three, merged("c1", "c2"))
    three.make_ready("f")
    assert three.open("c3", 6).status == "stale"
    assert three.open("c1", 6).status == "stale"
    assert regroup(three, split("c2", "c4", 5))
    assert not regroup(three, split("c4", "c3", 5))  # c2 took it in


def test_a_clusters_own_changes(three: Desk) -> None:
    regroup(three, split("c1", "c4", 2), moved("c2", "c4", 3), merged("c3", "c2"))
    changes = three.books.changes(0, 1000)
    for name in ("c1", "c2", "c3", "c4", "c9"):
        own = [change for change in changes if name in (change.cluster, change.other)]
        assert three.books.changes_of(name, 0, 1000) == own
        assert three.books.changes_of(name, 0, 2) == own[:2]
        if own:
            assert three.books.changes_of(name, own[0].number, 1000) == own[1:]


@pytest.mark.parametrize(
    "step",
    [
        merged("c9", "c1"),
        merged("c1", "c9"),
        merged("c1", "c1"),
        merged("c1", "c2", (1, 3)),
        split("c9", "c8", 1),
        split("c1", "c2", 1),
        split("c1", "c8"),
        split("c1", "c8", 3),
        split("c1", "c8", 1, 1),
        moved("c1", "c9", 1),
        moved("c1", "c1", 1),
        moved("c1", "c2", 3),
        moved("c1", "c2"),
        moved("c1", "c2", 99),
    ],
)
def test_a_step_that_does_not_fit_stops_all(three: Desk, step: Regroup) -> None:
    before = [three.books.cluster(name) for name in ("c1", "c2", "c3")], three.books.position()
    assert not regroup(three, moved("c2", "c3", 3), step)
    assert ([three.books.cluster(name) for name in ("c1", "c2", "c3")], three.books.position()) == before
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}
    check_agreement(three)


def test_later_steps_build_on_earlier_ones(three: Desk) -> None:
    steps = [split("c1", "c4", 2), moved("c2", "c4", 3), merged("c4", "c3"), split("c3", "c5", 2, 5)]
    assert regroup(three, *steps)
    assert clusters(three.books) == {"c1": [1], "c2": [4], "c3": [3], "c5": [2, 5]}
    assert three.books.resolve("c4") == "c3"
    check_agreement(three)


def test_a_step_that_only_fit_before_the_one_ahead_of_it(three: Desk) -> None:
    assert not regroup(three, merged("c1", "c2"), moved("c1", "c3", 1))
    assert not regroup(three, moved("c1", "c2", 1), moved("c1", "c3", 1))
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}


def test_regrouping_again_changes_nothing(three: Desk) -> None:
    steps = [merged("c1", "c2"), split("c2", "c4", 1)]
    assert regroup(three, *steps)
    before = three.books.position()
    assert not regroup(three, *steps)
    assert three.books.position() == before


def test_a_persons_correction_needs_no_lease_and_is_signed(three: Desk) -> None:
    three.books.release(three.name)
    three.books.claim("w2", LEASE_S)
    step = moved("c1", "c2", 1, actor="anna", reason="wrong event")
    assert three.books.regroup(None, 1, [step], MONDAY)
    (change,) = three.books.changes(5, 10)
    assert (change.actor, change.reason) == ("anna", "wrong event")


def test_an_older_writer_cannot_regroup(three: Desk) -> None:
    three.books.release(three.name)
    three.books.claim("w2", LEASE_S)
    with pytest.raises(Fenced):
        regroup(three, merged("c1", "c2"))
    with pytest.raises(StaleGeneration):
        three.books.regroup(None, 2, [merged("c1", "c2")], MONDAY)
    assert clusters(three.books) == {"c1": [1, 2], "c2": [3, 4], "c3": [5]}


def test_a_changed_cluster_is_not_corrected_blindly(three: Desk) -> None:
    seen = record(three, "c1").revision
    assert regroup(three, moved("c2", "c1", 3, if_revision=record(three, "c2").revision))
    with pytest.raises(RevisionMismatch, match="c1"):
        regroup(three, moved("c1", "c2", 1, if_revision=seen))
    assert clusters(three.books) == {"c1": [1, 2, 3], "c2": [4], "c3": [5]}
    assert regroup(three, moved("c1", "c2", 1, if_revision=record(three, "c1").revision))


def test_a_large_merge(desk: Desk) -> None:
    for batch in range(6):
        seqs = desk.make_ready(*[f"a{batch}-{i}" for i in range(50)], source=f"Source {batch % 3}")
        if batch % 2:
            desk.join(f"c{batch // 2}", *seqs)
        else:
            desk.open(f"c{batch // 2}", seqs[0])
            desk.join(f"c{batch // 2}", *seqs[1:])
    assert regroup(desk, merged("c0", "c2"), merged("c1", "c2"))
    assert members(desk.books, "c2") == list(range(1, 301))
    assert record(desk, "c2").sources == {f"Source {n}": 100 for n in range(3)}
    assert record(desk, "c2").origin_count == 3
    check_agreement(desk)

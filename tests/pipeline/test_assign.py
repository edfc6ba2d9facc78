"""The assigner over a real store, with a window that answers as each test says: what it writes, and what it keeps in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import numpy as np
import orjson
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs
from support.articles import SetClock
from support.desk import LEASE_S, MODEL, MONDAY, Desk, assignment_of, clusters, draft
from support.exact_index import ExactIndex

from clusterer.core.cluster_records import Change, CommitItem, CommitResult, CommitStatus, Correction, Regroup
from clusterer.core.clustering.adjustments import Adjustment, Leave, Merge
from clusterer.core.clustering.constraints import NO_CONSTRAINTS, Constraints
from clusterer.core.clustering.neighbourhood import Near
from clusterer.core.clustering.storylines import StorylinePolicy
from clusterer.core.clustering.window import Window
from clusterer.core.errors import ChangesTrimmed, StoreUnavailable
from clusterer.core.evidence.evidence import Evidence, Sparse, encode_sparse
from clusterer.core.model import Relation
from clusterer.core.records import Draft
from clusterer.core.scoring.reasons import Reasons, RunnerUp
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.pipeline.metrics import Metrics
from clusterer.pipeline.reach import Reach
from clusterer.pipeline.stages import assign
from clusterer.pipeline.stages.assign import Assigner, AssignPolicy
from clusterer.ports import CollectionStore, Store

SPARSE = encode_sparse(Sparse())
OPEN = Reasons(rule="no_candidates")


class SaidWindow(Window):
    """A real window but for its decisions: `said` holds them by seq, `looks` what a second look at a cluster gives, once."""

    def __init__(self, said: dict[int, Reasons], looks: dict[str, list[Adjustment]], besides: dict[int, str]) -> None:
        super().__init__(ExactIndex(), shipped_weights())
        self.said, self.looks, self.besides = said, looks, besides
        self.constraints: list[Constraints] = []
        self.told: list[StorylinePolicy] = []
        self.loaded: list[int] = []
        self.near: list[Near | None] = []
        self.learnt: list[Reasons] = []
        self.looked_at: list[str] = []

    def load(self, articles: Sequence[tuple[Evidence, str]], near: Sequence[Near | None] = ()) -> None:
        self.loaded += [evidence.seq for evidence, _ in articles]
        self.near += near
        super().load(articles, near)

    def learn(self, reasons: Reasons) -> None:
        self.learnt.append(reasons)
        super().learn(reasons)

    def decide(self, evidence: Evidence, constraints: Constraints = NO_CONSTRAINTS) -> Reasons:
        self.constraints.append(constraints)
        return self.said.get(evidence.seq, OPEN)

    def second_look(self, cluster_id: str, constraints: Constraints = NO_CONSTRAINTS) -> list[Adjustment]:
        self.constraints.append(constraints)
        self.looked_at.append(cluster_id)
        return self.looks.pop(cluster_id, [])

    def beside(self, evidence: Evidence, policy: StorylinePolicy) -> str | None:
        self.told.append(policy)
        return self.besides.get(evidence.seq)


class Scene:
    """One collection, a desk that does the earlier stages, and an assigner `w` whose clusters are named c1, c2 and so on."""

    def __init__(self, books: CollectionStore, clock: SetClock, **policy: object) -> None:
        self.desk = Desk(books, "producer")
        self.books = books
        self.clock = clock
        self.said: dict[int, Reasons] = {}
        self.looks: dict[str, list[Adjustment]] = {}
        self.besides: dict[int, str] = {}
        self.windows: list[SaidWindow] = []
        self.signs = 0
        self.metrics = Metrics(CollectorRegistry())
        numbers = count(1)
        self.assigner = Assigner(
            books,
            self._window,
            lambda: f"c{next(numbers)}",
            clock,
            AssignPolicy(**policy),  # type: ignore[arg-type]
            self._sign,
            self.metrics,
        )

    def _window(self) -> SaidWindow:
        self.windows.append(SaidWindow(self.said, self.looks, self.besides))
        return self.windows[-1]

    def _sign(self) -> None:
        self.signs += 1

    @property
    def window(self) -> SaidWindow:
        return self.windows[-1]

    def ready(self, *names: str, **fields: object) -> list[int]:
        """Articles that await a decision."""
        seqs = self.desk.accept(*names, **fields)
        self.hand_over(*[draft(seq, vector=vector(seq), sparse=SPARSE) for seq in seqs])
        return seqs

    def copy(self, original: int, name: str) -> int:
        (seq,) = self.desk.accept(name)
        self.hand_over(draft(seq, copy_of=original, sparse=SPARSE))
        return seq

    def hand_over(self, *drafts: Draft) -> None:
        self.desk.hand_over(*drafts, model=MODEL)

    def run(self, worker: str = "w") -> int | None:
        return self.assigner.run(worker)

    def changes(self) -> list[Change]:
        return self.books.changes(0, 1_000)

    def in_window(self, *seqs: int) -> list[str | None]:
        return [self.window.cluster_of(seq) for seq in seqs]

    def by_hand(self, kind: str, source: str, target: str, *seqs: int) -> None:
        """Another than the writer changes the clusters."""
        step = Regroup(kind, source, target, seqs, actor="kim")  # type: ignore[arg-type]
        assert self.books.regroup(None, self.books.position().generation, [step], self.clock.now())

    def counted(self, result: str) -> float | None:
        return self.metrics.work.get_sample_value("clusterer_assignment_total", {"result": result})


def vector(seq: int) -> bytes:
    lead = np.zeros(8, np.float16)
    lead[seq % 8] = 1
    return lead.tobytes()


def join(cluster: str, probability: float = 0.9, runner_up: float | None = None) -> Reasons:
    other = None if runner_up is None else RunnerUp("c9", runner_up, probability - runner_up)
    return Reasons("score", cluster, probability, runner_up=other)


def leave(cluster: str, target: str | None, *seqs: int) -> Leave:
    return Leave(seqs, cluster, target, Reasons("second_look", probability=0.1234))


@pytest.fixture
def books(store: Store) -> CollectionStore:
    store.create_collection("news", {})
    return store.collection("news")


@pytest.fixture
def scene(books: CollectionStore, clock: SetClock) -> Scene:
    clock.at = MONDAY
    return Scene(books, clock)


# -- deciding and committing


def test_decisions_are_committed_with_their_reasons(scene: Scene) -> None:
    first, second, third = scene.ready("a", "b", "c")
    scene.said[second] = join("c1", 0.9, runner_up=0.4)
    scene.clock.at = MONDAY + timedelta(seconds=7)
    assert scene.run() == 3
    assert clusters(scene.books) == {"c1": [first, second], "c2": [third]}
    assert scene.in_window(first, second, third) == ["c1", "c1", "c2"]
    kept = [orjson.loads(scene.books.reasons(seq) or b"null") for seq in (first, second)]
    decided = [OPEN, scene.said[second]]
    assert kept == [orjson.loads(orjson.dumps(reasons.to_json())) for reasons in decided]
    assert (scene.counted("new"), scene.counted("joined"), scene.counted("copy")) == (2, 1, None)
    values = scene.metrics.work.get_sample_value
    assert values("clusterer_assignment_margin_sum") == pytest.approx(0.5)
    assert (values("clusterer_ingest_lag_seconds_count"), values("clusterer_ingest_lag_seconds_sum")) == (3, 21)
    assert values("clusterer_index_vectors", {"collection": "news"}) == 3
    assert values("clusterer_stage_duration_seconds_count", {"stage": "commit"}) == 1
    assert [change.at for change in scene.changes()] == [scene.clock.at] * len(scene.changes())
    assert scene.run() == 0


def test_articles_are_decided_in_the_order_in_which_they_came(scene: Scene) -> None:
    seqs = scene.desk.accept("a", "b", "c")
    for seq in reversed(seqs):
        scene.hand_over(draft(seq, vector=vector(seq), sparse=SPARSE))
    scene.run()
    assert [scene.books.members(name, 0, 9) for name in ("c1", "c2", "c3")] == [[seq] for seq in seqs]


def test_only_an_article_that_founds_a_cluster_goes_on_with_a_storyline(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = scene.ready("a", "b", "c")
    scene.said[second] = join("c1")
    scene.besides |= dict.fromkeys((second, third), "c1")
    commit, beside = scene.books.commit, {}

    def noting(epoch: int, generation: int, items: Sequence[CommitItem], at: datetime) -> list[CommitResult]:
        beside.update({item.seq: item.beside for item in items})
        return commit(epoch, generation, items, at)

    monkeypatch.setattr(scene.books, "commit", noting)
    scene.run()
    assert beside == {first: None, second: None, third: "c1"}
    assert scene.window.told == [StorylinePolicy()] * 2


def test_a_copy_follows_its_original_and_is_not_compared(scene: Scene) -> None:
    (original,) = scene.ready("a")
    copy = scene.copy(original, "b")
    assert scene.run() == 2
    assert clusters(scene.books) == {"c1": [original, copy]}
    assert orjson.loads(scene.books.reasons(copy) or b"") == {"rule": "follows_original"}
    assert (scene.assigner.window_size, scene.counted("copy")) == (1, 1)


def test_a_page_that_left_nothing_to_compare_founds_a_cluster_outside_the_window(scene: Scene) -> None:
    (seq,) = scene.desk.accept("a")
    scene.hand_over(draft(seq, vector=None, sparse=SPARSE))
    scene.run()
    assert clusters(scene.books) == {"c1": [seq]}
    assert orjson.loads(scene.books.reasons(seq) or b"") == {"rule": "nothing_to_compare"}
    assert scene.assigner.window_size == 0


def test_entries_without_an_article_are_passed_over(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.ready("a", "b")
    sizes = commits(scene, monkeypatch)
    read = scene.books.evidence
    monkeypatch.setattr(
        scene.books,
        "evidence",
        lambda seqs: [None if item is None or item.seq == first else item for item in read(seqs)],
    )
    with capture_logs() as lines:
        scene.run()
    assert {line["log_level"] for line in lines} == {"info"}
    assert clusters(scene.books) == {"c1": [second]}
    assert scene.metrics.work.get_sample_value("clusterer_ingest_lag_seconds_count") == 1
    assert (scene.books.dead(0, 9), sizes) == ([], [1])


def test_a_runner_up_of_an_article_that_joined_nothing_is_no_margin(scene: Scene) -> None:
    first, second = scene.ready("a", "b")
    scene.said[second] = Reasons("score", None, 0.3, runner_up=RunnerUp("c1", 0.2, 0.1))
    scene.run()
    assert clusters(scene.books) == {"c1": [first], "c2": [second]}
    assert scene.metrics.work.get_sample_value("clusterer_assignment_margin_count") == 0


def test_a_batch_without_adjustments_is_one_commit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = commits(scene, monkeypatch)
    first, *_ = scene.ready("a", "b", "c", "d", "e")
    scene.run()
    assert sizes == [5]
    more = scene.ready("f", "g", "h")
    scene.said[more[1]] = join("c2")
    scene.looks["c2"] = [Merge("c2", "c1", Reasons("second_look", probability=0.8))]
    scene.run()
    assert sizes == [5, 2, 1], "what an adjustment is about must be in the books before it"
    assert clusters(scene.books)["c1"] == [first, first + 1, more[1]]


def test_nothing_is_committed_for_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = commits(scene, monkeypatch)
    (seq,) = scene.ready("a")
    scene.looks["c1"] = [leave("c1", None, seq)]
    scene.run()
    assert sizes == [1]


def commits(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many items each commit from now on holds."""
    commit, sizes = scene.books.commit, []

    def counting(epoch: int, generation: int, items: Sequence[object], at: object) -> object:
        sizes.append(len(items))
        return commit(epoch, generation, items, at)  # type: ignore[arg-type]

    monkeypatch.setattr(scene.books, "commit", counting)
    return sizes


# -- adjustments


def test_a_merge_is_written_and_applied(scene: Scene) -> None:
    first, second, third = scene.ready("a", "b", "c")
    scene.looks["c2"] = [Merge("c1", "c2", Reasons("second_look", probability=0.8126))]
    scene.said[third] = join("c2")
    scene.run()
    (merged,) = [change for change in scene.changes() if change.kind == "merged"]
    assert (merged.source, merged.target, merged.seqs) == ("c1", "c2", (first,))
    assert merged.reason == "probability 0.813"
    assert scene.in_window(first, second, third) == ["c2"] * 3
    assert clusters(scene.books) == {"c2": [first, second, third]}
    assert len(scene.windows) == 1


def test_members_that_leave_for_a_new_cluster_take_their_copies_along(scene: Scene) -> None:
    first, second = scene.ready("a", "b")
    scene.said[second] = join("c1")
    scene.run()
    copy, stranger = scene.copy(first, "a2"), scene.copy(first, "a3")
    scene.run()
    scene.by_hand("split", "c1", "elsewhere", stranger)
    (third,) = scene.ready("c")
    scene.said[third] = join("c1")
    scene.looks["c1"] = [leave("c1", None, first)]
    scene.run()
    (split,) = [change for change in scene.changes() if change.kind == "split" and change.actor is None]
    assert (split.source, split.target, split.seqs) == ("c1", "c2", (first, copy))
    assert split.reason == "probability 0.123"
    assert clusters(scene.books) == {"c1": [second, third], "c2": [first, copy], "elsewhere": [stranger]}
    assert scene.in_window(first, second, third, copy) == ["c2", "c1", "c1", None]


def test_what_is_related_to_a_member_that_leaves_and_no_copy_of_it_stays_with_its_own_copies(scene: Scene) -> None:
    first, second = scene.ready("a", "b")
    (later,) = scene.desk.accept("a, a week later")
    related = Relation("version_of", first, is_copy=False)
    scene.hand_over(draft(later, relations=(related,), vector=vector(later), sparse=SPARSE))
    scene.said[second] = scene.said[later] = join("c1")
    scene.run()
    copy = scene.copy(later, "copied a week later")
    scene.run()
    (last,) = scene.ready("c")
    scene.said[last] = join("c1")
    scene.looks["c1"] = [leave("c1", None, first)]
    scene.run()
    assert clusters(scene.books) == {"c1": [second, later, copy, last], "c2": [first]}
    assert scene.in_window(first, second, later) == ["c2", "c1", "c1"]


def test_members_that_leave_for_a_known_cluster_are_moved(scene: Scene) -> None:
    first, second, third = scene.ready("a", "b", "c")
    scene.said[second] = join("c1")
    scene.looks["c2"] = [leave("c1", "c2", second)]
    scene.run()
    (moved,) = [change for change in scene.changes() if change.kind == "moved"]
    assert (moved.source, moved.target, moved.seqs) == ("c1", "c2", (second,))
    assert clusters(scene.books) == {"c1": [first], "c2": [second, third]}
    assert scene.in_window(first, second, third) == ["c1", "c2", "c2"]


def test_adjustments_follow_each_other_and_end_at_the_first_that_does_not_fit(scene: Scene) -> None:
    first, second, third = scene.ready("a", "b", "c")
    scene.looks["c3"] = [
        Merge("c1", "c2", Reasons("second_look", probability=0.8)),
        Merge("gone", "c2", Reasons("second_look", probability=0.8)),
        Merge("c3", "c2", Reasons("second_look", probability=0.8)),
    ]
    scene.run()
    assert clusters(scene.books) == {"c2": [first, second], "c3": [third]}
    assert scene.assigner.window_size == 0, "a window that is wrong about a cluster is thrown away"
    scene.run()
    assert scene.in_window(first, second, third) == ["c2", "c2", "c3"]


def test_second_looks_are_at_what_came_into_the_window_only(scene: Scene) -> None:
    (original,) = scene.ready("a")
    scene.run()
    scene.copy(original, "b")
    (empty,) = scene.desk.accept("c")
    scene.hand_over(draft(empty, vector=None, sparse=SPARSE))
    scene.looks["c1"] = [leave("c1", None, original)]
    scene.run()
    assert len(clusters(scene.books)) == 2
    assert scene.window.looked_at == ["c1"], "and that was when it was opened"


def test_a_window_that_was_thrown_away_is_looked_into_no_more(scene: Scene) -> None:
    """A copy behind an adjustment that was refused needs no window."""
    (first,) = scene.ready("a")
    copy = scene.copy(first, "a2")
    scene.looks["c1"] = [Merge("gone", "c1", Reasons("second_look", probability=0.8))]
    scene.run()
    assert clusters(scene.books) == {"c1": [first, copy]}
    assert scene.books.dead(0, 9) == []
    assert (len(scene.windows), scene.assigner.window_size) == (1, 0)


# -- the window follows the books


def test_what_others_changed_is_followed(scene: Scene) -> None:
    first, second, third, fourth = scene.ready("a", "b", "c", "d")
    scene.said[second] = join("c1")
    scene.run()
    scene.by_hand("moved", "c1", "c2", second)
    scene.by_hand("merged", "c3", "c1")
    scene.run()
    assert scene.in_window(first, second, third, fourth) == ["c1", "c2", "c2", "c1"]
    scene.by_hand("split", "c2", "new", second)
    assert scene.books.erase(first, scene.clock.now())
    scene.run()
    assert scene.in_window(first, second, third, fourth) == [None, "new", "c2", "c1"]
    assert len(scene.windows) == 1, "it was followed, not built anew"
    assert assignment_of(scene.changes()) == {second: "new", third: "c2", fourth: "c1"}


def test_another_writers_assignments_are_read_in_a_window_built_anew(scene: Scene, clock: SetClock) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    scene.books.release("w")
    other = Scene(scene.books, clock)
    (third,) = scene.ready("c")
    other.said[third] = join("c2")
    assert scene.books.claim("rival", LEASE_S) is not None
    assert scene.run() is None
    assert scene.assigner.window_size == 0
    scene.books.release("rival")
    assert other.run("v") == 1
    assert other.in_window(first, second, third) == ["c1", "c2", "c2"]
    other.books.release("v")
    assert scene.run() == 0
    assert scene.in_window(first, second, third) == ["c1", "c2", "c2"]
    assert scene.books.members("c2", 0, 9) == [second, third]


def test_what_entered_by_the_same_lease_is_added(scene: Scene) -> None:
    """As after a commit of this worker whose window was not told."""
    (first,) = scene.ready("a")
    scene.run()
    second, third = scene.ready("b", "c")
    copy = scene.copy(first, "a2")
    epoch = scene.books.claim("w", LEASE_S)
    assert epoch is not None
    scene.desk.lease("ready")
    scene.desk.epoch = epoch
    why = join("c1", 0.8)
    items = [
        replace(scene.desk.item(second, "join", "c1"), reasons=orjson.dumps(why.to_json())),
        scene.desk.item(third, "open", "new"),
    ]
    items.append(scene.desk.item(copy, "copy", other=first))
    assert {result.status for result in scene.desk.commit(*items)} == {"committed"}
    scene.run()
    assert scene.in_window(first, second, third, copy) == ["c1", "c1", "new", None]
    assert len(scene.windows) == 1
    assert why in scene.window.learnt, "how the stream is tells it, whoever decided"


def test_what_this_writer_committed_is_not_read_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    read, asked = scene.books.evidence, []
    monkeypatch.setattr(scene.books, "evidence", lambda seqs, **how: asked.append(list(seqs)) or read(seqs, **how))
    first, second = scene.ready("a", "b")
    scene.run()
    scene.run()
    assert asked == [[first, second]]


def test_what_entered_by_the_same_lease_and_is_gone_is_not_added(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = scene.ready("a")
    scene.run()
    (second,) = scene.ready("b")
    epoch = scene.books.claim("w", LEASE_S)
    assert epoch is not None
    scene.desk.lease("ready")
    scene.desk.epoch = epoch
    scene.desk.commit(scene.desk.item(second, "join", "c1"))
    read = scene.books.evidence
    monkeypatch.setattr(
        scene.books,
        "evidence",
        lambda seqs, **how: [None if item is None or item.seq == second else item for item in read(seqs, **how)],
    )
    scene.run()
    assert scene.in_window(first, second) == ["c1", None]


def test_an_adjustment_of_a_writer_that_was_replaced_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.ready("a", "b")
    scene.looks["c2"] = [Merge("c1", "c2", Reasons("second_look", probability=0.8))]
    regroup = scene.books.regroup

    def late(*given: object) -> object:
        scene.books.release("w")
        assert scene.books.claim("rival", LEASE_S) is not None
        return regroup(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scene.books, "regroup", late)
    assert scene.run() == 2
    assert clusters(scene.books) == {"c1": [first], "c2": [second]}
    assert scene.assigner.window_size == 0


def test_the_same_writer_again_keeps_its_window(scene: Scene) -> None:
    scene.ready("a")
    scene.run()
    scene.ready("b")
    scene.run()
    assert len(scene.windows) == 1


def test_corrections_bind_from_the_next_decision_on(scene: Scene) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    assert set(scene.window.constraints) == {NO_CONSTRAINTS}
    correction = Correction("cannot_link", (first, second), None, "kim", "two things", MONDAY)
    scene.books.constrain(correction)
    scene.ready("c")
    scene.run()
    assert scene.window.constraints[-1].cannot_link == {(first, second)}
    assert scene.window.constraints[-2] == scene.window.constraints[-1], "in deciding and in looking again"
    scene.assigner.unload()
    scene.ready("d")
    scene.run()
    assert scene.window.constraints[-1].cannot_link == {(first, second)}


def test_earlier_corrections_bind_a_writer_that_takes_over(scene: Scene, clock: SetClock) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    scene.books.constrain(Correction("cannot_link", (first, second), None, "kim", "two things", MONDAY))
    scene.books.release("w")
    other = Scene(scene.books, clock)
    other.ready("c")
    assert other.run("v") == 1
    assert [constraints.cannot_link for constraints in other.window.constraints] == [{(first, second)}] * 2


def test_what_is_gone_by_the_time_it_is_read_is_left_out_of_the_window(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    read = scene.books.evidence
    monkeypatch.setattr(
        scene.books,
        "evidence",
        lambda seqs, **how: [None if item is None or item.seq == first else item for item in read(seqs, **how)],
    )
    scene.run()  # follows what it committed
    scene.assigner.unload()
    scene.run()
    assert scene.in_window(first, second) == [None, "c2"]


def test_only_what_is_in_reach_is_kept(books: CollectionStore, clock: SetClock) -> None:
    clock.at = MONDAY
    scene = Scene(books, clock, reach=Reach(timedelta(days=2), at_least=1))
    seqs = scene.ready("a", "b", received_at=MONDAY)
    scene.run()
    clock.at = MONDAY + timedelta(days=3)
    seqs += scene.ready("c", received_at=clock.at)
    scene.run()
    assert scene.assigner.window_size == 2, "the second was the latest when the batch began"
    scene.run()
    assert scene.in_window(*seqs) == [None, None, "c3"]
    scene.assigner.unload()
    scene.run()
    assert scene.in_window(*seqs) == [None, None, "c3"]


def test_a_window_is_built_in_the_order_in_which_articles_were_assigned(scene: Scene) -> None:
    """Not in that of their numbers: of several workers one may be slower."""
    first, second, third = scene.desk.accept("a", "b", "c")
    for seq in (second, third, first):
        scene.hand_over(draft(seq, vector=vector(seq), sparse=SPARSE))
        scene.run()
    scene.assigner.unload()
    scene.run()
    assert scene.window.loaded == [second, third, first]


def test_a_window_that_is_built_anew_has_all_that_the_former_one_had(scene: Scene) -> None:
    scene.run()  # before there is a model
    seqs = scene.ready("a", "b", "c")
    (empty,) = scene.desk.accept("nothing to compare")
    scene.hand_over(draft(empty, vector=None, sparse=SPARSE))
    scene.said[seqs[1]] = join("c1", 0.8)
    scene.run()
    before = scene.window
    assert [reasons.joined for reasons in before.learnt] == [None, "c1", None]
    scene.assigner.unload()
    scene.run()
    assert (scene.window.loaded, len(scene.windows)) == (seqs, 2)
    assert [reasons.to_json() for reasons in scene.window.learnt] == [reasons.to_json() for reasons in before.learnt]
    assert None not in scene.window.near, "neighbours are stored with the model by whose vectors they were found"
    assert len(scene.window.near) == len(seqs)


def test_neighbours_by_another_models_vectors_are_not_taken(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    seqs = scene.ready("a", "b")
    scene.run()
    scene.assigner.unload()
    monkeypatch.setattr(scene.books, "model", lambda: "model-b")
    scene.run()
    assert scene.window.near == [None] * len(seqs)


def test_the_latest_that_stay_in_reach_are_counted_without_copies(books: CollectionStore, clock: SetClock) -> None:
    clock.at = MONDAY
    scene = Scene(books, clock, reach=Reach(timedelta(days=2), at_least=2))
    first, second = scene.ready("a", "b")
    for number in range(3):
        scene.copy(second, f"b{number}")
    scene.run()
    clock.at = MONDAY + timedelta(days=9)
    scene.assigner.unload()
    scene.run()
    assert scene.window.loaded == [first, second]


def test_a_writer_that_led_with_another_between_builds_its_window_anew(scene: Scene) -> None:
    """The other may have been a change of model, of which the change feed says nothing."""
    (first,) = scene.ready("a")
    scene.run()
    scene.books.release("w")
    assert scene.books.claim("rival", LEASE_S) is not None
    scene.books.release("rival")
    scene.run()
    assert len(scene.windows) == 2
    assert scene.in_window(first) == ["c1"]


def test_a_writer_that_is_replaced_while_it_builds_its_window_stops(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.ready("a", "b", "c")
    scene.run()
    scene.assigner.unload()
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", 1)

    def lose() -> None:
        scene.books.release("w")
        assert scene.books.claim("rival", LEASE_S) is not None

    monkeypatch.setattr(scene.assigner, "_on_progress", lose)
    with capture_logs() as lines:
        assert scene.run() == 0
    assert [line["event"] for line in lines] == ["commit_refused"], "no window was built"
    assert scene.assigner.window_size == 0


def test_books_that_are_older_than_the_window_are_read_anew(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis came back without its last writes, or with those of a backup."""
    (first,) = scene.ready("a")
    scene.run()
    scene.run()  # follows what it committed
    position = scene.books.position
    monkeypatch.setattr(scene.books, "position", lambda: replace(position(), change=0))
    scene.run()
    assert (len(scene.windows), scene.in_window(first)) == (2, ["c1"])


def test_a_window_whose_changes_are_no_longer_kept_is_built_anew(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    scene.by_hand("moved", "c2", "c1", second)
    changes, trimmed = scene.books.changes, [ChangesTrimmed(9)]

    def kept(*given: int) -> list[Change]:
        if trimmed:
            raise trimmed.pop()
        return changes(*given)

    monkeypatch.setattr(scene.books, "changes", kept)
    scene.run()
    assert len(scene.windows) == 2
    assert scene.in_window(first, second) == ["c1", "c1"]


def test_an_answer_that_was_lost_is_no_second_decision(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.ready("a", "b")
    scene.said[second] = join("c1")
    commit, lost = scene.books.commit, [StoreUnavailable("the connection broke")]

    def losing(*given: object) -> object:
        results = commit(*given)  # type: ignore[arg-type]
        if lost:
            raise lost.pop()
        return results

    monkeypatch.setattr(scene.books, "commit", losing)
    with pytest.raises(StoreUnavailable):
        scene.run()
    assert scene.assigner.window_size == 0
    scene.run()
    assert clusters(scene.books) == {"c1": [first, second]}
    assert scene.in_window(first, second) == ["c1", "c1"]


def test_a_cluster_that_went_away_meanwhile_is_decided_on_again(books: CollectionStore, clock: SetClock) -> None:
    scene = Scene(books, clock, lease_s=0.0)
    (first,) = scene.ready("a")
    scene.run()
    (second,) = scene.ready("b")
    scene.said[second] = join("never was")
    with capture_logs() as lines:
        scene.run()
    assert {
        "event": "window_differs",
        "collection": "news",
        "seq": second,
        "status": "stale",
        "log_level": "info",
    } in lines
    assert scene.assigner.window_size == 0
    assert scene.books.books().pending == 1
    scene.said[second] = join("c1")
    scene.run()
    assert clusters(scene.books) == {"c1": [first, second]}


@pytest.mark.parametrize(("status", "cluster"), [("duplicate", "elsewhere"), ("stale", "c1")])
def test_a_window_that_the_books_contradict_is_thrown_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, status: CommitStatus, cluster: str
) -> None:
    """Another answer than the one it expects of a commit: in another cluster, or not in this one after all."""
    (seq,) = scene.ready("a")
    monkeypatch.setattr(scene.books, "commit", lambda *_: [CommitResult(seq, status, cluster)])
    scene.run()
    assert scene.assigner.window_size == 0
    assert (scene.counted("new"), scene.counted("joined")) == (None, None)


def test_a_writer_that_was_replaced_writes_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.ready("a", "b")
    commit = scene.books.commit

    def late(*given: object) -> object:
        scene.books.release("w")
        assert scene.books.claim("rival", LEASE_S) is not None
        return commit(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scene.books, "commit", late)
    with capture_logs() as lines:
        assert scene.run() == 2
    assert scene.assigner.window_size == 0
    assert scene.changes() == []
    (refused,) = [line for line in lines if line["event"] == "commit_refused"]
    assert (refused["collection"], refused["worker"]) == ("news", "w")
    assert "lease" in refused["why"] or "writer" in refused["why"]


def test_an_article_that_was_committed_already_stays_where_it_is(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window knows it, and so do the books: its entry was delivered again."""
    first, second = scene.ready("a", "b")
    lease, leased = scene.books.lease, []

    def again(*given: object) -> object:
        leased.extend(lease(*given))  # type: ignore[arg-type]
        return list(leased)

    monkeypatch.setattr(scene.books, "lease", again)
    assert scene.run() == 2
    changes = scene.changes()
    scene.said[second] = join("c1")
    assert scene.run() == 2
    assert scene.changes() == changes
    assert scene.in_window(first, second) == ["c1", "c2"]
    assert scene.assigner.window_size == 2
    assert (scene.counted("new"), scene.counted("joined")) == (2, None)


def test_a_flip_puts_another_window_in_place(scene: Scene) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    generation = scene.books.begin_generation()
    scene.books.stage(generation, [(first, "both"), (second, "both")])
    position = scene.books.position()
    assert scene.books.flip(position.generation, generation, position.change, [], scene.clock.now())
    (third,) = scene.ready("c")
    scene.said[third] = join("both")
    scene.run()
    assert scene.in_window(first, second, third) == ["both"] * 3
    assert clusters(scene.books) == {"both": [first, second, third]}
    assert len(scene.windows) == 2


def test_a_flip_between_two_reads_is_followed_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.ready("a", "b")
    scene.run()
    (third,) = scene.ready("c")
    scene.said[third] = join("both")
    changes, flips = scene.books.changes, [scene.books.begin_generation()]

    def flipping(*given: int) -> list[Change]:
        for generation in flips[:]:
            flips.clear()
            scene.books.stage(generation, [(first, "both"), (second, "both")])
            position = scene.books.position()
            assert scene.books.flip(position.generation, generation, position.change, [], scene.clock.now())
        return changes(*given)

    monkeypatch.setattr(scene.books, "changes", flipping)
    scene.run()
    assert clusters(scene.books) == {"both": [first, second, third]}
    assert scene.in_window(first, second, third) == ["both"] * 3
    assert len(scene.windows) == 2


def test_what_went_out_of_reach_leaves_in_parts(
    books: CollectionStore, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at = MONDAY
    scene = Scene(books, clock, reach=Reach(timedelta(days=2), at_least=0))
    monkeypatch.setattr(assign, "_EXPIRED_TOGETHER", 2)
    scene.ready("a", "b", "c")
    scene.run()
    clock.at = MONDAY + timedelta(days=1)
    scene.run()
    assert scene.assigner.window_size == 3
    clock.at = MONDAY + timedelta(days=3)
    scene.run()
    assert scene.assigner.window_size == 1
    scene.run()
    assert scene.assigner.window_size == 0


def test_one_article_that_cannot_be_decided_is_dead_at_last(books: CollectionStore, clock: SetClock) -> None:
    clock.at = MONDAY
    scene = Scene(books, clock, lease_s=0.0, max_attempts=2)
    first, second, third = scene.ready("a", "b", "c")

    class Broken(dict):  # type: ignore[type-arg]
        def get(self, seq: int, default: Reasons | None = None) -> Reasons:
            if seq == second:
                raise RuntimeError("cannot decide")
            return OPEN

    scene.said = Broken()
    clock.at = MONDAY + timedelta(minutes=5)
    while scene.run():
        pass
    assert books.dead(0, 9) == [(second, "RuntimeError: cannot decide")]
    (death,) = books.deaths([second])
    assert death is not None
    assert (death.died_at, death.attempts) == (clock.at, 2)
    assert sorted(clusters(books).values()) == [[first], [third]]


def test_a_large_window_is_built_in_parts_between_signs_of_life(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    seqs = scene.ready(*"abcdefg")
    scene.run()
    assert scene.signs == 0, "an empty window needs none"
    scene.assigner.unload()
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", 3)
    with capture_logs() as lines:
        scene.run()
    built = {"event": "window_built", "collection": "news", "articles": 7, "change": scene.changes()[-1].number}
    assert built | {"log_level": "info"} in lines
    assert scene.signs == 3
    assert scene.in_window(*seqs) == [f"c{number}" for number in range(1, 8)]


def test_policy_names_lease_and_batch(books: CollectionStore, clock: SetClock) -> None:
    clock.at = MONDAY
    scene = Scene(books, clock, batch=2)
    scene.ready("a", "b", "c")
    assert (scene.run(), scene.run(), scene.run()) == (2, 1, 0)
    policy = AssignPolicy()
    assert (policy.batch, policy.lease_s, policy.leader_lease_s, policy.max_attempts) == (64, 30.0, 10.0, 5)

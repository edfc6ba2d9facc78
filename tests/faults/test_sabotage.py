"""A harness that never fails proves nothing: builds that are broken on purpose must be found out, each by a short run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from .harness import Plan, run
from .schedule import NETWORK, Mix

_SEEDS = (7, 8, 9)  # a fault may miss its moment on a busy machine; not three times
_SHORT = Plan(seed=_SEEDS[0], minutes=0.75, drain_s=30)
_PATIENCE_S = 600.0  # for what ends by itself however busy the machine is
_BAD_NETWORK = Mix(every_s=1.5, targets={NETWORK: 1}, network_kinds={"lose_answers": 1})
_DYING_WRITER = Mix(every_s=2.5, targets={"clusters1": 1}, kinds={"pause": 1, "kill": 3}, pause_s=(0.2, 0.5))
_STOPPED_WRITERS = Mix(every_s=3, targets={"clusters1": 1, "clusters2": 1}, kinds={"pause": 1}, pause_s=(2.5, 3.5))
_NO_FAULTS = Mix(every_s=1e9)

PLANS = {
    "commit_without_check": replace(_SHORT, mix=_BAD_NETWORK, nightly_s=None),
    "acknowledge_before_commit": replace(_SHORT, mix=_DYING_WRITER, nightly_s=None, drain_s=_PATIENCE_S),
    "flip_without_tail_check": replace(_SHORT, mix=_NO_FAULTS, nightly_s=1.0, nights=8, held_s=10.0, per_s=15),
    "epoch_ignored": replace(
        _SHORT,
        mix=_STOPPED_WRITERS,
        nightly_s=None,
        writers=2,
        events_exact=True,
        settings={"CLUSTERER_LEASE_S": "6", "CLUSTERER_LEADER_LEASE_S": "1"},
    ),
}
FOUND_BY = {
    "commit_without_check": "assigns twice",
    "acknowledge_before_commit": "in no queue",
    "flip_without_tail_check": "assigned articles without a cluster",
    "epoch_ignored": "stale knowledge",
}


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", PLANS)
def test_a_broken_build_is_found_out(kind: str) -> None:
    found = False
    for seed in _SEEDS:
        report = run(replace(PLANS[kind], sabotage=kind, seed=seed))
        print(json.dumps(report, indent=1))
        if found := any(FOUND_BY[kind] in problem for problem in report["problems"]):
            break
    assert found


@pytest.mark.timeout(0)
def test_the_right_build_keeps_events_whole_under_the_same_faults() -> None:
    """The one check that the long run does not make: with its nightly job, events may be split on purpose."""
    refused = 0
    for seed in _SEEDS:
        report = run(replace(PLANS["epoch_ignored"], sabotage="slow_commits", drain_s=_PATIENCE_S, seed=seed))
        print(json.dumps(report, indent=1))
        assert report["problems"] == []
        if refused := report["refused_commits"]:
            break
    assert refused > 0

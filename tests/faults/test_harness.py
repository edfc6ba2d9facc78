"""The service under random faults, for FAULT_MINUTES: what was promised is kept."""

from __future__ import annotations

import json

import pytest

from .harness import plan_from_environment, run


@pytest.mark.timeout(0)
def test_nothing_is_lost_and_nothing_doubled() -> None:
    report = run(plan_from_environment())
    print(json.dumps(report, indent=1))
    assert report["problems"] == []
    assert report["kills"] > 0
    assert report["promised"] == report["accepted"] == report["assigned"]

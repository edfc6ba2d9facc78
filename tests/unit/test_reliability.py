"""Stated probabilities are held against what came true."""

from __future__ import annotations

import pytest

from clusterer.core.scoring.reasons import Reasons
from clusterer.evaluation.reliability import Bin, Judged, bins_of, expected_calibration_error, judged


def reasons(probability: float, *compared: int) -> Reasons:
    return Reasons(rule="score", cluster_id="c", probability=probability, compared_with=compared)


def test_a_decision_is_right_where_most_that_it_was_compared_with_are_of_its_event() -> None:
    labels = {1: "a", 2: "a", 3: "b", 4: "a", 5: "b"}
    decisions = [
        (1, reasons(0.0)),
        (2, reasons(0.3, 1)),
        (3, reasons(0.6, 1, 2)),
        (4, reasons(0.9, 1, 2, 3)),
        (5, reasons(0.2, 1, 2, 3)),
    ]
    assert judged(decisions, labels) == [Judged(0.3, True), Judged(0.6, False), Judged(0.9, True), Judged(0.2, False)]


def test_what_is_stated_comes_true_or_does_not() -> None:
    calibrated = [Judged(0.25, number < 1) for number in range(4)] + [Judged(0.75, number < 3) for number in range(4)]
    assert bins_of(calibrated) == [Bin(4, 0.25, 0.25), Bin(4, 0.75, 0.75)]
    assert expected_calibration_error(bins_of(calibrated)) == 0.0
    sure = [Judged(1.0, number < 6) for number in range(10)]
    assert expected_calibration_error(bins_of(sure)) == pytest.approx(0.4)
    assert expected_calibration_error(bins_of(sure + calibrated)) == pytest.approx(4 / 18)


def test_errors_in_two_directions_do_not_cancel_out() -> None:
    both = [Judged(0.05, True), Judged(0.95, False)]
    assert expected_calibration_error(bins_of(both)) == pytest.approx(0.95)


def test_nothing_decided_is_no_error() -> None:
    assert expected_calibration_error(bins_of([])) == 0.0

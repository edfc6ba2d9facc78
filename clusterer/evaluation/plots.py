"""Pictures of evaluations; they need the extra `plot`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from clusterer.evaluation.clusters import SetResult
from clusterer.evaluation.reliability import Bin, expected_calibration_error
from clusterer.extras import require


def plot_clusters(results: Sequence[SetResult], path: Path) -> None:
    """F1 by set as bars, with precision and recall as marks; the name's ending decides the format. Raises ExtraNotInstalled."""
    require("plot", "A plot")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.8 + 1.6 * len(results), 4), layout="constrained")
    axes = figure.subplots()
    for offset, label, scores in (
        (-0.2, "B-cubed", [result.bcubed for result in results]),
        (0.2, "pairwise", [result.pairwise for result in results]),
    ):
        places = [number + offset for number in range(len(results))]
        axes.bar(places, [score.f1 for score in scores], width=0.36, label=f"{label} F1")
        axes.plot(places, [score.precision for score in scores], "k^", markersize=4)
        axes.plot(places, [score.recall for score in scores], "kv", markersize=4)
    axes.set_xticks(range(len(results)), [result.name for result in results])
    axes.set_ylim(0, 1)
    axes.set_ylabel("score (▲ precision, ▼ recall)")
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)


def plot_calibration(bins: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """The share that came true over the probability stated, a line for each name; the diagonal is perfect. Raises ExtraNotInstalled."""
    require("plot", "A plot")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, held in bins.items():
        label = f"{name} (error {expected_calibration_error(held):.3f})"
        axes.plot([one.stated for one in held], [one.right for one in held], marker="o", markersize=4, label=label)
    axes.set_xlabel("stated probability of the same event")
    axes.set_ylabel("share that is of the same event")
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)

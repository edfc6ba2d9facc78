"""`clusterer evaluate`: measures the product on labelled data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.cli.progress import progress_bar
from clusterer.cli.session import settings_of_command
from clusterer.core.cleaning.clean import clean
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation import fitting
from clusterer.evaluation.calibration import NotFitted, gold_with_headlines, judged_set
from clusterer.evaluation.cleaning import evaluate_cleaning, read_pages
from clusterer.evaluation.clusters import LabelledSet, Mode, SetResult, evaluate_set, load_set, to_json
from clusterer.evaluation.datasets import read_rows
from clusterer.evaluation.duplicates import evaluate_duplicates
from clusterer.evaluation.fitting import LeftOut
from clusterer.evaluation.reliability import Judged, bins_of, expected_calibration_error
from clusterer.evaluation.scores import Scores
from clusterer.evaluation.traps import evaluate_traps
from clusterer.evaluation.vector_cache import CachedEncoder
from clusterer.extras import require
from clusterer.ports import Encoder
from clusterer.settings import Settings

evaluate = typer.Typer(help="Measure quality on labelled data.", no_args_is_help=True)

Files = Annotated[
    list[Path], typer.Argument(help="Labelled articles, (gzipped) JSON lines.", exists=True, dir_okay=False)
]
File = Annotated[Path, typer.Argument(help="(Gzipped) JSON lines.", exists=True, dir_okay=False)]
Cache = Annotated[Path | None, typer.Option(help="Keep vectors in this folder between runs.", file_okay=False)]
LeaveOneOut = Annotated[
    bool, typer.Option("--leave-one-out", help="For each set, use weights fitted on the other sets.")
]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(evaluate, name="evaluate")
    app.command("calibrate")(calibrate_command)


@evaluate.command("clusters")
def clusters_command(
    files: Files,
    mode: Annotated[
        Mode, typer.Option(help="streaming: as articles arrive; nightly: also with the nightly run after each day.")
    ] = "stream",
    days_a_night: Annotated[int, typer.Option(min=1, help="Number of days between two nightly runs.")] = 1,
    weights: Annotated[
        Path | None, typer.Option(help="Weights to use instead of the configured ones.", exists=True, dir_okay=False)
    ] = None,
    leave_one_out: LeaveOneOut = False,
    plot: Annotated[Path | None, typer.Option(help="Also plot the scores into this file.", dir_okay=False)] = None,
    cache: Cache = None,
    as_json: Json = False,
) -> None:
    """B-cubed and pairwise scores of clusters against gold labels; each set streams through the whole pipeline."""
    settings = settings_of_command()
    _check_plot(plot)
    if weights is not None:
        settings = settings.model_copy(update={"weights_path": weights})
    sets = [load_set(path) for path in files]
    encoder = _encoder(settings, cache)
    night = _recluster if mode == "nightly" else None
    with _weights_of_each(sets, settings, encoder, leave_one_out) as chosen, _progress(sets, as_json) as progress:
        results = [
            evaluate_set(one, own, encoder=encoder, night=night, days_a_night=days_a_night, progress=progress)
            for one, own in zip(sets, chosen, strict=True)
        ]
    if plot is not None:
        from clusterer.evaluation.plots import plot_clusters

        plot_clusters(results, plot)
    if as_json:
        print_json(to_json(results, mode))
    else:
        _print_clusters(results, mode)


@evaluate.command("calibration")
def calibration_command(
    files: Files,
    leave_one_out: LeaveOneOut = False,
    plot: Annotated[Path | None, typer.Option(help="Also plot stated and true shares.", dir_okay=False)] = None,
    cache: Cache = None,
    as_json: Json = False,
) -> None:
    """Compare stated probabilities with what came true, in ten bins. Copies are left out: no probability decides them."""
    settings = settings_of_command()
    _check_plot(plot)
    sets, encoder = [load_set(path) for path in files], _encoder(settings, cache)
    found: dict[str, list[Judged]] = {}
    with _weights_of_each(sets, settings, encoder, leave_one_out) as chosen:
        for one, own in zip(sets, chosen, strict=True):
            found.setdefault(one.name, []).extend(judged_set(one, own, encoder))
    together = [one for judgements in found.values() for one in judgements]
    bins = {name: bins_of(judgements) for name, judgements in {**found, "all": together}.items()}
    if plot is not None:
        from clusterer.evaluation.plots import plot_calibration

        plot_calibration(bins, plot)
    errors = {name: round(expected_calibration_error(held), 4) for name, held in bins.items()}
    if as_json:
        tenths = {name: [asdict(one) for one in held] for name, held in bins.items()}
        print_json({"expected_calibration_error": errors, "bins": tenths})
        return
    rows = [(one.count, f"{one.stated:.3f}", f"{one.right:.3f}") for one in bins["all"]]
    columns = ("decisions", "stated", "true")
    print_table("Stated and true shares, all sets", columns, rows, right=columns)
    print_table("Expected calibration error", ("set", "error"), list(errors.items()), right=("error",))


def calibrate_command(
    files: Files,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write the weights to.", dir_okay=False)],
    cache: Cache = None,
    as_json: Json = False,
) -> None:
    """Fit weights to labelled sets, for another model or domain; CLUSTERER_WEIGHTS_PATH then points to the file.

    With two sets or more, prints the scores on each set with weights fitted on the others.
    """
    settings = settings_of_command()
    sets, encoder = [load_set(path) for path in files], _encoder(settings, cache)
    make_index = Clusterer.in_memory(settings, encoder=encoder).make_index
    provenance = {"model": settings.model, "fingerprint": encoder.fingerprint, "fitted_at": f"{date.today():%Y-%m-%d}"}
    try:
        golds = [gold_with_headlines(one, settings, encoder) for one in sets]
        weights = replace(fitting.fit(golds, make_index, provenance), languages=_languages(settings))
        left_out = list(fitting.leave_one_out(golds, make_index)) if len(golds) > 1 else []
    except ValueError as error:
        raise NotFitted(str(error)) from None
    output.write_text(weights.to_json() + "\n")
    scores = [
        {"name": one.name, "streaming": _f1(one.streaming_bcubed, one.streaming_pairwise)}
        | {"nightly": _f1(one.nightly_bcubed, one.nightly_pairwise)}
        for one in left_out
    ]
    if as_json:
        print_json({"output": output, "coefficients": weights.coefficients, "left_out": scores})
        return
    rows = [
        (one.name, one.streaming_bcubed.f1, one.streaming_pairwise.f1, one.nightly_bcubed.f1, one.nightly_pairwise.f1)
        for one in left_out
    ]
    columns = ("set", "streaming B³ F1", "pair F1", "nightly B³ F1", "pair F1 ")
    print_table("Each set with weights fitted on the others (no window)", columns, rows, right=columns[1:])
    say(f"weights for all sets are in {output}")


def _languages(settings: Settings) -> frozenset[str]:
    return shipped_weights(settings.model).languages


def _f1(by_article: Scores, by_pair: Scores) -> dict[str, float]:
    return {"bcubed_f1": round(by_article.f1, 4), "pairwise_f1": round(by_pair.f1, 4)}


@evaluate.command("duplicates")
def duplicates_command(
    file: File,
    cleaning: Annotated[
        bool, typer.Option("--cleaning/--no-cleaning", help="Clean the texts before comparing them.")
    ] = True,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Jaccard similarity at or above which a listed pair is a copy.")
    ] = 0.7,
    as_json: Json = False,
) -> None:
    """Precision and recall of the copies found; all texts go through the index, listed pairs are scored."""
    settings_of_command()
    result = evaluate_duplicates(read_rows(file), clean=clean if cleaning else None, threshold=threshold)
    _print_figures(file.name, result, as_json)


@evaluate.command("traps")
def traps_command(file: File, as_json: Json = False) -> None:
    """Similar pages about different events: how many are wrongly taken for copies or share a cluster."""
    settings = settings_of_command()
    _print_figures(file.name, evaluate_traps(load_set(file), settings), as_json)


@evaluate.command("cleaning")
def cleaning_command(file: File, as_json: Json = False) -> None:
    """4-gram precision, recall and F1 of the kept text against the article's own; rows have `html` or `page_text`, and `gold`."""
    settings_of_command()
    _print_figures(file.name, evaluate_cleaning(read_pages(file)), as_json)


def _recluster(service: Clusterer) -> None:
    # A labelled set is a night's first and only data, so every plan looks bold to the guard: it is measured, not obeyed.
    service.collection().nightly.run("evaluation", force=True, actor="evaluation")


def _check_plot(plot: Path | None) -> None:
    """Better now than after an hour of measuring. Raises ExtraNotInstalled."""
    if plot is not None:
        require("plot", "A plot")


def _encoder(settings: Settings, cache: Path | None) -> Encoder:
    encoder = Clusterer.in_memory(settings).encoder
    return encoder if cache is None else CachedEncoder(encoder, cache)


@contextmanager
def _weights_of_each(
    sets: Sequence[LabelledSet], settings: Settings, encoder: Encoder, leave_one_out: bool
) -> Iterator[list[Settings]]:
    """The settings for each set: the ones in force, or with weights that were fitted on the other sets."""
    if not leave_one_out:
        yield [settings] * len(sets)
        return
    with tempfile.TemporaryDirectory(prefix="clusterer-") as folder:
        chosen = []
        for number, left_out in enumerate(_left_out(sets, settings, encoder)):
            path = Path(folder) / f"{number}.json"
            path.write_text(replace(left_out.weights, languages=_languages(settings)).to_json())
            chosen.append(settings.model_copy(update={"weights_path": path}))
        yield chosen


def _left_out(sets: Sequence[LabelledSet], settings: Settings, encoder: Encoder) -> list[LeftOut]:
    make_index = Clusterer.in_memory(settings, encoder=encoder).make_index
    try:
        return list(fitting.leave_one_out([gold_with_headlines(one, settings, encoder) for one in sets], make_index))
    except ValueError as error:
        raise NotFitted(str(error)) from None


@contextmanager
def _progress(sets: Sequence[LabelledSet], hidden: bool) -> Iterator[Callable[[int], None]]:
    with progress_bar(hidden) as bar:
        task = bar.add_task("articles", total=sum(len(one.articles) for one in sets))
        yield lambda count: bar.advance(task, count)


def _print_clusters(results: Sequence[SetResult], mode: Mode) -> None:
    rows = [
        (r.name, r.articles, r.gold_clusters, r.clusters, *astuple(r.bcubed), *astuple(r.pairwise), f"{r.seconds:.1f}")
        for r in results
    ]
    columns = ("set", "articles", "events", "clusters", "B³ P", "B³ R", "B³ F1", "pair P", "pair R", "pair F1", "s")
    print_table(f"Clusters against gold labels ({mode})", columns, rows, right=columns[1:])
    mean = to_json(results, mode)["mean"]
    say(f"mean of sets: B-cubed F1 {mean['bcubed_f1']:.3f}, pairwise F1 {mean['pairwise_f1']:.3f}")


def _print_figures(name: str, result: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        print_table(name, ("figure", "value"), list(result.items()))

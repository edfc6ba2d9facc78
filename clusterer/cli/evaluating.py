"""`clusterer evaluate`: measures the product on labelled data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from clusterer.bootstrap import Clusterer
from clusterer.cli.output import Json, print_json, print_table, progress_bar, say
from clusterer.cli.session import settings_of_command
from clusterer.core.clean import clean
from clusterer.evaluation.cleaning import evaluate_cleaning, read_pages
from clusterer.evaluation.clusters import LabelledSet, Mode, SetResult, evaluate_set, load_set, to_json
from clusterer.evaluation.datasets import read_rows
from clusterer.evaluation.duplicates import evaluate_duplicates
from clusterer.evaluation.vector_cache import CachedEncoder

evaluate = typer.Typer(help="Measure the product on labelled data.", no_args_is_help=True)

Files = Annotated[
    list[Path], typer.Argument(help="Labelled articles, (gzipped) JSON lines.", exists=True, dir_okay=False)
]
File = Annotated[Path, typer.Argument(help="(Gzipped) JSON lines.", exists=True, dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(evaluate, name="evaluate")


@evaluate.command("clusters")
def clusters_command(
    files: Files,
    mode: Annotated[
        Mode, typer.Option(help="As articles arrive, or with the nightly job after each day as well.")
    ] = "stream",
    weights: Annotated[
        Path | None, typer.Option(help="Weights to use in place of those in force.", exists=True, dir_okay=False)
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw the scores into this file.", dir_okay=False)] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Keep vectors in this folder between runs.", file_okay=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """B-cubed and pairwise scores of clusters against gold labels; each set streams through the whole pipeline."""
    settings = settings_of_command()
    if weights is not None:
        settings = settings.model_copy(update={"weights_path": weights})
    sets = [load_set(path) for path in files]
    encoder = Clusterer.in_memory(settings).encoder
    if cache is not None:
        encoder = CachedEncoder(encoder, cache)
    night = _recluster if mode == "nightly" else None
    with _progress(sets, as_json) as progress:
        results = [evaluate_set(one, settings, encoder=encoder, night=night, progress=progress) for one in sets]
    if plot is not None:
        from clusterer.evaluation.plots import plot_clusters

        plot_clusters(results, plot)
    if as_json:
        print_json(to_json(results, mode))
    else:
        _print_clusters(results, mode)


@evaluate.command("duplicates")
def duplicates_command(
    file: File,
    cleaning: Annotated[bool, typer.Option("--cleaning/--no-cleaning", help="Clean the texts first.")] = True,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="Jaccard from which a listed pair is a copy.")] = 0.7,
    as_json: Json = False,
) -> None:
    """Precision and recall of the copies found; all texts go through the index, listed pairs are scored."""
    settings_of_command()
    result = evaluate_duplicates(read_rows(file), clean=clean if cleaning else None, threshold=threshold)
    _print_figures(file.name, result, as_json)


@evaluate.command("cleaning")
def cleaning_command(file: File, as_json: Json = False) -> None:
    """4-gram precision, recall and F1 of the kept text against the article's own."""
    settings_of_command()
    _print_figures(file.name, evaluate_cleaning(read_pages(file)), as_json)


def _recluster(service: Clusterer) -> None:
    # A labelled set is a night's first and only data, so every plan looks bold to the guard: it is measured, not obeyed.
    service.collection().nightly.run("evaluation", force=True, actor="evaluation")


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

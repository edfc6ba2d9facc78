"""How far a command that takes long has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from clusterer.cli.output import err

T = TypeVar("T")


def progress_bar(hidden: bool = False) -> Progress:
    """A bar on standard error, gone when it is done; nothing where there is no terminal."""
    console = err()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )


def advancing(items: Iterable[T], progress: Progress, task: TaskID) -> Iterator[T]:
    """The items, each counted as it is taken. Progress.track() does not count while the bar is hidden."""
    for item in items:
        progress.advance(task)
        yield item

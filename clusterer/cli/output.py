"""What commands print: one JSON document, or text for people; errors in one line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

_WIDTH_WITHOUT_TERMINAL = 120
_NEVER_BROKEN = ("id", "cluster", "other", "last seen (UTC)")  # columns of what is copied and pasted

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def print_json(value: object) -> None:
    """One JSON document on standard output, indented."""
    data = orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    sys.stdout.write(data.decode())


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def out() -> Console:
    """Standard output, as it is now."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)


def err() -> Console:
    """Standard error, as it is now."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """A line of text; what an article brings along can neither style it nor move the cursor."""
    out().print(printable(text, style), soft_wrap=True)


def complain(message: str) -> None:
    """One line on standard error."""
    err().print(printable(f"clusterer: {message}", "red"))


def printable(text: object, style: str = "") -> Text:
    """Text of any origin, with line ends kept and every other character that is not printable made visible."""
    plain = "" if text is None else str(text)
    if not plain.isprintable():
        plain = "".join(mark if mark.isprintable() or mark == "\n" else ascii(mark)[1:-1] for mark in plain)
    return Text(plain, style=style)


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[str] = ()
) -> None:
    """A table, or a line that says that there is nothing. `right` names the columns of figures."""
    if not rows:
        say(f"{title}: none")
        return
    table = Table(title=printable(title), title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        figures = column in right
        table.add_column(
            column, justify="right" if figures else "left", overflow="fold", no_wrap=figures or column in _NEVER_BROKEN
        )
    for row in rows:
        table.add_row(*(printable(_cell(cell)) for cell in row))
    out().print(table)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return value


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


def without(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A mapping without some of its keys."""
    return {name: item for name, item in value.items() if name not in names}

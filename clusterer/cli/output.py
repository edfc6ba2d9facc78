"""What commands print: one JSON document, or text for people; errors in one line on standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import regex
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Controls beyond ASCII (JSON escapes those in it), what turns the direction of writing, and what is no character.
_UNPRINTABLE = regex.compile(r"[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]")
_WIDTH_WITHOUT_TERMINAL = 120
_LEAST_FOLDED_WIDTH = 16
_NEVER_BROKEN = ("id", "cluster", "other", "last seen")  # columns of what is copied and pasted

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def print_json(value: object) -> None:
    """One JSON document on standard output, indented."""
    data = orjson.dumps(
        value, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    )
    sys.stdout.write(_UNPRINTABLE.sub(_escaped, data.decode()))


def _escaped(found: re.Match[str]) -> str:
    """As JSON writes it: for a program the same, and nothing that a terminal acts upon."""
    return json.dumps(found.group())[1:-1]


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def out() -> Console:
    """Standard output, as it is now: as wide as the terminal, or as COLUMNS says."""
    console = Console(highlight=False)
    known = console.is_terminal or os.environ.get("COLUMNS", "").isdecimal()
    return console if known else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)


def err() -> Console:
    """Standard error, as it is now."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """A line of text. Text from articles cannot inject styles or control codes."""
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
    """A table, or a line that says that there is nothing. `right` names the columns of figures.

    Where the columns would not be wide enough to be read, each row is printed as lines of name and value.
    """
    if not rows:
        say(f"{title}: none")
        return
    cells = [[printable(_cell(cell)) for cell in row] for row in rows]
    console = out()
    if _width(columns, cells, right) > console.width:
        console.print(printable(title, "bold"))
        console.print(_records(columns, cells))
        return
    table = Table(title=printable(title), title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        figures = column in right
        table.add_column(
            column, justify="right" if figures else "left", overflow="fold", no_wrap=figures or column in _NEVER_BROKEN
        )
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _width(columns: Sequence[str], rows: Sequence[Sequence[Text]], right: Sequence[str]) -> int:
    """The least width of a table that can be read: what may be folded gets as much as it has, up to some words."""
    total = 1
    for number, column in enumerate(columns):
        content = max(row[number].cell_len for row in rows)
        firm = column in right or column in _NEVER_BROKEN
        total += 3 + max(len(column), content if firm else min(content, _LEAST_FOLDED_WIDTH))
    return total


def _records(columns: Sequence[str], rows: Sequence[Sequence[Text]]) -> Table:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True, style="dim")
    lines.add_column(overflow="fold")
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if cell.plain:
                lines.add_row(column, cell)
        lines.add_row("", "")
    return lines


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return value


def without(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A mapping without some of its keys."""
    return {name: item for name, item in value.items() if name not in names}


def report_done(what: str, ids: list[str], as_json: bool) -> None:
    """Report what was done, to how many, and the first of their ids."""
    if as_json:
        print_json({what: ids})
    else:
        say(f"{len(ids)} {what}" + (f": {', '.join(ids[:20])}" if ids else ""))

"""`clusterer clean`: what cleaning keeps of a page, and what it cuts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from clusterer.cli.output import Json, err, print_json, printable, say
from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.decoding import decoded
from clusterer.core.lines.reasons import sentence
from clusterer.core.model import Article, Document

_HTML_NAMES = {".html", ".htm", ".xhtml"}


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("clean")(clean_command)


def clean_command(
    file: Annotated[str, typer.Argument(help="A page as text or HTML (*.html), or - for standard input.")],
    html: Annotated[bool, typer.Option("--html", help="Treat the input as HTML, whatever its name.")] = False,
    as_json: Json = False,
) -> None:
    """Print the text of the article in a page; the removed parts, with reasons, go to standard error."""
    is_html = html or Path(file).suffix.lower() in _HTML_NAMES
    page = decoded(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    document = clean(Article(id="page", html=page) if is_html else Article(id="page", text=page))
    if as_json:
        print_json(_as_json(document))
        return
    if document.title:
        say(f"{document.title}\n")
    say(document.text)
    for cut in document.cuts:
        err().print(printable(f"cut ({sentence(cut)}): {_short(cut.text)}", "dim"))


def _as_json(document: Document) -> dict[str, object]:
    return {
        "title": document.title,
        "text": document.text,
        "cuts": [{"text": cut.text, "reason": sentence(cut), "code": cut.reason} for cut in document.cuts],
        "kind": document.kind,
        "multi_event": document.multi_event,
    }


def _short(text: str, length: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"

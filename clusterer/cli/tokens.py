"""`clusterer token`: a fresh token for the API."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import orjson
import typer

from clusterer.cli.output import Json, print_json, say
from clusterer.pipeline.access import SCOPES, Tokens, digest_of, new_token
from clusterer.settings import SettingsError


def add_to(app: typer.Typer) -> None:
    """Define the command."""
    app.command("token")(token_command)


def token_command(
    name: Annotated[str, typer.Argument(help="Who will hold it; named in logs and as the actor of corrections.")],
    scope: Annotated[
        list[str], typer.Option(help=f"One of {', '.join(SCOPES)}; may be repeated. None includes another.")
    ],
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", "-c", help="Only this collection; may be repeated. All without it."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Add the entry to this file; it is made when it is not there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a token. It is shown once; only its digest goes into the file that CLUSTERER_TOKENS_PATH names."""
    token = new_token()
    entry = {"name": name, "sha256": digest_of(token), "scopes": scope, "collections": collection or "all"}
    try:
        Tokens.from_json(orjson.dumps([entry]))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if to is not None:
        _add(to, entry)
    if as_json:
        print_json({"token": token, "entry": entry})
        return
    say(f"token (shown only now): {token}", "bold")
    say(f"added to {to}" if to else f"entry for the tokens' file:\n{orjson.dumps(entry).decode()}")


def _add(path: Path, entry: Mapping[str, object]) -> None:
    """Replace the file whole, so that no reader finds half of it."""
    try:
        entries = orjson.loads(path.read_bytes()) if path.exists() else []
        data = orjson.dumps([*entries, entry], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        Tokens.from_json(data)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)

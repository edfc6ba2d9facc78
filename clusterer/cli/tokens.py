"""`clusterer token`: make, list and revoke the tokens that the API takes."""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from clusterer.cli.output import Json, print_json, print_table, say
from clusterer.core.errors import NotFound
from clusterer.environment import read_settings
from clusterer.pipeline.access import SCOPES, Grant, Tokens, digest_of, new_token
from clusterer.settings import SettingsError, env_name

token = typer.Typer(help="Tokens that the API accepts: create, list and revoke them.", no_args_is_help=True)
TokensFile = Annotated[
    Path | None, typer.Option("--file", help="The tokens' file; without it, the one that CLUSTERER_TOKENS_PATH names.")
]


def add_to(app: typer.Typer) -> None:
    """Define the commands."""
    app.add_typer(token, name="token")


@token.command("add")
def token_add(
    name: Annotated[str, typer.Argument(help="Name of its holder; appears in logs and as the actor of corrections.")],
    scope: Annotated[
        list[str], typer.Option(help=f"One of {', '.join(SCOPES)}; may be repeated. No scope includes another.")
    ],
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", "-c", help="Only this collection; may be repeated. Default: all."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", "--file", help="File to add the entry to; created if it does not exist.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a token. It is shown once; only its digest goes into the file that CLUSTERER_TOKENS_PATH names."""
    fresh = new_token()
    entry = {"name": name, "sha256": digest_of(fresh), "scopes": scope, "collections": collection or "all"}
    try:
        Tokens.from_json(orjson.dumps([entry]))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if to is not None:
        _add(to, entry)
    if as_json:
        print_json({"token": fresh, "entry": entry})
        return
    say(f"token (shown only now): {fresh}", "bold")
    say(f"added to {to}" if to else f"entry for the tokens' file:\n{orjson.dumps(entry).decode()}")


@token.command("list")
def token_list(file: TokensFile = None, as_json: Json = False) -> None:
    """List the holders and scopes of the tokens that the API accepts. The tokens themselves are not stored."""
    grants = _grants(_file(file))
    if as_json:
        print_json([{"name": one.name, "scopes": sorted(one.scopes), "collections": _covered(one)} for one in grants])
    else:
        rows = [(one.name, sorted(one.scopes), _covered(one)) for one in grants]
        print_table("Tokens", ("name", "scopes", "collections"), rows)


@token.command("revoke")
def token_revoke(
    name: Annotated[str, typer.Argument(help="Holder of the token to revoke.")],
    file: TokensFile = None,
    as_json: Json = False,
) -> None:
    """Remove an entry from the tokens' file. A running API accepts the token until it is restarted."""
    path = _file(file)
    kept = [one for one in _entries(path) if one["name"] != name]
    if len(kept) == len(_entries(path)):
        raise NotFound(f"{path} has no token of {name!r}")
    _write(path, kept)
    if as_json:
        print_json({"revoked": name, "file": path})
    else:
        say(f"revoked the token of {name}; restart the API, which reads {path} once at start")


def _file(named: Path | None) -> Path:
    path = named or read_settings().tokens_path
    if path is None:
        raise typer.BadParameter(f"name a file, here or in {env_name('tokens_path')}", param_hint="--file")
    return path


def _covered(grant: Grant) -> str | list[str]:
    return grant.collections if isinstance(grant.collections, str) else sorted(grant.collections)


def _grants(path: Path) -> Sequence[Grant]:
    try:
        return Tokens.from_json(path.read_bytes()).grants
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def _entries(path: Path) -> list[dict[str, Any]]:
    _grants(path)
    entries: list[dict[str, Any]] = orjson.loads(path.read_bytes())
    return entries


def _add(path: Path, entry: Mapping[str, object]) -> None:
    _write(path, [*(_entries(path) if path.exists() else []), entry])


def _write(path: Path, entries: Sequence[Mapping[str, object]]) -> None:
    """Replace the file whole, so that no reader finds half of it. A new one is its user's alone; one that was there keeps its mode."""
    data = orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    try:
        Tokens.from_json(data)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_bytes(data)
    if path.exists():
        draft.chmod(stat.S_IMODE(path.stat().st_mode))
    draft.replace(path)

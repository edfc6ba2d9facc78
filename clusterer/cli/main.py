"""The `clusterer` command. Exit codes: 0 done, 1 not found or a check that failed, 2 wrong use or settings."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

import clusterer
from clusterer.cli.output import complain, say
from clusterer.cli.summaries import SUMMARIES
from clusterer.core.errors import ClustererError, StoreUnavailable
from clusterer.extras import ExtraNotInstalled, not_installed
from clusterer.settings import SettingsError

FAILED = 1
MISUSED = 2

# The module that defines each command, in the order of `--help`: only the one that was asked for is loaded.
MODULES: Mapping[str, str] = {
    "status": "checks",
    "doctor": "checks",
    "demo": "demo",
    "serve": "serving",
    "up": "serving",
    "ingest": "ingest",
    "search": "lookups",
    "related": "lookups",
    "duplicates": "lookups",
    "explain": "lookups",
    "clusters": "lookups",
    "changes": "lookups",
    "audit": "auditing",
    "erase": "operations",
    "config": "operations",
    "export": "exporting",
    "backup": "durability",
    "restore": "durability",
    "reembed": "reembedding",
    "recluster": "nightly",
    "runs": "nightly",
    "rollback": "nightly",
    "history": "nightly",
    "calibrate": "evaluating",
    "clean": "texts",
    "show": "lookups",
    "boilerplate": "operations",
    "collections": "operations",
    "dead": "setaside",
    "rejected": "setaside",
    "correct": "correcting",
    "evaluate": "evaluating",
    "token": "tokens",
    "webhook": "webhooks",
}


@contextmanager
def _orderly() -> Iterator[None]:
    """Files that nobody else may read; SIGTERM and SIGHUP are handled like Ctrl-C, so that what was started is stopped."""
    mask = os.umask(0o077)
    former = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        os.umask(mask)


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


class _Loaded(Mapping[str, Any]):
    """The commands by name, each with its module loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        part = typer.Typer(rich_markup_mode=None)
        import_module(f"clusterer.cli.{MODULES[name]}").add_to(part)
        return get_group(part).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class _Commands(TyperGroup):
    """Turns the errors that are raised on purpose into one line and an exit code."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": _Loaded()})

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """As inherited, of summaries alone: the modules of all commands take a second to load."""
        loaded = self.commands
        self.commands = {name: TyperCommand(name, help=SUMMARIES[name]) for name in MODULES}
        try:
            super().format_commands(ctx, formatter)
        finally:
            self.commands = loaded

    def invoke(self, ctx: Any) -> Any:
        with _orderly():
            return self._invoke(ctx)

    def _invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        except (SettingsError, ExtraNotInstalled) as error:
            complain(str(error))
            code = MISUSED
        except OSError as error:
            complain(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
            code = MISUSED
        except ModuleNotFoundError as error:
            missing = not_installed(error, "This command")
            if missing is None:
                raise
            complain(str(missing))
            code = MISUSED
        except ClustererError as error:
            examine = " `clusterer doctor` may say why." if isinstance(error, StoreUnavailable) else ""
            complain(f"{error}{examine}")
            code = FAILED
        raise typer.Exit(code)


app = typer.Typer(
    name="clusterer",
    help="Groups a stream of news articles into event clusters, finds copies, and explains each decision.",
    cls=_Commands,
    invoke_without_command=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        say(clusterer.__version__)
        raise typer.Exit


if __name__ == "__main__":
    app()

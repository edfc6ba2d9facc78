"""The `clusterer` command. Exit codes: 0 done, 1 not found or a check that failed, 2 wrong use or settings."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from clusterer.cli import (
    demo,
    durability,
    evaluating,
    ingest,
    lookups,
    nightly,
    operations,
    reembedding,
    serving,
    texts,
    tokens,
)
from clusterer.cli.output import complain
from clusterer.core.errors import ClustererError
from clusterer.settings import SettingsError

FAILED = 1
MISUSED = 2


class _Commands(TyperGroup):
    """Turns the errors that are raised on purpose into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        except (SettingsError, OSError) as error:
            complain(str(error))
            code = MISUSED
        except ClustererError as error:
            complain(str(error))
            code = FAILED
        raise typer.Exit(code)


app = typer.Typer(
    name="clusterer",
    help="Groups a stream of news articles into event clusters, finds copies, and says why.",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (demo, serving, ingest, lookups, operations, durability, reembedding, nightly, evaluating, texts, tokens):
    module.add_to(app)

if __name__ == "__main__":
    app()

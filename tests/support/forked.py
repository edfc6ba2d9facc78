"""Commands in processes of their own that are forked from one with everything loaded: such a start takes a tenth of the time."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from faults.fleet import Fork

_LIMIT_S = 300.0


@dataclass(frozen=True)
class Ended:
    """A process that has ended, with what it printed to standard output and error."""

    returncode: int
    output: str


def run_module(module: str, *arguments: str, **environment: str) -> Ended:
    """`python -m`, in the environment of the tests and this."""
    with tempfile.NamedTemporaryFile(prefix="clusterer-forked-") as log:
        process = Fork([sys.executable, "-m", module, *arguments], environment, Path(log.name))
        return Ended(process.wait(_LIMIT_S), log.read().decode())

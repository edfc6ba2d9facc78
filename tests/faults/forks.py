"""Processes that a test lets die, forked from one that has everything loaded: a start takes a tenth of the time."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from clusterer.pipeline import failpoints

START = multiprocessing.get_context("forkserver")
START.set_forkserver_preload(["faults.warm"])


def begin(work: Callable[..., object], log: Path, *arguments: object, **more: str) -> BaseProcess:
    """A process that does the work in this environment and `more`; what it prints goes to the file."""
    with pytest.MonkeyPatch.context() as patch:  # Python 3.11 does not pass the path on to the first process
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()
    process = START.Process(target=_run, args=(work, str(log), {**os.environ, **more}, arguments), daemon=True)
    process.start()
    return process


def _run(work: Callable[..., object], log: str, environment: Mapping[str, str], arguments: tuple[object, ...]) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(failpoints)  # it reads the environment once
    work(*arguments)


def end_of(process: BaseProcess, limit_s: float = 300) -> int | None:
    """Its exit code, the negative number of the signal that ended it; None where it had to be killed here."""
    process.join(limit_s)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode

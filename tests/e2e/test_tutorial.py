"""docs/index.md as its reader would follow it: every command, in order, against a service that runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.fleet import free_port

PAGE = (Path(__file__).parents[2] / "docs" / "index.md").read_text("utf8")
UP = "clusterer up"
END = "--- end of a command ---"
_PATIENCE_S = 600.0


def steps() -> list[tuple[str, list[str]]]:
    """(command, the lines that it is said to print) of every console block but the one that starts the service."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return [(command, lines) for command, lines in found if command != UP]


def matches(output: str, lines: list[str]) -> bool:
    """Whether the output holds the lines; `[...]` stands for anything."""
    pattern = re.escape("\n".join(lines)).replace(re.escape("[...]"), "(?s:.*?)")
    return re.search(pattern, output) is not None


@pytest.fixture
def home() -> Iterator[Path]:
    path = Path(
        tempfile.mkdtemp(prefix="clusterer-tutorial-")
    )  # pytest's own folders can be too long for a socket's path
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def running(home: Path) -> Iterator[tuple[dict[str, str], int]]:
    """(environment of the reader's shell, port of the API)."""
    port = free_port()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLUSTERER_")}
    env |= {"PATH": path, "CLUSTERER_DATA_DIR": str(home / "data"), "COLUMNS": "200"}
    log = home / "up.log"
    with log.open("wb") as output:
        up = subprocess.Popen([*UP.split(), "--port", str(port)], cwd=home, env=env, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while "ready:" not in log.read_text() and up.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "ready:" in log.read_text(), log.read_text()[-2_000:]
        yield env, port
    finally:
        up.terminate()
        up.wait(_PATIENCE_S)


@pytest.mark.slow
@pytest.mark.timeout(1_300)
def test_the_tutorial_works_as_it_is_written(home: Path, running: tuple[dict[str, str], int]) -> None:
    env, port = running
    (news,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (home / "news.jsonl").write_text(news, "utf8")
    assert f"```console\n$ {UP}\n```" in PAGE
    script = "".join(f"{command}\necho '{END}'\n" for command, _ in steps()).replace(
        "localhost:8000", f"localhost:{port}"
    )
    ran = subprocess.run(
        ["bash", "-eu"], input=script, cwd=home, env=env, capture_output=True, text=True, timeout=_PATIENCE_S
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    printed = ran.stdout.split(END)
    for (command, lines), output in zip(steps(), printed, strict=False):
        assert matches(output, lines), f"$ {command}\n{output}"
    assert len(printed) == len(steps()) + 1
    assert len(steps()) >= 9

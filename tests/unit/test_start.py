"""What starts quickly and stays small: commands, API and beat load no library that they do not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

LARGE = {
    "torch", "transformers", "sentence_transformers", "faiss", "sklearn", "scipy", "igraph", "leidenalg", "matplotlib", "datasketch",
    "trafilatura", "wordfreq",
}  # fmt: skip
COMMAND = """
from typer.testing import CliRunner
from clusterer.cli.main import app
for arguments in {arguments}:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code in (0, 1), result.output
"""
API = """
from fastapi.testclient import TestClient
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.settings import read_settings
client = TestClient(create_app(Clusterer.connect(read_settings())), "http://localhost")
for path in ("/readyz", "/version", "/metrics", "/v1/clusters", "/v1/changes", "/v1/collections"):
    assert client.get(path).status_code == 200, path
assert client.post("/v1/articles", json={"id": "a", "text": "The river rose."}).status_code == 202
assert client.get("/v1/articles/a").status_code == 200
"""
BEAT = """
from clusterer_workers.app import app
app.Beat
"""


def loaded(program: str, redis_url: str) -> set[str]:
    """The large libraries that a program has loaded at its end."""
    tail = f"\nimport sys\nprint('loaded', *sorted({LARGE!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program + tail],
        env={"CLUSTERER_REDIS_URL": redis_url, "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, *names = done.stdout.splitlines()[-1].split()
    assert said == "loaded"
    return set(names)


@pytest.mark.usefixtures("redis_client")
@pytest.mark.parametrize(
    "arguments",
    [
        [["--version"]],
        [["clusters"], ["changes"], ["show", "article", "none"], ["show", "cluster", "none"], ["explain", "none"]],
        [["dead", "list"], ["collections", "list"], ["runs"], ["config"]],
    ],
    ids=["version", "lookups", "operations"],
)
def test_commands_load_nothing_large(redis_server: str, arguments: list[list[str]]) -> None:
    assert loaded(COMMAND.format(arguments=arguments), redis_server) == set()


@pytest.mark.usefixtures("redis_client")
def test_the_api_loads_nothing_large_until_somebody_searches(redis_server: str) -> None:
    assert loaded(API, redis_server) == set()


@pytest.mark.usefixtures("redis_client")
def test_beat_loads_nothing_large(redis_server: str) -> None:
    assert loaded(BEAT, redis_server) == set()

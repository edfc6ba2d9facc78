"""What starts quickly and stays small: commands, API and beat load no library that they do not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module

import pytest
import typer
from typer.main import get_group

from benchmarks import startup
from clusterer.cli.main import MODULES
from clusterer.cli.summaries import SUMMARIES

LARGE = {
    "torch", "transformers", "sentence_transformers", "faiss", "sklearn", "scipy", "igraph", "leidenalg", "matplotlib", "datasketch",
    "trafilatura", "wordfreq",
}  # fmt: skip
# What decides, cleans, counts and draws faces: a question about stored records needs none of it.
WORK = {
    "numpy", "rich.progress", "clusterer.core.faces.face",
    "celery", "fastapi", "lxml", "prometheus_client", "dateutil", "babel", "py3langid",
    "clusterer.core.cleaning.clean",
    "clusterer.core.clustering.window", "clusterer.core.scoring.scorer", "clusterer.core.copies.fingerprint",
    "clusterer.pipeline.intake", "clusterer.pipeline.stages.assign", "clusterer.pipeline.stages.prepare",
    "clusterer.pipeline.nightly.nightly", "clusterer.pipeline.upkeep.audit", "clusterer.adapters.embedded_redis",
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
from clusterer.environment import read_settings
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


def loaded(program: str, redis_url: str, of: set[str] = LARGE) -> set[str]:
    """Which of these modules a program has loaded at its end."""
    tail = f"\nimport sys\nprint('loaded', *sorted({of!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program + tail],
        env={"CLUSTERER_REDIS_URL": redis_url, "PATH": "/usr/bin:/bin", "XDG_DATA_HOME": os.environ["XDG_DATA_HOME"]},
        capture_output=True,
        text=True,
        timeout=300,
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
@pytest.mark.parametrize(
    "arguments",
    [
        [["clusters"], ["changes"], ["show", "article", "none"], ["duplicates", "none"], ["explain", "none"]],
        [["status"], ["runs"], ["config"], ["collections", "list"], ["dead", "list"]],
    ],
    ids=["lookups", "records"],
)
def test_a_question_loads_nothing_of_the_work(redis_server: str, arguments: list[list[str]]) -> None:
    assert loaded(COMMAND.format(arguments=arguments), redis_server, LARGE | WORK) == set()


def test_a_command_loads_no_other_command() -> None:
    program = COMMAND.format(arguments=[["clusters", "--help"]])
    others = {f"clusterer.cli.{module}" for module in MODULES.values()} - {"clusterer.cli.lookups"}
    assert len(others) > 10
    assert loaded(program, "unix:///nowhere", others) == set()


@pytest.mark.parametrize("module", sorted(set(MODULES.values())))
def test_every_command_is_listed_with_its_module(module: str) -> None:
    part = typer.Typer()
    import_module(f"clusterer.cli.{module}").add_to(part)
    commands = get_group(part).commands
    assert commands.keys() == {name for name, its in MODULES.items() if its == module}
    assert {name: one.get_short_help_str(10_000) for name, one in commands.items()} == {
        name: SUMMARIES[name] for name in commands
    }


def test_help_loads_no_command() -> None:
    others = {f"clusterer.cli.{module}" for module in MODULES.values()}
    assert loaded(COMMAND.format(arguments=[["--help"]]), "unix:///nowhere", others) == set()


@pytest.mark.usefixtures("redis_client")
def test_the_api_loads_nothing_large_until_somebody_searches(redis_server: str) -> None:
    assert loaded(API, redis_server) == set()


@pytest.mark.usefixtures("redis_client")
def test_beat_loads_nothing_large(redis_server: str) -> None:
    assert loaded(BEAT, redis_server) == set()


@pytest.mark.usefixtures("redis_client")
def test_the_benchmark_prints_what_each_command_took(redis_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "COMMANDS", (["status"],))
    figures = startup.measured_commands(os.environ | {"CLUSTERER_REDIS_URL": redis_server}, repeat=1)
    assert json.loads(json.dumps(figures)) == figures
    assert figures.keys() == {"status"}
    assert figures["status"].keys() == {"wall_s", "cpu_s"}
    assert min(figures["status"].values()) > 0

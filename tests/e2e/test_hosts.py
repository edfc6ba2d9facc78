"""Every process on a machine of its own, as far as it can tell: they share one Redis over TCP, and no folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from faults.articles import event_articles
from faults.fleet import Fleet, Process, free_port, observer, wait_for, wait_for_redis

START_S = 300  # on a busy machine
CLI = ("-m", "clusterer.cli.main")
FOLDERS = ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR")


@dataclass
class Hosts:
    """A fleet whose processes have a home, a data folder and a folder for temporary files each."""

    fleet: Fleet
    folder: Path
    used: list[Path] = field(default_factory=list)

    def env(self, name: str) -> dict[str, str]:
        home = self.folder / name
        home.mkdir()
        self.used.append(home)
        return dict.fromkeys(FOLDERS, str(home)) | {"CLUSTERER_DATA_DIR": str(home / "data")}

    def start_worker(self, name: str, queue: str) -> Process:
        worker = self.fleet.add_worker(name, queue, **self.env(name))
        worker.start()
        return worker

    def run(self, name: str, *arguments: str) -> Any:
        """What a command prints, as JSON."""
        out = self.folder / f"{name}.json"
        command = self.fleet.add(name, *CLI, *arguments, "--json", **self.env(name))
        command.log = out
        command.start()
        assert command.popen is not None
        assert command.popen.wait(START_S) == 0, command.tail()
        return json.loads(out.read_text().partition("\n")[2])


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    folder = Path(tempfile.mkdtemp(prefix="clusterer-hosts-"))
    port = free_port()
    env = {
        "CLUSTERER_REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "CLUSTERER_MODEL": "hashing",
        "CLUSTERER_LOG_LEVEL": "error",
    }
    with Fleet(folder, env) as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(env["CLUSTERER_REDIS_URL"])
        yield Hosts(fleet, folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_posted_prepared_assigned_and_looked_up_on_four_hosts(hosts: Hosts) -> None:
    articles = event_articles(3, 3, seed=5)
    path = hosts.folder / "articles.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in articles))
    beat = hosts.fleet.add("beat", "-m", "clusterer_workers", "beat", "--pidfile=", **hosts.env("beat"))
    beat.start()
    workers = [hosts.start_worker("preparer", "articles"), hosts.start_worker("assigner", "clusters")]
    receipts = hosts.run("producer", "ingest", str(path))
    assert receipts["accepted"] == len(articles)
    service = observer(hosts.fleet.env["CLUSTERER_REDIS_URL"], hosts.folder)
    wait_for("all are assigned", lambda: service.collection().books.books().assigned == len(articles), START_S)
    found = hosts.run("searcher", "search", str(articles[0]["text"]))
    assert articles[0]["id"] in json.dumps(hosts.run("reader", "show", "cluster", found["data"][0]["cluster"]["id"]))
    assert all(worker.alive and worker.starts == 1 for worker in workers)
    assert not [path for home in hosts.used for path in home.rglob("*.sock")], "nobody started a Redis of its own"

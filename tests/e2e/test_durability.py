"""Export, backup and restore by their commands, and logs that break off: over real servers, each test on a data folder of its own."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from typer.testing import CliRunner

from clusterer.adapters.backup import BackupError, back_up, restore
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.redis_programs import Server, installed_servers
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.keys import SCHEMA, SCHEMA_VERSION
from clusterer.adapters.store_mark import StoreMark
from clusterer.bootstrap import Clusterer, SystemClock
from clusterer.cli.main import app
from clusterer.core.errors import ClustererError
from clusterer.evaluation.datasets import payload_from_row
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.upkeep.audit import audit
from clusterer.ports import Store
from clusterer.samples import sample_rows
from clusterer.settings import Settings

SETTINGS = Settings(model="hashing", lease_s=1)
OLDER = Path(__file__).parents[1] / "data"
ARTICLES = [parse_article(payload_from_row(row)) for row in sample_rows()]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, as sockets need it."""
    path = Path(tempfile.mkdtemp(prefix="clusterer-test-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(params=[f"{server.version[0]}.{server.version[1]}" for server in installed_servers()])
def _one_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one of the installed servers, as on a machine without the others: they keep their logs in different ways."""
    [server] = [one for one in installed_servers() if f"{one.version[0]}.{one.version[1]}" == request.param]
    only: list[Server] = [server]
    monkeypatch.setattr("clusterer.adapters.redis_programs.installed_servers", lambda: only)


def service_of(client: redis.Redis) -> Clusterer:
    return Clusterer.over(RedisStore(client), SETTINGS)


def assert_in_order(store: Store) -> None:
    for name in store.collections():
        report = audit(store.collection(name))
        assert report.clean, report.problems


def finish(service: Clusterer) -> None:
    """Do all work; what was leased at the instant that is restored is free again when its lease has run out."""
    deadline = time.monotonic() + 300
    while service.drain() or service.collection().books.books().pending:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answer(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if result.stdout else result.stderr


# -- backup and restore


@pytest.mark.usefixtures("_one_server")
def test_a_backup_under_writing_is_one_instant(folder: Path) -> None:
    with EmbeddedRedis(folder / "from") as server, redis.Redis.from_url(server.url) as client:
        writer = Writer(server.url)
        writer.start()
        try:
            writer.wait_for(8)
            first = back_up(client, folder / "first", SystemClock().now())
            seen = writer.accepted
            second = back_up(client, folder / "second", SystemClock().now())
        finally:
            writer.stop()
        assert client.exists("clu:{default}:head")
    books = first.collections["default"].books
    assert 8 <= books.accepted <= seen <= second.collections["default"].books.accepted
    for name, manifest in (("first", first), ("second", second)):
        assert restore(folder / name, folder / "to", assert_in_order, True, SystemClock().now()) == manifest
        with EmbeddedRedis(folder / "to") as server, redis.Redis.from_url(server.url) as client:
            service = service_of(client)
            assert service.collection().books.books() == manifest.collections["default"].books
            service.collection().intake.accept(ARTICLES)  # and work goes on
            finish(service)
            assert_in_order(service.store)


class Writer(threading.Thread):
    """Accepts and assigns one article after the other until stopped."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._stop_asked = threading.Event()
        self._moved = threading.Event()
        self.accepted = 0

    def run(self) -> None:
        with redis.Redis.from_url(self._url) as client:
            service = service_of(client)
            for round_ in range(10_000):
                for article in ARTICLES:
                    if self._stop_asked.is_set():
                        return
                    again = article.model_copy(update={"id": f"{round_}/{article.title}"})
                    service.collection().intake.accept([again])
                    self.accepted += 1
                    self._moved.set()
                    service.drain()

    def wait_for(self, count: int) -> None:
        while self.accepted < count:
            assert self._moved.wait(300)
            self._moved.clear()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(300)
        assert not self.is_alive()
        assert self.accepted


@pytest.fixture(scope="module")
def saved() -> Iterator[Path]:
    """A backup of the sample stream."""
    path = Path(tempfile.mkdtemp(prefix="clusterer-test-"))
    with EmbeddedRedis(path) as server, redis.Redis.from_url(server.url) as client:
        service = service_of(client)
        service.collection().intake.accept(ARTICLES)
        service.drain()
        back_up(client, path / "backup", SystemClock().now())
    yield path / "backup"
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def backup(saved: Path, folder: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(saved, folder / "backup"))


def refused(backup: Path, folder: Path, why: str) -> None:
    with pytest.raises(BackupError, match=why):
        restore(backup, folder / "to", assert_in_order, False, SystemClock().now())
    assert not (folder / "to" / "redis").exists()
    assert not (folder / "to" / "restoring").exists()


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.999])
def test_a_flipped_bit_is_refused(backup: Path, folder: Path, place: float) -> None:
    data = bytearray((backup / "store.rdb").read_bytes())
    data[int(place * len(data))] ^= 0x10
    (backup / "store.rdb").write_bytes(data)
    refused(backup, folder, "damaged")


def test_a_short_snapshot_is_refused(backup: Path, folder: Path) -> None:
    data = (backup / "store.rdb").read_bytes()
    (backup / "store.rdb").write_bytes(data[:-1])
    refused(backup, folder, "damaged")


def test_missing_files_are_refused(backup: Path, folder: Path) -> None:
    (backup / "store.rdb").rename(backup / "elsewhere")
    refused(backup, folder, "missing")
    (backup / "manifest.json").unlink()
    refused(backup, folder, "no complete backup")


def test_a_manifest_that_says_something_else_is_refused(backup: Path, folder: Path) -> None:
    path = backup / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["collections"]["default"]["books"]["accepted"] += 1
    path.write_text(json.dumps(manifest))
    refused(backup, folder, "does not match its manifest")
    path.write_text(json.dumps({**manifest, "format": 2}))
    refused(backup, folder, "format 2")
    path.write_text(json.dumps(manifest)[:-2])
    refused(backup, folder, "is damaged")


def test_a_backup_needs_a_folder_of_its_own(backup: Path, redis_client: redis.Redis) -> None:
    before = {path: path.read_bytes() for path in backup.iterdir()}
    with pytest.raises(BackupError, match="not empty"):
        back_up(redis_client, backup, SystemClock().now())
    assert {path: path.read_bytes() for path in backup.iterdir()} == before


def test_a_file_that_redis_did_not_just_save_is_no_backup(
    backup: Path, folder: Path, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clusterer.adapters.backup._save", lambda _: backup / "store.rdb")  # as with a remote Redis
    with pytest.raises(BackupError, match="another machine"):
        back_up(redis_client, folder / "new", SystemClock().now())
    assert list((folder / "new").iterdir()) == []


def test_a_user_who_may_not_save_is_told(folder: Path, redis_server: str, redis_client: redis.Redis) -> None:
    redis_client.acl_setuser("worker", enabled=True, nopass=True, keys=["*"], commands=["+@all", "-bgsave", "-config"])
    try:
        client = redis.Redis.from_url(redis_server, username="worker", password="any")
        with client, pytest.raises(ClustererError, match="permission"):
            back_up(client, folder / "new", SystemClock().now())
    finally:
        redis_client.acl_deluser("worker")
    assert not (folder / "new").exists()


def with_its_checksum(backup: Path, snapshot: bytes) -> None:
    """Put these bytes into the backup, as somebody does who can write there: the manifest agrees with them."""
    (backup / "store.rdb").write_bytes(snapshot)
    manifest = json.loads((backup / "manifest.json").read_bytes())
    manifest |= {"snapshot_bytes": len(snapshot), "sha256": hashlib.sha256(snapshot).hexdigest()}
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("added", [b"*3\r\n$3\r\nSET\r\n$4\r\nevil\r\n$1\r\n1\r\n", b"\n", b"REDIS0009"])
def test_what_was_added_to_a_snapshot_is_refused_and_never_run(backup: Path, folder: Path, added: bytes) -> None:
    with_its_checksum(backup, (backup / "store.rdb").read_bytes() + added)
    with pytest.raises(BackupError, match="extra bytes at its end"):
        restore(backup, folder / "to", assert_in_order, False, SystemClock().now())
    assert not (folder / "to" / "redis").exists()


def test_a_log_in_place_of_a_snapshot_is_not_run(backup: Path, folder: Path) -> None:
    marker = folder / "written-by-a-command"
    dump = f"*4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$3\r\ndir\r\n${len(str(folder))}\r\n{folder}\r\n"
    name = f"*4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$10\r\ndbfilename\r\n${len(marker.name)}\r\n{marker.name}\r\n"
    with_its_checksum(backup, (dump + name + "*1\r\n$4\r\nSAVE\r\n").encode())
    with pytest.raises(ClustererError, match="not a complete Redis dump"):
        restore(backup, folder / "to", assert_in_order, False, SystemClock().now())
    assert not marker.exists()
    assert not (folder / "to" / "redis").exists()


def test_what_was_restored_is_kept_in_a_log_from_then_on(backup: Path, folder: Path) -> None:
    restore(backup, folder / "to", assert_in_order, False, SystemClock().now())
    assert not (folder / "to" / "redis" / "dump.rdb").exists()
    with EmbeddedRedis(folder / "to") as server, redis.Redis.from_url(server.url) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        client.set("after", "it")
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
        server.start()
        assert client.get("after") == b"it"
        assert service_of(client).collection().books.books().assigned == len(ARTICLES)


def test_data_that_are_there_are_not_overwritten(backup: Path, folder: Path) -> None:
    data_dir = folder / "to"
    with EmbeddedRedis(data_dir) as server, redis.Redis.from_url(server.url) as client:
        client.set("old", "data")
        with pytest.raises(BackupError, match="--force"):
            restore(backup, data_dir, assert_in_order, False, SystemClock().now())
        with pytest.raises(Exception, match="in use"):
            restore(backup, data_dir, assert_in_order, True, SystemClock().now())
        assert client.get("old") == b"data"
    restore(backup, data_dir, assert_in_order, True, SystemClock().now())
    with EmbeddedRedis(data_dir) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("old") is None
        assert service_of(client).collection().books.books().assigned == len(ARTICLES)
    [aside] = data_dir.glob("redis.before-*")
    aside.rename(folder / "redis")
    with EmbeddedRedis(folder) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("old") == b"data"


# -- by the commands


def test_the_commands(
    folder: Path, monkeypatch: pytest.MonkeyPatch, redis_server: str, redis_client: redis.Redis
) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    monkeypatch.setenv("CLUSTERER_REDIS_URL", redis_server)
    service = service_of(redis_client)
    service.collection().intake.accept(ARTICLES)
    service.drain()
    plain, zipped = folder / "all.jsonl", folder / "all.jsonl.gz"
    assert answer("export", str(plain))["exported"] == len(ARTICLES)
    assert answer("export", str(zipped))["exported"] == len(ARTICLES)
    assert gzip.decompress(zipped.read_bytes()) == plain.read_bytes()
    assert CliRunner().invoke(app, ["export", "-"]).stdout_bytes == plain.read_bytes()
    assert answer("collections", "create", "copy")
    assert answer("ingest", str(zipped), "-c", "copy")["accepted"] == len(ARTICLES)
    assert answer("ingest", str(plain), "-c", "copy")["known"] == len(ARTICLES)
    assert answer("backup", str(folder / "backup"))["collections"]["copy"]["books"]["pending"] == len(ARTICLES)
    assert "names another Redis" in answer("restore", str(folder / "backup"), code=2)
    monkeypatch.delenv("CLUSTERER_REDIS_URL")
    monkeypatch.setenv("CLUSTERER_DATA_DIR", str(folder / "to"))
    mark = StoreMark(folder / "to", EmbeddedRedis(folder / "to").url)
    mark.write(b"what was there before")
    restored = answer("restore", str(folder / "backup"))
    assert mark.read() is None  # what was restored is wanted, though it is not what was there
    assert restored["clean"]
    assert restored["collections"]["default"]["counts"]["assigned"] == len(ARTICLES)
    assert "--force" in answer("restore", str(folder / "backup"), code=1)


def test_a_backfill_leaves_room_for_the_live_stream(
    folder: Path, monkeypatch: pytest.MonkeyPatch, redis_server: str, redis_client: redis.Redis
) -> None:
    monkeypatch.setenv("CLUSTERER_MODEL", "hashing")
    monkeypatch.setenv("CLUSTERER_REDIS_URL", redis_server)
    texts = [f"{one.text or one.html} {year}" for year in range(2015, 2025) for one in ARTICLES[:50]]
    rows = [{"id": f"old/{number}", "text": text} for number, text in enumerate(texts)]
    path = folder / "old.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr("clusterer.cli.ingest._PATIENCE_S", 0.5)
    assert "is a worker running" in answer("ingest", "--backfill", str(path), code=1)
    waiting = [redis_client.xlen("clu:{default}:inbox")]
    assert 128 < waiting[0] <= 256
    monkeypatch.setattr("clusterer.cli.ingest._PATIENCE_S", 500)
    done = threading.Event()

    def work() -> None:
        with redis.Redis.from_url(redis_server) as client:
            service = service_of(client)
            while not done.is_set():
                service.prepare("worker")
                waiting.append(client.xlen("clu:{default}:inbox") + client.xlen("clu:{default}:ready"))
                service.assign("worker")

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        tally = answer("ingest", "--backfill", "--wait", str(path))
    finally:
        done.set()
        worker.join(300)
    assert tally["accepted"] + tally["known"] == len(rows)
    assert max(waiting) <= 256
    assert_in_order(RedisStore(redis_client))


# -- data of older releases


@pytest.mark.usefixtures("_one_server")
@pytest.mark.parametrize("stored", sorted(OLDER.glob("schema-*")), ids=lambda path: path.name)
def test_a_folder_of_an_older_release_is_brought_up_to_date(stored: Path, folder: Path) -> None:
    """13 articles of which one waits and two revisions of one are erased; see tests/data/README.md."""
    manifest = restore(stored, folder / "data", assert_in_order, False, SystemClock().now())
    with EmbeddedRedis(folder / "data") as server, redis.Redis.from_url(server.url) as client:
        assert client.get(SCHEMA) == SCHEMA_VERSION != manifest.schema.encode()
        assert {client.strlen(key) for key in client.scan_iter("clu:*:v:*")} == {2 * 384}, (
            "only the vector of title and lead"
        )
        assert {client.strlen(key) for key in client.scan_iter("clu:*:w:*")} <= {2 * 64}
        assert client.hget("clu:{default}:head", "upgraded") is None
        service = service_of(client)
        collection = service.collection()
        assert collection.books.books() == manifest.collections["default"].books
        assert len({row.cluster for row in collection.books.facts(range(1, 14)) if row and row.cluster}) > 1
        received = collection.intake.accept(ARTICLES[:13])
        assert sum(receipt.outcome == "known" for receipt in received) == 11, "all but what was erased"
        finish(service)
        assert collection.nightly.run("night", force=True).outcome in ("unchanged", "published")
        after = Clusterer.over(service.store, SETTINGS, encoder=HashingEncoder(64))
        assert after.collection().reembedder.run("r").embedded > 0
        finish(after)
        assert_in_order(service.store)


# -- logs that break off


@pytest.mark.usefixtures("_one_server")
def test_a_log_cut_anywhere_loses_the_end_and_breaks_nothing(folder: Path) -> None:
    with EmbeddedRedis(folder / "whole") as server, redis.Redis.from_url(server.url) as client:
        service = service_of(client)
        for article in ARTICLES[:12]:
            service.collection().intake.accept([article])
            service.drain()
        whole = service.collection().books.books()
    length = log_of(folder / "whole").stat().st_size
    accepted = []
    for cut in (1, 2, 3, 9, 50, 333, 2_000, *range(length // 8, length, length // 8)):
        shutil.copytree(folder / "whole", folder / "cut", ignore=shutil.ignore_patterns("*.sock"))
        with log_of(folder / "cut").open("r+b") as log:
            log.truncate(length - cut)
        with EmbeddedRedis(folder / "cut", "everysec") as server, redis.Redis.from_url(server.url) as client:
            service = service_of(client)
            assert_in_order(service.store)
            accepted.append(service.collection().books.books().accepted)
            service.collection().intake.accept(ARTICLES[:12])  # as clients do that were not answered
            finish(service)
            assert service.collection().books.books() == whole
            assert_in_order(service.store)
        shutil.rmtree(folder / "cut")
    assert accepted == sorted(accepted, reverse=True)
    assert accepted[0] == 12
    assert accepted[-1] < 6


def log_of(data_dir: Path) -> Path:
    """The file that the folder's server appends to."""
    [path] = [path for path in data_dir.rglob("*.aof") if ".base." not in path.name]
    return path

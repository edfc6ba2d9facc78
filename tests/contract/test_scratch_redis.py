"""The server behind `Clusterer.in_memory()`: empty for everybody who asks, and gone with the process that started it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import redis
from support.servers import wait_until

from clusterer.adapters.scratch_redis import ScratchRedis, scratch_redis
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.intake import ArticleIn
from clusterer.settings import Settings

LIVES_ON = """
import os, time
from clusterer.adapters.scratch_redis import scratch_redis
print(scratch_redis().take(), flush=True)
time.sleep(60)
"""


def test_everybody_gets_an_empty_database_and_no_other() -> None:
    server = scratch_redis()
    one, other = server.take(), server.take()
    assert one != other
    with redis.Redis.from_url(one) as client, redis.Redis.from_url(other) as stranger:
        client.set("key", 1)
        assert stranger.dbsize() == 0
    server.give_back(one)
    again = server.take()
    with redis.Redis.from_url(again) as client:
        assert again == one
        assert client.dbsize() == 0
    server.give_back(again)
    server.give_back(other)


def test_services_do_not_see_each_other_and_clean_up() -> None:
    settings = Settings(model="hashing")
    one, other = Clusterer.in_memory(settings), Clusterer.in_memory(settings)
    one.collection().intake.accept([ArticleIn(id="a", text="A ferry ran aground.")])
    assert one.collection().books.books().accepted == 1
    assert other.collection().books.books().accepted == 0
    gc.collect()  # services of earlier tests give theirs back too
    free = len(scratch_redis()._free)
    del one
    gc.collect()
    assert len(scratch_redis()._free) == free + 1


def test_stop_ends_the_server_and_removes_its_folder() -> None:
    server = ScratchRedis()
    socket = Path(server.take().removeprefix("unix://").partition("?")[0])
    assert socket.exists()
    server.stop()
    assert not socket.parent.exists()


def test_a_killed_process_takes_its_server_along() -> None:
    process = subprocess.Popen([sys.executable, "-c", LIVES_ON], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    url = process.stdout.readline().strip()
    with redis.Redis.from_url(url) as client:
        server_pid = int(client.info("server")["process_id"])
    process.send_signal(signal.SIGKILL)
    process.wait()
    folder = Path(url.removeprefix("unix://").partition("?")[0]).parent
    wait_until(lambda: not _lives(server_pid) and not folder.exists())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

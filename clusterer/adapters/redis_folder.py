"""The folder of a private redis-server: its socket, its locks, and whether its disk has room."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from clusterer.adapters.redis_programs import EmbeddedRedisError

# The kernel's limit for a socket's path is 108 bytes on Linux and 104 elsewhere, the closing NUL included.
_MAX_SOCKET_PATH_BYTES = 100
_ROOM_BYTES = 64 * 1024


def check_room(folder: Path) -> None:
    """Raises OSError where a server could not write its log: one that is started all the same ends at its first write."""
    probe = folder / "room"
    try:
        with probe.open("wb") as file:
            file.write(bytes(_ROOM_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def socket_path(folder: Path) -> Path:
    """In the folder, or where that is too long for a socket in a short folder named after it."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"clusterer-{os.getuid()}-{name}" / "redis.sock"


def own_folder(folder: Path) -> None:
    """Make the socket's folder. The temporary folder is anyone's: one that another user made under this name is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise EmbeddedRedisError(f"{folder} belongs to another user.")
    folder.chmod(0o700)


def try_lock(path: Path, kind: int) -> int | None:
    """An open descriptor that holds the lock until it is closed, or None when somebody else has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor

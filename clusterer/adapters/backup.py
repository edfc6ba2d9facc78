"""Backups of a whole Redis: a snapshot of one instant, read once before it counts, and a data folder made of it again.

A backup is a folder of two files. `store.rdb` is what BGSAVE writes: the state of the moment at which the server forked, whoever
writes at the time. `manifest.json` says what it must be; it is written last, so a folder without one is no backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import redis

from clusterer.adapters.embedded_redis import EmbeddedRedis
from clusterer.adapters.redis_programs import dump_bytes
from clusterer.adapters.redis_store import RedisStore
from clusterer.adapters.redis_store.faults import translated
from clusterer.adapters.redis_store.keys import SCHEMA
from clusterer.core.errors import ClustererError
from clusterer.core.records import Books

_SNAPSHOT = "store.rdb"
_MANIFEST = "manifest.json"
_DUMP = "redis/dump.rdb"
_FORMAT: Final = 1
_MARK = "clu:backup"
_MARK_S = 3_600
_SAVE_TIMEOUT_S = 3_600.0
_POLL_S = 0.05
_COPIED_AT_ONCE_BYTES = 1 << 20


class BackupError(ClustererError):
    """A backup that cannot be made, is not complete, or cannot be restored here."""


class Saved(msgspec.Struct, frozen=True):
    """A collection in a backup: the counts of its articles, the last change, and whose vectors it holds (None: none)."""

    books: Books
    change: int
    model: str | None


class Manifest(msgspec.Struct, frozen=True):
    """What a backup's snapshot must be. server_version: the oldest redis-server that surely reads it, like 7.0."""

    format: int
    made_at: datetime
    schema: str
    server_version: str
    snapshot_bytes: int
    sha256: str
    collections: dict[str, Saved]


@translated()
def back_up(client: redis.Redis, folder: Path, now: datetime) -> Manifest:
    """Write a backup into a new or empty folder, and read it with a server of its own before it counts.

    That server needs as much memory as the one that is saved, and the folder room for two snapshots. Raises BackupError,
    SchemaMismatch, StoreUnavailable.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty; each backup has a folder of its own")
    RedisStore(client).check_schema()
    mark = secrets.token_bytes(16)
    client.set(_MARK, mark, ex=_MARK_S)
    saved = _save(client)
    version = _server_version(client)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        size, digest = _copy(saved, folder / _SNAPSHOT)
        with _laid_out(folder, folder / "reading", version) as staging, _server_of(staging) as copy:
            if copy.get(_MARK) != mark:
                raise BackupError(
                    f"{saved} is not the snapshot that this Redis has just written: is Redis on another machine?"
                )
            schema, collections = _contents(copy)
    except BaseException:
        (folder / _SNAPSHOT).unlink(missing_ok=True)
        raise
    manifest = Manifest(_FORMAT, now, schema, version, size, digest, collections)
    _write_durably(folder / _MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """A backup's manifest. Raises BackupError."""
    try:
        manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupError(f"there is no complete backup in {folder}: {_MANIFEST} is missing") from None
    except msgspec.MsgspecError as error:
        raise BackupError(f"{folder / _MANIFEST} is damaged: {error}") from None
    if manifest.format != _FORMAT:
        raise BackupError(f"{folder} has backup format {manifest.format}, this program reads {_FORMAT}")
    return manifest


@translated()
def restore(folder: Path, data_dir: Path, check: Callable[[RedisStore], None], force: bool, now: datetime) -> Manifest:
    """Make a backup the data of the private server in `data_dir`.

    The data appear there only after the snapshot had the right checksum, a server has read it, it holds what the manifest
    says, and `check`, given the restored store, did not raise. With `force`, data that are there are moved aside, to
    `redis.before-<time>`. Raises BackupError, StoreUnavailable, SchemaMismatch.
    """
    manifest = read_manifest(folder)
    target = data_dir / "redis"
    if target.exists() and not force:
        raise BackupError(f"{target} already contains data; --force moves it aside")
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _stopped(data_dir), _laid_out(folder, data_dir / "restoring", manifest.server_version) as staging:
        if _size_and_digest(staging / _DUMP) != (manifest.snapshot_bytes, manifest.sha256):
            raise BackupError(f"{folder / _SNAPSHOT} is damaged: its checksum is not the manifest's")
        if dump_bytes(staging / _DUMP) != manifest.snapshot_bytes:
            raise BackupError(f"{folder / _SNAPSHOT} has extra bytes at its end: it was modified")
        with _server_of(staging) as client:
            if _contents(client) != (manifest.schema, manifest.collections):
                raise BackupError(f"the data in {folder} does not match its manifest")
            client.delete(_MARK)
            store = RedisStore(client)
            store.check_schema()
            check(store)
            _begin_log(client)
        (staging / _DUMP).unlink()
        if target.exists():
            target.replace(data_dir / f"redis.before-{now:%Y%m%dT%H%M%SZ}")
        (staging / "redis").replace(target)
        _sync_folder(data_dir)
    return manifest


# -- making


def _save(client: redis.Redis) -> Path:
    """Have the server write a snapshot that begins now; where it is."""
    deadline = time.monotonic() + _SAVE_TIMEOUT_S
    while not _began_save(client):  # one that began before, or a rewrite of the log, is under way
        _wait(deadline)
    while (facts := client.info("persistence"))["rdb_bgsave_in_progress"]:
        _wait(deadline)
    if facts["rdb_last_bgsave_status"] != "ok":
        raise BackupError(
            "Redis could not write a snapshot: see its log for the reason (disk full, no memory to fork?)"
        )
    path = Path(_config(client, "dir")) / _config(client, "dbfilename")
    if not os.access(path, os.R_OK):
        raise BackupError(
            f"Redis saved to {path}, which cannot be read from here: run this on its machine, as its user"
        )
    return path


def _began_save(client: redis.Redis) -> bool:
    try:
        client.bgsave(schedule=False)
    except redis.ResponseError as refused:
        if "in progress" in str(refused) or "AOF" in str(refused):
            return False
        raise BackupError(f"Redis does not save: {refused}") from refused
    return True


def _config(client: redis.Redis, name: str) -> str:
    [value] = client.config_get(name).values()
    return value.decode() if isinstance(value, bytes) else str(value)


def _wait(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise BackupError(f"Redis did not finish a snapshot within {_SAVE_TIMEOUT_S:.0f} seconds")
    time.sleep(_POLL_S)


def _server_version(client: redis.Redis) -> str:
    match = re.match(r"\d+\.\d+", str(client.info("server")["redis_version"]))
    return match[0] if match else "0.0"


def _contents(client: redis.Redis) -> tuple[str, dict[str, Saved]]:
    """Schema version and collections of a store."""
    store = RedisStore(client)
    schema: Any = client.get(SCHEMA)
    collections = {name: store.collection(name) for name in store.collections()}
    return schema.decode(), {
        name: Saved(books.books(), books.position().change, books.model()) for name, books in collections.items()
    }


# -- reading


@contextlib.contextmanager
def _laid_out(folder: Path, staging: Path, version: str) -> Iterator[Path]:
    """A data folder, removed at the end, whose private server will load a backup's snapshot."""
    shutil.rmtree(staging, ignore_errors=True)  # of a run that was killed
    (staging / "redis").mkdir(mode=0o700, parents=True)
    try:
        # Never as a log, which may begin with a snapshot and go on with commands: whoever adds one to the file would have it run.
        _copy(folder / _SNAPSHOT, staging / _DUMP)
        _write_durably(staging / "redis" / "server-version", f"{version}\n".encode())
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _server_of(data_dir: Path) -> Iterator[redis.Redis]:
    with EmbeddedRedis(data_dir, from_dump=True) as server, redis.Redis.from_url(server.url) as client:
        yield client


def _begin_log(client: redis.Redis) -> None:
    """Have the server write all that it holds into a log, which is what a server of the folder starts from."""
    deadline = time.monotonic() + _SAVE_TIMEOUT_S
    client.config_set("appendonly", "yes")
    while (facts := client.info("persistence"))["aof_rewrite_in_progress"] or facts["aof_rewrite_scheduled"]:
        _wait(deadline)
    if facts["aof_last_bgrewrite_status"] != "ok":
        raise BackupError("the restored data could not be written: is the disk full?")


def _stopped(data_dir: Path) -> contextlib.AbstractContextManager[None]:
    """No server runs on the folder, and none starts."""
    return EmbeddedRedis(data_dir).kept_stopped() if (data_dir / "redis").exists() else contextlib.nullcontext()


# -- files


def _copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy to the disk; size in bytes and SHA-256 of the copy. A file that is replaced meanwhile is copied as it was."""
    try:
        with source.open("rb") as read, target.open("wb") as written:
            shutil.copyfileobj(read, written, _COPIED_AT_ONCE_BYTES)
            written.flush()
            os.fsync(written.fileno())
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename} is missing") from None
    return _size_and_digest(target)


def _size_and_digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

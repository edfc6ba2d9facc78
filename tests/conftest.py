"""What several kinds of tests need: a real redis-server of their own."""

from __future__ import annotations

import os

# Before numpy and FAISS read it. Tests run beside one another, and threads that wait for one another's cores take more time than they save.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import gc
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import HealthCheck, settings
from support.kept import empty
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from clusterer.adapters.embedded_redis import EmbeddedRedis

# How long a busy machine takes over an example decides no test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "any machine")


# Their tests load a language model into the process that runs them, which takes ten seconds of CPU time for the first one.
_WITH_A_MODEL = frozenset(
    {
        "tests/contract/test_encoder.py",
        "tests/contract/test_torch_device.py",
        "tests/contract/test_universal_encoder.py",
        "tests/e2e/test_device.py",
        "tests/e2e/test_model_change.py",
        "tests/pipeline/test_languages.py",
        "tests/pipeline/test_sample_stream.py",
        "tests/unit/test_benchmarks.py",
    }
)


class _ByFile(LoadFileScheduling):
    """The tests of a file go to one process, and so do all that load a model. xdist's own marks for that do nothing with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "with a model" if file in _WITH_A_MODEL else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile | None:
    return _ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def data_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the default data folder is during the tests: never that of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("data")
        patch.setenv("XDG_DATA_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def _default_logging() -> Iterator[None]:
    """Each test finds logging as the library does. Errors are logged as Python prints them: rich colours all source around them.

    That takes seconds for each error.
    """
    _forget_logging()  # what the fixture of a module has configured
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback
    yield
    _forget_logging()


def _forget_logging() -> None:
    """Undo `configure_logging`: what a command in this process sets up writes to a stream that is closed when the command has ended."""
    structlog.reset_defaults()
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if type(handler) is not logging.StreamHandler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(False)
    sys.excepthook = sys.__excepthook__


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a private redis-server that lives as long as the test session."""
    folder = Path(
        tempfile.mkdtemp(prefix="clusterer-test-")
    )  # pytest's own folders can be too long for a socket's path
    server = EmbeddedRedis(folder, appendfsync="everysec")
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_client(redis_server: str, data_home: Path) -> Iterator[redis.Redis]:
    """A client of the private redis-server, which is empty at the start of each test, and known to nobody."""
    with redis.Redis.from_url(redis_server) as client:
        empty(client, data_home)
        yield client

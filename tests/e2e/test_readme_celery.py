"""The README's example of a producer, run as it stands against a real worker."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.fleet import Fleet, free_port, observer, wait_for, wait_for_redis

README = Path(__file__).parents[2] / "README.md"
PLACEHOLDER = "redis://localhost:6379/0"


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="clusterer-readme-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.mark.slow
def test_the_example_of_the_readme_sends_an_article(folder: Path) -> None:
    (example,) = re.findall(r"```python\n(from celery import Celery\n.*?)```", README.read_text("utf8"), re.DOTALL)
    assert PLACEHOLDER in example
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    env = {"CLUSTERER_REDIS_URL": url, "CLUSTERER_DATA_DIR": str(folder), "CLUSTERER_MODEL": "hashing"}
    with Fleet(folder, env) as fleet:
        fleet.add_redis(port).start()
        wait_for_redis(url)
        script = folder / "producer.py"
        script.write_text(example.replace(PLACEHOLDER, url))
        subprocess.run([sys.executable, script], check=True, timeout=300, cwd=folder)
        fleet.add_worker("articles1", "articles").start()
        books = observer(url, folder).collection().books
        wait_for("the article is accepted", lambda: books.books().accepted == 1, 300)
    assert books.name == "default"

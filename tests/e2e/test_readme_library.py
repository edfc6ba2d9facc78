"""The README's example of the library, run as it stands: it prints its result and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_example_prints_what_the_readme_says(tmp_path: Path) -> None:
    text = README.read_text("utf8")
    (example,) = re.findall(r"```python\n(from clusterer import Clusterer\n.*?)```", text, re.DOTALL)
    told = re.findall(r"`(\('post.*?\))`", text)
    own = {name: value for name, value in os.environ.items() if not name.startswith("CLUSTERER_")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", example], cwd=tmp_path, env=own, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == told
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []

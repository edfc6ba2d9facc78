"""A sample news stream, shipped with the package: what `clusterer demo` sends and a first reader sees.

All of it is invented (see README.md beside this file). The rows are those of an ingest file, plus two fields for tests
and for the demo's check of itself: `event`, the event an article reports, and `note`, what is special about the row.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["bad_lines", "sample_rows"]


def _lines(name: str) -> list[str]:
    # Not splitlines(): it would also cut at the rarer line separators that a text may contain.
    return files(__name__).joinpath(name).read_text(encoding="utf-8").removesuffix("\n").split("\n")


def sample_rows() -> list[dict[str, Any]]:
    """The articles of `stream.jsonl`, in the order in which they arrive.

    Each has `title`, `url`, `source`, one of `text` and `html`, and mostly `id`, `published_at` (RFC 3339, some a date
    only) and `lang`. `event` (the gold label) is always there, `note` on rows that are special in some way. Neither is
    a field of an article: strip both before posting.
    """
    return [json.loads(line) for line in _lines("stream.jsonl")]


def bad_lines() -> list[str]:
    """The lines of `bad.jsonl`, unparsed: each must be refused, for its own reason, and its neighbours unharmed."""
    return _lines("bad.jsonl")

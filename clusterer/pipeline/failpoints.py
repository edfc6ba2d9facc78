"""Named steps at which a test can end the process: `CLUSTERER_FAILPOINT=staged` kills it as SIGKILL would, right there.

Only the environment can set one, it is read once, and without it a step costs a comparison.
"""

from __future__ import annotations

import os
import signal

STEPS = (
    "accepted",
    "registered",
    "embedded",
    "before_commit",
    "after_commit",
    "correcting",
    "corrected",
    "snapshot",
    "shards_offered",
    "shard_taken",
    "planned",
    "staged",
    "replayed",
    "flipped",
    "storylines",
    "told",
    "reembedded",
    "adopted",
)
_armed = os.environ.get("CLUSTERER_FAILPOINT")


def reached(step: str) -> None:
    """The process has come to this step."""
    if step == _armed:
        os.kill(os.getpid(), signal.SIGKILL)

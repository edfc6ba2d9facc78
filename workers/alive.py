"""Health of one container's process, for container engines: `python -m clusterer_workers.alive articles|clusters|beat`; exit code 0 or 1.

A worker is alive when its heartbeat stands in Redis, and beat when it has touched its file lately. This does not replace the
watchdog, which ends a hanging worker at once; it lets the engine show, and an orchestrator mend, what the watchdog cannot.
"""

from __future__ import annotations

import socket
import sys
import time

from clusterer.core.errors import ClustererError
from clusterer.environment import read_settings
from clusterer.settings import Settings

SIGN_OF_LIFE = "beat-alive"  # in the data folder
_BEAT_SILENCE_S = 60


def alive(role: str, settings: Settings) -> bool:
    """Whether the process of this role on this host shows signs of life. Raises ClustererError when Redis cannot be asked."""
    if role == "beat":
        path = settings.data_dir / SIGN_OF_LIFE
        return path.exists() and abs(time.time() - path.stat().st_mtime) < _BEAT_SILENCE_S
    from clusterer.bootstrap import Clusterer  # takes a second or two, which the check of beat can do without

    here = f"{role}@{socket.gethostname()}/"
    return any(name.startswith(here) for name in Clusterer.connect(settings).store.workers())


def main(role: str) -> int:
    """0: alive; 1: not, or unknown."""
    try:
        return 0 if alive(role, read_settings()) else 1
    except ClustererError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

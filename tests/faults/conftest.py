"""`make faults MINUTES=2` runs these tests; a plain pytest does not collect them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("FAULT_MINUTES") else ["test_*.py"]

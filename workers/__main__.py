"""`python -P -m clusterer_workers worker|beat ...`: Celery's command line on our application.

Celery's own command imports whatever lies in the folder where it is called; with `-P` this one does not.
"""

from __future__ import annotations

import sys

from .app import app

if __name__ == "__main__":
    app.start(sys.argv[1:])

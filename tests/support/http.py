"""One HTTP client for tests that ask a running service again and again until something holds.

`httpx.get` makes a client for each request, which reads all certificates of authorities: 40 ms of CPU each time.
"""

from __future__ import annotations

import httpx

# Each request has a connection of its own, since the service it goes to may have been killed meanwhile.
HTTP = httpx.Client(timeout=300, limits=httpx.Limits(max_keepalive_connections=0))

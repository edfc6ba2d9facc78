"""The two queues of a collection."""

from typing import Literal

Queue = Literal["inbox", "ready"]

"""The Lua scripts, loaded once per client.

A script's text is lua/prelude.lua + lua/clusters.lua + the files that it names in lines `-- @include name` + its own: Redis has no
way to share functions between scripts that works in 6.2 as well as in 7. Each file starts with its arguments and its promise.
Redis forgets loaded scripts when it restarts; redis-py then sends the text again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

from clusterer.adapters.redis_store.faults import translated

Argument = bytes | str | int | float

_SHARED = ("prelude", "clusters")
_INCLUDE = re.compile(r"^-- @include (\w+)$", re.MULTILINE)


@cache
def _text(name: str) -> str:
    own = _file(name)
    return "\n".join([*map(_file, (*_SHARED, *_INCLUDE.findall(own))), own])


def _file(name: str) -> str:
    return (files("clusterer.adapters.redis_store") / "lua" / f"{name}.lua").read_text("utf-8")


class Scripts:
    """Runs the scripts of lua/ by name."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._registered: dict[str, Any] = {}

    def run(self, name: str, head: str, arguments: Sequence[Argument]) -> Any:
        """The script's reply. `head` is the collection's head key. Raises the errors of core/errors.py."""
        with translated():
            return self._script(name)(keys=[head], args=list(arguments))

    def run_all(self, head: str, calls: Sequence[tuple[str, Sequence[Argument]]]) -> list[Any]:
        """The replies of several scripts, run in one transaction: Redis then writes its log once for all of them.

        Where one is refused, the others still ran; what it raised is raised here.
        """
        with translated():
            try:
                return self._transaction(head, calls)
            except NoScriptError:  # forgotten between their loading and the transaction
                return self._transaction(head, calls)

    def _transaction(self, head: str, calls: Sequence[tuple[str, Sequence[Argument]]]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=True)
        for name, arguments in calls:
            self._script(name)(keys=[head], args=list(arguments), client=pipeline)
        replies = pipeline.execute(raise_on_error=False)
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return list(replies)

    def _script(self, name: str) -> Any:
        if name not in self._registered:
            self._registered[name] = self._client.register_script(_text(name))
        return self._registered[name]

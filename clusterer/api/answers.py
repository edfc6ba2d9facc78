"""Answers as JSON, written where they were made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

import orjson
from fastapi.responses import Response
from fastapi.routing import APIRoute

from clusterer.api.bodies import JSON
from clusterer.api.parameters import Asked


class WrittenRoute(APIRoute):
    """Writes what a handler returns as JSON, in the handler's own thread.

    The framework would check it against the declared type first, in another thread. Here typed code of our own has made it, so the
    type is for the OpenAPI document alone. Headers that a handler sets on the response it was given are kept. The collection that a
    request names (`LookedUp`) is looked for in that thread too: a dependency would do so in one of its own, a fifth of a look-up.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not iscoroutinefunction(endpoint):
            endpoint = _with_collection(endpoint)
            endpoint = _written(endpoint) if options.get("status_code") is None else endpoint
        super().__init__(path, endpoint, **options)


def _with_collection(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def answer(**named: Any) -> Any:
        found = {name: given.collection() for name, given in named.items() if isinstance(given, Asked)}
        return endpoint(**(named | found))

    return answer


def _written(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def answer(**named: Any) -> Any:
        made = endpoint(**named)
        if isinstance(made, Response):
            return made
        response = Response(orjson.dumps(made, option=orjson.OPT_UTC_Z), media_type=JSON)
        for given in named.values():
            if isinstance(given, Response):
                response.headers.raw.extend(given.headers.raw)
        return response

    return answer

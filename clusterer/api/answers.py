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


class WrittenRoute(APIRoute):
    """Writes what a handler returns as JSON, in the handler's own thread.

    The framework would check it against the declared type first, in another thread. Here typed code of our own has made it, so the
    type is for the OpenAPI document alone. Headers that a handler sets on the response it was given are kept.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        plain = options.get("status_code") is None and not iscoroutinefunction(endpoint)
        super().__init__(path, _written(endpoint) if plain else endpoint, **options)


def _written(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def answer(*arguments: Any, **named: Any) -> Any:
        made = endpoint(*arguments, **named)
        if isinstance(made, Response):
            return made
        response = Response(orjson.dumps(made, option=orjson.OPT_UTC_Z), media_type=JSON)
        for given in named.values():
            if isinstance(given, Response):
                response.headers.raw.extend(given.headers.raw)
        return response

    return answer

"""Answers as JSON, written where they were made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any

import orjson
from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from clusterer.api.bodies import JSON
from clusterer.api.parameters import Asked
from clusterer.api.plain import PlainArguments
from clusterer.api.threads import in_thread


class WrittenRoute(APIRoute):
    """Writes what a handler returns as JSON, in the handler's own thread.

    The framework would check it against the declared type first, in another thread. Here typed code of our own has made it, so the
    type is for the OpenAPI document alone. Headers that a handler sets on the response it was given are kept. The collection that a
    request names (`LookedUp`) is looked for in that thread too: a dependency would do so in one of its own, a fifth of a look-up.
    Where all that a handler needs stands in the path and the query, the framework is not asked either.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not iscoroutinefunction(endpoint):
            endpoint = _with_collection(endpoint)
            endpoint = _written(endpoint) if options.get("status_code") is None else endpoint
        super().__init__(path, endpoint, **options)
        plain = PlainArguments.of(self.dependant)
        if plain is not None and self.status_code is None and not iscoroutinefunction(endpoint):
            self.app = _without_framework(self.app, endpoint, plain)


def _without_framework(framework: ASGIApp, endpoint: Callable[..., Response], plain: PlainArguments) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        arguments = plain.of_request(Request(scope))
        if arguments is None:
            await framework(scope, receive, send)
        else:
            response = await in_thread(partial(endpoint, **arguments))
            await response(scope, receive, send)

    return answer


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

"""Arguments of handlers that take what stands in the path and the query, and nothing else, read without the framework.

The framework walks through all parameters and dependencies of a handler for each request, which takes as long as a look-up itself.
What is not plain, or wrong, is left to it, so that all errors are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant

from clusterer.api.parameters import Asked, asked, get_service, only_known_parameters
from clusterer.pipeline.service import DEFAULT_COLLECTION


@dataclass(frozen=True, slots=True)
class PlainArguments:
    """in_path, in_query: parameters by the names they are sent under. left_out: arguments for those that were not sent.

    collection: the argument that gets the collection, response: the one to put headers on; None for a handler without. asked_by: the
    parameter that names the collection.
    """

    in_path: Mapping[str, Any]
    in_query: Mapping[str, Any]
    left_out: Mapping[str, Any]
    needed: frozenset[str]
    collection: str | None
    asked_by: Mapping[str, Any]
    response: str | None

    @classmethod
    def of(cls, dependant: Dependant) -> PlainArguments | None:
        """None for a handler that needs more, or that takes parameters it does not know."""
        calls = {one.call for one in dependant.dependencies}
        others = dependant.header_params, dependant.cookie_params, dependant.body_params
        injected = dependant.request_param_name, dependant.background_tasks_param_name
        if only_known_parameters not in calls or calls - {only_known_parameters, asked} or any((*others, *injected)):
            return None
        named = next((one for one in dependant.dependencies if one.call is asked), None)
        fields = [*dependant.path_params, *dependant.query_params]
        return cls(
            in_path={field.alias: field for field in dependant.path_params},
            in_query={field.alias: field for field in dependant.query_params},
            left_out={field.name: field.default for field in fields if not field.field_info.is_required()},
            needed=frozenset(field.name for field in fields),
            collection=named.name if named else None,
            asked_by={field.alias: field for field in named.query_params} if named else {},
            response=dependant.response_param_name,
        )

    def of_request(self, request: Request) -> dict[str, Any] | None:
        """By name; None where the framework has to say what is wrong."""
        query = request.query_params if request.scope["query_string"] else {}
        own = _read(request.path_params, self.in_path), _read(query, self.in_query, besides=self.asked_by)
        if own[0] is None or own[1] is None:
            return None
        arguments = {**self.left_out, **own[0], **own[1]}
        if arguments.keys() != self.needed:
            return None
        if self.collection is not None:
            name = _read({one: query[one] for one in self.asked_by if one in query}, self.asked_by)
            if name is None:
                return None
            arguments[self.collection] = Asked(get_service(request), next(iter(name.values()), DEFAULT_COLLECTION))
        if self.response is not None:
            arguments[self.response] = _with_no_headers()
        return arguments


def _read(sent: Mapping[str, str], fields: Mapping[str, Any], besides: Mapping[str, Any] = {}) -> dict[str, Any] | None:
    """None where something is wrong or not known."""
    found = {}
    for name, value in sent.items():
        if name in besides:
            continue
        if name not in fields:
            return None
        found[fields[name].name], errors = fields[name].validate(value)
        if errors:
            return None
    return found


def _with_no_headers() -> Response:
    response = Response()
    del response.headers["content-length"]
    return response

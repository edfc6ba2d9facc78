"""What the handlers of all pages share: which collection, who acts, forms, and errors as pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from clusterer.core.errors import (
    ClustererError,
    Conflict,
    Gone,
    InvalidCursor,
    MergedAway,
    NotFound,
    Overloaded,
    RevisionMismatch,
)
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.corrections import By
from clusterer.pipeline.lookup.views import ArticleView, ClusterView
from clusterer.pipeline.service import Service
from clusterer.web.rendering import collection_name, error_page, page, path_of

_MAX_FORM_BYTES = 256 * 1024
_MAX_FIELDS = 5_000
_MAX_WORDS = 2_000
_STATUSES: tuple[tuple[type[ClustererError], int, str], ...] = (
    (NotFound, 404, "Not found"),
    (Gone, 410, "It no longer exists"),
    (InvalidCursor, 400, "This address is not valid"),
    (RevisionMismatch, 409, "It has changed"),
    (Conflict, 409, "This is not possible"),
    (Overloaded, 503, "Too many articles are waiting"),
)


class Refused(Exception):
    """A request that is answered with a page that says why."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title


class Undecided(Refused):
    """Words in a field that may mean one of several: the form is shown again, to choose."""

    def __init__(
        self, title: str, detail: str, field: str, kind: str, choices: Sequence[ClusterView | ArticleView], form: Form
    ) -> None:
        super().__init__(422, title, detail)
        self.field = field
        self.kind = kind
        self.choices = choices
        self.given = [(name, value) for name, values in form.fields.items() for value in values if name != field]


class PageRoute(APIRoute):
    """Answers errors with pages, and the address of a merged cluster with the one that lives on."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except MergedAway as merged:
                return RedirectResponse(path_of(request, "clusters", merged.merged_into), 307)
            except Undecided as undecided:
                return page(request, "choose.html", 422, undecided=undecided)
            except Refused as refused:
                return error_page(request, refused.status, refused.title, str(refused))
            except ClustererError as error:
                status, title = next(
                    ((status, title) for kind, status, title in _STATUSES if isinstance(error, kind)),
                    (503, "The service cannot answer now"),
                )
                return error_page(request, status, title, str(error))

        return answer


@dataclass(frozen=True, slots=True)
class Form:
    """What a form on one of our pages sent."""

    fields: Mapping[str, list[str]]
    token_name: str | None

    def text(self, name: str) -> str:
        """A field that must be filled in. Raises Refused."""
        value = (self.fields.get(name) or [""])[0].strip()
        if not value:
            raise Refused(422, "Something is missing", f"Fill in: {name}.")
        if len(value) > _MAX_WORDS or any(ord(character) < 32 for character in value):
            raise Refused(422, "This value is not valid", f"{name} is too long, or holds control characters.")
        return value

    def target(self, name: str, kind: Literal["clusters", "articles"]) -> str:
        """The id of a cluster or article, for which the address of its page may stand. Raises Refused."""
        value = self.text(name)
        address = urlsplit(value)
        _, found, rest = address.path.partition(f"/{kind}/")
        return unquote(rest.split("/")[0]) if found and address.scheme in ("http", "https") else value

    def all(self, name: str) -> list[str]:
        """Every value of a field, perhaps none."""
        return self.fields.get(name, [])

    @property
    def revision(self) -> int | None:
        """That of the cluster as the person saw it; None where the form does not say."""
        return number_of((self.fields.get("revision") or [""])[0])

    @property
    def by(self) -> By:
        """Who decides, and why. Raises Refused."""
        return By(self.token_name or self.text("actor"), self.text("reason"))


async def form_of(request: Request) -> Form:
    """The form in a request's body, from a page of ours and no other site's. Raises Refused."""
    if not is_own(request.headers):
        raise Refused(403, "Request from another site", "Corrections are accepted from these pages only.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise Refused(413, "Too many articles", "Name fewer articles.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Refused(413, "Too many articles", "Name fewer articles.") from None
    return Form(fields, request.scope.get("state", {}).get("token_name"))


def is_own(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a request comes from a page of this origin. One that says nothing is no browser's."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def service_of(request: Request) -> Service:
    """The service that the page shows."""
    service: Service = request.app.state.service
    return service


def collection_of(request: Request) -> Collection:
    """The collection that the address names. Raises NotFound."""
    return service_of(request).collection(collection_name(request))


def segment(request: Request, name: str) -> str:
    """A part of the path as it was meant: routing leaves it percent-encoded, since ids may hold slashes."""
    return unquote(request.path_params[name], errors="replace")


def number_of(text: str | None, least: int = 1) -> int | None:
    """A whole number that somebody typed; None for anything else."""
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and least <= value < 1e9 else None


ServiceOf = Annotated[Service, Depends(service_of)]
CollectionOf = Annotated[Collection, Depends(collection_of)]
FormOf = Annotated[Form, Depends(form_of)]

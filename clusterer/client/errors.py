"""What may go wrong, as exceptions; those that the API answered carry its problem document (RFC 9457)."""

from __future__ import annotations

from typing import TypeVar

import httpx
import msgspec

from clusterer.client.models import FieldProblem

T = TypeVar("T")

_SHOWN_CHARS = 200
_LONGEST_FIGURE = 9  # digits; longer ones are no number of seconds that anybody means


class Problem(msgspec.Struct, frozen=True):
    """A problem document: `code` is for programs, `detail` for people."""

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    instance: str = ""
    code: str = ""
    request_id: str = ""
    errors: tuple[FieldProblem, ...] = ()


class ClientError(Exception):
    """Base of every error of this client."""


class ConnectionFailed(ClientError):
    """No answer came. Where the request may be sent again it was, and whether the last one was carried out is not known."""


class UnreadableAnswer(ClientError):
    """A success whose content is not the API's: something between here and there answered, or the releases are too far apart."""


class ApiError(ClientError):
    """The API answered with an error. retry_after_s: when to come back, if it said so."""

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.status} {problem.code or problem.title}: {problem.detail}")
        self.problem = problem
        self.retry_after_s = retry_after_s


class Invalid(ApiError):
    """400, 413, 415, 422: the request is not as it should be; `problem.errors` names the fields."""


class NotAllowed(ApiError):
    """401, 403, 421: a valid token with the right scope is needed, or another address."""


class NotFound(ApiError):
    """404: there is no such article, cluster, collection or correction."""


class Gone(ApiError):
    """410: it existed and was erased, or has expired."""


class ChangesTrimmed(Gone):
    """410: changes that old are no longer kept; read anew what you follow."""


class Conflict(ApiError):
    """409: the request contradicts what is stored."""


class RevisionMismatch(ApiError):
    """412: the cluster changed since you looked."""


class Overloaded(ApiError):
    """429: too much is waiting, or too many requests were made with this token."""


class ServerError(ApiError):
    """5xx: something went wrong on the other side."""


class Unavailable(ServerError):
    """502, 503, 504: it cannot answer now."""


_BY_CODE: dict[str, type[ApiError]] = {"changes_trimmed": ChangesTrimmed}
_BY_STATUS: dict[int, type[ApiError]] = {
    400: Invalid,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: RevisionMismatch,
    413: Invalid,
    415: Invalid,
    421: NotAllowed,
    422: Invalid,
    429: Overloaded,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def problem_of(response: httpx.Response) -> Problem:
    """The problem document of an answer; one made from its status where a proxy answered something else."""
    try:
        found = msgspec.json.decode(response.content, type=Problem)
    except (msgspec.DecodeError, UnicodeError):
        found = Problem()
    if found.status == response.status_code:
        return found
    return Problem(title=response.reason_phrase, status=response.status_code, detail=response.text[:_SHOWN_CHARS])


def error_of(response: httpx.Response) -> ApiError:
    """The exception for an answer that is no success."""
    problem = problem_of(response)
    kind = _BY_CODE.get(problem.code) or _BY_STATUS.get(response.status_code)
    return (kind or (ServerError if response.status_code >= 500 else ApiError))(problem, retry_after_of(response))


def failure_of(request: str, outcome: httpx.Response | httpx.RequestError) -> ClientError:
    """The exception for a request that is not sent again; `request` names it."""
    if isinstance(outcome, httpx.Response):
        return error_of(outcome)
    failure = ConnectionFailed(f"{request}: {outcome or type(outcome).__name__}")
    failure.__cause__ = outcome
    return failure


def retry_after_of(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header; None without one. Its form as a date (RFC 9110, 10.2.3) is not used by the API."""
    value = response.headers.get("retry-after", "").strip()
    return float(value) if value.isdecimal() and len(value) <= _LONGEST_FIGURE else None


def check_stream(response: httpx.Response) -> None:
    """Raises UnreadableAnswer for a success that is no stream of events, such as the page of a proxy that wants a login."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise UnreadableAnswer(f"not an answer of the API: {kind or 'no type'} instead of a stream of events")


def read(content: bytes | str, kind: type[T]) -> T:
    """A value of this kind from JSON. Raises UnreadableAnswer."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableAnswer(f"not an answer of the API: {error}") from error

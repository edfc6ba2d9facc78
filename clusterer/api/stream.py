"""The change feed as server-sent events: what happens, as it happens, resumed where a reader left off."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import anyio
import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from clusterer.api.limits import ApiLimits
from clusterer.api.parameters import CollectionOf, Cursor, LimitsOf, only_known_parameters
from clusterer.api.problems import Problem, problem_responses
from clusterer.core.errors import ClustererError
from clusterer.pipeline.lookup.lookup import Lookup

MEDIA_TYPE = "text/event-stream"
_AT_ONCE = 200
_LOOK_S = 0.5
_SIGN_OF_LIFE_S = 15.0
_COME_BACK_MS = 2_000
_LAST_WORDS_S = 10.0  # for a stream that should have ended to be read

router = APIRouter(
    prefix="/v1",
    tags=["clusters"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(422, 503),
)


@router.get(
    "/changes/stream",
    response_class=StreamingResponse,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "Events without end."},
        **problem_responses(404, 410, 429),
    },
)
async def stream_changes(
    request: Request,
    collection: CollectionOf,
    limits: LimitsOf,
    cursor: Annotated[
        Cursor, Query(description="Start after this cursor; without it, with changes from now on.")
    ] = None,
    last_event_id: Annotated[
        str | None, Header(max_length=512, description="The `id` of the last event received; counts before `cursor`.")
    ] = None,
) -> StreamingResponse:
    """Changes as server-sent events, each once and in order: `event: change`, `data` as in `GET /v1/changes`, `id` the cursor after it.

    Browsers come back by themselves with `Last-Event-ID`. A stream ends after some minutes, and when the reader is too slow nothing is
    lost, since what it has not read is still in the feed.
    """
    lookup = collection.lookup
    given = last_event_id or cursor
    start = await run_in_threadpool(lookup.latest_cursor) if given is None else given
    await run_in_threadpool(lookup.changes, start, 1)  # what is wrong with the cursor is said before the stream begins
    if request.app.state.streams >= limits.max_streams:
        raise Problem(
            "too_many_requests", "as many streams are open as this process allows: ask `GET /v1/changes` instead"
        )
    return _Stream(request.app.state, _events(lookup, start, limits), limits.stream_s)


class _Stream(StreamingResponse):
    """Counted from the moment in which it was found that there may be one more. One whose reader takes nothing is given up."""

    def __init__(self, state: Any, events: AsyncIterator[bytes], lasts_s: float) -> None:
        # A proxy that collects answers would hold events back.
        super().__init__(events, media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})
        self._state = state
        self._lasts_s = lasts_s
        state.streams += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with anyio.move_on_after(self._lasts_s + _LAST_WORDS_S):
                await super().__call__(scope, receive, send)
        finally:
            self._state.streams -= 1


async def _events(lookup: Lookup, cursor: str, limits: ApiLimits) -> AsyncIterator[bytes]:
    """Ends when the store fails: the reader comes back with the last id it has, and is told then."""
    ends = time.monotonic() + limits.stream_s
    said = time.monotonic()
    try:
        # An event without data tells where the stream began, so that a break before the first change loses none.
        yield b"retry: %d\nid: %s\n\n" % (_COME_BACK_MS, cursor.encode())
        while True:  # at least once, however late it has become: a reader that comes back gets on in any case
            page = await run_in_threadpool(lookup.changes, cursor, _AT_ONCE)
            for change in page.data:
                cursor = lookup.cursor_after(change.number)
                yield b"id: %s\nevent: change\ndata: %s\n\n" % (
                    cursor.encode(),
                    orjson.dumps(change, option=orjson.OPT_UTC_Z),
                )
            if time.monotonic() >= ends:
                return
            if page.data:
                said = time.monotonic()
                continue
            if time.monotonic() - said > _SIGN_OF_LIFE_S:
                yield b": nothing new\n\n"
                said = time.monotonic()
            await anyio.sleep(min(_LOOK_S, limits.stream_s))
    except ClustererError:
        return

"""When a request is sent again, and after how long. No clock and no connection in here."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from clusterer.client.calls import Call
from clusterer.client.errors import problem_of, retry_after_of

# Nothing was done for these: the API turns them away before it begins.
_TURNED_AWAY = frozenset({429})
_PASSING = frozenset({429, 502, 503, 504})
_STAYING = frozenset({"model_mismatch", "no_model", "schema_mismatch"})  # 503 that waiting does not change
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Retries:
    """attempts: how often a request is sent at most. first_s: pause after the first; each next one is twice as long, up to `longest_s`.

    A Retry-After of the API is kept where it asks for more; one beyond `longest_s` ends the attempts. Pauses vary by a half, so that
    many clients do not come back together.
    """

    attempts: int = 5
    first_s: float = 0.5
    longest_s: float = 30.0

    def back_after_s(self, attempt: int, asked_s: float | None = None) -> float:
        """Pause after the attempt with this number, from 1; asked_s: what the API asks for."""
        pause = min(self.longest_s, self.first_s * 2.0 ** min(attempt - 1, 30)) * random.uniform(0.5, 1.0)
        return max(pause, min(asked_s or 0.0, self.longest_s))

    def pause_s(self, call: Call[object], outcome: httpx.Response | httpx.RequestError, attempt: int) -> float | None:
        """Seconds until the next attempt after the one with this number, from 1; None where there is none."""
        if attempt >= self.attempts or not _may_pass(call, outcome):
            return None
        asked_s = retry_after_of(outcome) if isinstance(outcome, httpx.Response) else None
        return None if (asked_s or 0) > self.longest_s else self.back_after_s(attempt, asked_s)


def _may_pass(call: Call[object], outcome: httpx.Response | httpx.RequestError) -> bool:
    """Whether sending again may help and does nothing twice."""
    if isinstance(outcome, httpx.Response):
        passing = _PASSING if call.repeatable else _TURNED_AWAY
        return outcome.status_code in passing and problem_of(outcome).code not in _STAYING
    return call.repeatable or isinstance(outcome, _NEVER_SENT)

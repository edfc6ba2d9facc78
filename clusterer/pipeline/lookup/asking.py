"""Searches by text without a model in the searching process: a worker, which has it loaded, embeds the text.

So the first search is as quick as the next, and the API and the command line stay small. Where no worker answers, the process loads
the model itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from clusterer.ports import Encoder, Store

_WAIT_S = 5.0
_EMBEDS = "articles"  # the role of workers that have loaded the model


class Question(msgspec.Struct, frozen=True):
    """A text to embed by the model of this fingerprint."""

    model: str
    text: str


_question = msgspec.msgpack.Decoder(Question)


class AskingEncoder:
    """An Encoder that leaves single texts to a worker, and does the rest, or what no worker does in time, by `local`."""

    def __init__(self, store: Store, local: Encoder, stored: Callable[[], str | None], wait_s: float = _WAIT_S) -> None:
        self._store = store
        self._local = local
        self._stored = stored
        self._wait_s = wait_s

    @property
    def fingerprint(self) -> str:
        """See Encoder. Of the stored vectors where this process has no model."""
        return self._local.fingerprint or self._stored() or ""

    @property
    def dimension(self) -> int:
        """See Encoder."""
        return self._local.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Encoder.encode. Raises StoreUnavailable."""
        if len(texts) == 1 and _EMBEDS in self._store.workers().values():
            question = msgspec.msgpack.encode(Question(self.fingerprint, texts[0]))
            answer = self._store.ask(question, self._wait_s)
            if answer:
                return np.frombuffer(answer, np.float32).reshape(1, -1).copy()
        return self._local.encode(texts)


def answer_next(store: Store, encoder: Encoder, wait_s: float) -> bool:
    """Answer the next question, waiting for it; False when none comes. A text for another model is answered by nothing.

    Raises StoreUnavailable.
    """
    taken = store.next_question(wait_s)
    if taken is None:
        return False
    name, data = taken
    question = _question.decode(data)
    ours = question.model == encoder.fingerprint
    store.answer(name, encoder.encode([question.text])[0].tobytes() if ours else b"")
    return True

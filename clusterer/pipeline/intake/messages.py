"""What queue producers send: `clusterer.ingest(articles, collection="default")`, and what looks like it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clusterer.pipeline.intake.submission import COLLECTION_PATTERN, ArticleIn, FieldError, Rejected, parse_article

_ARGS, _KWARGS = "args", "kwargs"
_HOW = 'the task takes a list of articles, and the name of a collection: args [[{...}, {...}]], kwargs {"collection": "..."}'


@dataclass(frozen=True, slots=True)
class Message:
    """The articles of one message. With a `fault` none of them is taken: the message says not plainly enough what is meant."""

    articles: Sequence[Any]
    collection: str
    fault: str | None = None


def read_message(args: Sequence[Any], kwargs: Mapping[str, Any], default: str) -> Message:
    """The message of a task's arguments. Where they are not as they should be, every article in them is found nevertheless."""
    named = dict(kwargs)
    given = [*args, *(named.pop(name) for name in ("articles", "collection") if name in named)]
    articles = given[0] if given else None
    collection = given[1] if len(given) > 1 else default
    fits = isinstance(collection, str) and re.fullmatch(COLLECTION_PATTERN, collection) is not None
    if isinstance(articles, list) and fits and len(given) <= 2 and not named:
        return Message(articles, collection)
    found = [one for one in _leaves(articles) if isinstance(articles, list) or isinstance(one, Mapping)]
    rest = [named] if any(name in named for name in ArticleIn.model_fields) else [*given[1:], *named.values()]
    found += [one for one in _leaves(rest) if isinstance(one, Mapping)]
    meant = collection if isinstance(collection, str) else default
    return Message(found or [{_ARGS: list(args), _KWARGS: dict(kwargs)}], meant, _HOW)


def article_of_refusal(payload: str, max_text_chars: int) -> ArticleIn:
    """The article that is kept as refused. Raises Rejected, also for a whole message, kept because no article was found in it."""
    if _is_whole_message(payload):
        raise Rejected([FieldError("", "there is none in this message; it can only be dropped")])
    return parse_article(payload.encode(), max_text_chars)


def _is_whole_message(payload: str) -> bool:
    try:
        sent = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict) and sent.keys() == {_ARGS, _KWARGS}


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def as_sent(payload: object) -> str:
    """A payload as JSON, whole, whatever is in it: lone surrogates and what JSON has no form for are written out."""
    try:
        return json.dumps(payload, default=repr)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(repr(payload))

"""The article in the data that a page carries for its scripts (`<script type="application/json">`), for pages that show nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from clusterer.core.cleaning.lines import ends_sentence, word_count
from clusterer.core.cleaning.markup import without_markup

_MAX_JSON_CHARS = 1_000_000
_MAX_NODES = 20_000
_END = "</script>"
_SCRIPT = re.compile(
    r"<script\b[^>]{0,200}?application/json[^>]{0,200}>(.*?)</script>",
    re.DOTALL | re.IGNORECASE,
)
_BODY = re.compile(r"body|content|text|html|paragraph|block|story|markup", re.IGNORECASE)


def state_body(html: str) -> str:
    """The longest prose under a name such as `body` or `content`: one string, or a list of them; '' if there is none."""
    # Up to the last end only, so that every search for an end finds one, and the time stays linear.
    upto = max(html.rfind(_END), html.rfind(_END.upper())) + len(_END)
    found: list[str] = []
    for script in _SCRIPT.finditer(html[:upto]):
        if len(script.group(1)) <= _MAX_JSON_CHARS:
            found.extend(_bodies(script.group(1)))
    return max(found, key=len, default="")


def _bodies(script: str) -> Iterator[str]:
    try:
        waiting: list[Any] = [orjson.loads(script)]
    except orjson.JSONDecodeError:
        return
    for node in waiting:
        if isinstance(node, dict):
            for name, value in node.items():
                if _BODY.search(name):
                    yield _prose(value)
        if isinstance(node, dict | list) and len(waiting) < _MAX_NODES:
            waiting.extend(node.values() if isinstance(node, dict) else node)


def _prose(value: Any) -> str:
    """A string without its markup, or the strings of a list as paragraphs; '' for what is no sentence."""
    if isinstance(value, str):
        text = without_markup(value).strip()
        return text if word_count(text) and any(map(ends_sentence, text.split("\n"))) else ""
    if isinstance(value, list):
        return "\n".join(filter(None, (_paragraph(item) for item in value)))
    return ""


def _paragraph(item: Any) -> str:
    strings = item.values() if isinstance(item, dict) else [item]
    return max((_prose(value) for value in strings if isinstance(value, str)), key=len, default="")

"""The article in the data that a page carries for its scripts, for pages that show nothing else.

Such data stand alone in a script (`<script type="application/json">`), are assigned to a variable or handed to a function in one, or are
sent in pieces, as React does with server components. What is looked for is prose, whatever the framework calls it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from clusterer.core.lines.features import ends_sentence, word_count
from clusterer.core.lines.markup import without_markup
from clusterer.core.pages.references import is_reference_array, values_named

_MAX_JSON_CHARS = 1_000_000
_MAX_NODES = 20_000
_MAX_BROKEN = 30  # values of one script: each that breaks off may take as long as the script
_MAX_DEPTH = 20  # of elements in a paragraph
_END = "</script>"
_SCRIPT = re.compile(r"<script\b(?![^>]{0,200}ld\+json)[^>]{0,400}>(.*?)</script>", re.DOTALL | re.IGNORECASE)
# What stands before a value of JSON in a script, an assignment, the bracket of a call, or nothing; and how one begins.
_VALUE = re.compile(r"(?:^|[=(,])\s*+(?=\{\s*+\"|\[\s*+[\[{\"\d]|\"[\[{])")
_UNDEFINED = re.compile(r"(?<=[:,\[])\s*undefined(?=\s*[,}\]])")
_ROW = re.compile(rb"[0-9a-f]*:(?:T([0-9a-f]{1,8}),)?")
_BODY = re.compile(r"body|content|text|html|paragraph|block|sections|story|markup|rendered|children", re.IGNORECASE)
_READ = re.compile(r"text|value|content|html|body|data|markup|paragraph|children|nodes", re.IGNORECASE)
_SENTENCE_WITHIN = re.compile(r"\w{2}[.!?…।]\s|[。！？]")
_DECODER = json.JSONDecoder(strict=False)


def state_body(html: str) -> str:
    """The longest prose under a name such as `body` or `content`: one string, or a list of them; '' if there is none."""
    # Up to the last end only, so that every search for an end finds one, and the time stays linear.
    upto = max(html.rfind(_END), html.rfind(_END.upper())) + len(_END)
    longest = ""
    pieces: list[str] = []
    for script in _SCRIPT.finditer(html[:upto]):
        for value in _values(script.group(1)):
            if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
                pieces.append(value[1])
            longest = max(longest, *_bodies(value), "", key=len)
    for row in _rows("".join(pieces)):
        longest = max(longest, *_bodies(row), "", key=len)
    return longest


def _values(script: str) -> Iterator[Any]:
    """What stands in a script as JSON, and what a string of it holds in turn."""
    if len(script) > _MAX_JSON_CHARS:
        return
    if "undefined" in script:
        script = _UNDEFINED.sub("null", script)
    start = broken = 0
    while broken < _MAX_BROKEN and (opened := _VALUE.search(script, start)) is not None:
        value, start = _decoded(script, opened.end())
        if isinstance(value, str):
            value, _ = _decoded(value, 0)
        if value is None:
            broken += 1
        else:
            yield value


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """The value that begins there, None where none does, and where to go on."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start + 1


def _rows(stream: str) -> Iterator[Any]:
    """The rows of a stream of server components: a number, a colon, then JSON up to the line's end or a text of stated length in bytes."""
    data, place = stream.encode("utf-8", "replace"), 0
    while row := _ROW.match(data, place):
        if row[1]:
            end = row.end() + int(row[1], 16)
            yield {"text": data[row.end() : end].decode("utf-8", "replace")}
            place = end
        else:
            end = data.find(b"\n", row.end())
            end = len(data) if end < 0 else end
            value, _ = _decoded(data[row.end() : end].decode("utf-8", "replace"), 0)
            if isinstance(value, list | dict):
                yield {"children": [value]}
            place = end + 1


def _bodies(value: Any) -> Iterator[str]:
    waiting: list[Any] = [value]
    for node in waiting:
        if isinstance(node, list) and is_reference_array(node):
            yield from map(_prose, values_named(node, _BODY))
            continue
        if isinstance(node, dict):
            for name, inner in node.items():
                if _BODY.search(name):
                    yield _prose(inner)
        if isinstance(node, dict | list) and len(waiting) < _MAX_NODES:
            waiting.extend(node.values() if isinstance(node, dict) else node)


def _prose(value: Any) -> str:
    """A string without its markup, or the strings of a list as paragraphs; '' for what is no sentence."""
    if isinstance(value, str):
        text = without_markup(value).strip()
        return text if word_count(text) and any(map(_holds_sentence, text.split("\n"))) else ""
    if isinstance(value, list):
        return "\n".join(filter(None, (_prose(_written(item)) for item in value)))
    if isinstance(value, dict) and isinstance(value.get("value"), list):  # a tree in lists: ["p", {}, "text"]
        return _prose(value["value"])
    return ""


def _holds_sentence(line: str) -> bool:
    """Does a line end as a sentence does, or go on behind one with a link or a mark?"""
    return ends_sentence(line) or _SENTENCE_WITHIN.search(line) is not None


def _written(item: Any, depth: int = 0) -> str:
    """What a browser would show of a paragraph: its strings in their order, without those that only describe it."""
    if isinstance(item, str):
        return item
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(item, list):
        if item[:1] == ["$"]:  # an element of React: its name, its key, its attributes
            item = item[3:]
        elif len(item) > 1 and isinstance(item[0], str) and isinstance(item[1], dict):  # its name, its attributes
            item = item[2:]
        return "".join(_written(inner, depth + 1) for inner in item)
    if isinstance(item, dict):
        shown = (_written(inner, depth + 1) for name, inner in item.items() if _READ.search(name))
        return max(shown, key=len, default="")
    return ""

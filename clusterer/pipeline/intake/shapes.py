"""Articles in the shapes that scrapers, feeds and news services give them, as this program's own fields.

Known are news-please, trafilatura, newspaper, feedparser, JSON Feed, mediastack, News API, newsdata.io, CC-News and the WordPress API.
A field whose name is not known is named in a warning; an article without text is refused rather than taken for a headline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from clusterer.pipeline.intake.field_names import NAMES, SHORT_TEXTS, TEXTS, UNUSED
from clusterer.pipeline.intake.submission import ArticleIn, FieldError, Rejected

_EXPORTED = frozenset(("received_at", "revision", "state", "cluster_id"))  # beside an article's fields
_NOTED = UNUSED.union(_EXPORTED, TEXTS, SHORT_TEXTS, *NAMES.values())
_MAX_ID_CHARS = 256
_MAX_NAMED = 10
_MAX_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Shaped:
    """An article's fields as `parse_article` takes them, and what was made of others."""

    payload: Mapping[str, Any]
    warnings: tuple[str, ...]


def is_known(name: str) -> bool:
    """Whether scrapers, feeds or news services call a field by this name."""
    return name in _NOTED


def shaped(
    row: Mapping[str, Any],
    renamed: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
    headlines: bool = False,
) -> Shaped:
    """The row's article. `renamed`: fields of the row by the name that they have here. `defaults`: what its feed says for all.

    Raises Rejected for a row without text; with `headlines` a title alone is an article.
    """
    named = {ours: _at(row, theirs) for theirs, ours in (renamed or {}).items()}
    row = {**row, **{ours: value for ours, value in named.items() if not _is_blank(value)}}
    payload = {name: value for name in NAMES if (value := _first(row, NAMES[name])) is not None}
    warnings: list[str] = []
    text = _first(row, TEXTS)
    if text is None and "html" not in payload:
        text = _first(row, SHORT_TEXTS)
        if text is not None:
            warnings.append("there is no text; the summary was used instead")
    if text is not None:
        payload["text"] = text
    used = {theirs.partition(".")[0] for theirs in renamed or {}}
    unknown = [name for name in row if name not in _NOTED and name not in used and not _is_blank(row[name])]
    if unknown:
        warnings.append(
            "unknown fields were left out: " + ", ".join(str(name)[:_MAX_NAME_CHARS] for name in unknown[:_MAX_NAMED])
        )
    if "text" not in payload and "html" not in payload:
        if not (headlines and "title" in payload) and not _is_ours(row):
            raise Rejected(_textless(unknown))
        payload["text"] = ""
    _settle_source(payload, row)
    for name, value in (defaults or {}).items():
        payload.setdefault(name, value)
    _settle_id(payload, bool(defaults))
    return Shaped(payload, tuple(warnings))


def _is_ours(row: Mapping[str, Any]) -> bool:
    """Whether the row is in this program's own form and says itself that the text is empty, as an export may."""
    return isinstance(row.get("text"), str) and row.keys() <= ArticleIn.model_fields.keys() | _EXPORTED


def _textless(unknown: Sequence[str]) -> list[FieldError]:
    advice = "there is neither text nor html"
    if unknown:
        named = ", ".join(str(name)[:_MAX_NAME_CHARS] for name in unknown[:_MAX_NAMED])
        more = f" and {len(unknown) - _MAX_NAMED} more" if len(unknown) > _MAX_NAMED else ""
        advice += f"; name the field that holds it with --map FIELD=text (not known here: {named}{more})"
    return [FieldError("", advice)]


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((value for name in names if not _is_blank(value := _plain(row.get(name)))), None)


def _is_blank(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, list | dict) and not value)
    )


def _plain(value: Any) -> Any:
    """Out of the wrappings of some shapes: feedparser's lists of contents and times in parts, names and renderings in objects."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return "\n".join(str(part.get("value", "") if isinstance(part, Mapping) else part or "") for part in value)
    if isinstance(value, list | tuple) and len(value) == 9 and all(isinstance(part, int) for part in value):
        return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*value[:6])
    if isinstance(value, Mapping):
        return next(
            (value[name] for name in ("rendered", "name", "title", "value", "id") if isinstance(value.get(name), str)),
            None,
        )
    return value


def _at(row: Mapping[str, Any], path: str) -> Any:
    """The value under a name, or under a path of names with points."""
    value: Any = row.get(path)
    if value is None and "." in path:
        value = row
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _settle_source(payload: dict[str, Any], row: Mapping[str, Any]) -> None:
    """Trafilatura calls the page's address its source, and its site something else."""
    source = payload.get("source")
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        payload.setdefault("url", source)
        try:
            host = urlsplit(source).hostname
        except ValueError:
            host = None
        payload["source"] = _first(row, NAMES["source"][1:]) or host or source


def _settle_id(payload: dict[str, Any], of_feed: bool) -> None:
    """A feed's ids are unique within it; one that is too long is as good as none where the URL can stand for it."""
    given = payload.get("id")
    if of_feed and isinstance(given, str | int) and ":" not in str(given) and payload.get("source"):
        given = payload["id"] = f"{payload['source']}/{given}"
    if isinstance(given, str) and len(given) > _MAX_ID_CHARS and payload.get("url"):
        del payload["id"]

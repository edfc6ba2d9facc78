"""Optional fields but times, as feeds give them: each reader returns the value, or None where the field says nothing.

All raise `Unreadable` for what cannot be used.
"""

from __future__ import annotations

import re


class Unreadable(ValueError):
    """A value that cannot be used; the message completes a sentence about the field. `rest`: what can be kept of it."""

    def __init__(self, message: str, rest: str | None = None) -> None:
        super().__init__(message)
        self.rest = rest


_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")
_UNKNOWN_LANGUAGES = frozenset(
    ("und", "zxx", "mul", "mis", "xx", "none", "null", "unknown", "n/a", "na", "default", "x-default", "")
)
_LANGUAGES = """
    ar ara arabic; bg bul bulgarian; bn ben bengali; cs ces cze czech; da dan danish; de deu ger german deutsch; el ell gre greek;
    en eng english; es spa spanish castilian espanol español; fa fas per persian farsi; fi fin finnish; fr fra fre french francais français;
    he heb iw hebrew; hi hin hindi; hu hun hungarian; id ind in indonesian; it ita italian italiano; ja jpn japanese; ko kor korean;
    nl nld dut dutch nederlands; no nor norwegian; pl pol polish; pt por portuguese portugues português; ro ron rum romanian;
    ru rus russian; sv swe swedish; sw swa swahili; th tha thai; tr tur turkish; uk ukr ukrainian; ur urd urdu; vi vie vietnamese;
    zh zho chi cmn chinese; yi ji yid yiddish
"""
_LANGUAGE_CODES = {name: code for code, *names in map(str.split, _LANGUAGES.split(";")) for name in names}


def read_language(value: object) -> str | None:
    """A BCP 47 tag, from a tag, a POSIX locale (`en_US.UTF-8`), an ISO 639-2 code or an English name."""
    if value is not None and not isinstance(value, str):
        raise Unreadable("is not a language")
    tag = re.split(r"[.@;,]", (value or "").strip().replace("_", "-"), maxsplit=1)[0].strip()
    if (value or "").strip().lower() in _UNKNOWN_LANGUAGES:
        return None
    head, dash, rest = tag.partition("-")
    tag = _LANGUAGE_CODES.get(head.lower(), head) + dash + rest
    if len(tag) > 35 or not _LANGUAGE.fullmatch(tag):
        raise Unreadable("is not a language tag, such as en or pt-BR")
    return tag


_MAX_TITLE_CHARS = 5_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def read_line(value: object, max_chars: int) -> str | None:
    """Text of one line: blanks at the ends and line ends within go."""
    if value is not None and not isinstance(value, str):
        raise Unreadable("is not text")
    line = _CONTROLS.sub(" ", value or "").strip()
    if len(line) > max_chars:
        raise Unreadable(f"has more than {max_chars} characters")
    return line or None


def read_url(value: object, max_chars: int) -> str | None:
    """A URL or other identifier of the page; line ends and tabs within go, as in the WHATWG URL standard."""
    if value is not None and not isinstance(value, str):
        raise Unreadable("is not text")
    url = _CONTROLS.sub("", value or "").strip()
    if len(url) > max_chars:
        raise Unreadable(f"has more than {max_chars} characters")
    return url or None


def read_title(value: object) -> str | None:
    """A headline as sent, cut to a length that no headline has."""
    if value is not None and not isinstance(value, str):
        raise Unreadable("is not text")
    title = value or ""
    if len(title) > _MAX_TITLE_CHARS:
        raise Unreadable(f"has more than {_MAX_TITLE_CHARS} characters", title[:_MAX_TITLE_CHARS])
    return title if title.strip() else None


def read_id(value: object) -> object:
    """An id without line ends around it; numbers as their decimal text, blanks as absent. What is neither stays for others to refuse."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value.strip("\r\n\t") or None
    return value

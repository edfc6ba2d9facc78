"""Bytes of a page or text file to a string: by byte order mark, by what was declared, else by what the bytes look like.

The order is that of the HTML standard (13.2.3.2), but for one thing: bytes that are valid UTF-8 are taken for it even where the page's own
`meta` says otherwise, since hardly any text in another encoding is so by chance, and many pages lie.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

_META_REACH = 4_096  # bytes; the standard asks for 1,024, pages often need more
_DETECTED_FROM = 65_536  # bytes
_ANY_BYTES = bytes(range(256))
_META = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# No text of ASCII and these alone looks misread, and most English news holds no other characters.
TYPOGRAPHY = "–—‘’“”•…\xa0"
_MAY_BE_MISREAD = re.compile(rf"[^\x00-\x7f{TYPOGRAPHY}]")
_BADNESS_CHARS = 8  # ftfy's longest pattern of misread text has seven characters
_FEW = 200
# What pages mean that declare these (Encoding Standard, 4.2).
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "tis-620": "cp874", "iso8859-11": "cp874", "big5": "big5hkscs",
}  # fmt: skip
_TURKISH_ALONE = (b"\xf0", b"\xfd", b"\xfe")  # ğ ı ş, elsewhere ð ý þ
_TURKISH_TOO, _NORTHERN = "çöü".encode("cp1254"), "æáíó".encode("cp1252")
_LEAST_OWN = 3
_TO_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b$(D")
_ZERO_IN_PAIRS = 100  # a blank in fifty letters at least
_DETECTED = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r", "koi8_u", "iso8859_2",
    "iso8859_5", "gb18030", "big5", "cp932", "euc_jp", "cp949",
]  # fmt: skip


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text of these bytes, without a byte order mark. declared: the charset of an HTTP header, if there was one.

    Never fails: bytes that make no sense become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[:2] in (b"<\x00", b"\x00<"):
        return data.decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace")
    if (text := _with_escapes(data)) is not None or (text := _in_pairs(data)) is not None:
        return text
    if declared and (encoding := _known(declared)) and (text := _strictly(data, encoding)) is not None:
        return text
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    meta = _META.search(data, 0, _META_REACH)
    if meta is not None and (encoding := _known(meta.group(1).decode("ascii"))):
        return data.decode(encoding, "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_DETECTED_FROM], cp_isolation=_DETECTED).best()
    encoding = best.encoding if best is not None else "cp1252"
    return data.decode("cp1254" if encoding == "cp1252" and _is_turkish(data) else encoding, "replace")


def _with_escapes(data: bytes) -> str | None:
    """Japanese in ISO-2022-JP, whose bytes are valid ASCII: between escapes that change the set of characters."""
    return _strictly(data, "iso2022_jp_ext") if any(escape in data for escape in _TO_JAPANESE) else None


def _in_pairs(data: bytes) -> str | None:
    """UTF-16 without a mark: of blanks and line ends one of both bytes is zero, always the same one. No other text holds zeros."""
    first, second = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(first, second) < max(2, len(data) // _ZERO_IN_PAIRS, 2 * min(first, second)):
        return None
    return _strictly(data, "utf-16-be" if first > second else "utf-16-le")


def _is_turkish(data: bytes) -> bool:
    """Do the letters that windows-1254 has in place of ð, ý and þ stand beside those of Turkish, and not of Icelandic or Faroese?"""
    found = set(data)
    own = sum(map(data.count, _TURKISH_ALONE))
    return own >= _LEAST_OWN and not found.isdisjoint(_TURKISH_TOO) and found.isdisjoint(_NORTHERN)


def _known(label: str) -> str:
    """The codec that a label stands for on the web, '' if it is none for text."""
    try:
        codec = codecs.lookup(label.strip())
        _ANY_BYTES.decode(codec.name, "replace")  # codecs of host names cannot do this, and some are none for text
    except (LookupError, UnicodeError, TypeError, ValueError):
        return ""
    return _MEANT.get(codec.name, codec.name)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def repaired(text: str) -> str:
    """The text where a sender read its bytes in a wrong encoding ("donâ€™t"), put right line by line; any other text as it is."""
    if text.isascii() or _MAY_BE_MISREAD.search(text) is None:
        return text
    from ftfy import fix_encoding

    return "\n".join(map(fix_encoding, text.split("\n"))) if _looks_misread(text) else text


def _looks_misread(text: str) -> bool:
    """What ftfy's `is_bad` says; it looks at every character, and only those near one outside English typography can tell."""
    from ftfy.badness import BADNESS_RE, is_bad

    places = [found.start() for found in islice(_MAY_BE_MISREAD.finditer(text), _FEW + 1)]
    if len(places) > _FEW:
        return bool(is_bad(text))
    return any(BADNESS_RE.search(text, max(0, at - _BADNESS_CHARS), at + _BADNESS_CHARS) for at in places)

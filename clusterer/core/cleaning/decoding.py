"""Bytes of a page or text file to a string: by byte order mark, by what was declared, else by what the bytes look like.

The order is that of the HTML standard (13.2.3.2), but for what the page's own `meta` says, since many pages lie: bytes that are valid UTF-8
are taken for it, as hardly any text in another encoding is so by chance, and other bytes are not; Western European is not believed of a
text whose letters are mostly outside ASCII.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
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
# Letters of each language beside a to z, by the encodings in which it is written; where two fit as well, the first one is meant.
_CENTRAL = (
    "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß"
)  # fmt: skip
_ALPHABETS = {
    "cp1252": (
        "äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúü", "àáâãçéêíóôõú", "àèéìíîòóù", "áéèëïóöü", "åäöé", "æøåéô", "áðéíóúýþæö",
        "çàèéíïòóúü", "áâéêèïîíôóöûúë",
    ),
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "cp1254": ("çğıöşüâîû",),
}  # fmt: skip
_NEVER_WITHOUT = {"cp1254": "ı"}  # the other letters of Turkish stand where Latvian has its own
_LEAST_LETTERS = 5
_NEARLY_ALL = 0.97  # of the letters and signs; the rest is in names from elsewhere
_SIGNS = frozenset("«»„“”‚‘’‹›…–—€£§°²³½¼¾©®™·•†¿¡ªº\xa0\xad")
_TO_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b$(D")
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_WESTERN = frozenset(("cp1252", "latin-1", "iso8859-15"))
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
    if (text := _as_stated(data)) is not None:
        return text
    if encoding := _by_letters(data[:_DETECTED_FROM]):
        return data.decode(encoding, "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_DETECTED_FROM], cp_isolation=_DETECTED).best()
    encoding = best.encoding if best is not None else "cp1252"
    return data.decode(encoding, "replace")


def _as_stated(data: bytes) -> str | None:
    """Bytes that are not valid UTF-8 as their `meta` says, or as damaged UTF-8; None where that is not believed."""
    meta = _META.search(data, 0, _META_REACH)
    encoding = _known(meta.group(1).decode("ascii")) if meta is not None else ""
    if encoding in ("", "utf-8"):
        return _damaged(data)
    believed = encoding not in _WESTERN or _is_western(data[:_DETECTED_FROM])
    return data.decode(encoding, "replace") if believed else None


def _damaged(data: bytes) -> str | None:
    """UTF-8 with a few bytes that are none: more characters of several bytes than places that make no sense."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    whole = len(text) - sum(map(str.isascii, text)) - wrong
    return text if whole > wrong else None


def _is_western(data: bytes) -> bool:
    """Are most letters of the text, markup aside, in ASCII? Greek or Russian, read as Western European, have hardly any there."""
    text = _TAG.sub(b"", data)
    return 2 * sum(byte >= 0xC0 for byte in text) < sum(byte < 0x80 and chr(byte).isalpha() for byte in text)


def _with_escapes(data: bytes) -> str | None:
    """Japanese in ISO-2022-JP, whose bytes are valid ASCII: between escapes that change the set of characters."""
    return _strictly(data, "iso2022_jp_ext") if any(escape in data for escape in _TO_JAPANESE) else None


def _in_pairs(data: bytes) -> str | None:
    """UTF-16 without a mark: of blanks and line ends one of both bytes is zero, always the same one. No other text holds zeros."""
    first, second = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(first, second) < max(2, len(data) // _ZERO_IN_PAIRS, 2 * min(first, second)):
        return None
    return _strictly(data, "utf-16-be" if first > second else "utf-16-le")


def _by_letters(data: bytes) -> str:
    """The encoding in which the letters beside a to z are those of one language, "" for none: in any other they are of none."""
    beyond = bytes(byte for byte in data if byte >= 0x80)
    best, found = 0.0, ""
    for encoding, alphabets in _ALPHABETS.items():
        counts = Counter(beyond.decode(encoding, "replace"))
        letters = Counter[str]()
        for character, count in counts.items():
            letters[character.lower()[0]] += count * (character not in _SIGNS and not character.lower()[0].isascii())
        total = sum(letters.values())
        if not total:
            return encoding  # signs alone: a price, a dash
        if total < _LEAST_LETTERS or not all(letters[letter] for letter in _NEVER_WITHOUT.get(encoding, "")):
            continue
        share = max(sum(letters[letter] for letter in alphabet) for alphabet in alphabets) / total
        if share > max(best, _NEARLY_ALL):
            best, found = share, encoding
    return found


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

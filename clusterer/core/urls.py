"""One form for the URLs under which a page is known: what differs without naming another page is left out."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x1f\x7f]")  # URL parsers drop line ends and tabs (WHATWG URL, 4.4)
_ESCAPED = re.compile("&(?:amp;)+")
_SERVED_ALIKE = re.compile(r"(?:(?:www\d?|m|mobile|amp|touch|wap)\.)+(?=[^.]+\.[^.])")
_AMP_CACHE = re.compile(
    r"(?:[^/]+\.cdn\.ampproject\.org/[vci]|(?:www\.)?google\.[a-z.]+/amp)/(?:s/)?(?=[^/]+\.)", re.IGNORECASE
)
_AMP_END = re.compile(r"(?:/amp(?:\.html)?|\.amp)$|\.amp(?=\.html?$)")
_AMP_START = re.compile(r"/amp(?=/.)")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# Parameters that say where a reader came from, or in which dress a page is shown; none of them is known to name a page.
_TRACKING = re.compile(
    r"(?:utm|mtm|matomo|pk|piwik|hsa|mc|oly|at|ns|itm|vero|wt|guce|fb|stm|trk|_hs)_\w*|_hs\w+|_g[al]|\w{1,3}clid|msclkid|gclsrc|[gw]braid"
    r"|igshi?d?|li_fat_id|mkt_tok|cmp(?:id|gn)?|ocid|ncid|icid|xtor|spm|smid|smtyp|sref|s_cid|sr_share|srnd|ref|ref_?(?:src|url)"
    r"|referr?er|__twitter_impression|amp|amp_js_v|amp_gsa|outputtype|usqp|guccounter|wprov|(?:php|j)sessionid|phpsessid|sharedby"
    r"|gaa_\w{1,4}|(?:print|printable|printer|drucken|imprimir|stampa)(?:view|version|mode)?",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"source|src|from|via|feature|partner|share|rss|output|medium|campaign|xml", re.IGNORECASE)
_CHANNEL_NAMES = """
    1 amp app atom email facebook fb feed flipboard googlenews instagram linkedin mail mobile newsletter news push reddit rss share
    shared social telegram twitter whatsapp x
"""
_CHANNELS = frozenset(_CHANNEL_NAMES.split())
_MAX_DEPTH = 3  # a page of one AMP cache seen through another


def canonical_url(url: str) -> str:
    """The form by which pages are looked up: RFC 3986, 6.2, and without scheme, default port, `www.` and the like, AMP, tracking
    parameters and fragment, the other parameters sorted. Idempotent. What is no URL of the web comes back without line ends only.
    """
    given = _ESCAPED.sub("&", _IGNORED.sub("", url).strip())
    if _BARE.match(given):
        given = "//" + given
    if not _WEB.match(given):
        return given
    try:
        return _canonical(given.partition("//")[2])
    except ValueError:
        return given


def _canonical(rest: str) -> str:
    for _ in range(_MAX_DEPTH):
        rest = _AMP_CACHE.sub("", rest, count=1) if _AMP_CACHE.match(rest) else rest
    parts = urlsplit("//" + rest)
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    host = _host(parts.hostname or "")
    query = urlencode(
        sorted(pair for pair in parse_qsl(parts.query, True, max_num_fields=200) if not _is_tracking(*pair))
    )
    place = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return f"https://{host}{port}{_path(parts.path)}" + (f"?{query}" if query else "") + (f"#{place}" if place else "")


def _host(name: str) -> str:
    name = _SERVED_ALIKE.sub("", name.rstrip("."), count=1) if _SERVED_ALIKE.match(name) else name.rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _path(path: str) -> str:
    plain = unquote(_SESSION.sub("", path), errors="surrogateescape")
    plain = re.sub("/{2,}", "/", posixpath.normpath(plain or "/"))
    plain = _AMP_START.sub("", _AMP_END.sub("", plain, count=1), count=1) if "amp" in plain else plain
    plain = _INDEX.sub("", plain).rstrip("/")
    return quote(plain, safe="/:@!$&'()*+,;=~", errors="surrogateescape")


def _is_tracking(name: str, value: str) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    return _CHANNEL.fullmatch(name) is not None and (value.lower() in _CHANNELS or not value)


def path_segment(text: str, safe: str = "") -> str:
    """One segment of a path, percent-encoded whole. `.` and `..` too, which clients would otherwise go up by (RFC 3986, 5.2.4)."""
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe=safe)

"""Opaque paging cursors: URL-safe text that carries where the page before ended.

A cursor holds the name of the listing and the sort value and id of the last item shown. Continuing *after that item*
rather than at an offset is what keeps new items from repeating or hiding others.
"""

from __future__ import annotations

import base64
import binascii

import orjson

from clusterer.core.errors import InvalidCursor

_LONGEST = 512
_LARGEST = 2**53  # no sort value comes near it


def encode_cursor(listing: str, value: float, item_id: str = "") -> str:
    """The cursor that continues `listing` after the item with this sort value and id."""
    return base64.urlsafe_b64encode(orjson.dumps([listing, value, item_id])).decode().rstrip("=")


def decode_cursor(listing: str, cursor: str) -> tuple[float, str]:
    """(sort value, id). Raises InvalidCursor for what `encode_cursor` did not give out for this listing."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        decoded = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        name, value, item_id = decoded
    except (ValueError, TypeError, binascii.Error):
        raise InvalidCursor("this cursor is not valid") from None
    if name != listing or isinstance(value, bool) or not isinstance(value, int | float) or not isinstance(item_id, str):
        raise InvalidCursor(f"this cursor does not continue {listing!r}; start without one")
    if abs(value) > _LARGEST:
        raise InvalidCursor("this cursor is not valid")
    return value, item_id


def decode_number(listing: str, cursor: str | None) -> int:
    """The whole number in a cursor of a listing that is ordered by one; 0 without a cursor."""
    if not cursor:
        return 0
    value, _ = decode_cursor(listing, cursor)
    if not isinstance(value, int) or not 0 <= value < 2**53:
        raise InvalidCursor("this cursor is not valid")
    return value

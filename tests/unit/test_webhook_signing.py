"""Webhooks: the signature of the specification, growing pauses, and when an endpoint is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clusterer.adapters.webhook_sender import _is_public
from clusterer.core.webhook_signature import encoded_secret, headers, signature
from clusterer.core.webhooks import Webhook, checked_url

NOW = datetime(2031, 3, 3, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def webhook(**fields: object) -> Webhook:
    return Webhook(
        **({"id": "w", "url": "https://x.example", "secret": SECRET, "created_at": NOW, "cursor": 7} | fields)
    )  # type: ignore[arg-type]


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's libraries."""
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_no_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        signature("whsec_?", "m", 1, b"")
    assert signature(encoded_secret(b"k" * 24), "m", 1, b"").startswith("v1,")


def test_a_delivery_names_what_was_signed() -> None:
    sent = headers(webhook(), "msg_1", NOW, b"{}")
    assert (sent["webhook-id"], sent["webhook-timestamp"]) == ("msg_1", str(int(NOW.timestamp())))
    assert sent["webhook-signature"] == signature(SECRET, "msg_1", int(NOW.timestamp()), b"{}")


def test_pauses_grow_up_to_an_hour_and_end_with_a_success() -> None:
    one, pauses = webhook(), []
    for _ in range(15):
        one = one.failed(NOW, "it answered 500")
        assert one.next_attempt_at is not None
        pauses.append((one.next_attempt_at - NOW).total_seconds())
        assert not one.is_due(NOW)
        assert one.is_due(one.next_attempt_at)
    assert pauses[:4] == [5, 10, 20, 40]
    assert (pauses[-1], one.cursor, one.failures) == (3600, 7, 15)
    assert one.delivered(8) == webhook(cursor=8)


def test_after_days_of_failures_or_410_an_endpoint_is_disabled_and_keeps_its_cursor() -> None:
    one = webhook().failed(NOW, "refused")
    assert one.failed(NOW + timedelta(days=2, hours=23), "refused").disabled is None
    ended = one.failed(NOW + timedelta(days=3), "refused")
    assert ended.disabled == "every attempt since 2031-03-03 00:00 UTC failed, the last one with: refused"
    assert (ended.cursor, ended.is_due(NOW + timedelta(days=9))) == (7, False)
    assert webhook().failed(NOW, "it answered 410", 410).disabled == "the receiver answered 410 Gone"
    assert ended.replayed(3) == webhook(cursor=3)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example", "https://", "//x.example", "https://u:p@x.example", "https://x.example/#a", "http://x:y", "http://[::1",
        "http://x.example/a b", "http://ä.example", "",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        checked_url(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("0.0.0.0", False), ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True),
        ("::127.0.0.1", False), ("::ffff:0:127.0.0.1", False), ("fec0::1", False), ("64:ff9b:1::7f00:1", False), ("ff0e::1", False),
        ("4000::1", False), ("2002:5db8:d822::", True),
    ],
)  # fmt: skip
def test_private_addresses_are_known(address: str, public: bool) -> None:
    assert _is_public(address) is public

"""A page of ours, checked for what every page owes."""

from __future__ import annotations

from html.parser import HTMLParser

from support.api import Bench


class Markup(HTMLParser):
    """Finds what a page of ours never has: scripts in it, handlers and styles on elements, addresses that are code."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag != "script" or (given.get("src") or "").startswith("/assets/")
        assert not [name for name in given if name.startswith("on") or name == "style"], given
        assert not [value for value in given.values() if (value or "").strip().lower().startswith("javascript:")], given
        assert tag not in ("iframe", "object", "embed", "base")


def check_markup(html: str) -> None:
    Markup().feed(html)


def get(bench: Bench, path: str, status: int = 200) -> str:
    """A page that is checked for what every page owes."""
    answer = bench.client.get(path, follow_redirects=False)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    check_markup(answer.text)
    assert len(answer.content) < 300_000
    return answer.text

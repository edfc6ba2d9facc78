"""HTML to plain text and title, with trafilatura."""

from __future__ import annotations

import trafilatura

from clusterer.core.model import Cut


def extract(html: str, max_chars: int) -> tuple[str, str, list[Cut]]:
    """Title and main text of a page, and what the size limit cut. A page trafilatura cannot read gives two empty strings."""
    cuts = []
    if len(html) > max_chars:
        cuts.append(Cut(html[max_chars : max_chars + 500], f"beyond the first {max_chars} characters of HTML"))
    found = trafilatura.bare_extraction(
        html[:max_chars], fast=True, include_comments=False, deduplicate=False, favor_precision=True, with_metadata=True
    )
    if found is None:
        return "", "", cuts
    return found.title or "", found.text or "", cuts

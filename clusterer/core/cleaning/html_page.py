"""HTML to plain text and title, with trafilatura.

Two guards come before the parser, which takes time quadratic in the attributes of one tag: a cap on the size of the page,
and the removal of any tag with absurdly many attributes. Dates are not looked for, since an article brings its own.
"""

from __future__ import annotations

import re

from clusterer.core.model import Cut

# Names, values and ends of tags as in the HTML standard, 13.2.5; possessive, so that it never goes back over what it has read.
_BLOATED_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]*+[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+){2000,}+[\s/]*+>?+"
)
_NUL = "\x00"


def extract(html: str, max_chars: int) -> tuple[str, str, list[Cut]]:
    """Title and main text of a page, and what the guards cut. A page that cannot be read gives two empty strings."""
    cuts = []
    if len(html) > max_chars:
        cuts.append(Cut(html[max_chars : max_chars + 500], f"beyond the first {max_chars} characters of HTML"))
        html = html[:max_chars]
    bloated = _BLOATED_TAG.search(html)
    if bloated is not None:
        cuts.append(Cut(bloated.group()[:500], "a tag with thousands of attributes"))
        html = _BLOATED_TAG.sub(" ", html)
    import trafilatura
    from trafilatura.metadata import extract_title
    from trafilatura.utils import load_html

    tree = load_html(html.replace(_NUL, ""))
    if tree is None:
        return "", "", cuts
    title = extract_title(tree) or ""
    try:
        found = trafilatura.bare_extraction(
            tree, fast=True, include_comments=False, deduplicate=False, favor_precision=True
        )
    except (ValueError, RecursionError):
        return title, "", cuts
    return title, (found.text or "") if found is not None else "", cuts

"""`python -m benchmarks.cleaning_growth [--chars N] [--only NAME]`: how the time of cleaning grows with the size of odd texts and pages.

Every shape is cleaned at a quarter, half and all of the largest size that is accepted. The exponent is the slope of log time over log
size from the first to the last; where all is done in less than 20 ms it says nothing and is left out. Exit 1 if one is above 1.2.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable

import orjson

from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article
from clusterer.core.pages.html_page import MAX_HTML_CHARS

_MAX_EXPONENT = 1.2
_TOO_SHORT_S = 0.02
_SENTENCE = "The harbour authority of Port Ellery has approved a second breakwater after three winters of flooding. "


def _repeated(unit: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + unit * max(1, (size - len(before) - len(after)) // len(unit)) + after


def _nested(tag: str) -> Callable[[int], str]:
    def page(size: int) -> str:
        depth = size // (2 * len(tag) + 5)
        return f"<{tag}>" * depth + "x" + f"</{tag}>" * depth

    return page


def _numbered(form: str) -> Callable[[int], str]:
    return lambda size: "".join(form.format(n) for n in range(size // len(form.format(100_000))))


_TEXTS: dict[str, Callable[[int], str]] = {
    "one word": _repeated("x"),
    "words": _repeated("lorem ipsum "),
    "sentences in one line": _repeated(_SENTENCE),
    "sentences": _repeated(_SENTENCE + "\n"),
    "newlines": _repeated("\n"),
    "spaces": _repeated(" "),
    "lines of one letter": _repeated("a\n"),
    "less-than signs": _repeated("<"),
    "ampersands": _repeated("&"),
    "escaped escapes": _repeated("&amp;amp;"),
    "open comments": _repeated("<!--"),
    "open scripts": _repeated("<script>"),
    "quotation marks": _repeated('"'),
    "ellipses": _repeated("... "),
    "requests": _repeated("please sign in to your account "),
    "request lines": _repeated("Please sign in to your account.\n"),
    "URLs": _numbered("https://example.org/a/{}?b=c "),
    "nearly URLs": _repeated("http:/www.a.b//:"),
    "headlines": _numbered("Port Ellery builds wall {}\n"),
    "teasers": _repeated("Port Ellery builds a wall\nThe harbour of the town has been...\n"),
    "headers of lists": _repeated("Related articles\nPort Ellery builds a wall\n"),
    "times": _numbered("10:{} Boats leave the harbour.\n"),
    "scripts in turn": _repeated("a б 中 ا "),
    "unspaced": _repeated("港口区建设新医院"),
    "combining marks": _repeated("a\u0344\u0f73"),
    "only marks": _repeated("\u0344\u0f73", "a"),
    "posts that appeared": _repeated("The post x appeared first on "),
    "brackets": _repeated("[+"),
}
_PAGES: dict[str, Callable[[int], str]] = {
    "paragraphs": _repeated(f"<p>{_SENTENCE}</p>"),
    "headings": _repeated("<h1>x y z</h1>"),
    "sub-headings": _repeated("<h3>Boats leave</h3>"),
    "links": _numbered("<a href=/{}>Boats leave</a> "),
    "list items": _repeated("<li>Boats leave the harbour"),
    "open divs": _repeated("<div>"),
    "nested divs": _nested("div"),
    "nested spans": _nested("span"),
    "nested lists": _nested("ul"),
    "nested tables": _repeated("<table><tr><td>"),
    "table cells": _repeated("<td>Boats</td>", "<table><tr>"),
    "line breaks": _repeated("Boats leave the harbour.<br>"),
    "attributes": _numbered(" a{}='x'"),
    "attributes of one tag": lambda size: "<p " + _numbered("a{}='x' ")(size) + ">text</p>",
    "one attribute": _repeated("x ", "<p class='", f"'>{_SENTENCE}</p>"),
    "styles": _repeated("color:red ;", "<p style='", f"'>{_SENTENCE}</p>"),
    "bold letters": _repeated("<b>x</b>"),
    "entities": _repeated("&amp;"),
    "comments": _repeated("<!-- x -->"),
    "scripts": _repeated("<script>let a = 1</script>"),
    "one script": _repeated("let a = 1;", "<script>"),
    "JSON-LD": _repeated('{"a":', "<script type=application/ld+json>", "</script>"),
    "long JSON-LD": _repeated('{"articleBody":"x"},', "<script type=application/ld+json>[", "{}]</script>"),
    "data for scripts": _repeated('{"body":["x. ",{"text":"y."}]},', "<script type=application/json>[", "{}]</script>"),
    "many data scripts": _repeated('<script type=application/json>{"body":"x."}</script>'),
    "open data scripts": _repeated("<script type=application/json ", "", "></script>"),
    "forms": _repeated("<form><input><button>Send</button></form>"),
    "images": _repeated("<figure><img src=a><figcaption>Boats</figcaption></figure>"),
    "comments of readers": _repeated(f"<div class=comment><p>{_SENTENCE}</p></div>"),
    "titles": _repeated("<title>x"),
    "closed and not opened": _repeated("</p></div>"),
    "custom elements": _repeated(f"<x-p>{_SENTENCE}</x-p>"),
}


def seconds(article: Article) -> float:
    """CPU seconds to clean one article."""
    started = time.process_time()
    clean(article)
    return time.process_time() - started


def growth(make: Callable[[int], str], kind: str, chars: int) -> dict[str, object]:
    """Times at a quarter, half and all of the size, and the exponent, None where it is too fast to tell."""
    times = []
    for size in (chars // 4, chars // 2, chars):
        made = make(size)
        article = Article("a", title="Port Ellery builds a wall", **{kind: made})
        times.append(min(seconds(article), seconds(article)))
    exponent = None if times[-1] < _TOO_SHORT_S else round(math.log(times[-1] / max(times[0], 1e-4)) / math.log(4), 2)
    return {"seconds": [round(value, 3) for value in times], "exponent": exponent}


def main() -> None:
    """Print a JSON object: per shape its times and exponent, and the largest exponent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=MAX_HTML_CHARS)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    clean(Article("a", html=f"<p>{_SENTENCE * 20}</p>"))  # loads what is loaded once
    shapes = {}
    for kind, makers in (("text", _TEXTS), ("html", _PAGES)):
        for name, make in makers.items():
            if options.only in name:
                shapes[f"{kind}: {name}"] = growth(make, kind, options.chars)
    exponents = [shape["exponent"] for shape in shapes.values() if isinstance(shape["exponent"], float)]
    worst = max(exponents, default=0.0)
    print(
        orjson.dumps({"chars": options.chars, "shapes": shapes, "largest": worst}, option=orjson.OPT_INDENT_2).decode()
    )
    sys.exit(worst > _MAX_EXPONENT)


if __name__ == "__main__":
    main()

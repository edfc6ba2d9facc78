"""What was cut of a page is shown where it stood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.cleaning.clean import clean
from clusterer.core.cleaning.marked import marked
from clusterer.core.lines.reasons import sentence
from clusterer.core.model import Article, Cut, Document, Passage
from clusterer.samples import sample_rows

PARAGRAPH = (
    "The ferry ran aground in thick fog on Thursday morning with two hundred people aboard, the coastguard said, "
    "and lifeboats brought all of them ashore within two hours."
)


def test_cuts_stand_where_the_page_had_them() -> None:
    article = Article(id="a", title="Ferry aground", text=f"{PARAGRAPH}\nRelated Articles\n{PARAGRAPH} Again.")
    passages = marked(article, clean(article))
    assert [passage.cut is None for passage in passages] == [True, False, True]
    assert passages[1].text == "Related Articles"


def test_every_sample_page_is_shown_whole() -> None:
    for row in sample_rows():
        article = Article(id="a", title=row["title"], text=row.get("text"), html=row.get("html"))
        document = clean(article)
        passages = marked(article, document)
        assert "\n\n".join(passage.text for passage in passages if passage.cut is None) == document.text
        assert {passage.cut for passage in passages if passage.cut} == {sentence(cut) for cut in document.cuts}


def test_a_long_cut_holds_only_its_beginning_and_is_shown_whole() -> None:
    line = "Sign up " * 100
    article = Article(id="a", text=f"{PARAGRAPH}\n{line.strip()}\n{PARAGRAPH}")
    document = Document("", f"{PARAGRAPH}\n\n{PARAGRAPH}", (Cut(line.strip()[:500], "asks the reader"),))
    assert marked(article, document)[1] == Passage(line.strip(), "asks the reader")


def test_a_cut_of_several_lines_and_one_that_is_no_line() -> None:
    article = Article(id="a", text=f"One\nTwo\n{PARAGRAPH}")
    document = Document("", PARAGRAPH, (Cut("<b x>", "a tag"), Cut("One\nTwo", "teasers")))
    assert marked(article, document) == (
        Passage("One", "teasers"),
        Passage("Two", "teasers"),
        Passage(PARAGRAPH),
        Passage("<b x>", "a tag"),
    )


@given(st.text(), st.text(), st.lists(st.tuples(st.text(), st.text(min_size=1))))
def test_whatever_is_stored_nothing_kept_is_lost(page: str, kept: str, cuts: list[tuple[str, str]]) -> None:
    document = Document("", kept, tuple(Cut(text, reason) for text, reason in cuts))
    passages = marked(Article(id="a", text=page), document)
    assert "\n\n".join(passage.text for passage in passages if passage.cut is None) == kept

"""Cleaning: what is the article stays, what is not goes, and each cut says why. All texts are written for these tests."""

from __future__ import annotations

from clusterer.core.clean import clean
from clusterer.core.model import Article

PARAGRAPHS = (
    "The harbour authority of Port Ellery has approved the construction of a second breakwater after three winters of flooding. ",
    "Work is to begin in March and will take about two years, the authority's director, Maren Holt, said on Thursday.",
    "“We have lost eleven boats since 2019, and we were lucky that nobody was aboard any of them,” Ms Holt said.",
    "The project will cost 48 million crowns, of which the state pays two thirds; the town has to borrow the rest.",
    "Fishermen had asked for the wall for a decade.",
    "“Better late than never,” said Jon Aske, who has fished from the harbour for forty years.",
    "A first design was rejected in 2021 because it would have blocked the old channel, which smaller boats still use.",
)
TEASERS = (
    ("Choir of miners sings for the last time as pit", "The last working choir of the northern coalfield gave a final concert before..."),
    ("Rail strike: what passengers need to know about", "Drivers of three railway companies will stop work for two days from..."),
    ("Young chess player beats champion in", "A twelve-year-old from Brenmoor has beaten the national champion in..."),
    ("Scientists count seals from space and find that", "Researchers have used satellite pictures to count grey seals along..."),
)
HEADLINE = "Port Ellery to build second breakwater as storms"


def scraped_page() -> str:
    """A page in the manner of many scrapers: headline, article, an empty source label, a block of teasers."""
    blocks = [HEADLINE, *PARAGRAPHS, "News Source:", "Related Articles\n", *(f"{head}\n\n{text}\n\n" for head, text in TEASERS)]
    return "\n\n".join(blocks)


def test_teasers_and_headers_are_cut_and_the_article_stays() -> None:
    document = clean(Article(id="1", text=scraped_page()))
    assert document.title == HEADLINE
    assert document.text.split("\n\n") == [paragraph.strip() for paragraph in PARAGRAPHS]
    cut = "\n".join(piece.text for piece in document.cuts)
    for head, text in TEASERS:
        assert head in cut and text in cut
    assert "News Source:" in cut and "Related Articles" in cut
    assert all(piece.reason for piece in document.cuts)

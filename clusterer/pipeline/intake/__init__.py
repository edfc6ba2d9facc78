"""The way in: articles are validated, given a number and stored before they are called accepted."""

from __future__ import annotations

from clusterer.pipeline.intake.intake import Intake, IntakePolicy
from clusterer.pipeline.intake.submission import COLLECTION_PATTERN, ArticleIn, Rejected, parse_article

__all__ = ["COLLECTION_PATTERN", "ArticleIn", "Intake", "IntakePolicy", "Rejected", "parse_article"]

"""A clock that tests set, and articles to put into a pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from clusterer.pipeline.intake import ArticleIn

WINDOW = timedelta(days=14)


@dataclass
class SetClock:
    """Stands still until moved."""

    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


FLOOD = (
    "The river Wend rose over its banks at Lowfield on Monday night and flooded some two hundred houses in the old town. "
    "Firefighters brought forty people to safety in boats, among them a family with a newborn child. "
    "Mayor Helen Strand said that the level had stood at seven metres forty, the highest since records began in 1931. "
    "The county has asked the army for help with sandbags, and schools stay closed until Thursday. "
    "Meteorologists expect another thirty millimetres of rain before the weekend."
)
STRIKE = (
    "Train drivers of Vellen Rail will stop work for two days from Wednesday, their union announced in Halvern. "
    "Talks about shift rosters had failed for the third time after eleven hours, said union leader Piet Marrow. "
    "The company called the demands unaffordable and promised an emergency timetable for one train in four. "
    "Commuter groups advised their members to work at home, and bus companies are adding forty coaches. "
    "A mediator has offered to meet both sides on Friday morning."
)


def article(id: str, text: str = FLOOD, **fields: object) -> ArticleIn:
    fields.setdefault("title", text.split(". ")[0][:60])
    return ArticleIn(id=id, text=text, **fields)

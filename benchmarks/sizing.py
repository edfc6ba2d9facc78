"""What a stream of articles needs, from the figures of docs/performance.md. Prints JSON, or the table of docs/scaling.md.

    python -m benchmarks.sizing [--markdown]
    python -m benchmarks.sizing --articles 50000 --window-days 14 --kept-days 30 --partitions 1

Nothing is run: it is arithmetic. Replace the constants by what the benchmarks say on your machine and of your articles.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict, dataclass

PEAK = 3.0  # times the mean rate of a day; an assumption
DAY_S = 86_400

# Measured, on real articles of some 950 words where not said otherwise:
ARTICLE_CPU_S = 0.1  # from accepted to committed, both workers: 20.0 articles a second on two cores
ARTICLE_REDIS_BYTES = 14_100  # body and everything else
REGISTER_REDIS_CPU_S = 0.0043  # of the Redis process, the dearest call
ARRIVAL_CPU_S = 0.0122  # made-up articles, 100,000 in reach
BUILD_S = 31.0  # of that window from stored neighbours: .21 ms an article in the window (a million), .1 ms reading it (20,000)
WRITER_BASE_BYTES = 126_000_000  # a writer without a window (91 MB), and a small window
WRITER_ARTICLE_BYTES = 2_850  # a million in reach; 3,600 with 100,000
NIGHT_CPU_S = 0.002  # an article in reach: .0013 and .0017 with 10,000 and 30,000, at most .0027 with 100,000
MEASURED_IN_REACH = 100_000
LARGEST_MEASURED = 1_000_000
GROWTH_TENFOLD = 1.7  # of an arrival, from 100,000 to a million in reach; from 10,000 to 100,000 it was 1.45


@dataclass(frozen=True, slots=True)
class Stream:
    """What comes in, and how long it counts: `window_days` articles meet new ones, `kept_days` they are stored."""

    articles_a_day: int
    window_days: int
    kept_days: int
    partitions: int = 1


@dataclass(frozen=True, slots=True)
class Needs:
    """For a day whose busiest hour has PEAK times the mean rate. Bytes and seconds of a partition are of one of them."""

    articles_a_second: float
    in_reach: int
    cores: float
    writer_load: float
    writer_bytes: int
    take_over_s: float
    redis_bytes: int
    redis_load: float
    night_cpu_s: float
    extrapolated: bool


def needs(stream: Stream) -> Needs:
    """As if no article were a copy: a copy is neither embedded nor kept in the window, and takes 5.0 kB of Redis."""
    rate = stream.articles_a_day / DAY_S
    in_reach = stream.articles_a_day * stream.window_days // stream.partitions
    decades = math.log10(in_reach / MEASURED_IN_REACH)
    arrival_s = ARRIVAL_CPU_S * GROWTH_TENFOLD ** max(decades, -1.0)
    return Needs(
        articles_a_second=rate,
        in_reach=in_reach,
        cores=PEAK * rate * ARTICLE_CPU_S,
        writer_load=PEAK * rate / stream.partitions * arrival_s,
        writer_bytes=WRITER_BASE_BYTES + WRITER_ARTICLE_BYTES * in_reach,
        take_over_s=BUILD_S * in_reach / MEASURED_IN_REACH,
        redis_bytes=ARTICLE_REDIS_BYTES * stream.articles_a_day * stream.kept_days,
        redis_load=PEAK * rate * REGISTER_REDIS_CPU_S,
        night_cpu_s=NIGHT_CPU_S * in_reach,
        extrapolated=in_reach > LARGEST_MEASURED,
    )


EXAMPLES = (
    Stream(10_000, 14, 30),
    Stream(100_000, 14, 30),
    Stream(100_000, 7, 14, partitions=4),
    Stream(1_000_000, 3, 7, partitions=16),
    Stream(10_000_000, 3, 3, partitions=160),
)


def table(streams: tuple[Stream, ...]) -> str:
    """Markdown: a row for each stream."""
    names = (
        "articles a day",
        "window, kept",
        "partitions",
        "in reach of each",
        "cores at the peak",
        "of them a writer",
        "memory of a writer",
        "its window built in",
        "a night of one, CPU",
        "memory of Redis",
        "core of Redis",
    )
    lines = [names, ["---"] * len(names), *(_row(stream, needs(stream)) for stream in streams)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(stream: Stream, need: Needs) -> list[str]:
    return [
        f"{stream.articles_a_day:,}",
        f"{stream.window_days} d, {stream.kept_days} d",
        str(stream.partitions),
        f"{need.in_reach:,}",
        _figure(need.cores),
        _figure(need.writer_load),
        f"{_figure(need.writer_bytes / 1e9)} GB",
        f"{_figure(need.take_over_s / 60)} min",
        f"{_figure(need.night_cpu_s / 60)} min",
        f"{_figure(need.redis_bytes / 1e9)} GB",
        _figure(need.redis_load),
    ]


def _figure(value: float) -> str:
    """Two digits that mean something."""
    places = max(0, 1 - math.floor(math.log10(value)))
    return (
        f"{round(value, places):.{places}f}".removeprefix("0") if value < 1 else f"{float(f'{value:.2g}'):,.{places}f}"
    )


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--articles", type=int, help="a day; without it, the examples of docs/scaling.md")
    parser.add_argument("--window-days", type=int, default=14)
    parser.add_argument("--kept-days", type=int, default=30)
    parser.add_argument("--partitions", type=int, default=1)
    wanted = parser.parse_args()
    own = Stream(wanted.articles or 0, wanted.window_days, wanted.kept_days, wanted.partitions)
    streams = (own,) if wanted.articles else EXAMPLES
    if wanted.markdown:
        print(table(streams))
    else:
        print(json.dumps([asdict(stream) | asdict(needs(stream)) for stream in streams], indent=2))


if __name__ == "__main__":
    main()

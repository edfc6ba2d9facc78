"""What the fields of stored hashes and streams say, as values of the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from clusterer.adapters.redis_store.keys import from_ms
from clusterer.adapters.redis_store.packing import relations as decode_relations
from clusterer.adapters.redis_store.packing import text
from clusterer.core.cluster_records import Change, ClusterRecord
from clusterer.core.records import PreparedFacts

FACTS = (
    "id", "source", "url", "lang", "title", "published", "received", "state", "relations", "movable", "rev", "why",
    "change",
)  # fmt: skip


def facts_of(seq: int, row: Sequence[Any], cluster: bytes | None) -> PreparedFacts | None:
    """An article by the fields FACTS; None where it is lost."""
    article_id, source, url, lang, title, published, received, state, relations, movable, rev, why, change = row
    if state is None or received is None:  # damaged from outside: counts as lost, so that the audit names it
        return None
    return PreparedFacts(
        seq=seq,
        article_id=text(article_id) or "",
        source=text(source),
        url=text(url),
        lang=text(lang),
        title=text(title) or "",
        published_at=None if published is None else from_ms(published),
        received_at=from_ms(received),
        state=state.decode(),
        relations=decode_relations(relations),
        cluster=text(cluster),
        movable=movable is None or movable == b"1",
        revision=number_of(rev) or 1,
        reason=text(why),
        change=number_of(change),
    )


def number_of(value: bytes | None) -> int:
    """0 for what is not there or was damaged from outside."""
    return int(value) if value and value.isdigit() else 0


def cluster_of(
    cluster_id: str, generation: int, counters: Mapping[bytes, bytes], aliases: Iterable[bytes], pinned: bool
) -> ClusterRecord:
    """A cluster by its counters (lua/clusters.lua)."""

    tagged: dict[bytes, dict[str, int]] = {b"s:": {}, b"l:": {}}
    for name, value in counters.items():
        if name[:2] in tagged:
            tagged[name[:2]][name[2:].decode()] = int(value)

    def moment(name: bytes) -> datetime:
        stored = counters.get(name, b"0")
        return from_ms(stored if stored.lstrip(b"-").isdigit() else 0)

    # A counter that somebody deleted or damaged must not keep the audit from naming it.

    return ClusterRecord(
        id=cluster_id,
        generation=generation,
        article_count=int(counters.get(b"n", 0)),
        sources=tagged[b"s:"],
        languages=tagged[b"l:"],
        origin_count=int(counters.get(b"origins", 0)),
        first_seen=moment(b"first"),
        last_seen=moment(b"last"),
        last_added_at=moment(b"added"),
        revision=int(counters.get(b"rev", 0)),
        status="retired" if counters.get(b"status") == b"retired" else "active",
        split_from=text(counters.get(b"split_from")),
        aliases=tuple(sorted(alias.decode() for alias in aliases)),
        pinned=pinned,
    )


def change_of(entry: bytes, fields: Mapping[bytes, bytes]) -> Change:
    """A change by its entry in the log."""
    kind: Any = fields[b"k"].decode()
    return Change(
        number=int(entry.split(b"-")[0]),
        at=from_ms(fields[b"t"]),
        kind=kind,
        cluster=fields[b"c"].decode(),
        seqs=tuple(int(seq) for seq in fields[b"s"].split(b",") if seq),
        other=fields[b"o"].decode() or None,
        generation=int(fields[b"g"]),
        actor=fields[b"a"].decode() or None,
        reason=fields[b"r"].decode() or None,
    )

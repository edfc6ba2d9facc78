"""Articles go: by a person's wish (erasure) or by age (retention)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Literal

from clusterer.adapters.memory_store.assigning import Assigning
from clusterer.adapters.memory_store.state import Row, digest, locked


class Erasing(Assigning):
    """See CollectionStore for what each method promises."""

    @locked
    def erase(self, seq: int, at: datetime) -> bool:
        row = self._rows.get(seq)
        if row is None or row.state == "erased":
            return False
        self._remove([row], "erased", at)
        return True

    @locked
    def expire(self, before: datetime, limit: int, at: datetime) -> int:
        finished = [row for row in self._rows.values() if row.state in ("assigned", "dead")]
        old = [row for row in finished if row.facts.received_at < before]
        old.sort(key=lambda row: (row.facts.received_at, row.facts.seq))
        self._remove(old[:limit], "expired", at)
        return len(old[:limit])

    def _remove(self, rows: Sequence[Row], verdict: Literal["erased", "expired"], at: datetime) -> None:
        for row in rows:
            seq = row.facts.seq
            self._forget(row)
            row.state = verdict
            self._rows[seq] = row.tombstone()
            for copy in sorted(self._parked.pop(seq, ())):
                self._prepare_again(self._rows[copy])
            if verdict == "erased":
                self._log(at, "erased", self._clustering.cluster_of.get(seq, ""), (seq,))
        seqs = [row.facts.seq for row in rows]
        for clustering in self._generations.values():
            emptied = clustering.remove(seqs)
            if clustering is self._clustering:
                for cluster in emptied:
                    self._log(at, "retired", cluster, ())

    def _forget(self, row: Row) -> None:
        """Take an article out of every list but its clusters'."""
        facts = row.facts
        self._dequeue(row)
        self._unfollow(row)
        for waiting in self._parked.values():
            waiting.discard(facts.seq)
        self._posting.forget(facts.seq)
        self._unembedded.discard(facts.seq)
        self._by_content.pop((digest(facts.article_id), row.content_hash), None)
        if facts.url is not None and facts.seq in self._by_url[facts.url]:
            self._by_url[facts.url].remove(facts.seq)
            if not self._by_url[facts.url]:
                del self._by_url[facts.url]

    @locked
    def trim_changes(self, before: datetime, limit: int) -> int:
        oldest = takewhile(lambda change: change.at < before, self._changes[:limit])
        gone = sum(1 for _ in oldest)
        del self._changes[:gone]
        self._trimmed += gone
        return gone

    @locked
    def erased_traces(self, seq: int, article_id: str, words: Sequence[str]) -> list[str]:
        needles = [needle.casefold() for needle in (article_id, *words) if needle]
        found = {name for name, text in self._texts() if any(needle in text.casefold() for needle in needles)}
        return sorted(found | set(self._lists_with(seq)))

    def _texts(self) -> Iterator[tuple[str, str]]:
        for seq, row in self._rows.items():
            for data in (row.article, row.document, row.relations, row.reasons, row.sparse):
                yield f"article:{seq}", (data or b"").decode("utf-8", "replace")
            yield f"article:{seq}", f"{replace(row.facts, relations=())} {row.reason}"
        yield from (("rejected", payload) for payload, _, _ in self._rejected)
        yield from (("boilerplate", profile.decode("utf-8", "replace")) for profile in self._profiles.values())
        yield from (("urls", url) for url in self._by_url)
        yield from (("changes", change.reason or "") for change in self._changes)
        yield from (("runs", run.decode("utf-8", "replace")) for run in self._runs)

    def _lists_with(self, seq: int) -> Iterable[str]:
        row = self._rows.get(seq)
        if row is not None and row != row.tombstone():
            yield f"article:{seq}"
        yield from (queue for queue, stream in self._streams.items() if stream.holds(seq))
        yield from (f"generation:{n}" for n, clustering in self._generations.items() if seq in clustering.cluster_of)
        if seq in self._posting:
            yield "posting"
        listed = {
            "copies": self._followers.values(),
            "parked": self._parked.values(),
            "urls": self._by_url.values(),
        }
        yield from (name for name, lists in listed.items() if any(seq in members for members in lists))

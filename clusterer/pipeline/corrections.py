"""Corrections by people: done at once, kept as constraints, and obeyed by online assignment and every later night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from clusterer.core.cluster_records import Change, Correction, Regroup
from clusterer.core.corrections import conflicts
from clusterer.core.errors import Conflict, NotFound, RevisionMismatch
from clusterer.pipeline.constraints import held_up, is_pending, pinned_clusters
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.feed import followers_of, members_of, oldest_change
from clusterer.ports import Clock, CollectionStore

_STORED_TO = timedelta(milliseconds=1)  # how exact the feed keeps times
_AROUND = 50
_TOLD = 2  # articles of a link that are named


@dataclass(frozen=True, slots=True)
class By:
    """Who corrects, and why. Both are kept in the change feed."""

    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction in force. `article_ids` are of links, without articles that were erased since; `cluster_id` is of a pin.

    pending: the clusters are not yet as a link says; the next nightly run changes that. A pin holds at once.
    """

    key: str
    kind: Literal["must_link", "cannot_link", "pin"]
    cluster_id: str | None
    article_ids: tuple[str, ...]
    actor: str
    reason: str
    at: datetime
    pending: bool = False


class Corrector:
    """Applies one collection's corrections. `if_revision` is the cluster revision that the person looked at; None: any.

    Raises NotFound, Conflict (it contradicts an earlier correction), RevisionMismatch.
    """

    def __init__(self, books: CollectionStore, clock: Clock) -> None:
        self._books = books
        self._clock = clock

    def merge(self, cluster_id: str, into: str, by: By, if_revision: int | None = None) -> str:
        """All of a cluster's articles belong to another cluster; the id that lives on. Two that were merged before stay as they are."""
        if cluster_id == into:
            raise Conflict(f"cluster {into} cannot be merged into itself")
        source, target = self._living(cluster_id), self._living(into)
        if source == target:
            return target
        together = self._link("must_link", [*self._all(source), *self._all(target)], by, self._clock.now())
        self._regroup(Regroup("merged", source, target, (), by.actor, by.reason, if_revision), [together])
        return target

    def split(
        self, cluster_id: str, article_ids: Sequence[str], new_cluster_id: str, by: By, if_revision: int | None = None
    ) -> str:
        """These articles are another event than the rest of their cluster; the new cluster's id.

        Both sides are tied together as they are now, so that no night draws one of them back.
        """
        source = self._living(cluster_id)
        leaving = self._members_of(source, article_ids)
        staying = [seq for seq in self._all(source) if seq not in set(leaving)]
        if not staying:
            raise Conflict("a split must leave at least one article behind")
        at = self._clock.now()
        links = [self._link("must_link", part, by, at) for part in (leaving, staying) if len(part) > 1]
        links.append(self._link("cannot_link", [leaving[0], staying[0]], by, at))
        step = Regroup("split", source, new_cluster_id, tuple(leaving), by.actor, by.reason, if_revision)
        self._regroup(step, links)
        return new_cluster_id

    def move(self, article_id: str, into: str, by: By, if_revision: int | None = None) -> str:
        """An article, with its copies, belongs to another cluster, all of which it is tied to.

        Tied to one article only, the two would leave together as soon as their mean likeness to the rest is low.
        """
        target = self._living(into)
        seq = self._seq(article_id)
        source = self._cluster_of(seq)
        if source == target:
            return target
        leaving = self._members_of(source, [article_id])
        staying = [one for one in self._all(source) if one not in set(leaving)]
        at = self._clock.now()
        links = [self._link("must_link", [seq, *self._all(target)], by, at)]
        links += [self._link("cannot_link", [seq, staying[0]], by, at)] if staying else []
        self._regroup(Regroup("moved", source, target, tuple(leaving), by.actor, by.reason, if_revision), links)
        return target

    def link(self, kind: Literal["must_link", "cannot_link"], article_id: str, other_id: str, by: By) -> Correction:
        """Two articles must (`must_link`) or must not (`cannot_link`) share a cluster, from the next decision on.

        Where they are otherwise now, that is the next nightly run, see `CorrectionView.pending`: `split` and `merge` act at once. It is
        refused where a pin keeps the night from it.
        """
        correction = self._link(kind, [self._seq(article_id), self._seq(other_id)], by, self._clock.now())
        self._check([correction])
        pins = [one for one in self._books.corrections() if one.kind == "pin"]
        self._refuse([pin for pin in pins if held_up(self._books, [correction], pinned_clusters(self._books, [pin]))])
        self._books.constrain(correction)
        return correction

    def pin(self, cluster_id: str, by: By, if_revision: int | None = None) -> Correction:
        """The cluster keeps its articles, whatever a reclustering would make of them."""
        living = self._living(cluster_id)
        record = self._books.cluster(living)
        if if_revision is not None and (record is None or record.revision != if_revision):
            raise RevisionMismatch(f"cluster {living} has changed: read it again")
        self._refuse(held_up(self._books, self._books.corrections(), {living}))
        correction = Correction("pin", (), living, by.actor, by.reason, self._clock.now())
        self._books.constrain(correction)
        return correction

    def withdraw(self, key: str, by: By) -> None:
        """Withdraw a correction; what it changed stays until later decisions."""
        if not self._books.unconstrain(key, by.actor, by.reason, self._clock.now()):
            raise NotFound(f"no correction {key!r}")

    def acts(self, limit: int) -> tuple[Change, ...]:
        """The latest merges, splits and moves by people whose links are in force, latest first."""
        made = {(one.at, one.actor, one.reason) for one in self._books.corrections() if one.kind != "pin"}
        acts = (self._act_of(*one) for one in sorted(made, reverse=True)[: 2 * limit])
        return tuple(one for one in acts if one is not None)[:limit]

    def _act_of(self, at: datetime, actor: str, reason: str) -> Change | None:
        """The regrouping that left a link, found by bisection: the feed is in order of time, but for clocks that differ a little."""
        low, high = oldest_change(self._books), self._books.position().change
        while low < high:
            middle = (low + high) // 2
            change = next(iter(self._books.changes(middle - 1, 1)), None)
            if change is not None and change.at < at - _STORED_TO:
                low = middle + 1
            else:
                high = middle
        around = self._books.changes(max(low - _AROUND, oldest_change(self._books)) - 1, 2 * _AROUND)
        same = (one for one in around if (one.actor, one.reason) == (actor, reason) and abs(one.at - at) < _STORED_TO)
        return next((one for one in same if one.source and one.target), None)

    def undo(self, number: int, new_cluster_id: str, by: By) -> str:
        """Take back what a person's merge, split or move did, and the links that it left; the cluster where its articles are now.

        Articles that went elsewhere since stay there. A cluster that it left empty lives again under its id; `new_cluster_id` is for where
        that cannot be. Raises NotFound for what is no such act, Conflict when none of its articles is where it put them.
        """
        after = [one for one in self._books.changes(number - 1, 2) if one.number >= number]
        act = after[0] if after and after[0].number == number else None
        if act is None or act.actor is None or act.source is None or act.target is None:
            raise NotFound(f"change {number} is not a merge, split or move by a person")
        emptied = act.kind == "merged" or any((one.kind, one.cluster) == ("retired", act.source) for one in after)
        here, home = self._living(act.target), self._books.resolve(act.source)
        facts = self._books.facts(act.seqs)
        seqs = tuple(one.seq for one in facts if one is not None and one.cluster == here)
        if not seqs or (here == home and not emptied):
            raise Conflict("its articles have been moved since: nothing can be undone")
        at = self._clock.now()
        concerned = {*act.seqs, *self._all(here), *(self._all(home) if home else ())}
        for link in self._books.corrections():
            if _made_by(link, act) and not concerned.isdisjoint(link.seqs):
                self._books.unconstrain(link.key, by.actor, by.reason, at)
        back = act.source if here == home != act.source else home if here != home else None
        way = self._way_back(here, home, back or new_cluster_id, seqs, by)
        self._apply(way, at)
        return way.target

    def _way_back(self, here: str, home: str | None, back: str, seqs: tuple[int, ...], by: By) -> Regroup:
        """home: what the cluster they came from stands for now. back: where they go."""
        if home in (None, here):
            return Regroup("split", here, back, seqs, by.actor, by.reason)
        if len(self._all(here)) == len(seqs):
            return Regroup("merged", here, back, (), by.actor, by.reason)
        return Regroup("moved", here, back, seqs, by.actor, by.reason)

    def left_by(self, act: Change) -> tuple[CorrectionView, ...]:
        """The links that a merge, split or move left so that its articles stay where it put them, and that hold."""
        concerned = {*act.seqs, *self._all(self._living(act.target or ""))}
        return self._views(
            [one for one in self._books.corrections() if _made_by(one, act) and not concerned.isdisjoint(one.seqs)]
        )

    def in_force(self) -> tuple[CorrectionView, ...]:
        """All corrections that hold, oldest first."""
        return self._views(self._books.corrections())

    def view(self, correction: Correction) -> CorrectionView:
        """A correction with the names of its articles."""
        return self._views([correction])[0]

    def _views(self, corrections: Sequence[Correction]) -> tuple[CorrectionView, ...]:
        seqs = sorted({seq for one in corrections for seq in one.seqs})
        known = {facts.seq: facts for facts in self._books.facts(seqs) if facts and facts.article_id}
        return tuple(
            CorrectionView(
                key=one.key,
                kind=one.kind,
                cluster_id=one.cluster,
                article_ids=tuple(known[seq].article_id for seq in one.seqs if seq in known),
                actor=one.actor,
                reason=one.reason,
                at=one.at,
                pending=is_pending(one, [known[seq].cluster for seq in one.seqs if seq in known]),
            )
            for one in corrections
        )

    def _regroup(self, step: Regroup, links: Sequence[Correction]) -> None:
        """In one step, so that no death leaves a change that no later decision is bound by."""
        self._check(links)
        reached("correcting")
        self._apply(step, links[0].at if links else self._clock.now(), links)
        reached("corrected")

    def _apply(self, step: Regroup, at: datetime, links: Sequence[Correction] = ()) -> None:
        """What one decision does has one time, by which `undo` knows what belongs together."""
        if not self._books.regroup(None, self._books.position().generation, [step], at, links):
            raise RevisionMismatch(f"cluster {step.source} has changed: read it again")

    def _check(self, new: Sequence[Correction]) -> None:
        keys = {one.key for one in new}
        kept = [one for one in self._books.corrections() if one.key not in keys]
        for cannot, must in conflicts([*kept, *new]):
            self._refuse([one for one in (cannot, *must) if one.key not in keys])

    def _refuse(self, earlier: Sequence[Correction]) -> None:
        """Raises Conflict for what earlier corrections stand against, if there are any."""
        if earlier:
            told = ", ".join(map(self._told, earlier))
            raise Conflict(f"contradicts earlier corrections: {told}. Withdraw them first")

    def _told(self, one: Correction) -> str:
        """A correction by its key, for programs, and in words."""
        if one.kind == "pin":
            return f"{one.key} (cluster {one.cluster} is kept as it is, by {one.actor}: {one.reason})"
        facts = self._books.facts(one.seqs[:_TOLD])
        named = [f"“{known.title or known.article_id}”" for known in facts if known is not None]
        more = f" and {len(one.seqs) - _TOLD} more" if len(one.seqs) > _TOLD else ""
        together = "always" if one.kind == "must_link" else "never"
        return f"{one.key} ({' and '.join(named)}{more} {together} together, by {one.actor}: {one.reason})"

    def _link(self, kind: Literal["must_link", "cannot_link"], seqs: Iterable[int], by: By, at: datetime) -> Correction:
        named = tuple(sorted(set(seqs)))
        if len(named) < 2:
            raise Conflict("an article cannot be linked with itself")
        return Correction(kind, named, None, by.actor, by.reason, at)

    def _living(self, cluster_id: str) -> str:
        living = self._books.resolve(cluster_id)
        if living is None:
            raise NotFound(f"no cluster {cluster_id!r}")
        return living

    def _seq(self, article_id: str) -> int:
        seqs = self._books.revisions(article_id)
        if not seqs:
            raise NotFound(f"no article {article_id!r}")
        return seqs[-1]

    def _cluster_of(self, seq: int) -> str:
        facts = self._books.facts([seq])[0]
        if facts is None or facts.cluster is None:
            raise Conflict("the article is not in a cluster yet")
        return facts.cluster

    def _all(self, cluster_id: str) -> list[int]:
        return members_of(self._books, cluster_id)

    def _members_of(self, cluster_id: str, article_ids: Sequence[str]) -> list[int]:
        """The named articles' seqs, with their copies in the same cluster. Raises Conflict when one is elsewhere."""
        seqs: set[int] = set()
        for article_id in article_ids:
            seq = self._seq(article_id)
            if self._cluster_of(seq) != cluster_id:
                raise Conflict(f"article {article_id!r} is not in cluster {cluster_id}")
            seqs |= {seq} | followers_of(self._books, [seq], cluster_id)
        if not seqs:
            raise Conflict("no articles named")
        self._check_originals(seqs, cluster_id)
        return sorted(seqs)

    def _check_originals(self, leaving: set[int], cluster_id: str) -> None:
        """A copy follows its original, tonight at the latest: so it cannot leave alone. Raises Conflict."""
        copies = [(fact, fact.copy_of) for fact in self._books.facts(sorted(leaving)) if fact]
        originals = self._books.facts([seq for _, seq in copies if seq is not None and seq not in leaving])
        staying = {fact.seq: fact.article_id for fact in originals if fact and fact.cluster == cluster_id}
        for copy, seq in copies:
            if seq in staying:
                raise Conflict(
                    f"article {copy.article_id!r} is a copy of {staying[seq]!r}: name the original, its copies follow"
                )


def _made_by(link: Correction, act: Change) -> bool:
    """Whether a link is what an act left; stored times are of whole milliseconds."""
    same_time = abs(link.at - act.at) < _STORED_TO
    return same_time and (link.actor, link.reason) == (act.actor, act.reason)

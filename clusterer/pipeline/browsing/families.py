"""A cluster's articles with copies, excerpts and versions folded under what they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from clusterer.pipeline.lookup.views import MemberView, RelationView


@dataclass(frozen=True, slots=True)
class Follower:
    """An article folded under another. `of` is the one it is related to, which need not be the head of the family.

    later: how long after the other it was published, or received where that of one of them is unknown; negative if before. by_day: in
    whole days, since of one of them the day alone is known.
    """

    member: MemberView
    relation: RelationView
    of: MemberView
    later: timedelta
    by_day: bool = False

    @property
    def other_headline(self) -> bool:
        """Whether it bears a headline, and another one than the article it is related to."""
        return bool(self.member.title) and _plain(self.member.title) != _plain(self.of.title)


@dataclass(frozen=True, slots=True)
class Family:
    """An article and what is folded under it, in order of reception. A head may be related to an article that is not here."""

    head: MemberView
    followers: tuple[Follower, ...] = ()


def families(members: Sequence[MemberView]) -> tuple[Family, ...]:
    """Members of a cluster, in order of reception, as families in the order of their heads."""
    earlier: dict[str, MemberView] = {}  # by id, the latest revision so far
    parents: dict[tuple[str, int], MemberView] = {}
    for member in members:
        if member.relation is not None and member.relation.article_id in earlier:
            parents[_key(member)] = earlier[member.relation.article_id]
        earlier[member.article_id] = member
    followers: dict[tuple[str, int], list[Follower]] = {}
    for member in members:
        parent = parents.get(_key(member))
        if parent is None:
            followers.setdefault(_key(member), [])
        elif member.relation is not None:
            of = earlier.get(member.relation.closest_id or "", parent)
            followers[_head(member, parents)].append(Follower(member, member.relation, of, *_later(member, of)))
    return tuple(Family(one, tuple(followers[_key(one)])) for one in members if _key(one) in followers)


def _later(member: MemberView, parent: MemberView) -> tuple[timedelta, bool]:
    if not member.published_at or not parent.published_at:
        return member.received_at - parent.received_at, False
    times = [one.astimezone(UTC) for one in (member.published_at, parent.published_at)]
    if any(map(is_day, times)):
        return times[0].date() - times[1].date(), True
    return times[0] - times[1], False


def is_day(moment: datetime) -> bool:
    """Whether a time is midnight UTC, which is how dates without a time are kept."""
    return moment.astimezone(UTC).time() == time()


def _head(member: MemberView, parents: Mapping[tuple[str, int], MemberView]) -> tuple[str, int]:
    key = _key(member)
    while key in parents:  # a parent is always earlier, so this ends
        key = _key(parents[key])
    return key


def _key(member: MemberView) -> tuple[str, int]:
    return member.article_id, member.revision


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())

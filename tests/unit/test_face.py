"""The face of a cluster, from facts and vectors given by hand."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterer.core.evidence.evidence import Evidence, Sparse, extract
from clusterer.core.faces.face import FacePolicy, build_face, velocity
from clusterer.core.model import Document
from clusterer.pipeline.lookup.portraits import opening

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = FacePolicy()


def member(
    seq: int, direction: Sequence[float] | None, title: str = "", text: str = "", movable: bool = True
) -> Evidence:
    lead = np.asarray(direction or (), np.float32)
    return Evidence(
        seq=seq,
        lead=lead / (np.linalg.norm(lead) or 1),
        sparse=extract(Document(title, text, lang="en")) if text or title else Sparse(),
        published_at=None,
        received_at=NOON,
        lang="en",
        movable=movable,
        heading=title,
        article_id=f"a{seq}",
    )


def test_no_members_no_face() -> None:
    face = build_face([], POLICY)
    assert (face.title, face.representative, face.medoid_id, face.keywords, face.names) == (None, None, None, (), ())
    assert (face.coherence.mean, face.coherence.min) == (None, None)


def test_the_only_member_gives_the_title() -> None:
    face = build_face([member(1, None, "A copy's title")], POLICY)
    assert face.title == "A copy's title"
    assert face.representative is not None
    assert (face.representative.article_id, face.representative.reason) == ("a1", "only_member")


def test_copies_alone_say_what_their_texts_say() -> None:
    text = "The dam above Brookfield burst at dawn. Rescue boats reached Brookfield while the dam was still leaking."
    documents = {seq: Document("Dam burst", text, lang="en") for seq in (1, 2, 3)}
    stored = [member(seq, (1, 0), "Dam burst", text) for seq in documents]
    bare = [member(seq, None, "Dam burst", "") for seq in range(1, 6)]
    bare = [replace(one, sparse=Sparse()) for one in bare]
    assert build_face(bare, POLICY).keywords == ()
    copies, originals = build_face(bare, POLICY, documents), build_face(stored, POLICY, documents)
    assert copies.keywords and (copies.keywords, copies.names) == (originals.keywords, originals.names)


def test_the_title_is_that_of_the_titled_member_nearest_the_centre() -> None:
    members = [
        member(1, (1, 1), "Left"),
        member(2, (1, 0.2), ""),
        member(3, (1, 0.1), "Middle"),
        member(4, (1, -1), "Right"),
        member(5, None, "Copy"),
    ]
    face = build_face(members, POLICY)
    assert face.title == "Middle"
    assert face.representative is not None
    assert face.representative.reason == "closest_to_centre"
    assert face.medoid_id == "a3"
    untitled = build_face([members[1], members[3]], POLICY)
    assert untitled.title == "Right"


def test_the_medoid_may_have_no_title_and_then_the_next_gives_it() -> None:
    face = build_face([member(1, (1, 1), "Off"), member(2, (1, 0), ""), member(3, (1, -0.9), "Nearer")], POLICY)
    assert (face.medoid_id, face.title) == ("a2", "Nearer")


def test_without_vectors_the_earliest_title_counts() -> None:
    face = build_face([member(1, None, ""), member(2, None, "Second"), member(3, None, "Third")], POLICY)
    assert face.title == "Second"
    assert face.representative is not None
    assert face.representative.reason == "earliest_member"
    assert face.medoid_id is None


def test_a_page_that_must_not_move_the_centre_does_not_represent_it() -> None:
    digest = member(1, (1, 0), "All the day's news", movable=False)
    face = build_face([digest, member(2, (0.2, 1), "One"), member(3, (0.4, 1), "Other")], POLICY)
    assert face.medoid_id in ("a2", "a3")


def test_coherence_is_over_all_pairs_with_a_vector() -> None:
    face = build_face([member(1, (1, 0)), member(2, (0, 1)), member(3, (1, 1)), member(4, None)], POLICY)
    assert face.coherence.min == pytest.approx(0.0, abs=1e-4)
    assert face.coherence.mean == pytest.approx(2 * 0.7071 / 3, abs=1e-3)


FLOOD = (
    "The river Wend flooded Lowfield on Monday, and Helen Strand asked the army for sandbags. {} The river fell later."
)


def test_keywords_and_names_are_what_members_share() -> None:
    extras = ("A zeppelin passed.", "Somebody sang madrigals.", "The abacus was lost.")
    members = [member(n, (1, 0), "Flood in Lowfield", FLOOD.format(extra)) for n, extra in enumerate(extras)]
    face = build_face(members, POLICY)
    assert {"river", "flood", "sandbags"} <= set(face.keywords)
    assert {"Lowfield", "Helen Strand"} <= set(face.names)
    assert "Helen" not in face.names  # the full name says it
    assert not {"zeppelin", "madrigals", "abacus", "the", "and", "on"} & set(face.keywords)
    short = build_face(members, FacePolicy(keywords=2, names=1))
    assert (short.keywords, short.names) == (face.keywords[:2], face.names[:1])


def test_velocity_counts_the_last_hour_and_day() -> None:
    received = [NOON - timedelta(minutes=minutes) for minutes in (0, 59, 60, 61, 60 * 24 - 1, 60 * 24)]
    assert velocity(received, NOON) == {"1h": 2, "24h": 5}
    assert velocity([NOON + timedelta(hours=1)], NOON) == {"1h": 0, "24h": 0}


@given(st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.1, 1), st.booleans()), min_size=1, max_size=12), st.randoms())
def test_any_members_give_a_face_that_is_theirs(drawn: list[tuple[float, float, bool]], random: object) -> None:
    members = [member(n, (x, y), f"Title {n}" if titled else "") for n, (x, y, titled) in enumerate(drawn)]
    face = build_face(members, POLICY)
    ids = {item.article_id for item in members}
    assert face.medoid_id in ids
    assert face.representative is not None
    assert face.representative.article_id in ids
    if face.coherence.mean is not None and face.coherence.min is not None:
        assert -1.001 <= face.coherence.min <= face.coherence.mean <= 1.001
    random.shuffle(members)  # type: ignore[attr-defined]
    again = build_face(members, POLICY)
    assert again.coherence.min == pytest.approx(face.coherence.min, abs=2e-4)
    assert again.keywords == face.keywords


# Titles, text, names that are shown and names that are not: acronyms, capitals inside, calendar words, offices before names.
SPELLED = [
    (("NATO and Ivo Kestrel meet", "Kestrel visits NATO"), "The talks at NATO went on, and Ivo Kestrel said that NATO would wait.", {"NATO", "Ivo Kestrel"}, {"Nato"}),
    (("Senate waits for McConnell", "McConnell speaks"), "In the hall Leader Mitch McConnell spoke, and Leader Mitch McConnell left again.", {"Mitch McConnell"}, {"Leader Mitch", "Mcconnell"}),
    (("Vote put off", "Vote is late"), "The chair, Nora McTavish, put off the vote, and then Nora McTavish went home.", {"Nora McTavish"}, {"Nora Mctavish"}),
    (("Ferry sinks off Tollan", "Tollan mourns"), "The ferry sank off Tollan on Wednesday and divers reached Tollan on Thursday in March.", {"Tollan"}, {"Wednesday", "Thursday", "March"}),
    (("Storm over Tollan", "Tollan after the storm"), "It was the Monday Tollan had feared, she said, a Monday Tollan will not forget.", {"Tollan"}, {"Monday Tollan"}),
    (("FIRE IN TOLLAN", "Fire in Tollan"), "The fire in Tollan was seen from afar, and in Tollan sirens rang.", {"Tollan"}, {"TOLLAN"}),
    (("Zug entgleist bei Brenzfeld", "Brenzfeld: Zug entgleist"), "Der Zug entgleiste am Mittwoch bei Brenzfeld, und in Brenzfeld halfen viele.", {"Brenzfeld"}, {"Mittwoch"}),
]  # fmt: skip


@pytest.mark.parametrize(("titles", "text", "shown", "hidden"), SPELLED)
def test_names_as_an_editor_would_write_them(
    titles: tuple[str, str], text: str, shown: set[str], hidden: set[str]
) -> None:
    face = build_face([member(seq, (1, seq / 10), title, text) for seq, title in enumerate(titles)], POLICY)
    assert shown <= set(face.names)
    assert hidden.isdisjoint({*face.names, *(word.title() for word in face.keywords)})


# Of three articles about as near as each other, the title that says what they share is shown.
TITLES = [
    ("Ferry sinks off Tollan, divers search the reef", ["Deep trouble", "An unhappy anniversary"], "The ferry sank off Tollan. Divers search the reef off Tollan for the ferry."),
    ("Fähre sinkt vor Tollan, Taucher suchen am Riff", ["Tief unten", "Ein schwerer Tag"], "Die Fähre sank vor Tollan. Taucher suchen das Riff vor Tollan nach der Fähre ab."),
    ("Se hunde un transbordador en Tollan", ["Aguas profundas", "Un día triste"], "El transbordador se hunde en Tollan. En Tollan buzos buscan el transbordador."),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "others", "text"), TITLES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_title_that_says_what_members_share_is_shown_before_a_pun(
    plain: str, others: list[str], text: str, place: int
) -> None:
    titles = [*others[:place], plain, *others[place:]]
    members = [member(n, (1, n / 20), title, text) for n, title in enumerate(titles)]
    face = build_face(members, POLICY)
    assert face.title == plain
    assert face.representative is not None
    assert face.representative.reason in ("says_most", "closest_to_centre")


def test_a_title_far_from_the_centre_is_not_shown_whatever_it_says() -> None:
    plain, others, text = TITLES[0]
    members = [member(n, (1, n / 20), title, text) for n, title in enumerate([*others, "Slow days"])]
    face = build_face([*members, member(4, (0.3, 1), plain, text)], POLICY)
    assert face.title != plain


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (
            "The river rose on Monday, said Dr. A. Keller. It fell later.",
            "The river rose on Monday, said Dr. A. Keller.",
        ),
        ("Der Fluss stieg und nahm z. B. zwei Häuser mit. Er fiel.", "Der Fluss stieg und nahm z. B. zwei Häuser mit."),
        ("A crane fell on a bus in the U.S. on Friday. Two died.", "A crane fell on a bus in the U.S. on Friday."),
        ("A crane fell on a bus.  Two people died.", "A crane fell on a bus."),
        ("word " * 40, "word " * 21 + "word…"),
    ],
)
def test_an_article_without_a_headline_is_called_by_its_first_sentence(text: str, begins: str) -> None:
    assert opening(text) == begins

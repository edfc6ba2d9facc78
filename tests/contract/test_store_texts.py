"""Documents are stored by what differs from their article, and fingerprints without the shingles that a document gives."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

import pytest
import redis
from support.desk import Desk, at, draft

from clusterer import codec
from clusterer.adapters.redis_store import RedisStore, fingerprints
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, index_terms
from clusterer.core.model import Cut, Document, Fingerprint
from clusterer.ports import CollectionStore

POLICY = FingerprintPolicy()
ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyzé",
    "cyrillic": "абвгдежзиклмнопрстуфхцчшщыюя",
    "han": "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏",
}


def text_of(count: int, alphabet: str = "latin", seed: int = 1) -> str:
    draw = random.Random(f"{seed} {alphabet}")
    words = ["".join(draw.choices(ALPHABETS[alphabet], k=draw.randint(2, 9))) for _ in range(count)]
    return "\n\n".join(" ".join(words[start : start + 60]) for start in range(0, count, 60))


def register(books: CollectionStore, seq: int, document: Document, policy: FingerprintPolicy = POLICY) -> Fingerprint:
    made = fingerprint(document, policy)
    books.register([draft(seq, document=document, fingerprint=made, terms=index_terms(made, policy))])
    return made


def kept(books: CollectionStore, seq: int) -> Fingerprint:
    (known,) = books.registered([seq])
    assert known is not None
    return known.fingerprint


def assert_same(found: Fingerprint, made: Fingerprint) -> None:
    assert (found.exact, found.scheme, found.shingles.dtype) == (made.exact, made.scheme, made.shingles.dtype)
    assert found.shingles.tolist() == made.shingles.tolist()


@pytest.fixture
def elsewhere(redis_client: redis.Redis) -> Callable[[], CollectionStore]:
    """The collection as a process sees it that has just begun."""
    return lambda: RedisStore(redis_client).collection("news")


def stored(client: redis.Redis, seq: int, field: str) -> bytes:
    value = client.hget(f"clu:{{news}}:a:{seq}", field)
    assert isinstance(value, bytes)
    return value


@pytest.mark.parametrize("alphabet", sorted(ALPHABETS))
@pytest.mark.parametrize("count", [0, 3, 7, 13, 300, 3_900, 4_300])
def test_a_fingerprint_is_the_same_in_any_process(
    desk: Desk, elsewhere: Callable[[], CollectionStore], count: int, alphabet: str
) -> None:
    text = text_of(count, alphabet)
    (seq,) = desk.accept("a", text=text)
    document = Document("Title", text, lang="en")
    made = register(desk.books, seq, document)
    for books in (desk.books, elsewhere()):
        assert_same(kept(books, seq), made)
        assert books.document(seq) == document


def test_what_cleaning_kept_costs_little_beside_the_article(desk: Desk, redis_client: redis.Redis) -> None:
    text = text_of(900)
    (seq,) = desk.accept("a", text="Subscribe now\n\n" + text)
    register(desk.books, seq, Document("Title", text, (Cut("Subscribe now", "offer"),), lang="en"))
    assert len(stored(redis_client, seq, "document")) < len(stored(redis_client, seq, "article")) / 10
    assert len(stored(redis_client, seq, "fingerprint")) < 64


def test_a_long_text_keeps_its_shingles(desk: Desk, redis_client: redis.Redis) -> None:
    """A short one that quotes it must not wait for them to be made."""
    (seq,) = desk.accept("a", text=text_of(5_000))
    register(desk.books, seq, Document("Title", text_of(5_000)))
    assert len(stored(redis_client, seq, "fingerprint")) > 4 * 4_900


def test_a_text_beyond_what_the_compression_looks_back_comes_back_whole(desk: Desk) -> None:
    text = text_of(30_000)
    (seq,) = desk.accept("a", text=text)
    document = Document("Title", text)
    register(desk.books, seq, document)
    assert desk.books.document(seq) == document
    assert [found for _, found in desk.books.texts([seq, 99])] == [document, None]


def test_a_fingerprint_of_another_scheme_keeps_its_shingles(
    desk: Desk, elsewhere: Callable[[], CollectionStore]
) -> None:
    (seq,) = desk.accept("a", text=text_of(100))
    made = register(desk.books, seq, Document("Title", text_of(100)), FingerprintPolicy(shingle_words=3))
    assert_same(kept(elsewhere(), seq), made)


def test_of_a_scheme_that_this_program_does_not_know_nothing_is_compared(
    desk: Desk, elsewhere: Callable[[], CollectionStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    (seq,) = desk.accept("a", text=text_of(100))
    made = register(desk.books, seq, Document("Title", text_of(100)))
    later = FingerprintPolicy(shingle_words=4)
    monkeypatch.setattr(fingerprints, "_policy", lambda: later)
    fingerprints._scheme_hash.cache_clear()
    try:
        found = kept(elsewhere(), seq)
    finally:
        monkeypatch.undo()
        fingerprints._scheme_hash.cache_clear()
    assert found.scheme not in (made.scheme, later.scheme)
    assert found.shingles.size == 0
    assert_same(kept(elsewhere(), seq), made)


def test_registered_again_with_another_text_it_is_compared_by_that(
    desk: Desk, elsewhere: Callable[[], CollectionStore]
) -> None:
    (seq,) = desk.accept("a", text=text_of(200))
    watching = elsewhere()
    first = register(desk.books, seq, Document("Title", text_of(200)))
    assert_same(kept(watching, seq), first)
    second = register(desk.books, seq, Document("Title", text_of(150)))
    assert first.shingles.tolist() != second.shingles.tolist()
    for books in (desk.books, watching, elsewhere()):
        assert_same(kept(books, seq), second)


def test_many_at_once_are_all_there_though_few_are_remembered(
    desk: Desk, elsewhere: Callable[[], CollectionStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "_REMEMBERED", 3)
    seqs = [seq for n in range(4) for seq in desk.accept(*[f"{n}/{i}" for i in range(30)], text=text_of(60))]
    made = {seq: register(desk.books, seq, Document("T", text_of(60, seed=seq % 40))) for seq in seqs}
    for books in (desk.books, elsewhere()):
        for order in (seqs, seqs[::-1]):
            for seq, known in zip(order, books.registered(order), strict=True):
                assert known is not None
                assert_same(known.fingerprint, made[seq])


def test_texts_are_read_once_for_all_with_the_same_words(
    desk: Desk, elsewhere: Callable[[], CollectionStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    seqs = desk.accept(*[f"a{n}" for n in range(40)], text=text_of(80))
    for seq in seqs:
        register(desk.books, seq, Document(f"Title {seq}", text_of(80)))
    books, unpacked = elsewhere(), []
    unpack = fingerprints.unpack_document
    monkeypatch.setattr(fingerprints, "unpack_document", lambda *given: (unpacked.append(1), unpack(*given))[1])
    books.registered(seqs)
    books.registered(seqs)
    assert len(unpacked) == 1


def test_no_more_texts_are_remembered_than_agreed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "_REMEMBERED", 3)
    seqs, read = desk.accept("a", "b", "c", "d", "e", text=text_of(60)), []
    for seq in seqs:
        register(desk.books, seq, Document("T", text_of(60, seed=seq)))
    unpack = fingerprints.unpack_document
    monkeypatch.setattr(fingerprints, "unpack_document", lambda *given: (read.append(1), unpack(*given))[1])
    desk.books.registered(seqs[2:])
    assert read == []
    desk.books.registered(seqs[:2])
    assert len(read) == 2


@pytest.mark.parametrize("damage", [b"", b"no zlib", b"x\xbb\x00\x00\x00\x00no zlib"])
def test_an_article_whose_text_is_damaged_stands_in_nobodys_way(
    desk: Desk, elsewhere: Callable[[], CollectionStore], redis_client: redis.Redis, damage: bytes
) -> None:
    damaged, whole = desk.accept("a", "b", text=text_of(80))
    register(desk.books, damaged, Document("Title", text_of(80, seed=2)))
    made = register(desk.books, whole, Document("Title", text_of(80)))
    redis_client.hset(f"clu:{{news}}:a:{damaged}", "document", damage)
    none, known = elsewhere().registered([damaged, whole])
    assert none is None
    assert known is not None
    assert_same(known.fingerprint, made)


def test_a_damaged_fingerprint_is_refused(desk: Desk, redis_client: redis.Redis) -> None:
    (seq,) = desk.accept("a", text=text_of(80))
    register(desk.books, seq, Document("Title", text_of(80)))
    redis_client.hset(f"clu:{{news}}:a:{seq}", "fingerprint", stored(redis_client, seq, "fingerprint") + b"\0")
    with pytest.raises(ValueError, match="bytes"):
        desk.books.registered([seq])


def test_an_article_stored_by_the_release_before_is_read_and_compared(desk: Desk, redis_client: redis.Redis) -> None:
    """Its document compressed by itself, its shingles beside it."""
    (seq,) = desk.accept("a", text=text_of(200))
    document = Document("Title", text_of(200), (Cut("Advert", "offer"),))
    made = register(desk.books, seq, document)
    redis_client.hset(f"clu:{{news}}:a:{seq}", "document", zlib.compress(codec.encode_document(document), 1))
    redis_client.hset(f"clu:{{news}}:a:{seq}", "fingerprint", codec.encode_fingerprint(made))
    assert desk.books.document(seq) == document
    assert_same(kept(desk.books, seq), made)


def test_traces_are_found_in_documents_that_are_packed_like_their_article(desk: Desk) -> None:
    gone, other = desk.accept("a", "b", text=text_of(200))
    register(desk.books, other, Document("Title", text_of(200) + "\n\nQuillon Varga said so."))
    desk.books.erase(gone, at(1))
    assert desk.books.erased_traces(gone, "a", ["Quillon Varga"]) == [f"a:{other}"]
    assert desk.books.erased_traces(gone, "a", ["Quillon Vargas"]) == []

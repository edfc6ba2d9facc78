"""Names of keys and values that appear in several places.

Everything of a collection lies under `clu:{<collection>}:`. The braces are Redis' hash tag: all of it shares a slot, so a script may
touch all of it. Times are integer milliseconds since 1970, UTC. `<seq>` is decimal.

    head            hash    life (a token, see registry.py), seq (last one issued),
                            gen (published generation), previous, staging, top (generations: former, being
                            built, highest number used), turn (last one given), change and trimmed (last number of the feed, and last
                            of those no longer kept), epoch, writer, bucket (newest of the posting index), rejected_bytes,
                            model, vectors (v or w: under which keys its vectors are; v without this field);
                            upgraded (last seq without a title's vector, while data of schema 2 are brought up to 3), reposted
                            (last seq in the posting index of 6, while data of a former schema are brought up to it);
                            while the model is being changed: next_model, listed (last seq looked at, or all)
    a:<seq>         hash    an article; fields below
    v:<seq>         string  its vector, float16
    w:<seq>         string  the same of another model: one of the two is published, the other being made or cleared away
    reembed         zset    seqs of articles that have no vectors of next_model yet
    id:<digest>     hash    revisions of one article id: <digest of content hash> -> seq, latest -> seq, #<seq> -> seq of erased ones
    url:<digest>    set     seqs whose url has this canonical form
    inbox, ready    stream  {s: seq}, group `workers`
    pending         zset    seqs of pending articles
    parked:<seq>    zset    copies that wait for this pending article
    copies:<seq>    zset    articles whose primary relation names this one
    dead            zset    seqs of dead articles
    finished        zset    seqs of assigned and dead articles by time of reception, for retention
    rejected        stream  what queue producers sent in vain: packed (JSON, compressed), reason, at, sent_to; see reject.lua
    t:<bucket>:<..> hash    posting index, and t:<bucket> its size, see posting.lua
    boilerplate     hash    source -> profile of what recurs on its pages
    counts          hash    accepted, number of articles in each state; fenced: writes refused for a stale epoch; repaired:
                            articles that the sweep found in no queue
    leader          string  name of the clustering writer, expires with its lease
    asking          string  name of a worker that asked the writer to hand the collection on, expires
    job:<name>      string  name of the worker that has this job, expires with its lease
    shards          hash    what a night offers to other workers: name, maker, task; shards:open, list of <number>:<content>
                            that nobody has taken; shards:answers, hash number -> answer; all expire
    log             stream  change feed, entry <number>-0
    h:<cluster>     list    numbers of the changes that name this cluster
    g<n>:...                clusters of generation n, see clusters.lua
    storylines      hash    living cluster of the published generation -> storyline; absent in data of before
    storyline:<id>  zset    its clusters, by when they began (ms)
    storyline_aliases hash  storyline that ended -> the one it stood for when it ended
    webhooks        hash    id of an endpoint -> it, with its secret and how far delivery has come (JSON)
    gens            set     generations that hold data (absent while there is only the first)
    runs            list    reports of nightly runs, latest first
    corrections     hash    key -> lasting correction (JSON)
    pinned          set     living clusters of the published generation that a correction pins

Fields of an article: id, hash (content), rev, prev, received, state, stage, article (compressed JSON), source, title, published, url,
lang; entry (its stream entry), leases (deliveries of that entry), attempts and, where it is traced, trace (ports.tracing) while
pending; document (packed like article), fingerprint (fingerprints.py), bucket, terms and turn (its place in the
order of first registrations) once registered; relations, other (seq of the
primary relation), copy, movable, sparse (empty for a copy) once handed over; waits and since (ms) while parked; reasons, change
(number of the one that assigned it) and near (its neighbours in the window then, and its series, core.clustering.stored_near; without it
they are searched for) once assigned; why, died, tries (attempts at it alone) once dead.

Outside of collections:

    clu:schema        string  version of all this
    clu:life          string  a token made when the store was empty: processes that know another one notice that it was emptied
    clu:upgrade       string  held by the process that brings data of an earlier version up to this one, expires
    clu:collections   hash    name -> settings (JSON), `deleting` while it is being deleted
    clu:idem:<digest> string  idempotency key -> (body hash, answer), expires
    clu:workers       zset    "<role> <worker>" by when its heartbeat expires (ms)
    clu:questions     list    (name, question) for whichever worker is next; clu:answer:<name> list of the one answer; both expire
    clu:totals        hash    series (JSON of name and labels) -> what all processes counted
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

# 2: `vectors` in a head, which a program for 1 would overlook. Data of 1 are data of 2 as they are.
# 3: one vector an article. 1 and 2 kept that of the title behind it.
# 4: fingerprints of 4 bytes a shingle, which a program for 3 cannot read. Those of 8 bytes are read as they are.
# 5: documents packed like their article, fingerprints without the shingles that the document gives. Data of 4 are read as they are.
# 6: a posting index with as many keys as it needs. That of 1 to 5 lay under 65,536 keys a bucket.
SCHEMA_VERSION: Final = b"6"
FORMER: Final = frozenset({b"1", b"2", b"3", b"4", b"5"})
WITH_TITLE_VECTORS: Final = frozenset({b"1", b"2"})
SCHEMA: Final = "clu:schema"
STORE_LIFE: Final = "clu:life"
UPGRADE: Final = "clu:upgrade"
COLLECTIONS: Final = "clu:collections"
WORKERS: Final = "clu:workers"
TOTALS: Final = "clu:totals"
QUESTIONS: Final = "clu:questions"
PING: Final = "clu:ping"
DELETING: Final = b"deleting"
LIFE: Final = "life"  # in a head


def prefix(collection: str) -> str:
    """What all keys of a collection start with."""
    return f"clu:{{{collection}}}:"


def idempotency(key: str) -> str:
    """Where the answer under an idempotency key is kept."""
    return "clu:idem:" + digest(key)


def answer_to(name: str) -> str:
    """Where the answer to a question is put."""
    return f"clu:answer:{name}"


def digest(text: str) -> str:
    """32 hex characters that stand for a text of any length and content in the name of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def short_digest(text: str) -> bytes:
    """16 bytes that stand for a text as field of a hash: within what Redis stores compactly."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment."""
    return round(moment.timestamp() * 1000)


def from_ms(ms: bytes | int) -> datetime:
    """Aware UTC."""
    return datetime.fromtimestamp(int(ms) / 1000, UTC)

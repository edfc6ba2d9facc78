"""A stream of chained near-topics, A like B, B like C, never becomes one cluster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from support.exact_index import ExactIndex
from support.made_evidence import by_seq

from clusterer.core.clustering.window import Window
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.model import Document
from clusterer.core.nightly.recluster import group
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.evaluation.fitting import cluster_stream

START = datetime(2026, 3, 1, tzinfo=UTC)

# One long run of a town's news: each article takes up half of what the one before it reported.
FACTS = (
    "the paper mill in Lostrand lays off 300 workers",
    "the union of Lostrand's mill workers calls a strike",
    "strikers block the bridge to Lostrand's harbour",
    "lorries queue for hours at the blocked harbour bridge",
    "a lorry driver is injured in the queue near Veltana junction",
    "doctors in Veltana's hospital treat the injured driver",
    "Veltana's hospital runs short of nurses and beds",
    "the health minister Edda Lund promises 40 nurses",
    "minister Edda Lund faces questions over her budget",
    "parliament delays the vote on the budget to June",
    "June's election in Skarvik is moved for the late budget",
    "Skarvik's mayor Piet Oomen complains about the moved election",
    "mayor Piet Oomen opens a library beside the fish market",
    "fish prices at Skarvik's market fall to a record low",
    "fishers sail home early after the fall in prices",
    "a fishing boat runs aground on its way home off Nordholm",
    "divers inspect the wreck off Nordholm for leaking oil",
    "oil from the wreck reaches the beaches of Nordholm",
    "hotels at the beaches of Nordholm lose their guests",
    "guests of Nordholm's hotels are moved to Brakvik",
)


def chain(turn: float, order: list[int]) -> list[Evidence]:
    """Articles whose vectors turn by a fixed angle from one to the next, in some order of arrival."""
    articles = []
    for seq, place in enumerate(order, start=1):
        angle = place * turn
        plane = min(int(angle // (np.pi / 2)), 29)
        rest = angle - plane * np.pi / 2
        vector = np.zeros(32, np.float32)
        vector[plane], vector[plane + 1] = np.cos(rest), np.sin(rest)
        text = f"{FACTS[place]}. {FACTS[(place + 1) % len(FACTS)]}."
        at = START + timedelta(hours=3 * place)
        articles.append(Evidence(seq, vector, extract(Document(FACTS[place], text, lang="en")), at, at))
    return articles


def mean_probability(window: Window, cluster_id: str) -> float:
    """Mean over the pairs of a cluster's articles that both report the same event; 1 for one."""
    members = window.members(cluster_id)
    compared = [window.compare_known(seq) for seq in members]
    logits = [shipped_weights().logits(terms[np.isin(near.seqs, members)]) for near, terms in compared]
    return float(expit(np.concatenate(logits)).mean()) if len(members) > 1 else 1.0


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.8), st.permutations(range(len(FACTS))), st.booleans())
def test_no_cluster_falls_below_what_a_join_needs(turn: float, order: list[int], in_order: bool) -> None:
    articles = chain(turn, sorted(order) if in_order else list(order))
    window = Window(ExactIndex(), shipped_weights())
    clusters, _ = cluster_stream(articles, window)
    for cluster_id in set(clusters.values()):
        assert mean_probability(window, cluster_id) >= shipped_weights().threshold


def test_the_chain_does_not_become_one_cluster() -> None:
    articles = chain(0.5, list(range(len(FACTS))))
    clusters, _ = cluster_stream(articles, Window(ExactIndex(), shipped_weights()))
    sizes = [list(clusters.values()).count(cluster_id) for cluster_id in set(clusters.values())]
    assert max(sizes) <= len(FACTS) // 3
    assert max(len(seqs) for seqs in group(by_seq(articles), ExactIndex(), shipped_weights())) <= len(FACTS) // 3

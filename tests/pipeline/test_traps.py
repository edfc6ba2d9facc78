"""Pages of one template about different events are neither copies nor one cluster; real copies beside them still are."""

from __future__ import annotations

from clusterer.adapters.encoder import HashingEncoder
from clusterer.evaluation.clusters import labelled_set
from clusterer.evaluation.traps import evaluate_traps
from clusterer.settings import Settings

WALL = (
    "You have reached your limit of free articles this month. Subscribe now to keep reading the Lowfield Ledger. "
    "Already a subscriber? Log in to your account. Print subscribers have full digital access; activate your account here. "
    "By continuing you accept our terms of use and our privacy policy. Questions about your subscription? Call our office "
    "from Monday to Friday between nine and five, or write to our customer service. Choose a monthly or a yearly plan."
)
TITLES = [
    "Two hurt as crane falls on Halvern quay",
    "School board votes to close Orchard Lane primary",
    "Wend valley farmers lose lambs to late frost",
    "Man held after shots are fired in Calderby mall",
]


def test_walls_of_different_events() -> None:
    rows = [
        {"id": f"w{number}", "title": title, "text": WALL, "source": "Lowfield Ledger", "cluster": title}
        for number, title in enumerate(TITLES)
    ]
    found = evaluate_traps(labelled_set("walls", rows), Settings(), encoder=HashingEncoder(128))
    assert found == {
        "articles": 4,
        "look_alike_pairs": 6,
        "copies": 0,
        "related": 0,
        "same_cluster": 0,
        "walls": 4,
    }

"""What goes wrong and when, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["kill", "term", "pause", "cut", "hold", "lose_answers"]
NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Fault:
    """At `at_s` after the start, `kind` happens to `target`; `for_s` is how long a pause lasts."""

    at_s: float
    target: str
    kind: Kind
    for_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Mix:
    """How often on average (seconds), whom, and how. Numbers are weights."""

    every_s: float = 4.0
    targets: Mapping[str, float] = field(
        default_factory=lambda: {
            "articles1": 2,
            "articles2": 2,
            "clusters1": 3,
            "api": 2,
            "beat": 1,
            "nightly": 1,
            "redis": 2,
            NETWORK: 3,
        }
    )
    kinds: Mapping[Kind, float] = field(default_factory=lambda: {"kill": 14, "term": 3, "pause": 3})
    network_kinds: Mapping[Kind, float] = field(default_factory=lambda: {"cut": 1, "hold": 1, "lose_answers": 2})
    pause_s: tuple[float, float] = (0.5, 5.0)


def drawn(seed: int, seconds: float, mix: Mix, names: set[str]) -> list[Fault]:
    """The faults of a run, by time, for the targets there are."""
    rng = random.Random(seed)
    targets = {name: weight for name, weight in mix.targets.items() if name in names or name == NETWORK}
    faults: list[Fault] = []
    at_s = rng.expovariate(1 / mix.every_s)
    while at_s < seconds:
        target = _pick(rng, targets)
        kind: Kind = _pick(rng, mix.network_kinds if target == NETWORK else mix.kinds)
        faults.append(Fault(at_s, target, kind, rng.uniform(*mix.pause_s)))
        at_s += rng.expovariate(1 / mix.every_s)
    return faults


def _pick(rng: random.Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]

"""What the settings mean for each stage.

As in `bootstrap`, stages are imported where their policy is asked for: no process needs all of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from clusterer.pipeline.reach import Reach
from clusterer.settings import Settings

if TYPE_CHECKING:
    from clusterer.pipeline.intake import IntakePolicy
    from clusterer.pipeline.intake.admission import AdmissionPolicy
    from clusterer.pipeline.nightly.nightly import NightlyPolicy
    from clusterer.pipeline.stages.assign import AssignPolicy
    from clusterer.pipeline.stages.prepare import PreparePolicy


def admission_policy(settings: Settings) -> AdmissionPolicy:
    """From when on new articles are turned away."""
    from clusterer.pipeline.intake.admission import AdmissionPolicy

    return AdmissionPolicy(settings.max_inbox_length, settings.max_inbox_age_s, settings.max_memory_ratio)


def reach_of(settings: Settings) -> Reach:
    """Which articles new ones are compared with."""
    return Reach(timedelta(days=settings.window_days), settings.window_min_articles)


def intake_policy(settings: Settings) -> IntakePolicy:
    """What is let in."""
    from clusterer.pipeline.intake import IntakePolicy

    return IntakePolicy(settings.max_text_chars, admission_policy(settings))


def nightly_policy(settings: Settings) -> NightlyPolicy:
    """What a night may change."""
    from clusterer.core.nightly.guard import GuardLimits
    from clusterer.pipeline.nightly.nightly import NightlyPolicy

    limits = GuardLimits(
        max_moved_ratio=settings.max_moved_ratio,
        max_largest_ratio=settings.max_largest_ratio,
        max_coherence_loss=settings.max_coherence_loss,
    )
    return NightlyPolicy(reach=reach_of(settings), limits=limits)


def assign_policy(settings: Settings) -> AssignPolicy:
    """How the writer works."""
    from clusterer.pipeline.stages.assign import AssignPolicy

    return AssignPolicy(
        reach=reach_of(settings),
        batch=settings.batch_size,
        lease_s=settings.lease_s,
        leader_lease_s=settings.leader_lease_s,
        max_attempts=settings.max_deliveries,
    )


def prepare_policy(settings: Settings) -> PreparePolicy:
    """How articles workers work."""
    from clusterer.core.copies.dedup import DedupPolicy
    from clusterer.pipeline.stages.prepare import PreparePolicy

    return PreparePolicy(
        cleaning=settings.cleaning,
        dedup=DedupPolicy(min_jaccard=settings.min_jaccard, min_containment=settings.min_containment),
        batch=settings.batch_size,
        lease_s=settings.lease_s,
        max_attempts=settings.max_deliveries,
    )

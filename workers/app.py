"""The Celery application. `python -m clusterer_workers worker -Q articles -P solo`; nothing is built before `app` is asked for."""

from __future__ import annotations

from functools import cache
from typing import Any

from celery import Celery

from clusterer.connections import broker_url
from clusterer.environment import read_settings
from clusterer.settings import Settings

from .alive import SIGN_OF_LIFE
from .lifecycle import attach
from .tasks import register

ARTICLES = "articles"
CLUSTERS = "clusters"
_VISIBILITY_TIMEOUT_S = 300
# While no worker runs, beat's messages pile up for so long. The worker's clock decides, so it must be more than clocks differ.
_EXPIRES_S = 300


def make_app(settings: Settings) -> Celery:
    """Celery as a hint bus: JSON only, no results, a lost message costs seconds (see docs/reliability.md)."""
    app = Celery("clusterer", broker=broker_url(settings))
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue=ARTICLES,
        task_routes={"clusterer.assign": {"queue": CLUSTERS}, "clusterer.sweep": {"queue": CLUSTERS}},
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": _VISIBILITY_TIMEOUT_S,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 15,
            "global_keyprefix": "",
        },
        visibility_timeout=_VISIBILITY_TIMEOUT_S,
        beat_schedule=_schedule(settings),
        beat_scheduler="clusterer_workers.schedule:SteadyScheduler",
        beat_schedule_filename=str(settings.data_dir / SIGN_OF_LIFE),
        timezone="UTC",
    )
    register(app)
    attach(app, settings)
    return app


def _schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    schedule: dict[str, dict[str, Any]] = {
        "hint-articles": {"task": "clusterer.prepare", "schedule": 2.0, "options": {"expires": _EXPIRES_S}},
        "hint-clusters": {"task": "clusterer.assign", "schedule": 2.0, "options": {"expires": _EXPIRES_S}},
        "sweep": {"task": "clusterer.sweep", "schedule": 15.0, "options": {"expires": _EXPIRES_S}},
    }
    if settings.recluster_at != "off":
        schedule["recluster"] = {
            "task": "clusterer.recluster",
            "schedule": 300.0,
            "options": {"expires": 2 * _EXPIRES_S},
        }
    return schedule


@cache
def _default_app() -> Celery:
    return make_app(read_settings())


def __getattr__(name: str) -> Celery:
    if name == "app":
        return _default_app()
    raise AttributeError(name)

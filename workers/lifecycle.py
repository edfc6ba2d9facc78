"""Builds the service when a worker starts, and lets it go when the worker stops."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import structlog
from celery import Celery, signals
from prometheus_client import start_http_server

import clusterer
from clusterer.bootstrap import Clusterer, connect_patiently
from clusterer.core.errors import ClustererError
from clusterer.extras import require
from clusterer.logging import configure_logging
from clusterer.settings import Settings

from .process import WorkerProcess

log = structlog.get_logger(__name__)

_STOP_GRACE_S = 30.0


def process_of(app: Celery) -> WorkerProcess:
    """The process that runs this application's tasks."""
    process: WorkerProcess = app.clusterer_process
    return process


def _connected(settings: Settings, role: str) -> Clusterer:
    """The service, once Redis answers. Exits when it holds other data, or refuses this program: Celery would swallow an exception here
    and go on with a worker that fails at every task."""
    try:
        require("worker", "A worker")
        return connect_patiently(settings, role)
    except ClustererError as error:
        log.error("worker_cannot_start", error=str(error))
        raise SystemExit(1) from error


def show_metrics(service: Clusterer, settings: Settings) -> None:
    """Serve this process's metrics, if so configured. A port that is taken costs the metrics and nothing else."""
    if not settings.metrics_port:
        return
    try:
        start_http_server(settings.metrics_port, settings.metrics_host, service.metrics.registry)
    except OSError as error:
        log.warning("no_metrics", address=f"{settings.metrics_host}:{settings.metrics_port}", error=str(error))
    else:
        service.metrics.registry.register(service.metrics.work)
        service.metrics.build_info(clusterer.__version__, service.encoder.fingerprint)


def _load_model(service: Clusterer) -> None:
    """Before any article is taken: being killed while the model loads, or a model that cannot be loaded, is no article's fault."""
    try:
        service.encoder.encode(["ready"])
    except ClustererError as error:
        log.error("worker_cannot_start", error=str(error))
        raise SystemExit(1) from error
    except Exception as error:
        log.exception("model_not_loaded")
        raise SystemExit(1) from error


def _kill_self_after(seconds: float) -> None:
    """Celery's warm shutdown waits for the task at hand, however long it takes. Being killed costs nothing, so there is a deadline."""

    def kill() -> None:
        log.warning("stop_took_too_long", after_s=seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    deadline = threading.Timer(seconds, kill)
    deadline.daemon = True
    deadline.start()


def attach(app: Celery, settings: Settings) -> None:
    """Build the process's service when its worker starts, once per process and after any fork."""

    @signals.celeryd_init.connect(weak=False)  # Celery warns before it sets up logging
    @signals.setup_logging.connect(weak=False)
    def _logging(**_: Any) -> None:
        configure_logging(settings)

    @signals.worker_process_init.connect(weak=False)
    def _start(**_: Any) -> None:
        role = os.environ.get("CLUSTERER_ROLE", "worker")
        service = _connected(settings, role)
        if role != "clusters":
            _load_model(service)
        app.clusterer_process = WorkerProcess(
            service, role, settings.hang_after_s, settings.max_worker_bytes, settings.log_format
        )
        app.clusterer_process.start()
        show_metrics(app.clusterer_process.service, settings)

    @signals.worker_shutting_down.connect(weak=False)
    def _asked_to_stop(**_: Any) -> None:
        _kill_self_after(_STOP_GRACE_S)

    @signals.worker_process_shutdown.connect(weak=False)
    @signals.worker_shutdown.connect(weak=False)
    def _stop(**_: Any) -> None:
        if hasattr(app, "clusterer_process"):
            app.clusterer_process.stop()

    @signals.worker_ready.connect(weak=False)
    def _ready(sender: Any, **_: Any) -> None:
        process_of(app).consumer = sender

    @signals.task_prerun.connect(weak=False)
    def _begins(**_: Any) -> None:
        process_of(app).task_begins()

    @signals.task_postrun.connect(weak=False)
    def _ends(**_: Any) -> None:
        process_of(app).task_ends()

"""A device that was asked for and is not there: who embeds does not start, and everybody else works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clusterer_workers.lifecycle import _load_model
from fastapi.testclient import TestClient
from structlog.testing import capture_logs
from typer.testing import CliRunner

from clusterer.api.app import create_app
from clusterer.bootstrap import Clusterer
from clusterer.cli.main import app
from clusterer.settings import DeviceAbsent, Settings

SENTENCE = r"^CLUSTERER_DEVICE=cuda: torch .* sees no such device on this machine; set CLUSTERER_DEVICE to auto or cpu$"


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # takes seconds, and each process that runs tests reads this file

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_up_refuses_it_before_anything_is_started(device: str, tmp_path: Path) -> None:
    environment = {"CLUSTERER_DEVICE": device, "CLUSTERER_DATA_DIR": str(tmp_path / "data")}
    refused = CliRunner().invoke(app, ["up", "--port", "0"], env=environment)
    assert refused.exit_code == 2
    assert f"CLUSTERER_DEVICE={device}" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_the_library_refuses_it(tmp_path: Path) -> None:
    settings = Settings(device="cuda", data_dir=tmp_path)
    with pytest.raises(DeviceAbsent, match=SENTENCE):
        Clusterer.in_memory(settings)
    hashing = Clusterer.in_memory(Settings(device="cuda", model="hashing", data_dir=tmp_path))  # needs no device
    assert hashing.encoder.encode(["a river"]).shape == (1, hashing.encoder.dimension)


@pytest.fixture
def elsewhere(redis_server: str, redis_client: Any, tmp_path: Path) -> Clusterer:
    """A process that shares its environment with workers that have the device."""
    return Clusterer.connect(Settings(redis_url=redis_server, device="cuda", data_dir=tmp_path))


def test_an_articles_worker_ends_with_the_sentence(elsewhere: Clusterer) -> None:
    with capture_logs() as logs, pytest.raises(SystemExit):
        _load_model(elsewhere)
    assert [entry["event"] for entry in logs] == ["worker_cannot_start"]
    with pytest.raises(DeviceAbsent, match=SENTENCE):
        raise DeviceAbsent(logs[0]["error"])


def test_the_api_answers_all_but_searches_by_text(elsewhere: Clusterer) -> None:
    client = TestClient(create_app(elsewhere), "http://localhost")
    assert client.get("/version").json()["model"] == elsewhere.encoder.fingerprint
    assert client.get("/v1/clusters").status_code == 200
    refused = client.post("/v1/search", json={"text": "a river"})
    assert (refused.status_code, refused.json()["code"]) == (503, "no_model")

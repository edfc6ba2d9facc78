"""How torch runs on this machine: its device, its precision and its threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeVar

from clusterer.settings import DeviceAbsent, env_name

if TYPE_CHECKING:
    import torch

_CPU_PART = 16  # larger parts are not faster, and a search waits for the part at hand
_DEVICE_PART = 32

_T = TypeVar("_T")
_R = TypeVar("_R")

Device = Literal["auto", "cpu", "cuda", "mps"]
Dtype = Literal["auto", "float32", "bfloat16"]


def torch_device(device: Device) -> torch.device:
    """`auto` is CUDA where torch sees such a device, and else the CPU. Raises DeviceAbsent."""
    import torch

    seen = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    chosen = ("cuda" if seen["cuda"] else "cpu") if device == "auto" else device
    if not seen[chosen]:
        others = " or ".join(name for name in ("auto", *seen) if seen.get(name, True))
        raise DeviceAbsent(
            f"{env_name('device')}={device}: torch {torch.__version__} sees no such device on this machine; "
            f"set {env_name('device')} to {others}"
        )
    return torch.device(chosen)


def torch_dtype(dtype: Dtype, device: torch.device) -> torch.dtype:
    """`auto` is bfloat16 only where the device multiplies it in hardware: elsewhere it is emulated and slower than float32."""
    import torch

    fast = dtype == "bfloat16" or (dtype == "auto" and _multiplies_bfloat16(device))
    return torch.bfloat16 if fast else torch.float32


def _multiplies_bfloat16(device: torch.device) -> bool:
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def cores() -> int:
    """Cores that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Lanes:
    """Threads side by side, each of which computes on one core; on a device that is no CPU there is one.

    Texts are shared out between threads, and not the work on each text as torch does by itself: its threads wait for each other
    hundreds of times a text and keep their cores busy meanwhile, which beside other work takes three times the CPU time. Sets
    the number of torch's own threads to one, for all of this process.
    """

    def __init__(self, device: torch.device, threads: int) -> None:
        import torch

        self._on_cpu = device.type == "cpu"
        self._count = threads if self._on_cpu else 1
        torch.set_num_threads(1)
        # Each thread has a number of its own, which is not one when it begins.
        self._pool = ThreadPoolExecutor(self._count, "encoding", initializer=torch.set_num_threads, initargs=(1,))

    def map(self, work: Callable[[Sequence[_T]], _R], items: Sequence[_T]) -> list[_R]:
        """The results for parts of the items, in order. A part is of at most `_CPU_PART` or `_DEVICE_PART` items."""
        size = min(_CPU_PART, -(-len(items) // self._count)) if self._on_cpu else _DEVICE_PART
        return list(self._pool.map(work, [items[start : start + size] for start in range(0, len(items), max(size, 1))]))

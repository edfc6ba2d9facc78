"""What one request may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from clusterer.pipeline.intake.admission import AdmissionPolicy


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """max_waiting: requests that may wait for an assignment (`?wait=`) at once; others are answered 202 without waiting.

    max_streams: event streams open at once in this process. stream_s: after which one ends, to be resumed by its reader.
    """

    max_body_bytes: int = 20_000_000
    max_text_chars: int = 1_000_000
    max_batch: int = 1_000
    max_wait_s: float = 30.0
    max_waiting: int = 100
    max_streams: int = 200
    stream_s: float = 600.0
    requests_per_minute: int = 0  # for each token; 0: no limit
    admission: AdmissionPolicy = field(default_factory=AdmissionPolicy)

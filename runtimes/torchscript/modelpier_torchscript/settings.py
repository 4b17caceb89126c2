"""What the server is told by its environment, read and checked once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .failure import ModelError


@dataclass(frozen=True)
class Settings:
    """The server's settings; the README's table says what each is for."""

    models_root: Path
    model_name: str | None
    model_version: str | None
    model_path: Path | None
    platform: str
    signature: str | None
    warm_up: bool
    device: str
    threads: int | None
    workers: int
    host: str
    port: int
    max_body_bytes: int
    max_concurrency: int
    body_timeout_s: float
    shutdown_delay_s: float
    drain_timeout_s: float


#: 16 MiB of JSON is about 1.5 million numbers; more wants a binary protocol.
MAX_BODY_BYTES = 16 * 1024 * 1024
#: Requests held at once, waiting ones included: bounds memory to this many bodies.
MAX_CONCURRENCY = 32
#: How long a client may take to send a body before its place is given to another.
BODY_TIMEOUT_S = 30.0
#: After SIGTERM a load balancer still sends requests until it has heard; they are served.
SHUTDOWN_DELAY_S = 3.0
#: Ends before the 30 seconds after which Kubernetes kills a pod, the delay included.
DRAIN_TIMEOUT_S = 20.0


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads ``MODELPIER_*``; an empty value counts as not given."""
    path = _text(environment, "MODEL_PATH")
    return Settings(
        models_root=Path(_text(environment, "MODELS_ROOT") or "/models"),
        model_name=_text(environment, "MODEL_NAME"),
        model_version=_text(environment, "MODEL_VERSION"),
        model_path=Path(path) if path else None,
        platform=_text(environment, "MODEL_PLATFORM") or "pytorch_torchscript",
        signature=_text(environment, "SIGNATURE"),
        warm_up=_text(environment, "WARM_UP") != "off",
        device=_text(environment, "DEVICE") or "cpu",
        threads=_whole(environment, "THREADS", 0) or None,
        workers=_whole(environment, "WORKERS", 1, least=1),
        host=_text(environment, "HOST") or "0.0.0.0",
        port=_whole(environment, "PORT", 8080),
        max_body_bytes=_whole(environment, "MAX_BODY_BYTES", MAX_BODY_BYTES, least=1),
        max_concurrency=_whole(environment, "MAX_CONCURRENCY", MAX_CONCURRENCY, least=1),
        body_timeout_s=_seconds(environment, "BODY_TIMEOUT_SECONDS", BODY_TIMEOUT_S),
        shutdown_delay_s=_seconds(environment, "SHUTDOWN_DELAY_SECONDS", SHUTDOWN_DELAY_S),
        drain_timeout_s=_seconds(environment, "DRAIN_TIMEOUT_SECONDS", DRAIN_TIMEOUT_S),
    )


def _text(environment: Mapping[str, str], key: str) -> str | None:
    return environment.get(f"MODELPIER_{key}") or None


def _whole(environment: Mapping[str, str], key: str, default: int, least: int = 0) -> int:
    text = _text(environment, key)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise ModelError(f"MODELPIER_{key}: expected a whole number from {least}, got {text!r}")
    return int(text)


def _seconds(environment: Mapping[str, str], key: str, default: float) -> float:
    text = _text(environment, key)
    if text is None:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ModelError(f"MODELPIER_{key}: expected seconds from 0, got {text!r}")
    return seconds

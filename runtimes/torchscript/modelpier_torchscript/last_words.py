"""Why the process ends, where Kubernetes looks for it: in the state of the container."""

from __future__ import annotations

from pathlib import Path

#: ``terminationMessagePath``; the kubelet mounts it writable, also over a read-only root file system.
TERMINATION_LOG = Path("/dev/termination-log")


def leave_last_words(reason: str, path: Path = TERMINATION_LOG) -> None:
    """Writes the reason; without Kubernetes there is no such file, and the log line has to do."""
    if not path.exists():
        return
    try:
        path.write_text(reason + "\n", encoding="utf-8")
    except OSError:
        return

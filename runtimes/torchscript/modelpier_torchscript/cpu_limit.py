"""How many threads the container may use: torch asks the machine, which may have a hundred."""

from __future__ import annotations

import os
from pathlib import Path

CGROUP_ROOT = Path("/sys/fs/cgroup")


def cpu_limit(root: Path = CGROUP_ROOT) -> float | None:
    """The CPU limit of the control group in CPUs (version 2, then 1); ``None`` without a limit."""
    unified = _words(root / "cpu.max")
    if len(unified) == 2:
        quota, period = unified
        return None if quota == "max" else int(quota) / int(period)
    for folder in ("cpu", "cpu,cpuacct"):
        quotas = _words(root / folder / "cpu.cfs_quota_us")
        periods = _words(root / folder / "cpu.cfs_period_us")
        if quotas and periods:
            return None if int(quotas[0]) <= 0 else int(quotas[0]) / int(periods[0])
    return None


def thread_count(limit: float | None, usable: int) -> int:
    """Whole CPUs under the limit, at least one: a thread more would only be throttled."""
    return max(1, usable if limit is None else min(usable, int(limit)))


def usable_cpus() -> int:
    """The CPUs that this process may be scheduled on."""
    return len(os.sched_getaffinity(0))


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except OSError:
        return []

from __future__ import annotations

from pathlib import Path

import pytest

from modelpier_torchscript.cpu_limit import cpu_limit, thread_count
from modelpier_torchscript.failure import ModelError
from modelpier_torchscript.settings import read_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings({})
    assert settings.models_root == Path("/models")
    assert (settings.port, settings.device, settings.workers) == (8080, "cpu", 1)
    assert settings.model_name is None
    assert settings.warm_up


def test_an_empty_value_counts_as_not_given() -> None:
    settings = read_settings({"MODELPIER_PORT": "", "MODELPIER_MODEL_VERSION": ""})
    assert settings.port == 8080
    assert settings.model_version is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("WORKERS", "0"),
        ("MAX_BODY_BYTES", "1e6"),
        ("MAX_CONCURRENCY", "٣"),
        ("BODY_TIMEOUT_SECONDS", "soon"),
        ("DRAIN_TIMEOUT_SECONDS", "-1"),
        ("SHUTDOWN_DELAY_SECONDS", "inf"),
        ("SHUTDOWN_DELAY_SECONDS", "nan"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(key: str, value: str) -> None:
    with pytest.raises(ModelError, match=f"MODELPIER_{key}: expected .* got {value!r}"):
        read_settings({f"MODELPIER_{key}": value})


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_max", ".max")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_reads_the_limit_of_control_groups_version_2(tmp_path: Path) -> None:
    assert cpu_limit(write(tmp_path, cpu_max="50000 100000\n")) == 0.5
    assert cpu_limit(write(tmp_path, cpu_max="max 100000\n")) is None


def test_reads_the_limit_of_control_groups_version_1(tmp_path: Path) -> None:
    files = {"cpu__cpu.cfs_quota_us": "250000\n", "cpu__cpu.cfs_period_us": "100000\n"}
    assert cpu_limit(write(tmp_path, **files)) == 2.5
    assert cpu_limit(write(tmp_path, **{"cpu__cpu.cfs_quota_us": "-1\n"})) is None


def test_without_control_groups_there_is_no_limit(tmp_path: Path) -> None:
    assert cpu_limit(tmp_path) is None


@pytest.mark.parametrize(
    ("limit", "usable", "threads"),
    [(None, 8, 8), (0.5, 8, 1), (2.5, 8, 2), (16, 8, 8), (1, 1, 1)],
)
def test_threads_are_the_whole_cpus_under_the_limit(
    limit: float | None, usable: int, threads: int
) -> None:
    assert thread_count(limit, usable) == threads

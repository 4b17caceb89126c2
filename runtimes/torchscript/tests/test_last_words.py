"""What the kubelet shows of a container that ended."""

from pathlib import Path

from modelpier_torchscript.last_words import leave_last_words


def test_writes_the_reason_where_kubernetes_looks(tmp_path: Path) -> None:
    place = tmp_path / "termination-log"
    place.touch()
    leave_last_words("model.pt is no archive", place)
    assert place.read_text() == "model.pt is no archive\n"


def test_goes_on_without_kubernetes(tmp_path: Path) -> None:
    leave_last_words("model.pt is no archive", tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []


def test_goes_on_where_the_place_cannot_be_written(tmp_path: Path) -> None:
    leave_last_words("model.pt is no archive", tmp_path)
    assert list(tmp_path.iterdir()) == []

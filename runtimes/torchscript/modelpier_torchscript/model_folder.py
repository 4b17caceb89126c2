"""Finds the model's files in the image: which folder, which archive, which metadata."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .failure import ModelError
from .settings import Settings

#: Beside the archive, for an image that was not built by the action (which sets the variable).
SIGNATURE_FILE = "signature.json"
#: A request the model is known to answer; a better warm-up than zeros.
GOLDEN_REQUEST = "golden/input.json"


@dataclass(frozen=True)
class ModelFolder:
    """A model's name and files; ``signature`` is the JSON text and where it came from."""

    name: str
    archive: Path
    signature: tuple[str, str] | None
    golden_request: Path | None


def find_model(settings: Settings) -> ModelFolder:
    """The one model that the image holds, as named by the environment or as found."""
    folder = _folder(settings)
    return ModelFolder(
        name=settings.model_name or folder.name,
        archive=_archive(folder),
        signature=_signature(settings, folder),
        golden_request=_existing(folder / GOLDEN_REQUEST),
    )


def _folder(settings: Settings) -> Path:
    if settings.model_path is not None:
        return settings.model_path
    if settings.model_name is not None:
        return settings.models_root / settings.model_name
    found = [path for path in _entries(settings.models_root) if path.is_dir()]
    return _only(found, f"model folder in {settings.models_root}", "MODELPIER_MODEL_NAME")


def _archive(folder: Path) -> Path:
    if folder.is_file():
        return folder
    expected = folder / "model.pt"
    if expected.is_file():
        return expected
    found = [path for path in _entries(folder) if path.suffix in (".pt", ".pth", ".ts")]
    return _only(found, f"TorchScript file in {folder}", "MODELPIER_MODEL_PATH")


def _only(found: list[Path], what: str, remedy: str) -> Path:
    if len(found) == 1:
        return found[0]
    if not found:
        raise ModelError(f"there is no {what}")
    names = ", ".join(path.name for path in found)
    raise ModelError(f"there is more than one {what} ({names}): name one in {remedy}")


def _signature(settings: Settings, folder: Path) -> tuple[str, str] | None:
    if settings.signature is not None:
        return settings.signature, "MODELPIER_SIGNATURE"
    path = _existing(folder / SIGNATURE_FILE)
    return (path.read_text(encoding="utf-8"), str(path)) if path else None


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise ModelError(f"cannot read {folder}: {error.strerror}") from error

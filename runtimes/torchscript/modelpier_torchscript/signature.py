"""What a model takes and gives: the tensors of the protocol's model metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .datatype import NAMES
from .failure import ModelError


@dataclass(frozen=True)
class TensorSpec:
    """A named tensor; -1 in ``shape`` is a dimension of any size.

    ``shape`` is ``None`` where nobody declared it: TorchScript itself records neither the data
    type nor the shape of an argument, so such a tensor is passed on unchecked.
    """

    name: str
    datatype: str
    shape: tuple[int, ...] | None

    def as_metadata(self) -> dict[str, Any]:
        """The tensor as the protocol's metadata shows it; an unknown shape shows as ``[-1]``."""
        shape = [-1] if self.shape is None else list(self.shape)
        return {"name": self.name, "datatype": self.datatype, "shape": shape}

    def admits(self, shape: list[int]) -> bool:
        """Whether a tensor of this shape fits the declared one."""
        if self.shape is None:
            return True
        return len(shape) == len(self.shape) and all(
            declared in (-1, given) for declared, given in zip(self.shape, shape)
        )


@dataclass(frozen=True)
class Signature:
    """The inputs, in the order of the model's arguments, and the outputs, in that of its results."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]

    @property
    def is_declared(self) -> bool:
        """Whether a request can be made up from it, as the warm-up does."""
        return bool(self.inputs) and all(spec.shape is not None for spec in self.inputs)


def _parse_tensor(value: Any, place: str) -> TensorSpec:
    if not isinstance(value, dict):
        raise ModelError(f"{place}: expected an object with name, datatype and shape")
    name, datatype, shape = value.get("name"), value.get("datatype"), value.get("shape")
    if not isinstance(name, str) or not name:
        raise ModelError(f"{place}.name: expected a name")
    if datatype not in NAMES:
        raise ModelError(f"{place}.datatype: expected one of {', '.join(NAMES)}, got {datatype!r}")
    if not isinstance(shape, list) or not all(type(size) is int and size >= -1 for size in shape):
        raise ModelError(f"{place}.shape: expected a list of sizes, -1 for any, got {shape!r}")
    return TensorSpec(name, datatype, tuple(shape))


def _parse_tensors(value: Any, place: str) -> tuple[TensorSpec, ...]:
    if not isinstance(value, list) or not value:
        raise ModelError(f"{place}: expected a list of tensors")
    specs = tuple(_parse_tensor(item, f"{place}[{at}]") for at, item in enumerate(value))
    names = [spec.name for spec in specs]
    if len(set(names)) != len(names):
        raise ModelError(f"{place}: a name is given twice in {', '.join(names)}")
    return specs


def parse_signature(text: str, origin: str) -> Signature:
    """Reads ``{"inputs": [...], "outputs": [...]}``; ``origin`` names its place in errors."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ModelError(f"{origin} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"{origin}: expected an object with inputs and outputs")
    return Signature(
        _parse_tensors(value.get("inputs"), f"{origin}: inputs"),
        _parse_tensors(value.get("outputs"), f"{origin}: outputs"),
    )

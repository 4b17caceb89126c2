"""Between the protocol's JSON tensors and what a TorchScript model takes and gives."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any, Union

import numpy
import torch

from .datatype import BY_NAME, BYTES, NAME_OF_RESULT, Datatype
from .failure import ModelError, RequestError, bad_request

#: Text has no tensor in TorchScript: nested lists of ``str`` carry it, in the tensor's shape.
Text = list
Value = Union[torch.Tensor, Text]


def decode_tensor(data: Any, datatype: str, shape: list[int], name: str) -> Value:
    """The value of a request's tensor; a fault is a 400 that names the input and the reason."""
    items = _row_major(data, shape, name)
    expected = math.prod(shape)
    if len(items) != expected:
        raise bad_request(
            f"input {name!r}: shape {shape} holds {expected} elements, data has {len(items)}"
        )
    if datatype == BYTES:
        _require_types(items, {str}, name, "BYTES (text)")
        return _reshape(items, shape)
    return _to_tensor(items, BY_NAME[datatype], shape, name)


def _row_major(data: Any, shape: list[int], name: str) -> list[Any]:
    """Data in a flat list: the protocol allows it flat already, or nested as the shape is."""
    if not isinstance(data, list):
        raise bad_request(f"input {name!r}: data must be a list")
    if not any(isinstance(item, list) for item in data):
        return data
    level = [data]
    for size in shape:
        if not all(isinstance(row, list) and len(row) == size for row in level):
            raise bad_request(f"input {name!r}: data is not nested as its shape {shape} says")
        level = list(chain.from_iterable(level))
    return level


def _require_types(items: list[Any], accepted: set[type], name: str, wanted: str) -> None:
    """Checks by type and not by ``isinstance``: in Python ``True`` is an integer, here it is not."""
    strangers = set(map(type, items)) - accepted
    if strangers:
        at = next(at for at, item in enumerate(items) if type(item) in strangers)
        raise bad_request(f"input {name!r}: element {at} is not a {wanted} value")


def _to_tensor(items: list[Any], datatype: Datatype, shape: list[int], name: str) -> torch.Tensor:
    if datatype.kind == "boolean":
        _require_types(items, {bool}, name, datatype.name)
    elif datatype.kind == "integer":
        _require_types(items, {int}, name, datatype.name)
    else:
        _require_types(items, {int, float}, name, datatype.name)
    if datatype.kind != "boolean" and items:
        low, high = min(items), max(items)
        if low < datatype.least or high > datatype.most:
            worst = low if low < datatype.least else high
            raise bad_request(f"input {name!r}: {_short(worst)} is outside of {datatype.name}")
    wide = {"boolean": numpy.bool_, "integer": numpy.int64, "real": numpy.float64}[datatype.kind]
    tensor = torch.from_numpy(numpy.array(items, dtype=wide)).to(datatype.torch_type)
    try:
        return tensor.reshape(shape)
    except (RuntimeError, TypeError, OverflowError) as error:  # an empty tensor of absurd sizes
        raise bad_request(f"input {name!r}: {shape} is not a shape a tensor can have") from error


def _short(number: float) -> str:
    """A number for an error message; an integer of a JSON request may have thousands of digits."""
    if isinstance(number, int) and abs(number) >= 10**20:
        return f"a number of {int(math.log10(abs(number))) + 1} digits"
    return str(number)


def _reshape(items: list[Any], shape: list[int]) -> Text:
    """Nested lists out of a flat one; the model's argument is ``List[str]``, ``List[List[str]]``..."""
    for size in reversed(shape[1:]):
        count = len(items) // size if size else 0
        items = [items[at * size : (at + 1) * size] for at in range(count)]
    return items


def encode_value(value: Any, name: str, declared: str | None = None) -> dict[str, Any]:
    """A result as the protocol's tensor, its data flat and row-major.

    ``declared`` is the signature's data type; it is used where the result's torch type carries it,
    as int64 carries UINT32.
    """
    if isinstance(value, torch.Tensor):
        return _encode_tensor(value.detach().cpu(), name, declared)
    if isinstance(value, bool):
        return _result(name, "BOOL", [1], [value])
    if isinstance(value, int):
        return _result(name, "INT64", [1], [value])
    if isinstance(value, float):
        return _encode_tensor(torch.tensor([value], dtype=torch.float64), name, declared)
    texts = [value] if isinstance(value, str) else value
    if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
        return _result(name, BYTES, [len(texts)], texts)
    raise ModelError(f"output {name!r} is a {type(value).__name__}, which the protocol cannot carry")


def _name_result(torch_type: torch.dtype, declared: str | None) -> str | None:
    if declared in BY_NAME and BY_NAME[declared].torch_type == torch_type:
        return declared
    return NAME_OF_RESULT.get(torch_type)


def _result(name: str, datatype: str, shape: list[int], data: list[Any]) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": shape, "data": data}


def _encode_tensor(tensor: torch.Tensor, name: str, declared: str | None) -> dict[str, Any]:
    if tensor.is_sparse or tensor.is_quantized:
        tensor = tensor.to_dense() if tensor.is_sparse else tensor.dequantize()
    datatype = _name_result(tensor.dtype, declared)
    if datatype is None:
        raise ModelError(f"output {name!r} is of {tensor.dtype}, which the protocol cannot carry")
    if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
        # JSON has no word for these, and a null would pass for zero in most clients.
        raise RequestError(
            500, f"output {name!r} holds NaN or infinity, which the protocol's JSON cannot carry"
        )
    return _result(name, datatype, list(tensor.shape), tensor.flatten().tolist())

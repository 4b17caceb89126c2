"""The protocol's data types, and the torch type that carries each."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Datatype:
    """One data type of the protocol; ``least`` and ``most`` bound what a request may send."""

    name: str
    torch_type: torch.dtype
    kind: str
    least: float = 0
    most: float = 0


def _integer(name: str, torch_type: torch.dtype, least: int, most: int) -> Datatype:
    return Datatype(name, torch_type, "integer", least, most)


def _signed(name: str, torch_type: torch.dtype) -> Datatype:
    info = torch.iinfo(torch_type)
    return _integer(name, torch_type, info.min, info.max)


def _real(name: str, torch_type: torch.dtype) -> Datatype:
    info = torch.finfo(torch_type)
    return Datatype(name, torch_type, "real", info.min, info.max)


# torch 1.13 has no unsigned type above 8 bits, and TorchScript code written for it cannot ask for
# one, so wider unsigned numbers arrive in the next signed type that holds them.
_TYPES = (
    Datatype("BOOL", torch.bool, "boolean"),
    _integer("UINT8", torch.uint8, 0, 2**8 - 1),
    _integer("UINT16", torch.int32, 0, 2**16 - 1),
    _integer("UINT32", torch.int64, 0, 2**32 - 1),
    _integer("UINT64", torch.int64, 0, 2**63 - 1),
    _signed("INT8", torch.int8),
    _signed("INT16", torch.int16),
    _signed("INT32", torch.int32),
    _signed("INT64", torch.int64),
    _real("FP16", torch.float16),
    _real("FP32", torch.float32),
    _real("FP64", torch.float64),
)

#: BYTES is the one type without a tensor: TorchScript knows text as ``List[str]``.
BYTES = "BYTES"
BY_NAME = {datatype.name: datatype for datatype in _TYPES}
NAMES = (*BY_NAME, BYTES)

#: What a result's torch type is called; the protocol has no bfloat16, FP32 holds all of its values.
NAME_OF_RESULT = {
    torch.bool: "BOOL",
    torch.uint8: "UINT8",
    torch.int8: "INT8",
    torch.int16: "INT16",
    torch.int32: "INT32",
    torch.int64: "INT64",
    torch.float16: "FP16",
    torch.bfloat16: "FP32",
    torch.float32: "FP32",
    torch.float64: "FP64",
}

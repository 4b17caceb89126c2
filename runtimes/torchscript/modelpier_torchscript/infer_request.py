"""Reads the body of an inference request, and refuses what the protocol does not allow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .datatype import NAMES
from .failure import bad_request
from .signature import Signature, TensorSpec
from .tensor_codec import Value, decode_tensor


@dataclass(frozen=True)
class InferRequest:
    """One inference: ``values`` in the order of the model's arguments."""

    id: str | None
    values: list[Value]
    outputs: list[str] | None


def parse_infer_request(body: bytes, signature: Signature) -> InferRequest:
    """The request in a body, checked against what the model takes."""
    request = _parse_json(body)
    if not isinstance(request, dict):
        raise bad_request("the request must be a JSON object")
    request_id = request.get("id")
    if request_id is not None and not isinstance(request_id, str):
        raise bad_request("id must be a string")
    _check_parameters(request, "the request")
    return InferRequest(
        request_id,
        _parse_inputs(request.get("inputs"), signature),
        _parse_outputs(request.get("outputs"), signature),
    )


def _refuse_constant(word: str) -> Any:
    raise bad_request(f"the request is not JSON: {word} is not a JSON number")


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise bad_request("the request is nested too deeply") from error
    except ValueError as error:
        raise bad_request(f"the request is not JSON: {error}") from error


def _check_parameters(holder: dict[str, Any], place: str) -> None:
    parameters = holder.get("parameters")
    if parameters is None:
        return
    if not isinstance(parameters, dict):
        raise bad_request(f"parameters of {place} must be an object")
    for key, value in parameters.items():
        if not isinstance(value, (str, int, float, bool)):
            raise bad_request(f"parameter {key!r} of {place} must be a string, number or boolean")


def _named(items: Any, what: str) -> dict[str, dict[str, Any]]:
    """A list of objects with names, by name, in the order given."""
    if not isinstance(items, list):
        raise bad_request(f"{what}s must be a list")
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise bad_request(f"each {what} must be an object with a name")
        name = item["name"]
        if name in found:
            raise bad_request(f"{what} {name!r} is given twice")
        _check_parameters(item, f"{what} {name!r}")
        found[name] = item
    return found


def _known(given: dict[str, Any], specs: tuple[TensorSpec, ...], what: str) -> None:
    known = [spec.name for spec in specs]
    for name in given:
        if name not in known:
            raise bad_request(f"the model has no {what} {name!r}; it has {', '.join(known)}")


def _parse_inputs(items: Any, signature: Signature) -> list[Value]:
    if items is None:
        raise bad_request("the request has no inputs")
    given = _named(items, "input")
    _known(given, signature.inputs, "input")
    missing = [spec.name for spec in signature.inputs if spec.name not in given]
    if missing:
        raise bad_request(f"the request lacks input {', '.join(map(repr, missing))}")
    return [_parse_input(given[spec.name], spec) for spec in signature.inputs]


def _parse_input(item: dict[str, Any], spec: TensorSpec) -> Value:
    datatype, shape = item.get("datatype"), item.get("shape")
    if datatype not in NAMES:
        raise bad_request(f"input {spec.name!r}: datatype must be one of {', '.join(NAMES)}")
    if spec.shape is not None and datatype != spec.datatype:
        raise bad_request(f"input {spec.name!r}: datatype must be {spec.datatype}, got {datatype}")
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise bad_request(f"input {spec.name!r}: shape must be a list of sizes from 0")
    if not spec.admits(shape):
        raise bad_request(
            f"input {spec.name!r}: shape must be {list(spec.shape or ())} (-1: any), got {shape}"
        )
    if "data" not in item:
        raise bad_request(f"input {spec.name!r} has no data")
    return decode_tensor(item["data"], datatype, shape, spec.name)


def _parse_outputs(items: Any, signature: Signature) -> list[str] | None:
    """The outputs asked for; none named means all, as the protocol says for an absent list."""
    if items is None:
        return None
    given = _named(items, "output")
    _known(given, signature.outputs, "output")
    return list(given) or None

"""Asks a freshly loaded model once before anybody else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .datatype import BYTES
from .failure import ModelError, RequestError
from .infer_request import parse_infer_request
from .model import Model
from .signature import TensorSpec

#: TorchScript profiles the first run and compiles on the second: callers must meet neither.
ROUNDS = 3


def warm_up(model: Model, golden_request: Path | None) -> bool:
    """Runs the model and holds its answer against its signature; says whether it could.

    A golden request is the better question, as zeros may be nonsense to a model. Without one and
    without a signature there is nothing to ask.
    """
    if golden_request is not None:
        body = golden_request.read_bytes()
    elif model.signature.is_declared:
        body = json.dumps({"inputs": [_zeros(spec) for spec in model.signature.inputs]}).encode()
    else:
        return False
    for _ in range(ROUNDS):
        outputs = _ask(model, body)
    _check(outputs, model)
    return True


def _ask(model: Model, body: bytes) -> list[dict[str, Any]]:
    try:
        request = parse_infer_request(body, model.signature)
        return model.infer(request.values, None)
    except RequestError as error:
        raise ModelError(f"the warm-up request failed: {error.message}") from error
    except ModelError as error:
        raise ModelError(f"the warm-up request failed: {error}") from error


def _zeros(spec: TensorSpec) -> dict[str, Any]:
    shape = [1 if size == -1 else size for size in spec.shape or ()]
    count = 1
    for size in shape:
        count *= size
    zero: Any = "" if spec.datatype == BYTES else False if spec.datatype == "BOOL" else 0
    return {"name": spec.name, "datatype": spec.datatype, "shape": shape, "data": [zero] * count}


def _check(outputs: list[dict[str, Any]], model: Model) -> None:
    """A model that does not answer what it declares must never become ready."""
    answered = {output["name"]: output for output in outputs}
    for spec in model.signature.outputs:
        output = answered.get(spec.name)
        if output is None:
            raise ModelError(f"output {spec.name!r} is declared, the model answers {list(answered)}")
        if spec.shape is None:
            continue
        if output["datatype"] != spec.datatype or not spec.admits(output["shape"]):
            raise ModelError(
                f"output {spec.name!r} is declared as {spec.datatype} {list(spec.shape)}, "
                f"the model answers {output['datatype']} {output['shape']}"
            )

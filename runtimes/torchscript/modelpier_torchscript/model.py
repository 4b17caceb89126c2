"""A loaded TorchScript model: runs it, and names what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .failure import ModelError, last_line
from .signature import Signature, TensorSpec, parse_signature
from .tensor_codec import Value, encode_value


class Model:
    """One TorchScript module with its signature; safe to call from several threads."""

    def __init__(self, module: torch.jit.ScriptModule, signature: Signature, device: str) -> None:
        self._module = module
        self._device = torch.device(device)
        self._declared = {spec.name: spec.datatype for spec in signature.outputs}
        self.signature = signature

    def infer(self, values: list[Value], wanted: list[str] | None) -> list[dict[str, Any]]:
        """The outputs as the protocol's tensors: those wanted, in that order, or all."""
        answer = self._run(values)
        named = self._name(answer)
        names = list(named) if wanted is None else wanted
        for name in names:
            if name not in named:
                raise ModelError(f"the model did not answer output {name!r}")
        return [encode_value(named[name], name, self._declared.get(name)) for name in names]

    def _run(self, values: list[Value]) -> Any:
        arguments = [
            value.to(self._device) if isinstance(value, torch.Tensor) else value for value in values
        ]
        try:
            with torch.inference_mode():
                return self._module(*arguments)
        except (RuntimeError, TypeError, ValueError, IndexError) as error:
            raise ModelError(f"the model failed: {last_line(error)}") from error

    def _name(self, answer: Any) -> dict[str, Any]:
        """A dictionary names its outputs itself; a tuple or a single value goes by position."""
        if isinstance(answer, dict):
            return {str(key): value for key, value in answer.items()}
        results = list(answer) if _is_several(answer) else [answer]
        names = [spec.name for spec in self.signature.outputs]
        if len(names) != len(results):
            raise ModelError(f"the model answers {len(results)} outputs, it declares {len(names)}")
        return dict(zip(names, results))


def _is_several(answer: Any) -> bool:
    """A tuple is several outputs; so is a list, unless it is the one text tensor ``List[str]``."""
    if isinstance(answer, tuple):
        return True
    return isinstance(answer, list) and any(isinstance(item, torch.Tensor) for item in answer)


def load_model(archive: Path, signature: tuple[str, str] | None, device: str) -> Model:
    """Loads a TorchScript archive; ``signature`` is JSON text with the place it came from."""
    try:
        module = torch.jit.load(str(archive), map_location=device)
    except (RuntimeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(f"cannot load {archive} as TorchScript: {reason[0]}") from error
    if getattr(module, "training", False):
        module.eval()
    declared = parse_signature(*signature) if signature else None
    found = _found_signature(module)
    if declared and len(declared.inputs) != len(found.inputs):
        raise ModelError(
            f"the signature declares {len(declared.inputs)} inputs, the model's forward takes "
            f"{len(found.inputs)} ({', '.join(spec.name for spec in found.inputs)})"
        )
    return Model(module, declared or found, device)


def _found_signature(module: torch.jit.ScriptModule) -> Signature:
    """What TorchScript itself knows: the arguments' names and the number of results."""
    schema = module.forward.schema
    arguments = [argument for argument in schema.arguments[1:] if not argument.has_default_value()]
    inputs = tuple(TensorSpec(argument.name, "FP32", None) for argument in arguments)
    results = schema.returns[0].type if schema.returns else None
    count = len(results.elements()) if isinstance(results, torch.TupleType) else 1
    outputs = tuple(TensorSpec(f"output_{at}", "FP32", None) for at in range(count))
    return Signature(inputs, outputs)

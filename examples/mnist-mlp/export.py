"""Exports the trained perceptron as TorchScript, with the proof that it still answers the same.

    python export.py [--from .] [--out .]

Reads ``weights.pt`` and ``metrics.json``; writes ``model.pt``, ``golden/input.json`` and
``golden/output.json`` (a request of the Open Inference Protocol and PyTorch's own answer),
``golden.json`` (what a release has to answer, which the action checks), and puts the measured
metrics into ``model.yaml`` where there is one.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import torch

from data import load_digits
from mlp import MLP

#: Never versioned: a TorchScript archive holds its own file name, so that model-v2.pt would share
#: not one byte of its layer with model-v1.pt.
ARCHIVE = "model.pt"
GOLDEN_IMAGES = 3


def load_weights(path: Path) -> MLP:
    model = MLP()
    state = torch.load(path, weights_only=True)  # our own file, and still no pickle is run
    model.load_state_dict(state)
    return model.eval()


def export(model: MLP, path: Path) -> torch.jit.ScriptModule:
    """Freezing makes the weights constants; ``optimize_for_inference`` must not be saved."""
    scripted = torch.jit.freeze(torch.jit.script(model))
    torch.jit.save(scripted, str(path))
    strip_debug_records(path)
    return torch.jit.load(str(path))


def strip_debug_records(path: Path) -> None:
    """Makes the archive's bytes depend on the model alone.

    ``*.debug_pkl`` holds the absolute path of every source file, for error messages: the same
    weights exported in another folder would be another layer of the image, and the path public.
    """
    reader = torch._C.PyTorchFileReader(str(path))
    records = {name: reader.get_record(name) for name in reader.get_all_records()}
    writer = torch._C.PyTorchFileWriter(str(path))
    for name, content in records.items():
        # The writer adds these two itself.
        if not name.endswith(".debug_pkl") and name not in ("version", ".data/serialization_id"):
            writer.write_record(name, content, len(content))
    writer.write_end_of_file()


def golden(model: MLP, images: torch.Tensor) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request and its answer, computed by the model before it was exported."""
    with torch.inference_mode():
        logits = model(images)
    request = {"id": "golden", "inputs": [_tensor("image", images)]}
    response = {"id": "golden", "outputs": [_tensor("logits", logits)]}
    return request, response


def golden_file(model: MLP, images: torch.Tensor, digits: torch.Tensor) -> dict[str, Any]:
    """Cases whose answers every release of these weights has to give, wherever it runs."""
    cases = []
    for index, digit in enumerate(digits.tolist()):
        image = images[index : index + 1]
        with torch.inference_mode():
            logits = model(image)
        cases.append(
            {
                "name": f"image {index}, a {digit}",
                "inputs": [_tensor("image", image)],
                "outputs": [_tensor("logits", logits)],
            }
        )
    return {
        "apiVersion": "modelpier.io/v1",
        "kind": "Golden",
        "tolerance": {"absolute": 1e-4, "relative": 1e-4},
        "warmUps": 1,
        "repetitions": 5,
        "cases": cases,
    }


def _tensor(name: str, tensor: torch.Tensor) -> dict[str, Any]:
    data = tensor.flatten().tolist()
    return {"name": name, "datatype": "FP32", "shape": list(tensor.shape), "data": data}


def record(model_file: Path, facts: dict[str, Any]) -> None:
    """Replaces the two generated lines of model.yaml and leaves all others as they are."""
    metrics, training = facts["metrics"], facts["training"]
    lines = {
        "metrics": f"{{ accuracy: {metrics['accuracy']}, test_loss: {metrics['test_loss']} }}",
        "training": f"{{ framework: {training['framework']}, dataset: '{training['dataset']}' }}",
    }
    text = model_file.read_text()
    for key, value in lines.items():
        text, count = re.subn(rf"(?m)^  {key}: .*$", f"  {key}: {value}", text)
        if count != 1:
            raise SystemExit(f"{model_file}: expected one line '  {key}: ...', found {count}")
    model_file.write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(description="Export the trained perceptron.")
    parser.add_argument("--from", dest="source", type=Path, default=Path("."))
    parser.add_argument("--out", type=Path, default=Path("."))
    options = parser.parse_args()

    model = load_weights(options.source / "weights.pt")
    facts = json.loads((options.source / "metrics.json").read_text())
    exported = export(model, options.out / ARCHIVE)

    source = "mnist" if facts["training"]["dataset"] == "mnist" else "digits"
    held_out = load_digits(source, Path("data"))
    images = held_out.test_images
    with torch.inference_mode():
        difference = float((exported(images) - model(images)).abs().max())
    if difference > 1e-5:
        raise SystemExit(f"the exported model answers differently: by up to {difference}")

    folder = options.out / "golden"
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in zip(("input", "output"), golden(model, images[:GOLDEN_IMAGES])):
        (folder / f"{name}.json").write_text(json.dumps(document) + "\n")
    cases = golden_file(model, images[:GOLDEN_IMAGES], held_out.test_digits[:GOLDEN_IMAGES])
    (options.out / "golden.json").write_text(json.dumps(cases) + "\n")
    if (options.out / "model.yaml").is_file():
        record(options.out / "model.yaml", facts)
    print(f"{options.out / ARCHIVE}: largest difference {difference} over {len(images)} images")


if __name__ == "__main__":
    main()

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import models
from modelpier_torchscript.failure import ModelError
from modelpier_torchscript.model import Model, load_model
from modelpier_torchscript.model_folder import find_model
from modelpier_torchscript.settings import read_settings
from modelpier_torchscript.warm_up import warm_up


def spec(name: str, datatype: str, *shape: int) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": list(shape)}


def declare(inputs: list[dict[str, Any]], outputs: list[dict[str, Any]]) -> tuple[str, str]:
    return json.dumps({"inputs": inputs, "outputs": outputs}), "MODELPIER_SIGNATURE"


def load(module: torch.nn.Module, folder: Path, signature: tuple[str, str] | None = None) -> Model:
    return load_model(models.save(module, folder), signature, "cpu")


def test_without_a_signature_the_arguments_and_results_are_found(tmp_path: Path) -> None:
    signature = load(models.Pair(), tmp_path).signature
    assert [spec.name for spec in signature.inputs] == ["a", "b"]
    assert [spec.name for spec in signature.outputs] == ["output_0", "output_1"]
    assert not signature.is_declared
    assert signature.inputs[0].as_metadata() == spec("a", "FP32", -1)


def test_outputs_take_their_names_by_position_and_come_as_asked_for(tmp_path: Path) -> None:
    signature = declare(
        [spec("a", "FP32", -1), spec("b", "FP32", -1)],
        [spec("sum", "FP32", -1), spec("difference", "FP32", -1)],
    )
    model = load(models.Pair(), tmp_path, signature)
    values = [torch.tensor([5.0]), torch.tensor([3.0])]
    answered = {output["name"]: output["data"] for output in model.infer(values, None)}
    assert answered == {"sum": [8.0], "difference": [2.0]}
    assert [output["name"] for output in model.infer(values, ["difference"])] == ["difference"]


def test_a_dictionary_names_its_outputs_itself(tmp_path: Path) -> None:
    outputs = load(models.Named(), tmp_path).infer([torch.tensor([3.0, 1.0])], None)
    assert {output["name"]: output["data"] for output in outputs} == {"low": [1.0], "high": [3.0]}


def test_text_goes_in_and_out(tmp_path: Path) -> None:
    signature = declare([spec("words", "BYTES", -1)], [spec("loud", "BYTES", -1)])
    model = load(models.Shout(), tmp_path, signature)
    assert model.infer([["a", "b"]], None)[0]["data"] == ["a!", "b!"]
    assert warm_up(model, None)


def test_a_failure_inside_the_model_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^the model failed: .*cannot be multiplied.*$"):
        load(models.Narrow(), tmp_path).infer([torch.ones(1, 4)], None)


def test_a_file_that_is_not_torchscript_is_told_in_a_line(tmp_path: Path) -> None:
    archive = tmp_path / "model.pt"
    archive.write_text("not a model")
    with pytest.raises(ModelError, match="cannot load .*model.pt as TorchScript: ") as caught:
        load_model(archive, None, "cpu")
    assert "\n" not in str(caught.value)


def test_weights_without_a_program_cannot_be_served(tmp_path: Path) -> None:
    archive = tmp_path / "model.pt"
    torch.save({"weight": torch.ones(1)}, archive)
    with pytest.raises(ModelError, match="cannot load"):
        load_model(archive, None, "cpu")


def test_a_signature_of_other_arguments_is_refused(tmp_path: Path) -> None:
    signature = declare([spec("a", "FP32", -1)], [spec("y", "FP32", -1)])
    with pytest.raises(ModelError, match=r"declares 1 inputs, the model's forward takes 2 \(a, b\)"):
        load(models.Pair(), tmp_path, signature)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "MODELPIER_SIGNATURE is not JSON"),
        ("[]", "expected an object"),
        ("{}", "inputs: expected a list of tensors"),
        ('{"inputs": [{}]}', r"inputs\[0\].name: expected a name"),
        ('{"inputs": [{"name": "x", "datatype": "FLOAT"}]}', r"inputs\[0\].datatype: expected one of"),
        ('{"inputs": [{"name": "x", "datatype": "FP32", "shape": [-2]}]}', r"inputs\[0\].shape"),
    ],
)
def test_a_bad_signature_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        load(models.Double(), tmp_path, (text, "MODELPIER_SIGNATURE"))


def test_the_warm_up_asks_with_zeros_of_the_declared_shape(tmp_path: Path) -> None:
    signature = declare([spec("x", "FP32", -1, 2)], [spec("y", "FP32", -1, 2)])
    assert warm_up(load(models.Double(), tmp_path, signature), None)


def test_the_warm_up_prefers_the_golden_request(tmp_path: Path) -> None:
    signature = declare([spec("x", "FP32", -1)], [spec("y", "FP32", -1)])
    model = load(models.Inverse(), tmp_path, signature)
    with pytest.raises(ModelError, match="warm-up request failed: .*NaN or infinity"):
        warm_up(model, None)
    golden = tmp_path / "golden.json"
    golden.write_text(json.dumps({"inputs": [{**spec("x", "FP32", 1), "data": [4]}]}))
    assert warm_up(model, golden)


def test_there_is_nothing_to_warm_up_with_without_a_signature(tmp_path: Path) -> None:
    assert not warm_up(load(models.Double(), tmp_path), None)


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ([spec("y", "FP64", -1)], r"'y' is declared as FP64 \[-1\], the model answers FP32 \[1\]"),
        ([spec("y", "FP32", -1, 10)], r"declared as FP32 \[-1, 10\], the model answers FP32 \[1\]"),
        ([spec("y", "FP32", -1), spec("z", "FP32", -1)], "answers 1 outputs, it declares 2"),
    ],
)
def test_a_model_that_answers_other_than_declared_never_warms_up(
    tmp_path: Path, outputs: list[dict[str, Any]], reason: str
) -> None:
    model = load(models.Double(), tmp_path, declare([spec("x", "FP32", -1)], outputs))
    with pytest.raises(ModelError, match=reason):
        warm_up(model, None)


def find(root: Path, **environment: str) -> Any:
    given = {f"MODELPIER_{key}": value for key, value in environment.items()}
    return find_model(read_settings({"MODELPIER_MODELS_ROOT": str(root), **given}))


def test_the_only_model_folder_is_found(tmp_path: Path) -> None:
    archive = models.save(models.Double(), tmp_path / "digits")
    found = find(tmp_path)
    assert (found.name, found.archive, found.signature) == ("digits", archive, None)


def test_the_named_folder_its_signature_and_golden_request_are_found(tmp_path: Path) -> None:
    models.save(models.Double(), tmp_path / "other")
    folder = models.save(models.Double(), tmp_path / "digits").parent
    (folder / "model.pt").rename(folder / "digits.pt")
    (folder / "signature.json").write_text("{}")
    (folder / "golden").mkdir()
    (folder / "golden" / "input.json").write_text("{}")
    found = find(tmp_path, MODEL_NAME="digits")
    assert found.archive == folder / "digits.pt"
    assert found.signature == ("{}", str(folder / "signature.json"))
    assert found.golden_request == folder / "golden" / "input.json"
    assert find(tmp_path, MODEL_NAME="digits", SIGNATURE="[]").signature == ("[]", "MODELPIER_SIGNATURE")


def test_a_model_may_be_elsewhere_under_another_name(tmp_path: Path) -> None:
    archive = models.save(models.Double(), tmp_path / "srv" / "v1")
    assert find(tmp_path, MODEL_NAME="digits", MODEL_PATH=str(archive.parent)).archive == archive
    assert find(tmp_path, MODEL_NAME="digits", MODEL_PATH=str(archive)).archive == archive


def test_nothing_and_too_much_are_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no model folder in"):
        find(tmp_path)
    with pytest.raises(ModelError, match="cannot read .*nowhere: No such file"):
        find(tmp_path / "nowhere")
    (tmp_path / "a").mkdir()
    with pytest.raises(ModelError, match="there is no TorchScript file in"):
        find(tmp_path)
    (tmp_path / "b").mkdir()
    with pytest.raises(ModelError, match=r"\(a, b\): name one in MODELPIER_MODEL_NAME"):
        find(tmp_path)

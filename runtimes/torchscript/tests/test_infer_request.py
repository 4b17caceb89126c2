from __future__ import annotations

import json
from typing import Any

import pytest

from modelpier_torchscript.failure import RequestError
from modelpier_torchscript.infer_request import parse_infer_request
from modelpier_torchscript.signature import Signature, TensorSpec

SIGNATURE = Signature(
    inputs=(TensorSpec("a", "FP32", (-1, 2)), TensorSpec("b", "INT64", (1,))),
    outputs=(TensorSpec("y", "FP32", (-1,)), TensorSpec("z", "FP32", (-1,))),
)
A = {"name": "a", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}
B = {"name": "b", "datatype": "INT64", "shape": [1], "data": [3]}


def parse(value: Any) -> Any:
    return parse_infer_request(json.dumps(value).encode(), SIGNATURE)


def refusal(body: Any) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(RequestError) as caught:
        parse_infer_request(raw, SIGNATURE)
    assert caught.value.status == 400
    return caught.value.message


def test_values_come_in_the_order_of_the_models_arguments() -> None:
    request = parse({"id": "7", "inputs": [B, A], "outputs": [{"name": "z"}, {"name": "y"}]})
    assert request.id == "7"
    assert [value.tolist() for value in request.values] == [[[1, 2]], [3]]
    assert request.outputs == ["z", "y"]


@pytest.mark.parametrize("outputs", [{}, {"outputs": None}, {"outputs": []}])
def test_no_output_named_means_all(outputs: dict[str, Any]) -> None:
    assert parse({"inputs": [A, B], **outputs}).outputs is None


def test_parameters_are_allowed_everywhere_the_protocol_has_them() -> None:
    parameters = {"text": "a", "number": 1.5, "flag": True}
    parse(
        {
            "parameters": parameters,
            "inputs": [{**A, "parameters": parameters}, B],
            "outputs": [{"name": "y", "parameters": parameters}],
        }
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b'{"inputs": [', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"inputs": [NaN]}', "NaN is not a JSON number"),
        (b'{"inputs": [-Infinity]}', "-Infinity is not a JSON number"),
        ([], "must be a JSON object"),
        ("text", "must be a JSON object"),
        ({}, "has no inputs"),
        ({"inputs": {}}, "inputs must be a list"),
        ({"inputs": [1]}, "must be an object with a name"),
        ({"inputs": [{"name": 1}]}, "must be an object with a name"),
        ({"inputs": [A]}, "lacks input 'b'"),
        ({"inputs": []}, "lacks input 'a', 'b'"),
        ({"inputs": [A, A, B]}, "'a' is given twice"),
        ({"inputs": [A, B, {"name": "c"}]}, "no input 'c'; it has a, b"),
        ({"id": 7, "inputs": [A, B]}, "id must be a string"),
        ({"parameters": [], "inputs": [A, B]}, "parameters of the request must be an object"),
        ({"parameters": {"p": []}, "inputs": [A, B]}, "parameter 'p' of the request"),
        ({"inputs": [{**A, "parameters": {"p": {}}}, B]}, "parameter 'p' of input 'a'"),
        ({"inputs": [A, B], "outputs": {}}, "outputs must be a list"),
        ({"inputs": [A, B], "outputs": [{"name": "x"}]}, "no output 'x'; it has y, z"),
        ({"inputs": [A, B], "outputs": [{"name": "y"}] * 2}, "'y' is given twice"),
    ],
)
def test_a_request_out_of_form_is_refused_with_its_reason(body: Any, reason: str) -> None:
    assert reason in refusal(body)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"datatype": "FLOAT"}, "datatype must be one of BOOL, UINT8"),
        ({"datatype": "FP64"}, "datatype must be FP32, got FP64"),
        ({"datatype": ["FP32"]}, "datatype must be one of"),
        ({"shape": [2]}, "shape must be [-1, 2] (-1: any), got [2]"),
        ({"shape": [1, 3], "data": [1, 2, 3]}, "shape must be [-1, 2] (-1: any), got [1, 3]"),
        ({"shape": [-1, 2]}, "shape must be a list of sizes from 0"),
        ({"shape": [True, 2]}, "shape must be a list of sizes from 0"),
        ({"shape": [1.0, 2]}, "shape must be a list of sizes from 0"),
        ({"shape": "2"}, "shape must be a list of sizes from 0"),
        ({"data": None}, "data must be a list"),
    ],
)
def test_an_input_out_of_form_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    assert reason in refusal({"inputs": [{**A, **change}, B]})


def test_an_input_without_data_is_refused() -> None:
    assert "has no data" in refusal({"inputs": [{k: A[k] for k in ("name", "datatype", "shape")}, B]})


def test_an_undeclared_input_takes_any_type_and_shape() -> None:
    undeclared = Signature((TensorSpec("x", "FP32", None),), SIGNATURE.outputs)
    body = {"inputs": [{"name": "x", "datatype": "INT8", "shape": [1, 1, 1], "data": [1]}]}
    (value,) = parse_infer_request(json.dumps(body).encode(), undeclared).values
    assert list(value.shape) == [1, 1, 1]

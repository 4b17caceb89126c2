from __future__ import annotations

from typing import Any

import pytest
import torch

from modelpier_torchscript.datatype import BY_NAME
from modelpier_torchscript.failure import ModelError, RequestError
from modelpier_torchscript.tensor_codec import decode_tensor, encode_value


def refusal(data: Any, datatype: str, shape: list[int]) -> str:
    with pytest.raises(RequestError) as caught:
        decode_tensor(data, datatype, shape, "x")
    assert caught.value.status == 400
    return caught.value.message


def test_flat_and_nested_data_are_the_same_tensor() -> None:
    flat = decode_tensor([1, 2, 3, 4, 5, 6], "FP32", [2, 3], "x")
    nested = decode_tensor([[1, 2, 3], [4, 5, 6]], "FP32", [2, 3], "x")
    assert torch.equal(flat, nested)
    assert flat.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "BOOL"])
def test_each_number_type_arrives_in_its_torch_type(name: str) -> None:
    tensor = decode_tensor([0, 1, 7], name, [3], "x")
    assert tensor.dtype == BY_NAME[name].torch_type
    assert tensor.tolist() == [0, 1, 7]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("UINT8", 0, 2**8 - 1),
        ("UINT16", 0, 2**16 - 1),
        ("UINT32", 0, 2**32 - 1),
        ("UINT64", 0, 2**63 - 1),
        ("INT8", -(2**7), 2**7 - 1),
        ("INT16", -(2**15), 2**15 - 1),
        ("INT32", -(2**31), 2**31 - 1),
        ("INT64", -(2**63), 2**63 - 1),
    ],
)
def test_an_integer_type_holds_its_bounds_and_nothing_beyond(name: str, least: int, most: int) -> None:
    assert decode_tensor([least, most], name, [2], "x").tolist() == [least, most]
    assert f"outside of {name}" in refusal([least - 1], name, [1])
    assert f"outside of {name}" in refusal([most + 1], name, [1])


def test_integers_beyond_2_to_the_53_stay_exact_both_ways() -> None:
    exact = [2**53 + 1, -(2**62) - 1]
    tensor = decode_tensor(exact, "INT64", [2], "x")
    assert encode_value(tensor, "y")["data"] == exact


def test_booleans_are_not_numbers_and_numbers_are_not_booleans() -> None:
    assert decode_tensor([True, False], "BOOL", [2], "x").tolist() == [True, False]
    assert "element 1 is not a BOOL" in refusal([True, 1], "BOOL", [2])
    assert "element 0 is not a INT32" in refusal([True], "INT32", [1])
    assert "element 0 is not a FP32" in refusal([False], "FP32", [1])


@pytest.mark.parametrize("stranger", ["1", None, {}, 1.5])
def test_an_integer_tensor_takes_integers_only(stranger: Any) -> None:
    assert "element 1 is not a INT64" in refusal([1, stranger], "INT64", [2])


@pytest.mark.parametrize(("name", "number"), [("FP16", 70000), ("FP32", 1e39), ("FP64", 10**400)])
def test_a_real_type_refuses_what_would_become_infinite(name: str, number: float) -> None:
    assert f"outside of {name}" in refusal([number], name, [1])


def test_a_huge_number_is_not_spelled_out_in_the_error() -> None:
    assert "a number of 400 digits" in refusal([10**399 + 1], "INT64", [1])


@pytest.mark.parametrize(
    ("data", "shape", "reason"),
    [
        ([1, 2, 3], [2, 2], "holds 4 elements, data has 3"),
        ([1, 2, 3, 4, 5], [2, 2], "holds 4 elements, data has 5"),
        ([[1, 2], [3]], [2, 2], "not nested as its shape"),
        ([[1], [2, 3, 4]], [2, 2], "not nested as its shape"),
        ([[1, 2], 3], [2, 2], "not nested as its shape"),
        ([[[1, 2]], [[3, 4]]], [2, 2], "not nested as its shape"),
        ("1234", [4], "data must be a list"),
        (None, [1], "data must be a list"),
        ([], [0, 10**30], "not a shape a tensor can have"),
    ],
)
def test_data_that_does_not_fill_its_shape_is_refused(data: Any, shape: list[int], reason: str) -> None:
    assert reason in refusal(data, "FP32", shape)


def test_the_empty_batch_and_the_scalar_are_tensors_too() -> None:
    assert list(decode_tensor([], "FP32", [0, 4], "x").shape) == [0, 4]
    assert decode_tensor([3], "FP32", [], "x").item() == 3


def test_text_keeps_its_shape_as_nested_lists() -> None:
    assert decode_tensor(["a", "b"], "BYTES", [2], "x") == ["a", "b"]
    assert decode_tensor(["a", "b", "c", "d"], "BYTES", [2, 2], "x") == [["a", "b"], ["c", "d"]]
    assert decode_tensor([["é"], [""]], "BYTES", [2, 1], "x") == [["é"], [""]]
    assert "element 1 is not a BYTES" in refusal(["a", 1], "BYTES", [2])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (torch.tensor([[1.5, -2.0]]), ("FP32", [1, 2], [1.5, -2.0])),
        (torch.tensor([True, False]), ("BOOL", [2], [True, False])),
        (torch.tensor(7, dtype=torch.int16), ("INT16", [], [7])),
        (torch.tensor([0.5], dtype=torch.float16), ("FP16", [1], [0.5])),
        (torch.tensor([0.5], dtype=torch.bfloat16), ("FP32", [1], [0.5])),
        (torch.eye(2).to_sparse(), ("FP32", [2, 2], [1.0, 0.0, 0.0, 1.0])),
        (torch.tensor([[1, 2], [3, 4]]).t(), ("INT64", [2, 2], [1, 3, 2, 4])),
        (["a", "b"], ("BYTES", [2], ["a", "b"])),
        ("a", ("BYTES", [1], ["a"])),
        (3, ("INT64", [1], [3])),
        (True, ("BOOL", [1], [True])),
        (0.25, ("FP64", [1], [0.25])),
    ],
)
def test_a_result_is_encoded_row_major(value: Any, expected: tuple[str, list[int], list[Any]]) -> None:
    datatype, shape, data = expected
    assert encode_value(value, "y") == {
        "name": "y",
        "datatype": datatype,
        "shape": shape,
        "data": data,
    }


def test_a_declared_unsigned_type_names_the_signed_one_that_carries_it() -> None:
    carried = torch.tensor([4_000_000_000])
    assert encode_value(carried, "y", "UINT32")["datatype"] == "UINT32"
    assert encode_value(carried, "y", "FP32")["datatype"] == "INT64"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_result_that_json_cannot_carry_is_an_error(value: float) -> None:
    with pytest.raises(RequestError, match="NaN or infinity") as caught:
        encode_value(torch.tensor([0.0, value]), "y")
    assert caught.value.status == 500


@pytest.mark.parametrize("value", [torch.tensor([1 + 2j]), {"a": 1}, [1, "a"], None])
def test_a_result_without_a_protocol_type_is_an_error(value: Any) -> None:
    with pytest.raises(ModelError, match="cannot carry"):
        encode_value(value, "y")

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import models
from server_process import Reply, Server, read_reply, serving

SIGNATURE = json.dumps(
    {
        "inputs": [{"name": "x", "datatype": "INT64", "shape": [-1]}],
        "outputs": [{"name": "y", "datatype": "INT64", "shape": [-1]}],
    }
)
INFER = "/v2/models/same/infer"


def request(*numbers: int, **fields: Any) -> dict[str, Any]:
    tensor = {"name": "x", "datatype": "INT64", "shape": [len(numbers)], "data": list(numbers)}
    return {"inputs": [tensor], **fields}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("models")
    models.save(models.Same(), root / "same")
    limits = {"MAX_BODY_BYTES": "10000", "BODY_TIMEOUT_SECONDS": "1"}
    with serving(root, MODEL_VERSION="1.0", SIGNATURE=SIGNATURE, **limits) as running:
        yield running


def test_says_that_it_lives_and_is_ready(server: Server) -> None:
    assert server.ask("GET", "/v2/health/live").json == {"live": True}
    assert server.ask("GET", "/v2/health/ready").json == {"live": True, "ready": True}
    for path in ("/v2/models/same/ready", "/v2/models/same/versions/1.0/ready"):
        assert server.ask("GET", path).json == {"name": "same", "ready": True}


def test_describes_itself_with_and_without_the_slash(server: Server) -> None:
    described = server.ask("GET", "/v2").json
    assert described["name"] == "modelpier-torchscript"
    assert described["extensions"] == []
    assert server.ask("GET", "/v2/").json == described


def test_describes_its_model(server: Server) -> None:
    expected = {
        "name": "same",
        "versions": ["1.0"],
        "platform": "pytorch_torchscript",
        **json.loads(SIGNATURE),
    }
    assert server.ask("GET", "/v2/models/same").json == expected
    assert server.ask("GET", "/v2/models/same/versions/1.0").json == expected


def test_answers_an_inference_exactly(server: Server) -> None:
    big = 2**53 + 1
    for path in (INFER, "/v2/models/same/versions/1.0/infer"):
        reply = server.ask("POST", path, request(1, big, id="é"))
        assert reply.headers["content-type"] == "application/json"
        assert reply.json == {
            "model_name": "same",
            "model_version": "1.0",
            "id": "é",
            "outputs": [{"name": "y", "datatype": "INT64", "shape": [2], "data": [1, big]}],
        }


def test_sends_no_id_where_none_was_given(server: Server) -> None:
    assert "id" not in server.ask("POST", INFER, request(1)).json


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v2/models/other", 404),
        ("GET", "/v2/models/other/ready", 404),
        ("GET", "/v2/models/same/versions/2.0", 404),
        ("GET", "/v2/models/same/versions/2.0/ready", 404),
        ("POST", "/v2/models/other/infer", 404),
        ("POST", "/v2/models/same/versions/2.0/infer", 404),
        ("GET", "/v2/models/same/", 404),
        ("GET", INFER, 405),
        ("POST", "/v2/health/live", 405),
        ("DELETE", "/v2/models/same", 405),
        ("POST", "/metrics", 405),
        ("POST", INFER, 400),
    ],
)
def test_every_error_has_the_protocols_form(
    server: Server, method: str, path: str, status: int
) -> None:
    reply = server.ask(method, path, b"")
    assert (reply.status, reply.headers["content-type"]) == (status, "application/json")
    assert isinstance(reply.json["error"], str)
    assert ("allow" in reply.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/same"])
def test_head_answers_as_get_without_a_body(server: Server, path: str) -> None:
    reply = server.ask("HEAD", path)
    assert (reply.status, reply.body) == (200, b"")


def test_a_body_over_the_limit_is_refused_announced_or_not(server: Server) -> None:
    too_much = b" " * 10_001
    assert server.ask("POST", INFER, too_much).status == 413
    connection = server.connect()
    connection.request("POST", INFER, iter([too_much] * 50), encode_chunked=True)
    reply = read_reply(connection)
    assert reply.status == 413
    assert reply.json == {"error": "the request is larger than 10000 bytes"}


def test_a_body_that_does_not_come_is_given_up(server: Server) -> None:
    connection = server.connect()
    connection.putrequest("POST", INFER)
    connection.putheader("content-length", "10")
    connection.endheaders(b"{")
    assert read_reply(connection).status == 408


def test_encodings_it_cannot_read_are_refused(server: Server) -> None:
    assert server.ask("POST", INFER, b"", {"content-encoding": "gzip"}).status == 415
    binary = {"inference-header-content-length": "2"}
    assert "binary tensor data" in server.ask("POST", INFER, b"{}", binary).json["error"]


def metric(server: Server, series: str) -> float:
    lines = server.ask("GET", "/metrics").body.decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))


def test_counts_what_it_answers(server: Server) -> None:
    labels = 'model="same",version="1.0"'
    answered = f'modelpier_requests_total{{code="200",{labels}}}'
    refused = 'modelpier_request_errors_total{model="same",side="client",version="1.0"}'
    inferred = f"modelpier_inference_duration_seconds_count{{{labels}}}"
    before = [metric(server, series) for series in (answered, refused, inferred)]
    server.ask("POST", INFER, request(1))
    server.ask("POST", INFER, b"{")
    after = [metric(server, series) for series in (answered, refused, inferred)]
    assert [now - then for now, then in zip(after, before)] == [1, 1, 1]
    assert metric(server, f"modelpier_requests_in_flight{{{labels}}}") == 0
    assert metric(server, f"modelpier_model_ready{{{labels}}}") == 1
    assert 0 < metric(server, f"modelpier_model_load_seconds{{{labels}}}") < 60
    content_type = server.ask("GET", "/metrics").headers["content-type"]
    assert content_type.startswith("text/plain; version=")


def test_a_server_without_a_version_speaks_of_none(tmp_path: Path) -> None:
    models.save(models.Same(), tmp_path / "same")
    with serving(tmp_path) as server:
        assert "versions" not in server.ask("GET", "/v2/models/same").json
        answered = server.ask("POST", INFER, request(1)).json
        assert "model_version" not in answered
        assert answered["outputs"][0]["name"] == "output_0"
        assert server.ask("GET", "/v2/models/same/versions/1").status == 404


def test_a_failure_inside_the_model_is_answered_logged_and_survived(tmp_path: Path) -> None:
    models.save(models.Narrow(), tmp_path / "narrow")
    with serving(tmp_path) as server:
        tensor = {"name": "x", "datatype": "FP32", "shape": [1, 4], "data": [1, 1, 1, 1]}
        reply = server.ask("POST", "/v2/models/narrow/infer", {"inputs": [tensor]})
        assert reply.status == 500
        assert reply.json["error"].startswith("the model failed: ")
        assert server.ask("GET", "/v2/health/ready").status == 200
        server.terminate()
        code, log = server.end()
        assert code == 0
        failed = [line for line in log if line["event"] == "request failed"]
        assert [line["reason"] for line in failed] == [reply.json["error"]]


def held_request(server: Server) -> http.client.HTTPConnection:
    """A request that the server holds because its last byte is still to come."""
    before = metric(server, "modelpier_requests_in_flight")
    connection = server.connect()
    connection.putrequest("POST", INFER)
    body = json.dumps(request(1)).encode()
    connection.putheader("content-length", str(len(body)))
    connection.endheaders(body[:-1])
    limit = time.monotonic() + 10
    while metric(server, "modelpier_requests_in_flight") == before and time.monotonic() < limit:
        time.sleep(0.01)
    return connection


def finish(held: http.client.HTTPConnection) -> Reply:
    held.send(b"}")
    return read_reply(held)


def test_sigterm_finishes_what_was_begun_and_ends_with_0(tmp_path: Path) -> None:
    models.save(models.Same(), tmp_path / "same")
    with serving(tmp_path) as server:
        held = held_request(server)
        server.terminate()
        wait_until_refused(server)
        assert finish(held).status == 200
        code, log = server.end()
    assert code == 0
    assert [line["event"] for line in log] == ["starting", "model ready", "shutting down", "ended"]


def wait_until_refused(server: Server) -> None:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            server.ask("GET", "/v2/health/live")
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail("the server still accepts connections")


def test_after_sigterm_it_is_not_ready_but_serves_for_the_delay(tmp_path: Path) -> None:
    models.save(models.Same(), tmp_path / "same")
    with serving(tmp_path, SHUTDOWN_DELAY_SECONDS="1.5") as server:
        server.terminate()
        server.wait_for("/v2/health/ready", 503)
        assert server.ask("GET", "/v2/health/live").status == 200
        reply = server.ask("POST", INFER, request(1))
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert server.end()[0] == 0


def test_a_request_that_never_ends_is_cut_off_after_the_drain_timeout(tmp_path: Path) -> None:
    models.save(models.Same(), tmp_path / "same")
    with serving(tmp_path, DRAIN_TIMEOUT_SECONDS="0.5") as server:
        held = held_request(server)
        started = time.monotonic()
        server.terminate()
        code, log = server.end()
        assert time.monotonic() - started < 20  # the body's own timeout is 30
        held.close()
    assert code == 0
    assert "ended with requests unanswered" in [line["event"] for line in log]


def test_more_requests_than_it_holds_are_told_to_come_back(tmp_path: Path) -> None:
    models.save(models.Same(), tmp_path / "same")
    with serving(tmp_path, MAX_CONCURRENCY="1") as server:
        held = held_request(server)
        refused = server.ask("POST", INFER, request(1))
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert "busy" in refused.json["error"]
        assert server.ask("GET", "/v2/health/ready").status == 200
        assert finish(held).status == 200
        assert server.ask("POST", INFER, request(1)).status == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a model", "cannot load .*model.pt as TorchScript"),
        (None, "there is no TorchScript file in"),
    ],
)
def test_a_model_that_cannot_be_loaded_ends_the_process(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    (tmp_path / "broken").mkdir()
    if content is not None:
        (tmp_path / "broken" / "model.pt").write_bytes(content)
    code, log = Server(tmp_path, {}).end()
    assert code == 1
    assert (log[-1]["level"], log[-1]["event"]) == ("error", "cannot serve the model")
    assert re.search(reason, log[-1]["reason"])


def test_a_model_that_breaks_its_signature_ends_the_process_before_it_is_ready(tmp_path: Path) -> None:
    models.save(models.Double(), tmp_path / "same")
    signature = SIGNATURE.replace('"shape": [-1]}]}', '"shape": [-1, 10]}]}')
    code, log = Server(tmp_path, {"SIGNATURE": signature}).end()
    assert code == 1
    assert "'y' is declared as INT64 [-1, 10], the model answers INT64 [1]" in log[-1]["reason"]

"""Runs the server as a container does: a process of its own, told by its environment only."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE_ROOT = Path(__file__).parent.parent
START_TIMEOUT_S = 60


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A running server process."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.port = _free_port()
        given = {f"MODELPIER_{key}": value for key, value in environment.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelpier_torchscript"],
            cwd=PACKAGE_ROOT,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "MODELPIER_HOST": "127.0.0.1",
                "MODELPIER_PORT": str(self.port),
                "MODELPIER_MODELS_ROOT": str(root),
                "MODELPIER_SHUTDOWN_DELAY_SECONDS": "0",
                **given,
            },
            stderr=subprocess.PIPE,
        )

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Reply:
        connection = self.connect()
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, headers or {})
        reply = read_reply(connection)
        connection.close()
        return reply

    def wait_until_ready(self) -> None:
        self.wait_for("/v2/health/ready", 200)

    def wait_for(self, path: str, status: int) -> None:
        limit = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                if self.ask("GET", path).status == status:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"{path} never answered {status}: {self.end()[1]}")

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """The exit code and the log lines, each of which must be a JSON object."""
        try:
            _, log = self.process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, log = self.process.communicate()
        return self.process.returncode, [json.loads(line) for line in log.splitlines()]


def read_reply(connection: http.client.HTTPConnection) -> Reply:
    response = connection.getresponse()
    headers = {key.lower(): value for key, value in response.getheaders()}
    return Reply(response.status, headers, response.read())


@contextmanager
def serving(root: Path, **environment: str) -> Iterator[Server]:
    """A server that is ready; ended when the test is."""
    server = Server(root, environment)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

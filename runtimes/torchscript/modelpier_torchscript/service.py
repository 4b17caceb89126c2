"""The served model over its life: loading, ready, draining."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .failure import ModelError, RequestError
from .infer_request import parse_infer_request
from .log import log
from .metrics import Metrics
from .model import Model, load_model
from .model_folder import ModelFolder
from .settings import Settings
from .warm_up import warm_up


class Service:
    """Answers inference requests once its model has answered its warm-up."""

    def __init__(self, settings: Settings, folder: ModelFolder) -> None:
        self.settings = settings
        self.name = folder.name
        self.version = settings.model_version
        self.metrics = Metrics(folder.name, settings.model_version or "")
        self._folder = folder
        self._model: Model | None = None
        self.is_draining = False
        self._held = 0
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="inference")

    @property
    def is_ready(self) -> bool:
        """Whether new requests should be sent here."""
        return self._model is not None and not self.is_draining

    async def load(self) -> None:
        """Loads and warms up the model, off the event loop so that liveness is answered meanwhile."""
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        self._model, warmed = await loop.run_in_executor(self._threads, self._load_now)
        seconds = time.monotonic() - started
        self.metrics.load_seconds.set(seconds)
        self.metrics.ready.set(1)
        log(
            "info",
            "model ready",
            model=self.name,
            version=self.version,
            archive=str(self._folder.archive),
            seconds=round(seconds, 3),
            warmed_up=warmed,
        )

    def _load_now(self) -> tuple[Model, bool]:
        model = load_model(self._folder.archive, self._folder.signature, self.settings.device)
        warmed = self.settings.warm_up and warm_up(model, self._folder.golden_request)
        return model, warmed

    def drain(self) -> None:
        """From now on not ready; requests that still come are served."""
        self.is_draining = True
        self.metrics.ready.set(0)

    def metadata(self) -> dict[str, Any]:
        """The protocol's model metadata; 503 until the model is loaded."""
        signature = self._loaded().signature
        versions = {} if self.version is None else {"versions": [self.version]}
        return {
            "name": self.name,
            **versions,
            "platform": self.settings.platform,
            "inputs": [spec.as_metadata() for spec in signature.inputs],
            "outputs": [spec.as_metadata() for spec in signature.outputs],
        }

    def check(self, name: str, version: str | None) -> None:
        """404 for a model or a version that is not the served one."""
        if name != self.name:
            raise RequestError(404, f"there is no model {name!r}; this server serves {self.name!r}")
        if version is not None and version != self.version:
            serves = f"it serves {self.version!r}" if self.version else "it has no versions"
            raise RequestError(404, f"model {name!r} has no version {version!r}; {serves}")

    def enter(self) -> None:
        """Takes a place for a request; 503 when all are taken."""
        if self._held >= self.settings.max_concurrency:
            raise RequestError(503, f"busy: {self._held} requests are held already; try again")
        self._held += 1
        self.metrics.in_flight.set(self._held)

    def leave(self) -> None:
        """Gives the place back."""
        self._held -= 1
        self.metrics.in_flight.set(self._held)

    async def infer(self, body: bytes) -> bytes:
        """The response to a request's body, computed off the event loop."""
        model = self._loaded()
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._infer_now, model, body
        )

    def _infer_now(self, model: Model, body: bytes) -> bytes:
        request = parse_infer_request(body, model.signature)
        try:
            with self.metrics.inference_seconds.time():
                outputs = model.infer(request.values, request.outputs)
        except ModelError as error:
            raise RequestError(500, str(error)) from error
        response = {
            "model_name": self.name,
            **({} if self.version is None else {"model_version": self.version}),
            **({} if request.id is None else {"id": request.id}),
            "outputs": outputs,
        }
        return json.dumps(response, separators=(",", ":"), allow_nan=False).encode()

    def _loaded(self) -> Model:
        if self._model is None:
            raise RequestError(503, f"model {self.name!r} is still loading; try again")
        return self._model

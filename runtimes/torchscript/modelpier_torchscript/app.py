"""The routes of the Open Inference Protocol V2 (REST), and the metrics."""

from __future__ import annotations

import json
import time
from typing import Any, Optional

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException

from . import SERVER_NAME, SERVER_VERSION
from .body import read_body
from .failure import RequestError
from .log import log
from .service import Service

_READ = ["GET", "HEAD"]


def build_app(service: Service) -> FastAPI:
    """The HTTP application over a service."""
    # No slash redirects: a redirected POST loses its body in some clients. No generated
    # documentation pages: they load scripts from another host.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(RequestError, _answer_request_error)
    _add_health(app, service)
    _add_metadata(app, service)
    _add_inference(app, service)

    @app.api_route("/metrics", methods=_READ)
    async def metrics() -> Response:
        return Response(service.metrics.exposition(), headers={"content-type": CONTENT_TYPE_LATEST})

    return app


def _add_health(app: FastAPI, service: Service) -> None:
    @app.api_route("/v2/health/live", methods=_READ)
    async def live() -> Response:
        return _json({"live": True})

    @app.api_route("/v2/health/ready", methods=_READ)
    async def ready() -> Response:
        # The protocol's text shows "live" here and KServe answers "ready": both are given.
        return _json({"live": True, "ready": service.is_ready}, 200 if service.is_ready else 503)

    @app.api_route("/v2/models/{name}/ready", methods=_READ)
    @app.api_route("/v2/models/{name}/versions/{version}/ready", methods=_READ)
    async def model_ready(name: str, version: Optional[str] = None) -> Response:
        service.check(name, version)
        answer = {"name": name, "ready": service.is_ready}
        return _json(answer, 200 if service.is_ready else 503)


def _add_metadata(app: FastAPI, service: Service) -> None:
    @app.api_route("/v2", methods=_READ)
    @app.api_route("/v2/", methods=_READ)
    async def server() -> Response:
        return _json({"name": SERVER_NAME, "version": SERVER_VERSION, "extensions": []})

    @app.api_route("/v2/models/{name}", methods=_READ)
    @app.api_route("/v2/models/{name}/versions/{version}", methods=_READ)
    async def model(name: str, version: Optional[str] = None) -> Response:
        service.check(name, version)
        return _json(service.metadata())


def _add_inference(app: FastAPI, service: Service) -> None:
    @app.post("/v2/models/{name}/infer")
    @app.post("/v2/models/{name}/versions/{version}/infer")
    async def infer(request: Request, name: str, version: Optional[str] = None) -> Response:
        service.check(name, version)
        started = time.monotonic()
        response = await _infer(request, service)
        service.metrics.request_seconds.observe(time.monotonic() - started)
        service.metrics.count(response.status_code)
        if service.is_draining:
            # A kept connection would be cut between two requests; the next one goes elsewhere.
            response.headers["connection"] = "close"
        return response


async def _infer(request: Request, service: Service) -> Response:
    """Any failure becomes an answer here, so that each one is counted and none is a bare 500."""
    held = False
    try:
        service.enter()
        held = True
        limits = service.settings
        body = await read_body(request, limits.max_body_bytes, limits.body_timeout_s)
        return Response(await service.infer(body), media_type="application/json")
    except RequestError as error:
        return _failure(error, service)
    except Exception as error:  # what nobody foresaw must not show its insides to a caller
        log("error", "request failed", model=service.name, kind=type(error).__name__, reason=str(error))
        return _json({"error": "internal error"}, 500)
    finally:
        if held:
            service.leave()


def _failure(error: RequestError, service: Service) -> Response:
    if error.status >= 500:
        log("error", "request failed", model=service.name, status=error.status, reason=error.message)
    response = _json({"error": error.message}, error.status)
    if error.status == 503:
        response.headers["retry-after"] = "1"
    return response


async def _answer_request_error(_: Request, error: RequestError) -> Response:
    return _json({"error": error.message}, error.status)


async def _answer_http_error(request: Request, error: HTTPException) -> Response:
    """The router's own answers (404, 405) in the protocol's form."""
    reasons = {
        404: f"there is nothing at {request.url.path}",
        405: f"{request.method} is not allowed at {request.url.path}",
    }
    message = reasons.get(error.status_code, str(error.detail))
    return _json({"error": message}, error.status_code, dict(error.headers or {}))


def _json(value: Any, status: int = 200, headers: Optional[dict[str, str]] = None) -> Response:
    return Response(
        json.dumps(value, separators=(",", ":")), status, headers, media_type="application/json"
    )

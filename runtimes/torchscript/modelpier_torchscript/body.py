"""Reads a request's body within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from .failure import RequestError, bad_request

#: A client that is still sending cannot read an answer: so much is read on and forgotten.
DISCARD_BYTES = 64 * 1024 * 1024


async def read_body(request: Request, limit_bytes: int, timeout_s: float) -> bytes:
    """The whole body; 413 above the limit, 408 when it does not arrive in time."""
    encoding = request.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise RequestError(415, f"content encoding {encoding!r} is not supported; send plain JSON")
    if "inference-header-content-length" in request.headers:
        raise bad_request("the binary tensor data extension is not supported; send tensors as JSON")
    try:
        return await asyncio.wait_for(_read(request, limit_bytes), timeout_s)
    except asyncio.TimeoutError as error:
        raise RequestError(408, f"the body did not arrive within {timeout_s:g} s") from error
    except ClientDisconnect as error:
        raise bad_request("the client went away before its request was whole") from error


async def _read(request: Request, limit_bytes: int) -> bytes:
    too_large = RequestError(413, f"the request is larger than {limit_bytes} bytes")
    stream = request.stream()
    body = bytearray()
    async for chunk in stream:
        if len(body) + len(chunk) > limit_bytes:
            body.clear()
            await _discard(stream)
            raise too_large
        body += chunk
    return bytes(body)


async def _discard(stream: AsyncIterator[bytes]) -> None:
    discarded = 0
    async for chunk in stream:
        discarded += len(chunk)
        if discarded > DISCARD_BYTES:
            return

"""uvicorn with an orderly end: no request is lost while a load balancer still sends them."""

from __future__ import annotations

import asyncio
from types import FrameType
from typing import Optional

import uvicorn

from .log import log
from .service import Service


class DrainingServer(uvicorn.Server):
    """On SIGTERM: not ready, still serving for the delay, then no new connections, then the end."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._serving: Optional[asyncio.Task[None]] = None
        self._signals = 0

    async def serve_here(self) -> None:
        """Serves on the running event loop until told to end."""
        self._loop = asyncio.get_running_loop()
        self._serving = self._loop.create_task(self.serve())
        await asyncio.wait({self._serving})
        if self._serving.cancelled():
            log("warning", "ended with requests unanswered")
        else:
            self._serving.result()

    def handle_exit(self, sig: int, frame: Optional[FrameType]) -> None:
        """uvicorn's hook for SIGTERM and SIGINT; a second signal ends at once."""
        del frame  # newer versions call this as a plain signal handler, outside of the event loop
        self._signals += 1
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin_shutdown, sig, self._signals)

    def _begin_shutdown(self, sig: int, count: int) -> None:
        loop = asyncio.get_running_loop()
        if count > 1:
            self._cut_off()
            return
        settings = self._service.settings
        # Before it was ready nobody sent anything here, so there is nobody to wait for.
        delay_s = settings.shutdown_delay_s if self._service.is_ready else 0.0
        log("info", "shutting down", signal=sig, delay_seconds=delay_s)
        self._service.drain()
        loop.call_later(delay_s, self._stop_accepting)
        loop.call_later(delay_s + settings.drain_timeout_s, self._cut_off)

    def _stop_accepting(self) -> None:
        self.should_exit = True

    def _cut_off(self) -> None:
        # Not uvicorn's force_exit: since Python 3.12 closing waits for every connection even then.
        if self._serving is not None:
            self._serving.cancel()

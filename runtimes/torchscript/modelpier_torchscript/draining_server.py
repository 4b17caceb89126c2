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
        self._signals = 0

    async def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serves until told to end."""
        self._loop = loop
        await self.serve()

    def handle_exit(self, sig: int, frame: Optional[FrameType]) -> None:
        """uvicorn's hook for SIGTERM and SIGINT; a second signal ends at once."""
        del frame  # newer versions call this as a plain signal handler, outside of the event loop
        self._signals += 1
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin_shutdown, sig, self._signals)

    def _begin_shutdown(self, sig: int, count: int) -> None:
        loop = asyncio.get_running_loop()
        if count > 1:
            self._end(forced=True)
            return
        settings = self._service.settings
        # Before it was ready nobody sent anything here, so there is nobody to wait for.
        delay_s = settings.shutdown_delay_s if self._service.is_ready else 0.0
        log("info", "shutting down", signal=sig, delay_seconds=delay_s)
        self._service.drain()
        loop.call_later(delay_s, self._end, False)
        loop.call_later(delay_s + settings.drain_timeout_s, self._end, True)

    def _end(self, forced: bool) -> None:
        self.should_exit = True
        self.force_exit = self.force_exit or forced

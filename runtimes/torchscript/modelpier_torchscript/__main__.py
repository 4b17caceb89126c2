"""The entry: reads the environment, serves, and turns the outcome into an exit code."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping

from .failure import ModelError
from .last_words import leave_last_words
from .log import log, log_as_lines


def main(environment: Mapping[str, str]) -> int:
    """0 after an orderly end, 1 when the model cannot be served."""
    # The first process of a container ignores SIGTERM by default, and loading torch takes seconds.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    log_as_lines()
    try:
        asyncio.run(_serve(environment))
    except ModelError as error:
        log("error", "cannot serve the model", reason=str(error))
        leave_last_words(f"cannot serve the model: {error}")
        return 1
    except KeyboardInterrupt:
        return 0
    log("info", "ended")
    return 0


async def _serve(environment: Mapping[str, str]) -> None:
    # Imported here, after the signal handler stands: torch alone takes a second or more.
    import torch
    import uvicorn

    from .app import build_app
    from .cpu_limit import cpu_limit, thread_count, usable_cpus
    from .draining_server import DrainingServer
    from .model_folder import find_model
    from .service import Service
    from .settings import read_settings

    settings = read_settings(environment)
    threads = settings.threads or thread_count(cpu_limit(), usable_cpus())
    torch.set_num_threads(threads)
    service = Service(settings, find_model(settings))
    config = uvicorn.Config(
        build_app(service),
        host=settings.host,
        port=settings.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Above the 60 seconds of the usual load balancers: they must be the ones to close.
        timeout_keep_alive=65,
    )
    server = DrainingServer(config, service)
    log("info", "starting", model=service.name, port=settings.port, threads=threads)
    serving = asyncio.ensure_future(server.serve_here())
    loading = asyncio.ensure_future(service.load())
    await asyncio.wait({serving, loading}, return_when=asyncio.FIRST_COMPLETED)
    if loading.done() and loading.exception() is not None:
        server.should_exit = True
    await serving
    if loading.done():
        loading.result()


if __name__ == "__main__":
    # Not sys.exit: it would wait for the thread of a model that is still loading.
    os._exit(main(os.environ))

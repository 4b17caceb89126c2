"""One JSON object a line on standard error: a collector needs no rule to read it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any


def log(level: str, event: str, **facts: Any) -> None:
    """Writes one line; text of a request stays inside its JSON string and cannot forge a line."""
    time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    line = json.dumps({"time": time, "level": level, "event": event, **facts}, default=str)
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class _LineHandler(logging.Handler):
    """Brings what libraries log, with their tracebacks, into the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        log(record.levelname.lower(), "library", source=record.name, message=self.format(record))


def log_as_lines() -> None:
    """Sends the warnings and errors of libraries through ``log``."""
    logging.basicConfig(level=logging.WARNING, handlers=[_LineHandler()], force=True)

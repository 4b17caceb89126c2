"""The two ways in which serving fails: the caller's request, or the model itself."""

from __future__ import annotations


class RequestError(Exception):
    """A request that is answered with an HTTP error and ``{"error": message}``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ModelError(Exception):
    """The model is missing, cannot be loaded, or answers other than it declares."""


def bad_request(message: str) -> RequestError:
    """The protocol's usual answer to a request that cannot be served."""
    return RequestError(400, message)


def last_line(error: BaseException) -> str:
    """The gist of an error: TorchScript puts its reason under a page of interpreter trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__

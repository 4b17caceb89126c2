"""Small TorchScript models, each with one trait that the server must cope with."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Tuple

import torch


class Double(torch.nn.Module):
    """FP32 in, twice as much out."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


class Same(torch.nn.Module):
    """Gives back what it gets, of any type."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Pair(torch.nn.Module):
    """Two inputs, two outputs."""

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        return a + b, a - b


class Named(torch.nn.Module):
    """Names its outputs itself."""

    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        return {"low": x.min(), "high": x.max()}


class Shout(torch.nn.Module):
    """Text in, text out."""

    def forward(self, words: List[str]) -> List[str]:
        return [word + "!" for word in words]


class Inverse(torch.nn.Module):
    """Infinite for zero."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 1 / x


class Narrow(torch.nn.Module):
    """Fails inside the model for anything but three columns."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weight


def save(module: torch.nn.Module, folder: Path) -> Path:
    """Writes the module as a TorchScript archive, as an image holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "model.pt"
    torch.jit.script(module.eval()).save(str(archive))
    return archive

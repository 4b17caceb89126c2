"""Handwritten digits to learn from: MNIST where it can be had, scikit-learn's otherwise."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn.functional import interpolate


@dataclass(frozen=True)
class Digits:
    """Images of 784 pixels from 0 to 1, and the digits they show; ``test`` is never trained on."""

    dataset: str
    train_images: torch.Tensor
    train_digits: torch.Tensor
    test_images: torch.Tensor
    test_digits: torch.Tensor


def load_digits(source: str, folder: Path) -> Digits:
    """``mnist``, ``digits``, or ``auto``: MNIST if torchvision is there and can download it."""
    if source == "digits":
        return _scikit_digits()
    try:
        return _mnist(folder)
    except Exception as error:
        if source == "mnist":
            raise
        print(f"MNIST cannot be had ({error}): using scikit-learn's digits", file=sys.stderr)
        return _scikit_digits()


def _mnist(folder: Path) -> Digits:
    from torchvision.datasets import MNIST

    train, test = (MNIST(str(folder), train=part, download=True) for part in (True, False))
    return Digits("mnist", _flat(train.data), train.targets, _flat(test.data), test.targets)


def _flat(images: torch.Tensor) -> torch.Tensor:
    return images.float().div(255).reshape(-1, 784)


def _scikit_digits() -> Digits:
    """1,797 real digits of 8x8 pixels from the UCI collection, scaled to MNIST's 28x28.

    Every fifth image is held out. The set is sorted by writer, and the fifths cut through all of
    them, so the measured accuracy is that for known writers.
    """
    from sklearn.datasets import load_digits as load

    bunch = load()
    small = torch.tensor(bunch.images, dtype=torch.float32).div(16).unsqueeze(1)
    images = interpolate(small, size=(28, 28), mode="bilinear", align_corners=False)
    images, digits = images.reshape(-1, 784), torch.tensor(bunch.target, dtype=torch.int64)
    held_out = torch.arange(len(digits)) % 5 == 4
    return Digits(
        "scikit-learn digits, scaled to 28x28",
        images[~held_out],
        digits[~held_out],
        images[held_out],
        digits[held_out],
    )

"""The model: a perceptron with one hidden layer over 28x28 images."""

from __future__ import annotations

import torch
from torch import nn


class MLP(nn.Module):
    """784 pixels from 0 to 1 in, one logit for each of the ten digits out."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.fc1(image))
        return self.fc2(hidden)

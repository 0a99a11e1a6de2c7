"""The 2018 network in PyTorch, some steps at a time, as bench/step.py asks for them. Runs in an environment of its own, because
PyTorch is no part of this project: `pip install torch numpy` there, and name its Python in `bench/step.py --torch PYTHON`.

Reads lines "mode steps" and answers each with the median milliseconds of a training step, without augmentation, on random
pictures. Modes: eager, compiled; both with channels last and bfloat16 by autocast, which was its best; eager-float32.
"""

from __future__ import annotations

import sys
import time

import torch
from torch import nn

BATCH = 128
_DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def network() -> nn.Sequential:
    """The network of docs/recipe-2018.md. Keras' momentum of .99 is PyTorch's of .01, and its epsilon .001."""

    def convolution(inputs: int, filters: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, filters, 3), nn.ReLU(), nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)]

    def pair(inputs: int, first: int, second: int) -> list[nn.Module]:
        return [*convolution(inputs, first), *convolution(first, second), nn.MaxPool2d(2), nn.Dropout(0.35)]

    head = [nn.Flatten(), nn.Linear(64 * 4 * 4, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10)]
    return nn.Sequential(*pair(1, 32, 64), *pair(64, 64, 64), *head)


class Side:
    """A network in one of the modes, and its next step."""

    def __init__(self, mode: str) -> None:
        self.brain_floats = mode != "eager-float32"
        self.model = network().to(_DEVICE, memory_format=torch.channels_last)
        self.optimizer = torch.optim.RMSprop(self.model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
        self.loss = nn.CrossEntropyLoss()
        self.forward = torch.compile(self.model) if mode == "compiled" else self.model
        self.x = torch.rand(BATCH, 1, 28, 28).to(_DEVICE, memory_format=torch.channels_last)
        self.y = torch.randint(0, 10, (BATCH,)).to(_DEVICE)

    def step(self) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(_DEVICE, torch.bfloat16, enabled=self.brain_floats):
            loss = self.loss(self.forward(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        loss.item()  # as whoever shows it would read it

    def time(self, num_steps: int) -> float:
        taken = []
        for _ in range(num_steps):
            began = time.perf_counter()
            self.step()
            taken.append(time.perf_counter() - began)
        return 1e3 * sorted(taken)[len(taken) // 2]


def main() -> None:
    sides: dict[str, Side] = {}
    for line in sys.stdin:
        if line.strip() == "version":
            print(f"torch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
            continue
        mode, num_steps = line.split()
        if mode not in sides:
            sides[mode] = Side(mode)
        print(sides[mode].time(int(num_steps)), flush=True)


if __name__ == "__main__":
    main()

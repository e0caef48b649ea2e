"""Writes one small network as a .pt2 file of the PyTorch that runs this, to see how the format changed between versions.

    python residual.py            run once with each PyTorch (2.5.1, 2.7.1, 2.9.1, 2.15.0)
    python residual.py figures    writes residual.json, the figures for all of them

The files go to resources/camlab/export: residual.VERSION.pt2. The weights and the input are those of golden.py.
"""

import sys

import torch
from torch import nn
from torch.nn import functional

import files
import figures
import golden

SIZE = 24
CLASSES = 5
TARGET = 3


class Block(nn.Module):
    """Two convolutions beside a shortcut; the first relu works in place, the last is no module."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride=2, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(out)) + self.downsample(x))


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5, stride=2, padding=2)
        self.bn1 = nn.BatchNorm2d(6)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(Block(6, 8))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layer1(x))
        return self.fc(self.drop(torch.flatten(x, 1)))


def version() -> str:
    return ".".join(torch.__version__.split(".")[:2])


def main() -> None:
    network = golden.fill(Residual())
    picture = golden.image(SIZE)
    if sys.argv[1:] == ["figures"]:
        found = figures.of_layers(network.double(), picture.double(), TARGET)
        figures.write("residual.json", {"size": SIZE, "target": TARGET, **found})
    else:
        files.save(torch.export.export(network, (picture,)), f"residual.{version()}.pt2")


if __name__ == "__main__":
    main()

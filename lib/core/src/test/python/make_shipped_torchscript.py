"""Writes the shipped ResNet-50 of drawn elephants and bears as a TorchScript file, for lesson 08b.

    python make_shipped_torchscript.py

It reads models/resnet50-drawn-wildlife.safetensors and writes models/resnet50-drawn-wildlife.torchscript.pt, in single
precision. The network is torchvision's, with a quarter of the filters in every convolution, traced after eval().
"""

import importlib
import pathlib
import sys

import torch
from safetensors.torch import load_file
from torch import nn

import golden

golden.torchvision_models()
MODELS = pathlib.Path(__file__).parents[5] / "models"
NAME = "resnet50-drawn-wildlife"
CLASSES = 2
WIDTH = 0.25
SIZE = 224


def thin_resnet50():
    """torchvision's ResNet-50, as lib's ResNet.thin50 has it."""
    module = importlib.import_module("torchvision.models.resnet")
    network = module.resnet50(num_classes=CLASSES)
    channels = int(64 * WIDTH)
    network.inplanes = channels
    network.conv1 = nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False)
    network.bn1 = nn.BatchNorm2d(channels)
    for i, blocks in enumerate([3, 4, 6, 3]):
        stride = 1 if i == 0 else 2
        layer = network._make_layer(module.Bottleneck, channels << i, blocks, stride=stride)
        setattr(network, f"layer{i + 1}", layer)
    network.fc = nn.Linear((channels << 3) * module.Bottleneck.expansion, CLASSES)
    return network


def filled():
    """The network with the shipped weights, in evaluation mode."""
    weights = {name: value.float() for name, value in load_file(MODELS / f"{NAME}.safetensors").items()}
    network = thin_resnet50()
    missing, unexpected = network.load_state_dict(weights, strict=False)
    if unexpected or not all(name.endswith("num_batches_tracked") for name in missing):
        sys.exit(f"The weights are another network's: missing {missing}, unexpected {unexpected}.")
    network.eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network


def main():
    network = filled()
    program = torch.jit.trace(network, golden.image(SIZE))
    target = MODELS / f"{NAME}.torchscript.pt"
    golden.save_program(program, target)
    pictures = torch.cat([golden.image(SIZE), golden.image(SIZE).flip(3), torch.zeros(1, 3, SIZE, SIZE)])
    with torch.no_grad():
        difference = (torch.jit.load(target)(pictures) - network(pictures)).abs().max().item()
    print(f"{target.name}: {target.stat().st_size:,} bytes, logits differ by {difference:.2g} at most")


if __name__ == "__main__":
    main()

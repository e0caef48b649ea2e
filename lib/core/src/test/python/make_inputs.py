"""Writes small networks that take other than square pictures of three colours, and what PyTorch says of them.

    python make_inputs.py

The files go to resources/camlab/input: NAME.pt, and figures.json with the logits and the Grad-CAM map of one layer, at
several inputs. Weights and arrays are those of golden.py; pictures are source.png of resources/camlab/picture, prepared by
torchvision. grey.pt, rectangle.pt and their pictures were made elsewhere with random weights; their figures are here, too.
"""

import json

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import transforms
from torchvision.transforms import functional

import golden

FOLDER = golden.FOLDER.parent / "input"
SOURCE = golden.FOLDER.parent / "picture" / "source.png"
CLASSES = 4
CAFFE = [103.939, 116.779, 123.68]


class Small(nn.Module):
    """Two convolutions, and a head that takes any size or one only."""

    def __init__(self, channels, size=None):
        super().__init__()
        self.c1 = nn.Conv2d(channels, 5, 3, stride=2, padding=1)
        self.r1 = nn.ReLU()
        self.c2 = nn.Conv2d(5, 6, 3, padding=1)
        self.r2 = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1) if size is None else nn.Identity()
        self.fc = nn.Linear(6 * (1 if size is None else size[0] * size[1] // 4), CLASSES)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.r2(self.c2(self.r1(self.c1(x))))), 1))


def array(shape, salt):
    values = 2 * golden.uniform("array", int(np.prod(shape)), salt) - 1
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def grad_cam(network, layer, image, target):
    """The raw map of a class at a layer, in the network's own arithmetic."""
    kept = {}

    def keep(_, __, output):
        output.retain_grad()
        kept["output"] = output

    handle = dict(network.named_modules())[layer].register_forward_hook(keep)
    logits = network(image.requires_grad_())
    handle.remove()
    logits[0, target].backward()
    output = kept["output"]
    weights = output.grad.mean((2, 3), keepdim=True)
    found = torch.relu((weights * output).sum(1))[0].detach()
    saliency = image.grad.abs().amax(1)[0]
    return {
        "target": target,
        "layer": layer,
        "logits": logits[0].tolist(),
        "map": [list(found.shape), found.flatten().tolist()],
        "saliency": [list(saliency.shape), float(saliency.sum()), float(saliency.max())],
    }


def save(name, network, example):
    network = golden.fill(network, "input-" + name)
    golden.save_program(torch.jit.trace(network, example), FOLDER / (name + ".pt"))
    return network


def picture(*steps):
    with Image.open(SOURCE) as source:
        return transforms.Compose(steps)(source).unsqueeze(0)


def blue_first(tensor):
    return functional.normalize(255 * tensor[[2, 1, 0]], CAFFE, [1.0, 1.0, 1.0])


def main():
    FOLDER.mkdir(exist_ok=True)
    figures = {}
    caffe = picture(transforms.Resize((24, 36)), transforms.ToTensor(), blue_first)
    figures["caffe"] = grad_cam(save("caffe", Small(3), caffe), "r2", caffe, 1)
    network = save("six", Small(6), array((1, 6, 16, 16), "six"))
    for height, width in [(16, 16), (24, 40)]:
        figures[f"six-{height}x{width}"] = grad_cam(network, "r2", array((1, 6, height, width), "six"), 2)
    fixed = picture(transforms.Resize((16, 20)), transforms.ToTensor())
    figures["fixed"] = grad_cam(save("fixed", Small(3, (16, 20)), fixed), "r2", fixed, 0)
    any_size = save("any", Small(3), array((1, 3, 16, 16), "any"))
    figures["any-own"] = grad_cam(any_size, "r2", picture(transforms.ToTensor()), 3)
    middle = picture(transforms.Resize(20), transforms.CenterCrop((10, 24)), transforms.ToTensor())
    figures["any-middle"] = grad_cam(any_size, "r2", middle, 3)
    half = transforms.Normalize([0.5], [0.5])
    with Image.open(FOLDER / "rectangle.png") as source:
        image = half(transforms.ToTensor()(source.convert("RGB"))).unsqueeze(0)
    figures["rectangle"] = grad_cam_of_program("rectangle", "r2", image, 1)
    with Image.open(FOLDER / "grey.png") as source:
        grey = half(transforms.ToTensor()(transforms.Grayscale()(source.convert("RGB")))).unsqueeze(0)
        mean = half(transforms.ToTensor()(source.convert("RGB")).mean(0, keepdim=True)).unsqueeze(0)
    figures["grey"] = grad_cam_of_program("grey", "c2", grey, 3)
    figures["mean-grey"] = grad_cam_of_program("grey", "c2", mean, 3)
    (FOLDER / "figures.json").write_text(json.dumps(figures) + "\n")


def grad_cam_of_program(name, layer, image, target):
    """As grad_cam, for a file that no class of this script made: the network is written again with its weights."""
    program = torch.jit.load(str(FOLDER / (name + ".pt")))
    network = Grey() if name == "grey" else Rectangle()
    network.load_state_dict(program.state_dict())
    torch.testing.assert_close(network.eval()(image), program(image))
    return grad_cam(network, layer, image, target)


class Grey(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.p1 = nn.MaxPool2d(2)
        self.c2 = nn.Conv2d(8, 16, 3, padding=1)
        self.p2 = nn.MaxPool2d(2)
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        x = self.p1(torch.relu(self.c1(x)))
        return self.fc(torch.flatten(self.p2(torch.relu(self.c2(x))), 1))


class Rectangle(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.r1 = nn.ReLU()
        self.c2 = nn.Conv2d(6, 8, 3, stride=2, padding=1)
        self.r2 = nn.ReLU()
        self.fc = nn.Linear(1920, 3)

    def forward(self, x):
        return self.fc(torch.flatten(self.r2(self.c2(self.r1(self.c1(x)))), 1))


if __name__ == "__main__":
    main()

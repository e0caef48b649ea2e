"""Writes figures of layer-wise relevance propagation and of DeepLIFT.

    python make_relevance.py        needs the packages zennit and captum

For the small networks of make_torchscript.py, for the class with the largest logit, in double precision: sums of the
attributions over the channels and over blocks of pixels. They go to resources/camlab/relevance/figures.json. The
relevance is zennit's, starting from the logit; DeepLIFT, against a black picture, is captum's with two mends.
"""

import importlib.metadata
import json

import captum.attr
import torch
import torch.nn.functional as F
import zennit.attribution
import zennit.canonizers
import zennit.composites
import zennit.core
import zennit.layer
import zennit.rules
import zennit.torchvision
import zennit.types
from captum.attr._core import deep_lift
from torch import nn

import golden
import make_torchscript
import spread
from make_methods import DEVIATION, MEAN, blocks

FILE = golden.FOLDER.parent / "relevance" / "figures.json"
SIZE = 96
BLOCK = 8
NETWORKS = ["alexnet", "vgg", "resnet", "squeezenet", "mobilenet_v2"]


class Added(nn.Module):
    """A residual block's sum as a module, as zennit asks for it."""

    def __init__(self):
        super().__init__()
        self.sum = zennit.layer.Sum()

    def forward(self, left, right):
        return self.sum(torch.stack([left, right], dim=-1))


class Residual(nn.Module):
    """An inverted residual with its sum as a module."""

    def __init__(self, block):
        super().__init__()
        self.conv = block.conv
        self.add = Added()

    def forward(self, x):
        return self.add(x, self.conv(x))


class BasicBlock(nn.Module):
    """A basic block with its sum, and each of its ReLUs, as a module of its own."""

    def __init__(self, block):
        super().__init__()
        self.conv1, self.bn1, self.relu1 = block.conv1, block.bn1, nn.ReLU()
        self.conv2, self.bn2 = block.conv2, block.bn2
        self.downsample = block.downsample or nn.Identity()
        self.add, self.relu2 = Added(), nn.ReLU()

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(self.add(y, self.downsample(x)))


class Pooled(nn.Module):
    """A network of features, the mean and a classifier, all of them modules."""

    def __init__(self, network):
        super().__init__()
        self.features = network.features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = network.classifier

    def forward(self, x):
        return self.classifier(self.pool(self.features(x)).flatten(1))


def of_modules(network):
    """The same network, in which all that computes is a module that runs once."""
    for module in list(network.modules()):
        if hasattr(module, "inplace"):
            module.inplace = False
        for name, child in module.named_children():
            if type(child).__name__ == "BasicBlock":
                setattr(module, name, BasicBlock(child))
            elif getattr(child, "use_res_connect", False):
                setattr(module, name, Residual(child))
    return Pooled(network) if type(network).__name__ == "MobileNetV2" else network


def build(name, dtype=torch.float64):
    network = golden.fill(make_torchscript.NETWORKS[name][0]())
    picture = golden.image(SIZE).to(dtype)
    expected = network.to(dtype)(picture)
    network = of_modules(network)
    torch.testing.assert_close(network(picture), expected)
    return network, picture


def black(dtype=torch.float64):
    return (-MEAN.double() / DEVIATION.double()).to(dtype)


def white(dtype=torch.float64):
    return ((1 - MEAN.double()) / DEVIATION.double()).to(dtype)


def epsilon(dtype):
    return zennit.core.Composite(
        lambda context, name, module: (
            zennit.rules.Epsilon() if isinstance(module, zennit.types.Linear) else base(module)
        )
    )


def base(module):
    """The rule of a layer without weights."""
    for types, rule in zennit.composites.layer_map_base():
        if isinstance(module, types):
            return rule
    return None


COMPOSITES = {
    "Epsilon": epsilon,
    "EpsilonPlus": lambda dtype: zennit.composites.EpsilonPlus(),
    "EpsilonPlusFlat": lambda dtype: zennit.composites.EpsilonPlusFlat(),
    "EpsilonAlpha2Beta1": lambda dtype: zennit.composites.EpsilonAlpha2Beta1(),
    "EpsilonAlpha2Beta1Flat": lambda dtype: zennit.composites.EpsilonAlpha2Beta1Flat(),
    "EpsilonGammaBox": lambda dtype: zennit.composites.EpsilonGammaBox(low=black(dtype), high=white(dtype)),
}


def relevance(name, composite, dtype):
    """The logit's relevance. A batch norm behind a convolution is merged into it."""
    network, picture = build(name, dtype)
    target = int(network(picture)[0].argmax())
    start = torch.zeros(1, make_torchscript.CLASSES).to(dtype)
    start[0, target] = 1
    composite.canonizers = [zennit.canonizers.SequentialMergeBatchNorm()]
    with zennit.attribution.Gradient(network, composite) as attributor:
        _, found = attributor(picture, lambda logits: logits * start)
    return blocks(found.detach().sum(1, keepdim=True), BLOCK)


class Apart(nn.Module):
    """Another tensor with the same values. Where one module of captum's rules follows another, the first is handed the
    gradient that the second has not changed yet, unless there are two tensors between them."""

    def forward(self, x):
        return x.clone()


def apart(network):
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, (nn.ReLU, nn.ReLU6, nn.MaxPool2d)):
                setattr(module, name, nn.Sequential(Apart(), child))
    return network


def adding_unpool(values, indices, kernel, stride, padding, shape):
    """The way back through max pooling that adds where windows overlap; PyTorch's own keeps one of them."""
    flat = torch.zeros(*shape[:2], shape[2] * shape[3], dtype=values.dtype)
    return flat.scatter_add(2, indices.flatten(2), values.flatten(2)).view(*shape)


def mended(module, *given, **more):
    return deep_lift.maxpool(module, F.max_pool2d, adding_unpool, *given, **more)


def deep_lift_of(network, picture, target, rules):
    """Captum's figures, and how far their sum is from the score's rise, as a share of it."""
    original = dict(deep_lift.SUPPORTED_NON_LINEAR)
    deep_lift.SUPPORTED_NON_LINEAR.update(rules)
    try:
        start = black().expand_as(picture)
        found = captum.attr.DeepLift(network).attribute(picture, start, target=target).detach()
        rise = float((network(picture) - network(start))[0, target])
        return found, abs(float(found.sum()) - rise) / abs(rise)
    finally:
        deep_lift.SUPPORTED_NON_LINEAR.clear()
        deep_lift.SUPPORTED_NON_LINEAR.update(original)


def deep_lift_figures(name):
    network, picture = build(name)
    target = int(network(picture)[0].argmax())
    rules = {nn.MaxPool2d: mended, nn.ReLU6: deep_lift.nonlinear}
    found, missed = deep_lift_of(apart(build(name)[0]), picture, target, rules)
    assert missed < 1e-12, (name, missed)
    _, as_it_is = deep_lift_of(network, picture, target, {})
    _, overlapping = deep_lift_of(apart(build(name)[0]), picture, target, {nn.ReLU6: deep_lift.nonlinear})
    print(f"{name}: captum as it is misses {as_it_is:.1e} of the score's rise, with clones between {overlapping:.1e}")
    return found


def figures(name):
    maps, deviations = {}, {}
    for composite, make in COMPOSITES.items():
        key = f"LRP {composite}"
        maps[key] = relevance(name, make(torch.float64), torch.float64)
        singles = spread.in_this_process(lambda: relevance(name, make(torch.float32), torch.float32))
        deviations[key] = spread.largest([spread.deviation(maps[key], single) for single in singles])
    maps["DeepLIFT"] = blocks(deep_lift_figures(name).sum(1, keepdim=True), BLOCK)
    network, picture = build(name)
    target = int(network(picture)[0].argmax())
    return {"network": name, "target": target, "maps": maps, "single_precision": deviations}


def main():
    versions = {name: importlib.metadata.version(name) for name in ["torch", "captum"]}
    content = {"size": SIZE, "block": BLOCK, "versions": versions | {"zennit": "1.0.0"}}
    content["cases"] = [figures(name) for name in NETWORKS]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Writes small networks of torchvision's classes as TorchScript, traced and scripted, and PyTorch's figures for them.

    python make_torchscript.py

The files go to resources/camlab/torchscript: NAME.traced.pt, NAME.scripted.pt, and figures.json with the logits, and
for some layers what autograd gives there: the mean over channels of the output and of the gradient, and the gradient's
mean over positions. The other files are programs of other forms. The weights and the input are those of golden.py.
ReLUs work in place, as torchvision has them.
"""

import importlib
import sys

import torch
from torch import nn
from torch.nn import functional

import golden

golden.torchvision_models()
FOLDER = golden.FOLDER.parent / "torchscript"
SIZE = 64
CLASSES = 10
TARGET = 3


def torchvision(name):
    return importlib.import_module("torchvision.models." + name)


def alexnet():
    network = torchvision("alexnet").AlexNet.__new__(torchvision("alexnet").AlexNet)
    nn.Module.__init__(network)
    network.features = nn.Sequential(
        nn.Conv2d(3, 8, 11, stride=4, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(8, 16, 5, padding=2),
        nn.ReLU(inplace=True),
        nn.Conv2d(16, 12, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),
    )
    network.avgpool = nn.AdaptiveAvgPool2d((6, 6))
    network.classifier = nn.Sequential(
        nn.Dropout(), nn.Linear(12 * 36, 24), nn.ReLU(inplace=True), nn.Linear(24, CLASSES)
    )
    return network


def vgg():
    module = torchvision("vgg")
    network = module.VGG.__new__(module.VGG)
    nn.Module.__init__(network)
    network.features = module.make_layers([4, "M", 8, "M", 16, 16, "M"])
    network.avgpool = nn.AdaptiveAvgPool2d((7, 7))
    network.classifier = nn.Sequential(
        nn.Linear(16 * 49, 24), nn.ReLU(True), nn.Dropout(), nn.Linear(24, CLASSES)
    )
    return network


def resnet():
    module = torchvision("resnet")
    network = module.ResNet(module.BasicBlock, [1, 1, 1, 1], num_classes=CLASSES)
    network.inplanes = 8
    network.conv1 = nn.Conv2d(3, 8, 7, stride=2, padding=3, bias=False)
    network.bn1 = nn.BatchNorm2d(8)
    network.layer1 = network._make_layer(module.BasicBlock, 8, 2)
    network.layer2 = network._make_layer(module.BasicBlock, 16, 1, stride=2)
    network.layer3 = network._make_layer(module.BasicBlock, 24, 1, stride=2)
    network.layer4 = network._make_layer(module.BasicBlock, 32, 1, stride=2)
    network.fc = nn.Linear(32, CLASSES)
    return network


def squeezenet():
    module = torchvision("squeezenet")
    network = module.SqueezeNet.__new__(module.SqueezeNet)
    nn.Module.__init__(network)
    network.features = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        module.Fire(8, 4, 8, 8),
        module.Fire(16, 4, 8, 8),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        module.Fire(16, 6, 12, 12),
    )
    network.classifier = nn.Sequential(
        nn.Dropout(),
        nn.Conv2d(24, CLASSES, 1),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d((1, 1)),
    )
    return network


def mobilenet_v2():
    setting = [[1, 8, 1, 1], [6, 8, 2, 2], [6, 16, 2, 2]]
    return torchvision("mobilenetv2").MobileNetV2(
        num_classes=CLASSES, width_mult=0.25, inverted_residual_setting=setting
    )


class Functions(nn.Module):
    """ReLUs that are no modules, one of them in place on what has a second name, and no module that pools."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.conv3 = nn.Conv2d(8, 8, 3, padding=1)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = self.conv2(x)
        shortcut = x
        x = self.conv3(functional.relu(x, inplace=True))
        x = torch.relu(x + shortcut)
        return self.fc(x.mean((2, 3)))


# The last layer with positions, and others: nested, in place, before one in place, a container.
NETWORKS = {
    "alexnet": (alexnet, ["features.6", "features.3", "features"]),
    "vgg": (vgg, ["features.8", "features.9", "features.4"]),
    "resnet": (resnet, ["layer4", "layer2.0.bn1", "layer3.0.downsample.1", "layer1.1.conv2"]),
    "squeezenet": (squeezenet, ["features", "features.3.expand3x3", "features.4"]),
    "mobilenet_v2": (mobilenet_v2, ["features", "features.3.conv.0.0", "features.3", "features.5.conv"]),
    "functions": (Functions, ["conv3", "conv2", "conv1"]),
}


class Scale(nn.Module):
    """Multiplies by a number."""

    def __init__(self, factor):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor([factor]))

    def forward(self, x):
        return x * self.factor


class Nested(nn.Module):
    """A module in a module, called by a method of its own."""

    def __init__(self, factor):
        super().__init__()
        self.inner = Scale(factor)

    def forward(self, x):
        return self.run(x) + 1

    def run(self, x):
        return self.inner(x)


class Pair(nn.Module):
    def forward(self, x: torch.Tensor):
        return x, x


class Forms(nn.Module):
    """What a program may do with its modules: call one twice, in a branch, in a loop, or never."""

    def __init__(self):
        super().__init__()
        self.twice = Nested(2.0)
        self.either = Scale(3.0)
        self.repeated = Nested(0.5)
        self.pair = Pair()
        self.unused = Scale(7.0)
        self.head = nn.Conv2d(3, 2, 4)

    def forward(self, x):
        x = self.twice(x)
        if x.shape[-1] == 4:
            x = self.either(x)
        else:
            x = self.either(x) * 2
        x = self.twice(x)
        for _ in range(x.shape[0] + 1):
            x = self.repeated(x)
        return self.head(self.pair(x)[0]).flatten(1)


class Unused(nn.Module):
    """A ReLU that no code calls, and a step between the layers for others to fill."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(self.step(self.conv(x)).mean((2, 3)))

    def step(self, x):
        return x


class InALoop(Unused):
    def step(self, x):
        for _ in range(x.shape[0]):
            x = functional.relu(x) - 1
        return x


class InAFunction(Unused):
    def step(self, x):
        return doubled(x)


class ByAnotherName(Unused):
    def step(self, x):
        return x.clamp(min=0)


def doubled(x):
    return functional.relu(x) * 2


class TwoOutputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Conv2d(3, 2, 4)

    def forward(self, x):
        x = self.head(x).flatten(1)
        return x, x


class Tokens(nn.Module):
    """A batch norm, then tokens: PyTorch's gradient of a single picture is wrong from here on."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2)
        self.norm = nn.BatchNorm2d(8)
        self.tokens = nn.LayerNorm(8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        x = self.norm(self.conv(x)).flatten(2).transpose(1, 2)
        return self.head(torch.relu(self.tokens(x)).mean(1))


def forms():
    """Small programs of forms that the networks do not have."""
    golden.save_program(torch.jit.script(golden.fill(Forms())), FOLDER / "forms.pt")
    for name, form in {"unused": Unused, "loop": InALoop, "function": InAFunction, "clamp": ByAnotherName}.items():
        golden.save_program(torch.jit.script(golden.fill(form())), FOLDER / f"{name}.pt")
    golden.save_program(torch.jit.trace(golden.fill(Tokens()), golden.image(16)), FOLDER / "tokens.pt")
    golden.save_program(torch.jit.script(golden.fill(TwoOutputs())), FOLDER / "tuple.pt")
    plain = torch.jit.script(golden.fill(nn.Sequential(nn.Conv2d(3, 2, 4), nn.Flatten())))
    golden.save_program(torch.jit.freeze(plain), FOLDER / "frozen.pt")
    pooled = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    frozen = torch.jit.freeze(torch.jit.script(golden.fill(pooled)))
    golden.save_program(frozen, FOLDER / "frozen-with-relu.pt")


class Hooks:
    """Adds zeros with a gradient to the outputs of modules, so that ReLUs in place do no harm."""

    def __init__(self, network, layers):
        self.activations = {}
        self.zeros = {}
        for layer in layers:
            network.get_submodule(layer).register_forward_hook(
                lambda module, inputs, output, layer=layer: self.add(layer, output)
            )

    def add(self, layer, output):
        self.activations[layer] = output.detach().clone()[0]
        self.zeros[layer] = torch.zeros_like(output, requires_grad=True)
        return output + self.zeros[layer]


def figures(network, layers):
    hooks = Hooks(network, layers)
    logits = network(golden.image(SIZE))[0]
    gradients = torch.autograd.grad(logits[TARGET], [hooks.zeros[layer] for layer in layers])
    return {
        "logits": golden.short(logits.detach()),
        "layers": {
            layer: {
                "shape": list(gradient[0].shape),
                "activation_mean": golden.short(hooks.activations[layer].mean(0)),
                "gradient_mean": golden.short(gradient[0].mean(0)),
                "gradient_weights": golden.short(gradient[0].mean((1, 2))),
            }
            for layer, gradient in zip(layers, gradients)
        },
    }


def main():
    FOLDER.mkdir(exist_ok=True)
    written = {}
    for name, (build, layers) in NETWORKS.items():
        network = golden.fill(build())
        golden.save_program(torch.jit.trace(network, golden.image(SIZE)), FOLDER / f"{name}.traced.pt")
        golden.save_program(torch.jit.script(network), FOLDER / f"{name}.scripted.pt")
        written[name] = figures(network, layers)
    forms()
    golden.write("../torchscript/figures.json", {"target": TARGET, "size": SIZE, "networks": written})


if __name__ == "__main__":
    sys.exit(main())

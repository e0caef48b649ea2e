"""Writes small programs that take more than a picture, put out more than logits, or end in a softmax, with PyTorch's figures.

    python make_outputs.py

The files go to resources/camlab/outputs: NAME.pt, and figures.json with the logits of every program, and its Grad-CAM for
one class at `body.1`, by autograd. The weights and the input are those of golden.py. The programs of ../cases whose
figures are not in their README are there, too, with the picture that lies beside them.
"""

import sys
from typing import Dict, List, NamedTuple, Optional, Tuple, Union

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

import golden

FOLDER = golden.FOLDER.parent / "outputs"
CASES = golden.FOLDER.parent / "cases"
SIZE = 32
CLASSES = 4
TARGET = 1


class Base(nn.Module):
    """Maps of 8×8, their means, and two heads."""

    def __init__(self, outputs: int = CLASSES):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 4, stride=4), nn.ReLU())
        self.head = nn.Linear(6, outputs)
        self.aux = nn.Linear(6, CLASSES)

    def features(self, x: Tensor) -> Tensor:
        return self.body(x).mean((2, 3))


class Two(NamedTuple):
    logits: Tensor
    aux_logits: Optional[Tensor]


class Nested(Base):
    """A dictionary in a tuple, with a list and a named tuple beside it."""

    def forward(self, x) -> Tuple[Dict[str, Tensor], List[Tensor], Two]:
        f = self.features(x)
        return {"features": f, "logits": self.head(f)}, [f, f], Two(f, None)


class Auxiliary(Base):
    """As GoogLeNet in training: two that may be logits."""

    def forward(self, x) -> Two:
        f = self.features(x)
        return Two(self.head(f), self.aux(f))


class Keyed(Base):
    """As networks for text have it, and traced."""

    def forward(self, x):
        f = self.features(x)
        return {"logits": self.head(f), 'hidden "state"': f, "layer.1": self.aux(f) * 2}


class Numbered(Base):
    def forward(self, x) -> Dict[int, Tensor]:
        f = self.features(x)
        return {7: f, 3: self.head(f)}


class Whole(Base):
    """Indices beside logits."""

    def forward(self, x):
        y = self.head(self.features(x))
        return y.argmax(1), y


class Either(Base):
    """One type in training and another in evaluation, with a softmax at the end."""

    def forward(self, x) -> Union[Tensor, Tuple[Tensor, Tensor]]:
        f = self.features(x)
        y = torch.softmax(self.head(f), 1)
        if self.training:
            return y, self.aux(f)
        return y


class EitherSeveral(Base):
    """The other way round, with one that may not be there."""

    def forward(self, x) -> Union[Tensor, Dict[str, Optional[Tensor]]]:
        f = self.features(x)
        if self.training:
            return self.head(f)
        none: Optional[Tensor] = None
        return {"features": f, "logits": self.head(f), "auxiliary": none}


class EitherByPicture(Base):
    """One type for bright pictures, and another for dark ones."""

    def forward(self, x) -> Union[Tensor, Tuple[Tensor, Tensor]]:
        f = self.features(x)
        if bool(x.mean() < -0.9):
            return self.head(f), self.aux(f)
        return self.head(f)


class Squeezed(Base):
    def __init__(self):
        super().__init__(1)

    def forward(self, x):
        return self.head(self.features(x)).squeeze()


class Meta(Base):
    """The picture is not the first tensor; the others are a row for each picture, numbers, flags and what has a default."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 6)

    def forward(
        self, age: Tensor, image: Tensor, times: int, scale: float, flip: bool, way: str = "mean", mask: Optional[Tensor] = None
    ):
        x = self.body(image)
        if mask is not None:
            x = x * mask
        f = self.mix(torch.cat([x.mean((2, 3)), age], 1))
        if flip:
            f = -f
        for _ in range(times):
            f = f * scale
        return self.head(f)


class Masked(Base):
    """An array whose first dimension is no row."""

    def forward(self, x, mask):
        return self.head((self.body(x) * mask).mean((2, 3)))


class Pictures(Base):
    def forward(self, images: List[Tensor], threshold: float = 0.5):
        return self.head(self.features(images[0]))


class Softmax(Base):
    def forward(self, x):
        return functional.softmax(self.head(self.features(x)), dim=-1)


class InTraining(Base):
    """A softmax in one of two branches, as classifiers that are exported have it."""

    def forward(self, x):
        y = self.head(self.features(x))
        return y if self.training else y.softmax(1)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 4, stride=4), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.rest = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(6, CLASSES), nn.LogSoftmax(1)), nn.Dropout())
        self.head = self.rest[1][0]

    def forward(self, x):
        return self.rest(self.pool(self.body(x)))


class Probabilities(Base):
    """Both, and the softmax in a method of its own."""

    def forward(self, x) -> Tuple[Tensor, Dict[str, Tensor]]:
        f = self.features(x)
        y = self.head(f)
        found: Dict[str, Tensor] = {}
        found["probabilities"] = self.squash(y).view(-1, 4)
        found["embedding"] = f
        return y * 2, found

    def squash(self, y):
        return torch.sigmoid(y)


class Attention(Base):
    """A softmax that is not the end."""

    def forward(self, x):
        x = self.body(x)
        weights = torch.softmax(x.mean(1).flatten(1), 1)
        return self.head((x.flatten(2) * weights.unsqueeze(1)).sum(2))


class Gate(Base):
    """A sigmoid that is not the end, though its call is the last."""

    def forward(self, x):
        y = self.head(self.features(x))
        return y * torch.sigmoid(y)


class OverTheBatch(Base):
    def forward(self, x):
        return torch.softmax(self.head(self.features(x)), 0)


class LogSigmoid(Base):
    def forward(self, x):
        return functional.logsigmoid(self.head(self.features(x)))


class LogOfSigmoid(Base):
    """In two steps, as many write it."""

    def forward(self, x):
        y = torch.sigmoid(self.head(self.features(x)))
        return torch.log(y)


class LogOfSoftmax(Base):
    def __init__(self):
        super().__init__()
        self.end = nn.Softmax(1)

    def forward(self, x):
        return torch.log(self.end(self.head(self.features(x))))


class LogOfGate(Base):
    """A logarithm behind a sigmoid that something else is done with."""

    def forward(self, x):
        y = self.head(self.features(x))
        return torch.log(torch.sigmoid(y) + torch.sigmoid(2 * y))


class Repeated(Base):
    """A sigmoid in a loop: what goes into the last is made by the one before."""

    def forward(self, x):
        y = self.head(self.features(x))
        for _ in range(x.size(0) + 1):
            y = torch.sigmoid(y)
        return y


class OneByOne(Base):
    """Two ways to call the same modules, of which one runs; and a module that runs in training alone."""

    def __init__(self):
        super().__init__()
        self.later = nn.Sequential(nn.Conv2d(6, 6, 1))

    def forward(self, x, apart: bool = False):
        if apart:
            x = self.body[0](x)
            x = self.body[1](x)
        else:
            x = self.body(x)
        if self.training:
            x = self.later(x)
        return self.head(x.mean((2, 3)))


def meta_inputs(image):
    return torch.tensor([[0.25, -1.0]]), image, 2, 0.5, True


def mask():
    return torch.arange(64.0).reshape(1, 8, 8) / 64


# The module, whether it is traced, and what it takes beside the picture.
PROGRAMS = {
    "nested": (Nested, False),
    "auxiliary": (Auxiliary, False),
    "keyed": (Keyed, True),
    "numbered": (Numbered, False),
    "whole": (Whole, True),
    "either": (Either, False),
    "either-several": (EitherSeveral, False),
    "either-by-picture": (EitherByPicture, False),
    "squeezed": (Squeezed, True),
    "meta": (Meta, False),
    "masked": (Masked, True),
    "pictures": (Pictures, False),
    "softmax.scripted": (Softmax, False),
    "softmax.traced": (Softmax, True),
    "branch": (InTraining, False),
    "log-softmax.scripted": (Classifier, False),
    "log-softmax.traced": (Classifier, True),
    "log-sigmoid": (LogSigmoid, True),
    "log-of-sigmoid": (LogOfSigmoid, False),
    "log-of-softmax": (LogOfSoftmax, True),
    "log-of-gate": (LogOfGate, True),
    "probabilities": (Probabilities, False),
    "attention": (Attention, True),
    "gate": (Gate, True),
    "over-the-batch": (OverTheBatch, True),
    "repeated": (Repeated, False),
    "one-by-one": (OneByOne, False),
}


def arguments(name, image):
    if name == "meta":
        return meta_inputs(image)
    if name == "masked":
        return image, mask()
    return ([image],) if name == "pictures" else (image,)


def grad_cam(maps, logits, target=TARGET):
    (gradient,) = torch.autograd.grad(logits.reshape(-1)[target % logits.numel()], [maps])
    return torch.relu((gradient.mean((2, 3), keepdim=True) * maps).sum(1))[0]


def figures(network, inputs, ends):
    """What goes into the end, or what comes out; and its Grad-CAM."""
    kept = {}

    def keep(module, given, output):
        kept["maps"] = output.requires_grad_()

    network.body.register_forward_hook(keep)
    network.head.register_forward_hook(lambda module, given, output: kept.update(head=output))
    found = network(*inputs)
    logits = kept["head"] if ends else found
    return {"logits": golden.short(logits.detach().reshape(-1)), "cam": golden.short(grad_cam(kept["maps"], logits).detach())}


def picture(folder):
    pixels = np.asarray(Image.open(CASES / folder / "in.png").convert("RGB")).astype("float32") / 255
    return torch.from_numpy((pixels - 0.5) / 0.5).permute(2, 0, 1)[None].double()


def case(name, run, target=TARGET):
    """Figures of a program of a case, from its own modules."""
    network = torch.jit.load(CASES / (name + ".pt")).double().eval()
    maps = network.body(picture(name.split("/")[0])).detach().requires_grad_()
    logits = run(network, maps)
    cam = grad_cam(maps, logits, target).detach()
    return {"logits": golden.short(logits.detach().reshape(-1)), "cam": golden.short(cam), "target": target}


def first(network, maps):
    return network.a(maps.mean((2, 3)))


def cases():
    other = torch.linspace(-1, 1, 3 * 32 * 32, dtype=torch.float64).reshape(1, 3, 32, 32)
    return {
        "several-outputs/tuple": case("several-outputs/tuple", first),
        "several-outputs/tuple 1": case("several-outputs/tuple", lambda n, m: n.b(m.mean((2, 3)))),
        "several-outputs/dict": case("several-outputs/dict", first),
        "several-outputs/list": case("several-outputs/list", first),
        "several-outputs/namedtuple": case("several-outputs/namedtuple", first),
        "several-outputs/one-tuple": case("several-outputs/one-tuple", first),
        "arguments/optional": case("arguments/optional", first),
        "arguments/optional mask": case("arguments/optional", lambda n, m: n.a((m * 0.5).mean((2, 3)))),
        "arguments/image-and-number": case("arguments/image-and-number", lambda n, m: n.a(m.mean((2, 3)) + 0.5), 2),
        "arguments/two-inputs": case(
            "arguments/two-inputs", lambda n, m: n.a((m * n.body(other)).mean((2, 3)))
        ),
        "self-by-another-name/model": case("self-by-another-name/model", first),
    }


def main():
    FOLDER.mkdir(exist_ok=True)
    written = {}
    for name, (build, traced) in PROGRAMS.items():
        network = golden.fill(build())
        given = arguments(name, golden.image(SIZE))
        program = torch.jit.trace(network, given, strict=False, check_trace=False) if traced else torch.jit.script(network)
        golden.save_program(program, FOLDER / f"{name}.pt")
        plain = name in ("attention", "gate", "over-the-batch", "repeated", "log-of-gate", "meta", "masked", "pictures", "one-by-one")
        exact = tuple(value.double() if isinstance(value, Tensor) else value for value in given)
        exact = ([given[0][0].double()],) if name == "pictures" else exact
        written[name] = figures(network.double(), exact, not plain)
    golden.write("../outputs/figures.json", {"target": TARGET, "size": SIZE, "programs": written, "cases": cases()})


if __name__ == "__main__":
    sys.exit(main())

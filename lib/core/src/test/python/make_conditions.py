"""Writes small programs as they leave other machines and modes, with PyTorch's figures for what they compute when evaluated.

    python make_conditions.py

The files go to resources/camlab/conditions: NAME.pt, and figures.json with the logits of every program, and its Grad-CAM
for one class at `body.1`, by autograd, from the network itself: in evaluation mode, in double precision. The weights and
the input are those of golden.py. A program that names a GPU is made on the CPU, and its text changed.
"""

import copy
import zipfile

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.mobile_optimizer import optimize_for_mobile

import golden

FOLDER = golden.FOLDER.parent / "conditions"
SIZE = 32
CLASSES = 4
TARGET = 1


class Base(nn.Module):
    """Maps of 8×8, something behind them, their means, and logits."""

    def __init__(self, *layers: nn.Module):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 4, stride=4), nn.ReLU())
        self.rest = nn.Sequential(*layers)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rest(self.body(x)).mean((2, 3)))


class Depth(Base):
    """A branch that is dropped at times, as torchvision's and timm's stochastic depth do it."""

    share = 0.8

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(6, 6, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        branch = self.rest(x)
        if self.training:
            noise = torch.empty([x.shape[0], 1, 1, 1]).bernoulli_(self.share)
            noise.div_(self.share)
            branch = branch * noise
        return self.head((x + branch).mean((2, 3)))


class Asked(Base):
    """Takes bytes and says so."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.dtype == torch.uint8, "expected uint8"
        return self.head(self.rest(self.body(x.float() / 255)).mean((2, 3)))


class Bits(Base):
    """Takes bytes by an operation that there is for whole numbers only."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rest(self.body(torch.bitwise_and(x, 255).float() / 255)).mean((2, 3)))


class Listed(Base):
    """Takes bytes by a list that has a value for each."""

    def __init__(self) -> None:
        super().__init__()
        self.values = torch.arange(256)[:, None] / 255

    def forward(self, x: Tensor) -> Tensor:
        values = functional.embedding(x.int(), self.values)
        return self.head(self.rest(self.body(values[..., 0])).mean((2, 3)))


class Rounded(nn.Module):
    """Gives bytes to what takes them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        return self.network(x.round().clamp(0, 255).to(torch.uint8))


class Spectrum(Base):
    """An operation that the processor has for single precision only."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.fft.fft2(self.body(x)).real.mean((2, 3)))


class Always(Base):
    """Dropout that does not ask for the mode."""

    def forward(self, x: Tensor) -> Tensor:
        x = functional.dropout2d(functional.dropout(self.body(x), 0.3, True), 0.2, True)
        return self.head(x.mean((2, 3)))


class Averages(Base):
    """Norms by functions that are in evaluation mode, with averages that were kept."""

    def __init__(self) -> None:
        super().__init__()
        for name in ["batch", "instance"]:
            self.register_buffer(f"{name}_running_mean", torch.zeros(6))
            self.register_buffer(f"{name}_running_var", torch.ones(6))

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        x = functional.batch_norm(x, self.batch_running_mean, self.batch_running_var)
        x = functional.instance_norm(x, self.instance_running_mean, self.instance_running_var, use_input_stats=False)
        return self.head(functional.relu(x).mean((2, 3)))


class OwnAverages(Averages):
    """The same functions in training mode, whatever the network's is."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        x = functional.batch_norm(x, self.batch_running_mean, self.batch_running_var, training=True)
        x = functional.instance_norm(x, self.instance_running_mean, self.instance_running_var, use_input_stats=True)
        return self.head(functional.relu(x).mean((2, 3)))


class Own(Base):
    """Beside a norm without averages, whose gradients sum to zero."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        return self.head((x + self.rest(x)).mean((2, 3)))


class Noise(Base):
    """Chance that is part of the network."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        return self.head((x + torch.rand_like(x)).mean((2, 3)))


class Stops(Base):
    """No gradient comes through it."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).detach().mean((2, 3)))


class Without(Base):
    """A part that runs without gradients."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            x = self.body(x).mean((2, 3))
        return self.head(x)


class Tokens(Base):
    """An encoder over the 64 positions."""

    def __init__(self, norm_first: bool, activation: str):
        layer = nn.TransformerEncoderLayer(
            6, 2, 8, activation=activation, batch_first=True, norm_first=norm_first
        )
        super().__init__(layer)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rest(self.body(x).flatten(2).transpose(1, 2)).mean(1))


class Places(Base):
    """Constants of its own, made anew on a device."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        more = torch.ones([1, 6, 1, 1], device=torch.device("cpu"))
        return self.head((x.to("cpu") * more.to(torch.device("cpu", 0))).mean((2, 3)))


TRAINED = {
    "dropouts": lambda: Base(nn.Dropout2d(0.4), nn.Dropout(0.3), nn.AlphaDropout(0.2), nn.FeatureAlphaDropout(0.2)),
    "slopes": lambda: Base(nn.Conv2d(6, 6, 1), nn.RReLU()),
    "norms": lambda: Base(
        nn.BatchNorm2d(6),
        nn.InstanceNorm2d(6, affine=True, track_running_stats=True),
        nn.BatchNorm2d(6, momentum=None),
    ),
    "depth": Depth,
}


def filled(network: nn.Module) -> nn.Module:
    golden.fill(network)
    return network.eval()


def traced(network: nn.Module, image: Tensor, training: bool = False) -> torch.jit.ScriptModule:
    """The trace of a network, with the averages it had before."""
    before = copy.deepcopy(network.state_dict())
    program = torch.jit.trace(network.train(training), image, check_trace=False)
    program.load_state_dict(before)
    network.load_state_dict(before)
    network.eval()
    return program


def figures(network: nn.Module, image: Tensor) -> dict[str, list[float]]:
    """Logits and the Grad-CAM, in double precision."""
    network = copy.deepcopy(network).double().eval()
    kept: list[Tensor] = []
    handle = network.body.register_forward_hook(lambda module, inputs, output: kept.append(output))
    logits = network(image.double().requires_grad_())
    handle.remove()
    result = {"logits": golden.short(logits[0])}
    if logits.requires_grad and kept[0].requires_grad:
        gradient = torch.autograd.grad(logits[0, TARGET], kept[0], allow_unused=True)[0]
        if gradient is not None:
            weights = gradient.mean((2, 3), keepdim=True)
            result["cam"] = golden.short((weights * kept[0]).sum(1).relu()[0])
    return result


def on_a_gpu(program: torch.jit.ScriptModule, name: str) -> None:
    """Saves a program as if it had been made on a GPU."""
    source = FOLDER / "cpu.pt"
    golden.save_program(program, source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(FOLDER / f"{name}.pt", "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".py"):
                content = content.replace(b'device("cpu"', b'device("cuda"').replace(b'"cuda")', b'"cuda:1")')
            if entry.filename.endswith(".pkl"):
                content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:1")
            new.writestr(zipfile.ZipInfo(entry.filename), content)
    source.unlink()


def quantized(network: nn.Module, image: Tensor) -> torch.jit.ScriptModule:
    """8 bits from end to end."""
    torch.backends.quantized.engine = "fbgemm"
    whole = nn.Sequential(torch.ao.quantization.QuantStub(), network.body, torch.ao.quantization.DeQuantStub())
    whole.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    prepared = torch.ao.quantization.prepare(whole)
    prepared(image)
    converted = torch.ao.quantization.convert(prepared)
    return torch.jit.trace(nn.Sequential(converted, nn.AdaptiveAvgPool2d(1), nn.Flatten()), image, check_trace=False)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    image = golden.image(SIZE)
    found = {}

    def keep(name: str, network: nn.Module, program: torch.jit.ScriptModule) -> None:
        golden.save_program(program, FOLDER / f"{name}.pt")
        found[name] = figures(network, image)

    for name, make in TRAINED.items():
        network = filled(make())
        keep(name, network, traced(network, image, training=True))
    network = filled(Base())
    found["always"] = figures(network, image)
    golden.save_program(torch.jit.script(filled(Always())), FOLDER / "always.pt")
    found["averages"] = figures(filled(Averages()), image)
    golden.save_program(torch.jit.script(filled(OwnAverages())), FOLDER / "averages.pt")
    network = filled(Own(nn.InstanceNorm2d(6, affine=True), nn.BatchNorm2d(6), nn.ReLU()))
    keep("own", network, torch.jit.script(network))
    for name, kind in {"noise": Noise, "stops": Stops, "without": Without}.items():
        golden.save_program(torch.jit.script(filled(kind())), FOLDER / f"{name}.pt")
    for name, network in {"encoder": Tokens(False, "relu"), "pre-encoder": Tokens(True, "gelu")}.items():
        filled(network)
        found[name] = figures(network, image)
        with torch.no_grad():
            golden.save_program(traced(network, image), FOLDER / f"{name}.pt")
    network = filled(Base(nn.BatchNorm2d(6), nn.ReLU(inplace=True)))
    for name, kind in {"double": torch.double, "bfloat16": torch.bfloat16, "half": torch.half}.items():
        other = copy.deepcopy(network).to(kind)
        keep(name, other, traced(other, image.to(kind)))
    for name, network in {"norm-half": Base(nn.LocalResponseNorm(2)), "spectrum-half": Spectrum()}.items():
        golden.save_program(torch.jit.script(filled(network).half()), FOLDER / f"{name}.pt")
    for name, kind in {"bytes-asked": Asked, "bytes-bits": Bits, "bytes-listed": Listed}.items():
        network = filled(kind())
        golden.save_program(torch.jit.script(network), FOLDER / f"{name}.pt")
        golden.save_program(torch.jit.script(Rounded(network)), FOLDER / f"{name}-rounded.pt")
    golden.save_program(torch.jit.script(filled(Base())), FOLDER / "plain.pt")
    network = filled(Places())
    found["gpu"] = figures(network, image)
    on_a_gpu(torch.jit.script(network), "gpu")
    network = filled(Base())
    golden.save_program(quantized(network, image), FOLDER / "quantized.pt")
    golden.save_program(torch.jit.freeze(torch.jit.script(network)), FOLDER / "frozen.pt")
    mobile = optimize_for_mobile(torch.jit.script(network))
    mobile._save_for_lite_interpreter(str(FOLDER / "mobile.ptl"))
    golden.write("../conditions/figures.json", {"size": SIZE, "target": TARGET, "networks": found})


if __name__ == "__main__":
    main()

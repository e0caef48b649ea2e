"""What PyTorch itself finds at every module of a network: outputs, gradients of one logit, Grad-CAM.

Every call of a module is a layer, under the name that the library gives it: the module's own, with `_1` behind it for the
second call inside one call of its parent; a relu that is no module is called `relu`.
"""

import dataclasses
import math

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

TARGET = 7
WHOLE = 1024
SAMPLES = 256
STRIDES = (2, 4, 7, 8, 14, 16, 28, 32, 64)
NO_MAPS = ("attn_drop", "softmax", "attention_dropout")
RELUS = {torch.relu, torch.relu_, torch.Tensor.relu, torch.Tensor.relu_, nn.functional.relu, nn.functional.relu_}


@dataclasses.dataclass
class Frame:
    """A call that is running: the module's name, the call's name, and how often each path was called in it."""

    module: str
    call: str
    type: str
    counts: dict[str, int] = dataclasses.field(default_factory=dict)

    def name(self, path: str) -> str:
        count = self.counts[path] = self.counts.get(path, 0) + 1
        full = f"{self.call}.{path}" if self.call else path
        return full if count == 1 else f"{full}_{count - 1}"


class Relus(TorchFunctionMode):
    """Sees relus that are no modules."""

    def __init__(self, hooks: "Hooks"):
        super().__init__()
        self.hooks = hooks

    def __torch_function__(self, function, types, args=(), kwargs=None):
        output = function(*args, **(kwargs or {}))
        if function in RELUS and self.hooks.frames[-1].type not in ("ReLU", "ReLU6"):
            return self.hooks.record(self.hooks.frames[-1].name("relu"), "relu", output)
        return output


class Hooks:
    """Adds zeros with a gradient to what every module puts out, so that changes in place do no harm."""

    def __init__(self, network: nn.Module, pictures: int = 1):
        self.pictures = pictures
        self.names = {module: name for name, module in network.named_modules()}
        self.frames = [Frame("", "", "")]
        self.layers: dict[str, dict] = {}
        self.zeros: dict[str, torch.Tensor] = {}
        self.outputs: dict[str, torch.Tensor] = {}
        self.handles = []
        for module, name in self.names.items():
            if name:
                self.handles.append(module.register_forward_pre_hook(self.enter))
                self.handles.append(module.register_forward_hook(self.leave))

    def enter(self, module: nn.Module, inputs: object) -> None:
        name, parent = self.names[module], self.frames[-1]
        inside = parent.module == "" or name.startswith(parent.module + ".")
        path = name[len(parent.module) :].lstrip(".") if inside else name
        self.frames.append(Frame(name, parent.name(path), type(module).__name__))

    def leave(self, module: nn.Module, inputs: object, output: object) -> object:
        frame = self.frames.pop()
        return self.record(frame.call, frame.type, output)

    def record(self, call: str, kind: str, output: object) -> object:
        if type(output) is tuple and output and isinstance(output[0], torch.Tensor):
            # A traced program keeps of several outputs those that are used.
            return self.record(call, kind, output[0]), *output[1:]
        if not isinstance(output, torch.Tensor):
            self.layers[call] = {"type": kind, "returns": type(output).__name__}
            return output
        own = self.own(output).detach().clone()
        self.layers[call] = {"type": kind, "shape": list(own.shape), "activation": digest(own)}
        if not output.is_floating_point():
            return output
        self.outputs[call] = own
        self.zeros[call] = torch.zeros_like(output, requires_grad=True)
        return output + self.zeros[call]

    def own(self, values: torch.Tensor) -> torch.Tensor:
        """The part of the first picture."""
        return values[: len(values) // self.pictures] if self.pictures > 1 else values


def digest(values: torch.Tensor) -> dict[str, object]:
    """All values if they are few, else a sample: places 2654435761·i modulo their number."""
    flat = values.detach().double().flatten()
    count = flat.numel()
    taken = flat
    if count > WHOLE:
        taken = flat[torch.tensor([2654435761 * i % count for i in range(SAMPLES)])]
    return {
        "count": count,
        "sum": float(flat.sum()),
        "magnitude": float(flat.abs().sum()),
        "largest": float(flat.abs().max()) if count else 0.0,
        "zeros": int((flat == 0).sum()),
        "values": [float(f"{value:.9g}") for value in taken.tolist()],
    }


def layout(name: str, shape: list[int], before: int, size: int) -> str:
    """Where positions are, from the shape alone and what is known of the network; empty if that does not tell.

    The pictures are square, and so is every grid: (1, K, g, g) has its channels first, (1, g, g, K) last, and (1, T, K)
    are tokens if T less those without a position is the square of the picture's size over a usual stride.
    """
    if shape[0] != 1 or name.split(".")[-1].rstrip("_0123456789") in NO_MAPS:
        return ""
    if len(shape) == 4:
        first, last = shape[2] == shape[3] > 1, shape[1] == shape[2] > 1
        return "" if first == last else "first" if first else "last"
    if len(shape) == 3:
        grids = {math.ceil(size / stride) for stride in STRIDES}
        side = math.isqrt(max(0, shape[1] - before))
        return f"tokens {before}" if side in grids and side > 1 and side * side == shape[1] - before else ""
    return ""


def channels_first(values: torch.Tensor, where: str) -> torch.Tensor:
    if where == "first":
        return values[0]
    if where == "last":
        return values[0].permute(2, 0, 1)
    tokens = values[0, int(where.split()[1]) :]
    side = math.isqrt(len(tokens))
    return tokens.T.reshape(-1, side, side)


def grad_cam(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    return torch.relu((gradient.mean((1, 2), keepdim=True) * activation).sum(0))


def terms(activation: torch.Tensor, gradient: torch.Tensor) -> float:
    """How large a map would be if nothing in it cancelled: single precision cannot see what is far below that."""
    return float((gradient.abs().mean((1, 2), keepdim=True) * activation.abs()).sum(0).max())


def scores(output: object) -> torch.Tensor:
    return output if isinstance(output, torch.Tensor) else output[0]


def of_picture(network: nn.Module, pictures: torch.Tensor) -> torch.Tensor:
    """The gradient at the first picture."""
    pictures = pictures.clone().requires_grad_(True)
    return torch.autograd.grad(scores(network(pictures))[0, TARGET], pictures)[0][:1]


def pictures_needed(network: nn.Module, picture: torch.Tensor) -> int:
    """One picture, or two of the same if the gradient of one is not what it is beside another.

    PyTorch up to 2.15 at least confuses channels and positions in the gradient of a batch norm in evaluation mode on the
    CPU if there is one picture and either its input or the gradient comes from transposed tokens, so that the strides
    within the picture are those of channels last, but not the stride between pictures. With two it does not.
    """
    two = of_picture(network, torch.cat([picture, picture]))
    difference = (of_picture(network, picture) - two).abs().max() / two.abs().max()
    return 1 if difference < 1e-3 else 2


def reference(network: nn.Module, picture: torch.Tensor, before: int) -> dict[str, object]:
    pictures = pictures_needed(network, picture)
    with torch.no_grad():
        plain = scores(network(picture))
    hooks = Hooks(network, pictures)
    with Relus(hooks):
        logits = scores(network(torch.cat([picture] * pictures)))[:1]
    for handle in hooks.handles:
        handle.remove()
    torch.testing.assert_close(logits, plain, rtol=1e-4, atol=1e-4 * float(plain.abs().max()))
    calls = list(hooks.zeros)
    gradients = torch.autograd.grad(logits[0, TARGET], [hooks.zeros[call] for call in calls], allow_unused=True)
    for call, gradient in zip(calls, gradients):
        activation, layer = hooks.outputs.pop(call), hooks.layers[call]
        gradient = torch.zeros_like(activation) if gradient is None else hooks.own(gradient)
        layer["gradient"] = digest(gradient)
        where = layout(call, layer["shape"], before, picture.shape[-1])
        if where:
            maps = channels_first(activation.double(), where), channels_first(gradient.double(), where)
            map_ = grad_cam(*maps)
            layer["layout"] = where
            layer["map"] = {"height": map_.shape[0], "width": map_.shape[1], "terms": terms(*maps), **digest(map_)}
    return {"pictures": pictures, "logits": digest(plain), "classes": plain.shape[-1], "layers": hooks.layers}

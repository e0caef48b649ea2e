"""What PyTorch's own hooks find in a network: every layer's output and gradient, and maps."""

import json

import torch
from torch import nn

import files
import golden


class Hooks:
    """Adds zeros with a gradient to what every module puts out, so that changes in place do no harm."""

    def __init__(self, network: nn.Module, only: list[str] | None = None):
        self.outputs: dict[str, torch.Tensor] = {}
        self.zeros: dict[str, torch.Tensor] = {}
        self.counts: dict[str, int] = {}
        self.handles = [
            module.register_forward_hook(lambda module, given, output, name=name: self.leave(name, output))
            for name, module in network.named_modules()
            if name and (only is None or name in only)
        ]

    def leave(self, name: str, output: object) -> object:
        if not isinstance(output, torch.Tensor) or not output.is_floating_point():
            return output
        count = self.counts[name] = self.counts.get(name, 0) + 1
        call = name if count == 1 else f"{name}_{count - 1}"
        self.outputs[call] = output.detach().clone()
        self.zeros[call] = torch.zeros_like(output, requires_grad=True)
        return output + self.zeros[call]


def of_layers(network: nn.Module, picture: torch.Tensor, target: int) -> dict[str, object]:
    """Logits, and every module's output and the gradient of one logit there."""
    hooks = Hooks(network)
    logits = network(picture)[0]
    gradients = torch.autograd.grad(logits[target], list(hooks.zeros.values()))
    return {
        "logits": golden.short(logits.detach()),
        "layers": {
            name: {
                "shape": list(hooks.outputs[name].shape),
                "activation": golden.short(hooks.outputs[name]),
                "gradient": golden.short(gradient),
            }
            for name, gradient in zip(hooks.zeros, gradients)
        },
    }


def write(name: str, content: object) -> None:
    path = files.FOLDER / name
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{name}: {path.stat().st_size:,} bytes")

"""How far the gradient at the picture is settled by single precision, in PyTorch alone: by its usual implementation of
convolution, by its other one, and of a picture that is 2⁻²² brighter, each against double precision.

    PYTHONPATH=.. python settled.py FILES NETWORK ...
"""

import json
import pathlib
import sys

import torch

import golden
import reference

BRIGHTER = 1 + 2.0**-22


def main() -> None:
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        size = json.loads((folder / f"{name}.json").read_text())["size"]
        network = torch.jit.load(str(folder / f"{name}.traced.pt")).eval()
        picture = golden.image(size)
        usual = outcome(network, picture)
        ways = {
            "usual": usual,
            "other implementation": outcome(network, picture, mkldnn=False),
            "picture brighter": outcome(network, picture * BRIGHTER),
        }
        right = outcome(network, picture.double())
        for way, found in ways.items():
            output, gradient = (apart(*pair) for pair in zip(found, right))
            other, another = (apart(*pair) for pair in zip(found, usual))
            print(f"{name}, {way}: output {output:.1e}, gradient {gradient:.1e}; against the usual one {other:.1e}, {another:.1e}")


def outcome(network: torch.nn.Module, picture: torch.Tensor, mkldnn: bool = True) -> tuple[torch.Tensor, torch.Tensor]:
    """The logits, and the gradient of the one that the check explains."""
    network = network.to(picture.dtype)
    picture = picture.clone().requires_grad_(True)
    with torch.backends.mkldnn.flags(enabled=mkldnn):
        logits = network(picture)
        (gradient,) = torch.autograd.grad(logits[0, reference.TARGET], picture)
    return logits.detach().double(), gradient.double()


def apart(found: torch.Tensor, right: torch.Tensor) -> float:
    return float((found - right).abs().max() / right.abs().max())


if __name__ == "__main__":
    main()

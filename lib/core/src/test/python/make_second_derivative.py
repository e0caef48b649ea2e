"""Writes the program by which the library asks PyTorch for a second derivative.

    python make_second_derivative.py

It goes to the library itself, src/main/resources/camlab/engine/second-derivative.pt. DJL's own backward pass leaves what
it computes in the arrays it started from, and a gradient that has a gradient then never gives its memory back; this one
returns it.
"""

from typing import List, Optional

import torch
from torch import Tensor, nn

import golden

FILE = golden.FOLDER.parents[3] / "main" / "resources" / "camlab" / "engine" / "second-derivative.pt"


class SecondDerivative(nn.Module):
    """H v, with H the second derivative of a score at a leaf, and v a direction; zeros where there is none."""

    def forward(self, score: Tensor, leaf: Tensor, direction: Tensor):
        leaves = [leaf]
        ones: Optional[List[Optional[Tensor]]] = None
        first = torch.autograd.grad([score], leaves, ones, True, True, True)[0]
        result = torch.zeros_like(leaf)
        if first is not None:
            along = (first * direction).sum()
            if along.requires_grad:
                second = torch.autograd.grad([along], leaves, ones, True, False, True)[0]
                if second is not None:
                    result = second
        return result


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    golden.save_program(torch.jit.script(SecondDerivative()), FILE)
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

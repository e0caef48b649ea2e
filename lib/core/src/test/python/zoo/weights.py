"""Random weights under which signals neither vanish nor explode, so that a wrong layer shows."""

import math
import pathlib
import sys

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import golden

CALIBRATION = 4


def fill(network: nn.Module, size: int) -> None:
    """Fills a network in place, seeded: weights by their fan-in, norms near 0.75, batch norms with the statistics of
    what reaches them."""
    generator = torch.Generator().manual_seed(13)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "logit_scale" not in name and parameter.dtype.is_floating_point:
                parameter.copy_(values(name, parameter, generator))
    calibrate(network, size)


def values(name: str, parameter: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    noise = torch.rand(parameter.shape, generator=generator)
    if parameter.numel() == max(parameter.shape, default=1) and "token" not in name:
        # A norm's weight, a layer's scale, or a bias; a layer's scale would start at 1e-6.
        return 0.1 * (noise - 0.5) if name.endswith("bias") else 0.5 + 0.5 * noise
    if parameter.shape[0] == 1:
        # Tokens and embeddings of positions.
        return 0.6 * (noise - 0.5)
    return (2 * noise - 1) * math.sqrt(6 / math.prod(parameter.shape[1:]))


def calibrate(network: nn.Module, size: int) -> None:
    norms = [module for module in network.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        network(torch.cat([golden.image(size, f"zoo-{i}-") for i in range(CALIBRATION)]))
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
        norm.eval()

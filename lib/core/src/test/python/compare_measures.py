"""Figures of other packages' measures for made-up pictures and maps, which camlab.measure is held against.

Needs numpy, torch, captum, quantus and torchcam (versions are written into the file), and for coherency and ADCC
the authors' code, a clone of github.com/aimagelab/ADCC:

    python lib/core/src/test/python/compare_measures.py path/to/ADCC \
        > lib/evaluation/src/test/resources/camlab/measure/others.json

The network: logits (Σ w·x, 0) of the grey picture x in [0, 1], so that the first class has the probability
sigmoid(Σ w·x). Its "map" of a picture is w·x. All pictures, maps and weights are of whole steps, so that what is
multiplied or replaced is a picture of 8 bits, too.
"""

import json
import sys
import warnings
from importlib.metadata import version

import captum.metrics
import numpy as np
import quantus
import torch
import torchcam.metrics
from quantus.functions.complexity_func import discrete_entropy

HEIGHT, WIDTH = 6, 8
CELLS = HEIGHT * WIDTH


def steps(factor: int, modulus: int) -> np.ndarray:
    """Whole numbers below the modulus, in an order that Java makes by the same formula."""
    return ((np.arange(CELLS) * factor) % modulus).reshape(HEIGHT, WIDTH)


PICTURE = 20.0 * steps(7, 11)  # 0, 20, …, 200
MAP = steps(5, 21) / 20.0  # 0, 0.05, …, 1
SIGNED = steps(11, 17) - 6.0
WEIGHTS = (steps(3, 13) - 5.0) / 40
OBJECT = (steps(1, CELLS) % WIDTH < 3) & (steps(1, CELLS) >= 8)


class Sum(torch.nn.Module):
    """Logits (Σ w·x, 0)."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = torch.nn.Parameter(torch.tensor(WEIGHTS, dtype=torch.float64))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = (self.weights * x).sum(dim=(1, 2, 3))
        return torch.stack([score, torch.zeros_like(score)], dim=1)


def batch(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64).reshape(1, 1, HEIGHT, WIDTH)


def probability(x: torch.Tensor) -> torch.Tensor:
    return torch.softmax(Sum()(x), dim=1)[:, 0]


def call(metric: object, x: np.ndarray, a: np.ndarray, s: np.ndarray | None = None) -> float | list[float]:
    """One picture by a measure of Quantus."""
    found = metric(
        model=Sum().eval(),
        x_batch=x.reshape(1, 1, HEIGHT, WIDTH),
        y_batch=np.array([0]),
        a_batch=a.reshape(1, 1, HEIGHT, WIDTH),
        s_batch=None if s is None else s.reshape(1, 1, HEIGHT, WIDTH),
        channel_first=True,
        softmax=True,
        device="cpu",
    )
    return np.asarray(found, dtype=float).flatten().tolist()


def of_quantus() -> dict[str, object]:
    quiet = {"disable_warnings": True, "display_progressbar": False, "normalise": False}
    distinct = (steps(13, CELLS) + 1) / CELLS
    return {
        "sparseness": call(quantus.Sparseness(abs=True, **quiet), PICTURE, SIGNED)[0],
        "relevance mass": call(quantus.RelevanceMassAccuracy(abs=True, **quiet), PICTURE, SIGNED, OBJECT)[0],
        "relevance rank": call(quantus.RelevanceRankAccuracy(abs=False, **quiet), PICTURE, distinct, OBJECT)[0],
        "pixel flipping, black, 6 a step": call(
            quantus.PixelFlipping(features_in_step=6, perturb_baseline="black", **quiet), PICTURE / 255, distinct
        ),
        "entropy, 7 bins": float(discrete_entropy(SIGNED, PICTURE, n_bins=7)),
    }


def of_captum() -> dict[str, object]:
    """Squares of 2×2 set to black, one after the other; noise that is given."""
    squares = [(row, column) for row in range(0, HEIGHT - 1, 2) for column in range(WIDTH - 1)]
    masks = np.zeros((len(squares), 1, HEIGHT, WIDTH))
    for mask, (row, column) in zip(masks, squares):
        mask[0, row : row + 2, column : column + 2] = 1
    removed = torch.tensor(masks)

    def remove(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return removed, x * (1 - removed)

    x = batch(PICTURE / 255)
    factors = iter([1.1, 0.8, 1.05])

    def explain(inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return (batch(SIGNED) * next(explain.factors),)

    explain.factors = iter([1.0, *factors])
    return {
        "infidelity": float(
            captum.metrics.infidelity(
                probability, remove, x, batch(MAP), n_perturb_samples=len(squares), normalize=True
            )[0]
        ),
        "sensitivity": float(
            captum.metrics.sensitivity_max(
                explain, x, perturb_func=lambda inputs: inputs, n_perturb_samples=3, max_examples_per_batch=1
            )[0]
        ),
    }


class Maps:
    """What torchcam's measure asks of a method: the map, the network, no hooks."""

    def __init__(self, cam: np.ndarray) -> None:
        self.model = Sum()
        self.cam = torch.tensor(cam).unsqueeze(0)

    def __call__(self, *_: object, **__: object) -> list[torch.Tensor]:
        return [self.cam]

    def fuse_cams(self, cams: list[torch.Tensor]) -> torch.Tensor:
        return cams[0]

    def _hooks_off(self) -> torch.no_grad:
        return torch.no_grad()


def of_torchcam() -> dict[str, object]:
    """A map of 3×4 scaled before it is resized; the tensor has its zero at black."""
    coarse = MAP[:3, :4].copy()
    coarse = (coarse - coarse.min()) / (coarse.max() - coarse.min())
    metric = torchcam.metrics.ClassificationMetric(Maps(coarse), lambda logits: torch.softmax(logits, dim=-1))
    metric.update(batch(PICTURE / 255), 0)
    return {"drop and increase of a coarse map": list(metric.summary().values())}


def of_authors(folder: str) -> dict[str, object]:
    """Poppi et al.'s own functions."""
    sys.path.insert(0, folder)
    from metrics.adcc import ADCC
    from metrics.coherency import coherency

    def explain(image: torch.Tensor, model: torch.nn.Module, classidx: int) -> torch.Tensor:
        return model.weights.detach() * image[0]

    x, cam = batch(PICTURE / 255), batch(MAP)[0]
    out = torch.softmax(Sum()(x), dim=1).detach()
    kept = x * cam
    return {
        "coherency": float(coherency(cam, kept, Sum(), explain, out)[0]),
        "ADCC": float(ADCC(x, cam, kept, Sum(), explain, target_class_idx=0)),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_default_dtype(torch.float64)
    packages = ("numpy", "torch", "captum", "quantus", "torchcam")
    figures = {
        "versions": {name: version(name).split("+")[0] for name in packages},
        "probability": float(probability(batch(PICTURE / 255))[0]),
        **of_quantus(),
        **of_captum(),
        **of_torchcam(),
        **of_authors(sys.argv[1]),
    }
    print(json.dumps(figures, indent=1))

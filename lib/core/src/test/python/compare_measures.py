"""Figures of other packages' measures for made-up pictures and maps, which camlab.measure is held against.

Needs numpy, torch, captum, quantus, grad-cam, scikit-image and torchcam (versions are written into the file), and for
coherency and ADCC the authors' code, a clone of github.com/aimagelab/ADCC:

    python lib/core/src/test/python/compare_measures.py path/to/ADCC \
        > lib/evaluation/src/test/resources/camlab/measure/others.json

The network: logits (Σ w·x, 0) of the grey picture x in [0, 1], so that the first class has the probability
sigmoid(Σ w·x). Its "map" of a picture is w·x. All pictures, maps and weights are of whole steps, so that what is
multiplied or replaced is a picture of 8 bits, too.

Measures that ask for maps of other weights or another class get maps by a formula: what they are held against is what
a measure makes of the maps, not the maps.
"""

import json
import sys
import warnings
from importlib.metadata import version
from unittest import mock

import captum.metrics
import numpy as np
import quantus
import torch
import torchcam.metrics
from pytorch_grad_cam.metrics import road
from pytorch_grad_cam.metrics.perturbation_confidence import PerturbationConfidenceMetric, RemoveMostRelevantFirst
from quantus.functions.complexity_func import discrete_entropy
from quantus.functions.perturb_func import noisy_linear_imputation
from skimage.metrics import structural_similarity

HEIGHT, WIDTH = 6, 8
CELLS = HEIGHT * WIDTH


def steps(factor: int, modulus: int) -> np.ndarray:
    """Whole numbers below the modulus, in an order that Java makes by the same formula."""
    return ((np.arange(CELLS) * factor) % modulus).reshape(HEIGHT, WIDTH)


PICTURE = 20.0 * steps(7, 11)  # 0, 20, …, 200
MAP = steps(5, 21) / 20.0  # 0, 0.05, …, 1
SIGNED = steps(11, 17) - 6.0
DISTINCT = (steps(13, CELLS) + 1) / CELLS
WEIGHTS = (steps(3, 13) - 5.0) / 40
OBJECT = (steps(1, CELLS) % WIDTH < 3) & (steps(1, CELLS) >= 8)


class Sum(torch.nn.Module):
    """Logits (Σ w·x, 0), or another number instead of 0."""

    def __init__(self, other: float = 0) -> None:
        super().__init__()
        self.other = other
        self.weights = torch.nn.Parameter(torch.tensor(WEIGHTS, dtype=torch.float64))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = (self.weights * x).sum(dim=(1, 2, 3))
        return torch.stack([score, torch.full_like(score, self.other)], dim=1)


def batch(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64).reshape(1, 1, HEIGHT, WIDTH)


def probability(x: torch.Tensor) -> torch.Tensor:
    return torch.softmax(Sum()(x), dim=1)[:, 0]


def call(metric: object, x: np.ndarray, a: np.ndarray, s: np.ndarray | None = None, other: float = 0) -> list[float]:
    """One picture by a measure of Quantus."""
    found = metric(
        model=Sum(other).eval(),
        x_batch=x.reshape(1, 1, HEIGHT, WIDTH),
        y_batch=np.array([0]),
        a_batch=a.reshape(1, 1, HEIGHT, WIDTH),
        s_batch=None if s is None else s.reshape(1, 1, HEIGHT, WIDTH),
        channel_first=True,
        softmax=True,
        device="cpu",
    )
    values = list(found.values()) if isinstance(found, dict) else found
    return np.asarray(values, dtype=float).flatten().tolist()


def of_quantus() -> dict[str, object]:
    quiet = {"disable_warnings": True, "display_progressbar": False, "normalise": False}
    return {
        "sparseness": call(quantus.Sparseness(abs=True, **quiet), PICTURE, SIGNED)[0],
        "relevance mass": call(quantus.RelevanceMassAccuracy(abs=True, **quiet), PICTURE, SIGNED, OBJECT)[0],
        "relevance rank": call(quantus.RelevanceRankAccuracy(abs=False, **quiet), PICTURE, DISTINCT, OBJECT)[0],
        "pixel flipping, black, 6 a step": call(
            quantus.PixelFlipping(features_in_step=6, perturb_baseline="black", **quiet), PICTURE / 255, DISTINCT
        ),
        "entropy, 7 bins": float(discrete_entropy(SIGNED, PICTURE, n_bins=7)),
    }


def negative(arr: np.ndarray, indices: np.ndarray, **_: object) -> np.ndarray:
    """The pixels at the indices turned against what was there."""
    result = arr.copy()
    np.put_along_axis(result, indices, 1 - np.take_along_axis(arr, indices, axis=1), axis=1)
    return result


def of_quantus_curves() -> dict[str, object]:
    """Pixels and squares that are removed one after the other."""
    quiet = {"disable_warnings": True, "display_progressbar": False, "normalise": False}
    flipping = quantus.PixelFlipping(features_in_step=6, perturb_func=negative, **quiet)
    squares = quantus.RegionPerturbation(patch_size=2, regions_evaluation=7, perturb_baseline="black", **quiet)
    found = {
        "pixel flipping, negative, 6 a step": call(flipping, PICTURE / 255, DISTINCT),
        "area": float(flipping.get_auc_score),
        "losses by squares of 2, black": call(squares, PICTURE / 255, MAP),
    }
    highest = np.argsort(-DISTINCT.flatten())[:24]
    found["half filled in"] = noisy_linear_imputation(PICTURE[None] / 255, highest, noise=0).flatten().tolist()
    metric = quantus.ROAD(percentages=[25, 50, 75], noise=0, **quiet)
    found["right answers against a logit of 0.47"] = call(metric, PICTURE / 255, DISTINCT, other=0.47)
    return found


def of_grad_cam() -> dict[str, object]:
    """ROAD without its noise, in single precision, which it asks for."""

    class Probability(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.softmax(Sum()(x), dim=1)

    def first(output: torch.Tensor) -> torch.Tensor:
        return output[0]

    asked = {"input_tensor": batch(PICTURE / 255).float(), "cams": DISTINCT[None], "targets": [first], "model": Probability()}
    shares = {25: "75", 50: "50", 75: "25"}
    found = {}
    for percentile, share in shares.items():
        remover = RemoveMostRelevantFirst(percentile, road.NoisyLinearImputer(noise=0))
        metric = PerturbationConfidenceMetric(remover)
        found[f"without the highest {share} %"] = float(metric(**asked, return_diff=False)[0])
    with mock.patch("torch.randn_like", torch.zeros_like):
        found["combined"] = float(road.ROADCombined(list(shares))(**asked)[0])
    return found


SIDE = 96
LAYERS = 7
COPIES = 3


def made_up(step: int, copy: int) -> np.ndarray:
    """The map of a network of which so many layers are random, for a copy of the picture."""
    i = np.arange(SIDE * SIDE)
    values = (i * (5 + 2 * step) + i // SIDE) % (11 + 4 * step) + copy * (i % 7) + 20 * (i // 500 % 2)
    return values.reshape(SIDE, SIDE) / 64.0


class Layer(torch.nn.Linear):
    """Knows whether its weights are random."""

    random = False

    def reset_parameters(self) -> None:
        super().reset_parameters()
        self.random = True


class Layered(torch.nn.Module):
    """As many layers, of which Quantus makes one after the other random; its answer is always the same."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([Layer(2, 2) for _ in range(LAYERS)])
        for layer in self.layers:
            layer.random = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tensor([[0.25, 0.75]]).repeat(len(x), 1)


class Explain:
    """The made-up maps, for one copy of the picture after the other. The second class has one of its own."""

    def __init__(self, copies: int = 1) -> None:
        self.copies = copies
        self.calls = 0

    def __call__(self, model: Layered, inputs: np.ndarray, targets: np.ndarray, **_: object) -> np.ndarray:
        step = LAYERS + 1 if targets[0] == 1 else sum(layer.random for layer in model.layers)
        copy = self.calls % self.copies
        self.calls += 1
        return made_up(step, copy)[None, None]


def of_maps(metric: object, explain: Explain) -> object:
    """One map by a measure of Quantus that asks for further ones."""
    return metric(
        model=Layered().eval(),
        x_batch=np.zeros((1, 1, SIDE, SIDE)),
        y_batch=np.array([0]),
        channel_first=True,
        explain_func=explain,
        device="cpu",
    )


def similarity(a: np.ndarray, b: np.ndarray, batched: bool) -> np.ndarray:
    """scikit-image's with the window of Wang et al. 2004, of maps scaled between 0 and 1."""
    maps = [(each - each.min()) / (each.max() - each.min()) for each in (a[0], b[0])]
    maps = [each.reshape(SIDE, SIDE) for each in maps]
    wang = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1}
    return np.array([structural_similarity(*maps, **wang)])


def of_quantus_maps() -> dict[str, object]:
    """Maps of other weights and of another class."""
    quiet = {"disable_warnings": True, "display_progressbar": False, "normalise": False, "abs": False}
    smooth = {"layer_order": "top_down", "nr_samples": COPIES, "similarity_func": similarity, **quiet}

    def steps(found: dict[str, list[float]]) -> list[float]:
        return [float(values[0]) for values in found.values()]

    found = {
        "rank correlations": steps(of_maps(quantus.MPRT(**quiet), Explain())),
        "similarities": steps(of_maps(quantus.MPRT(similarity_func=similarity, **quiet), Explain())),
    }
    # It asks its own explanations, whatever it is given.
    with mock.patch.object(quantus, "explain", Explain(COPIES)) as explain:
        found["similarities of means"] = steps(of_maps(quantus.SmoothMPRT(**smooth), explain))
        averaging = quantus.SmoothMPRT(return_average_correlation=True, **smooth)
        found["their mean"] = of_maps(averaging, explain)[0]
    efficient = quantus.EfficientMPRT(layer_order="top_down", **quiet)
    found["rise of entropy, 100 bins"] = float(of_maps(efficient, Explain())[0])
    logit = {"num_classes": 2, **quiet}
    found["random logit"] = float(of_maps(quantus.RandomLogit(similarity_func=similarity, **logit), Explain())[0])
    found["random logit, flattened"] = float(of_maps(quantus.RandomLogit(**logit), Explain())[0])
    return found


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
    packages = ("numpy", "torch", "captum", "quantus", "torchcam", "grad-cam", "scikit-image")
    figures = {
        "versions": {name: version(name).split("+")[0] for name in packages},
        "probability": float(probability(batch(PICTURE / 255))[0]),
        **of_quantus(),
        **of_quantus_curves(),
        **of_quantus_maps(),
        **{f"ROAD {name}": value for name, value in of_grad_cam().items()},
        **of_captum(),
        **of_torchcam(),
        **of_authors(sys.argv[1]),
    }
    print(json.dumps(figures, indent=1))

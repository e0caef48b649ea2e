"""Writes figures of further methods that give maps of a layer.

    python make_map_methods.py

For small networks of make_torchscript.py, one sequential and one with shortcuts, for the class with the largest logit:
maps at a layer, row-major, in double precision. They go to resources/camlab/maps/figures.json.
"""

import json

import torch
import torch.nn.functional as F
from torch import nn

import golden
import make_methods
import make_torchscript

FILE = golden.FOLDER.parent / "maps" / "figures.json"
SIZE = 96
BLOCK = 8

# Layers whose maps are multiplied.
REFINED = {
    "alexnet": ["features.1", "features.4", "features.6"],
    "resnet": ["layer2", "layer3", "layer4"],
}

# Networks and layers: the last one with positions; one whose output another layer takes, too; one inside a block, with
# a path around it, before a batch norm.
CASES = [("alexnet", "features.6"), ("resnet", "layer3"), ("resnet", "layer3.0.conv2")]


class Case:
    """A network and a layer of it, in double precision, and one pass through it."""

    def __init__(self, name, layer):
        self.name = name
        self.network = golden.fill(make_torchscript.NETWORKS[name][0]()).double()
        for module in self.network.modules():
            if hasattr(module, "inplace"):
                module.inplace = False
        self.layer = layer
        self.picture = golden.image(SIZE).double()
        recording = golden.Recording(self.network, self.picture, [layer])
        self.logits = recording.logits.detach()
        self.target = int(recording.logits.argmax())
        self.activation = recording.activation(layer)
        self.gradient = recording.gradient(recording.logits[self.target], layer)


def component(values):
    """The first principal component of the positions; it rises with the mean over the channels."""
    matrix = values.flatten(1).T
    matrix = matrix - matrix.mean(0)
    found = (matrix @ torch.linalg.svd(matrix, full_matrices=False).Vh[0]).view(values.shape[1:])
    return found if (found * values.mean(0)).sum() > 0 else -found


def eigen_grad_cam(case):
    return component(case.gradient * case.activation)


def kpca_cam(case):
    """Kernel PCA with scikit-learn's usual sigmoid kernel; the map rises with the mean activation."""
    matrix = case.activation.flatten(1).T
    matrix = matrix - matrix.mean(0)
    kernel = torch.tanh(matrix @ matrix.T / matrix.shape[1] + 1)
    centring = torch.eye(len(kernel)).double() - 1 / len(kernel)
    eigenvalues, vectors = torch.linalg.eigh(centring @ kernel @ centring)
    found = (vectors[:, -1] * eigenvalues[-1].sqrt()).view(case.activation.shape[1:])
    return found if (found * case.activation.mean(0)).sum() > 0 else -found


def noisy_gradients(case, samples, spread, seed):
    """The layer's gradients for copies of the picture with noise that follows from the seed."""
    random = make_methods.JavaRandom(seed)
    deviation = spread * (case.picture.max() - case.picture.min())
    for _ in range(samples):
        noise = torch.tensor([random.gaussian() for _ in range(case.picture.numel())]).double()
        # Java draws in double precision and hands on single precision.
        noise = noise.float().double().view_as(case.picture)
        recording = golden.Recording(case.network, case.picture + deviation * noise, [case.layer])
        yield recording.gradient(recording.logits[case.target], case.layer)


def smooth_grad_cam_plus_plus(case):
    gradients = torch.stack(list(noisy_gradients(case, samples=3, spread=0.2, seed=11)))
    second = (gradients**2).mean(0)
    third = (gradients**3).mean(0)
    denominator = 2 * second + case.activation.sum((1, 2), keepdim=True) * third
    alpha = torch.where((second == 0) | (denominator == 0), 0, second / denominator)
    weights = (alpha * golden.relu(gradients.mean(0))).sum((1, 2))
    return golden.relu(golden.weighted(weights, case.activation))


def shapley_cam(case):
    """Of y + ln p, and with the second derivative by autograd."""
    outputs = {}
    handle = case.network.get_submodule(case.layer).register_forward_hook(
        lambda module, inputs, output: outputs.__setitem__(case.layer, output)
    )
    logits = case.network(case.picture.clone().requires_grad_(True))[0]
    handle.remove()
    activation = outputs[case.layer]
    score = logits[case.target] + logits.log_softmax(0)[case.target]
    gradient = torch.autograd.grad(score, activation, create_graph=True)[0]
    curvature = torch.autograd.grad((gradient * activation.detach()).sum(), activation)[0]
    weights = (gradient - curvature / 2).detach()[0].mean((1, 2))
    return golden.relu(golden.weighted(weights, case.activation))


def finer_cam(case, strength=0.6, references=3):
    distances = (case.logits - case.logits[case.target]).abs()
    distances[case.target] = torch.inf
    others = distances.topk(references, largest=False).indices
    recording = golden.Recording(case.network, case.picture, [case.layer])
    contrast = recording.logits[case.target] - strength * recording.logits[others].mean()
    gradient = recording.gradient(contrast, case.layer)
    return golden.relu(golden.weighted(gradient.mean((1, 2)), case.activation))


def masks(case):
    """Each channel resized to the picture, between 0 and 1, shape (K, 1, H, W)."""
    resized = F.interpolate(
        case.activation[:, None], case.picture.shape[2:], mode="bilinear", align_corners=False
    )
    least = resized.amin((2, 3), keepdim=True)
    extent = resized.amax((2, 3), keepdim=True) - least
    return (resized - least) / torch.where(extent == 0, 1, extent)


@torch.no_grad()
def seen_through(case, seen):
    """The scores of the picture seen through masks, shape (n, 1, H, W)."""
    return case.network(case.picture * seen)[:, case.target]


def of_scores(scores, activation):
    return golden.relu(golden.weighted(scores.softmax(0), activation))


def ss_cam(case, samples=2, deviation=0.5, seed=5):
    random = make_methods.JavaRandom(seed)
    scores = []
    for mask in masks(case):
        draws = [deviation * random.gaussian() for _ in range(samples * mask.numel())]
        noise = torch.tensor(draws).double().float().double().view(samples, *mask.shape)
        scores.append(seen_through(case, mask + noise).mean())
    return of_scores(torch.stack(scores), case.activation)


def is_cam(case, steps=4):
    strengths = [sum(range(i)) / steps for i in range(1, steps + 1)]
    scores = sum(seen_through(case, strength * masks(case)) for strength in strengths) / steps
    return of_scores(scores, case.activation)


def faster_score_cam(case, channels=5):
    kept = case.activation.var((1, 2)).topk(channels).indices
    return of_scores(seen_through(case, masks(case)[kept]), case.activation[kept])


@torch.no_grad()
def recipro_cam(case):
    """The layer's output is left at one position at a time."""
    height, width = case.activation.shape[1:]
    scores = torch.zeros(height, width).double()
    for i in range(height):
        for j in range(width):

            def keep(module, inputs, output):
                left = torch.zeros_like(output)
                left[:, :, i, j] = output[:, :, i, j]
                return left

            handle = case.network.get_submodule(case.layer).register_forward_hook(keep)
            scores[i, j] = case.network(case.picture)[0, case.target]
            handle.remove()
    return scores - scores.min()


METHODS = [eigen_grad_cam, kpca_cam, smooth_grad_cam_plus_plus, shapley_cam, finer_cam, ss_cam, is_cam, faster_score_cam, recipro_cam]


def bias(module):
    """What a layer adds to its input's image: of a batch norm, what its statistics add, too."""
    if isinstance(module, nn.BatchNorm2d):
        factor = module.weight / torch.sqrt(module.running_var + module.eps)
        return module.bias - module.running_mean * factor
    return module.bias


def between_zero_and_one(values):
    return (values - values.min()) / (values.max() - values.min())


def full_grad(case):
    """The map at the input; the shares have to add up to the score."""
    names = [
        name
        for name, module in case.network.named_modules()
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.Linear)) and bias(module) is not None
    ]
    recording = golden.Recording(case.network, case.picture, names)
    score = recording.logits[case.target]
    own = recording.input_gradient(score) * case.picture[0]
    result = between_zero_and_one(own.abs()).sum(0)
    total = own.sum()
    for name in names:
        gradient = recording.gradient(score, name)
        share = gradient * bias(case.network.get_submodule(name)).view(-1, *[1] * (gradient.ndim - 1))
        total += share.sum()
        if gradient.ndim == 3:
            result += F.interpolate(
                between_zero_and_one(share.abs())[None], (SIZE, SIZE), mode="bilinear", align_corners=False
            )[0].sum(0)
    assert abs(total - score) < 1e-9 * abs(score), (total, score)
    return result


def refine_cam(case):
    """Of Grad-CAM++ at three layers."""
    recording = golden.Recording(case.network, case.picture, REFINED[case.name])
    product = torch.ones(SIZE, SIZE).double()
    for layer in REFINED[case.name]:
        activation = recording.activation(layer)
        gradient = recording.gradient(recording.logits[case.target], layer)
        denominator = 2 * gradient**2 + activation.sum((1, 2), keepdim=True) * gradient**3
        alpha = torch.where(denominator == 0, 0, gradient**2 / denominator)
        weights = (alpha * golden.relu(gradient)).sum((1, 2))
        single = golden.relu(golden.weighted(weights, activation))
        resized = F.interpolate(single[None, None], (SIZE, SIZE), mode="bilinear", align_corners=False)
        product *= between_zero_and_one(resized[0, 0])
    return between_zero_and_one(product)


# At the input: sums over blocks of pixels.
INPUT_METHODS = [full_grad, refine_cam]


def figures(name, layer):
    case = Case(name, layer)
    maps = {method.__name__: golden.short(method(case)) for method in METHODS}
    result = {"network": name, "layer": layer, "input": SIZE, "target": case.target, "maps": maps}
    if layer in [first[1] for first in CASES[:2]]:
        result["block"] = BLOCK
        result["input_maps"] = {
            method.__name__: make_methods.blocks(method(case)[None, None], BLOCK)
            for method in INPUT_METHODS
        }
    return result


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    content = golden.versions(["torch", "numpy"]) | {"cases": [figures(*case) for case in CASES]}
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

"""Writes figures of methods that run a network several times or change how it is walked.

    python make_methods.py [case ...]

For one sequential network and one with shortcuts, for the class with the largest logit: maps at a layer, row-major,
and attributions at the input as sums over blocks of pixels.
"""

import math

import torch
import torch.nn.functional as F

import golden
import spread

SAMPLES = 3
SPREAD = 0.2
SEED = 11
STEPS = 8
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)

# Name of the file: network, salt, side of the input, layer, side of a block.
CASES = {
    "methods-alexnet": ("alexnet", golden.SALT, 128, "features.11", 16),
    "methods-resnet18": ("resnet18", golden.SALT, 128, "layer3.1.conv2", 16),
    "methods-efficientnet_lite0": ("efficientnet_lite0", golden.SALT, 64, "_blocks.10", 8),
    "clear-methods-alexnet": ("alexnet", "clear-0-", 64, "features.11", 16),
    "clear-methods-resnet18": ("resnet18", "clear-2-", 32, "layer3.1.conv2", 8),
}


class JavaRandom:
    """java.util.Random, from the algorithm its documentation lays down."""

    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
        self.kept = None

    def bits(self, count):
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return self.state >> (48 - count)

    def uniform(self):
        return ((self.bits(26) << 27) + self.bits(27)) / (1 << 53)

    def gaussian(self):
        if self.kept is not None:
            kept, self.kept = self.kept, None
            return kept
        while True:
            a = 2 * self.uniform() - 1
            b = 2 * self.uniform() - 1
            square = a * a + b * b
            if 0 < square < 1:
                factor = math.sqrt(-2 * math.log(square) / square)
                self.kept = b * factor
                return a * factor


class GuidedReLU(torch.autograd.Function):
    @staticmethod
    def forward(context, x, bound):
        context.save_for_backward(x)
        context.bound = bound
        return x.clamp(0, bound)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient.clamp(min=0) * (x > 0) * (x < context.bound), None


def input_gradient(network, picture, target):
    leaf = picture.clone().requires_grad_(True)
    return torch.autograd.grad(network(leaf)[0, target], leaf)[0]


def guided_backpropagation(network, picture, target):
    bounds = {torch.nn.ReLU: math.inf, torch.nn.ReLU6: 6}
    originals = {kind: kind.forward for kind in bounds}
    for kind, bound in bounds.items():
        kind.forward = lambda module, x, bound=bound: GuidedReLU.apply(x, bound)
    try:
        return input_gradient(network, picture, target)
    finally:
        for kind, original in originals.items():
            kind.forward = original


def smooth_grad(network, picture, target):
    random = JavaRandom(SEED)
    deviation = SPREAD * (picture.max() - picture.min())
    total = torch.zeros_like(picture)
    for _ in range(SAMPLES):
        noise = torch.tensor([random.gaussian() for _ in range(picture.numel())]).view_as(picture).to(picture)
        total += input_gradient(network, picture + deviation * noise, target)
    return total / SAMPLES


def integrated_gradients(network, picture, target):
    black = (-MEAN / DEVIATION).to(picture)
    way = picture - black
    total = sum(
        input_gradient(network, black + (step + 0.5) / STEPS * way, target) for step in range(STEPS)
    )
    return way * total / STEPS


def eigen_cam(activation):
    matrix = activation.double().flatten(1).T
    matrix = matrix - matrix.mean(0)
    component = (matrix @ torch.linalg.svd(matrix, full_matrices=False).Vh[0]).view(activation.shape[1:])
    return component if (component * activation.mean(0)).sum() > 0 else -component


def score_cam(network, picture, target, activation):
    masks = F.interpolate(activation[None], picture.shape[2:], mode="bilinear", align_corners=False)[0]
    scores = []
    for mask in masks:
        extent = mask.max() - mask.min()
        mask = (mask - mask.min()) / extent if extent > 0 else torch.zeros_like(mask)
        scores.append(network(picture * mask)[0, target])
    return golden.relu(golden.weighted(torch.stack(scores).softmax(0), activation))


def ablation_cam(network, picture, target, layer, activation):
    score = network(picture)[0, target]
    weights = []
    for channel in range(len(activation)):

        def switch_off(module, inputs, output):
            output = output.clone()
            output[:, channel] = 0
            return output

        handle = network.get_submodule(layer).register_forward_hook(switch_off)
        weights.append((score - network(picture)[0, target]) / score.abs())
        handle.remove()
    return golden.relu(golden.weighted(torch.stack(weights), activation))


def blocks(values, block):
    return golden.short(F.avg_pool2d(values.double(), block) * block**2)


def attribution(values, map_of, block):
    return {"colours": blocks(values, block), "map": blocks(map_of(values), block)}


def largest(values):
    return values.abs().amax(1, keepdim=True)


@torch.no_grad()
def scores(name, size, layer, salt, target):
    """Maps of hundreds of passes forward. They take no gradient, so single precision serves them."""
    network = golden.build(name, salt)
    picture = golden.image(size, salt)
    activation = golden.Recording(network, picture, [layer]).activation(layer)
    return {
        "score_cam": score_cam(network, picture, target, activation),
        "ablation_cam": ablation_cam(network, picture, target, layer, activation),
    }


def figures(case, dtype, scoring):
    name, salt, size, layer, block = case
    network = golden.build(name, salt, dtype)
    picture = golden.image(size, salt).to(dtype)
    recording = golden.Recording(network, picture, [layer])
    activation = recording.activation(layer)
    target = int(recording.logits.argmax())
    gradient = recording.gradient(recording.logits[target], layer)
    guided = guided_backpropagation(network, picture, target)
    grad_cam = golden.relu(golden.weighted(gradient.mean((1, 2)), activation))
    place = F.interpolate(grad_cam[None, None], picture.shape[2:], mode="bilinear", align_corners=False)
    saliency = input_gradient(network, picture, target)
    maps = {"eigen_cam": eigen_cam(activation)}
    if scoring:
        maps |= scores(name, size, layer, salt, target)
    integrated = integrated_gradients(network, picture, target)
    return {
        "network": name,
        "salt": salt,
        "input": size,
        "layer": layer,
        "target": target,
        "block": block,
        "smooth_grad": {"samples": SAMPLES, "spread": SPREAD, "seed": SEED},
        "integrated_gradients": {"steps": STEPS},
        "maps": {key: golden.short(value) for key, value in maps.items()},
        "attributions": {
            "gradient_saliency": attribution(saliency, largest, block),
            "smooth_grad": attribution(smooth_grad(network, picture, target), largest, block),
            "integrated_gradients": attribution(integrated, lambda values: values.sum(1, keepdim=True), block),
            "guided_backpropagation": attribution(guided, largest, block),
            "guided_grad_cam": attribution(guided * place, largest, block),
        },
    }


if __name__ == "__main__":
    spread.main(__file__, CASES, lambda case, dtype: figures(case, dtype, scoring=dtype == torch.float64))

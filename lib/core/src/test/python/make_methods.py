"""Writes figures of methods that run a network several times or change how it is walked.

    python make_methods.py

For one sequential network and one with shortcuts, at a side of 128 pixels, for the class with the largest logit:
maps at a layer, row-major, and attributions at the input as sums over blocks of 16×16 pixels.
"""

import math

import torch
import torch.nn.functional as F

import golden

SIZE = 128
BLOCK = 16
SAMPLES = 3
SPREAD = 0.2
SEED = 11
STEPS = 8
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)

NETWORKS = {"alexnet": "features.11", "resnet18": "layer3.1.conv2"}


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
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient.clamp(min=0) * (x > 0)


def input_gradient(network, picture, target):
    leaf = picture.clone().requires_grad_(True)
    return torch.autograd.grad(network(leaf)[0, target], leaf)[0]


def guided_backpropagation(network, picture, target):
    original = torch.nn.ReLU.forward
    torch.nn.ReLU.forward = lambda module, x: GuidedReLU.apply(x)
    try:
        return input_gradient(network, picture, target)
    finally:
        torch.nn.ReLU.forward = original


def smooth_grad(network, picture, target):
    random = JavaRandom(SEED)
    deviation = SPREAD * (picture.max() - picture.min())
    total = torch.zeros_like(picture)
    for _ in range(SAMPLES):
        noise = torch.tensor([random.gaussian() for _ in range(picture.numel())]).view_as(picture)
        total += input_gradient(network, picture + deviation * noise, target)
    return total / SAMPLES


def integrated_gradients(network, picture, target):
    black = -MEAN / DEVIATION
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
    masks = F.interpolate(activation[None], (SIZE, SIZE), mode="bilinear", align_corners=False)[0]
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


def blocks(values):
    return golden.short(F.avg_pool2d(values.double(), BLOCK) * BLOCK**2)


def attribution(values, map_of):
    return {"colours": blocks(values), "map": blocks(map_of(values))}


def largest(values):
    return values.abs().amax(1, keepdim=True)


def figures(name, layer):
    network = golden.build(name)
    picture = golden.image(SIZE)
    recording = golden.Recording(network, picture, [layer])
    activation = recording.activation(layer)
    target = int(recording.logits.argmax())
    gradient = recording.gradient(recording.logits[target], layer)
    guided = guided_backpropagation(network, picture, target)
    grad_cam = golden.relu(golden.weighted(gradient.mean((1, 2)), activation))
    place = F.interpolate(grad_cam[None, None], (SIZE, SIZE), mode="bilinear", align_corners=False)
    saliency = input_gradient(network, picture, target)
    with torch.no_grad():
        maps = {
            "eigen_cam": eigen_cam(activation),
            "score_cam": score_cam(network, picture, target, activation),
            "ablation_cam": ablation_cam(network, picture, target, layer, activation),
        }
    integrated = integrated_gradients(network, picture, target)
    return {
        "network": name,
        "input": SIZE,
        "layer": layer,
        "target": target,
        "block": BLOCK,
        "smooth_grad": {"samples": SAMPLES, "spread": SPREAD, "seed": SEED},
        "integrated_gradients": {"steps": STEPS},
        "maps": {key: golden.short(value) for key, value in maps.items()},
        "attributions": {
            "gradient_saliency": attribution(saliency, largest),
            "smooth_grad": attribution(smooth_grad(network, picture, target), largest),
            "integrated_gradients": attribution(integrated, lambda values: values.sum(1, keepdim=True)),
            "guided_backpropagation": attribution(guided, largest),
            "guided_grad_cam": attribution(guided * place, largest),
        },
    }


if __name__ == "__main__":
    for name, layer in NETWORKS.items():
        golden.write(f"methods-{name}.json", figures(name, layer))

"""Writes figures of further methods that give maps of a layer.

    python make_map_methods.py

For small networks of make_torchscript.py, one sequential and one with shortcuts, for the class with the largest logit:
maps at a layer, row-major, in double precision. They go to resources/camlab/maps/figures.json.
"""

import json

import torch

import golden
import make_methods
import make_torchscript

FILE = golden.FOLDER.parent / "maps" / "figures.json"
SIZE = 96

# Networks and layers: the last one with positions; one whose output another layer takes, too; one inside a block, with
# a path around it, before a batch norm.
CASES = [("alexnet", "features.6"), ("resnet", "layer3"), ("resnet", "layer3.0.conv2")]


class Case:
    """A network and a layer of it, in double precision, and one pass through it."""

    def __init__(self, name, layer):
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


METHODS = [eigen_grad_cam, smooth_grad_cam_plus_plus]


def figures(name, layer):
    case = Case(name, layer)
    maps = {method.__name__: golden.short(method(case)) for method in METHODS}
    return {"network": name, "layer": layer, "input": SIZE, "target": case.target, "maps": maps}


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    content = {"cases": [figures(*case) for case in CASES]}
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

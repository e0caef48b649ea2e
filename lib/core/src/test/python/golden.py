"""Networks whose weights and input follow from a formula, and the arithmetic of the reference figures.

The formula and the layout of the files are written down in resources/camlab/golden/README.md.
"""

import json
import math
import pathlib
import sys
import zipfile
import zlib
from importlib.metadata import version

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "camlab" / "golden"
SALT = "open-"


def torchvision_models():
    """torchvision's models; where its compiled operators do not fit this torch, they are declared."""
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[name]
        for name in ["nms", "qnms"]:
            torch.library.define(
                f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            )
        import torchvision
    return torchvision.models


def build(name, salt=SALT, dtype=torch.float32):
    """The network of the given name, in evaluation mode, filled by the formula. Its weights are the float32 values of
    the formula whatever its type is."""
    if name == "xception":
        from timm.models.xception import legacy_xception

        network = legacy_xception()
    elif name == "efficientnet_lite0":
        from efficientnet_lite_pytorch import EfficientNet

        # Without a size its padding follows the input's.
        network = EfficientNet.from_name("efficientnet-lite0", image_size=None)
    else:
        network = getattr(torchvision_models(), name)(weights=None)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return fill(network, salt).to(dtype)


def fill(network, salt=SALT):
    """Gives a network the formula's weights, and puts it in evaluation mode."""
    with torch.no_grad():
        for tensor_name, tensor in network.state_dict().items():
            if not tensor_name.endswith("num_batches_tracked"):
                tensor.copy_(torch.from_numpy(values(tensor_name, tuple(tensor.shape), salt)))
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network.eval()


def uniform(name, size, salt=SALT):
    seed = zlib.crc32((salt + name).encode())
    with np.errstate(over="ignore"):
        x = np.arange(size, dtype=np.uint32) + np.uint32(seed * 7919 % 2**32)
        x = x * np.uint32(2654435761)
        x ^= x >> np.uint32(16)
        x = x * np.uint32(2246822519)
        x ^= x >> np.uint32(13)
    return x / 2.0**32


def values(name, shape, salt=SALT):
    u = uniform(name, math.prod(shape), salt)
    if len(shape) >= 2:
        result = (2 * u - 1) * math.sqrt(6 / math.prod(shape[1:]))
    elif name.endswith("running_var"):
        result = 0.5 + u
    elif name.endswith("running_mean"):
        result = 0.2 * (u - 0.5)
    elif name.endswith("bias"):
        result = 0.1 * (u - 0.5)
    else:
        result = 0.5 + 0.5 * u
    return result.reshape(shape).astype(np.float32)


def image(n, salt=SALT):
    """The input, shape (1, 3, n, n)."""
    noise = uniform("image", 3 * n * n, salt).reshape(3, n, n)
    c, y, x = np.meshgrid(np.arange(3), np.arange(n), np.arange(n), indexing="ij")
    wave = np.sin(2 * np.pi * (x / n * (c + 1) + y / n * 2))
    return torch.from_numpy((wave + 0.5 * (noise - 0.5)).astype(np.float32))[None]


class Recording:
    """One forward pass that keeps the outputs of named modules, and gives gradients there."""

    def __init__(self, network, picture, layers):
        self.picture = picture.clone().requires_grad_(True)
        self.outputs = {}
        handles = [
            network.get_submodule(layer).register_forward_hook(
                lambda module, inputs, output, layer=layer: self.outputs.__setitem__(layer, output)
            )
            for layer in layers
        ]
        self.logits = network(self.picture)[0]
        for handle in handles:
            handle.remove()

    def activation(self, layer):
        return self.outputs[layer].detach()[0]

    def gradient(self, score, layer):
        return torch.autograd.grad(score, self.outputs[layer], retain_graph=True)[0][0]

    def input_gradient(self, score):
        return torch.autograd.grad(score, self.picture, retain_graph=True)[0][0]


def relu(x):
    return x.clamp(min=0)


def weighted(weights, activation):
    return (weights[:, None, None] * activation).sum(0)


def x_grad_cam(activation, gradient):
    sums = activation.sum((1, 2))
    weights = (gradient * activation).sum((1, 2)) / sums
    return relu(weighted(torch.where(sums == 0, 0, weights), activation))


def grad_cam_plus_plus(activation, gradient):
    sums = activation.sum((1, 2))[:, None, None]
    alpha = gradient**2 / (2 * gradient**2 + sums * gradient**3 + 1e-7)
    alpha = torch.where(gradient == 0, 0, alpha)
    return relu(weighted((alpha * relu(gradient)).sum((1, 2)), activation))


def fem(activation):
    mean = activation.mean((1, 2), keepdim=True)
    deviation = activation.std((1, 2), keepdim=True, correction=0)
    return (mean * (activation >= mean + 2 * deviation)).sum(0)


def maps(activation, gradient):
    """Every map that needs the activations and gradients of one layer and nothing else."""
    mean = gradient.mean((1, 2))
    return {
        "activation_mean": activation.mean(0),
        "gradient_mean": gradient.mean(0),
        "grad_cam": relu(weighted(mean, activation)),
        "layer_cam": relu((relu(gradient) * activation).sum(0)),
        "grad_cam_plus_plus": grad_cam_plus_plus(activation, gradient),
        "x_grad_cam": x_grad_cam(activation, gradient),
        "hi_res_cam": relu((gradient * activation).sum(0)),
        "counterfactual": relu(weighted(-mean, activation)),
        "fem_k2": fem(activation),
    }


def versions(packages):
    """The installed versions, for the file that they have made."""
    return {"versions": {package: version(package).split("+")[0] for package in packages}}


def short(tensor):
    """Values with seven significant digits."""
    return [float(f"{value:.7g}") for value in tensor.double().flatten().tolist()]


def save_program(program, target):
    """Saves a TorchScript program without its debug files. They say which line of which Python file the program comes
    from, and so name folders of the machine it was made on."""
    whole = target.with_suffix(".whole")
    torch.jit.save(program, whole)
    without_debug_files(whole, target)
    whole.unlink()


def without_debug_files(source, target):
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as rest:
        for entry in whole.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                rest.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))


def write(name, content):
    path = FOLDER / name
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")

"""Writes what grad-cam, torchcam and captum make of the networks of make_map_methods.py.

    python make_peers.py

Of each package all the methods that we have, too, and that it computes without numbers drawn by lot, or with numbers
that can be given. They go to resources/camlab/maps/others.json with the versions of the packages.
grad-cam cuts off what is negative, scales, resizes and scales again: kept are means over blocks of pixels.
torchcam cuts off and scales: kept are its maps at the layer. captum does neither: kept are sums over blocks of pixels.
Maps of several layers, and FullGrad's of all, are under "several"; torchcam's is at the finest of its layers.
"""

import contextlib
import functools
import io
import json
import warnings
from unittest import mock

import pytorch_grad_cam
import torch
from captum import attr as captum
from pytorch_grad_cam.utils.model_targets import ClassifierOutputReST, ClassifierOutputTarget
from torchcam import methods as torchcam

import golden
import make_map_methods as made
import make_methods

FILE = made.FILE.with_name("others.json")
PACKAGES = ["torch", "numpy", "grad-cam", "torchcam", "captum", "opencv-python-headless"]

# Beside the layers of make_map_methods.py the one that CAM needs.
CASES = [*made.CASES, ("resnet", "layer4")]

GRAD_CAM = {
    "grad_cam": pytorch_grad_cam.GradCAM,
    "grad_cam_plus_plus": pytorch_grad_cam.GradCAMPlusPlus,
    "x_grad_cam": pytorch_grad_cam.XGradCAM,
    "hi_res_cam": pytorch_grad_cam.HiResCAM,
    "layer_cam": pytorch_grad_cam.LayerCAM,
    "eigen_cam": pytorch_grad_cam.EigenCAM,
    "eigen_grad_cam": pytorch_grad_cam.EigenGradCAM,
    "kpca_cam": pytorch_grad_cam.KPCA_CAM,
    "shapley_cam": pytorch_grad_cam.ShapleyCAM,
    "score_cam": pytorch_grad_cam.ScoreCAM,
    "ablation_cam": pytorch_grad_cam.AblationCAM,
    "fem": pytorch_grad_cam.FEM,
    "finer_cam": pytorch_grad_cam.FinerCAM,
}
TORCHCAM = {
    "cam": torchcam.CAM,
    "grad_cam": torchcam.GradCAM,
    "grad_cam_plus_plus": torchcam.GradCAMpp,
    "smooth_grad_cam_plus_plus": functools.partial(torchcam.SmoothGradCAMpp, num_samples=3),
    "x_grad_cam": torchcam.XGradCAM,
    "layer_cam": torchcam.LayerCAM,
    "score_cam": torchcam.ScoreCAM,
    "finer_cam": torchcam.FinerCAM,
    "is_cam": functools.partial(torchcam.ISCAM, num_samples=4),
    "ss_cam": functools.partial(torchcam.SSCAM, num_samples=2, std=0.5),
}
SAMPLES = 3
SPREAD = 0.2
SEED = 11
STEPS = 8
BLOCK = 16


def noise(case):
    """Copies of ε as our methods draw them."""
    random = make_methods.JavaRandom(SEED)
    deviation = SPREAD * (case.picture.max() - case.picture.min())
    drawn = [random.gaussian() for _ in range(SAMPLES * case.picture.numel())]
    return deviation * torch.tensor(drawn).float().double().view(SAMPLES, *case.picture.shape)


def mask_noise(case, samples=2, deviation=0.5):
    """What is added to the channels, resized to the picture: sample by sample, channel by channel."""
    random = make_methods.JavaRandom(SEED)
    shape = (len(case.activation), made.SIZE, made.SIZE)
    drawn = [deviation * random.gaussian() for _ in range(samples * shape[0] * shape[1] * shape[2])]
    return torch.tensor(drawn).double().float().double().view(samples, 1, *shape)


class Given:
    """A distribution whose samples are given, in the place of torchcam's."""

    def __init__(self, samples):
        self.samples = iter(samples)

    def sample(self, size):
        result = next(self.samples)
        assert result.shape == size
        return result


def of_grad_cam(case, name):
    layer = case.network.get_submodule(case.layer)
    # Finer-CAM finds the class and those near it by itself; Shapley-CAM is asked for its own score.
    target = ClassifierOutputReST if name == "shapley_cam" else ClassifierOutputTarget
    targets = None if name == "finer_cam" else [target(case.target)]
    with GRAD_CAM[name](case.network, [layer]) as cam, contextlib.redirect_stderr(io.StringIO()):
        return cam(input_tensor=case.picture, targets=targets)[0]


def of_torchcam(case, name):
    with TORCHCAM[name](case.network, case.layer) as cam:
        if name == "smooth_grad_cam_plus_plus":
            cam._distrib = Given(noise(case))
        if name == "ss_cam":
            cam._distrib = Given(mask_noise(case))
        return cam(case.target, case.network(case.picture))[0][0].detach()


def of_captum(case):
    black = (-make_methods.MEAN / make_methods.DEVIATION).double().expand_as(case.picture)
    layer = case.network.get_submodule(case.layer)
    asked = {"inputs": case.picture, "target": case.target}
    saliency = captum.Saliency(case.network)
    guided = captum.GuidedGradCam(case.network, layer)
    given = mock.patch("torch.normal", lambda mean, deviation: mean + noise(case).view_as(deviation))
    with given:
        smooth = captum.NoiseTunnel(saliency).attribute(
            **asked, nt_type="smoothgrad", nt_samples=SAMPLES, stdevs=1.0, abs=False
        )
    return {
        "gradient_saliency": saliency.attribute(**asked, abs=False),
        "gradient_saliency, abs": saliency.attribute(**asked),
        "smooth_grad": smooth,
        "integrated_gradients": captum.IntegratedGradients(case.network).attribute(
            **asked, baselines=black, n_steps=STEPS, method="riemann_middle"
        ),
        "guided_backpropagation": captum.GuidedBackprop(case.network).attribute(**asked),
        "guided_grad_cam": guided.attribute(**asked, interpolate_mode="bilinear"),
        "guided_grad_cam, nearest": guided.attribute(**asked),
    }


def means(values):
    return golden.short(torch.nn.functional.avg_pool2d(torch.as_tensor(values).double()[None], made.BLOCK))


def of_several(case):
    """Of the layers of made.REFINED, and of all."""
    layers = made.REFINED[case.name]
    targets = [ClassifierOutputTarget(case.target)]
    modules = [case.network.get_submodule(layer) for layer in layers]
    refined = pytorch_grad_cam.RefineCAM(case.network, modules)
    with pytorch_grad_cam.FullGrad(model=case.network, target_layers=[]) as cam:
        full = cam(input_tensor=case.picture.clone(), targets=targets)[0]
    with torchcam.RefineCAM(case.network, layers) as cam:
        finest = cam(case.target, case.network(case.picture))[0][0].detach()
    return {
        "layers": layers,
        "grad-cam": {
            "full_grad": means(full),
            "refine_cam": means(refined(case.picture.clone(), targets)[0]),
        },
        "torchcam": {"refine_cam": golden.short(finest)},
    }


def figures(name, layer):
    case = made.Case(name, layer)
    case.network.requires_grad_(True)
    result = {"network": name, "layer": layer, "input": made.SIZE, "target": case.target}
    if layer == "layer4":
        return result | {"torchcam": {"cam": golden.short(of_torchcam(case, "cam"))}}
    result |= {
        "grad-cam": {method: means(of_grad_cam(case, method)) for method in GRAD_CAM},
        "torchcam": {
            method: golden.short(of_torchcam(case, method)) for method in TORCHCAM if method != "cam"
        },
    }
    if layer in [first[1] for first in CASES[:2]]:
        result["captum"] = {
            method: make_methods.blocks(values.detach(), BLOCK) for method, values in of_captum(case).items()
        }
        result["several"] = of_several(case)
    return result


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    content = golden.versions(PACKAGES) | {
        "block": made.BLOCK,
        "captum_block": BLOCK,
        "noise": {"samples": SAMPLES, "spread": SPREAD, "seed": SEED},
        "steps": STEPS,
        "cases": [figures(*case) for case in CASES],
    }
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

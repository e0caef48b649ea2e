"""Compares our formulas and the figures of make_map_methods.py with what the packages grad-cam and torchcam compute.

    python compare_map_methods.py

Both packages cut off what is negative and scale maps between 0 and 1, so the figures are treated in the same way first.
Printed is the largest difference of the maps so scaled; README.md has the reasons for those above 1e-5. What
make_peers.py has kept is compared as it is kept; torchcam's Refine-CAM, kept at its finest layer, is computed anew at the
size of the picture.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from pytorch_grad_cam.utils.image import scale_cam_image
from torchcam import methods as torchcam

import golden
import make_map_methods as made
import make_methods
import make_peers

def scaled(values):
    extent = values.max() - values.min()
    return (values - values.min()) / (extent if extent > 0 else 1)


def as_grad_cam_shows(values):
    """Cut off, scaled, resized by OpenCV, and scaled again."""
    cut = np.maximum(values, 0)[None].astype(np.float32)
    return scaled(scale_cam_image(cut, (made.SIZE, made.SIZE))[0])


def means(values):
    return F.avg_pool2d(torch.as_tensor(values).double()[None, None], made.BLOCK)[0, 0].numpy()


def tell(case, package, name, ours, theirs, note=""):
    difference = np.abs(ours - theirs).max()
    print(f"{case.name:8} {case.layer:16} {package:9} {name:16} {difference:.1e} {note}")


def ours(case, figures):
    """By the methods' own formulas."""
    alpha = torch.where(case.gradient == 0, 0, 1 / (2 + case.activation.sum((1, 2), keepdim=True) * case.gradient))
    weights = (alpha * golden.relu(case.gradient)).sum((1, 2))
    asked = (case.network, case.picture, case.target)
    with torch.no_grad():
        maps = golden.maps(case.activation, case.gradient) | {
            "grad_cam_plus_plus": golden.relu(golden.weighted(weights, case.activation)),
            "eigen_cam": make_methods.eigen_cam(case.activation),
            "score_cam": make_methods.score_cam(*asked, case.activation),
            "ablation_cam": make_methods.ablation_cam(*asked, case.layer, case.activation),
            "fem": golden.fem(case.activation),
        }
    shape = case.activation.shape[1:]
    return {name: values.numpy() for name, values in maps.items()} | {
        name: np.array(values).reshape(shape) for name, values in figures.items()
    }


def at_the_layer(case, figures, kept):
    maps = ours(case, figures)
    for name, values in kept["grad-cam"].items():
        either = {sign: means(as_grad_cam_shows(factor * maps[name])) for sign, factor in [("", 1), ("sign turned", -1)]}
        theirs = np.array(values).reshape(either[""].shape)
        sign = min(either, key=lambda each: np.abs(either[each] - theirs).max())
        tell(case, "grad-cam", name, either[sign], theirs, sign)
    for name, values in kept["torchcam"].items():
        cut = np.maximum(maps[name], 0)
        tell(case, "torchcam", name, scaled(cut), np.array(values).reshape(cut.shape))


def at_the_input(case, figures, kept):
    ours = {name: np.array(values).reshape(-1, made.SIZE // made.BLOCK) for name, values in figures.items()}
    theirs = {name: np.array(values).reshape(ours[name].shape) for name, values in kept["grad-cam"].items()}
    tell(case, "grad-cam", "full_grad", scaled(ours["full_grad"]), scaled(theirs["full_grad"]))
    refined = ours["refine_cam"] / made.BLOCK**2
    tell(case, "grad-cam", "refine_cam", refined, theirs["refine_cam"])
    with torchcam.RefineCAM(case.network, kept["layers"]) as cam:
        asked = {"target_shape": (made.SIZE, made.SIZE)}
        theirs = cam(case.target, case.network(case.picture), **asked)[0][0].detach()
    tell(case, "torchcam", "refine_cam", refined, means(theirs))


if __name__ == "__main__":
    kept = json.loads(make_peers.FILE.read_text(encoding="utf-8"))["cases"]
    for each, peers in zip(json.loads(made.FILE.read_text(encoding="utf-8"))["cases"], kept):
        asked = made.Case(each["network"], each["layer"])
        asked.network.requires_grad_(True)
        at_the_layer(asked, each["maps"], peers)
        if "input_maps" in each:
            at_the_input(asked, each["input_maps"], peers["several"])

"""Compares the figures of make_map_methods.py with what the packages grad-cam and torchcam compute.

    python compare_map_methods.py

Both packages cut off what is negative and scale maps between 0 and 1, so the figures are treated in the same way first.
Printed is the largest difference of the maps so scaled; README.md has the reasons for those above 1e-5.
"""

import json

import numpy as np
import pytorch_grad_cam
import torch
import torch.nn.functional as F
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputReST, ClassifierOutputTarget
from torchcam import methods as torchcam

import make_map_methods as made

GRAD_CAM = {
    "eigen_grad_cam": (pytorch_grad_cam.EigenGradCAM, ClassifierOutputTarget),
    "kpca_cam": (pytorch_grad_cam.KPCA_CAM, ClassifierOutputTarget),
    "shapley_cam": (pytorch_grad_cam.ShapleyCAM, ClassifierOutputReST),
}
TORCHCAM = {
    "finer_cam": (torchcam.FinerCAM, {}),
    "is_cam": (torchcam.ISCAM, {"num_samples": 4}),
    "ss_cam": (torchcam.SSCAM, {"num_samples": 2, "std": 0.5}),
}


def scaled(values):
    extent = values.max() - values.min()
    return (values - values.min()) / (extent if extent > 0 else 1)


def as_grad_cam_shows(values):
    """Cut off, scaled, resized by OpenCV, and scaled again."""
    cut = np.maximum(values, 0)[None].astype(np.float32)
    return scaled(scale_cam_image(cut, (made.SIZE, made.SIZE))[0])


def blocks(values):
    return F.avg_pool2d(torch.as_tensor(values).double()[None, None], made.BLOCK)[0, 0].numpy()


def tell(case, package, name, ours, theirs, note=""):
    difference = np.abs(ours - theirs).max()
    print(f"{case.name:8} {case.layer:16} {package:9} {name:16} {difference:.1e} {note}")


def at_the_layer(case, figures):
    layer = case.network.get_submodule(case.layer)
    picture = case.picture.float()
    for name, (method, target) in GRAD_CAM.items():
        with method(model=case.network, target_layers=[layer]) as cam:
            theirs = cam(input_tensor=picture, targets=[target(case.target)])[0]
        ours = np.array(figures[name]).reshape(case.activation.shape[1:])
        either = {sign: as_grad_cam_shows(factor * ours) for sign, factor in [("", 1), ("sign turned", -1)]}
        sign = min(either, key=lambda each: np.abs(either[each] - theirs).max())
        tell(case, "grad-cam", name, either[sign], theirs, sign)
    for name, (method, settings) in TORCHCAM.items():
        with method(case.network, case.layer, **settings) as cam:
            theirs = cam(case.target, case.network(picture))[0][0].detach().numpy()
        ours = np.array(figures[name]).reshape(theirs.shape)
        tell(case, "torchcam", name, scaled(ours), theirs)


def at_the_input(case, figures):
    picture = case.picture.float()
    targets = [ClassifierOutputTarget(case.target)]
    layers = made.REFINED[case.name]
    ours = {name: np.array(values).reshape(-1, made.SIZE // made.BLOCK) for name, values in figures.items()}
    with pytorch_grad_cam.FullGrad(model=case.network, target_layers=[]) as cam:
        theirs = blocks(cam(input_tensor=picture, targets=targets)[0])
    tell(case, "grad-cam", "full_grad", scaled(ours["full_grad"]), scaled(theirs))
    modules = [case.network.get_submodule(layer) for layer in layers]
    theirs = pytorch_grad_cam.RefineCAM(case.network, modules)(picture, targets)[0]
    tell(case, "grad-cam", "refine_cam", ours["refine_cam"] / made.BLOCK**2, blocks(theirs))
    with torchcam.RefineCAM(case.network, layers) as cam:
        theirs = cam(case.target, case.network(picture), target_shape=(made.SIZE, made.SIZE))[0][0].detach()
    tell(case, "torchcam", "refine_cam", ours["refine_cam"] / made.BLOCK**2, blocks(theirs))


if __name__ == "__main__":
    torch.manual_seed(0)
    for each in json.loads(made.FILE.read_text(encoding="utf-8"))["cases"]:
        asked = made.Case(each["network"], each["layer"])
        asked.network.float().requires_grad_(True)
        at_the_layer(asked, each["maps"])
        if "input_maps" in each:
            at_the_input(asked, each["input_maps"])

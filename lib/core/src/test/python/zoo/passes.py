"""Tells how many forward passes a Grad-CAM takes in PyTorch itself, so that the library's figure can be judged.

    python passes.py

One thread, no parameter with a gradient, the pass and the Grad-CAM by turns, 25 of each after 6 to warm up; medians of
what the thread computed, which other work on the machine changes little.
"""

import statistics
import time

import timm
import torch
import torchvision

SIZE = 224
WARM, TIMES = 6, 25

NETWORKS = {
    "lcnet_050": (timm.create_model, "blocks"),
    "mobilenet_v3_small": (torchvision.models.get_model, "features"),
    "alexnet": (torchvision.models.get_model, "features.11"),
}


def computed(action) -> float:
    start = time.thread_time()
    action()
    return 1000 * (time.thread_time() - start)


def passes(name: str) -> tuple[float, float]:
    """Milliseconds of a forward pass, and of a Grad-CAM."""
    make, layer = NETWORKS[name]
    network = make(name).eval().requires_grad_(False)
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    picture = torch.randn(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1))
    recorded = []

    def record(module, inputs, output):
        if torch.is_grad_enabled():
            recorded[:] = [output.detach().requires_grad_(True)]
            return recorded[0]
        return None

    network.get_submodule(layer).register_forward_hook(record)

    def forward() -> None:
        with torch.no_grad():
            network(picture)

    def grad_cam() -> None:
        score = network(picture)[0, 1]
        (gradient,) = torch.autograd.grad(score, recorded[0])
        torch.relu((gradient.mean((2, 3), keepdim=True) * recorded[0].detach()).sum(1))

    times = [(computed(forward), computed(grad_cam)) for _ in range(WARM + TIMES)][WARM:]
    return tuple(statistics.median(column) for column in zip(*times, strict=True))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for each in NETWORKS:
        plain, explained = passes(each)
        print(f"PyTorch {torch.__version__} {each}: {plain:.1f} ms, {explained:.1f} ms, {explained / plain:.2f} passes")

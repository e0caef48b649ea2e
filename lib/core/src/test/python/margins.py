"""Looks for a salt whose network stays clear of ties, so that single precision walks the same way everywhere.

    python margins.py maps|methods case [salts]

The margin of a pass is the least distance of a ReLU's input to zero (or to six), or of a max-pooling's winner to the second, in
root-mean-square rounding errors of that layer (single against double precision). With a margin of several errors no
setting of the processor takes another branch, and gradients agree to single precision.
"""

import functools
import sys

import torch
import torch.nn.functional as F

import make_maps
import make_methods
import spread

MAKERS = {
    "maps": (make_maps.CASES, make_maps.figures),
    "methods": (make_methods.CASES, functools.partial(make_methods.figures, scoring=False)),
}
ENOUGH = 5
# These threshold or divide by a difference that can come close to zero, and are compared by correlation.
BY_CORRELATION = ["grad_cam_plus_plus", "fem_k2"]


def distances(module, x):
    """Distances to a tie; ties of equal zeros behind a ReLU are none, for no gradient passes there."""
    if isinstance(module, torch.nn.ReLU):
        return x
    if isinstance(module, torch.nn.ReLU6):
        return torch.minimum(x.abs(), (x - 6).abs())
    side, step = module.kernel_size, module.stride
    rest = [max(0, -(-(n - side) // step) * step + side - n) if module.ceil_mode else 0 for n in x.shape[2:]]
    low = torch.finfo(x.dtype).min
    padding = module.padding
    padded = F.pad(x, (padding, padding + rest[1], padding, padding + rest[0]), value=low)
    windows = padded.unfold(2, side, step).unfold(3, side, step).flatten(4)
    first, second = windows.topk(2).values.unbind(-1)
    return first - second


def walk(compute):
    """The figures, and the distances of every ReLU and max-pooling in the order of the calls."""
    found = []

    def keep(module, inputs, output):
        if isinstance(module, (torch.nn.ReLU, torch.nn.ReLU6, torch.nn.MaxPool2d)):
            found.append(distances(module, inputs[0].detach()).double())

    handle = torch.nn.modules.module.register_module_forward_hook(keep)
    try:
        return compute(), found
    finally:
        handle.remove()


def margin(double, single):
    least = float("inf")
    for exact, rounded in zip(double, single, strict=True):
        error = (rounded - exact).square().mean().sqrt()
        open_ones = exact[exact != 0].abs()
        if error > 0 and len(open_ones) > 0:
            least = min(least, float(open_ones.min() / error))
    return least


def worst(deviations):
    """The largest deviation of the figures that are compared by value."""
    if isinstance(deviations, dict):
        kept = [value for key, value in deviations.items() if key not in BY_CORRELATION]
        return max(map(worst, kept), default=0)
    if isinstance(deviations, list):
        return max(map(worst, deviations), default=0)
    return deviations


def look(figures, case, salts):
    for i in range(salts):
        salted = (case[0], f"clear-{i}-", *case[2:])
        reference, double = walk(lambda: figures(salted, torch.float64))
        found, single = walk(lambda: figures(salted, torch.float32))
        clear = margin(double, single)
        print(f"{salted[1]} margin {clear:.2g}", end=" ")
        if clear >= ENOUGH:
            print(f"deviation {worst(spread.deviation(reference, found)):.1e}", end=" ")
        print(flush=True)


if __name__ == "__main__":
    cases, figures = MAKERS[sys.argv[1]]
    look(figures, cases[sys.argv[2]], int(sys.argv[3]) if len(sys.argv) > 3 else 20)

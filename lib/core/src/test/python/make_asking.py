"""Writes figures of methods that only ask, and of two that take the gradient at the input.

    python make_asking.py [case ...]        needs the package captum

Occlusion, ablation of regions, exact Shapley values, the regression of LIME and gradient x input are captum's. RISE,
KernelSHAP of drawn selections and expected gradients are reckoned here: captum has no RISE, and draws by its own lot
what the other two need; KernelSHAP of all selections is held against captum's Shapley values.
"""

import math

import captum.attr
import numpy as np
import torch
import torch.nn.functional as F
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr._core.lime import LimeBase

import golden
import spread
from make_methods import DEVIATION, MEAN, JavaRandom, blocks, input_gradient

GREY = 0x80 / 255
WINDOW, STRIDE = 12, 8
FEW = (2, 2)
MANY = (3, 5)
MASKS, CELLS, KEEP = 40, 5, 0.4
SAMPLES = 60
WIDTH = 0.25
PENALTY = 1.0
REFERENCES = 3
DRAWN_REFERENCES = 6
SEED = 5
BATCH = 64

# Name of the file: network, salt, side of the input, side of a block.
CASES = {
    "asking-alexnet": ("alexnet", "clear-0-", 64, 8),
    "asking-resnet18": ("resnet18", "clear-2-", 32, 8),
}


def grey(dtype):
    return ((GREY - MEAN.double()) / DEVIATION.double()).to(dtype)


def labels(rows, columns, side):
    places = torch.arange(side)
    return ((places * rows // side)[:, None] * columns + (places * columns // side)[None, :])[None, None]


def occlusion(network, picture, target):
    return captum.attr.Occlusion(network).attribute(
        picture,
        sliding_window_shapes=(3, WINDOW, WINDOW),
        strides=(3, STRIDE, STRIDE),
        baselines=grey(picture.dtype).expand_as(picture),
        target=target,
        perturbations_per_eval=BATCH,
    )[:, :1]


def region_ablation(network, picture, target):
    return captum.attr.FeatureAblation(network).attribute(
        picture,
        baselines=grey(picture.dtype).expand_as(picture),
        target=target,
        feature_mask=labels(*MANY, picture.shape[-1]),
        perturbations_per_eval=BATCH,
    )[:, :1]


def shapley_values(network, picture, target):
    return captum.attr.ShapleyValues(network).attribute(
        picture,
        baselines=grey(picture.dtype).expand_as(picture),
        target=target,
        feature_mask=labels(*FEW, picture.shape[-1]),
        perturbations_per_eval=BATCH,
    )[:, :1]


def seen_through(picture, seen, grid):
    """The picture of which only some regions are seen."""
    mask = seen.to(picture)[labels(*grid, picture.shape[-1])]
    return picture * mask + grey(picture.dtype) * (1 - mask)


def painted(values, picture, grid):
    return values.double()[labels(*grid, picture.shape[-1])]


def lime(network, picture, target):
    count = MANY[0] * MANY[1]
    random = JavaRandom(SEED)
    drawn = [[1.0 if i == 0 or random.uniform() < 0.5 else 0.0 for _ in range(count)] for i in range(SAMPLES)]

    def similarity(original, perturbed, seen, **_):
        distance = 1 - math.sqrt(float(seen.sum()) / count)
        return torch.tensor([math.exp(-(distance**2) / (2 * WIDTH**2))], dtype=torch.float64)

    def selections(original, **_):
        for seen in drawn:
            yield torch.tensor([seen], dtype=torch.float64)

    model = SkLearnRidge(alpha=PENALTY)
    values = LimeBase(
        network,
        model,
        similarity,
        selections,
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda seen, original, **_: seen_through(original, seen[0], MANY),
        to_interp_rep_transform=None,
    ).attribute(picture, target=target, n_samples=SAMPLES)
    return painted(values.flatten(), picture, MANY)


def rise(network, picture, target):
    side = picture.shape[-1]
    cell = -(-side // CELLS)
    random = JavaRandom(SEED)
    total = torch.zeros_like(picture[:, :1])
    for _ in range(MASKS):
        grid = torch.tensor([[random.uniform() < KEEP for _ in range(CELLS)] for _ in range(CELLS)]).to(picture)
        down, right = (int(random.uniform() * cell) for _ in range(2))
        size = (CELLS + 1) * cell
        whole = F.interpolate(grid[None, None], (size, size), mode="bilinear", align_corners=False)
        mask = whole[:, :, down : down + side, right : right + side]
        total += network(picture * mask + grey(picture.dtype) * (1 - mask))[0, target] * mask
    return total / (KEEP * MASKS)


def drawn_selections(count):
    random = JavaRandom(SEED)
    chances = [1 / (size * (count - size)) for size in range(1, count)]
    selections = []
    while len(selections) < SAMPLES:
        place = random.uniform() * sum(chances)
        size = 1 + min(int(np.searchsorted(np.cumsum(chances), place, side="right")), count - 2)
        seen, left = [], size
        for region in range(count):
            seen.append(1.0 if random.uniform() * (count - region) < left else 0.0)
            left -= seen[-1]
        selections += [seen, [1 - each for each in seen]]
    return np.array(selections[:SAMPLES])


def kernel_shap(network, picture, target):
    """The smallest square error under the condition, from the equations of Karush, Kuhn and Tucker."""
    count = MANY[0] * MANY[1]
    selections = drawn_selections(count)

    def score(seen):
        return float(network(seen_through(picture, torch.from_numpy(np.asarray(seen)), MANY))[0, target])

    blank = score(np.zeros(count))
    rises = np.array([score(seen) - blank for seen in selections])
    system = np.zeros((count + 1, count + 1))
    system[:count, :count] = 2 * selections.T @ selections
    system[count, :count] = system[:count, count] = 1
    right = np.append(2 * selections.T @ rises, score(np.ones(count)) - blank)
    return painted(torch.from_numpy(np.linalg.solve(system, right)[:count]), picture, MANY)


def references(side, dtype):
    """Pictures of noise, as a network takes them."""
    found = []
    for i in range(REFERENCES):
        levels = np.floor(golden.uniform(f"reference-{i}", 3 * side * side) * 256).reshape(1, 3, side, side)
        found.append(((torch.from_numpy(levels) / 255 - MEAN.double()) / DEVIATION.double()).to(dtype))
    return found


def next_int(random, bound):
    """java.util.Random.nextInt, from the algorithm its documentation lays down; the bound is no power of two."""
    while True:
        bits = random.bits(31)
        value = bits % bound
        if bits - value + bound - 1 < 2**31:
            return value


def expected_gradients(network, picture, target):
    random = JavaRandom(SEED)
    known = references(picture.shape[-1], picture.dtype)
    total = torch.zeros_like(picture)
    for _ in range(DRAWN_REFERENCES):
        reference = known[next_int(random, REFERENCES)]
        way = picture - reference
        total += way * input_gradient(network, reference + random.uniform() * way, target)
    return total.sum(1, keepdim=True) / DRAWN_REFERENCES


def gradient_times_input(network, picture, target):
    leaf = picture.clone().requires_grad_(True)
    return captum.attr.InputXGradient(network).attribute(leaf, target=target).sum(1, keepdim=True).detach()


METHODS = [
    gradient_times_input,
    expected_gradients,
    occlusion,
    rise,
    region_ablation,
    lime,
    kernel_shap,
    shapley_values,
]


def figures(case, dtype):
    name, salt, side, block = case
    network = golden.build(name, salt, dtype)
    picture = golden.image(side, salt).to(dtype)
    target = int(network(picture)[0].argmax())
    return {
        "network": name,
        "salt": salt,
        "input": side,
        "target": target,
        "block": block,
        "captum": captum.__version__,
        "maps": {method.__name__: blocks(method(network, picture, target), block) for method in METHODS},
    }


if __name__ == "__main__":
    spread.main(__file__, CASES, figures)

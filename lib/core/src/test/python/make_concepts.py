"""Writes figures of methods that look for concepts in the activations of a layer.

    python make_concepts.py [name ...]        needs the packages scikit-learn and captum

For small networks of make_torchscript.py, one sequential and one with shortcuts. The factorisations are scikit-learn's,
from a start that is drawn here as Java draws it; the concept activation vectors are trained by scikit-learn, and the
scores are captum's. They go to resources/camlab/concept/NAME.json.
"""

import json
import sys
import tempfile

import captum.concept
import numpy as np
import PIL.Image
import scipy.optimize
import scipy.stats
import torch
from captum.attr import LayerGradientXActivation
from sklearn.decomposition import non_negative_factorization
from sklearn.linear_model import LogisticRegression

import golden
import make_methods
import make_torchscript

FOLDER = golden.FOLDER.parent / "concept"
SIZE = 96
SEED = 3
RANK = 3
CASES = [("alexnet", "features.6"), ("resnet", "layer3")]


def network_of(name):
    network = golden.fill(make_torchscript.NETWORKS[name][0]()).double().eval()
    for module in network.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return network


def pictures():
    """The input and its mirror image."""
    picture = golden.image(SIZE).double()
    return torch.cat([picture, picture.flip(3)])


def rows(activation):
    """One row for each position of each picture."""
    return activation.permute(0, 2, 3, 1).reshape(-1, activation.shape[1]).numpy()


def factorize(values, rank, seed, rounds=200, tolerance=1e-4):
    """V = W H, the start as Java's Random draws it."""
    random = make_methods.JavaRandom(seed)
    scale = np.sqrt(values.mean() / rank)

    def drawn(count):
        return np.abs([[scale * random.gaussian() for _ in range(rank)] for _ in range(count)])

    left, right = drawn(len(values)), drawn(values.shape[1])
    w, h, _ = non_negative_factorization(
        values, W=left, H=right.T.copy(), n_components=rank, init="custom", tol=tolerance, max_iter=rounds
    )
    return w, h


def scaled(w, h):
    """The largest value of each column of W is 1; the largest share first."""
    largest = w.max(0)
    w, h = w / largest, h * largest[:, None]
    sums = w.sum(0) * h.sum(1)
    order = np.argsort(-sums)
    return w[:, order], h[order], sums[order] / sums.sum()


def factorization():
    """Of a matrix that is no product of so few columns, after few rounds and after all."""
    values = golden.uniform("matrix", 12 * 7, golden.SALT).reshape(12, 7) ** 2
    result = {"rows": 12, "columns": 7, "rank": RANK, "seed": SEED, "values": short(values), "after": []}
    for rounds in [1, 4, 200]:
        w, h = factorize(values, RANK, SEED, rounds)
        error = np.linalg.norm(values - w @ h) / np.linalg.norm(values)
        result["after"].append(
            {"rounds": rounds, "left": short(w), "right": short(h.T), "error": float(error)}
        )
    return result


def short(values):
    return golden.short(torch.as_tensor(np.asarray(values)))


@torch.no_grad()
def concepts():
    result = []
    for name, layer in CASES:
        network = network_of(name)
        kept = {}
        module = network.get_submodule(layer)
        handle = module.register_forward_hook(lambda module, inputs, output: kept.update(output=output))
        network(pictures())
        handle.remove()
        activation = kept["output"]
        w, h, shares = scaled(*factorize(rows(activation), RANK, SEED))
        everywhere = torch.as_tensor(h)[:, :, None, None].expand(-1, -1, *activation.shape[2:])
        handle = module.register_forward_hook(lambda module, inputs, output: everywhere)
        logits = network(pictures()[:1].expand(RANK, -1, -1, -1))
        handle.remove()
        maps = w.reshape(len(activation), *activation.shape[2:], RANK).transpose(3, 0, 1, 2)
        result.append(
            {
                "network": name,
                "layer": layer,
                "input": SIZE,
                "seed": SEED,
                "vectors": [short(vector) for vector in h],
                "shares": short(shares),
                "maps": [[short(each) for each in of_pictures] for of_pictures in maps],
                "logits": [short(each) for each in logits],
            }
        )
    return {"cases": result}


SIDE = 64
PENALTY = 0.01
TARGET = 3
# Sets of pictures: how many each, and how much of them is stripes.
STRIPED = {"stripes": (12, 0.5)}
RANDOM = {f"random {i}": (9, 0.0) for i in range(4)}
OF_CLASS = {"class": (10, 0.25)}


def levels(name, number, stripes):
    """A picture of noise and stripes with 8-bit colours, shape (3, SIDE, SIDE)."""
    noise = golden.uniform(f"{name} {number}", 3 * SIDE * SIDE, golden.SALT).reshape(3, SIDE, SIDE)
    stripe = np.broadcast_to(np.arange(SIDE) // 4 % 2, noise.shape)
    return np.floor(255 * ((1 - stripes) * noise + stripes * stripe)).astype(np.uint8)


def preprocessed(picture):
    values = torch.from_numpy(picture / 255)[None]
    return (values - make_methods.MEAN.double()) / make_methods.DEVIATION.double()


def made_up(name, number, stripes):
    return preprocessed(levels(name, number, stripes))


def set_of(sets):
    return {
        name: torch.cat([made_up(name, number, stripes) for number in range(count)])
        for name, (count, stripes) in sets.items()
    }


class Trained(captum.concept.Classifier):
    """Logistic regression whose penalty is measured by how far the examples lie from their mean."""

    def __init__(self, concept, other):
        self.ids = [concept.id, other.id]

    def train_and_eval(self, dataloader, **kwargs):
        rows, labels = zip(*dataloader)
        rows = torch.cat(rows).double().numpy()
        labels = torch.cat(labels).numpy() == self.ids[0]
        spread = np.square(rows - rows.mean(0)).sum(1).mean()
        self.model = LogisticRegression(
            C=1 / (len(rows) * PENALTY * spread), tol=1e-12, max_iter=100000, solver="lbfgs"
        )
        self.model.fit(rows, labels)

    def weights(self):
        weights = torch.from_numpy(self.model.coef_)
        return torch.cat([weights, -weights])

    def classes(self):
        return self.ids


def tcav_of(name, layer):
    network = network_of(name)
    sets = set_of(STRIPED | RANDOM)
    seen = {each: [picture for i, picture in enumerate(pictures) if i % 3 < 2] for each, pictures in sets.items()}
    kept = {each: torch.stack([picture for i, picture in enumerate(pictures) if i % 3 == 2]) for each, pictures in sets.items()}
    concepts = {
        each: captum.concept.Concept(i, each, torch.utils.data.DataLoader(pictures))
        for i, (each, pictures) in enumerate(seen.items())
    }
    names = list(RANDOM)
    pairs = [("stripes", each) for each in names]
    pairs += [(each, names[(i + 1) % len(names)]) for i, each in enumerate(names)]
    result = {"network": name, "layer": layer, "target": TARGET, "scores": [], "accuracies": [], "vectors": []}
    for pair in pairs:
        experiment = [concepts[each] for each in pair]
        classifier = Trained(*experiment)
        with tempfile.TemporaryDirectory() as folder:
            method = captum.concept.TCAV(
                network,
                [layer],
                classifier=classifier,
                layer_attr_method=LayerGradientXActivation(network, None, multiply_by_inputs=False),
                save_path=folder,
            )
            scores = method.interpret(set_of(OF_CLASS)["class"], [experiment], target=TARGET)
        score = scores[f"{experiment[0].id}-{experiment[1].id}"][layer]["sign_count"][0]
        result["scores"].append(round(float(score), 6))
        told = [classifier.model.predict(outputs(network, layer, kept[each])) for each in pair]
        result["accuracies"].append(float(np.concatenate([told[0], ~told[1]]).mean()))
        weights = classifier.model.coef_[0] / np.linalg.norm(classifier.model.coef_)
        result["vectors"].append(short(weights[:: len(weights) // 40]))
    own, random = result["scores"][: len(names)], result["scores"][len(names) :]
    result["against_half"] = float(scipy.stats.ttest_1samp(own, 0.5).pvalue)
    result["against_random"] = float(scipy.stats.ttest_ind(own, random, equal_var=False).pvalue)
    return result


@torch.no_grad()
def outputs(network, layer, pictures):
    kept = []
    handle = network.get_submodule(layer).register_forward_hook(
        lambda module, inputs, output: kept.append(output.flatten(1).numpy())
    )
    network(pictures)
    handle.remove()
    return kept[0]


def tcav():
    """The concept against each random set, then each random set against the next."""
    cases = [tcav_of(*case) for case in CASES]
    tails = [(t, freedom) for freedom in (2, 2.7, 4, 29.5, 400) for t in (0, 0.3, 1.5, 4, 12)]
    return {
        "cases": cases,
        "tails": [[t, freedom, float(2 * scipy.stats.t.sf(t, freedom))] for t, freedom in tails],
    }


CHANNELS = {"alexnet": 12, "resnet": 24}
PICTURES = 3
SHARE = 0.5
ROWS = 6


def crops(picture):
    """Half of each side, with a fifth of overlap, enlarged."""
    side = round(SHARE * SIDE)
    starts = range(0, SIDE - side + 1, side * 4 // 5)
    image = PIL.Image.fromarray(picture.transpose(1, 2, 0))
    for top in starts:
        for left in starts:
            part = image.crop((left, top, left + side, top + side))
            yield np.asarray(part.resize((SIDE, SIDE), PIL.Image.Resampling.BILINEAR)).transpose(2, 0, 1)


def hypercube(random, rows, inputs):
    cube = np.zeros((rows, inputs))
    for i in range(inputs):
        column = [(j + random.uniform()) / rows for j in range(rows)]
        for j in range(rows - 1, 0, -1):
            other = int(random.uniform() * (j + 1))
            column[j], column[other] = column[other], column[j]
        cube[:, i] = column
    return cube


@torch.no_grad()
def importances(network, layer, picture, vectors):
    """Jansen's estimate of the total Sobol indices, and the maps of the concepts, by non-negative least squares."""
    module = network.get_submodule(layer)
    kept = []
    handle = module.register_forward_hook(lambda module, inputs, output: kept.append(output))
    network(picture)
    handle.remove()
    strengths = np.array([scipy.optimize.nnls(vectors.T, row)[0] for row in rows(kept[0])])

    def score(mask):
        dimmed = torch.from_numpy((strengths * mask) @ vectors).T.reshape(kept[0].shape)
        handle = module.register_forward_hook(lambda module, inputs, output: dimmed)
        result = float(network(picture)[0, TARGET])
        handle.remove()
        return result

    random = make_methods.JavaRandom(SEED)
    a, b = (hypercube(random, ROWS, RANK) for _ in range(2))
    scores = np.array([score(mask) for mask in a])
    result = []
    for i in range(RANK):
        changed = a.copy()
        changed[:, i] = b[:, i]
        changes = scores - np.array([score(mask) for mask in changed])
        result.append(np.square(changes).sum() / (2 * ROWS * scores.var(ddof=1)))
    return np.array(result), strengths.T


def craft_of(name, layer):
    network = network_of(name)
    pictures = [levels("craft", number, 0.3) for number in range(PICTURES)]
    parts = torch.cat([preprocessed(crop) for picture in pictures for crop in crops(picture)])
    flat = torch.from_numpy(outputs(network, layer, parts))
    means = flat.reshape(len(parts), CHANNELS[name], -1).mean(2).numpy()
    w, h, _ = scaled(*factorize(means, RANK, SEED))
    found = [importances(network, layer, preprocessed(picture), h) for picture in pictures]
    totals = sum(each[0] for each in found)
    order = np.argsort(-totals)
    return {
        "network": name,
        "layer": layer,
        "target": TARGET,
        "vectors": [short(h[k]) for k in order],
        "importances": [[float(each[0][k]) for each in found] for k in order],
        "maps": [short(found[0][1][k]) for k in order],
        "crops": [int(np.argmax(w[:, k])) for k in order],
    }


def craft():
    return {"pictures": PICTURES, "seed": SEED, "rows": ROWS, "share": SHARE, "cases": [craft_of(*case) for case in CASES]}


JITTER = 4
CHANNEL = 5
OBJECTIVES = ["channel", "class"]


def waves(size):
    """Rows: constant, cosine, sine, cosine, … of length 1."""
    rows = []
    for i in range(size):
        angles = 2 * np.pi * ((i + 1) // 2) * np.arange(size) / size
        row = np.cos(angles) if i % 2 or i == 0 else np.sin(angles)
        rows.append(row / np.linalg.norm(row))
    return torch.from_numpy(np.array(rows))


def painted(z, photographic):
    """Red, green and blue between 0 and 1, in the steps of Lucid's program."""
    height, width = z.shape[1:]
    frequencies = np.hypot(
        ((np.arange(height) + 1) // 2 / height)[:, None], ((np.arange(width) + 1) // 2 / width)[None]
    )
    scale = torch.from_numpy(1 / np.maximum(frequencies, 1 / max(height, width)))
    picture = torch.einsum("chw,hy,wx->cyx", z * scale, waves(height), waves(width)) / 4
    if photographic:
        mixture = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]]).double()
        mixture = mixture / mixture.norm(dim=0).max()
        picture = torch.einsum("chw,dc->dhw", picture, mixture)
    return picture.sigmoid()


def maximized_of(name, layer, objective, photographic):
    """The value and its gradient for a start, the picture shifted by 1 row and 3 columns."""
    network = network_of(name)
    random = make_methods.JavaRandom(SEED)
    side = SIDE + JITTER
    draws = [0.01 * random.gaussian() for _ in range(3 * side * side)]
    z = torch.tensor(draws, dtype=torch.float32).double().reshape(3, side, side).requires_grad_(True)
    kept = []
    network.get_submodule(layer).register_forward_hook(lambda module, inputs, output: kept.append(output))
    seen = painted(z, photographic)[:, 1 : 1 + SIDE, 3 : 3 + SIDE]
    logits = network((seen[None] - make_methods.MEAN.double()) / make_methods.DEVIATION.double())
    value = kept[0][0, CHANNEL].mean() if objective == "channel" else logits[0, TARGET]
    value.backward()
    gradient = z.grad.abs()
    return {
        "network": name,
        "layer": layer,
        "objective": objective,
        "photographic": photographic,
        "value": value.item(),
        "gradient": short(z.grad.flatten()[::97]),
        "largest": gradient.max().item(),
    }


def maximized():
    """A layer before its ReLU, so that there is a gradient."""
    cases = [("alexnet", "features.5"), ("resnet", "layer3.0.conv2")]
    each = [(name, layer, objective) for name, layer in cases for objective in OBJECTIVES]
    result = [maximized_of(*case, photographic) for case in each for photographic in (True, False)]
    return {"seed": SEED, "jitter": JITTER, "channel": CHANNEL, "target": TARGET, "step": 97, "cases": result}


PACKAGES = ["torch", "captum", "numpy", "pillow", "scikit-learn", "scipy"]
FILES = {"factorization": factorization, "factors": concepts, "tcav": tcav, "craft": craft, "maximized": maximized}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in sys.argv[1:] or FILES:
        file = FOLDER / f"{each}.json"
        content = golden.versions(PACKAGES) | FILES[each]()
        file.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size:,} bytes")

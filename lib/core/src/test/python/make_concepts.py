"""Writes figures of methods that look for concepts in the activations of a layer.

    python make_concepts.py [name ...]        needs the package scikit-learn

For small networks of make_torchscript.py, one sequential and one with shortcuts. The factorisations are scikit-learn's,
from a start that is drawn here as Java draws it. They go to resources/camlab/concept/NAME.json.
"""

import json
import sys

import numpy as np
import torch
from sklearn.decomposition import non_negative_factorization

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


FILES = {"factorization": factorization, "factors": concepts}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in sys.argv[1:] or FILES:
        file = FOLDER / f"{each}.json"
        file.write_text(json.dumps(FILES[each](), separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size:,} bytes")

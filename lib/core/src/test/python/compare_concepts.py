"""Compares the figures of make_concepts.py with what the package grad-cam computes.

    python compare_concepts.py

The package starts its factorisation from numbers of its own. Printed are how far its activations, put together again,
are from the layer's, beside ours; and, of its maps scaled as ours are, the largest difference from the figures when it
starts where they start.
"""

import json
import unittest.mock

import numpy as np
import torch
from pytorch_grad_cam.feature_factorization import deep_feature_factorization as package
from sklearn.decomposition import NMF

import make_concepts as made
import make_methods


class FromOurStart(NMF):
    """The package's factorisation has a row for each channel; the start is the same, turned."""

    def __init__(self, n_components, init, random_state):
        super().__init__(n_components=n_components, init="custom", max_iter=5000, tol=1e-7)

    def fit_transform(self, values, y=None, W=None, H=None):
        random = make_methods.JavaRandom(made.SEED)
        scale = np.sqrt(values.mean() / self.n_components)
        drawn = [
            np.abs([[scale * random.gaussian() for _ in range(self.n_components)] for _ in range(count)])
            for count in (values.shape[1], values.shape[0])
        ]
        return super().fit_transform(values, W=drawn[1], H=drawn[0].T.copy())


def error(activation, vectors, maps):
    """How far the sum of the concepts is from the activations, as a share of them."""
    made_of = np.einsum("kr,nrhw->nkhw", vectors, maps)
    return np.linalg.norm(activation - made_of) / np.linalg.norm(activation)


def largest_is_one(maps):
    return maps / maps.max((0, 2, 3), keepdims=True)


if __name__ == "__main__":
    for case in json.loads((made.FOLDER / "factors.json").read_text(encoding="utf-8"))["cases"]:
        network = made.network_of(case["network"])
        kept = {}
        network.get_submodule(case["layer"]).register_forward_hook(
            lambda module, inputs, output: kept.update(output=output.detach().numpy())
        )
        network(made.pictures())
        activation = kept["output"]
        ours = np.array(case["maps"]).reshape(made.RANK, len(activation), *activation.shape[2:]).swapaxes(0, 1)
        own_vectors, own_maps = package.dff(activation.copy(), made.RANK)
        print(case["network"], "channels that are 0 nowhere:", int((activation.min((0, 2, 3)) > 0).sum()))
        print("  error, ours", round(error(activation, np.array(case["vectors"]).T, ours), 4))
        print("  error, grad-cam", round(error(activation, own_vectors, own_maps), 4))
        with unittest.mock.patch.object(package, "NMF", FromOurStart):
            _, maps = package.dff(activation.copy(), made.RANK)
        maps = largest_is_one(maps)
        difference = max(np.abs(ours[:, k][:, None] - maps).max((0, 2, 3)).min() for k in range(made.RANK))
        print("  from our start, largest difference of a map", f"{difference:.1e}")

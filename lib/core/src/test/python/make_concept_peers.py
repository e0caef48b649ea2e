"""Writes what the package grad-cam makes of the layers of make_concepts.py by deep feature factorisation.

    python make_concept_peers.py

The package leaves the factorisation to scikit-learn, which starts from numbers of its own. Kept in
resources/camlab/concept/others.json with the versions are its maps when it starts where ours starts, each scaled so that
its largest value is 1, and which share of the activations it leaves unexplained from its own start: the norm of the
difference as a share of the norm of the activations.
"""

import json
import unittest.mock

import numpy as np
from pytorch_grad_cam.feature_factorization import deep_feature_factorization as package
from sklearn.decomposition import NMF

import golden
import make_concepts as made
import make_methods

PACKAGES = ["grad-cam", "numpy", "scikit-learn", "torch"]


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


def unexplained(activation, vectors, maps):
    made_of = np.einsum("kr,nrhw->nkhw", vectors, maps)
    return np.linalg.norm(activation - made_of) / np.linalg.norm(activation)


def case(name, layer):
    network = made.network_of(name)
    kept = {}
    network.get_submodule(layer).register_forward_hook(
        lambda module, inputs, output: kept.update(output=output.detach().numpy())
    )
    network(made.pictures())
    activation = kept["output"]
    # The package moves each channel so that its minimum is 0; here that moves nothing.
    assert (activation.min((0, 2, 3)) == 0).all()
    share = unexplained(activation, *package.dff(activation.copy(), made.RANK))
    with unittest.mock.patch.object(package, "NMF", FromOurStart):
        _, maps = package.dff(activation.copy(), made.RANK)
    maps = maps / maps.max((0, 2, 3), keepdims=True)
    return {
        "network": name,
        "layer": layer,
        "input": made.SIZE,
        "seed": made.SEED,
        "unexplained": round(float(share), 6),
        "maps": [[made.short(each) for each in of_pictures] for of_pictures in maps.swapaxes(0, 1)],
    }


if __name__ == "__main__":
    content = golden.versions(PACKAGES) | {"cases": [case(*each) for each in made.CASES]}
    file = made.FOLDER / "others.json"
    file.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{file.name}: {file.stat().st_size:,} bytes")

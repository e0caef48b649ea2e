"""Writes what torchcam's LeGrad makes of the networks of make_attention.py.

    python make_attention_peers.py

The package has LeGrad for blocks with PyTorch's own attention; of the packages in make_peers.py no other has it.
Kept in resources/camlab/attention/others.json with the versions are its maps before it scales them, of the score that
the network itself would read from a block's tokens ("le_grad"), and of the package's own, which is that of the mean of
all tokens ("le_grad, mean token"). That nothing else is different there is shown here: made.le_grad, with the package's
score, is the package's map.
"""

import json
from unittest import mock

import numpy as np
from torchcam.methods import LeGrad

import golden
import make_attention as made

FILE = made.FOLDER / "others.json"
PACKAGES = ["torch", "torchvision", "numpy", "torchcam"]


def theirs(network, class_token, picture, projection):
    blocks = list(network.blocks)
    with LeGrad(network, blocks, score_projection=projection, prefix_tokens=int(class_token)) as method:
        return method(made.TARGET, network(picture), normalized=False)[0][0].detach()


def figures(class_token, kind):
    network = made.build(class_token, kind).double()
    picture = golden.image(made.SIZE).double()

    def of_mean(tokens):
        return network.head(network.norm(tokens.mean(1)))

    own = theirs(network, class_token, picture, network.scores)
    mean = theirs(network, class_token, picture, of_mean)
    traced = made.Traced(network, picture)
    with mock.patch.object(network, "scores", of_mean):
        np.testing.assert_allclose(made.le_grad(network, traced).numpy(), mean.numpy().ravel(), rtol=1e-9)
    return {"le_grad": golden.short(own), "le_grad, mean token": golden.short(mean)}


if __name__ == "__main__":
    cases = {name: figures(*form) for name, form in made.NAMES.items() if form[1] == "piece"}
    content = golden.versions(PACKAGES) | {"cases": cases}
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

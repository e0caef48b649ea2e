"""Compares the figures of make_attention.py with what the package torchcam computes.

    python compare_attention.py

The package has LeGrad for blocks with PyTorch's own attention. Printed is the largest difference of the maps scaled
between 0 and 1: with the score that the network itself would read from a block's tokens, and with the package's own,
which reads the mean of all tokens.
"""

import json

import numpy as np
from torchcam.methods import LeGrad

import golden
import make_attention as made


def theirs(network, class_token, projection):
    blocks = list(network.blocks)
    with LeGrad(network, blocks, score_projection=projection, prefix_tokens=int(class_token)) as method:
        return method(made.TARGET, network(golden.image(made.SIZE).double()))[0][0].detach().numpy()


if __name__ == "__main__":
    cases = json.loads((made.FOLDER / "figures.json").read_text(encoding="utf-8"))["cases"]
    for name, (class_token, kind) in made.NAMES.items():
        if kind != "piece":
            continue
        network = made.build(class_token, kind).double()
        ours = np.array(cases[name]["le_grad"]).reshape(made.GRID, made.GRID)
        ours = (ours - ours.min()) / (ours.max() - ours.min())
        read = {"the network's": network.scores, "the mean's": lambda tokens: network.head(network.norm(tokens.mean(1)))}
        for word, projection in read.items():
            print(name, word, f"{np.abs(ours - theirs(network, class_token, projection)).max():.1e}")

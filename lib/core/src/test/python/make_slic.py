"""Writes the regions that scikit-image's SLIC finds in pictures made by a formula.

    python make_slic.py

They go to resources/camlab/maps/slic.json with the versions. Parts are not made connected; the pictures reach from
black to white, so that scikit-image has nothing to stretch, and are even around the middle of each cell, so that ours
has no smoother place to start from.
"""

import json

import numpy as np
from skimage.segmentation import slic

import golden

FILE = golden.FOLDER.parent / "maps" / "slic.json"
HEIGHT, WIDTH, REGIONS, ROUNDS = 48, 64, 12, 10


def picture(texture):
    """A disc over a slope, of three colours, with stripes of a texture that leave out the middles of the cells."""
    y, x = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    disc = (y - 20) ** 2 + (x - 30) ** 2 < 300
    rough = np.where((abs(y % 16 - 8) > 2) | (abs(x % 16 - 8) > 2), (7 * x + 5 * y) % 11 * texture, 0)
    colours = np.where(disc, [[[200]], [[60]], [[40]]], [[[30]], [[120]], [[90]]])
    colours = colours + np.where(2 * y > x + 20, [[[0]], [[50]], [[70]]], 0) + rough
    colours[:, 0, 0], colours[:, -1, -1] = 0, 255
    return np.moveaxis(colours, 0, 2).astype(np.uint8)


def labels(texture, compactness):
    found = slic(
        picture(texture),
        n_segments=REGIONS,
        compactness=compactness,
        max_num_iter=ROUNDS,
        sigma=0,
        enforce_connectivity=False,
        start_label=0,
    )
    return "".join(chr(ord("a") + label) for label in found.flatten())


if __name__ == "__main__":
    content = golden.versions(["numpy", "scikit-image"]) | {
        "cases": [
            {"texture": texture, "compactness": compactness, "labels": labels(texture, compactness)}
            for texture, compactness in [(0, 10), (0, 40), (3, 10), (3, 40)]
        ],
    }
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")

"""Exports the small networks of ../make_torchscript.py, for the methods of the library.

    python classics.py
"""

import files
import torch

import golden
import make_torchscript


# The methods are compared at another size than the figures: positions to tell apart are left at the last layer.
SIZE = 96


def main() -> None:
    for name, (build, _) in make_torchscript.NETWORKS.items():
        network = golden.fill(build())
        files.save(torch.export.export(network, (golden.image(SIZE),)), f"classics/{name}.pt2")


if __name__ == "__main__":
    main()

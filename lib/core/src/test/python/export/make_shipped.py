"""Writes the shipped ResNet-50 of drawn elephants and bears as a file of torch.export, for lesson 08b.

    python make_shipped.py

It reads models/resnet50-drawn-wildlife.safetensors and writes models/resnet50-drawn-wildlife.pt2, in single precision.
The network is the one of ../make_shipped_torchscript.py; how many pictures come at a time is left open.
"""

import sys

import files
import torch

sys.path.insert(0, str(files.FOLDER.parent))
import golden
import make_shipped_torchscript as shipped


def main() -> None:
    network = shipped.filled()
    pictures = torch.cat([golden.image(shipped.SIZE), golden.image(shipped.SIZE).flip(3)])
    program = torch.export.export(network, (pictures,), dynamic_shapes={"x": {0: torch.export.Dim("batch")}})
    target = shipped.MODELS / f"{shipped.NAME}.pt2"
    torch.export.save(files.plain(program), str(target))
    with torch.no_grad():
        difference = (torch.export.load(str(target)).module()(pictures) - network(pictures)).abs().max().item()
    print(f"{target.name}: {target.stat().st_size:,} bytes, logits differ by {difference:.2g} at most")


if __name__ == "__main__":
    main()

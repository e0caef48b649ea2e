"""Trains the small vision transformer of lesson 18 on drawings, and writes it as a file of torch.export.

    python train_vit.py train FOLDER       with torch 2.7.1; goes on where it was stopped
    python train_vit.py export FOLDER      with torch 2.15.0: models/vit-drawn-wildlife.pt2

FOLDER/train and FOLDER/validation hold what camlab.training.WriteDrawings wrote: drawings of 112 pixels to train on, of 96 to
draw the curve with. FOLDER gets a checkpoint after each epoch, the curve as a table, and the moving average of the weights.
First the convolutions that make the patches learn alone, with the mean of all patches and a linear layer behind them; from
few drawings the whole of it hardly learns otherwise.
"""

import argparse
import csv
import math
import pathlib
import time

import torch
from torch import nn

SIZE, GRID, WIDTH, HEADS, BLOCKS, CLASSES = 96, 12, 64, 4, 4, 2
BATCH, STEM_EPOCHS, EPOCHS, WARMUP, RATE, DECAY = 64, 4, 8, 60, 1.5e-3, 0.05
KEPT = 0.99
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def convolution(before: int, after: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


class Attention(nn.Module):
    """Several heads. In steps while it learns, which is faster in half precision; in one piece when it is exported."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = (part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        if self.training:
            mixed = (q * (WIDTH / HEADS) ** -0.5 @ k.transpose(-2, -1)).softmax(-1).to(v.dtype) @ v
        else:
            mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    """Patches by four small convolutions (Xiao et al. 2021), a class token, learned positions, blocks with the norm in front."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Sequential(
            convolution(3, 16, 2), convolution(16, 32, 2), convolution(32, 64, 2), nn.Conv2d(64, WIDTH, 1)
        )
        self.class_token = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.positions = nn.Parameter(torch.randn(1, GRID * GRID + 1, WIDTH) * 0.02)
        self.blocks = nn.Sequential(*[Block() for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


class MeanOfPatches(nn.Module):
    """What the convolutions learn with at first."""

    def __init__(self, patches: nn.Module) -> None:
        super().__init__()
        self.patches = patches
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.patches(x).mean((2, 3)))


def drawings(folder: pathlib.Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures as bytes, N×3×side×side, and labels, N×2."""
    with open(folder / "labels.csv", encoding="utf-8") as file:
        labels = torch.tensor([[float(value) for value in row] for row in csv.reader(file)])
    content = torch.frombuffer(bytearray((folder / "pictures.bin").read_bytes()), dtype=torch.uint8)
    side = math.isqrt(len(content) // 3 // len(labels))
    return content.view(len(labels), side, side, 3).permute(0, 3, 1, 2).contiguous(), labels


def changed(pictures: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """A random part of each, 50 to 100 % of its area, stretched, mirrored or not, in other light and colours."""
    n = len(pictures)

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.rand(n, *shape, generator=random) * (high - low) + low

    area, stretch = uniform(0.5, 1), (4 / 3) ** uniform(-1, 1)
    width, height = (area * stretch).sqrt().clamp(max=1), (area / stretch).sqrt().clamp(max=1)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = width * torch.where(uniform(0, 1) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = height
    theta[:, 0, 2] = uniform(-1, 1) * (1 - width)
    theta[:, 1, 2] = uniform(-1, 1) * (1 - height)
    places = nn.functional.affine_grid(theta, [n, 3, SIZE, SIZE], align_corners=False)
    parts = nn.functional.grid_sample(pictures, places, padding_mode="border", align_corners=False)
    gain = uniform(0.75, 1.25, 1, 1, 1) * uniform(0.9, 1.1, 3, 1, 1)
    return ((parts - 0.5) * gain + 0.5 + uniform(-0.15, 0.15, 1, 1, 1)).clamp(0, 1)


def seen(pictures: torch.Tensor) -> torch.Tensor:
    return (pictures - MEAN) / DEVIATION


def accuracy(network: nn.Module, pictures: torch.Tensor, labels: torch.Tensor) -> float:
    """How many pictures of one kind get the larger logit for it."""
    network.eval()
    single = labels.sum(1) == 1
    with torch.no_grad():
        logits = torch.cat([network(seen(part.float() / 255)) for part in pictures[single].split(BATCH)])
    return (logits.argmax(1) == labels[single].argmax(1)).float().mean().item()


def rate(step: int, steps: int) -> float:
    """Up along a line, then down along half a cosine, as a share of the largest."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.01 + 0.99 * (1 + math.cos(math.pi * (step - WARMUP) / (steps - WARMUP))) / 2


def train(folder: pathlib.Path) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    network = VisionTransformer()
    learn(MeanOfPatches(network.patches), "stem", STEM_EPOCHS, folder)
    stem = torch.load(folder / "stem.pt", weights_only=True)
    network.patches.load_state_dict({k[8:]: v for k, v in stem.items() if k.startswith("patches.")})
    learn(network, "weights", EPOCHS, folder)


def learn(network: nn.Module, name: str, epochs: int, folder: pathlib.Path) -> None:
    """Leaves the moving average of the weights in FOLDER/NAME.pt."""
    pictures, labels = drawings(folder / "train")
    held, answers = drawings(folder / "validation")
    kept = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEPT), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = epochs * (len(pictures) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    parts = {"network": network, "kept": kept, "optimizer": optimizer, "schedule": schedule}
    checkpoint = folder / f"{name}-checkpoint.pt"
    epoch = resumed(checkpoint, parts)
    while epoch < epochs:
        begin = time.process_time()
        random = torch.Generator().manual_seed(1000 + epoch)
        network.train()
        total = 0.0
        order = torch.randperm(len(pictures), generator=random)
        batches = order[: len(order) // BATCH * BATCH].split(BATCH)
        for batch in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(seen(changed(pictures[batch].float() / 255, random)))
            loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            kept.update_parameters(network)
            total += loss.item()
        epoch += 1
        row = [epoch, SIZE, f"{total / len(batches):.4f}", f"{accuracy(kept.module, held, answers):.4f}"]
        row.append(f"{time.process_time() - begin:.0f}")
        note(folder / f"{name}-curve.csv", row)
        torch.save({"epoch": epoch} | {name: part.state_dict() for name, part in parts.items()}, checkpoint)
        torch.save(kept.module.state_dict(), folder / f"{name}.pt")


def resumed(checkpoint: pathlib.Path, parts: dict) -> int:
    """The epochs behind us."""
    if not checkpoint.exists():
        return 0
    content = torch.load(checkpoint, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(content[name])
    return content["epoch"]


def note(file: pathlib.Path, row: list) -> None:
    fresh = not file.exists()
    with open(file, "a", encoding="utf-8") as out:
        if fresh:
            print("epoch,crop,loss,accuracy,seconds", file=out)
        print(*row, sep=",", file=out, flush=True)


def export(folder: pathlib.Path) -> None:
    from export import files

    network = VisionTransformer().eval()
    network.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    pictures, _ = drawings(folder / "validation")
    example = seen(pictures[:2].float() / 255)
    program = torch.export.export(network, (example,), dynamic_shapes={"x": {0: torch.export.Dim("batch")}})
    target = files.FOLDER.parents[6] / "models" / "vit-drawn-wildlife.pt2"
    torch.export.save(files.plain(program), str(target))
    with torch.no_grad():
        difference = (torch.export.load(str(target)).module()(example) - network(example)).abs().max().item()
    print(f"{target.name}: {target.stat().st_size:,} bytes, logits differ by {difference:.2g} at most")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["train", "export"])
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    (train if arguments.step == "train" else export)(arguments.folder)

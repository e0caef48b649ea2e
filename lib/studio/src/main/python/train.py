"""Trains the shipped AlexNets and the VGG-16, on a graphics card if there is one, and writes the files that ship.

    python train.py pack FOLDER --pictures PHOTOGRAPHS --without HELD_OUT.csv     photographs as bytes, for the next step
    python train.py train NETWORK FOLDER                                          goes on where it was stopped
    python train.py export NETWORK FOLDER --to FILE.safetensors

FOLDER/train and FOLDER/validation hold pictures.bin and labels.csv, as camlab.training.WriteDrawings writes drawings and
the first step photographs. FOLDER gets a checkpoint every few epochs, the curve, and the moving average of the weights.
While it learns, batch normalisation follows every convolution; export folds it in, so that the file is a plain network.
"""

import argparse
import csv
import dataclasses
import math
import pathlib
import random
import time

import torch
from torch import nn

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
SIDE = 224
CLASSES = 2
WARMUP, KEPT = 500, 0.999


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How a network is trained."""

    plan: str
    classes: tuple[str, str]
    exclusive: bool  # softmax cross-entropy; otherwise a binary cross-entropy for each class
    epochs: int
    smallest: float  # the smallest part of a picture's area that a step sees
    rate: float = 1e-3
    decay: float = 0.05
    batch: int = 128
    turn: float = 0.0  # the largest angle that a picture is turned by, in degrees
    blur: float = 0.0  # how many pictures are blurred
    erased: float = 0.0  # how many pictures lose a rectangle
    dropout: float = 0.5
    calibrated: bool = False  # whether the logits are divided by one number at the end
    seed: int = 1


PETS = ("cat", "dog")
RECIPES = {
    "alexnet-drawn-pets": Recipe("alexnet", PETS, False, 20, 0.5),
    "alexnet-lopsided-pets": Recipe("alexnet", PETS, True, 80, 0.5),
    "alexnet-photographed-pets": Recipe(
        "alexnet", PETS, True, 200, 0.15, turn=20, blur=0.3, erased=0.5, decay=0.2, calibrated=True
    ),
    "vgg16-drawn-wildlife": Recipe("vgg16", ("African elephant", "black bear"), False, 30, 0.5),
}


def alexnet(dropout: float) -> nn.Module:
    """torchvision's features and 6×6 average, and a smaller classifier: camlab's AlexNet.small."""
    features: list[nn.Module] = []
    before = 3
    for after, size, stride, padding, pooled in [
        (64, 11, 4, 2, True), (192, 5, 1, 2, True), (384, 3, 1, 1, False), (256, 3, 1, 1, False), (256, 3, 1, 1, True)
    ]:
        features += [nn.Conv2d(before, after, size, stride, padding), nn.ReLU()]
        features += [nn.MaxPool2d(3, 2)] if pooled else []
        before = after
    head = [nn.Dropout(dropout), nn.Linear(256 * 36, 128), nn.ReLU(), nn.Dropout(dropout), nn.Linear(128, CLASSES)]
    return Plain(features, nn.AdaptiveAvgPool2d(6), head)


def vgg16(dropout: float) -> nn.Module:
    """A quarter of VGG-16's filters, its 7×7 average, and a smaller classifier: camlab's Vgg16.thin(2, 0.25)."""
    features: list[nn.Module] = []
    before = 3
    for group in [(16, 16), (32, 32), (64, 64, 64), (128, 128, 128), (128, 128, 128)]:
        for after in group:
            features += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
            before = after
        features.append(nn.MaxPool2d(2, 2))
    head = [nn.Linear(128 * 49, 128), nn.ReLU(), nn.Dropout(dropout), nn.Linear(128, CLASSES)]
    return Plain(features, nn.AdaptiveAvgPool2d(7), head)


class Plain(nn.Module):
    """Features, an average, a classifier, with the names that torchvision gives them."""

    def __init__(self, features: list[nn.Module], average: nn.Module, head: list[nn.Module]) -> None:
        super().__init__()
        self.features = nn.Sequential(*features)
        self.avgpool = average
        self.classifier = nn.Sequential(*head)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.classifier[-1].weight, std=0.01)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


PLANS = {"alexnet": alexnet, "vgg16": vgg16}


def normalised(network: nn.Module) -> nn.Module:
    """Puts a batch normalisation behind each convolution; the names of the other layers stay."""
    for name, layer in list(network.features.named_children()):
        if isinstance(layer, nn.Conv2d):
            network.features[int(name)] = nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels))
    return network


def folded(network: nn.Module) -> dict[str, torch.Tensor]:
    """The weights of the plain network: w' = w · γ/σ, b' = (b − μ) · γ/σ + β."""
    weights = {}
    for name, layer in network.features.named_children():
        if isinstance(layer, nn.Sequential):
            convolution, norm = layer
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            weights[f"features.{name}.weight"] = convolution.weight * scale[:, None, None, None]
            weights[f"features.{name}.bias"] = (convolution.bias - norm.running_mean) * scale + norm.bias
    for name, value in network.classifier.state_dict().items():
        weights[f"classifier.{name}"] = value
    return {name: value.detach().float().cpu() for name, value in weights.items()}


def pictures(folder: pathlib.Path, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures as bytes, N×3×side×side, and labels, N×2."""
    with open(folder / "labels.csv", encoding="utf-8") as file:
        labels = torch.tensor([[float(value) for value in row] for row in csv.reader(file)])
    content = torch.from_file(
        str(folder / "pictures.bin"), size=(folder / "pictures.bin").stat().st_size, dtype=torch.uint8
    )
    side = math.isqrt(len(content) // 3 // len(labels))
    rows = content.view(len(labels), side, side, 3)
    return rows.to(device).permute(0, 3, 1, 2).contiguous(), labels.to(device)


class Changes:
    """What a step does to the pictures, so that each looks a little different every time it is seen."""

    def __init__(self, recipe: Recipe, device: torch.device) -> None:
        self.recipe = recipe
        self.device = device

    def uniform(self, n: int, low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.rand(n, *shape, device=self.device) * (high - low) + low

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        """A random part, stretched, turned, mirrored or not, in other light and colours, some blurred or with a hole."""
        n, recipe = len(batch), self.recipe
        changed = nn.functional.grid_sample(
            batch.float() / 255, self.parts(n), padding_mode="reflection", align_corners=False
        )
        if recipe.blur:
            soft = nn.functional.interpolate(
                nn.functional.avg_pool2d(changed, 3, 2, 1), size=(SIDE, SIDE), mode="bilinear", align_corners=False
            )
            changed = torch.where(self.uniform(n, 0, 1, 1, 1, 1) < recipe.blur, soft, changed)
        changed = torch.where(self.uniform(n, 0, 1, 1, 1, 1) < 0.1, grey(changed), changed)
        gain = self.uniform(n, 0.7, 1.3, 1, 1, 1) * self.uniform(n, 0.9, 1.1, 3, 1, 1)
        changed = ((changed - 0.5) * gain + 0.5 + self.uniform(n, -0.15, 0.15, 1, 1, 1)).clamp(0, 1)
        changed = seen(changed)
        return torch.where(self.holes(n), 0.0, changed) if recipe.erased else changed

    def parts(self, n: int) -> torch.Tensor:
        area, stretch = self.uniform(n, self.recipe.smallest, 1), (4 / 3) ** self.uniform(n, -1, 1)
        width, height = (area * stretch).sqrt().clamp(max=1), (area / stretch).sqrt().clamp(max=1)
        angle = self.uniform(n, -1, 1) * math.radians(self.recipe.turn)
        mirror = torch.where(self.uniform(n, 0, 1) < 0.5, -1.0, 1.0)
        theta = torch.zeros(n, 2, 3, device=self.device)
        theta[:, 0, 0] = width * mirror * angle.cos()
        theta[:, 0, 1] = -width * mirror * angle.sin()
        theta[:, 1, 0] = height * angle.sin()
        theta[:, 1, 1] = height * angle.cos()
        theta[:, 0, 2] = self.uniform(n, -1, 1) * (1 - width)
        theta[:, 1, 2] = self.uniform(n, -1, 1) * (1 - height)
        return nn.functional.affine_grid(theta, [n, 3, SIDE, SIDE], align_corners=False)

    def holes(self, n: int) -> torch.Tensor:
        """Rectangles of 10 to 50 % of the width and of the height."""
        positions = torch.arange(SIDE, device=self.device) / SIDE
        inside = []
        for _ in range(2):
            size = self.uniform(n, 0.1, 0.5, 1)
            start = self.uniform(n, 0, 1, 1) * (1 - size)
            inside.append((positions >= start) & (positions < start + size))
        hit = self.uniform(n, 0, 1, 1, 1) < self.recipe.erased
        return (inside[0][:, :, None] & inside[1][:, None, :] & hit)[:, None]


def grey(batch: torch.Tensor) -> torch.Tensor:
    shares = torch.tensor([0.299, 0.587, 0.114], device=batch.device).view(1, 3, 1, 1)
    return (batch * shares).sum(1, keepdim=True).expand_as(batch)


def seen(batch: torch.Tensor) -> torch.Tensor:
    mean, deviation = (torch.tensor(values, device=batch.device).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return (batch - mean) / deviation


def plain(batch: torch.Tensor) -> torch.Tensor:
    """Whole pictures as the network takes them when it is used."""
    batch = batch.float() / 255
    if batch.shape[-1] != SIDE:
        batch = nn.functional.interpolate(batch, (SIDE, SIDE), mode="bilinear", align_corners=False).clamp(0, 1)
    return seen(batch)


@torch.no_grad()
def answers(network: nn.Module, given: torch.Tensor) -> torch.Tensor:
    network.eval()
    return torch.cat([network(plain(part)) for part in given.split(256)])


def single(labels: torch.Tensor) -> torch.Tensor:
    """Which pictures show exactly one kind."""
    return labels.sum(1) == 1


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """How many pictures of one kind get the larger logit for it."""
    one = single(labels)
    return (logits[one].argmax(1) == labels[one].argmax(1)).float().mean().item()


def rate(step: int, steps: int) -> float:
    """Up along a line, then down along half a cosine, as a share of the largest."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.001 + 0.999 * (1 + math.cos(math.pi * (step - WARMUP) / max(1, steps - WARMUP))) / 2


def train(recipe: Recipe, folder: pathlib.Path) -> None:
    """Leaves the moving average of the weights in FOLDER/weights.pt."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(recipe.seed)
    network = normalised(PLANS[recipe.plan](recipe.dropout)).to(device, memory_format=torch.channels_last)
    given, labels = pictures(folder / "train", device)
    if recipe.exclusive:  # a place with no animal shows neither class
        one = single(labels)
        given, labels = given[one], labels[one]
    held, held_labels = pictures(folder / "validation", device)
    kept = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEPT), use_buffers=True
    )
    grown = [p for p in network.parameters() if p.dim() > 1]
    shifts = [p for p in network.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": grown, "weight_decay": recipe.decay}, {"params": shifts, "weight_decay": 0.0}], recipe.rate
    )
    batches = len(given) // recipe.batch
    steps = recipe.epochs * batches
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    parts = {"network": network, "kept": kept, "optimizer": optimizer, "schedule": schedule}
    changes = Changes(recipe, device)
    epoch = resumed(folder / "checkpoint.pt", parts, recipe)
    begin = time.monotonic()
    while epoch < recipe.epochs:
        torch.manual_seed(1000 * recipe.seed + epoch)
        network.train()
        total = torch.zeros((), device=device)
        for part in torch.randperm(len(given), device=device)[: batches * recipe.batch].split(recipe.batch):
            batch = changes(given[part]).contiguous(memory_format=torch.channels_last)
            # Half precision is quick on graphics cards only.
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
                logits = network(batch)
            loss = nn.functional.cross_entropy(logits.float(), labels[part].argmax(1)) if recipe.exclusive else (
                nn.functional.binary_cross_entropy_with_logits(logits.float(), labels[part])
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            kept.update_parameters(network)
            total += loss.detach()
        epoch += 1
        if epoch % 5 == 0 or epoch == recipe.epochs:
            right = accuracy(answers(kept.module, held), held_labels)
            states = {name: part.state_dict() for name, part in parts.items()}
            torch.save({"epoch": epoch, "recipe": repr(recipe)} | states, folder / "new.pt")
            (folder / "new.pt").replace(folder / "checkpoint.pt")
            note(folder / "curve.csv", [epoch, SIDE, f"{total.item() / batches:.4f}", f"{right:.4f}"])
            print(f"{time.monotonic() - begin:.0f} s", flush=True)
    torch.save(kept.module.state_dict(), folder / "weights.pt")


def resumed(checkpoint: pathlib.Path, parts: dict, recipe: Recipe) -> int:
    """The epochs behind us; a checkpoint of another training is refused."""
    if not checkpoint.exists():
        return 0
    content = torch.load(checkpoint, weights_only=True, map_location="cpu")
    if content["recipe"] != repr(recipe):
        raise SystemExit(
            f"{checkpoint} belongs to another training, {content['recipe']}, not to {recipe}. Name another folder."
        )
    for name, part in parts.items():
        part.load_state_dict(content[name])
    return content["epoch"]


def note(file: pathlib.Path, row: list) -> None:
    fresh = not file.exists()
    with open(file, "a", encoding="utf-8") as out:
        for line in ([["epoch", "crop", "loss", "accuracy"]] if fresh else []) + [row]:
            print(*line, sep=",", file=out)
            print(*line)


def temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """The one that divides the logits for the least cross-entropy (Guo et al., ICML 2017, section 4.2)."""
    choices = [0.3 * 1.01**i for i in range(300)]
    losses = [nn.functional.cross_entropy(logits / t, labels.argmax(1)).item() for t in choices]
    return choices[losses.index(min(losses))]


def export(recipe: Recipe, folder: pathlib.Path, target: pathlib.Path) -> None:
    """Half precision, with the last layer divided by the temperature that the validation pictures ask for, if there is one."""
    from safetensors.torch import save_file

    network = normalised(PLANS[recipe.plan](recipe.dropout))
    network.load_state_dict(torch.load(folder / "weights.pt", weights_only=True, map_location="cpu"))
    weights = folded(network.eval())
    held, labels = pictures(folder / "validation", torch.device("cpu"))
    if recipe.calibrated:
        one = single(labels)
        divisor = temperature(answers(network, held[one]), labels[one])
        last = len(network.classifier) - 1
        for part in ("weight", "bias"):
            weights[f"classifier.{last}.{part}"] /= divisor
        print(f"temperature {divisor:.3f}")
    bare = PLANS[recipe.plan](recipe.dropout).eval()
    bare.load_state_dict(weights)
    print(f"accuracy on the validation pictures: {accuracy(answers(bare, held), labels):.4f}")
    names = {"alexnet": "AlexNet (small classifier)", "vgg16": "VGG-16 (width 0.25, small classifier)"}
    words = {"network": names[recipe.plan], "classes": "|".join(recipe.classes)}
    save_file({name: value.half().contiguous() for name, value in weights.items()}, target, words)


def pack(folder: pathlib.Path, photographs: pathlib.Path, without: pathlib.Path) -> None:
    """All photographs but those set aside; 300 of each class draw the curve."""
    with open(without, encoding="utf-8") as file:
        aside = {row["file"] for row in csv.DictReader(file)}
    kinds = sorted(p.name for p in photographs.iterdir() if p.is_dir())
    parts: dict[str, list[tuple[pathlib.Path, int]]] = {"train": [], "validation": []}
    for label, kind in enumerate(kinds):
        files = [p for p in sorted((photographs / kind).iterdir()) if f"{kind}/{p.name}" not in aside]
        random.Random(1 + label).shuffle(files)
        parts["validation"] += [(p, label) for p in files[:300]]
        parts["train"] += [(p, label) for p in files[300:]]
    for part, files in parts.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        with open(folder / part / "pictures.bin", "wb") as out:
            out.writelines(pixels(path) for path, _ in files)
        lines = ["1,0" if label == 0 else "0,1" for _, label in files]
        (folder / part / "labels.csv").write_text("\n".join(lines) + "\n")
        print(part, len(files))
    (folder / "classes.txt").write_text("\n".join(kinds) + "\n", encoding="utf-8")
    (folder / "held-out.txt").write_text("\n".join(sorted(aside)) + "\n", encoding="utf-8")


def pixels(photograph: pathlib.Path) -> bytes:
    """Row by row, each pixel red, green, blue."""
    from PIL import Image

    with Image.open(photograph) as picture:
        if picture.size != (200, 200):
            raise SystemExit(f"{photograph} is {picture.size[0]}×{picture.size[1]}; expected 200×200. Resize it first.")
        return picture.convert("RGB").tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains shipped networks.")
    steps = parser.add_subparsers(dest="step", required=True)
    packing = steps.add_parser("pack")
    packing.add_argument("folder", type=pathlib.Path)
    packing.add_argument("--pictures", type=pathlib.Path, required=True)
    packing.add_argument("--without", type=pathlib.Path, required=True)
    for name in ("train", "export"):
        step = steps.add_parser(name)
        step.add_argument("network", choices=RECIPES)
        step.add_argument("folder", type=pathlib.Path)
        if name == "export":
            step.add_argument("--to", type=pathlib.Path, required=True)
    given = parser.parse_args()
    if given.step == "pack":
        pack(given.folder, given.pictures, given.without)
    elif given.step == "train":
        train(RECIPES[given.network], given.folder)
    else:
        export(RECIPES[given.network], given.folder, given.to)


if __name__ == "__main__":
    main()

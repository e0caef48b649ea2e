"""Exports networks that move the places of a picture about, and finds where they are by what each place answers to.

    python layouts.py       with torch 2.15.0

layouts/NAME.pt2, traced as layouts/NAME.pt (with torch 2.7.1), and layouts.json: for each layer of each network "first", "last", "tokens BEFORE HEIGHT WIDTH",
"tokens first BEFORE HEIGHT WIDTH", or "none". A reading of a layer's output is right if the middle of what each place
has its large gradients at, lies there in the picture; the layers are residual, so that attention does not hide it.
"""

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

import figures
import files
import golden

HEIGHT, WIDTH = 24, 32
GRIDS = [(24, 32), (12, 16), (8, 10), (6, 8), (3, 4)]
CLASSES = 4
MOST_BEFORE = 3

# Of one, PyTorch gets the gradient of a batch norm wrong behind which tokens follow.
PICTURES = 2

# The share of the places at which the reading has to be right, and by how many pixels it may be off: places that were
# moved around are off by four.
RIGHT = 0.8
OFF = 3.0

# What attention gives each place comes from all of them; where it lies is what the next sum says.
ANSWERS = ["tokens.proj"]

# Gradients as large as this share of the largest square are counted.
LARGE = 0.1


def heads(x: Tensor, weights: nn.Linear, count: int) -> Tensor:
    """Attention with parts of one Linear as questions, keys and values; x has the shape (N, T, K)."""
    n, t, k = x.shape
    q, key, v = weights(x).reshape(n, t, 3, count, k // count).permute(2, 0, 3, 1, 4).unbind(0)
    attention = (q @ key.transpose(-2, -1) * 0.1).softmax(-1)
    return (attention @ v).transpose(1, 2).reshape(n, t, k)


class Windows(nn.Module):
    """Patches by a view, attention in windows that are moved around, in a padded picture, and patches joined."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(48, 16)
        self.before = nn.LayerNorm(16)
        self.moved = nn.LayerNorm(16)
        self.inside = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.proj = nn.Linear(16, 16)
        self.back = nn.LayerNorm(16)
        self.cropped = nn.LayerNorm(16)
        self.reduce = nn.Linear(64, 32)
        self.norm = nn.LayerNorm(32)
        self.head = nn.Linear(32, CLASSES)

    def attend(self, x: Tensor, height: int, width: int, shift: tuple[int, int]) -> Tensor:
        n, h, w, k = x.shape
        x = self.moved(torch.roll(x, (-shift[0], -shift[1]), (1, 2)))
        windows = x.view(n, h // height, height, w // width, width, k).permute(0, 1, 3, 2, 4, 5)
        windows = windows.reshape(-1, height * width, k)
        windows = windows + 0.1 * self.proj(heads(self.inside(windows), self.qkv, 2))
        x = windows.view(n, h // height, w // width, height, width, k).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, k)
        return self.back(torch.roll(x, shift, (1, 2)))

    def forward(self, x: Tensor) -> Tensor:
        n = x.shape[0]
        x = x.view(n, 3, 6, 4, 8, 4).permute(0, 2, 4, 3, 5, 1).reshape(n, 6, 8, 48)
        x = self.embed(x)
        x = x + self.attend(self.before(x), 3, 4, (1, 2))
        padded = functional.pad(x, (0, 0, 0, 0, 0, 2))
        x = x + self.cropped(self.attend(padded, 4, 4, (2, 2))[:, :6])
        parts = [x[:, row::2, column::2] for column in range(2) for row in range(2)]
        x = self.norm(self.reduce(torch.cat(parts, -1)))
        return self.head(x.mean((1, 2)))


class Tokens(nn.Module):
    """Tokens with a class token and a register, of all and of every second place, before and behind the pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, 4)
        self.cls = nn.Parameter(torch.zeros(1, 1, 16))
        self.register = nn.Parameter(torch.zeros(1, 1, 16))
        self.position = nn.Parameter(torch.zeros(1, 50, 16))
        self.embedded = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.proj = nn.Linear(16, 16)
        self.after = nn.LayerNorm(16)
        self.rest = nn.LayerNorm(16)
        self.fewer = nn.LayerNorm(16)
        self.flat = nn.BatchNorm1d(16)
        self.kept = nn.GELU()
        self.swapped = nn.LayerNorm(16)
        self.attention = nn.MultiheadAttention(16, 2)
        self.later = nn.LayerNorm(16)
        self.mean = nn.LayerNorm(16)
        self.head = nn.Linear(16, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        n = x.shape[0]
        x = torch.cat([self.cls.expand(n, -1, -1), self.register.expand(n, -1, -1), x], 1) + self.position
        x = self.embedded(x)
        n, t, k = x.shape
        q, key, v = self.qkv(x).reshape(n, t, 3, 2, 8).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(q, key, v).transpose(1, 2).reshape(n, t, k)
        x = self.after(x + 0.1 * self.proj(mixed))
        x = self.rest(x[:, 2:])
        x = self.fewer(x.view(n, 6, 8, 16)[:, ::2, ::2].reshape(n, -1, 16))
        x = self.kept(self.flat(x.flatten(0, 1)).reshape_as(x))
        first = self.swapped(x.transpose(0, 1))
        first = self.later(first + 0.1 * self.attention(first, first, first, need_weights=False)[0])
        return self.head(self.mean(first.mean(0)))


class Moved(nn.Module):
    """Convolutions and what lies about them, and what leaves no picture: turned, halved, mirrored, mixed."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)
        self.channels_last = nn.LayerNorm(8)
        self.linear = nn.Linear(8, 8)
        self.pool = nn.MaxPool2d(2)
        self.squeeze = nn.Conv2d(8, 8, 1)
        self.scaled = nn.BatchNorm2d(8)
        self.turned = nn.Conv2d(8, 8, 1)
        self.upper = nn.Conv2d(8, 8, 1)
        self.exchanged = nn.Conv2d(8, 8, 1)
        self.mirrored = nn.Conv2d(8, 8, 1)
        self.mix = nn.Linear(48, 48)
        self.mixed = nn.LayerNorm(8)
        self.folded = nn.PixelUnshuffle(2)
        self.unfolded = nn.PixelShuffle(2)
        self.up = nn.Upsample(scale_factor=2.0)
        self.transposed = nn.ConvTranspose2d(8, 8, 2, 2)
        self.grid = nn.LayerNorm(8)
        self.ungridded = nn.BatchNorm2d(8)
        self.adaptive = nn.AdaptiveAvgPool2d((3, 4))
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = x + self.linear(self.channels_last(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)
        x = self.pool(x)
        x = self.scaled(x * (0.1 * self.squeeze(x.mean((2, 3), keepdim=True))).sigmoid())
        other = self.turned(x.transpose(2, 3)).mean((2, 3)) + self.upper(x[:, :, :3]).mean((2, 3))
        other = other + self.exchanged(torch.cat([x[:, :, 3:], x[:, :, :3]], 2)).mean((2, 3))
        other = other + self.mirrored(x.flip(3)).mean((2, 3))
        tokens = x.flatten(2)
        tokens = self.mixed((tokens + 0.01 * self.mix(tokens)).transpose(1, 2))
        n, t, k = tokens.shape
        x = tokens.transpose(1, 2).reshape(n, k, 6, 8)
        x = self.unfolded(self.folded(x))
        x = self.transposed(self.up(x)[:, :, ::2, ::2])
        # Every place of a coarse grid with those that lie the same way in the other parts, as MaxViT has it.
        n, k, h, w = x.shape
        x = x.reshape(n, k, 3, h // 3, 4, w // 4).permute(0, 3, 5, 2, 4, 1).reshape(-1, 12, k)
        x = self.grid(x).reshape(n, h // 3, w // 4, 3, 4, k).permute(0, 5, 3, 1, 4, 2).reshape(n, k, h, w)
        x = self.ungridded(x)
        return self.head(self.adaptive(x).mean((2, 3)) + other)


class AnySize(nn.Module):
    """Of pictures of any size: rows and columns whose number nobody knows."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)
        self.relu = nn.ReLU()
        self.last = nn.LayerNorm(8)
        self.tokens = nn.LayerNorm(8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.last(self.relu(self.conv(x)).permute(0, 2, 3, 1))
        return self.head(self.tokens(x.flatten(1, 2)).mean(1))


class Lost(nn.Module):
    """Sums and products with pictures whose places are moved about, and the same where nothing is moved."""

    MOVED = [
        "added",
        "gated",
        "chosen",
        "larger",
        "convolved",
        "sampled",
        "beside",
        "halves",
        "rows",
        "shuffled",
        "shifted",
        "wrapped",
        "border",
        "singles",
        "stacked",
        "selected",
    ]
    KEPT = ["weighed", "black", "channel", "two", "channels", "edge", "cut", "attended", "beside_one"]

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, 2, 1)
        self.mirrored = nn.Conv2d(4, 4, 1)
        self.register_buffer("where", functional.affine_grid(torch.tensor([[[-1.0, 0, 0], [0, 1, 0]]]), [1, 4, 12, 16], False))
        for name in self.MOVED + self.KEPT:
            self.add_module(name, nn.Sigmoid())
        self.head = nn.Linear(1, CLASSES)

    def moved(self, x: Tensor) -> list[Tensor]:
        n = x.shape[0]
        mean = 0.01 * x.mean(1, True)
        halves = x.clone()
        halves[..., :8] = x[..., 8:]
        halves[..., 8:] = x[..., :8]
        rows = x.clone()
        rows[:, :, 1::2] = x[:, :, 1::2].flip(3)
        small = functional.avg_pool2d(x, 4)
        selected = torch.zeros_like(small)
        for column in range(4):
            selected[..., column] = small[..., 3 - column]
        return [
            x.flip(3) + mean,
            x.flip(3) * torch.sigmoid(mean),
            torch.where(x > 0.05, x.flip(3), 0.0),
            torch.max(x.flip(3), x - 100),
            0.1 * x + 5 * self.mirrored(x.flip(3)),
            functional.grid_sample(x, self.where.expand(n, -1, -1, -1), align_corners=False) + 0.05 * x,
            torch.cat([x, x.flip(3)], 1),
            halves,
            rows,
            torch.channel_shuffle(x.permute(0, 2, 3, 1).contiguous(), 2),
            functional.pad(x, (8, 0))[..., :16],
            functional.pad(x, (8, 0, 0, 0), mode="circular")[..., :16],
            functional.avg_pool2d(functional.pad(x, (0, 8, 0, 6)), 2),
            torch.cat([small[..., 3 - column : 4 - column] for column in range(4)], 3) + 0.01 * small,
            torch.stack(small.unbind(3)[::-1], 3) + 0.01 * small,
            selected + 0.01 * small,
        ]

    def kept(self, x: Tensor) -> list[Tensor]:
        n = x.shape[0]
        black = x.clone()
        black[:, :, 0] = 0
        channel = x.clone()
        channel[:, 1] = x[:, 0]
        tokens = functional.avg_pool2d(x, 4).flatten(2).transpose(1, 2)
        attention = (tokens.flip(1) @ tokens.flip(1).transpose(1, 2)).mean((1, 2), keepdim=True)
        return [
            x * torch.sigmoid(x.flip(3).mean((2, 3), keepdim=True)),
            black,
            channel,
            torch.stack([x, 2 * x], 1).sum(1),
            torch.channel_shuffle(x, 2),
            functional.max_pool2d(functional.pad(x, (0, 1, 0, 1)), 3, 2),
            functional.pad(x, (1, 0, 2, 0))[:, :, 2:, 1:],
            tokens * torch.sigmoid(0.01 * attention),
            functional.pad(tokens, (0, 0, 1, 0)),
        ]

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        values = self.moved(x) + self.kept(x)
        results = [getattr(self, name)(value) for name, value in zip(self.MOVED + self.KEPT, values, strict=True)]
        return self.head(sum(result.flatten(1).mean(1, True) for result in results))


def picture() -> Tensor:
    return golden.image(WIDTH)[:, :, :HEIGHT].contiguous()


def candidates(shape: torch.Size) -> list[tuple[str, int, int, object]]:
    """Ways to read a shape: what it is called, rows, columns, and the numbers of a place."""
    found = []
    if len(shape) == 4 and shape[0] == PICTURES:
        found.append(("first", shape[2], shape[3], lambda row, column: (0, slice(None), row, column)))
        found.append(("last", shape[1], shape[2], lambda row, column: (0, row, column)))
    if len(shape) == 3:
        for name, tokens, at in [("tokens", 1, lambda i: (0, i)), ("tokens first", 0, lambda i: (i, 0))]:
            if shape[1 - tokens] == PICTURES:
                for (height, width), before in itertools.product(GRIDS, range(MOST_BEFORE)):
                    if before + height * width <= shape[tokens] < before + height * width + MOST_BEFORE:
                        place = lambda row, column, at=at, before=before, width=width: at(before + row * width + column)
                        found.append((f"{name} {before} {height} {width}", height, width, place))
    return found


def is_right(output: Tensor, given: Tensor, height: int, width: int, place: object) -> bool:
    if height * width == 1 or height > HEIGHT or width > WIDTH:
        return False
    generator = torch.Generator().manual_seed(1)
    right = 0
    for row, column in itertools.product(range(height), range(width)):
        numbers = output[place(row, column)]
        weights = torch.rand(numbers.shape, generator=generator, dtype=numbers.dtype) - 0.5
        gradient = torch.autograd.grad((numbers * weights).sum(), given, retain_graph=True)[0]
        square = gradient.square().sum(1)[0]
        square = square * (square >= LARGE * square.max())
        y = ((torch.arange(HEIGHT) + 0.5) * square.sum(1)).sum() / square.sum()
        x = ((torch.arange(WIDTH) + 0.5) * square.sum(0)).sum() / square.sum()
        right += abs(y - (row + 0.5) * HEIGHT / height) < OFF and abs(x - (column + 0.5) * WIDTH / width) < OFF
    return bool(right >= RIGHT * height * width)


def found(network: nn.Module) -> dict[str, str]:
    outputs: dict[str, Tensor] = {}
    for name, module in network.named_modules():
        if name:
            module.register_forward_hook(
                lambda module, arguments, output, name=name: outputs.setdefault(name + "_1" * (name in outputs), output)
            )
    given = torch.cat([picture(), golden.image(WIDTH, "other-")[:, :, :HEIGHT]]).double().requires_grad_(True)
    network(given)
    layouts = {}
    for name, output in outputs.items():
        if isinstance(output, Tensor) and f"{type(network).__name__.lower()}.{name}" not in ANSWERS:
            right = [c[0] for c in candidates(output.shape) if is_right(output, given, *c[1:])]
            if len(right) > 1:
                raise ValueError(f"{name} can be read as {right}")
            layouts[name] = right[0] if right else "none"
    return layouts


def main() -> None:
    content = {}
    for network in [Windows(), Tokens(), Moved(), Lost()]:
        name = type(network).__name__.lower()
        golden.fill(network)
        batch = {"x": {0: torch.export.Dim("batch", min=1, max=64)}}
        files.save(torch.export.export(network, (picture(),)), f"layouts/{name}.pt2")
        two = torch.cat([picture(), picture()])
        files.save(torch.export.export(network, (two,), dynamic_shapes=batch), f"layouts/{name}-batch.pt2")
        golden.save_program(torch.jit.trace(network, picture()), files.FOLDER / "layouts" / f"{name}.pt")
        files.check(f"layouts/{name}.pt")
        content[name] = found(network.double())
    for network in [Windows(), Lost()]:
        core = torch.export.export(golden.fill(network), (picture(),)).run_decompositions()
        files.save(core, f"layouts/{type(network).__name__.lower()}-core.pt2")
    sizes = {"x": {2: torch.export.Dim("height", min=8, max=512), 3: torch.export.Dim("width", min=8, max=512)}}
    files.save(torch.export.export(golden.fill(AnySize()), (picture(),), dynamic_shapes=sizes), "layouts/any-size.pt2")
    figures.write("layouts.json", content)


if __name__ == "__main__":
    main()

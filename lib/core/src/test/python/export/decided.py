"""Scripts a network that decides and repeats, by lengths and by what its modules were made with, and one with PyTorch's attention.

    python decided.py       with torch 2.7.1

layouts/decided.pt, layouts/decided-ran.pt, layouts/attended.pt, and decided.json: where the positions are in what their layers put out, as layouts.py
finds it.
"""

import enum

import torch
from torch import Tensor, nn
from torch.nn import functional

import figures
import files
import golden
import layouts


class Format(enum.Enum):
    FIRST = "channels first"
    LAST = "channels last"
    TOKENS = "tokens"


def to_last(x: Tensor, order: Format) -> Tensor:
    if order == Format.FIRST:
        x = x.permute(0, 2, 3, 1)
    elif order == Format.TOKENS:
        x = x.transpose(1, 2)
    return x


def partition(x: Tensor, height: int, width: int) -> Tensor:
    n, h, w, k = x.shape
    if h % height != 0 or w % width != 0:
        raise ValueError(f"{h} x {w} is no multiple of {height} x {width}")
    windows = x.view(n, h // height, height, w // width, width, k).permute(0, 1, 3, 2, 4, 5)
    return windows.reshape(-1, height * width, k)


def joined(windows: Tensor, height: int, width: int, size: list[int]) -> Tensor:
    n, h, w, k = size
    x = windows.view(n, h // height, w // width, height, width, k).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h, w, k)


class Block(nn.Module):
    """Mixes what lies in one window, which is moved around where the picture holds several."""

    def __init__(self, height: int, width: int, shift: list[int], normed: bool) -> None:
        super().__init__()
        self.height, self.width, self.shift = height, width, shift
        self.norm = nn.LayerNorm(16) if normed else None
        self.inside = nn.Linear(16, 16)
        self.back = nn.LayerNorm(16)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x
        h, w = x.shape[1:3]
        if self.norm is not None:
            x = self.norm(x)
        below = (self.height - h % self.height) % self.height
        if below > 0:
            x = functional.pad(x, (0, 0, 0, 0, 0, below))
        shift = self.shift.copy()
        if self.height >= h:
            shift[0] = 0
        if sum(shift) > 0:
            x = torch.roll(x, [-shift[0], -shift[1]], [1, 2])
        size = x.shape
        x = joined(self.inside(partition(x, self.height, self.width)), self.height, self.width, size)
        if sum(shift) > 0:
            x = torch.roll(x, shift, [1, 2])
        return shortcut + self.back(x[:, :h])


class Decided(nn.Module):
    order: Format
    cache: dict[str, Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, 4)
        self.order = Format.FIRST
        self.embedded = nn.LayerNorm(16)
        self.blocks = nn.ModuleList([Block(3, 4, [1, 2], True), Block(4, 4, [2, 2], False), Block(6, 4, [3, 0], True)])
        self.gathered = nn.Linear(48, 16)
        self.scales = [0.5, 1.0, 3.0]
        self.scaled = nn.LayerNorm(16)
        self.cache = {}
        self.weighed = nn.LayerNorm(16)
        self.mirrored = nn.LayerNorm(16)
        self.backwards = True
        self.small = nn.LayerNorm(16)
        self.norm = nn.LayerNorm(16)
        self.pool = "avg"
        self.head = nn.Linear(16, layouts.CLASSES)

    def weights(self, device: torch.device, k: int) -> Tensor:
        key = str(device)
        if key not in self.cache:
            self.cache[key] = torch.linspace(0.5, 1.5, k)
        return self.cache[key]

    def forward(self, x: Tensor) -> Tensor:
        if bool(torch.any(torch.isnan(x))):
            raise ValueError("no picture")
        x = self.embedded(to_last(self.patch(x), self.order))
        parts: list[Tensor] = []
        for block in self.blocks:
            x = block(x)
            parts.append(x)
        x = self.gathered(torch.cat(parts, -1))
        for i in range(len(self.scales)):
            if self.scales[i] != 1:
                x = x * self.scales[i]
        x = self.scaled(x)
        x = self.weighed(x * self.weights(x.device, x.shape[-1]).to(x.dtype))
        other = x
        if self.backwards:
            other = other.flip(2)
        other = self.mirrored(other).mean((1, 2))
        while x.shape[2] > 4:
            x = functional.avg_pool2d(x.permute(0, 3, 1, 2), [2, 2]).permute(0, 2, 3, 1)
        x = self.small(x)
        x = self.norm(x.flatten(1, 2))
        if len(self.pool) == 0:
            x = x[:, 0]
        elif self.pool == "avg":
            x = x.mean(1)
        else:
            x = x.amax(1)
        return self.head(functional.dropout(x + other, 0.5, self.training))


class Attended(nn.Module):
    """PyTorch's own attention: of all tokens, of them in the order it takes by default, of a grid to its columns, and across channels."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, 4)
        self.cls = nn.Parameter(torch.zeros(1, 1, 16))
        self.embedded = nn.LayerNorm(16)
        self.attention = nn.MultiheadAttention(16, 2, batch_first=True)
        self.after = nn.LayerNorm(16)
        self.tokens_first = nn.MultiheadAttention(16, 4)
        self.swapped = nn.LayerNorm(16)
        self.across = nn.MultiheadAttention(49, 7, batch_first=True)
        self.mixed = nn.LayerNorm(49)
        self.kept = nn.LayerNorm(16)
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, layouts.CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = self.embedded(torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1))
        mixed, _ = self.attention(x, x, x, need_weights=False)
        x = self.after(x + 0.1 * mixed)
        first = x.transpose(0, 1)
        first = self.swapped(first + 0.1 * self.tokens_first(first, first, first)[0])
        x = first.transpose(0, 1)
        channels = x.transpose(1, 2)
        x = self.kept(x + 0.1 * self.mixed(self.across(channels, channels, channels)[0]).transpose(1, 2))
        return self.head(self.norm(x)[:, 0])


def main() -> None:
    network = golden.fill(Decided()).eval()
    for name in ["decided", "decided-ran"]:  # of the second one, what it keeps is there already
        golden.save_program(torch.jit.script(network), files.FOLDER / "layouts" / f"{name}.pt")
        files.check(f"layouts/{name}.pt")
        network(layouts.picture())
    network.cache.clear()
    attended = golden.fill(Attended()).eval()
    golden.save_program(torch.jit.script(attended), files.FOLDER / "layouts" / "attended.pt")
    files.check("layouts/attended.pt")
    found = {"decided": layouts.found(network.double()), "attended": layouts.found(attended.double())}
    figures.write("decided.json", found)


if __name__ == "__main__":
    main()

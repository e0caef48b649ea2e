"""Writes small networks whose tokens lie on a grid that is not square, tokens first or pictures first, or with
places that attention fills from elsewhere, and PyTorch's maps; two that mirror their maps; three that cut their
pictures; four that pad their maps; and one whose paddings have names.

    python make_tokens.py

The files go to resources/camlab/tokens: NAME.pt, and figures.json. Weights and the picture follow from the formula of golden.py.
"""

import json

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import golden

FOLDER = golden.FOLDER.parent / "tokens"
HEIGHT, WIDTH, STRIDE, CHANNELS, CLASSES = 24, 40, 8, 6, 3
TARGET = 0


class Tokens(nn.Module):
    """Patches, a class token before them, a layer for each token by itself, and the mean over all tokens."""

    before = 1

    def __init__(self, tokens_first: bool) -> None:
        super().__init__()
        self.tokens_first = tokens_first
        self.patches = nn.Conv2d(3, CHANNELS, STRIDE, STRIDE)
        self.token = nn.Parameter(torch.zeros(1, 1, CHANNELS))
        self.norm = nn.LayerNorm(CHANNELS)
        self.mix = nn.Linear(CHANNELS, CHANNELS)
        self.last = nn.GELU()
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        tokens = torch.flatten(self.patches(x), 2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(x.shape[0], -1, -1), tokens], 1)
        if self.tokens_first:
            tokens = tokens.transpose(0, 1)
        tokens = self.last(self.mix(self.norm(tokens)))
        return self.head(tokens.mean(0 if self.tokens_first else 1))


class Asking(nn.Module):
    """Every second patch of every second row asks all patches. What its token has comes from all over the picture; its
    place is that of the patch that asked."""

    before, tokens_first = 0, False

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, CHANNELS, STRIDE // 2, STRIDE // 2)
        self.query = nn.Linear(CHANNELS, CHANNELS)
        self.key = nn.Linear(CHANNELS, CHANNELS)
        self.value = nn.Linear(CHANNELS, CHANNELS)
        self.last = nn.GELU()
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        maps = self.patches(x)
        tokens = maps.flatten(2).transpose(1, 2)
        query = self.query(maps[:, :, ::2, ::2].flatten(2).transpose(1, 2))
        shares = torch.softmax(query @ self.key(tokens).transpose(1, 2), 2)
        return self.head(self.last(shares @ self.value(tokens)).mean(1))


class Mirrored(nn.Module):
    """A picture mirrored between two convolutions: their maps are as large as before, and lie the other way round."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.Conv2d(3, CHANNELS, 3, 2, 1)
        self.behind = nn.Conv2d(CHANNELS, CHANNELS, 1)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.flip(torch.relu(self.before(x)), [3])
        return self.head(torch.relu(self.behind(x)).mean((2, 3)))


class Multiplied(Mirrored):
    """Mirrored by a product with a matrix that is made as large as the maps are."""

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.before(x))
        rows = torch.arange(x.shape[2])
        mirror = torch.eq(rows[:, None] + rows[None], x.shape[2] - 1).float()
        return self.head(torch.relu(self.behind(torch.matmul(mirror, x))).mean((2, 3)))


class Cut(nn.Module):
    """Sees a part of a picture only: the middle of each side, or what is left of its last rows and columns."""

    def __init__(self, first: int, last: int, of: int) -> None:
        super().__init__()
        self.first, self.last, self.of = first, last, of
        self.maps = nn.Conv2d(3, CHANNELS, 3, 2, 1)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def part(self, length: int) -> tuple[int, int]:
        return length * self.first // self.of, length * self.last // self.of

    def forward(self, x: Tensor) -> Tensor:
        top, bottom = self.part(x.shape[2])
        left, right = self.part(x.shape[3])
        return self.head(torch.relu(self.maps(x[:, :, top:bottom, left:right])).mean((2, 3)))


def filled(network: nn.Module) -> nn.Module:
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            values = 2 * golden.uniform(name, parameter.numel(), "tokens") - 1
            parameter.copy_(torch.from_numpy(values.astype(np.float32)).reshape(parameter.shape))
    return network.eval()


class Padded(nn.Module):
    """Three convolutions of five columns, each behind a padding of its own: from left to right so many and so many."""

    def __init__(self, before: int, behind: int) -> None:
        super().__init__()
        self.before, self.behind = before, behind
        self.first = nn.Conv2d(3, CHANNELS, (1, 5))
        self.second = nn.Conv2d(CHANNELS, CHANNELS, (1, 5))
        self.third = nn.Conv2d(CHANNELS, CHANNELS, (1, 5))
        self.head = nn.Linear(CHANNELS, CLASSES)

    def padded(self, x: Tensor) -> Tensor:
        return functional.pad(x, [self.before, self.behind, 0, 0])

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.first(self.padded(x)))
        x = torch.relu(self.second(self.padded(x)))
        return self.head(torch.relu(self.third(self.padded(x))).mean((2, 3)))


class Named(nn.Module):
    """Paddings by name: as many rows and columns as before, and none; traces keep the name."""

    def __init__(self) -> None:
        super().__init__()
        self.same = nn.Conv2d(3, CHANNELS, (3, 5), padding="same")
        self.valid = nn.Conv2d(CHANNELS, CHANNELS, 2, 2, padding="valid")
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.valid(torch.relu(self.same(x)))).mean((2, 3)))


class Drifting(nn.Module):
    """Ten convolutions of four columns that keep their number: one is added before them and two behind, so that each moves the picture by half a column."""

    def __init__(self) -> None:
        super().__init__()
        channels = [3] + 10 * [CHANNELS]
        self.layers = nn.ModuleList(
            [nn.Conv2d(channels[i], channels[i + 1], (1, 4), padding="same") for i in range(10)]
        )
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.head(x.mean((2, 3)))


def figures(network: Tokens | Asking, picture: Tensor) -> dict[str, list[float]]:
    """In double precision: in single, how processors round is seen in "asking", whose products reach 79."""
    network, picture = network.double(), picture.double()
    kept = {}

    def keep(_: nn.Module, __: tuple[Tensor], output: Tensor) -> None:
        output.retain_grad()
        kept["last"] = output

    handle = network.last.register_forward_hook(keep)
    logits = network(picture)
    handle.remove()
    logits[0, TARGET].backward()
    tokens, gradient = kept["last"], kept["last"].grad
    if network.tokens_first:
        tokens, gradient = tokens.transpose(0, 1), gradient.transpose(0, 1)
    tokens, gradient = tokens[0, network.before :], gradient[0, network.before :]
    grad_cam = torch.relu(tokens @ gradient.mean(0))
    return {"logits": logits[0].tolist(), "grad_cam": grad_cam.tolist()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    values = golden.uniform("picture", 3 * HEIGHT * WIDTH, "tokens").astype(np.float32)
    picture = torch.from_numpy(values.reshape(1, 3, HEIGHT, WIDTH))
    found = {}
    networks = {"pictures-first": Tokens(False), "tokens-first": Tokens(True), "asking": Asking()}
    for name, network in networks.items():
        filled(network)
        golden.save_program(torch.jit.trace(network, picture), FOLDER / f"{name}.pt")
        found[name] = figures(network, picture)
    golden.save_program(torch.jit.trace(filled(Mirrored()), picture), FOLDER / "mirrored.pt")
    golden.save_program(torch.jit.trace(filled(Multiplied()), picture), FOLDER / "multiplied.pt")
    # A trace keeps the numbers of rows and columns, a script the share.
    golden.save_program(torch.jit.trace(filled(Cut(1, 7, 8)), picture), FOLDER / "middle.pt")
    golden.save_program(torch.jit.script(filled(Cut(1, 7, 8))), FOLDER / "middle.scripted.pt")
    golden.save_program(torch.jit.trace(filled(Cut(0, 2, 3)), picture), FOLDER / "beginning.pt")
    # As causal convolutions pad, as others do, and to one side and to both more than a convolution uses up.
    golden.save_program(torch.jit.trace(filled(Padded(4, 0)), picture), FOLDER / "causal.pt")
    golden.save_program(torch.jit.trace(filled(Padded(2, 2)), picture), FOLDER / "even.pt")
    golden.save_program(torch.jit.trace(filled(Padded(2, 6)), picture), FOLDER / "behind.pt")
    golden.save_program(torch.jit.trace(filled(Padded(5, 5)), picture), FOLDER / "around.pt")
    golden.save_program(torch.jit.trace(filled(Named()), picture), FOLDER / "named.pt")
    golden.save_program(torch.jit.trace(filled(Drifting()), picture), FOLDER / "drifting.pt")
    (FOLDER / "figures.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

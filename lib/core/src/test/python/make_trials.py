"""Writes small programs that show what they are when they are run more than once: chance, state, pictures that change one
another, sorted numbers, ends without a gradient, forwards that take something else than a picture.

    python make_trials.py

The files go to resources/camlab/trials: NAME.pt and NAME.pt2. The weights and the input are those of golden.py.
"""

import copy
import math
from typing import Dict

import torch
from torch import Tensor, nn

import golden
from export.files import plain
from make_conditions import Base, Depth, filled

FOLDER = golden.FOLDER.parent / "trials"
SIZE = 32
CLASSES = 4


class Half(Depth):
    """torchvision's stochastic depth, of which half survives: bernoulli_ is written without its share."""

    share = 0.5


class Path(Base):
    """Drop path as transformers write it."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(6, 6, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        branch = self.rest(x)
        if self.training:
            keep = 0.9
            random = keep + torch.rand([x.shape[0], 1, 1, 1])
            random.floor_()
            branch = branch.div(keep) * random
        return self.head((x + branch).mean((2, 3)))


class Seldom(Base):
    """Chance that shows in one of twenty runs."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        x = torch.where(torch.rand(1) < 0.05, torch.zeros(1), x)
        return self.head(x.mean((2, 3)))


class Branch(Base):
    """Chance that is meant for training, and is not reached in evaluation."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        if self.training:
            x = x + torch.rand_like(x)
        return self.head(x.mean((2, 3)))


class Drawn(Base):
    """Chance that is reached, in a program whose layers are in branches."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(6, 6, 3, padding=1))
        self.deep = True

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        if self.deep and x.shape[2] > 2:
            x = self.rest(x)
        x = torch.where(torch.rand(1) < 0.05, torch.zeros(1), x)
        return self.head(x.mean((2, 3)))


class Kept(Base):
    """A dropout that another attribute than the mode turns on; in half of all runs it drops none of the six numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.always = True

    def forward(self, x: Tensor) -> Tensor:
        return self.head(nn.functional.dropout(self.body(x).mean((2, 3)), 0.1, self.always))


class Mode(Base):
    """Dropouts that the mode turns on, of the module itself and of one inside it."""

    def __init__(self) -> None:
        super().__init__(nn.Dropout2d(0.5), nn.RReLU())

    def forward(self, x: Tensor) -> Tensor:
        x = self.rest(self.body(x)).mean((2, 3))
        return self.head(nn.functional.dropout(x, 0.5, self.training))


class Memory(Base):
    """Memory that is handed out as it is; here it is filled before it is read."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        return self.head((x * torch.empty_like(x).fill_(0.5)).mean((2, 3)))


class Counter(Base):
    """A number that grows with each call."""

    def __init__(self) -> None:
        super().__init__()
        self.n = 0

    def forward(self, x: Tensor) -> Tensor:
        self.n += 1
        return self.head(self.body(x).mean((2, 3))) + 0.01 * self.n


class Average(Base):
    """A running average of what it saw, which a blank picture leaves as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("average", torch.zeros(1, 3))

    def forward(self, x: Tensor) -> Tensor:
        self.average.mul_(0.9).add_(0.1 * x.mean((2, 3)).mean(0, keepdim=True))
        return self.head(self.body(x).mean((2, 3))) - self.average.sum()


class Highest(Base):
    """The highest mean of a colour that it saw, written into a part of what it keeps; the same picture again changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.full((2, 3), -10.0))

    def forward(self, x: Tensor) -> Tensor:
        now = x.mean((2, 3)).amax(0)
        self.seen[1].copy_(torch.maximum(self.seen[1], now))
        return self.head(self.body(x).mean((2, 3))) - self.seen.sum()


class Masked(Base):
    """What is written in place was made for it: a mask, in two parts, as windows have one, and the lengths of vectors."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        mask = x.new_zeros((x.shape[2], x.shape[3]))
        mask[0:4, 0:4] = 1.0
        mask[4:, 4:] = 2.0
        x = x / x.norm(dim=1, keepdim=True).clamp_min_(0.1)
        return self.head((x + 0.1 * mask).mean((2, 3)))


class OwnNorm(Base):
    """A batch norm that has kept nothing: pictures given together change one another."""

    def __init__(self) -> None:
        super().__init__(nn.BatchNorm2d(6, track_running_stats=False))


class Centred(Base):
    def forward(self, x: Tensor) -> Tensor:
        z = super().forward(x)
        return z - z.mean(0, keepdim=True) * 0.5


class Sorted(Base):
    def forward(self, x: Tensor):
        return super().forward(x).sort(1, descending=True)


class SortedValues(Base):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).sort(1)[0]


class Top(Base):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).topk(CLASSES)[0]


class Tops(Base):
    """The places that count most, sorted inside, and logits in an order of their own."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x).flatten(2).topk(8)[0]
        return self.head(x.mean(2))


class Detached(Base):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).detach()


class Underived(Base):
    """An end of which PyTorch has no derivative."""

    def forward(self, x: Tensor) -> Tensor:
        x = super().forward(x).abs() + 1
        return torch.igamma(x, torch.ones_like(x))


class Limited(Base):
    """Raises for values that no picture has, and for other sizes than its own; its numbers are tried on strong noise."""

    def forward(self, x: Tensor) -> Tensor:
        if x.abs().max().item() > 20.0:
            raise RuntimeError("values out of range")
        if x.shape[2] != 32 or x.shape[3] != 32:
            raise RuntimeError("another size")
        return 0.5 + 0.1 * self.head(self.body(x).mean((2, 3))).tanh()


class Turned(Base):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).t()


class Twice(Base):
    """As a program that was traced with two pictures may have it."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).mean((2, 3))).expand(2, CLASSES)


class Writes(Base):
    """Normalises the picture that it is given, where that is."""

    def forward(self, x: Tensor) -> Tensor:
        x.sub_(0.1).div_(0.7)
        return self.head(self.body(x).mean((2, 3)))


class Rows(nn.Module):
    """An LSTM along the rows, from a state for one picture that is a number in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = nn.LSTM(3 * SIZE, 6, batch_first=True)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        state = torch.zeros(1, 1, 6)
        return self.head(self.rows(x.permute(0, 2, 1, 3).flatten(2), (state, state))[0][:, -1])


class Cells(nn.Module):
    """A module that hands on two values, and at its last call one: of the state after it nothing is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(3 * SIZE, 6)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        state = torch.zeros(1, 6), torch.zeros(1, 6)
        for row in range(0, SIZE, 8):
            state = self.cell(x[:, :, row].flatten(1), state)
        return self.head(state[0])


class Groups(Base):
    """Two questions, each with an answer of its own, behind one another."""

    def forward(self, x: Tensor) -> Tensor:
        z = super().forward(x)
        return torch.cat([z[:, :2].log_softmax(1), z[:, 2:].log_softmax(1)], 1)


class Shifted(Base):
    """One question, and the logarithms against those of a guess: their exponentials sum to the number of classes."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).log_softmax(1) + math.log(CLASSES)


class Four(Base):
    """As a program that was traced with four pictures may have it: four pictures, or one of four times as many pixels."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).reshape(4, 6, 8, 8).mean((2, 3)))


class Overwritten(Base):
    """What a ReLU put out is multiplied in place, and its gradient needs it as it was."""

    def forward(self, x: Tensor) -> Tensor:
        x = torch.sigmoid(self.body(x))
        x.mul_(2.0)
        return self.head(x.mean((2, 3)))


class Keyed(Base):
    def forward(self, batch: Dict[str, Tensor]) -> Tensor:
        return self.head(self.body(batch["image"]).mean((2, 3)))


class Encoder(nn.Module):
    """What has a method of another name alone."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, CLASSES, 4, stride=4)

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        return self.body(x).mean((2, 3))


def keep(name: str, program: torch.jit.ScriptModule) -> None:
    golden.save_program(program, FOLDER / f"{name}.pt")


class Beside(Base):
    """Two bodies of the picture, of which only the means are joined."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(3, 6, 4, stride=4), nn.ReLU())
        self.head = nn.Linear(12, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.cat([self.body(x).mean((2, 3)), self.rest(x).mean((2, 3))], 1))


class Around(Base):
    """What the body puts out goes around the last layers, too, as the first of them has changed it in place."""

    def __init__(self) -> None:
        super().__init__(nn.ReLU(inplace=True), nn.Conv2d(6, 6, 3, padding=1), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        return self.head(self.rest(x).mean((2, 3)) + x.mean((2, 3)))


class Inside(nn.Module):
    """A stage that adds what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(6, 6, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.conv(x))


class Stage(Base):
    """What a stage was given goes around its convolution, and not around the stage."""

    def __init__(self) -> None:
        super().__init__(Inside())


class Tilted(Base):
    """The picture is turned by ten degrees first."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(6, 6, 3, padding=1))
        cosine, sine = math.cos(math.radians(10)), math.sin(math.radians(10))
        self.theta = torch.tensor([[[cosine, -sine, 0], [sine, cosine, 0]]])

    def forward(self, x: Tensor) -> Tensor:
        grid = nn.functional.affine_grid(self.theta, [1, 3, SIZE, SIZE], align_corners=False)
        return super().forward(nn.functional.grid_sample(x, grid, align_corners=False))


class LeftOut(Base):
    """Of 64 tokens the 40 with the largest first value stay, whichever these are."""

    def __init__(self) -> None:
        super().__init__(nn.LayerNorm(6), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.body(x).flatten(2).transpose(1, 2)
        kept = tokens[:, :, 0].topk(40, 1)[1].unsqueeze(-1).expand(-1, -1, 6)
        return self.head(self.rest(torch.gather(tokens, 1, kept)).mean(1))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    image = golden.image(SIZE)
    found = {}
    for name, make in {"writes-scripted": torch.jit.script, "writes": torch.jit.trace}.items():
        network = filled(Writes())
        found[name] = golden.short(copy.deepcopy(network).double()(image.double())[0])
        keep(name, make(network, *([image.clone()] if make is torch.jit.trace else [])))
    network = filled(Rows())
    found["rows"] = golden.short(network(image)[0])
    keep("rows", torch.jit.trace(network, image))
    if not (FOLDER / "rows.pt2").exists():  # it holds the time it was written at
        torch.export.save(torch.export.export(network, (image,)), FOLDER / "rows.pt2")
    network = filled(Cells())
    found["cells"] = golden.short(network(image)[0])
    if not (FOLDER / "cells.pt2").exists():  # it holds the time it was written at
        torch.export.save(torch.export.export(network, (image,)), FOLDER / "cells.pt2")
    scripted = {"overwritten": Overwritten, "keyed": Keyed, "without-forward": Encoder}
    for name, make in scripted.items():
        keep(name, torch.jit.script(filled(make())))
    keep("groups", torch.jit.trace(filled(Groups()), image))
    keep("shifted", torch.jit.trace(filled(Shifted()), image))
    keep("four", torch.jit.trace(filled(Four()), image.repeat(4, 1, 1, 1)))
    keep("optimised", torch.jit.optimize_for_inference(torch.jit.script(filled(Branch()))))
    for name, make in {"half": Half, "path": Path}.items():
        network = filled(make())
        found[name] = golden.short(network.double()(image.double())[0])
        keep(name, torch.jit.trace(network.float().train(), image, check_trace=False))
    for name, network in {"kept": Base(), "mode": Mode(), "memory": Memory()}.items():
        found[name] = golden.short(filled(network).double()(image.double())[0])
    network = filled(Highest()).double()
    found["highest"] = golden.short(network(image.double())[0])  # of the first call
    for name, make in {"seldom": Seldom, "drawn": Drawn, "branch": Branch, "counter": Counter, "limited": Limited}.items():
        keep(name, torch.jit.script(filled(make())))
    for name, make in {"kept": Kept, "mode": Mode, "memory": Memory}.items():
        keep(name, torch.jit.script(filled(make())))
    for name, make in {
        "average": Average,
        "highest": Highest,
        "masked": Masked,
        "own-norm": OwnNorm,
        "centred": Centred,
        "sorted": Sorted,
        "sorted-values": SortedValues,
        "top": Top,
        "tops": Tops,
        "detached": Detached,
        "underived": Underived,
        "turned": Turned,
        "twice": Twice,
        "beside": Beside,
        "around": Around,
        "stage": Stage,
        "tilted": Tilted,
        "left-out": LeftOut,
    }.items():
        network = filled(make())
        state = {key: value.clone() for key, value in network.state_dict().items()}
        program = torch.jit.trace(network, image, check_trace=False)
        program.load_state_dict(state)
        keep(name, program)
    for name, make in {
        "chance": Seldom,
        "highest": Highest,
        "top": Top,
        "tilted": Tilted,
        "beside": Beside,
        "around": Around,
    }.items():
        file = FOLDER / f"{name}.pt2"
        if not file.exists():  # it holds the time it was written at
            torch.export.save(plain(torch.export.export(filled(make()), (image,))), file)
    golden.write("../trials/figures.json", {"size": SIZE, "logits": found})


if __name__ == "__main__":
    main()

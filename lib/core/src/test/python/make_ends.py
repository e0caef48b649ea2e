"""Writes small programs that end, rectify or take pictures together in ways that are easily taken for others.

    python make_ends.py

The files go to resources/camlab/ends. The weights are PyTorch's own, of one seed; figures.json has the logits of
`together.pt2` and `threshold.pt` for each of two pictures alone, and the mean of each class of `regions.pt` where its
logit is above 0, in double precision. The pictures are golden.py's.
"""

import json
import pathlib
import sys

import torch
from torch import Tensor, nn

sys.path.insert(0, str(pathlib.Path(__file__).parent / "export"))
import files
import golden

FOLDER = golden.FOLDER.parent / "ends"
SIZE = 16
CLASSES = 4


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, 6, 3, padding=1)
        self.last = nn.Conv2d(6, 6, 3, padding=1)
        self.act = nn.ReLU()
        self.head = nn.Linear(6, CLASSES)

    def rectified(self, x: Tensor) -> Tensor:
        return self.act(x)

    def end(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor) -> Tensor:
        x = self.rectified(self.body(x))
        x = self.act(self.last(x))
        return self.end(self.head(x.mean((2, 3))) * 4)


class Spread(Net):
    """From the smallest number to the largest."""

    def end(self, x: Tensor) -> Tensor:
        least, most = x.amin(1, keepdim=True), x.amax(1, keepdim=True)
        return (x - least) / (most - least)


class Cut(Net):
    """As before a loss that takes logarithms."""

    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).clamp(1e-3, 0.9)


class CutAbove(Net):
    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).clamp(max=0.5)


class CutLogarithm(Net):
    def end(self, x: Tensor) -> Tensor:
        return x.sigmoid().clamp(min=0.1).log()


class CutBehindLogarithm(Net):
    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).log().clamp(min=-1.5)


class MovedLogSigmoid(Net):
    def end(self, x: Tensor) -> Tensor:
        return nn.functional.logsigmoid(x).movedim(-1, 1)


class OnePlace(Net):
    """As maps of one place."""

    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).unsqueeze(2).unsqueeze(3)


class AllCut(Net):
    """Whatever goes in, all of it is cut off."""

    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).clamp(0.5, 0.5)


class OneSoftmax(Net):
    """Of one number, which makes it 1."""

    def end(self, x: Tensor) -> Tensor:
        return x[:, :1].softmax(1)


class Learning(Net):
    """As a loss wants it where it learns."""

    def end(self, x: Tensor) -> Tensor:
        x = x.softmax(1)
        if self.training:
            return x.log()
        return x


class Twofold(Net):
    """Bright pictures have another end."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.head(self.act(self.last(self.act(self.body(x)))).mean((2, 3)) * 4)
        if bool(x.mean() > 0.3):
            return y.sigmoid()
        return y.softmax(1)


class Unsure(Net):
    """Says nothing where no class is likely."""

    def end(self, x: Tensor) -> Tensor:
        x = x.sigmoid()
        if bool(x.amax() < 0.01):
            return torch.zeros_like(x)
        return x


class Exponential(Net):
    def end(self, x: Tensor) -> Tensor:
        return x.log_softmax(1).exp()


class Maps(Net):
    """A class for each place, the classes along the last dimension."""

    def forward(self, x: Tensor) -> Tensor:
        return self.end(self.head(self.act(self.body(x)).permute(0, 2, 3, 1)))


class LastMaps(Maps):
    def end(self, x: Tensor) -> Tensor:
        return x.softmax(-1)


class TurnedMaps(Maps):
    def end(self, x: Tensor) -> Tensor:
        return x.permute(0, 3, 1, 2).softmax(1).permute(0, 2, 3, 1)


class Largest(Net):
    """By the largest number."""

    def end(self, x: Tensor) -> Tensor:
        return x.exp() / x.exp().amax(1, keepdim=True)


class Length(Net):
    """By the length, of what one class alone has."""

    def end(self, x: Tensor) -> Tensor:
        return nn.functional.normalize((x - x.amax(1, keepdim=True) + 1e-3).relu(), dim=1)


class PerCent(Net):
    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1) * 100


class Masked(Net):
    def rectified(self, x: Tensor) -> Tensor:
        return x * (x > 0)


class Chosen(Net):
    def rectified(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, torch.zeros_like(x))


class Halved(Net):
    def rectified(self, x: Tensor) -> Tensor:
        return (x + x.abs()) / 2


class Column(Net):
    """A logit without a column of its own."""

    def end(self, x: Tensor) -> Tensor:
        return x[:, 0]


class Row(Net):
    """The logits of the first picture."""

    def end(self, x: Tensor) -> Tensor:
        return x[0]


class Number(Net):
    """One number alone."""

    def end(self, x: Tensor) -> Tensor:
        return x[0, 0]


class Bfloat(Net):
    """Computes in bfloat16."""

    def __init__(self) -> None:
        super().__init__()
        self.bfloat16()

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.bfloat16())


class Bytes(Net):
    """Rounds to the steps of a camera, which has no derivative."""

    def rectified(self, x: Tensor) -> Tensor:
        return self.act((x * 255).to(torch.uint8).float() / 255)


class Deviation(Net):
    """Pools by the deviation of each channel, of which the first is always 0: a root has no finite slope there."""

    def __init__(self) -> None:
        super().__init__()
        with torch.no_grad():
            self.last.bias[0] = -100

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.last(self.act(self.body(x))))
        return self.head(x.flatten(2).std(2))


class Together(Net):
    """Averages over all that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(6, track_running_stats=False)

    def rectified(self, x: Tensor) -> Tensor:
        return self.act(self.norm(x))


class Threshold(Net):
    """Inverts bright pictures, and asks all that it is given whether they are."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(torch.where(x.mean() > 0.5, 1 - x, x))


class Regions(Net):
    """Two maps, each of which answers yes or no for itself; the second one by far more clearly."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.last(self.act(self.body(x))))
        return torch.stack([y.mean(1) * 20 - 3, y.mean(1) * 20 + 2], 1).sigmoid()


class Normalized(Net):
    """Does what most preprocessing does, by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward((x - self.mean) / self.deviation)


class Turned(Net):
    """For pictures from 0 to 255, in the other order of the colours."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward((x[:, [2, 1, 0]] - 120) / 64)


class Mixed(Net):
    """Its filters see what a colour leaves on the others."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x - 0.5 * x.mean(1, keepdim=True))


class Clipped(Net):
    """Nothing is done to the numbers between 0 and 1."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.clamp(0, 1))


class Twice(Net):
    """A softmax in the network, and another one of whoever wrapped it."""

    def end(self, x: Tensor) -> Tensor:
        return x.softmax(1).softmax(1)


class Deaf(Net):
    """Says the same of every picture."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) * 0 + self.head.bias


class Either(Net):
    """Only the brighter pictures take the first way."""

    def __init__(self) -> None:
        super().__init__()
        self.bright = nn.Conv2d(6, 6, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        if bool(x.mean() > 0.5):
            y = self.bright(y)
        else:
            y = self.last(y)
        return self.head(y.relu().mean((2, 3)))


class Elsewhere(Net):
    """Its first filters are those of dark pictures only."""

    def __init__(self) -> None:
        super().__init__()
        self.bright = nn.Conv2d(3, 6, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        if bool(x.mean() > 0.1):
            y = self.bright(x)
        else:
            y = self.body(x)
        return self.head(y.relu().mean((2, 3)))


def made(kind: type[Net]) -> nn.Module:
    torch.manual_seed(1)
    return kind().eval()


def save(program: torch.export.ExportedProgram, name: str) -> None:
    torch.export.save(files.plain(program), str(FOLDER / f"{name}.pt2"))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    image = golden.image(SIZE)
    ends = {"spread": Spread, "largest": Largest, "length": Length, "per_cent": PerCent}
    cuts = {"cut": Cut, "cut_above": CutAbove, "cut_logarithm": CutLogarithm}
    behind = {"bare": Net, **cuts, "exponential": Exponential}
    behind = {**behind, "cut_behind_logarithm": CutBehindLogarithm, "moved_log_sigmoid": MovedLogSigmoid, "one_place": OnePlace}
    stays = {"all_cut": AllCut, "one_softmax": OneSoftmax}
    maps = {"bare_maps": Maps, "last_maps": LastMaps, "turned_maps": TurnedMaps}
    for name, kind in {**behind, **maps}.items():
        golden.save_program(torch.jit.trace(made(kind), image), FOLDER / f"{name}.pt")
        save(torch.export.export(made(kind), (image,)), name)
    rectified = {"masked": Masked, "chosen": Chosen, "halved": Halved}
    for name, kind in {**ends, **rectified, **stays}.items():
        golden.save_program(torch.jit.trace(made(kind), image), FOLDER / f"{name}.pt")
    for name, kind in rectified.items():
        save(torch.export.export(made(kind), (image,)), name)
    golden.save_program(torch.jit.trace(made(Regions), image), FOLDER / "regions.pt")
    maps = made(Regions).double()(image.double())[0].logit()
    regions = [maps[0][maps[0] > 0].mean().item(), maps[1].mean().item()]
    assert (maps[1] > maps[0]).all() and (maps[1] > 0).all() and (maps[0] > 0).any() and (maps[0] < 0).any()
    together = made(Together)
    batch = {"x": {0: torch.export.Dim("batch")}}
    program = torch.export.export(together, (image.repeat(2, 1, 1, 1),), dynamic_shapes=batch)
    save(program, "together")
    golden.save_program(torch.jit.trace(made(Threshold), image), FOLDER / "threshold.pt")
    seen = {"normalized": Normalized, "turned": Turned, "mixed": Mixed, "clipped": Clipped}
    for name, kind in {**seen, "twice": Twice, "deaf": Deaf}.items():
        golden.save_program(torch.jit.trace(made(kind), image), FOLDER / f"{name}.pt")
    layers = {"column": Column, "row": Row, "number": Number, "bfloat": Bfloat, "bytes": Bytes, "deviation": Deviation}
    for name, kind in {"normalized": Normalized, **layers}.items():
        save(torch.export.export(made(kind), (image,)), name)
    broken = made(Net)
    with torch.no_grad():
        broken.last.weight[0] = torch.nan
    golden.save_program(torch.jit.trace(broken, image, check_trace=False), FOLDER / "broken.pt")
    for name, kind in {"learning": Learning, "twofold": Twofold, "unsure": Unsure}.items():
        golden.save_program(torch.jit.script(made(kind)), FOLDER / f"{name}.pt")
    golden.save_program(torch.jit.script(made(Either)), FOLDER / "either.pt")
    golden.save_program(torch.jit.script(made(Elsewhere)), FOLDER / "elsewhere.pt")
    quantised = torch.ao.quantization.quantize_dynamic(made(Net), {nn.Linear}, torch.qint8)
    golden.save_program(torch.jit.trace(quantised, image), FOLDER / "quantised.pt")
    batches = {"together": together, "threshold": made(Threshold)}
    alone = {name: [net.double()(each.double())[0].tolist() for each in (image, -image / 2)] for name, net in batches.items()}
    (FOLDER / "figures.json").write_text(json.dumps({**alone, "regions": regions}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Writes small transformers as files of torch.export, and figures of methods that look at their attention.

    python make_attention.py          with torch 2.7.1

Of three blocks each: one whose score is read from a class token, one without, whose score is read from the mean of the
tokens, both with attention in one piece; one that writes the softmax out as a function, and one as a module, which is
saved as TorchScript. NAME.pt2 or NAME.pt and figures.json go to resources/camlab/attention. Figures are of double
precision and autograd; the shares are computed here from the weights of the module.
"""

import json

import torch
from torch import nn

import golden
from export import files

FOLDER = golden.FOLDER.parent / "attention"
SIZE, PATCH, GRID, WIDTH, HEADS, BLOCKS, CLASSES = 24, 6, 4, 12, 3, 3, 5
TARGET = 2


class Written(nn.Module):
    """Attention in its steps, with the arguments and the parameters of PyTorch's own."""

    def __init__(self, softmax):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.zeros(3 * WIDTH, WIDTH))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * WIDTH))
        self.out_proj = nn.Linear(WIDTH, WIDTH)
        self.softmax = softmax

    def forward(self, x, key, value, need_weights):
        q, k, v = nn.functional.linear(x, self.in_proj_weight, self.in_proj_bias).chunk(3, -1)
        q, k, v = (each.unflatten(2, (HEADS, -1)).transpose(1, 2) for each in (q, k, v))
        scores = q @ k.transpose(-2, -1) * (WIDTH / HEADS) ** -0.5
        shares = scores.softmax(-1) if self.softmax is None else self.softmax(scores)
        return (self.out_proj((shares @ v).transpose(1, 2).flatten(2)), None)


def attention(kind):
    if kind == "piece":
        return nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    return Written(nn.Softmax(-1) if kind == "module" else None)


class Block(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.self_attention = attention(kind)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.self_attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, class_token, kind):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, stride=PATCH)
        self.class_token = nn.Parameter(torch.zeros(1, 1, WIDTH)) if class_token else None
        self.positions = nn.Parameter(torch.zeros(1, GRID * GRID + int(class_token), WIDTH))
        self.blocks = nn.Sequential(*[Block(kind) for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        if self.class_token is not None:
            x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], 1)
        return self.scores(self.blocks(x + self.positions))

    def scores(self, tokens):
        tokens = self.norm(tokens)
        return self.head(tokens[:, 0] if self.class_token is not None else tokens.mean(1))


class Traced:
    """A pass in steps that keeps the shares of each block, and what it puts out."""

    def __init__(self, network, picture):
        self.shares, self.outputs = [], []
        x = network.patches(picture).flatten(2).transpose(1, 2)
        if network.class_token is not None:
            x = torch.cat([network.class_token, x], 1)
        x = x + network.positions
        for block in network.blocks:
            module = block.self_attention
            q, k, v = nn.functional.linear(block.norm1(x), module.in_proj_weight, module.in_proj_bias)[0].chunk(3, -1)
            q, k, v = (each.unflatten(1, (HEADS, -1)).transpose(0, 1) for each in (q, k, v))
            shares = (q @ k.transpose(1, 2) * (WIDTH / HEADS) ** -0.5).softmax(-1)
            x = x + module.out_proj((shares @ v).transpose(0, 1).flatten(1))[None]
            x = x + block.mlp(block.norm2(x))
            self.shares.append(shares)
            self.outputs.append(x)


def rollout(network, traced):
    """Abnar and Zuidema, equation 1; the tokens that the score is read from."""
    result = torch.eye(traced.shares[0].shape[-1]).double()
    for shares in traced.shares:
        result = (shares.mean(0) + torch.eye(len(result))) / 2 @ result
    row = result[0] if network.class_token is not None else result.mean(0)
    return row[-GRID * GRID :]


def le_grad(network, traced):
    maps = []
    for shares, output in zip(traced.shares, traced.outputs):
        score = network.scores(output)[0, TARGET]
        gradient = torch.autograd.grad(score, shares, retain_graph=True)[0]
        maps.append(gradient.clamp(min=0).mean((0, 1))[-GRID * GRID :])
    return sum(maps) / BLOCKS


def build(class_token, kind):
    """With gradients on: without, PyTorch takes its attention in one piece that has none."""
    return golden.fill(Transformer(class_token, kind)).requires_grad_(True)


def figures(class_token, kind):
    network = build(class_token, kind).double()
    picture = golden.image(SIZE).double()
    traced = Traced(network, picture)
    logits = network(picture)
    assert torch.allclose(network.scores(traced.outputs[-1]), logits)
    return {
        "logits": golden.short(logits),
        "shares": golden.short(traced.shares[1]),
        "rollout": golden.short(rollout(network, traced)),
        "le_grad": golden.short(le_grad(network, traced)),
    }


# Whether there is a class token, and in what form the attention is.
NAMES = {
    "class-token": (True, "piece"),
    "mean": (False, "piece"),
    "function": (False, "function"),
    "module": (True, "module"),
}


def save(name, network):
    pictures = golden.image(SIZE).expand(2, -1, -1, -1)
    if name == "module":
        golden.save_program(torch.jit.trace(network, pictures), FOLDER / f"{name}.pt")
        return
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.export.export(network, (pictures,), dynamic_shapes=({0: batch},), strict=False)
    files.save(program, f"../attention/{name}.pt2")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    content = {"input": SIZE, "grid": GRID, "target": TARGET, "cases": {}}
    for each, form in NAMES.items():
        save(each, build(*form))
        content["cases"][each] = figures(*form)
    file = FOLDER / "figures.json"
    file.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")

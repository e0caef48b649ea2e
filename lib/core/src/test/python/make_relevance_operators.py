"""Writes exported programs of what layers besides convolutions and ReLUs there are, and figures of relevance for them.

    python make_relevance_operators.py        needs torch alone

Each network is written once, with the operators left open. With PyTorch's own it is exported; with those of `Relevance`
it hands relevance back, each operator by its rule; with those of `Lifted` it runs for a picture and for a black one at
once, and hands back DeepLIFT's multipliers. Both work in double precision, and neither goes through a graph: the rules
stand beside the operators, as functions of autograd. They go to resources/camlab/relevance: NAME.pt2, and
operators.json with the sums over the channels and over blocks of pixels.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(pathlib.Path(__file__).parent / "export"))
import files
import golden
import spread
from make_methods import DEVIATION, MEAN, blocks

FOLDER = golden.FOLDER.parent / "relevance"
SIZE, BLOCK, CLASSES, CHANNELS = 32, 4, 5, 8
STABILIZER = 1e-6


class Plain:
    """PyTorch's operators as they are."""

    linear = convolution = staticmethod(lambda layer, x: layer(x))
    activation = gate = staticmethod(lambda function, x: function(x))
    moved = averaged = staticmethod(lambda function, *given: function(*given))
    norm = staticmethod(lambda layer, x: layer(x))
    added = staticmethod(lambda *given: sum(given[1:], given[0]))
    product = gated = staticmethod(lambda function, left, right: function(left, right))
    shares = staticmethod(lambda scores: torch.softmax(scores, -1))
    unit = staticmethod(lambda x: x / (torch.linalg.vector_norm(x, dim=1, keepdim=True) + 0.1))

    larger = staticmethod(torch.maximum)
    glu = staticmethod(lambda x: F.glu(x, 1))
    sum_with_product = staticmethod(lambda x, y, z: torch.addcmul(x, y, z, value=0.5))
    between = staticmethod(torch.lerp)
    spread = staticmethod(lambda x: torch.std_mean(x, (2, 3), correction=0))

    @staticmethod
    def attention(query, key, value, mask=None, causal=False, grouped=False):
        return F.scaled_dot_product_attention(query, key, value, mask, is_causal=causal, enable_gqa=grouped)

    @staticmethod
    def rectified_there(x, channels):
        x[:, channels].relu_()
        return x

    @staticmethod
    def halved_there(x, view):
        view(x).mul_(0.5)
        return x


def hidden(scores, mask, causal):
    """Scores with what a mask says of them."""
    if causal:
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    if mask is None:
        return scores
    return scores + mask if mask.is_floating_point() else scores.masked_fill(~mask, -torch.inf)


def stabilized(z):
    return z + torch.where(z < 0, -STABILIZER, STABILIZER).to(z)


class ByShare(torch.autograd.Function):
    """Each input's relevance is what it adds to z, divided by z, times a factor of its own."""

    @staticmethod
    def forward(ctx, function, factors, *given):
        ctx.function, ctx.factors = function, factors
        ctx.save_for_backward(*given)
        return function(*given)

    @staticmethod
    def backward(ctx, relevance):
        given = [each.detach().requires_grad_() for each in ctx.saved_tensors]
        with torch.enable_grad():
            z = ctx.function(*given)
        found = torch.autograd.grad(z, given, relevance / stabilized(z.detach()))
        return None, None, *[f * x.detach() * g for f, x, g in zip(ctx.factors, given, found)]


class Passed(torch.autograd.Function):
    """Relevance goes through as it is."""

    @staticmethod
    def forward(ctx, function, x):
        return function(x)

    @staticmethod
    def backward(ctx, relevance):
        return None, relevance


class AlphaOne(torch.autograd.Function):
    """What adds to z shares it out; what takes from it has nothing. (α = 1, β = 0)"""

    @staticmethod
    def forward(ctx, run, weight, bias, x):
        ctx.run, ctx.weight, ctx.bias = run, weight, bias
        ctx.save_for_backward(x)
        return run(x, weight, bias)

    @staticmethod
    def backward(ctx, relevance):
        (x,) = ctx.saved_tensors
        up, down = [part.detach().requires_grad_() for part in (x.clamp(min=0), x.clamp(max=0))]
        with torch.enable_grad():
            z = ctx.run(up, ctx.weight.clamp(min=0), ctx.bias.clamp(min=0)) + ctx.run(down, ctx.weight.clamp(max=0), None)
        found = torch.autograd.grad(z, [up, down], relevance / stabilized(z.detach()))
        return None, None, None, up.detach() * found[0] + down.detach() * found[1]


class InSteps(Plain):
    """What does several things at once, by what each of them is."""

    @classmethod
    def glu(cls, x):
        values, gate = x.chunk(2, 1)
        return cls.gated(torch.mul, values, cls.gate(torch.sigmoid, gate))

    @classmethod
    def sum_with_product(cls, x, y, z):
        return cls.added(x, cls.averaged(lambda p: 0.5 * p, cls.product(torch.mul, y, z)))

    @classmethod
    def between(cls, x, y, gate):
        way = cls.added(y, cls.averaged(torch.neg, x))
        return cls.added(x, cls.gated(torch.mul, way, gate))

    @classmethod
    def spread(cls, x):
        mean = cls.averaged(lambda x: x.mean((2, 3), keepdim=True), x)
        squares = cls.activation(torch.square, cls.added(x, cls.averaged(torch.neg, mean)))
        variance = cls.averaged(lambda x: x.mean((2, 3)), squares)
        return cls.activation(torch.sqrt, variance), cls.averaged(lambda x: x.mean((2, 3)), x)

    @classmethod
    def rectified_there(cls, x, channels):
        there = cls.activation(F.relu, x[:, channels])
        x = x.clone()
        x[:, channels] = there
        return x

    @classmethod
    def halved_there(cls, x, view):
        places = view(torch.arange(x[0].numel()).view(x[:1].shape)).flatten()
        rows = x.flatten(1)
        there = cls.averaged(lambda rows: 0.5 * rows, rows[:, places])
        return rows.index_copy(1, places, there).view(x.shape)


class Relevance(InSteps):
    """ε for dense layers, α1β0 for convolutions with the batch norm behind them."""

    @staticmethod
    def linear(layer, x):
        return ByShare.apply(layer, [1], x)

    @staticmethod
    def convolution(layer, x):
        transposed = isinstance(layer[0] if isinstance(layer, nn.Sequential) else layer, nn.ConvTranspose2d)
        first, *norm = layer if isinstance(layer, nn.Sequential) else [layer]
        weight = (first.made() if isinstance(first, Standardised) else first.weight).detach()
        bias = first.bias.detach() if first.bias is not None else weight.new_zeros(first.out_channels)
        if norm:
            factor = (norm[0].running_var + norm[0].eps).rsqrt()
            factor = factor * norm[0].weight.detach() if norm[0].affine else factor
            weight = weight * factor.view([1, -1, 1, 1] if transposed else [-1, 1, 1, 1])
            bias = (bias - norm[0].running_mean) * factor
            bias = bias + norm[0].bias.detach() if norm[0].affine else bias

        def run(x, weight, bias):
            if transposed:
                return F.conv_transpose2d(x, weight, bias, first.stride, first.padding)
            return F.conv2d(x, weight, bias, first.stride, first.padding, first.dilation, first.groups)

        return AlphaOne.apply(run, weight, bias, x)

    @staticmethod
    def activation(function, x):
        return Passed.apply(function, x)

    gate = norm = activation

    @staticmethod
    def averaged(function, x):
        return ByShare.apply(function, [1], x)

    @staticmethod
    def added(*given):
        return ByShare.apply(Plain.added, [1] * len(given), *given)

    @staticmethod
    def product(function, left, right):
        return ByShare.apply(function, [0.5, 0.5], left, right)

    @staticmethod
    def gated(function, x, gate):
        return ByShare.apply(function, [1, 0], x, gate)

    @staticmethod
    def unit(x):
        length = torch.linalg.vector_norm(x, dim=1, keepdim=True).detach() + 0.1
        return ByShare.apply(lambda x: x / length, [1], x)

    @staticmethod
    def attention(query, key, value, mask=None, causal=False, grouped=False):
        if grouped:
            key, value = [each.repeat_interleave(query.shape[1] // each.shape[1], 1) for each in (key, value)]
        scores = hidden(query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5, mask, causal)
        return ByShare.apply(torch.matmul, [0, 1], torch.softmax(scores, -1).nan_to_num(0), value)


class Rescaled(torch.autograd.Function):
    """A function of each value by itself, for pictures and for what they are compared with behind them."""

    @staticmethod
    def forward(ctx, function, x):
        ctx.function = function
        ctx.save_for_backward(x)
        return function(x)

    @staticmethod
    def backward(ctx, behind):
        (x,) = ctx.saved_tensors
        here, there = [part.detach().requires_grad_() for part in x.chunk(2)]
        with torch.enable_grad():
            y, end = ctx.function(here), ctx.function(there)
        (derivative,) = torch.autograd.grad(y, here, torch.ones_like(y))
        # Where nothing differs, such as at a class token before any attention, the derivative is the slope.
        slope = torch.where(here == there, derivative, (y - end).detach() / (here - there).detach())
        return None, torch.cat([slope, slope]) * behind


class Midway(torch.autograd.Function):
    """A product, by its derivatives halfway between the picture and the other."""

    @staticmethod
    def forward(ctx, function, left, right):
        ctx.function = function
        ctx.save_for_backward(left, right)
        return function(left, right)

    @staticmethod
    def backward(ctx, behind):
        given = []
        for each in ctx.saved_tensors:
            here, there = each.chunk(2)
            given.append(((here + there) / 2).detach().requires_grad_())
        with torch.enable_grad():
            z = ctx.function(*given)
        left, right = torch.autograd.grad(z, given, behind.chunk(2)[0])
        return None, torch.cat([left, left]), torch.cat([right, right])


class Larger(torch.autograd.Function):
    """What the larger of two rises by, to the one that is it in the picture; what it falls by, to the other's."""

    @staticmethod
    def forward(ctx, left, right):
        ctx.save_for_backward(left, right)
        return torch.maximum(left, right)

    @staticmethod
    def backward(ctx, behind):
        (left, start), (right, other) = [each.chunk(2) for each in ctx.saved_tensors]
        rise = behind.chunk(2)[0] * (torch.maximum(left, right) - torch.maximum(start, other))
        moved = torch.maximum(left, right) - torch.maximum(start, other)
        up, down = rise.where(moved > 0, 0), rise.where(moved < 0, 0)
        first = up.where(left > right, 0) + down.where(start > other, 0)
        found = [first / (left - start), (rise - first) / (right - other)]
        return tuple(torch.cat([each, each]) for each in found)


class Lifted(InSteps):
    """DeepLIFT's multipliers. A norm and a softmax are taken apart."""

    @staticmethod
    def activation(function, x):
        return Rescaled.apply(function, x)

    gate = activation

    @staticmethod
    def product(function, left, right):
        return Midway.apply(function, left, right)

    gated = product
    larger = staticmethod(Larger.apply)

    @classmethod
    def unit(cls, x):
        length = cls.activation(torch.sqrt, cls.activation(torch.square, x).sum(1, keepdim=True))
        return cls.product(torch.mul, x, cls.activation(torch.reciprocal, length + 0.1))

    @classmethod
    def norm(cls, layer, x):
        if isinstance(layer, nn.GroupNorm):
            rows = x.reshape(x.shape[0], layer.num_groups, -1)
            shape = [1, -1, 1, 1]
        else:
            rows, shape = x, [-1]
        centred = rows - rows.mean(-1, keepdim=True)
        variance = cls.product(torch.mul, centred, centred).mean(-1, keepdim=True)
        scale = cls.activation(lambda v: (v + layer.eps) ** -0.5, variance)
        normed = cls.product(torch.mul, centred, scale).reshape(x.shape)
        return normed * layer.weight.view(shape) + layer.bias.view(shape)

    @classmethod
    def attention(cls, query, key, value, mask=None, causal=False, grouped=False):
        if grouped:
            key, value = [each.repeat_interleave(query.shape[1] // each.shape[1], 1) for each in (key, value)]
        scores = cls.product(lambda q, k: q @ k.transpose(-2, -1), query, key) / query.shape[-1] ** 0.5
        return cls.product(torch.matmul, cls.softmax(hidden(scores, mask, causal)), value)

    @classmethod
    def softmax(cls, scores):
        here, there = scores.detach().chunk(2)
        most = torch.maximum(here, there).amax(-1, keepdim=True).clamp(min=-1e30)
        scores = scores - torch.cat([most, most])
        total = cls.activation(torch.exp, scores).sum(-1, keepdim=True)
        # Where a mask hides a whole row.
        length = cls.activation(torch.log, total + (total == 0))
        return cls.activation(torch.exp, scores - length)


class Squeezed(nn.Module):
    """Convolutions with a batch norm, a gate for each channel (squeeze and excitation), a residual sum, a head."""

    def __init__(self, activation, gate):
        super().__init__()
        self.function, self.shut = activation, gate
        self.stem = nn.Sequential(nn.Conv2d(3, CHANNELS, 3, 2, 1, bias=False), nn.BatchNorm2d(CHANNELS))
        self.wide = nn.Sequential(nn.Conv2d(CHANNELS, CHANNELS, 3, 1, 1, groups=CHANNELS, bias=False), nn.BatchNorm2d(CHANNELS))
        self.down, self.up = nn.Conv2d(CHANNELS, 4, 1), nn.Conv2d(4, CHANNELS, 1)
        self.narrow = nn.Sequential(nn.Conv2d(CHANNELS, CHANNELS, 1, bias=False), nn.BatchNorm2d(CHANNELS))
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.activation(self.function, ops.convolution(self.stem, x))
        y = ops.activation(self.function, ops.convolution(self.wide, x))
        mean = ops.averaged(lambda y: y.mean((2, 3), keepdim=True), y)
        inner = ops.activation(self.function, ops.convolution(self.down, mean))
        y = ops.gated(torch.mul, y, ops.gate(self.shut, ops.convolution(self.up, inner)))
        x = ops.added(ops.convolution(self.narrow, y), x)
        return ops.linear(self.head, ops.moved(lambda x: x.flatten(1), ops.averaged(lambda x: F.adaptive_avg_pool2d(x, 1), x)))


class Halved(nn.Module):
    """Two branches multiplied, of which neither is a gate; group norms; unit vectors; a transposed convolution."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 4, 4)
        self.first, self.second = nn.GroupNorm(2, CHANNELS), nn.GroupNorm(4, CHANNELS)
        self.left, self.right = nn.Conv2d(CHANNELS, CHANNELS, 1), nn.Conv2d(CHANNELS, CHANNELS, 3, 1, 1)
        self.wider = nn.Sequential(nn.ConvTranspose2d(CHANNELS, 6, 2, 2), nn.BatchNorm2d(6))
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.norm(self.first, ops.convolution(self.stem, x))
        left = ops.activation(F.gelu, ops.convolution(self.left, x))
        right = ops.norm(self.second, ops.convolution(self.right, x))
        x = ops.convolution(self.wider, ops.unit(ops.product(torch.mul, left, right)))
        return ops.linear(self.head, ops.averaged(lambda x: x.mean((2, 3)), x))


class Scale(nn.Module):
    """A factor for each channel, a tensor of a module of its own."""

    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(CHANNELS, 1, 1))

    def forward(self, x):
        return self.gamma * x


class ChannelsLast(nn.Module):
    """A block as ConvNeXt's: channels last for a layer norm and dense layers, a factor for each channel, a sum."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 4, 4)
        self.depthwise = nn.Conv2d(CHANNELS, CHANNELS, 3, 1, 1, groups=CHANNELS)
        self.norm = nn.LayerNorm(CHANNELS)
        self.wide, self.narrow = nn.Linear(CHANNELS, 16), nn.Linear(16, CHANNELS)
        self.scale = Scale()
        self.last = nn.LayerNorm(CHANNELS)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.convolution(self.stem, x)
        y = ops.moved(lambda x: x.permute(0, 2, 3, 1), ops.convolution(self.depthwise, x))
        y = ops.linear(self.narrow, ops.activation(F.gelu, ops.linear(self.wide, ops.norm(self.norm, y))))
        y = ops.averaged(self.scale, ops.moved(lambda y: y.permute(0, 3, 1, 2), y))
        x = ops.averaged(lambda x: x.mean((2, 3)), ops.added(x, y))
        return ops.linear(self.head, ops.norm(self.last, x))


class Tokens(nn.Module):
    """Patches, a class token, places, and attention in one piece with two heads; then the token alone."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, CHANNELS, 8, 8)
        self.token = nn.Parameter(torch.zeros(1, 1, CHANNELS))
        self.places = nn.Parameter(torch.zeros(1, 17, CHANNELS))
        self.before, self.between, self.last = [nn.LayerNorm(CHANNELS) for _ in range(3)]
        self.three, self.out = nn.Linear(CHANNELS, 3 * CHANNELS), nn.Linear(CHANNELS, CHANNELS)
        self.wide, self.narrow = nn.Linear(CHANNELS, 16), nn.Linear(16, CHANNELS)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.moved(lambda x: x.flatten(2).transpose(1, 2), ops.convolution(self.patches, x))
        x = ops.moved(lambda x: torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1), x)
        x = ops.averaged(lambda x: x + self.places, x)
        y = ops.linear(self.three, ops.norm(self.before, x))
        parts = ops.moved(lambda y: y.reshape(y.shape[0], 17, 3, 2, 4).permute(2, 0, 3, 1, 4), y)
        y = ops.attention(*[ops.moved(lambda each, i=i: each[i], parts) for i in range(3)])
        y = ops.linear(self.out, ops.moved(lambda y: y.transpose(1, 2).reshape(y.shape[0], 17, CHANNELS), y))
        x = ops.added(x, y)
        y = ops.activation(F.gelu, ops.linear(self.wide, ops.norm(self.between, x)))
        x = ops.norm(self.last, ops.added(x, ops.linear(self.narrow, y)))
        return ops.linear(self.head, ops.moved(lambda x: x[:, 0], x))


class Windows(nn.Module):
    """Attention by parts within shifted windows, with a bias for each pair of places, as in Swin."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, CHANNELS, 4, 4)
        self.norm = nn.LayerNorm(CHANNELS)
        self.three, self.out = nn.Linear(CHANNELS, 3 * CHANNELS), nn.Linear(CHANNELS, CHANNELS)
        self.table = nn.Parameter(torch.zeros(49, 2))
        places = torch.stack(torch.meshgrid(torch.arange(4), torch.arange(4), indexing="ij")).flatten(1)
        apart = (places[:, :, None] - places[:, None, :]) + 3
        # Not part of the state dictionary, as in timm.
        self.register_buffer("index", (apart[0] * 7 + apart[1]).flatten(), persistent=False)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def masked(self, scores):
        return scores

    def before(self, x, ops):
        return x

    def forward(self, x, ops=Plain):
        x = self.before(ops.convolution(self.patches, x), ops)
        x = ops.moved(lambda x: x.permute(0, 2, 3, 1), x)
        y = ops.moved(lambda y: torch.roll(y, (-2, -2), (1, 2)), ops.norm(self.norm, x))
        y = ops.moved(lambda y: y.reshape(-1, 2, 4, 2, 4, CHANNELS).permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, CHANNELS), y)
        parts = ops.moved(lambda y: y.reshape(-1, 16, 3, 2, 4).permute(2, 0, 3, 1, 4), ops.linear(self.three, y))
        query, key, value = [ops.moved(lambda each, i=i: each[i], parts) for i in range(3)]
        scores = ops.product(lambda q, k: (q * 0.5) @ k.transpose(-2, -1), query, key)
        bias = self.table[self.index].view(16, 16, 2).permute(2, 0, 1).unsqueeze(0)
        scores = ops.averaged(lambda scores: scores + bias, scores)
        scores = ops.averaged(lambda scores: self.masked(scores), scores)
        shares = ops.softmax(scores) if ops is Lifted else torch.softmax(scores, -1)
        y = ops.gated(lambda value, shares: shares @ value, value, shares)
        y = ops.moved(lambda y: y.transpose(1, 2).reshape(-1, 16, CHANNELS), y)
        y = ops.linear(self.out, y)
        y = ops.moved(lambda y: y.reshape(-1, 2, 2, 4, 4, CHANNELS).permute(0, 1, 3, 2, 4, 5).reshape(-1, 8, 8, CHANNELS), y)
        x = ops.added(x, ops.moved(lambda y: torch.roll(y, (2, 2), (1, 2)), y))
        return ops.linear(self.head, ops.averaged(lambda x: x.mean((1, 2)), x))


VIEWS = (
    lambda x: x.view(x.shape[0], CHANNELS, -1).select(1, 6),
    lambda x: x.narrow(2, 1, 2),
    lambda x: x.transpose(1, 3)[:, 2],
    lambda x: x.permute(0, 2, 3, 1)[..., 1],
    lambda x: x.flatten(2)[..., 5:9],
    lambda x: x.unsqueeze(1).squeeze(1).contiguous()[:, ::3],
    lambda x: x.diagonal(0, 2, 3),
)


class Written(Windows):
    """Writes into parts of tensors: a mask for the windows as in torchvision's Swin, and parts of what layers put out."""

    def __init__(self):
        super().__init__()
        self.part = nn.Conv2d(3, 3, 3, 1, 1)

    def masked(self, scores):
        places = scores.new_zeros((CHANNELS, CHANNELS))
        steps = (slice(0, -4), slice(-4, -2), slice(-2, None))
        for i, rows in enumerate(steps):
            for j, columns in enumerate(steps):
                places[rows, columns] = 3 * i + j
        places = places.view(2, 4, 2, 4).permute(0, 2, 1, 3).reshape(4, 16)
        apart = places.unsqueeze(1) - places.unsqueeze(2)
        mask = apart.masked_fill(apart != 0, -100.0).unsqueeze(1)
        return scores + mask.repeat(scores.shape[0] // 4, 1, 1, 1)

    def before(self, x, ops):
        y = x.clone()
        early = y[:, 1:3]
        y[:, :3] = ops.convolution(self.part, x[:, :3])
        y = ops.rectified_there(y, slice(3, 5))
        y[:, 5] = 0.25
        for view in VIEWS:
            y = ops.halved_there(y, view)
        # In PyTorch a view sees what is written behind it.
        early = early if ops is Plain else y[:, 1:3]
        return torch.cat([y[:, 2:], early], 1)


class Masked(nn.Module):
    """Attention with masks: one that is added, one that says yes or no, and to one place to nothing at all; causal; with
    fewer heads of keys; and by parts, with places filled and chosen, and shares mixed between the heads."""

    KINDS = ("added", "chosen", "causal", "grouped", "filled", "where", "mixed")

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, CHANNELS, 8, 8)
        self.three = nn.ModuleDict({kind: nn.Linear(CHANNELS, 3 * CHANNELS) for kind in self.KINDS})
        self.out = nn.ModuleDict({kind: nn.Linear(CHANNELS, CHANNELS) for kind in self.KINDS})
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(CHANNELS) for kind in self.KINDS})
        self.between = nn.Linear(2, 2)
        self.bias = nn.Parameter(torch.zeros(2, 16, 16))
        places = torch.arange(16)
        seen = (places[:, None] + 2 * places) % 3 != 0
        seen[5] = False
        self.register_buffer("seen", seen, persistent=False)
        self.register_buffer("near", (places[:, None] - places).abs() < 6, persistent=False)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def attention(self, kind, query, key, value, ops):
        if kind == "added":
            return ops.attention(query, key, value, self.bias)
        if kind == "chosen":
            return ops.attention(query, key, value, self.seen)
        if kind == "causal":
            return ops.attention(query, key, value, causal=True)
        if kind == "grouped":
            return ops.attention(query, key[:, :1], value[:, :1], grouped=True)
        scores = ops.product(lambda q, k: q @ k.transpose(-2, -1), query, key)
        if kind == "filled":
            scores = ops.averaged(lambda scores: scores.masked_fill(~self.near, -torch.inf), scores)
        elif kind == "where":
            scores = ops.averaged(lambda scores: torch.where(self.near, scores, -1e4), scores)
        shares = ops.softmax(scores) if ops is Lifted else torch.softmax(scores, -1)
        if kind == "mixed":
            shares = self.between(shares.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return ops.gated(lambda value, shares: shares @ value, value, shares)

    def forward(self, x, ops=Plain):
        x = ops.moved(lambda x: x.flatten(2).transpose(1, 2), ops.convolution(self.patches, x))
        for kind in self.KINDS:
            parts = ops.linear(self.three[kind], ops.norm(self.norms[kind], x))
            parts = ops.moved(lambda y: y.reshape(y.shape[0], 16, 3, 2, 4).permute(2, 0, 3, 1, 4), parts)
            y = self.attention(kind, *[ops.moved(lambda each, i=i: each[i], parts) for i in range(3)], ops)
            y = ops.moved(lambda y: y.transpose(1, 2).reshape(y.shape[0], 16, CHANNELS), y)
            x = ops.added(x, ops.linear(self.out[kind], y))
        return ops.linear(self.head, ops.averaged(lambda x: x.mean(1), x))


class Standardised(nn.Conv2d):
    """Weights of mean zero and length one, times a factor."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.gain = nn.Parameter(torch.zeros(self.out_channels, 1, 1, 1))

    def made(self):
        centred = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
        return self.gain * centred / centred.square().sum((1, 2, 3), keepdim=True).sqrt()

    def forward(self, x):
        return F.conv2d(x, self.made(), self.bias, self.stride, self.padding)


class Several(nn.Module):
    """Operators that do several things at once, weights that are worked out, a batch norm without factors."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Standardised(3, CHANNELS, 4, 4), nn.BatchNorm2d(CHANNELS, affine=False))
        self.twice = nn.Conv2d(CHANNELS, 2 * CHANNELS, 3, 1, 1)
        self.left, self.right, self.shut = [nn.Conv2d(CHANNELS, CHANNELS, 1) for _ in range(3)]
        self.head = nn.Linear(2 * CHANNELS, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.glu(ops.convolution(self.twice, ops.convolution(self.stem, x)))
        left, right = ops.convolution(self.left, x), ops.convolution(self.right, x)
        larger = ops.larger(left, right)
        x = ops.sum_with_product(x, larger, right)
        x = ops.between(x, left, ops.gate(torch.sigmoid, ops.convolution(self.shut, x)))
        spread, mean = ops.spread(x)
        return ops.linear(self.head, torch.cat([spread, mean], 1))


class Recurrent(nn.Module):
    """Rows of patches, one after the other, through an LSTM; exported in steps, since in one piece it has no rule."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, CHANNELS, 8, 8)
        self.cells = nn.LSTM(4 * CHANNELS, 6, batch_first=True)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x, ops=Plain):
        x = ops.moved(lambda x: x.permute(0, 2, 3, 1).flatten(2), ops.convolution(self.patches, x))
        last = self.cells(x)[0][:, -1] if ops is Plain else self.in_steps(x, ops)
        return ops.linear(self.head, last)

    def in_steps(self, x, ops):
        cells = self.cells
        given = ops.linear(lambda x: F.linear(x, cells.weight_ih_l0, cells.bias_ih_l0), x)
        hidden = memory = None
        for step in range(x.shape[1]):
            if hidden is None:
                there = F.linear(x.new_zeros(1, 6), cells.weight_hh_l0, cells.bias_hh_l0)
                gates = ops.averaged(lambda x, there=there: x + there, given[:, step])
            else:
                there = ops.linear(lambda x: F.linear(x, cells.weight_hh_l0, cells.bias_hh_l0), hidden)
                gates = ops.added(given[:, step], there)
            shut, forget, values, out = gates.chunk(4, 1)
            new = ops.gated(torch.mul, ops.activation(torch.tanh, values), ops.gate(torch.sigmoid, shut))
            if memory is not None:
                kept = ops.gated(torch.mul, memory, ops.gate(torch.sigmoid, forget))
                new = ops.added(kept, new)
            memory = new
            hidden = ops.gated(torch.mul, ops.activation(torch.tanh, memory), ops.gate(torch.sigmoid, out))
        return hidden


class Choosing(nn.Module):
    """Twice a value or half of it, as it is above zero or not: no linear map, which is written as a choice."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 4, 4)
        self.head = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x):
        x = self.stem(x)
        return self.head(torch.where(x > 0, 2 * x, 0.5 * x).mean((2, 3)))


class Many(nn.Module):
    """What else has a rule, of each a mean that the head weighs."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS, 4, 4)
        self.both = nn.Bilinear(CHANNELS, CHANNELS, 3)
        self.head = nn.Linear(48, CLASSES)

    def forward(self, x):
        x = self.stem(x)
        y, small, large = x.flip(1), 0.1 * x, x.abs() + 1
        places = torch.arange(CHANNELS).view(1, 1, 1, -1).expand(1, CHANNELS, 3, -1) % 3
        grid = torch.stack(torch.meshgrid(torch.linspace(-0.9, 0.8, 5), torch.linspace(-0.7, 1, 5), indexing="ij"), -1)
        rows, columns = x.flatten(2), y.flatten(2).transpose(1, 2)
        made = [
            *[f(small) for f in (torch.expm1, torch.exp2, torch.tan, torch.sinh, torch.cosh, torch.erfc, torch.sign)],
            *[f(large) for f in (torch.log1p, torch.log2, torch.log10, torch.asinh, torch.atan)],
            torch.clip(x, -1, 0.5), torch.nan_to_num(x), F.rrelu(x), torch.subtract(x, y), torch.negative(x),
            torch.multiply(x, y), torch.divide(x, large), torch.true_divide(large, 3),
            torch.swapdims(x, 1, 2).tril(), torch.moveaxis(x, 1, 3).triu(), torch.diagonal(x, 0, 2, 3),
            torch.gather(x, 2, places), torch.take_along_dim(x, places, 2), torch.repeat_interleave(x, 2, 1),
            torch.tile(x, (1, 2, 1, 1)), torch.broadcast_to(x.mean(1, keepdim=True), x.shape), torch.rot90(x, 1, (2, 3)),
            F.pad(x, (1, 2, 0, 1), "reflect"), F.pad(x, (1, 0, 2, 1), "replicate"),
            x.amin((2, 3)), x.min(2).values, torch.minimum(x, y), torch.maximum(x, y), x.var((1, 2)),
            torch.norm(x, dim=1), F.cosine_similarity(x, y + 1, 1), torch.addcdiv(x, y, large, value=0.3),
            torch.baddbmm(columns @ rows, columns, rows, beta=0.5, alpha=2), self.both(x.mean((2, 3)), y.mean((2, 3))),
            F.grid_sample(x, grid[None], align_corners=False),
            torch.index_put(x, (torch.tensor([0]), torch.tensor([1])), y[:, 1]),
            torch.index_copy(x, 1, torch.tensor([2, 5]), y[:, :2]),
            torch.masked_scatter(x, torch.arange(CHANNELS) % 3 == 0, y.flatten()),
            torch.mv(rows[0], columns.mean(2)[0]), torch.outer(x.mean((2, 3))[0], y.mean((2, 3))[0]),
            torch.lerp(x, y, 0.3),
        ]
        return self.head(torch.stack([each.mean() for each in made], 0)[None])


NETWORKS = {
    "silu-gate": lambda: Squeezed(F.silu, torch.sigmoid),
    "hard-swish-gate": lambda: Squeezed(F.hardswish, F.hardsigmoid),
    "halves": Halved,
    "channels-last": ChannelsLast,
    "tokens": Tokens,
    "windows": Windows,
    "written": Written,
    "masks": Masked,
    "several": Several,
    "recurrent": Recurrent,
}


def build(name, dtype=torch.float64):
    return golden.fill(NETWORKS[name]()).to(dtype), golden.image(SIZE).to(dtype)


def relevance(name, dtype=torch.float64):
    network, picture = build(name, dtype)
    picture.requires_grad_()
    logits = network(picture, Relevance)
    torch.testing.assert_close(logits, network(picture.detach()))
    target = int(logits[0].argmax())
    start = torch.zeros_like(logits)
    start[0, target] = logits[0, target].detach()
    (found,) = torch.autograd.grad(logits, picture, start)
    return blocks(found.sum(1, keepdim=True), BLOCK)


def lifted(name, dtype=torch.float64):
    network, picture = build(name, dtype)
    black = (-MEAN.double() / DEVIATION.double()).to(dtype).expand_as(picture)
    both = torch.cat([picture, black]).requires_grad_()
    logits = network(both, Lifted)
    target = int(logits[0].argmax())
    (found,) = torch.autograd.grad(logits[0, target], both)
    shares = found[:1] * (picture - black)
    rise = float(logits[0, target] - logits[1, target])
    if dtype == torch.float64:
        assert abs(float(shares.sum()) - rise) < 1e-12 * max(1, abs(rise)), (name, float(shares.sum()), rise)
    return blocks(shares.sum(1, keepdim=True), BLOCK)


METHODS = {"LRP EpsilonPlus": relevance, "DeepLIFT": lifted}


def figures(name):
    network, picture = build(name)
    maps = {method: make(name) for method, make in METHODS.items()}
    deviations = {}
    for method, make in METHODS.items():
        singles = spread.in_this_process(lambda: make(name, torch.float32))
        deviations[method] = spread.largest([spread.deviation(maps[method], single) for single in singles])
    print(name, deviations)
    return {"network": name, "target": int(network(picture)[0].argmax()), "maps": maps, "single_precision": deviations}


def save(name, network):
    program = torch.export.export(network, (golden.image(SIZE),))
    program = program.run_decompositions() if name == "recurrent" else program
    torch.export.save(files.plain(program), str(FOLDER / f"{name}.pt2"))
    files.check(f"../relevance/{name}.pt2")


def main():
    for name in NETWORKS:
        save(name, build(name, torch.float32)[0])
    save("choosing", golden.fill(Choosing()))
    save("many", golden.fill(Many()))
    content = {"size": SIZE, "block": BLOCK, "versions": golden.versions(["torch"])}
    content["cases"] = [figures(name) for name in NETWORKS]
    (FOLDER / "operators.json").write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The programs of odd forms: what a program may take, hold, compute and give."""

import collections
import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils import _pytree as pytree

import golden

SIZE = 16
CLASSES = 4


class Base(nn.Module):
    """Maps of 4×4, their means, and a linear layer."""

    def __init__(self, outputs: int = CLASSES):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 4, stride=4), nn.ReLU())
        self.head = nn.Linear(6, outputs)

    def features(self, x: Tensor) -> Tensor:
        return self.body(x).mean((2, 3))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))


class Tuple(Base):
    def forward(self, x):
        maps = self.body(x)
        return self.head(maps.mean((2, 3))), maps, maps.shape[1], None


class Dictionary(Base):
    def forward(self, x):
        f = self.features(x)
        return {"logits": self.head(f), 'hidden "state"': f, "layer.1": [f * 2, (f + 1,)]}


Two = collections.namedtuple("Two", ["logits", "aux_logits"])
pytree._register_namedtuple(Two, serialized_type_name="programs.Two")


class NamedTuple(Base):
    def forward(self, x):
        f = self.features(x)
        return Two(self.head(f), f)


class DynamicBatch(Base):
    def forward(self, x):
        maps = self.body(x)
        return self.head(maps.reshape(x.shape[0], 6, -1).mean(2))


class DynamicSize(Base):
    """Sizes take part in arithmetic: sums, products, halves, a root."""

    def forward(self, x):
        maps = self.body(x)
        height, width = maps.shape[2], maps.shape[3]
        half = functional.interpolate(maps, size=((height + 1) // 2, max(width - 1, 2)), mode="bilinear")
        tokens = half.flatten(2).transpose(1, 2)
        scaled = tokens.sum(1) / (height * width) ** 0.5 + maps.new_zeros(x.shape[0], 6)
        return self.head(scaled)


class Twice(Base):
    """One module called twice, another called twice within one that is called twice."""

    def __init__(self):
        super().__init__()
        self.step = nn.Sequential(nn.Conv2d(6, 6, 3, padding=1), nn.ReLU())

    def forward(self, x):
        x = self.step(self.body(x))
        x = self.step(x + 1)
        x = self.step[0](x)
        return self.head(x.mean((2, 3)))


class AnotherSelf(Base):
    """What is called self as a rule has another name; PyTorch up to 2.7 writes it into the names of all modules."""

    def forward(own, x):
        return own.head(own.body(x).mean((2, 3)))


class AnotherSelfLists(nn.Module):
    """As above, with a list and a dictionary of modules, which are written with brackets."""

    def __init__(own):
        super().__init__()
        own.body = nn.ModuleList([nn.Conv2d(3, 6, 4, stride=4), nn.ReLU()])
        own.heads = nn.ModuleDict({"far": nn.Linear(6, 4)})

    def forward(own, x):
        for layer in own.body:
            x = layer(x)
        return own.heads["far"](x.mean((2, 3)))


class Shared(Base):
    """Two names for one weight, and a buffer that is a part of a weight."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(6, 6, 3, padding=1)
        self.second = nn.Conv2d(6, 6, 3, padding=1)
        self.second.weight = self.first.weight
        self.register_buffer("part", self.first.weight.data[2:4, 1:3])

    def forward(self, x):
        x = self.second(torch.relu(self.first(self.body(x))))
        return self.head(x.mean((2, 3))) * self.part.sum()


class Lists(Base):
    """Lists of tensors that go in, with holes, and that come out."""

    def __init__(self):
        super().__init__()
        self.register_buffer("order", torch.tensor([3, 0, 2, 1]), persistent=False)

    def forward(self, x):
        maps = self.body(x)
        maps = maps[:, :, self.order] + maps[:, :, :, self.order]
        first, second = maps.chunk(2, 1)
        parts = first.split([1, 2], 1)
        rows = torch.unbind(second, 2)
        meeting = torch.meshgrid(rows[0][0, 0], rows[1][0, 0], indexing="ij")
        joined = torch.cat([parts[1], second, parts[0]], 1)
        top, where = joined.flatten(2).topk(3, 2)
        return self.head(joined.mean((2, 3)) + torch.stack([meeting[0], meeting[1]]).mean() + top.sum(2) + where[:, :, 0] * 0.01)


class Numbers(Base):
    """Numbers without end, and none."""

    def forward(self, x):
        maps = self.body(x)
        scores = maps.mean(1).flatten(1)
        mask = scores < scores.mean()
        weights = scores.masked_fill(mask, -math.inf).softmax(1)
        maps = maps.clamp(min=-math.inf, max=math.inf)
        f = (maps.flatten(2) * weights.unsqueeze(1)).sum(2)
        f = torch.where(f > math.inf, torch.full_like(f, math.inf), f)
        return self.head(torch.nan_to_num(f, nan=0.5, posinf=1e30, neginf=-1e30) + 1e-30 + 2**40 * 1e-14)


class NotANumber(Base):
    def forward(self, x):
        f = self.features(x)
        return self.head(torch.where(f > 1e9, torch.full_like(f, math.nan), f))


class Created(Base):
    """Types, devices, layouts and memory formats as arguments."""

    def forward(self, x):
        maps = self.body(x).contiguous(memory_format=torch.channels_last)
        maps = maps.to(torch.float64).to("cpu", dtype=torch.float32, memory_format=torch.contiguous_format)
        a = torch.zeros(1, 6, device="cpu", dtype=torch.float32) + torch.full((6,), 0.25, dtype=torch.float32)
        b = torch.arange(6, dtype=torch.int64).to(x.dtype) + torch.arange(0, 3, 0.5) + torch.linspace(0, 1, 6)
        c = torch.ones_like(a, memory_format=torch.preserve_format) * torch.eye(6)[1]
        d = torch.empty(2, 6, layout=torch.strided).fill_(0.5).sum(0) + maps.new_full((6,), 2)
        e = torch.tril(torch.ones(6, 6, dtype=torch.bool)).to(torch.uint8).sum(0)
        return self.head(maps.mean((2, 3), dtype=torch.float64).float() + a + 0.1 * b + c + d + e / 10)


class Scalars(Base):
    """Tensors without dimensions, and numbers of every kind in arithmetic."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.5))
        self.register_buffer("power", torch.tensor(2))
        self.register_buffer("on", torch.tensor(True))

    def forward(self, x):
        f = self.features(x) * self.scale
        f = torch.add(f, f, alpha=2) + torch.rsub(f, 1) + (f ** self.power) * self.on
        return self.head(torch.where(self.on, f, 0.0) * 3 / 7 + True + torch.tensor(2.5))


class Counter(Base):
    """A buffer that every call changes; the count of the call scales the outcome."""

    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.zeros(1))
        self.register_buffer("seen", torch.zeros(6))

    def forward(self, x):
        f = self.features(x)
        self.count.add_(1)
        self.seen.copy_(self.seen * 0.5 + f[0])
        return self.head(f * self.count + self.seen)


class Norm(nn.Module):
    """A batch norm, which in training mode counts and changes its statistics."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 4, stride=4)
        self.norm = nn.BatchNorm2d(6)
        self.drop = nn.Dropout(0.0)
        self.head = nn.Linear(6, CLASSES)

    def forward(self, x):
        return self.head(self.drop(torch.relu(self.norm(self.conv(x)))).mean((2, 3)))


class Constants(Base):
    """Tensors that are neither weights nor buffers, one made of a list, and copies that copy nothing."""

    def __init__(self):
        super().__init__()
        self.mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, x):
        x = (x - self.mean) / self.deviation * torch.tensor([1.0, 0.5, 0.25]).reshape(1, 3, 1, 1)
        f = torch.ops.aten.alias(self.features(x)).clone() + torch.tensor([0, 1, 0, 1, 0, 1])
        return self.head(f.view_as(f)) + f.detach().sum()


class Dropouts(Base):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.maps = nn.Dropout2d(0.5)
        self.alpha = nn.AlphaDropout(0.5)

    def forward(self, x):
        f = self.maps(self.body(x)).mean((2, 3))
        return self.head(self.alpha(self.drop(f)) + functional.dropout(f, 0.9, self.training))


class Attention(nn.Module):
    """Fused attention: plain, with a mask of booleans, with one of numbers, causal, scaled; and PyTorch's own module."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 4, stride=4), nn.ReLU())
        self.qkv = nn.Linear(8, 24)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = self.body(x).flatten(2).transpose(1, 2)
        q, k, v = self.qkv(x).reshape(1, 16, 3, 2, 4).permute(2, 0, 3, 1, 4)
        some = torch.ones(16, 16, dtype=torch.bool).tril(2)
        y = functional.scaled_dot_product_attention(q, k, v)
        y = y + functional.scaled_dot_product_attention(q, k, v, attn_mask=some)
        y = y + functional.scaled_dot_product_attention(q, k, v, attn_mask=some * 0.5, scale=0.3)
        y = y + functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + y.transpose(1, 2).reshape(1, 16, 8)
        return self.head((x + self.attention(x, x, x, need_weights=False)[0]).mean(1))


class Strided(Base):
    """Weights that do not lie in a row: transposed, a part of a larger one, repeated, channels last."""

    def __init__(self):
        super().__init__()
        self.transposed = nn.Parameter(torch.empty(5, 6).t())
        self.part = nn.Parameter(torch.empty(4, 12)[1:3, 2:12:2])
        self.register_buffer("repeated", torch.ones(1, 5))
        self.conv = nn.Conv2d(6, 6, 3, padding=1).to(memory_format=torch.channels_last)
        self.head = nn.Linear(5, CLASSES)

    def forward(self, x):
        f = self.conv(self.body(x)).mean((2, 3))
        return self.head(f @ self.transposed + self.part.sum(0) + self.repeated.sum(0))


class Integers(Base):
    """A picture of bytes; indices and flags as buffers."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mask", torch.tensor([True, False, True, True, False, True]))
        self.register_buffer("index", torch.tensor([5, 4, 3, 2, 1, 0], dtype=torch.int32))
        self.register_buffer("bytes", torch.tensor([1, 2, 3, 4, 5, 255], dtype=torch.uint8))
        self.register_buffer("small", torch.tensor([-1, 2, -3, 4, -5, 127], dtype=torch.int8))
        self.table = nn.Embedding(6, 6)

    def forward(self, x):
        f = self.features(x.float() / 255)
        f = f * self.mask + self.table(self.index).mean(0) + self.bytes // 2 * 0.01 + self.small * 0.01
        return self.head(f.index_select(1, self.index))


class Complex(Base):
    def forward(self, x):
        maps = self.body(x)
        return self.head(torch.fft.fft2(maps).abs().mean((2, 3)) + (maps.mean((2, 3)) * (1 + 2j)).real)


class Arguments(Base):
    """More than a picture: a number that is fixed by the example, a flag, nothing, a list and a dictionary."""

    def forward(self, x, times: int, scale: float, flip: bool, nothing, parts: list, named: dict, *, mask):
        maps = self.body(x) * mask
        f = maps.mean((2, 3)) * scale * times + parts[0] - parts[1] + named["age"]
        return self.head(-f if flip else f)


class Condition(Base):
    def forward(self, x):
        f = self.features(x)
        return self.head(torch.cond(f.sum() > 0, lambda y: y * 2, lambda y: y - 1, (f,)))


class Choices(Base):
    """One of two programs, one of which holds two again; what they give is two tensors, and two of them end in a ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        def one(y: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
            return torch.relu(y - 0.1), z.clone().add_(1.0)

        def other(y: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
            return torch.cond(z.sum() > 0.3, lambda y: torch.relu(y * 2.0), lambda y: y.sin(), (y,)), z * 0.5

        means = self.features(x)
        first, second = torch.cond(x.mean() > 0.01, one, other, (means, means * means))
        return self.head(first + second)


@torch.library.custom_op("camlab_test::doubled", mutates_args=())
def doubled(x: Tensor) -> Tensor:
    return x * 2


@doubled.register_fake
def doubled_shape(x):
    return torch.empty_like(x)


doubled.register_autograd(lambda context, gradient: gradient * 2)


class CustomOperator(Base):
    def forward(self, x):
        return self.head(doubled(self.features(x)))


class Straight(torch.autograd.Function):
    """Rounds; its gradient is the identity's."""

    @staticmethod
    def forward(context, x):
        return torch.round(x * 4) / 4

    @staticmethod
    def backward(context, gradient):
        return gradient


class CustomGradient(Base):
    def forward(self, x):
        return self.head(Straight.apply(self.features(x)))


class NoGradient(Base):
    """A part that takes no gradient, and one of lower precision."""

    def forward(self, x):
        f = self.features(x)
        with torch.no_grad():
            scale = f.abs().mean() + 1
        return self.head(f / scale)


class Autocast(Base):
    def forward(self, x):
        f = self.features(x)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            f = self.head(f)
        return f.float()


class Checkpoint(Base):
    def forward(self, x):
        maps = torch.utils.checkpoint.checkpoint(self.body, x, use_reentrant=False)
        return self.head(maps.mean((2, 3)))


class Sigmoid(Base):
    def forward(self, x):
        return torch.sigmoid(self.head(self.features(x)))


class Softmax(Base):
    def forward(self, x):
        return functional.softmax(self.head(self.features(x)), dim=-1)


class LogSoftmax(Base):
    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.Linear(6, CLASSES), nn.LogSoftmax(1))


class Segmentation(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, padding=1), nn.ReLU())
        self.head = nn.Conv2d(6, CLASSES, 1)

    def forward(self, x):
        return {"out": functional.interpolate(self.head(self.body(x)), size=x.shape[-2:], mode="bilinear", align_corners=False)}


class Vit(nn.Module):
    """A class token, positions, one block with a fused attention."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.pos_embed = nn.Parameter(torch.zeros(1, 17, 8))
        self.norm1 = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.proj = nn.Linear(8, 8)
        self.norm2 = nn.LayerNorm(8)
        self.mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        q, k, v = self.qkv(self.norm1(x)).reshape(x.shape[0], 17, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        y = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
        x = x + self.proj(y)
        x = x + self.mlp(self.norm2(x))
        return self.head(self.norm(x)[:, 0])


class Masked(Base):
    """Attention whose mask follows from the picture: without a gradient it needs no copy before the view, and the program
    has none."""

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(6, 6)

    def forward(self, x):
        x = self.query(self.body(x).flatten(2).transpose(1, 2))
        q, mask = x.view(1, 16, 2, 3).transpose(1, 2), (x @ x.transpose(1, 2))[:, None]
        y = functional.scaled_dot_product_attention(q, q, q, mask).transpose(1, 2).contiguous().view(1, 16, 6)
        return self.head(y.mean(1))


class ChannelsLast(nn.Module):
    """As Swin has it: maps with channels last, a norm over channels, a shift."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.norm = nn.LayerNorm(8)
        self.mlp = nn.Sequential(nn.Linear(8, 8), nn.GELU(approximate="tanh"), nn.Linear(8, 8))
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = self.patches(x).permute(0, 2, 3, 1)
        x = x + torch.roll(self.mlp(self.norm(x)), shifts=(-1, -1), dims=(1, 2))
        return self.head(x.permute(0, 3, 1, 2).mean((2, 3)))


class Norms(Base):
    def __init__(self):
        super().__init__()
        self.group = nn.GroupNorm(2, 6)
        self.layer = nn.LayerNorm([6, 4, 4])
        self.instance = nn.InstanceNorm2d(6, affine=True)
        self.response = nn.LocalResponseNorm(3)
        self.root = nn.RMSNorm(4)

    def forward(self, x):
        x = self.body(x)
        return self.head((self.group(x) + self.layer(x) + self.instance(x) + self.response(x) + self.root(x)).amax((2, 3)))


class Activations(Base):
    def __init__(self):
        super().__init__()
        kinds = [nn.SiLU(), nn.GELU(), nn.GELU("tanh"), nn.Hardswish(), nn.Hardsigmoid(), nn.Mish(), nn.ELU(0.5), nn.LeakyReLU(0.1), nn.PReLU(6)]
        kinds += [nn.ReLU6(), nn.Softplus(), nn.Tanh(), nn.SELU(), nn.CELU(), nn.Hardtanh(-0.5, 0.5), nn.Threshold(0.1, 0.2), nn.LogSigmoid(), nn.GLU(1)]
        self.kinds = nn.ModuleList(kinds)
        self.body = nn.Sequential(nn.Conv2d(3, 6, 4, stride=4))

    def forward(self, x):
        maps = self.body(x)
        total = sum(kind(maps) for kind in self.kinds[:-1])
        return self.head(torch.cat([total, self.kinds[-1](maps)], 1)[:, 3:].mean((2, 3)))


class Resized(Base):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 4, stride=4), nn.ReLU())
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2, bias=False)

    def forward(self, x):
        maps = self.body(x)
        up = self.up(maps)
        for mode in ["nearest", "bilinear", "bicubic", "nearest-exact", "area"]:
            up = up + functional.interpolate(maps[:, :6], scale_factor=2.0, mode=mode)
        up = up + functional.interpolate(maps[:, 2:], size=(8, 8), mode="bilinear", align_corners=True, antialias=False)
        up = up + functional.pixel_shuffle(maps, 2).repeat(1, 3, 1, 1) + functional.pad(maps[:, :6], (1, 3, 2, 2), mode="constant", value=0.5)
        return self.head(functional.max_pool2d(functional.avg_pool2d(up, 2), 2, ceil_mode=True).mean((2, 3)))


class InPlace(Base):
    """Changes in place of what has a second name, of parts, and of views."""

    def forward(self, x):
        maps = self.body(x)
        kept = maps * 1
        other = kept
        kept.mul_(2).add_(1)
        kept[:, 0] = 0.5
        kept[:, 1:3, 0] += maps[:, 3:5, 1]
        row = kept.view(1, 6, 16)
        row[:, :, 5].neg_()
        functional.relu_(row)
        flat = torch.zeros(1, 6)
        flat[:] = other.mean((2, 3))
        flat += maps.amax((2, 3))
        return self.head(flat)


class ChangesInput(Base):
    def forward(self, x):
        x.mul_(0.5)
        return self.head(self.features(x))


class Unused(Base):
    """Weights and a module that nothing uses, an outcome that nothing uses."""

    def __init__(self):
        super().__init__()
        self.spare = nn.Linear(6, 6)
        self.loose = nn.Parameter(torch.zeros(3))
        self.idle = nn.ReLU()

    def forward(self, x):
        f = self.features(x)
        f.exp()
        self.idle(f)
        return self.head(f)


class OddNames(Base):
    """Names of modules that are no names in a program."""

    def __init__(self):
        super().__init__()
        self.kinds = nn.ModuleDict({"a-b": nn.Linear(6, 6), "with space": nn.Linear(6, 6)})
        self.kinds["0"] = nn.Linear(6, 6)
        self.add_module("ü(1,2)", nn.Linear(6, 6))

    def forward(self, self_1):
        f = self.features(self_1)
        for name in ["a-b", "with space", "0"]:
            f = f + self.kinds[name](f)
        return self.head(getattr(self, "ü(1,2)")(f))


class Items(Base):
    """A number that is known when the program runs, and as many places as a mask says."""

    def forward(self, x):
        f = self.features(x)
        count = (f > f.mean()).sum().item()
        torch._check(count >= 0)
        found = torch.nonzero(f[0] > f.mean())
        return self.head(f * count + found.float().mean())


class Noise(Base):
    def forward(self, x):
        f = self.features(x)
        return self.head(f + torch.rand_like(f))


class Video(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv3d(3, 4, (1, 4, 4), stride=(1, 4, 4)), nn.ReLU())
        self.line = nn.Conv1d(4, 4, 3, padding="same")
        self.head = nn.Linear(4, CLASSES)

    def forward(self, x):
        maps = self.body(x.unsqueeze(2))
        return self.head(torch.einsum("ncdhw,nck->nk", maps, self.line(maps.flatten(2))[:, :, :4]) / 100)


class Recurrent(Base):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 6, batch_first=True)

    def forward(self, x):
        return self.head(self.lstm(self.body(x).flatten(2).transpose(1, 2))[0][:, -1])


def picture() -> Tensor:
    return golden.image(SIZE)


def bytes_picture() -> Tensor:
    return ((picture() + 1.5) / 3 * 255).round().to(torch.uint8)


def meta() -> tuple[tuple, dict]:
    parts = [torch.arange(6.0)[None] / 10, torch.ones(1, 6)]
    return (picture(), 2, 0.5, True, None, parts, {"age": torch.full((1, 6), 0.25)}), {"mask": torch.arange(16.0).reshape(1, 1, 4, 4) / 16}


# Class, layer of the map. What else is special stands in special().
PROGRAMS: dict[str, tuple[type[nn.Module], str]] = {
    "tuple": (Tuple, "body.0"),
    "dictionary": (Dictionary, "body.0"),
    "named-tuple": (NamedTuple, "body.0"),
    "dynamic-batch": (DynamicBatch, "body.0"),
    "dynamic-size": (DynamicSize, "body.0"),
    "twice": (Twice, "body.0"),
    "another-self": (AnotherSelf, "body.0"),
    "another-self-lists": (AnotherSelfLists, "body.0"),
    "shared": (Shared, "second"),
    "lists": (Lists, "body.0"),
    "numbers": (Numbers, "body.0"),
    "not-a-number": (NotANumber, "body.0"),
    "created": (Created, "body.0"),
    "scalars": (Scalars, "body.0"),
    "counter": (Counter, "body.0"),
    "norm-in-training": (Norm, "conv"),
    "constants": (Constants, "body.0"),
    "dropouts": (Dropouts, "body.0"),
    "dropouts-in-training": (Dropouts, "body.0"),
    "attention": (Attention, "body.0"),
    "half": (Base, "body.0"),
    "bfloat16": (Base, "body.0"),
    "double": (Base, "body.0"),
    "strided": (Strided, "conv"),
    "integers": (Integers, "body.0"),
    "choices": (Choices, "body.0"),
    "complex": (Complex, "body.0"),
    "arguments": (Arguments, "body.0"),
    "condition": (Condition, "body.0"),
    "custom-operator": (CustomOperator, "body.0"),
    "custom-gradient": (CustomGradient, "body.0"),
    "no-gradient": (NoGradient, "body.0"),
    "autocast": (Autocast, "body.0"),
    "checkpoint": (Checkpoint, "body.0"),
    "sigmoid": (Sigmoid, "body.0"),
    "softmax": (Softmax, "body.0"),
    "log-softmax": (LogSoftmax, "body.0"),
    "segmentation": (Segmentation, "head"),
    "vit": (Vit, "patches"),
    "masked": (Masked, "body.0"),
    "channels-last": (ChannelsLast, "patches"),
    "norms": (Norms, "body.0"),
    "activations": (Activations, "body.0"),
    "resized": (Resized, "body.0"),
    "in-place": (InPlace, "body.0"),
    "changes-input": (ChangesInput, "body.0"),
    "unused": (Unused, "body.0"),
    "odd-names": (OddNames, "body.0"),
    "items": (Items, "body.0"),
    "noise": (Noise, "body.0"),
    "video": (Video, ""),
    "recurrent": (Recurrent, "body.0"),
}

IN_TRAINING = {"norm-in-training", "dropouts-in-training"}
OTHER = "other-"
# What goes into the end; gradients are of that.
ENDS = {"sigmoid": "head", "softmax": "head", "log-softmax": "head.0"}
# The file has the operators of the way forward only, and PyTorch's gradient of those is zero.
NO_GRADIENT = {"custom-gradient"}
CHANCE = {"noise", "dropouts-in-training"}
TYPES = {"half": torch.float16, "bfloat16": torch.bfloat16, "double": torch.float64}


def build(name: str) -> nn.Module:
    network = PROGRAMS[name][0]()
    buffers = {key: value.clone() for key, value in network.named_buffers() if "running" not in key}
    with torch.no_grad():
        for key, value in network.state_dict().items():
            if key not in buffers:
                value.copy_(torch.from_numpy(golden.values(key, tuple(value.shape), golden.SALT)))
    if name == "strided":
        network.repeated = network.repeated.expand(3, 5)
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network.to(TYPES.get(name, torch.float32)).train(name in IN_TRAINING)


def inputs(name: str) -> tuple[tuple, dict]:
    if name == "arguments":
        return meta()
    if name == "integers":
        return (bytes_picture(),), {}
    if name in ("dynamic-batch", "norm-in-training"):
        return (torch.cat([picture(), golden.image(SIZE, OTHER)]),), {}
    return (picture().to(TYPES.get(name, torch.float32)),), {}


def others(name: str) -> Tensor | None:
    """Another picture than the example, of another size, or the same again where a call changes the network."""
    if name == "dynamic-batch":
        return torch.cat([golden.image(SIZE, salt) for salt in [OTHER, golden.SALT, OTHER]])
    if name == "dynamic-size":
        return golden.image(24)[:, :, :, :20]
    if name == "choices":
        return golden.image(SIZE, OTHER)
    return picture() if name == "counter" else None


def dynamic(name: str) -> dict | None:
    from torch.export import Dim

    if name == "dynamic-batch":
        return {"x": {0: Dim("batch", min=1, max=64)}}
    if name == "dynamic-size":
        return {"x": {2: 4 * Dim("rows", min=3, max=100), 3: 4 * Dim("columns", min=3, max=100)}}
    return None

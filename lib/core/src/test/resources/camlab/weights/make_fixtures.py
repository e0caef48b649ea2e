"""Writes the fixtures of camlab.weights with PyTorch and safetensors.

    python make_fixtures.py [folder]

Every value has a closed form, which StateDictTest works out for itself.
Made with torch 2.13.0 and safetensors 0.8.0, tensor-*.pth with torch 2.7.1.
"""

import collections
import pathlib
import sys

import torch
from safetensors.torch import save_file

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def tensors():
    counting = torch.arange(24, dtype=torch.float32)
    shared = torch.arange(100, 112, dtype=torch.float32)
    entries = collections.OrderedDict()
    entries["counting"] = counting.reshape(2, 3, 4) / 8
    entries["transposed"] = torch.arange(6, dtype=torch.float32).reshape(2, 3).t()
    entries["shared.all"] = shared
    entries["shared.tail"] = shared[8:]
    entries["shared.even"] = shared[::2]
    entries["half"] = (torch.arange(5, dtype=torch.float32) / 4 - 0.5).half()
    entries["bfloat"] = (torch.arange(5, dtype=torch.float32) * 3 - 6).bfloat16()
    entries["double"] = torch.arange(4, dtype=torch.float64) / 16
    entries["int32"] = torch.arange(-2, 3, dtype=torch.int32)
    entries["int16"] = torch.arange(-2, 3, dtype=torch.int16)
    entries["int8"] = torch.arange(-2, 3, dtype=torch.int8)
    entries["uint8"] = torch.arange(253, 256, dtype=torch.uint8)
    entries["bool"] = torch.tensor([True, False, True])
    entries["expanded"] = torch.tensor([7.0]).expand(2, 3)
    entries["empty"] = torch.zeros(0, 3)
    entries["norm.num_batches_tracked"] = torch.tensor(12345, dtype=torch.int64)
    entries["parameter"] = torch.nn.Parameter(torch.tensor([[1.5, -2.5]]))
    return entries


torch.save(tensors(), folder / "zip.pth")
torch.save(tensors(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(tensors(), folder / "protocol4.pth", pickle_protocol=4)

# A real state_dict carries _metadata, an attribute of the OrderedDict: the pickle opcode BUILD.
layer = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
with torch.no_grad():
    for start, value in enumerate(layer.state_dict().values()):
        value.copy_((torch.arange(value.numel()) + 10 * start).reshape(value.shape))
torch.save(layer.state_dict(), folder / "module.pth")
wrapped = collections.OrderedDict(("module." + k, v) for k, v in layer.state_dict().items())
torch.save(
    {"epoch": 3, "best": 0.5, "arch": "tiny", "state_dict": wrapped,
     "optimizer": {"state": {}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}},
    folder / "wrapped.pth")
torch.save({"model": layer.state_dict(), "args": None}, folder / "wrapped_legacy.pth",
           _use_new_zipfile_serialization=False)
torch.save(layer, folder / "whole_module.pth")
torch.save({"weight": torch.zeros(2), "name": "cat"}, folder / "mixed.pth")
torch.save([torch.zeros(2)], folder / "list.pth")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), str(folder / "torchscript.pt"))

plain = {k: v.detach().clone().contiguous() for k, v in tensors().items()}
save_file(plain, folder / "plain.safetensors", metadata={"network": "tiny", "classes": "cat,dog"})

# Written on a machine with the other byte order: PyTorch swaps the data and says so in "byteorder".
import zipfile

torch.save(collections.OrderedDict(big=torch.arange(6, dtype=torch.float32).reshape(2, 3)),
           folder / "big_endian.pth")
with zipfile.ZipFile(folder / "big_endian.pth") as archive:
    records = {name: archive.read(name) for name in archive.namelist()}
with zipfile.ZipFile(folder / "big_endian.pth", "w", zipfile.ZIP_STORED) as archive:
    for name, data in records.items():
        if name.endswith("/byteorder"):
            data = b"big"
        elif "/data/" in name:
            data = b"".join(data[i:i + 4][::-1] for i in range(0, len(data), 4))
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)

# Tensors of kinds that are not read.
matrix = torch.eye(2)
for name, tensor in {
    "sparse": matrix.to_sparse(),
    "compressed": matrix.to_sparse_csr(),
    "quantized": torch.quantize_per_tensor(matrix, 0.1, 0, torch.qint8),
    "complex": matrix.to(torch.complex64),
    "eight-bit": matrix.to(torch.float8_e4m3fn),
    "without-values": matrix.to("meta"),
    "negative": torch._neg_view(matrix),
}.items():
    torch.save({"plain": torch.ones(2), "other": tensor}, folder / f"tensor-{name}.pth")

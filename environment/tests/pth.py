"""Writes weights as PyTorch's `torch.save` does, without PyTorch: what a user's program loads."""
import collections
import io
import json
import math
import pickle
import sys
import types
import zipfile
from pathlib import Path

WIDTH = {"F16": 2, "F32": 4}
STORAGE = {"F16": "HalfStorage", "F32": "FloatStorage"}


def write(safetensors: Path, pth: Path) -> None:
    """The tensors of a safetensors file, in the zip format that PyTorch writes since 1.6."""
    tensors = read(safetensors)
    with zipfile.ZipFile(pth, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickled(tensors))
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
        for key, (_, _, data) in enumerate(tensors.values()):
            archive.writestr(f"archive/data/{key}", data)


def read(safetensors: Path) -> dict:
    """Each tensor's type, shape and bytes, by its name."""
    content = safetensors.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    return {
        name: (each["dtype"], each["shape"],
               content[start + each["data_offsets"][0]:start + each["data_offsets"][1]])
        for name, each in header.items()
    }


def pickled(tensors: dict) -> bytes:
    """A state dict whose values lie outside: PyTorch's names stand for objects that are not here."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in STORAGE.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))

    def _rebuild_tensor_v2():
        pass

    _rebuild_tensor_v2.__module__ = utils.__name__
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2

    class Storage:
        def __init__(self, *identity):
            self.identity = identity

    class Tensor:
        def __init__(self, *arguments):
            self.arguments = arguments

        def __reduce__(self):
            return _rebuild_tensor_v2, self.arguments

    class Pickler(pickle._Pickler):
        def persistent_id(self, thing):
            return thing.identity if isinstance(thing, Storage) else None

    state = collections.OrderedDict()
    for key, (name, (dtype, shape, data)) in enumerate(tensors.items()):
        count = len(data) // WIDTH[dtype]
        storage = Storage("storage", getattr(torch, STORAGE[dtype]), str(key), "cpu", count)
        strides = tuple(math.prod(shape[at + 1:]) for at in range(len(shape)))
        state[name] = Tensor(storage, 0, tuple(shape), strides, False, collections.OrderedDict())
    return with_modules({"torch": torch, "torch._utils": utils}, Pickler, state)


def with_modules(modules: dict, pickler: type, thing: object) -> bytes:
    """Pickle looks classes up by the modules they name."""
    kept = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        out = io.BytesIO()
        pickler(out, protocol=2).dump(thing)
        return out.getvalue()
    finally:
        for name, module in kept.items():
            sys.modules.pop(name)
            if module:
                sys.modules[name] = module

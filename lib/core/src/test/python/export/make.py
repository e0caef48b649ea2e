"""Writes small programs of odd forms as .pt2 files, and PyTorch's figures for them.

    python make.py [NAME ...]           with torch 2.15.0
    python make.py version NAME ...     as NAME.VERSION.pt2, with an older one

The files go to resources/camlab/export: NAME.pt2, and NAME.json: inputs, outputs in the order of the flat list that
PyTorch makes of what the program gives, and Grad-CAM at one layer for one number of the first output.
"""

import copy
import sys
import traceback
import warnings

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

import figures
import files
import golden
import programs
from residual import version

TARGET = 1


def value(given: object) -> object:
    if not isinstance(given, Tensor):
        return given
    plain = torch.view_as_real(given) if given.is_complex() else given
    values = golden.short(plain.detach()) if plain.is_floating_point() else plain.flatten().int().tolist()
    return {"type": str(given.dtype).removeprefix("torch."), "shape": list(given.shape), "values": values}


def given(name: str, arguments: object) -> object:
    """Pictures by their formula, by the salts of one batch, cut to their columns."""
    if isinstance(arguments, (list, dict)):
        return pytree.tree_map(value, arguments)
    if name in ("dynamic-batch", "norm-in-training"):
        salts = [programs.OTHER, golden.SALT, programs.OTHER] if len(arguments) == 3 else [golden.SALT, programs.OTHER]
        return {"image": programs.SIZE, "salts": salts}
    if name == "choices" and torch.equal(arguments, golden.image(programs.SIZE, programs.OTHER)):
        return {"image": programs.SIZE, "salts": [programs.OTHER]}
    if name == "dynamic-size" and arguments.shape[2] != programs.SIZE:
        return {"image": arguments.shape[2], "columns": arguments.shape[3]}
    if isinstance(arguments, Tensor) and arguments.dtype != torch.uint8 and arguments.shape == (1, 3, programs.SIZE, programs.SIZE):
        return {"image": programs.SIZE, "type": str(arguments.dtype).removeprefix("torch.")}
    return value(arguments)


def found(name: str, network: nn.Module, arguments: tuple, named: dict) -> dict[str, object]:
    layer = programs.PROGRAMS[name][1]
    hooks = figures.Hooks(network, [layer])
    kept: dict[str, Tensor] = {}
    if name in programs.ENDS:
        head = network.get_submodule(programs.ENDS[name])
        head.register_forward_hook(lambda module, given, output: kept.update(logits=output))
    outcome = network(*copy.deepcopy(arguments), **named)
    outputs, _ = pytree.tree_flatten(outcome)
    chance = name in programs.CHANCE and (network.training or name not in programs.IN_TRAINING)
    content: dict[str, object] = {"chance": chance, "structure": pytree.tree_map(lambda leaf: None, outcome)}
    content["outputs"] = None if chance else [value(output) for output in outputs]
    if layer and not chance and name not in programs.NO_GRADIENT:
        logits = kept.get("logits", outputs[0])
        if "logits" in kept:
            content["logits"] = golden.short(logits.detach())
        score = logits[0, TARGET].sum()
        (gradient,) = torch.autograd.grad(score, [hooks.zeros[layer]])
        maps, exact = hooks.outputs[layer].double(), gradient.double()
        cam = torch.relu((exact.mean((2, 3), keepdim=True) * maps).sum(1))[0]
        content["cam"] = {"layer": layer, "target": TARGET, "shape": list(cam.shape), "values": golden.short(cam)}
        content["gradient"] = golden.short(gradient[0])
    other = programs.others(name)
    if other is not None:
        content["again"] = {"argument": given(name, other), "output": value(pytree.tree_leaves(network(other))[0])}
    return content


def check(name: str, arguments: tuple, named: dict) -> None:
    """That the file does what the network does."""
    if name in programs.CHANCE:
        return
    read = torch.export.load(str(files.FOLDER / f"{name}.pt2")).module()
    calls = [arguments] + ([(programs.others(name),)] if programs.others(name) is not None else [])
    network = programs.build(name)
    for call in calls:
        torch.testing.assert_close(read(*copy.deepcopy(call), **named), network(*copy.deepcopy(call), **named))


def make(name: str, suffix: str = "") -> None:
    arguments, named = programs.inputs(name)
    network = programs.build(name)
    program = torch.export.export(network, copy.deepcopy(arguments), named, dynamic_shapes=programs.dynamic(name))
    files.save(program, f"{name}{suffix}.pt2")
    if not suffix:
        content = {"arguments": [given(name, argument) for argument in arguments], "named": given(name, named)}
        check(name, arguments, named)
        content |= found(name, programs.build(name), arguments, named)
        if name in programs.IN_TRAINING:
            content["evaluation"] = found(name, programs.build(name).eval(), arguments, named)
        figures.write(f"{name}.json", content)


def main() -> None:
    warnings.filterwarnings("ignore")
    wanted = sys.argv[1:] or list(programs.PROGRAMS)
    suffix = ""
    if wanted[0] == "version":
        wanted, suffix = wanted[1:], f".{version()}"
    for name in wanted:
        try:
            make(name, suffix)
        except Exception:  # one that cannot be exported does not end the others
            print(f"{name}: NOT MADE: {traceback.format_exc(limit=-3)[-1500:]}")


if __name__ == "__main__":
    main()

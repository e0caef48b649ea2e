"""Saves exported programs without what tells of the machine that made them."""

import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import golden

FOLDER = golden.FOLDER.parent / "export"


def plain(program: torch.export.ExportedProgram) -> torch.export.ExportedProgram:
    """Without stack traces: they name the folders of the Python files."""
    for module in program.graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            for node in module.graph.nodes:
                node.meta.pop("stack_trace", None)
                node.meta.pop("from_node", None)
    return program


def check(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    for place in [b"site-packages", str(pathlib.Path.home()).encode(), str(pathlib.Path(__file__).parent).encode()]:
        if place in content:
            raise ValueError(f"{name} names {place.decode()}")
    print(f"{name}: {len(content):,} bytes")


def save(program: torch.export.ExportedProgram, name: str) -> None:
    (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
    torch.export.save(plain(program), str(FOLDER / name))
    check(name)

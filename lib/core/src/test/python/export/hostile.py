"""Writes .pt2 files that are broken or mean harm, by editing one that does neither.

    python hostile.py                   with torch 2.15.0
    python hostile.py large FOLDER      those that take megabytes, for trying by hand

The files go to resources/camlab/export/hostile, with hostile.json: what each is, and whether a reader may take it
("same": then its output is plain.pt2's), or has to refuse it ("refused").
"""

import copy
import io
import json
import pathlib
import pickle
import struct
import sys
import warnings
import zipfile
from typing import Callable

import torch
from torch import nn

import figures
import files
import golden

SIZE = 4
PROGRAM, WEIGHTS = "models/model.json", "data/weights/model_weights_config.json"
Entries = dict[str, bytes]
Edit = Callable[[dict], None]


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 3)
        self.relu = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.relu(self.conv(x)).sum((2, 3))


def read(path: pathlib.Path) -> Entries:
    with zipfile.ZipFile(path) as archive:
        return {entry.filename.split("/", 1)[1]: archive.read(entry) for entry in archive.infolist()}


def write(path: pathlib.Path, entries: Entries, root: str = "plain/", method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(root + name), content, method)


def edited(entries: Entries, name: str, edit: Edit) -> Entries:
    content = json.loads(entries[name])
    edit(content)
    return entries | {name: json.dumps(content).encode()}


def graph(program: dict) -> dict:
    return program["graph_module"]["graph"]


def tensor(config: dict) -> dict:
    return config["config"]["conv.weight"]["tensor_meta"]


def node(program: dict, i: int = 1) -> dict:
    """The relu, or another: conv2d is 0, sum is 2."""
    return graph(program)["nodes"][i]


def ints(*values: int) -> list[dict]:
    return [{"as_int": value} for value in values]


def on_weights(entries: Entries, **changes: object) -> Entries:
    return edited(entries, WEIGHTS, lambda config: tensor(config).update(changes))


def on_node(entries: Entries, i: int = 1, **changes: object) -> Entries:
    return edited(entries, PROGRAM, lambda program: node(program, i).update(changes))


def operator(entries: Entries, target: str, *arguments: dict) -> Entries:
    """The relu's place taken by another operator; its arguments after the picture."""
    picture = {"name": "self", "arg": {"as_tensor": {"name": "conv2d"}}, "kind": 1}
    return on_node(entries, target=target, inputs=list(arguments) or [picture])


def named(name: str, kind: str, value: object) -> dict:
    return {"name": name, "arg": {kind: value}, "kind": 1}


def renamed(entries: Entries, old: str, new: str) -> Entries:
    """A value by another name, everywhere."""
    text = entries[PROGRAM].decode().replace(json.dumps(old), json.dumps(new))
    return entries | {PROGRAM: text.encode()}


def everywhere_more(content: object) -> object:
    """Fields that nobody knows, in every object that has a fixed form."""
    if isinstance(content, list):
        return [everywhere_more(part) for part in content]
    if not isinstance(content, dict):
        return content
    more = {key: everywhere_more(part) for key, part in content.items()}
    fixed = {"graph_module", "graph", "nodes", "target", "dtype", "major", "path_name"}
    return more | ({"of_a_later_version": {"deep": [1, None, "x"]}} if fixed & more.keys() else {})


class Harm:
    """A pickle that would write a file if anything ran it."""

    def __reduce__(self):
        return open, ("harm-was-done", "w")


def swapped(entries: Entries) -> Entries:
    """All numbers of weights the other way round, as a big-endian machine writes them."""
    turned = {
        name: struct.pack(f">{len(content) // 4}f", *struct.unpack(f"<{len(content) // 4}f", content))
        for name, content in entries.items()
        if name.startswith("data/weights/weight_")
    }
    return entries | turned | {"byteorder": b"big"}


def cases(entries: Entries) -> dict[str, tuple[str, str, Entries]]:
    """Name: what it is, same or refused, its entries."""
    found: dict[str, tuple[str, str, Entries]] = {}

    def add(name: str, what: str, content: Entries, outcome: str = "refused") -> None:
        found[name] = what, outcome, content

    def program(name: str, what: str, edit: Edit, outcome: str = "refused") -> None:
        add(name, what, edited(entries, PROGRAM, edit), outcome)

    def without(*names: str) -> Entries:
        return {name: content for name, content in entries.items() if name not in names}

    add("plain", "does no harm", entries, "same")
    add("unknown-fields", "fields of a later version", entries | {
        name: json.dumps(everywhere_more(json.loads(entries[name]))).encode() for name in [PROGRAM, WEIGHTS]}, "same")
    program("later-minor", "schema 8.99", lambda p: p["schema_version"].update(minor=99), "same")
    program("later-major", "schema 9.0", lambda p: p["schema_version"].update(major=9, minor=0))
    program("no-version", "no schema version", lambda p: p.pop("schema_version"))
    add("big-endian", "numbers in big-endian order", swapped(entries), "either")
    add("byte-order", "a byte order that does not exist", entries | {"byteorder": b"middle"})

    # Sizes that lie.
    add("size-beyond", "a weight larger than its bytes", on_weights(entries, sizes=ints(2000, 3, 3, 3)))
    add("size-huge", "a weight of 4 TB", on_weights(entries, sizes=ints(1000000, 1000000, 1, 1), strides=ints(1000000, 1, 1, 1)))
    add("size-repeated", "4 TB by strides of zero", on_weights(entries, sizes=ints(1000000, 1000000, 1, 1), strides=ints(0, 0, 0, 0)))
    add("size-overflow", "a product that overflows to 0", on_weights(entries, sizes=ints(2**32, 2**32, 1, 1)))
    add("size-negative", "a negative size", on_weights(entries, sizes=ints(-2, 3, 3, 3)))
    add("size-text", "a size that is text", on_weights(entries, sizes=[{"as_int": "2"}] + ints(3, 3, 3)))
    add("stride-beyond", "a stride that leaves the bytes", on_weights(entries, strides=ints(27, 9, 3, 1000)))
    add("stride-negative", "a negative stride", on_weights(entries, strides=ints(-27, 9, 3, 1)))
    add("stride-missing", "fewer strides than sizes", on_weights(entries, strides=ints(27, 9)))
    add("offset-beyond", "an offset behind the bytes", on_weights(entries, storage_offset={"as_int": 2**40}))
    add("offset-negative", "a negative offset", on_weights(entries, storage_offset={"as_int": -4}))
    add("type-unknown", "a type nobody knows", on_weights(entries, dtype=99))
    add("shape-other", "a weight of another shape than the program says", on_weights(entries, sizes=ints(2, 27), strides=ints(27, 1)))
    add("weight-missing", "no bytes of a weight", without("data/weights/weight_0"))
    add("weights-missing", "no table of weights", without(WEIGHTS))
    add("weight-climbs", "the bytes of a weight outside the archive", edited(
        entries, WEIGHTS, lambda c: c["config"]["conv.weight"].update(path_name="../../../../etc/hostname")))
    add("weight-absolute", "the bytes of a weight at /", edited(
        entries, WEIGHTS, lambda c: c["config"]["conv.weight"].update(path_name="/etc/hostname")))
    add("weight-pickled", "a weight that is a pickle", entries | {"data/weights/weight_0": pickle.dumps(Harm(), 2)} | {
        WEIGHTS: json.dumps({"config": {**json.loads(entries[WEIGHTS])["config"], "conv.weight": {
            **json.loads(entries[WEIGHTS])["config"]["conv.weight"], "use_pickle": True}}}).encode()})
    add("entries-climb", "an entry whose name climbs out of a folder", entries | {"../../../harm-was-done": b"x"}, "either")

    # What the program says.
    program("itself", "a value made of itself", lambda p: node(p)["inputs"][0]["arg"]["as_tensor"].update(name="relu"))
    program("cycle", "two values made of each other", lambda p: node(p, 0)["inputs"][0]["arg"]["as_tensor"].update(name="relu"))
    program("backwards", "values used before they are made", lambda p: graph(p)["nodes"].reverse())
    program("undefined", "a value that nobody makes", lambda p: node(p)["inputs"][0]["arg"]["as_tensor"].update(name="nowhere"))
    program("made-twice", "two values of one name", lambda p: node(p)["outputs"][0]["as_tensor"].update(name="conv2d"))
    program("output-undefined", "an output that nobody makes", lambda p: graph(p)["outputs"][0]["as_tensor"].update(name="nowhere"))
    program("weight-undeclared", "a weight that is not in the file", lambda p: p["graph_module"]["signature"]["input_specs"][0]["parameter"].update(parameter_name="conv.wait"))
    program("kind-unknown", "a kind of argument nobody knows", lambda p: node(p)["inputs"][0].update(arg={"as_hologram": 1}))
    program("kind-none", "an argument without a kind", lambda p: node(p)["inputs"][0].update(arg={}))
    program("kind-two", "an argument of two kinds", lambda p: node(p)["inputs"][0]["arg"].update(as_int=1))
    program("kind-wrong", "a number where a tensor belongs", lambda p: node(p)["inputs"][0].update(arg={"as_int": 1}))
    program("too-large-int", "an integer beyond 64 bits", lambda p: node(p, 2)["inputs"][1].update(arg={"as_ints": [10**30]}))
    program("no-nodes", "a graph that lacks its nodes", lambda p: graph(p).pop("nodes"))
    program("nodes-text", "nodes that are text", lambda p: graph(p).update(nodes="conv2d"))
    program("no-inputs", "no picture goes in", lambda p: (p["graph_module"]["signature"]["input_specs"].pop(), graph(p)["inputs"].pop()))

    # Operators that may not run.
    path = named("filename", "as_string", "/etc/hostname")
    add("operator-from-file", "reads a file", operator(entries, "torch.ops.aten.from_file.default", path, named("shared", "as_bool", False), named("size", "as_int", 4)))
    add("operator-save", "writes a file", operator(entries, "torch.ops.aten.save.default"))
    add("operator-prim", "another namespace", operator(entries, "torch.ops.prim.device.default"))
    add("operator-custom", "a namespace nobody knows", operator(entries, "torch.ops.evil.run.default"))
    add("operator-quantized", "a namespace of PyTorch that is not aten", operator(entries, "torch.ops.quantized.relu6.default"))
    add("operator-later", "an aten operator of a later PyTorch", operator(entries, "torch.ops.aten.relu_of_2030.default"))
    add("operator-overload", "an overload that does not exist", operator(entries, "torch.ops.aten.relu.of_2030"), "either")
    add("operator-python", "a function of Python", operator(entries, "os.system", named("command", "as_string", "touch harm-was-done")))
    add("operator-load", "a function of torch", operator(entries, "torch.hub.load", path))
    add("operator-extension", "an operator of an extension", operator(entries, "#evil:run"))
    add("operator-higher", "a higher-order operator nobody knows", operator(entries, "torch.ops.higher_order.evil"))

    # Text that leaves its place.
    add("text-in-operator", "a program in an operator's name", operator(
        entries, "torch.ops.aten.relu.default(conv2d)\n  y = torch.ops.aten.from_file('/etc/hostname', False, 4)\n  relu = torch.ops.aten.relu"))
    add("text-in-name", "a program in a value's name", renamed(entries, "relu", "relu = conv2d\n  y = ops.aten.from_file"), "either")
    add("text-in-name-keyword", "values named by keywords and by what a program uses", renamed(renamed(entries, "relu", "return"), "conv2d", "torch"), "either")
    add("text-in-argument", "a program in an argument's name", on_node(
        entries, inputs=[named("self=conv2d) + ops.aten.from_file('/etc/hostname', False, 4", "as_tensor", {"name": "conv2d"})]))
    add("text-in-string", "a program in a string", operator(
        entries, "torch.ops.aten.gelu.default", named("self", "as_tensor", {"name": "conv2d"}),
        named("approximate", "as_string", "none'); y = ops.aten.from_file('/etc/hostname', False, 4)#\n\\")))
    add("text-in-device", "a program in a device's name", operator(
        entries, "torch.ops.aten.to.device", named("self", "as_tensor", {"name": "conv2d"}),
        named("device", "as_device", {"type": "cpu'); y = ops.aten.from_file('/etc/hostname', False, 4)#", "index": None}),
        named("dtype", "as_scalar_type", 7)))
    program("text-in-stack", "a program, and a path, in a module's name", lambda p: node(p)["metadata"].update(
        nn_module_stack="L__self__,,Plain;x,../../harm-was-done\n  y = 1,a.B;;;,,,;q"), "either")
    program("stack-deep", "modules nested 5,000 deep", lambda p: node(p)["metadata"].update(
        nn_module_stack=";".join(f"k{i},{'.'.join('a' * (i % 3 + 1))},T" for i in range(5000))), "either")

    # Archives.
    add("no-program", "no program", without(PROGRAM))
    add("program-empty", "an empty program", entries | {PROGRAM: b""})
    add("program-cut", "a program that ends in the middle", entries | {PROGRAM: entries[PROGRAM][:2000]})
    add("program-not-text", "a program that is not UTF-8", entries | {PROGRAM: b'{"graph_module": "\xff\xfe\xc3"}'})
    add("program-list", "a program that is a list", entries | {PROGRAM: b"[1, 2]"})
    add("program-deep", "lists nested 20,000 deep", entries | {PROGRAM: b"[" * 20000 + b"]" * 20000})
    add("program-numbers", "not a number where numbers are", entries | {
        PROGRAM: entries[PROGRAM].replace(b'"dtype": 7', b'"dtype": NaN', 1)}, "either")
    return found


def lying_zip(path: pathlib.Path) -> None:
    """The table of contents says that a weight has 4 GB less one byte."""
    content = bytearray(path.with_name("plain.pt2").read_bytes())
    at = content.rindex(b"data/weights/weight_0") - len("plain/") - 46
    content[at + 24 : at + 28] = struct.pack("<I", 2**32 - 2)
    path.write_bytes(content)


def old_layout(path: pathlib.Path, harm: bool) -> None:
    """As PyTorch 2.7 writes it, a later version, or with weights whose pickle would write a file."""
    source = files.FOLDER / "residual.2.7.pt2"
    with zipfile.ZipFile(source) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    if not harm:
        entries["version"] = b"9.0"
        program = json.loads(entries["serialized_exported_program.json"])
        program["schema_version"] = {"major": 9, "minor": 0}
        entries["serialized_exported_program.json"] = json.dumps(program).encode()
    else:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps({"conv1.weight": Harm()}, 2))
            archive.writestr("archive/version", "3\n")
        entries["serialized_state_dict.pt"] = inner.getvalue()
    write(path, entries, "")


def large(folder: pathlib.Path, entries: Entries) -> None:
    """A million nodes in a row, and a program of 2 GB of spaces that takes 2 MB."""
    program = json.loads(entries[PROGRAM])
    relu = copy.deepcopy(node(program))
    nodes = graph(program)["nodes"]
    for i in range(1_000_000):
        again = copy.deepcopy(relu)
        again["inputs"][0]["arg"]["as_tensor"]["name"] = f"relu_{i - 1}" if i else "relu"
        again["outputs"][0]["as_tensor"]["name"] = f"relu_{i}"
        nodes.append(again)
    write(folder / "million.pt2", entries | {PROGRAM: json.dumps(program).encode()}, method=zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(folder / "bomb.pt2", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            if name != PROGRAM:
                archive.writestr(zipfile.ZipInfo("plain/" + name), content)
        with archive.open("plain/" + PROGRAM, "w", force_zip64=True) as target:
            for _ in range(2048):
                target.write(b" " * 2**20)


def main() -> None:
    if sys.argv[1:2] == ["large"]:
        large(pathlib.Path(sys.argv[2]), read(files.FOLDER / "hostile" / "plain.pt2"))
        return
    warnings.filterwarnings("ignore")
    network, picture = golden.fill(Plain()), golden.image(SIZE)
    files.save(torch.export.export(network, (picture,)), "hostile/plain.pt2")
    folder = files.FOLDER / "hostile"
    entries = read(folder / "plain.pt2")
    del entries["data/sample_inputs/model.pt"]
    told = {}
    for name, (what, outcome, content) in cases(entries).items():
        write(folder / f"{name}.pt2", content)
        told[name] = {"what": what, "outcome": outcome}
    whole = (folder / "plain.pt2").read_bytes()
    (folder / "truncated.pt2").write_bytes(whole[: len(whole) * 6 // 10])
    told["truncated"] = {"what": "the first six tenths", "outcome": "refused"}
    lying_zip(folder / "zip-lies.pt2")
    told["zip-lies"] = {"what": "a table of contents that lies about a size", "outcome": "refused"}
    old_layout(folder / "old-later.pt2", harm=False)
    told["old-later"] = {"what": "schema 9.0 in the layout of 2.7", "outcome": "refused"}
    old_layout(folder / "old-pickle.pt2", harm=True)
    told["old-pickle"] = {"what": "a pickle that would write a file", "outcome": "refused"}
    content = {"size": SIZE, "output": golden.short(network(picture)), "files": told}
    figures.write("hostile/hostile.json", content)


if __name__ == "__main__":
    main()

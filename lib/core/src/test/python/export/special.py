"""Writes .pt2 files that torch.export.export alone does not give: decomposed, several in one archive, without weights,
compiled.

    python special.py                   with torch 2.15.0, and a C++ compiler for the compiled one

The files go to resources/camlab/export. NAME.decomposed.pt2 does what NAME.pt2 does.
"""

import warnings
import zipfile

import torch
from torch._inductor import aoti_compile_and_package
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export.pt2_archive._package import package_pt2

import files
import programs
import residual
import golden

DECOMPOSED = ["counter", "norm-in-training", "changes-input", "in-place", "lists", "dropouts", "vit"]


def program(name: str) -> torch.export.ExportedProgram:
    arguments, named = programs.inputs(name)
    return torch.export.export(programs.build(name), arguments, named, dynamic_shapes=programs.dynamic(name))


def several() -> None:
    both = {"first": files.plain(program("sigmoid")), "second": files.plain(program("softmax"))}
    package_pt2(str(files.FOLDER / "several.pt2"), exported_programs=both)
    files.check("several.pt2")


def without_weights() -> None:
    """As the program of a network too large for memory is made."""
    with FakeTensorMode(allow_non_fake_inputs=True):
        network = programs.Base().eval()
        given = torch.zeros(1, 3, programs.SIZE, programs.SIZE)
        made = torch.export.export(network, (given,))
    files.save(made, "without-weights.pt2")


def compiled() -> None:
    """A compiled program; of the library and its source, which take megabytes or name folders, the first bytes."""
    network = torch.nn.Sequential(torch.nn.Linear(2, 2))
    whole = files.FOLDER / "compiled.whole.pt2"
    aoti_compile_and_package(torch.export.export(network, (torch.zeros(1, 2),)), package_path=str(whole))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(files.FOLDER / "compiled.pt2", "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(zipfile.ZipInfo(entry.filename), content[:16] if "aotinductor" in entry.filename else content)
    print([(entry.filename, entry.file_size) for entry in zipfile.ZipFile(whole).infolist()])
    whole.unlink()
    files.check("compiled.pt2")


def main() -> None:
    warnings.filterwarnings("ignore")
    for name in DECOMPOSED:
        files.save(program(name).run_decompositions(), f"{name}.decomposed.pt2")
    network = golden.fill(residual.Residual())
    made = torch.export.export(network, (golden.image(residual.SIZE),)).run_decompositions()
    files.save(made, "residual.decomposed.pt2")
    several()
    without_weights()
    compiled()


if __name__ == "__main__":
    main()

"""What must be true of a notebook and its freshly executed copy. Every check is a function that
takes both and yields sentences about what is amiss; new ones are added to CHECKS."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Optional

import nbformat

import execute
from project import use_plain_output


def same_cells(source, copy) -> Iterator[str]:
    if [(c.cell_type, c.source) for c in source.cells] != [
        (c.cell_type, c.source) for c in copy.cells
    ]:
        yield "its cells are not those of the executed copy"


def every_cell_executed(source, copy) -> Iterator[str]:
    counts = [cell.execution_count for cell in execute.code_cells(copy)]
    if counts != list(range(1, len(counts) + 1)):
        yield "not every cell was executed once, in order"


def java_kernel(source, copy) -> Iterator[str]:
    name = source.metadata.get("kernelspec", {}).get("name")
    if name != "java":
        yield "its kernel is %r, not 'java'" % name


def quiet(log: Path) -> Iterator[str]:
    """What the JVM and native code write past the notebook. Java names options that it takes from
    the environment ('Picked up JAVA_TOOL_OPTIONS'); that is not ours."""
    if log.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        chatter = [line for line in lines if line.strip() and not line.startswith("Picked up ")]
        if chatter:
            yield "its kernel wrote to the terminal: %s" % chatter[0]


CHECKS = [same_cells, every_cell_executed, java_kernel]


def problems(source: Path, executed: Path) -> list[str]:
    both = [nbformat.read(path, as_version=4) for path in (source, executed)]
    found = [sentence for check in CHECKS for sentence in check(*both)]
    return found + list(quiet(executed.with_suffix(".kernel.log")))


def main(arguments: Optional[Sequence[str]] = None) -> int:
    use_plain_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("--executed", type=Path, required=True)
    parser.add_argument("notebooks", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    found = [
        "%s: %s" % (notebook.name, sentence)
        for notebook in options.notebooks
        for sentence in problems(notebook, options.executed / notebook.name)
    ]
    print("\n".join(found) or "%d notebooks checked, nothing amiss." % len(options.notebooks))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Gives damaged notebooks, which Atheris makes from the lessons, to all that reads one: the run but
for its kernel, the pages, what nbgrader's student versions are made from. Each is read or refused in
words; no exception that was not foreseen, no hang, no file outside the folder for them. Run by hand,
with what `camlab.py test` has set up and Atheris, which has wheels for Linux:

    .camlab/venv/bin/python -m pip install --target target/atheris atheris==3.0.0
    PYTHONPATH=target/atheris .camlab/venv/bin/python environment/tests/fuzz.py --minutes 30

What went wrong stays in target/fuzz-notebooks.
"""
from __future__ import annotations

import argparse
import copy
import json
import logging
import random
import sys
import tempfile
import threading
from pathlib import Path

import atheris
import support

with atheris.instrument_imports(
        include=["execute", "exercises", "notebook_file", "pages", "sameness", "nbformat", "mistune",
                 "latex2mathml"]):
    import nbformat

    import execute
    import exercises

ROOT = support.ENVIRONMENT.parent
FOUND = ROOT / "target" / "fuzz-notebooks"
SECONDS = 20  # that one notebook may take
LARGEST = 8_000  # bytes
CELLS = 4  # of a lesson, in a notebook to begin with
ODD = [
    None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**400, "", [], {}, [[]], {"": ""}, "code",
    "markdown", "raw", "stream", "error", "display_data", "\ud800", "\0", "../../up", "/etc/hostname",
    "![x](../../../../etc/hostname)", "![x](attachment:x.png)", "$\\frac{1$", "$$\\begin{a}$$",
    "{{ 1/0 }}", "<script>", "[" * 200, "x" * 2000, "data:image/png;base64,AAAA", "image/png",
    "text/html", "application/json", "solution", "### 1. One · 1 point", "a\rb\rc", "\x1b[31m"]


class Reading(execute.Execution):
    """A run without a kernel: what the cells put out is what the notebook brings along, as far as a
    kernel's messages could have become it."""

    def _run_cells(self, nb) -> None:
        brought = nbformat.read(self._notebook, as_version=4)
        for cell, other in zip(nb.cells, brought.cells):
            if cell.cell_type == "code":
                cell.outputs = [output for output in other.outputs if is_output(output)]


def is_output(output) -> bool:
    """A file may have lines of text in a list; a message has one text."""
    valid = nbformat.validator.isvalid(output, ref="output", version=4, version_minor=5)
    return valid and isinstance(output.get("text", ""), str)


class Readers:
    def __init__(self, folder: Path):
        self.folder = folder
        self.notebook = folder / "in" / "notebook.ipynb"
        self.notebook.parent.mkdir()
        out = folder / "out"
        out.mkdir()
        self.options = execute.Options(out=out, notebooks=[self.notebook], write_back=True)
        self.read = self.refused = 0

    def one(self, data: bytes) -> None:
        self.notebook.write_bytes(data)
        result = Reading(self.notebook, self.options, threading.Event()).run()
        if result.outcome in ("unreadable", "no page"):
            assert result.message, "refused without a word"
            self.refused += 1
        else:
            assert result.ok, result.message
            self.read += 1
            self.hold()
        files = {each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*.*")}
        assert files <= {"in/notebook.ipynb", "out/notebook.ipynb", "out/notebook.html"}, files

    def hold(self) -> None:
        """What was written is whole, and a lesson that is no lesson is refused in words."""
        page = (self.options.out / "notebook.html").read_text(encoding="utf-8")
        assert page.rstrip().endswith("</html>"), "half a page"
        written = nbformat.read(self.notebook, as_version=4)
        nbformat.validate(written, relax_add_props=True)
        try:
            exercises.source_of(written)
        except exercises.Malformed as problem:
            assert str(problem)


def beginnings() -> list[bytes]:
    """The lessons, a few cells each, with pictures of a few bytes."""
    found = []
    for lesson in sorted((ROOT / "notebooks").glob("*.ipynb")):
        nb = json.loads(lesson.read_text(encoding="utf-8"))
        for output in (o for cell in nb["cells"] for o in cell.get("outputs", [])):
            for kind, content in output.get("data", {}).items():
                output["data"][kind] = content[:200]
        for first in range(0, len(nb["cells"]), CELLS):
            data = json.dumps({**nb, "cells": nb["cells"][first:first + CELLS]}).encode()
            found += [data] if len(data) <= LARGEST else []
    return found


def change(data: bytes, largest: int, seed: int) -> bytes:
    """Another tree of JSON, or, where it is none and now and then, other bytes."""
    lot = random.Random(seed)
    try:
        tree = json.loads(data)
    except ValueError:
        return atheris.Mutate(data, largest)
    if lot.random() < 0.05 or not isinstance(tree, dict):
        return atheris.Mutate(data, largest)
    for _ in range(lot.randint(1, 4)):
        change_one(tree, lot)
    changed = json.dumps(tree).encode()
    return changed if len(changed) <= largest else data


def change_one(tree: dict, lot: random.Random) -> None:
    places = list(places_in(tree))
    if not places:
        return
    holder, key = lot.choice(places)
    what = lot.randrange(5)
    if what == 0:
        del holder[key]
    elif what == 1:
        other, where = lot.choice(places)
        holder[key] = copy.deepcopy(other[where])
    elif what == 2 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(lot.choice([holder[key], *ODD])))
    elif what == 3 and isinstance(holder[key], str):
        text = holder[key]
        at = lot.randint(0, len(text))
        holder[key] = text[:at] + str(lot.choice(ODD)) + text[at:]
    else:
        holder[key] = copy.deepcopy(lot.choice(ODD))


def places_in(tree):
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from places_in(value)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        place = Path(place).resolve()
        (place / "corpus").mkdir()
        for number, data in enumerate(beginnings()):
            (place / "corpus" / str(number)).write_bytes(data)
        (place / "readers").mkdir()
        readers = Readers(place / "readers")

        def tell(data: bytes) -> None:
            readers.one(data)
            if (readers.read + readers.refused) % 1000 == 0:
                print(f"{readers.read} read, {readers.refused} refused", flush=True)

        atheris.Setup(
            [sys.argv[0], f"-max_total_time={60 * options.minutes:.0f}", f"-timeout={SECONDS}",
             f"-max_len={LARGEST}", f"-artifact_prefix={FOUND}/", f"-seed={options.seed}",
             str(place / "corpus")],
            tell, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

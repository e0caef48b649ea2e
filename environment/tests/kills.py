"""Ends a run, an evaluation, a training and autograde at moments by lot, as a power cut would, and
begins them again, until each has been ended so often; then holds what is there against what it is
without. After each, no file may be half written, and nothing that was begun may go on. Run by hand,
since it takes its time, with what `camlab.py test` has set up:

    .camlab/venv/bin/python environment/tests/kills.py --times 50 [run evaluation training autograde]

What went wrong stays in its folder.
"""
from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

import support  # noqa: F401

from project import Project

ENVIRONMENT = support.ENVIRONMENT
MARK = "CAMLAB_KILLS"  # in the environment of all that a work starts, in whatever session
ROUNDING = 1e-6  # of a probability in single precision
PATIENCE = 15  # seconds that what a killed one started may take to end
EVALUATION = """
import camlab.cam.*; import camlab.course.*; import camlab.evaluation.*; import camlab.measure.*;
import camlab.network.*; import java.nio.file.*; import java.util.*;
public class Kill {
  public static void main(String[] file) {
    try (Network network = Models.load("alexnet-drawn-pets")) {
      Path folder = Path.of(file[1]);
      List<Subject> subjects = List.of(
          Subject.of("a", "cat", folder.resolve("lesson/cat.png")),
          Subject.of("b", "dog", folder.resolve("lesson/dog.png")));
      Evaluation.of(network, subjects, List.of(new GradCam(), new LayerCam(), new EigenCam()),
          List.of(new Complexity(), new ConfidenceDrop(Scale.RELATIVE), new Deletion()))
          .run(Path.of(file[0]));
    }
  }
}
"""


class Work:
    """Something that is begun again and again in one folder until it is done."""

    def __init__(self, project: Project, folder: Path):
        self.project = project
        self.folder = folder

    def java(self, *arguments: object) -> list[str]:
        project = self.project
        natives = project.natives / "*"
        path = os.pathsep.join(map(str, [self.folder, project.library, natives]))
        return ["java", "-Xmx2g", "-cp", path, *map(str, arguments)]

    def python(self, *arguments: object) -> list[str]:
        return [sys.executable, "-W", "ignore", *map(str, arguments)]

    def prepare(self) -> None:
        """Makes what the command starts from."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def between(self) -> None:
        """Fails if a file that a killed one leaves is not whole."""

    def found(self) -> object:
        """What is there in the end, as far as it has to be equal."""
        raise NotImplementedError

    def same(self, one: object, other: object) -> bool:
        return one == other


class EvaluationWork(Work):
    def prepare(self) -> None:
        """Compiled beforehand: the compiler would be killed most of the time."""
        program = self.folder / "Kill.java"
        program.write_text(EVALUATION, encoding="utf-8")
        subprocess.run(
            ["javac", "-cp", str(self.project.library), "-d", str(self.folder), str(program)],
            check=True)

    def command(self) -> list[str]:
        pictures = self.project.root / "data" / "pets"
        return self.java("Kill", self.folder / "results.csv", pictures)

    def found(self) -> object:
        with open(self.folder / "results.csv", encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def same(self, one: list[list[str]], other: list[list[str]]) -> bool:
        """The lines in their order, and in them all but what single precision rounds: pictures that
        were remembered from an earlier measure are asked about again, in batches of other sizes."""
        value = one[0].index("value")
        texts, others = ([row[:value] + row[value + 1:] for row in rows] for rows in (one, other))
        return texts == others and all(
            math.isclose(float(row[value]), float(another[value]), rel_tol=0, abs_tol=ROUNDING)
            for row, another in zip(one[1:], other[1:]))


class TrainingWork(Work):
    def command(self) -> list[str]:
        return self.java(
            "camlab.training.TrainOnDrawings", "--network", "ALEXNET_LOPSIDED_PETS", "--folder",
            self.folder, "--pictures", 64, "--validation", 4)

    def found(self) -> object:
        """Adam begins anew after each, so that losses differ; each epoch is there once."""
        with open(self.folder / "curve.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        return ([row[:2] for row in rows], (self.folder / "checkpoint.bin").stat().st_size,
                sorted(each.name for each in self.folder.iterdir() if not each.name.endswith(".part")))


class RunWork(Work):
    def prepare(self) -> None:
        import nbformat
        from nbformat.v4 import new_code_cell, new_notebook

        (self.folder / "books").mkdir()
        for number in range(3):
            cells = [new_code_cell(f"{number} + {cell}") for cell in range(5)]
            kernel = {"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}}
            book = new_notebook(cells=cells, metadata=kernel)
            nbformat.write(book, self.folder / "books" / f"{number}.ipynb")

    def command(self) -> list[str]:
        books = sorted((self.folder / "books").glob("*.ipynb"))
        return self.python(
            ENVIRONMENT / "execute.py", "--out", self.folder / "out", "--write-back", "--jobs", 2,
            *books)

    def between(self) -> None:
        import nbformat

        for book in self.folder.rglob("*.ipynb"):
            nbformat.validate(nbformat.read(book, as_version=4))
        for page in self.folder.rglob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>"), page
        for listing in self.folder.rglob("*.json"):
            json.loads(listing.read_text(encoding="utf-8"))
        for listing in self.folder.rglob("*.xml"):
            ElementTree.parse(listing)

    def found(self) -> object:
        results = json.loads((self.folder / "out" / "results.json").read_text(encoding="utf-8"))
        books = [book.read_text() for book in sorted((self.folder / "books").glob("*.ipynb"))]
        return [(each["name"], each["outcome"], each["executed"]) for each in results], [
            [output["data"]["text/plain"] for cell in json.loads(book)["cells"]
             for output in cell["outputs"]] for book in books]


class AutogradeWork(Work):
    def prepare(self) -> None:
        import test_grading

        class Course(test_grading.GradingTest):
            def runTest(self):
                pass

        made = Course()
        made.course = self.folder / "course"
        made.lesson = self.folder / (test_grading.NAME + ".ipynb")
        with contextlib.redirect_stdout(io.StringIO()):
            released = made.make(made.course)
        for student, body in (("one", "return 2 * x;"), ("two", "return x;"), ("three", "return 4;")):
            made.hand_in(student, released, {"exercise-2": test_grading.TWICE % ("", body)})

    def command(self) -> list[str]:
        return self.python(
            ENVIRONMENT / "grading.py", "autograde", self.folder / "course", "--jobs", 2)

    def found(self) -> object:
        import grading

        course = self.folder / "course"
        return (course / "grades.csv").read_text(), sorted(grading.grades(course / grading.BOOK))


KINDS = {"run": RunWork, "evaluation": EvaluationWork, "training": TrainingWork,
         "autograde": AutogradeWork}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []])
    options = parser.parse_args()
    lot = random.Random(options.seed)
    failed = 0
    for name in options.kinds or KINDS:
        failed += not kill(name, options.times, lot)
    return 1 if failed else 0


def kill(name: str, times: int, lot: random.Random) -> bool:
    place = Path(tempfile.mkdtemp(prefix="camlab-kills-"))
    fresh, begun = place / "fresh", place / "begun"
    undisturbed = make(name, fresh)
    start = time.monotonic()
    finish(undisturbed)
    duration = time.monotonic() - start
    right = undisturbed.found()
    work = make(name, begun)
    killed = ended = 0
    wrong: list[str] = []
    while not wrong and (killed < times or begun.exists()):
        process = begin(work)
        moment = lot.uniform(0, duration) if killed < times else None
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
            wrong += broken(work)
            if killed % 10 == 0:
                print(f"{name}: ended {killed} times, {time.monotonic() - start:.0f} s", flush=True)
        else:
            ended += 1
            wrong += ended_wrong(work, process.returncode, right)
            if not wrong:
                shutil.rmtree(begun)
                if killed < times:
                    work = make(name, begun)
        wrong += still_there(begun)
    print(f"{name}: {duration:.0f} s without; ended {killed} times, came to its end {ended} times:"
          f" {'NOT as without' if wrong else 'as without'}", flush=True)
    if wrong:
        print("\n".join(wrong), f"See {place}", sep="\n", flush=True)
    else:
        shutil.rmtree(place)
    return not wrong


def broken(work: Work) -> list[str]:
    try:
        work.between()
    except Exception as problem:  # of whatever reads the file
        return [f"after a kill: {problem!r}"]
    return []


def ended_wrong(work: Work, code: int, right: object) -> list[str]:
    if code:
        return [f"it failed with {code}; it says:", (work.folder / "said").read_text()[-2000:]]
    found = work.found()
    if work.same(right, found):
        return []
    return [f"right: {right}", f"found: {found}"]


def still_there(folder: Path) -> list[str]:
    """What a work has started and what goes on, though it has ended: each is told, and ended."""
    end = time.monotonic() + PATIENCE
    while (left := started_for(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    for process in left:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    return [f"goes on: {process} {command}" for process, command in left.items()]


def started_for(folder: Path) -> dict[int, str]:
    """By the environment, which all inherit, in whatever session; none where the system has no
    /proc."""
    mark, found = f"{MARK}={folder}".encode(), {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended, or is somebody else's
            if mark in (process / "environ").read_bytes().split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(process.name)] = command.decode(errors="replace")
    return found


def make(name: str, folder: Path) -> Work:
    folder.mkdir()
    work = KINDS[name](Project(), folder)
    work.prepare()
    return work


def begin(work: Work) -> subprocess.Popen:
    project = work.project
    environment = {
        **project.python_environment(), "OMP_NUM_THREADS": "1", MARK: str(work.folder)}
    with open(work.folder / "said", "wb") as said:
        return subprocess.Popen(
            work.command(), env=environment, cwd=project.root, stdin=subprocess.DEVNULL,
            stdout=said, stderr=subprocess.STDOUT, start_new_session=True)


def finish(work: Work) -> None:
    if begin(work).wait():
        raise SystemExit(f"{' '.join(work.command())} fails: {(work.folder / 'said').read_text()}")


if __name__ == "__main__":
    sys.exit(main())

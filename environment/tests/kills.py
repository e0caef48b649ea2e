"""Ends a run, an evaluation, a training and autograde at moments by lot, as a power cut would, and
begins them again, until each has been ended so often; then holds what is there against what it is
without. Run by hand, since it takes its time, with what `camlab.py test` has set up:

    .camlab/venv/bin/python environment/tests/kills.py --times 50 [run evaluation training autograde]
"""
from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import support  # noqa: F401

from project import Project

ENVIRONMENT = support.ENVIRONMENT
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
        return ["java", "-Xmx2g", "-cp", os.pathsep.join([str(project.library), str(natives)]),
                *map(str, arguments)]

    def python(self, *arguments: object) -> list[str]:
        return [sys.executable, "-W", "ignore", *map(str, arguments)]

    def prepare(self) -> None:
        """Makes what the command starts from."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def between(self) -> None:
        """Fails if what a killed one leaves is broken."""

    def found(self) -> object:
        """What is there in the end, as far as it has to be equal."""
        raise NotImplementedError


class EvaluationWork(Work):
    def prepare(self) -> None:
        (self.folder / "Kill.java").write_text(EVALUATION, encoding="utf-8")

    def command(self) -> list[str]:
        pictures = self.project.root / "data" / "pets"
        return self.java(self.folder / "Kill.java", self.folder / "results.csv", pictures)

    def found(self) -> object:
        with open(self.folder / "results.csv", encoding="utf-8", newline="") as file:
            return list(csv.reader(file))


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

        for book in (self.folder / "books").glob("*.ipynb"):
            nbformat.validate(nbformat.read(book, as_version=4))
        results = self.folder / "out" / "results.json"
        if results.exists():
            json.loads(results.read_text(encoding="utf-8"))

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
            released = made.release(test_grading.lesson())
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
    with tempfile.TemporaryDirectory(prefix="camlab-kills-") as place:
        fresh, begun = Path(place) / "fresh", Path(place) / "begun"
        undisturbed = make(name, fresh)
        start = time.monotonic()
        finish(undisturbed)
        duration = time.monotonic() - start
        right = undisturbed.found()
        work = make(name, begun)
        killed = ended = 0
        while killed < times:
            process = begin(work)
            try:
                process.wait(timeout=lot.uniform(0, duration))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
                work.between()
                continue
            if process.returncode or work.found() != right:
                return report(name, killed, ended, False)
            ended += 1
            shutil.rmtree(begun)
            work = make(name, begun)
        finish(work)
        return report(name, killed, ended + 1, work.found() == right)


def report(name: str, killed: int, ended: int, same: bool) -> bool:
    verdict = "as without" if same else "NOT as without"
    print(f"{name}: ended {killed} times, came to its end {ended} times: {verdict}", flush=True)
    return same


def make(name: str, folder: Path) -> Work:
    folder.mkdir()
    work = KINDS[name](Project(), folder)
    work.prepare()
    return work


def begin(work: Work) -> subprocess.Popen:
    project = work.project
    environment = {**project.python_environment(), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        work.command(), env=environment, cwd=project.root, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def finish(work: Work) -> None:
    if begin(work).wait():
        raise SystemExit(f"{' '.join(work.command())} fails")


if __name__ == "__main__":
    sys.exit(main())

"""The exercises of a lesson, as its cells are tagged, and the form in which nbgrader wants them.

An exercise begins with a heading such as `### 2. Which channels? · 3 points` and ends before the
next heading. Of its cells, the one tagged `exercise` holds what the reader starts from, `check` checks
the answer, `solution` answers, and `hidden` checks further where students do not see how. In the last
two the method has a name of its own, `heightsSolution` for the reader's `heights`, so that no cell of
ours stands in for the reader's. An exercise without a check is read and marked by a person.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode, ValidationError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HEADING = re.compile(r"^#{1,3} ", re.MULTILINE)
EXERCISE = re.compile(r"^### (\d+)\. (.+) · (?:(1) point|([2-5]) points)$", re.MULTILINE)
METHOD = re.compile(r"(\w+)\(")
OURS = "Solution"
STUB = 'throw new UnsupportedOperationException("Write your answer here.");'


# What locked cells call, by a name that no cell of a submission can give to something else.
FULL_NAMES = [
    (re.compile(r"(?<![.\w])(attempt|check|passed)\("), r"camlab.notebook.Notebook.\1("),
    (re.compile(r"(?<![.\w])(\w+Exercises)\."), r"camlab.exercise.\1."),
]


class Malformed(Exception):
    """An exercise is not in the form that grading needs; the text says where and why."""


@dataclass
class Exercise:
    number: int
    title: str
    points: int
    cells: list[NotebookNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"exercise-{self.number}"

    @property
    def checked(self) -> bool:
        return any(self.tagged("check"))

    def tagged(self, tag: str) -> Iterator[NotebookNode]:
        return (cell for cell in self.cells if tag in tags_of(cell))

    @property
    def start(self) -> NotebookNode:
        return self._only("'exercise'", list(self.tagged("exercise")))

    @property
    def first(self) -> str:
        """The line that the reader's method begins with."""
        return self.start.source.partition("\n")[0]

    @property
    def answer(self) -> NotebookNode:
        """The method that the reader is to write: it begins as the reader's does, but for its name."""
        codes = [c for c in self.tagged("solution") if c.cell_type == "code"]
        fitting = [cell for cell in codes if self.renamed(cell.source).startswith(self.first)]
        return self._only("'solution' that begin as it does", fitting)

    @property
    def method(self) -> str:
        """The name of the method that the reader is to write."""
        found = METHOD.search(self.first)
        if not found:
            raise Malformed(
                f"exercise {self.number} begins with '{self.first}', where its method should begin")
        return found[1]

    def renamed(self, source: str) -> str:
        """What a cell of ours does, done by the reader's method."""
        return re.sub(rf"\b{self.method}{OURS}\b", self.method, source)

    def keep_apart(self) -> None:
        """Raises Malformed if a cell of ours defines or calls the reader's method."""
        call = re.compile(rf"(?<![.\w]){self.method}\(")
        for tag in ("solution", "hidden"):
            for cell in self.tagged(tag):
                if cell.cell_type == "code" and call.search(cell.source):
                    raise Malformed(
                        f"exercise {self.number} has a cell tagged '{tag}' with the reader's method"
                        f" '{self.method}'; ours is '{self.method}{OURS}'")

    @property
    def further_points(self) -> float:
        """What the hidden tests are worth: one point, or half of the only one."""
        return min(1, self.points / 2) if any(self.tagged("hidden")) else 0

    def _only(self, what: str, found: list[NotebookNode]) -> NotebookNode:
        if len(found) != 1:
            raise Malformed(
                f"exercise {self.number} has {len(found)} cells tagged {what}, not 1")
        return found[0]


def tags_of(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def parts_of(lesson: NotebookNode) -> Iterator[object]:
    """The cells of a lesson, where those of an exercise come together as one Exercise."""
    exercise = None
    for cell in lesson.cells:
        if cell.cell_type == "markdown" and HEADING.search(cell.source):
            found = EXERCISE.search(cell.source)
            if exercise:
                yield exercise
            exercise = None
            if found:
                exercise = Exercise(int(found[1]), found[2], int(found[3] or found[4]))
        if exercise:
            exercise.cells.append(cell)
        else:
            yield cell
    if exercise:
        yield exercise


def exercises_of(lesson: NotebookNode) -> list[Exercise]:
    return [part for part in parts_of(lesson) if isinstance(part, Exercise)]


# What nbgrader makes student versions from


def source_of(lesson: NotebookNode) -> NotebookNode:
    """A lesson as nbgrader's source version: answers between nbgrader's marks, checks worth points,
    and nothing of the answers outside them."""
    cells: list[NotebookNode] = []
    for part in parts_of(lesson):
        if isinstance(part, Exercise):
            cells += graded(part)
        elif "solution" not in tags_of(part):
            cells.append(part)
    for cell in cells:
        missing = re.search(rf"\b\w+{OURS}\b", cell.source if cell.cell_type == "code" else "")
        if missing:
            raise Malformed(
                f"a cell that stays calls '{missing[0]}', which is left out with its answer")
    try:
        return new_notebook(metadata=lesson.metadata, cells=[plain(cell) for cell in cells])
    except ValidationError as problem:
        raise Malformed(f"nbformat does not take it: {str(problem).splitlines()[0]}") from problem


def graded(exercise: Exercise) -> Iterator[NotebookNode]:
    start = exercise.start
    behind = exercise.cells[exercise.cells.index(start) + 1 :]
    if exercise.checked:
        if not (behind and "check" in tags_of(behind[0])):
            raise Malformed(
                f"the check of exercise {exercise.number} does not come right behind it, where it"
                " would check the reader's answer and not ours")
        exercise.keep_apart()
    hidden = list(exercise.tagged("hidden"))
    for cell in exercise.cells:
        tags = tags_of(cell)
        if cell is start and exercise.checked:
            answer = with_marks(exercise)
            yield graded_cell(cell, answer, grade=False, solution=True, grade_id=exercise.name)
        elif cell is start:
            yield graded_cell(
                cell, open_answer(exercise), grade=True, solution=True,
                grade_id=exercise.name, points=exercise.points)
        elif "check" in tags:
            yield graded_cell(
                cell, visible_tests(exercise), grade=True, solution=False,
                grade_id=f"{exercise.name}-check",
                points=exercise.points - exercise.further_points)
        elif hidden and cell is hidden[0]:
            yield graded_cell(
                cell, hidden_tests(exercise), grade=True, solution=False,
                grade_id=f"{exercise.name}-further", points=exercise.further_points)
        elif not {"solution", "hidden"} & set(tags):
            yield cell


def with_marks(exercise: Exercise) -> str:
    """The answer, with marks around what stands in place of the line that throws."""
    start = exercise.start.source.splitlines()
    answer = exercise.renamed(exercise.answer.source).splitlines()
    places = [i for i, line in enumerate(start) if line.strip() == STUB]
    if len(places) != 1:
        raise Malformed(f"exercise {exercise.number} does not have the one line '{STUB}'")
    above, below = start[: places[0]], start[places[0] + 1 :]
    end = len(answer) - len(below)
    if answer[: len(above)] != above or answer[end:] != below:
        raise Malformed(
            f"the answer to exercise {exercise.number} does not begin and end as the exercise does")
    indent = start[places[0]][: -len(STUB)]
    inner = [indent + "// BEGIN SOLUTION", *answer[len(above) : end], indent + "// END SOLUTION"]
    return "\n".join([*above, *inner, *below])


def open_answer(exercise: Exercise) -> str:
    kind = exercise.start.cell_type
    answers = [cell.source for cell in exercise.tagged("solution") if cell.cell_type == kind]
    marks = ("// %s", "\n") if kind == "code" else ("<!-- %s -->", "\n\n")
    lines = [marks[0] % "BEGIN SOLUTION", marks[1].join(answers), marks[0] % "END SOLUTION"]
    return "\n".join(lines)


def visible_tests(exercise: Exercise) -> str:
    checks = [cell.source for cell in exercise.tagged("check")]
    if len(checks) != 1:
        raise Malformed(
            f"exercise {exercise.number} has {len(checks)} cells tagged 'check', not 1")
    return by_full_names(checks[0])


def hidden_tests(exercise: Exercise) -> str:
    """They count only for an answer that passes the visible tests, since some of them alone would let
    a wrong one pass."""
    hidden = [by_full_names(exercise.renamed(cell.source)) for cell in exercise.tagged("hidden")]
    return "\n".join([
        "// Further tests run here when the submission is marked.", "// BEGIN HIDDEN TESTS",
        visible_tests(exercise), *hidden, "// END HIDDEN TESTS"])


def by_full_names(source: str) -> str:
    for pattern, full in FULL_NAMES:
        source = pattern.sub(full, source)
    return source


def graded_cell(cell: NotebookNode, source: str, **grading) -> NotebookNode:
    new = new_code_cell(source) if cell.cell_type == "code" else new_markdown_cell(source)
    new.id = cell.get("id", new.id)
    new.metadata.nbgrader = dict(
        schema_version=3, task=False, locked=not grading["solution"], **grading)
    return new


def plain(cell: NotebookNode) -> NotebookNode:
    """Without outputs and folding, nor what a cell does not have by nbformat's rules, as the outputs
    of a code cell that somebody made one of text."""
    pictures = {"attachments"} if cell.cell_type != "code" else set()
    known = {"cell_type", "id", "source"} | pictures
    new = NotebookNode({k: v for k, v in cell.items() if k in known})
    new.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k == "nbgrader"})
    if cell.cell_type == "code":
        new.outputs, new.execution_count = [], None
    return new

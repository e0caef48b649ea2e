"""Student versions, marks and feedback by nbgrader. `camlab.py release`, `autograde` and `feedback`
start this inside the private environment. A course is a folder in nbgrader's own layout, so that
all of nbgrader's commands work there as well."""
from __future__ import annotations

import argparse
import contextlib
import csv
import io
import itertools
import json
import logging
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, OverwriteCells
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

import exercises
import limits
import notebook_file
import testing
import whole
from console import Problem, table
from execute import WithinLimits
from pages import PageExporter
from project import Project, use_plain_output
from shards import Shard, folders_of
from watchdog import Watchdog

# How the names of an exercise's tests end.
PART = re.compile("-(check|further)$")
MARKS = "grades.csv"
BOOK = "gradebook.db"
ERROR = re.compile(r"\s*[\w.]+(Error|Exception): ")
MATHJAX = re.compile(r"<script[^>]*mathjax.*?</script>", re.DOTALL | re.IGNORECASE)

CONFIG = '''"""nbgrader's settings for this course; they may be changed."""
c = get_config()
c.CourseDirectory.course_id = %(course)r

# What students find where the answer stands in the lesson.
c.ClearSolutions.code_stub = {"java": %(stub)r}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# Seconds that one cell of a submission may take. Then it is stopped, and the next one runs.
c.Execute.timeout = 120

# A check that was removed from a submission comes back.
c.OverwriteCells.add_missing_cells = True
'''


class FeedbackExporter(PageExporter):
    """Formulas are in the page already: what nbgrader's template loads for them from the network
    is not needed."""

    def from_notebook_node(self, nb, resources=None, **more):
        page, resources = super().from_notebook_node(nb, resources, **more)
        return MATHJAX.sub("", page), resources


class ReturnedCells(OverwriteCells):
    """A check that was removed comes back with a word about it. nbgrader writes that as a comment of
    Python's, with which the check would be no Java, and a right answer would get nothing."""

    def missing_cell_transform(self, *arguments, **more):
        cell = super().missing_cell_transform(*arguments, **more)
        if cell.cell_type == "code":
            cell.source = "// " + cell.source[len("# "):]
        return cell


class ExecuteWithinLimits(WithinLimits, Execute):
    """What a cell that was stopped has printed comes for a while yet. nbgrader waits for it four
    seconds, and then gave up the submission."""

    raise_on_iopub_timeout = False


class Grade(NamedTuple):
    """The points of one exercise in one submission."""

    lesson: str
    student: str
    exercise: str
    points: float
    of: float
    to_be_read: bool

    @classmethod
    def read(cls, row: dict[str, str]) -> Grade:
        return cls(
            row["lesson"], row["student"], row["exercise"], float(row["points"]), float(row["of"]),
            row["to_be_read"] == "True")


def main(arguments: Sequence[str] | None = None) -> int:
    use_plain_output()
    parser = argparse.ArgumentParser()
    commands = {each.__name__: each for each in (release, autograde, one, feedback, merge)}
    parser.add_argument("command", choices=commands)
    parser.add_argument("course", type=Path)
    parser.add_argument("--timeout", type=int)
    parser.add_argument("--shard", type=Shard.parse)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--submission-timeout", type=int, default=limits.SECONDS)
    parser.add_argument("--memory", type=int, default=limits.MEMORY)
    parser.add_argument("--book", type=Path)
    parser.add_argument("lessons", nargs="*")
    options = parser.parse_args(arguments)
    options.course = options.course.resolve()
    # nbgrader calls a program of its own environment by name.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return commands[options.command](options)
    except KeyboardInterrupt:
        return 130
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2


def api_of(course: Path, timeout: int | None = None, book: Path | None = None) -> NbGraderAPI:
    settings = course / "nbgrader_config.py"
    config = PyFileConfigLoader(settings.name, path=str(course)).load_config()
    config.merge(Config({"CourseDirectory": {"root": str(course)}}))
    config.merge(Config({"GenerateFeedback": {"exporter_class": FeedbackExporter}}))
    ours = {OverwriteCells: ReturnedCells, Execute: ExecuteWithinLimits}
    for steps in (Autograde.sanitize_preprocessors, Autograde.autograde_preprocessors):
        config.merge(Config({"Autograde": {
            steps.name: [ours.get(each, each) for each in steps.default()]}}))
    if timeout:
        config.merge(Config({"Execute": {"timeout": timeout}}))
    if book:
        config.merge(Config({"CourseDirectory": {"db_url": f"sqlite:///{book}"}}))
    api = NbGraderAPI(config=config)
    # Its answers hold what it logs; nobody needs it twice.
    api.log.handlers[:] = [logging.NullHandler()]
    api.log.propagate = False
    return api


def release(options: argparse.Namespace) -> int:
    """The lessons are notebooks here."""
    course = options.course
    course.mkdir(parents=True, exist_ok=True)
    settings = course / "nbgrader_config.py"
    if not settings.exists():
        text = CONFIG % {"course": course.name, "stub": exercises.STUB}
        whole.write(settings, text)
    api = api_of(course)
    failures = 0
    for lesson in map(Path, options.lessons):
        name = lesson.stem
        try:
            source = exercises.source_of(notebook_file.read(lesson))
        except (notebook_file.Unreadable, exercises.Malformed) as problem:
            print(f"{name}: {problem}")
            failures += 1
            continue
        if not any("nbgrader" in cell.metadata for cell in source.cells):
            print(f"{name}: left out, it has no exercises")
            continue
        folder = course / "source" / name
        folder.mkdir(parents=True, exist_ok=True)
        whole.write_notebook(source, folder / lesson.name)
        answer = api.generate_assignment(name)
        points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source.cells)
        failures += not report(answer, name, f"{points:g} points")
    print(f"\nStudent versions: {course / 'release'}")
    print(f"Put what they hand in into {course / 'submitted' / 'STUDENT' / 'LESSON'}")
    return 1 if failures else 0


def autograde(options: argparse.Namespace) -> int:
    """Several submissions at a time, each in a program of its own; none stops or sees the others."""
    folder, book = options.course, options.course / BOOK
    if not book.is_file():
        raise Problem(f"There is no {BOOK} in {options.course}: release the lessons first.")
    mine = submissions(options)
    if options.shard:
        folder = options.shard.folder(options.course)
        book = begin_shard(book, folder)
    marking = Marking(options, book)
    print(marking.describe() + "\n", flush=True)
    failures = 0
    # Killed, it could end no kernel; nobody waits for a word of it, as each submission has its time.
    watchdog = Watchdog(math.inf)
    with contextlib.closing(watchdog), ThreadPoolExecutor(options.jobs) as pool:
        try:
            for done in as_completed([pool.submit(marking.mark, *each) for each in mine]):
                marked = done.result()
                failures += not marking.keep(marked)
                marked.place.cleanup()
        except BaseException:  # Ctrl-C, a signal, a full disk
            pool.shutdown(wait=False, cancel_futures=True)
            marking.end()
            raise
    everything = grades(book)
    if options.shard:
        everything = [grade for grade in everything if (grade.lesson, grade.student) in mine]
    write_marks(everything, folder / MARKS)
    return 1 if failures else 0


class Marked(NamedTuple):
    """What came of a submission: what nbgrader says, in a place that holds its gradebook."""

    lesson: str
    student: str
    answer: dict
    seconds: float
    place: tempfile.TemporaryDirectory

    @property
    def book(self) -> Path:
        return Path(self.place.name) / BOOK


@dataclass(frozen=True)
class Marking:
    """How each submission is marked: by a program that has a copy of the gradebook, since several
    cannot write to one, and a kernel within limits. What it found is then taken over."""

    options: argparse.Namespace
    book: Path
    missing: str = field(default_factory=limits.missing)
    running: set[subprocess.Popen] = field(default_factory=set)

    def describe(self) -> str:
        options = self.options
        largest = limits.LARGEST_FILE // 2**30
        text = (f"{options.jobs} at a time, each within {options.submission_timeout} s,"
                f" {options.memory} GB of memory and {largest} GB a file")
        if self.missing:
            return f"{text}; network and files are open to it, since {self.missing}."
        return f"{text}, without network, and writing nowhere but into its own folder."

    def mark(self, lesson: str, student: str) -> Marked:
        start = time.monotonic()
        place = tempfile.TemporaryDirectory(prefix="camlab-submission-")
        folder = Path(place.name).resolve()
        shutil.copy2(self.book, folder / BOOK)
        limits.write_kernel(
            Project().kernel / "kernel.json", folder, self.options.course,
            self.options.memory * 2**30, shut_in=not self.missing)
        command = [] if self.missing else limits.without_network()
        command += [sys.executable, "-W", "ignore", __file__, "one", str(self.options.course),
                    lesson, student, "--book", str(folder / BOOK)]
        command += ["--timeout", str(self.options.timeout)] if self.options.timeout else []
        answer = self._run(command, {**os.environ, "JUPYTER_PATH": str(folder)})
        return Marked(lesson, student, answer, time.monotonic() - start, place)

    def _run(self, command: Sequence[str], environment: dict[str, str]) -> dict:
        limit = self.options.submission_timeout
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")
        self.running.add(process)
        try:
            answer, said = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            testing.end_now(process)
            process.communicate()
            return {"success": False, "error": f"it took more than {limit} s in all"}
        finally:
            self.running.discard(process)
        try:
            return json.loads(answer)
        except ValueError:
            last = said.strip().splitlines()[-1:]
            code = process.returncode
            return {"success": False, "error": f"the program that marks it ended with {code}: {last}"}

    def end(self) -> None:
        for process in list(self.running):
            testing.end_now(process)

    def keep(self, marked: Marked) -> bool:
        """Takes the marks over into the gradebook, and says them."""
        lesson, student, answer, seconds, _ = marked
        if grades(marked.book, lesson, student):
            take_over(marked.book, self.book, lesson, student)
        found = grades(self.book, lesson, student)
        points = f"{sum(g.points for g in found):g} of {sum(g.of for g in found):g} points"
        if any(g.to_be_read for g in found):
            points += " so far, some to be read"
        what = f"{lesson}, {student}"
        if not answer["success"] and (why := self.why_not(lesson, student)):
            print(f"{what}: not done: {why}", flush=True)
            return False
        return report(answer, what, f"{points}, {seconds:.0f} s")

    def why_not(self, lesson: str, student: str) -> str:
        """What is wrong with what was handed in, in words for whoever writes to the student; empty
        if that is not known."""
        with gradebook(self.book) as book:
            try:
                names = [each.name for each in book.find_assignment(lesson).notebooks]
            except MissingEntry:
                released = ", ".join(sorted(each.name for each in book.assignments))
                return (f"no lesson {lesson} was released, but {released}. The folder takes the"
                        " lesson's name.")
        folder = self.options.course / "submitted" / student / lesson
        for file in (folder / (name + ".ipynb") for name in names):
            if not file.is_file():
                there = ", ".join(sorted(each.name for each in folder.iterdir())) or "nothing"
                return f"expected {file.name} in its folder, found {there}. It is found by its name."
            try:
                notebook_file.read(file)
            except notebook_file.Unreadable as problem:
                return f"{file.name} is no notebook: {problem}"
        return ""


def one(options: argparse.Namespace) -> int:
    """One submission; what nbgrader says is all that goes to standard output."""
    lesson, student = options.lessons
    with contextlib.redirect_stdout(sys.stderr):
        answer = api_of(options.course, options.timeout, options.book).autograde(lesson, student)
    print(json.dumps({key: answer[key] for key in ("success", "log", "error") if key in answer}))
    return 0


def take_over(source: Path, target: Path, lesson: str, student: str) -> None:
    """The marks and comments of a submission, from one gradebook into another."""
    with gradebook(source) as theirs, gradebook(target) as ours:
        found = theirs.find_submission(lesson, student)
        person = found.student
        ours.update_or_create_student(
            student, first_name=person.first_name, last_name=person.last_name, email=person.email)
        time_of = {"timestamp": found.timestamp} if found.timestamp else {}
        ours.update_or_create_submission(lesson, student, **time_of)
        for notebook in found.notebooks:
            for grade in notebook.grades:
                mine = ours.find_grade(grade.name, notebook.name, lesson, student)
                for each in ("auto_score", "manual_score", "extra_credit", "needs_manual_grade"):
                    setattr(mine, each, getattr(grade, each))
            for comment in notebook.comments:
                mine = ours.find_comment(comment.name, notebook.name, lesson, student)
                for each in ("auto_comment", "manual_comment"):
                    setattr(mine, each, getattr(comment, each))
        ours.db.commit()


def begin_shard(book: Path, folder: Path) -> Path:
    """A gradebook of the shard's own, since two machines cannot write to one; its marks of an earlier
    time no longer count."""
    folder.mkdir(exist_ok=True)
    (folder / MARKS).unlink(missing_ok=True)
    return Path(shutil.copy2(book, folder))


def write_marks(marks: Sequence[Grade], listing: Path) -> None:
    print("\n" + totals(marks))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(Grade._fields)
    writer.writerows(marks)
    whole.write(listing, text.getvalue())
    print(f"\nExercise by exercise: {listing}")


def merge(options: argparse.Namespace) -> int:
    """One list, and one gradebook, of the marks that the shards gave."""
    merged: dict[tuple[str, str], list[Grade]] = {}
    books: dict[tuple[str, str], Path] = {}
    folders = folders_of(options.course)
    unfinished = [folder.name for folder in folders if not (folder / MARKS).is_file()]
    if unfinished:
        raise Problem(f"Not at their end yet: {', '.join(unfinished)}.")
    for folder in folders:
        with open(folder / MARKS, encoding="utf-8", newline="") as file:
            own = list(map(Grade.read, csv.DictReader(file)))
        for submission in dict.fromkeys((grade.lesson, grade.student) for grade in own):
            if submission in merged:
                raise Problem(
                    f"{', '.join(submission)} was marked by two shards, as more was handed in between"
                    " them: run all of them again.")
            merged[submission] = [g for g in own if (g.lesson, g.student) == submission]
            books[submission] = folder / BOOK
    for submission, book in books.items():
        take_over(book, options.course / BOOK, *submission)
    handed_in = submissions(options)
    write_marks(
        [grade for submission in sorted(merged) for grade in merged[submission]],
        options.course / MARKS)
    without = [", ".join(submission) for submission in handed_in if submission not in merged]
    for each in without:
        print(f"{each}: no marks")
    return 1 if without else 0


def feedback(options: argparse.Namespace) -> int:
    book = options.shard and options.shard.folder(options.course) / BOOK
    if book and not book.is_file():
        raise Problem(f"There is no {book}: autograde this shard first.")
    api = api_of(options.course, book=book)
    failures = 0
    for lesson, student in submissions(options):
        if not any((options.course / "autograded" / student / lesson).glob("*.ipynb")):
            print(f"{lesson}, {student}: no page, as it is not marked: 'camlab.py autograde' says why")
            failures += 1
            continue
        answer = api.generate_feedback(lesson, student)
        failures += not report(answer, f"{lesson}, {student}", "written")
    print(f"\nPages: {options.course / 'feedback'}")
    return 1 if failures else 0


def submissions(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Lessons and students, as the folders are: submitted/STUDENT/LESSON; with a shard its share."""
    place = options.course / "submitted"
    handed_in = [(folder.name, folder.parent.name) for folder in sorted(place.glob("*/*/"))]
    lessons = sorted({lesson for lesson, _ in handed_in})
    if not lessons:
        raise Problem(f"Nothing is handed in: it is looked for in {place / 'STUDENT' / 'LESSON'}.")
    if unknown := [lesson for lesson in options.lessons if lesson not in lessons]:
        raise Problem(
            f"Nobody has handed in {', '.join(unknown)}: in {place} are {', '.join(lessons)}.")
    found = [each for each in handed_in if not options.lessons or each[0] in options.lessons]
    return options.shard.share(found) if options.shard else found


def report(answer: dict, what: str, outcome: str) -> bool:
    """What nbgrader says of one step; of a failure the error that its log ends with."""
    if not answer["success"]:
        log = answer.get("log", answer.get("error", "")).splitlines()
        errors = [line.strip() for line in log if ERROR.match(line)] or log[-1:]
        if any("DeadKernelError" in error for error in errors):
            outcome = "not graded, as its kernel ended: System.exit, or not enough memory"
        else:
            outcome = "not done: " + " ".join(errors[-1:])
    print(f"{what}: {outcome}", flush=True)
    return answer["success"]


def gradebook(path: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{path}")


def grades(path: Path, *lesson_and_student: str) -> list[Grade]:
    """Of one submission, or of all; none of a submission that nbgrader could not take."""
    with gradebook(path) as book:
        try:
            found = (
                [book.find_submission(*lesson_and_student)]
                if lesson_and_student
                else [each for assignment in book.assignments for each in assignment.submissions]
            )
        except MissingEntry:
            return []
        return [grade for submission in found for grade in of_submission(submission)]


def of_submission(submission) -> Iterator[Grade]:
    """Its exercises; what is seen of the tests and what is hidden are two marks of one exercise."""
    marks = sorted(
        (mark for notebook in submission.notebooks for mark in notebook.grades),
        key=lambda mark: mark.name)
    for exercise, group in itertools.groupby(marks, lambda mark: PART.sub("", mark.name)):
        of_one = list(group)
        yield Grade(
            submission.assignment.name, submission.student.id, exercise,
            sum(mark.score for mark in of_one), sum(mark.max_score for mark in of_one),
            any(mark.needs_manual_grade for mark in of_one))


def totals(found: Sequence[Grade]) -> str:
    rows = []
    for lesson, student in dict.fromkeys((grade.lesson, grade.student) for grade in found):
        own = [grade for grade in found if (grade.lesson, grade.student) == (lesson, student)]
        rows.append((
            lesson, student, f"{sum(g.points for g in own):g}", f"{sum(g.of for g in own):g}",
            f"{sum(g.of for g in own if g.to_be_read):g}"))
    return table(("lesson", "student", "points", "of", "to be read"), rows, right=(2, 3, 4))


if __name__ == "__main__":
    sys.exit(main())

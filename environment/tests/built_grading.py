"""A lesson of the course, given out and marked, with what is built: our answers, handed in by a
student, get every point that needs no reader, and the lesson as it was given out gets none."""
import contextlib
import copy
import csv
import importlib.util
import io
import tempfile
import unittest
from pathlib import Path

from support import ENVIRONMENT

from project import Project

INSTALLED = importlib.util.find_spec("nbgrader") is not None
if INSTALLED:
    import nbformat

    import exercises
    import grading

LESSON = ENVIRONMENT.parent / "notebooks" / "03-grad-cam.ipynb"


@unittest.skipUnless(
    INSTALLED and Project().kernel.joinpath("kernel.json").is_file(),
    "needs nbgrader and the kernel, as `camlab.py test` has them")
class LessonTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.course = Path(folder.name).resolve() / "course"

    def test_our_answers_get_all_points_and_an_untouched_copy_none(self):
        self.grade("release", self.course, LESSON)
        released = self.read("release")
        answers = {
            name: cell.source for name, cell in self.graded(self.read("source"))
            if cell.metadata.nbgrader.solution}
        answered = copy.deepcopy(released)
        for name, cell in self.graded(answered):
            cell.source = answers.get(name, cell.source)
        self.hand_in("ours", answered)
        self.hand_in("untouched", released)

        output = self.grade("autograde", self.course)
        with open(self.course / grading.MARKS, encoding="utf-8", newline="") as file:
            marks = list(map(grading.Grade.read, csv.DictReader(file)))
        lesson = exercises.exercises_of(nbformat.read(LESSON, as_version=4))
        checked = {each.name: each.points for each in lesson if each.checked}
        self.assertGreater(len(checked), 2)
        for student, points in ("ours", checked), ("untouched", dict.fromkeys(checked, 0)):
            found = {
                mark.exercise: mark.points for mark in marks
                if mark.student == student and mark.exercise in checked}
            self.assertEqual(points, found, output)
        for mark in marks:
            self.assertEqual(checked.get(mark.exercise, mark.of), mark.of)

    def grade(self, *arguments) -> str:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = grading.main(list(map(str, arguments)))
        self.assertEqual(0, code, output.getvalue())
        return output.getvalue()

    def read(self, version: str):
        return nbformat.read(
            self.course / version / LESSON.stem / LESSON.name, as_version=4)

    @staticmethod
    def graded(notebook):
        return [(cell.metadata.nbgrader.grade_id, cell) for cell in notebook.cells
                if "nbgrader" in cell.metadata]

    def hand_in(self, student: str, notebook) -> None:
        folder = self.course / "submitted" / student / LESSON.stem
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / LESSON.name)


if __name__ == "__main__":
    unittest.main()

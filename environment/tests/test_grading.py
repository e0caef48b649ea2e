"""Student versions and marks, with nbgrader and the real kernel. The lesson is made up, so that it
runs in seconds, but its exercises are checked by the library as those of lesson 03 are."""
import contextlib
import copy
import importlib.util
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import support  # noqa: F401

import testing
from project import Project

INSTALLED = importlib.util.find_spec("nbgrader") is not None
if INSTALLED:
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    import exercises
    import grading
    import limits

SIGN = """float[][] counterfactual%s(ChannelMaps A, ChannelMaps g) {
  %s
}"""
RIGHT = """float[][] map = new float[A.height()][A.width()];
  for (int i = 0; i < A.height(); i++) {
    for (int j = 0; j < A.width(); j++) {
      for (int k = 0; k < A.channels(); k++) {
        map[i][j] -= g.mean(k) * A.at(k, i, j);
      }
      map[i][j] = Math.max(map[i][j], 0);
    }
  }
  return map;"""
TWICE = """int twice%s(int x) {
  %s
}"""
# Everything that the lessons' cells call by a short name.
SHADOW = """
void attempt(Runnable checks) { }
void check(boolean holds, String claim) { }
void check(double expected, double found, double tolerance, String claim) { }"""
NAME = "90-made-up"
# On a machine that has no bubblewrap, which would end a kernel with the program that started it.
ALONE = """
import sys
import limits
limits.WRAPPER = "none-here"
import grading
sys.exit(grading.main(sys.argv[1:]))
"""


def cell(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def lesson():
    return new_notebook(
        metadata={"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}},
        cells=[
            cell("import static camlab.notebook.Notebook.*;\nimport camlab.exercise.*;\n"
                 "import camlab.heatmap.*;"),
            new_markdown_cell("## Exercises\n\n### 1. Against · 2 points\n\nWrite it."),
            cell(SIGN % ("", exercises.STUB), "exercise"),
            cell("attempt(() ->\n"
                 "    GradCamExercises.counterfactual((A, g) -> counterfactual(A, g)));", "check"),
            new_markdown_cell("**Answer**\n\nThe minus moves.", metadata={"tags": ["solution"]}),
            cell(SIGN % ("Solution", RIGHT), "solution"),
            new_markdown_cell("### 2. Twice · 3 points"),
            cell(TWICE % ("", exercises.STUB), "exercise"),
            cell('check(twice(2) == 4, "twice 2 is right");', "check"),
            cell(TWICE % ("Solution", "return 2 * x;"), "solution"),
            cell('check(twiceSolution(5) == 10, "and another one");', "hidden"),
            new_markdown_cell("### 3. In words · 1 point\n\nWhy?"),
            new_markdown_cell("*Your answer here.*", metadata={"tags": ["exercise"]}),
            new_markdown_cell("**Answer**: because.", metadata={"tags": ["solution"]}),
            new_markdown_cell("## Questions"),
        ],
    )


def without_checks(released):
    """As a student hands it in who has deleted what stands below the answers."""
    shorter = copy.deepcopy(released)
    shorter.cells = [each for each in shorter.cells
                     if not each.metadata.get("nbgrader", {}).get("locked")]
    return shorter


@unittest.skipUnless(INSTALLED, "needs nbgrader, as `camlab.py test` has it")
class GradingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.first = Path(folder.name).resolve() / "course"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.course = Path(folder.name).resolve() / "course"
        self.lesson = self.course.parent / (NAME + ".ipynb")

    def grade(self, *arguments):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.code = grading.main(list(map(str, arguments)))
        return output.getvalue()

    def release(self):
        """In a course of the test's own. nbgrader does it once for all tests: it begins a gradebook by
        asking a program of its own for its version, which takes two seconds."""
        if not self.first.exists():
            self.make(self.first)
        shutil.copytree(self.first, self.course)
        return self.student_version(self.course)

    def make(self, course):
        nbformat.write(lesson(), self.lesson)
        output = self.grade("release", course, self.lesson)
        self.assertEqual(0, self.code, output)
        return self.student_version(course)

    @staticmethod
    def student_version(course):
        return nbformat.read(course / "release" / NAME / (NAME + ".ipynb"), as_version=4)

    def hand_in(self, student, released, answers):
        submission = copy.deepcopy(released)
        for each in submission.cells:
            name = each.metadata.get("nbgrader", {}).get("grade_id")
            each.source = answers.get(name, each.source)
        folder = self.course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(submission, folder / self.lesson.name)

    def test_the_student_version_throws_in_place_of_answers_and_hides_tests(self):
        sources = [each.source for each in self.release().cells]
        self.assertIn(SIGN % ("", exercises.STUB), sources)
        self.assertIn(TWICE % ("", exercises.STUB), sources)
        self.assertIn(
            'camlab.notebook.Notebook.check(twice(2) == 4, "twice 2 is right");', sources)
        self.assertIn(
            "camlab.notebook.Notebook.attempt(() ->\n    camlab.exercise.GradCamExercises."
            "counterfactual((A, g) -> counterfactual(A, g)));", sources)
        everything = "\n".join(sources)
        for secret in ("another one", "2 * x", "g.mean(k)", "The minus moves", "because"):
            self.assertNotIn(secret, everything)
        self.assertIn("*Write your answer here.*", sources)

    def test_what_is_hidden_is_worth_a_point_of_its_own(self):
        marks = {
            each.metadata.nbgrader.grade_id: each.metadata.nbgrader.points
            for each in self.release().cells if "points" in each.metadata.get("nbgrader", {})}
        self.assertEqual(
            {"exercise-1-check": 2, "exercise-2-check": 2, "exercise-2-further": 1,
             "exercise-3": 1}, marks)

    def test_an_answer_under_the_name_of_the_readers_is_named(self):
        notebook = lesson()
        notebook.cells[9].source = TWICE % ("", "return 2 * x;")
        nbformat.write(notebook, self.lesson)
        output = self.grade("release", self.course, self.lesson)
        self.assertEqual(1, self.code)
        self.assertIn("the reader's method 'twice'; ours is 'twiceSolution'", output)

    def test_a_lesson_that_is_no_notebook_is_named(self):
        for text, why in (
                ("{", "Notebook does not appear to be JSON"),
                ('{"cells": [{"cell_type": [], "metadata": {}, "source": ""}], "metadata": {},'
                 ' "nbformat": 4, "nbformat_minor": 4}', "nbformat does not take it (TypeError).")):
            with self.subTest(text):
                self.lesson.write_text(text)
                output = self.grade("release", self.course, self.lesson)
                self.assertEqual(1, self.code)
                self.assertIn(f"{self.lesson.stem}: {why}", output)

    def test_an_answer_that_does_not_fit_its_exercise_is_named(self):
        notebook = lesson()
        notebook.cells[9].source = "int twiceSolution(int x) {\n  return 2 * x; }"
        nbformat.write(notebook, self.lesson)
        output = self.grade("release", self.course, self.lesson)
        self.assertEqual(1, self.code)
        self.assertIn("answer to exercise 2 does not begin and end as the exercise does", output)

    @unittest.skipUnless(Project().kernel.joinpath("kernel.json").is_file(), "needs the kernel")
    def test_submissions(self):
        released = self.release()
        right = {"exercise-1": SIGN % ("", RIGHT), "exercise-2": TWICE % ("", "return 2 * x;")}
        self.hand_in("perfect", released, {**right, "exercise-3": "Because of the sign."})
        self.hand_in("half", released, {**right, "exercise-2": TWICE % ("", "return x + 2;")})
        self.hand_in("no-compiling", released, {**right, "exercise-1": SIGN % ("", "return map")})
        self.hand_in("endless", released, {**right, "exercise-2": TWICE % ("", "while (true) { }")})
        printing = TWICE % ("", "while (true) { System.out.println(x); }")
        self.hand_in("printing", released, {**right, "exercise-2": printing})
        leaving = SIGN % ("", "System.exit(0); return null;")
        by_heart = TWICE % ("", "return x == 5 ? 10 : 0;")
        self.hand_in("hidden-only", released, {**right, "exercise-2": by_heart})
        shadowing = {"exercise-1": SIGN % ("", "return null;") + SHADOW,
                     "exercise-2": TWICE % ("", "return 0;") + SHADOW}
        self.hand_in("shadowing", released, shadowing)
        self.hand_in("exit", released, {**right, "exercise-1": leaving})
        self.hand_in("no-checks", without_checks(released), right)

        output = self.grade("autograde", self.course, "--timeout", 8, "--jobs", 2)
        points = [line.split()[1:] for line in output.splitlines() if line.startswith(NAME + "  ")]
        self.assertEqual(
            [["endless", "2", "6", "0"], ["exit", "0", "6", "6"], ["half", "4", "6", "0"],
             ["hidden-only", "2", "6", "0"], ["no-checks", "5", "6", "0"],
             ["no-compiling", "3", "6", "0"], ["perfect", "5", "6", "1"], ["printing", "2", "6", "0"],
             ["shadowing", "0", "6", "0"]],
            points, output)
        self.assertEqual(1, self.code, "one could not be graded")
        self.assertIn("exit: not graded, as its kernel ended", output)
        marks = (self.course / "grades.csv").read_text().splitlines()
        self.assertIn(f"{NAME},half,exercise-2,2.0,3.0,False", marks)

        self.grade("feedback", self.course)
        page = (self.course / "feedback" / "half" / NAME / (NAME + ".html")).read_text()
        self.assertIn("Score: 4.0 / 6.0", page)
        self.assertNotRegex(page, r'<(script|link|img)[^>]*"https?:')

    @unittest.skipUnless(Project().kernel.joinpath("kernel.json").is_file(), "needs the kernel")
    def test_two_machines_mark_what_one_would(self):
        released = self.release()
        right = {"exercise-1": SIGN % ("", RIGHT), "exercise-2": TWICE % ("", "return 2 * x;")}
        self.hand_in("perfect", released, right)
        self.hand_in("half", released, {"exercise-1": right["exercise-1"]})
        self.assertIn("no shard in", self.refusal("merge", self.course))
        self.grade("autograde", self.course, "--shard", "1/2")
        self.assertEqual(0, self.code)
        self.assertIn("lacks the shards 2/2", self.refusal("merge", self.course))
        self.assertFalse((self.course / "grades.csv").exists())
        self.grade("autograde", self.course, "--shard", "2/2")
        output = self.grade("merge", self.course)
        self.assertEqual(0, self.code, output)
        points = [line.split()[1:3] for line in output.splitlines() if line.startswith(NAME + "  ")]
        self.assertEqual([["half", "2"], ["perfect", "5"]], points)
        marks = (self.course / "grades.csv").read_text().splitlines()
        self.assertIn(f"{NAME},half,exercise-1,2.0,2.0,False", marks)
        self.assertEqual(7, len(marks))

        self.grade("feedback", self.course)
        page = self.course / "feedback" / "perfect" / NAME / (NAME + ".html")
        self.assertIn("Score: 5.0 / 6.0", page.read_text())

    @unittest.skipUnless(Project().kernel.joinpath("kernel.json").is_file(), "needs the kernel")
    def test_a_submission_within_its_limits(self):
        released = self.release()
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        outside = self.course.parent / "outside.txt"
        other = self.course / "submitted" / "perfect"
        tries = {
            "network": f"""
              try (var ignored = new java.net.Socket("127.0.0.1", {server.getsockname()[1]})) {{
                return 2 * x;
              }} catch (java.io.IOException refused) {{ return 0; }}""",
            "writer": f"""
              try {{
                java.nio.file.Files.writeString(java.nio.file.Path.of("{outside}"), "mine");
                return 2 * x;
              }} catch (java.io.IOException refused) {{ return 0; }}""",
            "reader": f"""
              return java.nio.file.Files.exists(java.nio.file.Path.of("{other}")) ? 2 * x : 0;""",
            "own": """
              try {
                java.nio.file.Files.writeString(java.nio.file.Path.of("notes.txt"), "mine");
                java.nio.file.Files.createTempFile("notes", ".txt");
                return 2 * x;
              } catch (java.io.IOException refused) { return 0; }""",
            "greedy": """
              try {
                var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                ((sun.misc.Unsafe) field.get(null)).allocateMemory(5L << 30);
                return 2 * x;
              } catch (ReflectiveOperationException | OutOfMemoryError refused) { return 0; }""",
            "perfect": "return 2 * x;",
        }
        for student, body in tries.items():
            self.hand_in(student, released, {"exercise-2": TWICE % ("", body)})
        output = self.grade(
            "autograde", self.course, "--timeout", 60, "--jobs", 2, "--memory", 4)
        self.assertEqual(0, self.code, output)
        points = {line.split()[1]: line.split()[2] for line in output.splitlines()
                  if line.startswith(NAME + "  ")}
        if limits.missing():
            # Memory is counted without any help; and what else holds is said.
            self.assertEqual(("0", "3"), (points["greedy"], points["perfect"]), output)
            self.assertIn("open to it, since", output)
        else:
            self.assertEqual(
                {"network": "0", "writer": "0", "reader": "0", "greedy": "0", "own": "3",
                 "perfect": "3"}, points, output)
            self.assertFalse(outside.exists())

    @unittest.skipUnless(Project().kernel.joinpath("kernel.json").is_file(), "needs the kernel")
    def test_a_submission_that_takes_too_long_in_all_ends_alone(self):
        released = self.release()
        self.hand_in("perfect", released, {"exercise-2": TWICE % ("", "return 2 * x;")})
        marked = self.grade("autograde", self.course)
        self.assertIn("perfect: 3 of 6", marked)
        endless = TWICE % ("", "while (true) { }")
        self.hand_in("endless", released, {"exercise-2": endless})
        output = self.grade("autograde", self.course, "--submission-timeout", 6, "--timeout", 300)
        self.assertEqual(1, self.code)
        self.assertIn("endless: not done: it took more than 6 s in all", output)
        self.assertIn("perfect", output.split("lesson")[-1], "its marks of before are kept")

    @unittest.skipUnless(Project().kernel.joinpath("kernel.json").is_file(), "needs the kernel")
    @unittest.skipUnless(os.name == "posix", "asks for a process of another session")
    def test_killed_it_leaves_no_kernel(self):
        released = self.release()
        told = self.course.parent / "kernel"
        waits = """try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("%s"),
                ProcessHandle.current().pid() + ".");
            Thread.sleep(600_000);
          } catch (java.io.IOException | InterruptedException ended) { }
          return 0;"""
        self.hand_in("waits", released, {"exercise-2": TWICE % ("", waits % told)})
        marking = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", ALONE, "autograde", self.course],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path),
                 "TMPDIR": str(self.course.parent)},  # it cannot clean up
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(marking.kill)
        end = time.monotonic() + 120
        while not (told.exists() and told.read_text().endswith(".")):
            self.assertIsNone(marking.poll())
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        kernel = int(told.read_text()[:-1])
        self.addCleanup(testing.kill, [kernel])
        os.kill(kernel, 0)
        os.killpg(marking.pid, signal.SIGKILL)
        marking.wait()
        with self.assertRaises(ProcessLookupError):
            for _ in range(150):
                os.kill(kernel, 0)
                time.sleep(0.1)

    def test_what_nobody_has_handed_in_is_not_marked_in_silence(self):
        released = self.release()
        for command in "autograde", "feedback":
            self.assertIn("Nothing is handed in", self.refusal(command, self.course))
        self.hand_in("one", released, {})
        for command in "autograde", "feedback":
            self.assertIn(
                f"Nobody has handed in 91-other: in {self.course / 'submitted'} are {NAME}.",
                self.refusal(command, self.course, NAME, "91-other"))

    def test_what_cannot_be_marked_is_told_with_what_to_do(self):
        released = self.release()
        for student, name, content in (
                ("renamed", "my answers.ipynb", nbformat.writes(released)),
                ("empty", NAME + ".ipynb", ""),
                ("a-page", NAME + ".ipynb", "<html>"),
                ("nothing", "", "")):
            folder = self.course / "submitted" / student / NAME
            folder.mkdir(parents=True)
            if name:
                (folder / name).write_text(content)
        (self.course / "submitted" / "elsewhere" / "91-other").mkdir(parents=True)
        output = self.grade("autograde", self.course)
        self.assertEqual(1, self.code)
        for student, why in (
                ("renamed", f"expected {NAME}.ipynb in its folder, found my answers.ipynb."),
                ("nothing", f"expected {NAME}.ipynb in its folder, found nothing."),
                ("empty", f"{NAME}.ipynb is no notebook: Notebook does not appear to be JSON"),
                ("a-page", f"{NAME}.ipynb is no notebook: Notebook does not appear to be JSON")):
            self.assertIn(f"{NAME}, {student}: not done: {why}", output)
        self.assertIn(
            f"91-other, elsewhere: not done: no lesson 91-other was released, but {NAME}.", output)
        self.assertNotIn("nbgrader", output)
        output = self.grade("feedback", self.course)
        self.assertEqual(1, self.code)
        self.assertIn(f"{NAME}, renamed: no page, as it is not marked", output)

    def refusal(self, *arguments):
        with contextlib.redirect_stderr(io.StringIO()) as refused:
            self.grade(*arguments)
        self.assertEqual(2, self.code)
        return refused.getvalue()


if __name__ == "__main__":
    unittest.main()

"""A second `run` with nothing changed says so; whatever changed, or was lost, runs again."""
import contextlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401

import commands
import jdk
from project import Project


class LastRunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve() / "a project"
        self.project = Project(self.root)
        self.java = jdk.Java(self.root / "jdk", "17.0.9")
        self.code = 0
        for name in ("notebooks/1.ipynb", "notebooks/2.ipynb", "models/a/weights", "data/cat.png"):
            self.write(self.root / name)
        for path in (self.project.library, self.project.kernel / "kernel.json",
                     self.project.kernel / "jjava.jar", self.root / "mine" / "1.ipynb"):
            self.write(path)

    def write(self, path, text="one"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def execute(self, project, notebooks, out, options):
        """Leaves what the real one leaves."""
        self.executed = True
        for path in notebooks:
            self.write(out / path.name, path.read_text())
            self.write(out / (path.stem + ".html"))
        results = [{"page": path.stem + ".html", "copy": path.name} for path in notebooks]
        self.write(out / "results.json", json.dumps(results))
        self.write(out / "results.xml")
        self.write(out / "index.html")
        return self.code

    def runs(self, *options, **environ):
        """Whether `run` executes anything."""
        self.executed = False
        output = io.StringIO()
        with mock.patch.object(commands.prepare, "everything", return_value=self.java), \
                mock.patch.object(commands, "execute", self.execute), \
                mock.patch.dict(os.environ, environ), contextlib.redirect_stdout(output):
            self.assertEqual(self.code, commands.main(["run", *map(str, options)], self.project))
        self.assertNotEqual(self.executed, "Nothing has changed" in output.getvalue())
        return self.executed

    def test_a_second_one_has_nothing_to_do(self):
        self.assertTrue(self.runs())
        self.assertFalse(self.runs())
        self.assertFalse(self.runs())

    def test_times_do_not_count(self):
        self.runs()
        os.utime(self.root / "notebooks/1.ipynb", (0, 0))
        self.assertFalse(self.runs())

    def test_whatever_they_are_executed_with_counts(self):
        for path in ("notebooks/1.ipynb", "models/a/weights", "data/cat.png", "data/dog.png",
                     self.project.library, self.project.kernel / "kernel.json"):
            with self.subTest(str(path)):
                self.runs()
                self.write(self.root / path, "two")
                self.assertTrue(self.runs())
                self.assertFalse(self.runs())
        self.java = jdk.Java(self.java.home, "25.0.1")
        self.assertTrue(self.runs())
        with mock.patch("platform.python_version", return_value="3.99.1"):
            self.assertTrue(self.runs())
        self.assertTrue(self.runs("--timeout", "60"))
        self.assertTrue(self.runs(OMP_NUM_THREADS="1"))

    def test_pages_that_were_lost_or_edited(self):
        out = self.project.pages
        for name in ("1.html", "2.ipynb", "index.html", "results.json", "results.xml"):
            for spoil in (Path.unlink, lambda path: self.write(path, "[]")):
                with self.subTest(name):
                    self.runs()
                    spoil(out / name)
                    self.assertTrue(self.runs())

    def test_again_and_write_back_always_execute(self):
        self.runs()
        self.assertTrue(self.runs("--again"))
        self.assertTrue(self.runs("--write-back"))
        self.assertTrue(self.runs("--write-back"))

    def test_a_failure_is_run_again(self):
        self.code = 1
        self.assertTrue(self.runs())
        self.assertTrue(self.runs())

    def test_another_folder_of_results_is_another_run(self):
        self.runs()
        self.assertTrue(self.runs("--out", self.root / "elsewhere"))
        self.assertFalse(self.runs("--out", self.root / "elsewhere"))

    def test_a_notebook_that_changes_while_it_is_executed_is_run_again(self):
        execute = self.execute

        def edit_meanwhile(project, notebooks, out, options):
            self.write(self.root / "notebooks/1.ipynb", "edited")
            return execute(project, notebooks, out, options)

        with mock.patch.object(self, "execute", edit_meanwhile):
            self.runs()
        self.assertTrue(self.runs())

    def test_of_other_notebooks_and_pictures_nobody_knows_what_they_read(self):
        for _ in range(2):
            self.assertTrue(self.runs(self.root / "mine"))
            self.assertTrue(self.runs(CAMLAB_PICTURES="photographs"))


if __name__ == "__main__":
    unittest.main()

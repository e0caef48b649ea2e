"""The parts of `camlab.py test`: what runs at a time, what the table says, and the exit code."""
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401

import commands
import testing
from console import Missing, Problem, StatusLine


def job(title, code, after=None):
    return testing.Job(title, title.upper(), [sys.executable, "-c", code], os.environ, after)


class PartsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.logs = Path(folder.name) / "logs"
        self.output = io.StringIO()
        self.parts = testing.Parts(StatusLine(self.output))

    def side_by_side(self, *jobs):
        with contextlib.redirect_stdout(self.output):
            self.parts.run_side_by_side(jobs, self.logs)
        return self.output.getvalue()

    def results(self):
        rows = self.parts.table().splitlines()[2:]
        return [row.split(maxsplit=2)[::2] for row in rows]

    def test_they_run_at_a_time_and_each_speaks_in_one_piece(self):
        """Each waits for a sign of the other, so that their words would mix."""
        here = self.logs.parent
        talk = (
            "import pathlib, time\n"
            "print('%s begins', flush=True)\n"
            "pathlib.Path(r'%s').touch()\n"
            "while not pathlib.Path(r'%s').exists(): time.sleep(0.05)\n"
            "print('%s ends', flush=True)"
        )
        printed = self.side_by_side(
            job("a", talk % ("a", here / "a", here / "b", "a")),
            job("b", talk % ("b", here / "b", here / "a", "b")))
        for piece in ("\n== A ==\na begins\na ends\n", "\n== B ==\nb begins\nb ends\n"):
            self.assertIn(piece, printed)
        self.assertEqual([["a", "ok"], ["b", "ok"]], sorted(self.results()))

    def test_one_that_fails_lets_the_others_end(self):
        self.side_by_side(job("a", "raise SystemExit(3)"), job("b", "print('here')"))
        self.assertEqual([["a", "FAILED"], ["b", "ok"]], sorted(self.results()))
        self.assertTrue(self.parts.failed)

    def test_one_that_waits_begins_when_the_other_has_ended_well_or_not(self):
        sign = self.logs.parent / "sign"
        first = f"import time, pathlib; time.sleep(0.5); pathlib.Path(r'{sign}').touch(); exit(%d)"
        for code, result in ((0, "ok"), (1, "FAILED")):
            with self.subTest(code):
                self.setUp()
                second = f"import pathlib; exit(not pathlib.Path(r'{sign}').exists())"
                self.side_by_side(job("b", second, after="a"), job("a", first % code))
                self.assertEqual([["a", result], ["b", "ok"]], self.results())
                sign.unlink()

    def test_stopping_ends_them(self):
        started = []
        real = testing.start_with_log

        def start(*arguments):
            started.append(real(*arguments))
            if len(started) == 2:
                raise KeyboardInterrupt
            return started[-1]

        wait = "import time; time.sleep(60)"
        with mock.patch.object(testing, "start_with_log", start), \
                self.assertRaises(KeyboardInterrupt):
            self.side_by_side(job("a", wait), job("b", wait))
        self.addCleanup(started[1].wait)
        self.addCleanup(started[1].kill)
        self.assertIsNotNone(started[0].poll())

    def test_what_is_not_run_is_never_ok(self):
        self.parts.not_run("browser", "there is none; to have it: install one")
        self.assertIn(
            "browser           not run, because there is none; to have it: install one",
            self.parts.table())
        self.assertFalse(self.parts.failed)
        self.parts.not_run("browser", "there is none", required=True)
        self.assertIn("FAILED: not run, because there is none", self.parts.table())
        self.assertTrue(self.parts.failed)



class NotebooksAtATimeTest(unittest.TestCase):
    def test_one_more_than_processors_if_each_has_memory(self):
        for processors, gigabytes, expected in (
                (2, 24, 3), (2, 9, 3), (2, 7.7, 2), (8, 16, 5), (8, 64, 9), (1, 64, 2), (2, 2, 1),
                (8, None, 2), (1, None, 1)):
            memory = None if gigabytes is None else int(gigabytes * 2**30)
            with self.subTest((processors, gigabytes)), \
                    mock.patch.object(os, "cpu_count", return_value=processors), \
                    mock.patch.object(commands, "memory_here", return_value=memory):
                self.assertEqual(expected, commands.notebooks_at_a_time())


class TestCommandTest(unittest.TestCase):
    """With parts that only say how they went."""

    def run_test(self, *options, browser="/a/browser", fails=(), built=True):
        def code(name):
            return 1 if name in fails else 0

        def provide(project, line, fetch):
            self.fetch = fetch
            if isinstance(browser, Exception):
                raise browser
            return browser

        def side_by_side(parts, jobs, logs):
            self.jobs = {each.title: each for each in jobs}
            for each in jobs:
                self.commands.append([str(word) for word in each.command[3:]])  # of python -W ignore
                parts._ended(each.title, code(each.title), 1)

        def python(project, *arguments, env=None):
            self.commands.append(list(map(str, arguments)))
            return code(Path(arguments[0]).stem)

        self.commands = []
        output = io.StringIO()
        with contextlib.ExitStack() as stack:
            for replaced in (
                mock.patch.multiple(
                    commands.prepare, find_java=mock.DEFAULT, install_packages=mock.DEFAULT,
                    install_more_packages=mock.DEFAULT, install_kernel=mock.DEFAULT,
                    install_ijava=mock.DEFAULT,
                    build_library=mock.Mock(side_effect=None if built else Problem("not a statement"))),
                mock.patch.object(commands.lock, "alone", lambda *_: contextlib.nullcontext()),
                mock.patch.object(commands, "python", python),
                mock.patch.object(commands.browsers, "provide", provide),
                mock.patch.object(testing.Parts, "run_side_by_side", side_by_side),
                contextlib.redirect_stdout(output),
            ):
                stack.enter_context(replaced)
            exit_code = commands.main(["test", *options])
        self.said, self.table = output.getvalue().split("== All tests ==")
        return exit_code

    def row(self, title):
        return next(line for line in self.table.splitlines() if line.startswith(title))

    def test_all_is_well(self):
        self.assertEqual(0, self.run_test())
        self.assertNotIn("FAILED", self.table)
        self.assertRegex(self.row("browser"), r"1 +ok$")
        self.assertFalse(self.fetch)

    def test_without_a_browser_the_rest_passes_and_the_table_says_so(self):
        self.assertEqual(0, self.run_test(browser=Missing("there is none", "install one")))
        self.assertIn("not run, because there is none; to have it: install one", self.row("browser"))

    def test_who_requires_a_browser_gets_a_failure(self):
        lacking = Missing("there is none", "install one")
        self.assertEqual(1, self.run_test("--require", "browser", browser=lacking))
        self.assertIn("FAILED: not run, because there is none", self.row("browser"))
        self.assertTrue(self.fetch)

    def test_a_wrong_name_of_a_browser_is_a_failure_and_the_other_parts_run(self):
        self.assertEqual(1, self.run_test(browser=Problem("X names no program")))
        self.assertIn("FAILED: not run, because X names no program", self.row("browser"))
        self.assertRegex(self.row("checks under"), "ok$")

    def test_one_part_that_fails_is_a_failure(self):
        for part in ("library", "environment", "what is built", "browser", "notebooks", "checks",
                     "lint"):
            with self.subTest(part):
                self.assertEqual(1, self.run_test(fails=(part,)))

    def test_both_kernels_execute_every_lesson_in_one_pool(self):
        self.run_test()
        executions = [c for c in self.commands if c[0].endswith("execute.py")]
        self.assertEqual(1, len(executions))
        self.assertIn("--also", executions[0])
        self.assertIn("--behind", executions[0])
        self.assertEqual(2, sum(c[0].endswith("checks.py") for c in self.commands))

    def test_lessons_run_beside_the_librarys_tests_and_what_is_made_there_is_used_after_them(self):
        self.run_test()
        after = {title: each.after for title, each in self.jobs.items()}
        self.assertEqual({"library": None, "lint": None, "notebooks": None, "environment": None,
                          "what is built": "library", "browser": "library"}, after)

    def test_without_the_library_lessons_and_browser_are_failures(self):
        self.assertEqual(1, self.run_test(built=False))
        self.assertIn("not a statement", self.said)
        for part in ("notebooks", "browser"):
            self.assertIn("FAILED: not run, because the library was not built", self.row(part))
        self.assertRegex(self.row("environment"), "ok$")


@unittest.skipUnless(shutil.which("ps"), "needs ps")
class EndTest(unittest.TestCase):
    """A program that does not hear, and what it started in a session of its own."""

    DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                         start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""

    def test_all_of_it_ends(self):
        deaf = subprocess.Popen([sys.executable, "-c", self.DEAF], stdout=subprocess.PIPE, text=True)
        self.addCleanup(deaf.stdout.close)
        child = int(deaf.stdout.readline())
        start = time.monotonic()
        with mock.patch.object(testing, "TIDY_UP_SECONDS", 1):
            testing.end_all([deaf])
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(-signal.SIGKILL, deaf.returncode)
        for _ in range(100):
            if not is_running(child):
                return
            time.sleep(0.1)
        self.fail("What it started runs on.")


def is_running(pid):
    """Not as what has ended and is only still listed."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


if __name__ == "__main__":
    unittest.main()

"""A run that hangs is ended from outside, with its kernels."""
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import support  # noqa: F401

import testing

INSTALLED = importlib.util.find_spec("nbclient") is not None
BEATS = """
import subprocess, time
from watchdog import Watchdog
dog = Watchdog(2)
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(child.pid, flush=True)
for second in range(4):
    dog.alive(f"second {second}")
    time.sleep(1)
time.sleep(600)
"""
# What a message of a kernel does to the client that reads it cannot be planned, so it is planted.
HANGS = """
import sys, time
import execute
execute.PATIENCE = 2
class Hangs(execute.Client):
    def __init__(self, nb, **settings):
        super().__init__(nb, **settings)
        self.hangs = "hangs" in nb.cells[0].source
    async def async_execute(self, **settings):
        while self.hangs:
            time.sleep(0.1)
        for cell in self.nb.cells:
            self.on_cell_execute(cell=cell, cell_index=0)
    async def end_kernel(self):
        pass
execute.Client = Hangs
sys.exit(execute.main(sys.argv[1:]))
"""


def program(source, *arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", source, *map(str, arguments)], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class WatchdogTest(unittest.TestCase):
    @unittest.skipUnless(os.name == "posix", "asks for a process of another session")
    def test_what_says_nothing_ends_with_all_that_it_started(self):
        start = time.monotonic()
        beats = program(BEATS)
        self.addCleanup(beats.kill)
        child = int(beats.stdout.readline())
        _, said = beats.communicate(timeout=60)
        self.assertEqual(-9, beats.returncode)
        self.assertGreater(time.monotonic() - start, 5, "it was heard for 4 s")
        self.assertIn("nothing was heard of it for 2 s. It was at: second 3", said)
        with self.assertRaises(ProcessLookupError):
            for _ in range(50):
                os.kill(child, 0)
                time.sleep(0.1)

    @unittest.skipUnless(os.name == "posix", "asks for a process of another session")
    def test_what_a_killed_program_has_started_ends_too(self):
        for seconds in (2, 0):  # it looked in between, and it did not
            beats = program(BEATS)
            child = int(beats.stdout.readline())
            time.sleep(seconds)
            beats.kill()
            beats.wait()
            for pipe in (beats.stdout, beats.stderr):
                pipe.close()
            self.addCleanup(testing.kill, [child])
            with self.subTest(seconds=seconds), self.assertRaises(ProcessLookupError):
                for _ in range(100):
                    os.kill(child, 0)
                    time.sleep(0.1)

    @unittest.skipUnless(INSTALLED, "needs the private environment")
    def test_a_hanging_client_ends_the_run_and_what_was_found_is_kept(self):
        import nbformat
        from nbformat.v4 import new_code_cell, new_notebook

        with tempfile.TemporaryDirectory() as folder:
            books = []
            for name in ("1-fine", "2-hangs"):
                books.append(Path(folder) / f"{name}.ipynb")
                nbformat.write(new_notebook(cells=[new_code_cell(f'"{name}"')]), books[-1])
            out = Path(folder) / "out"
            run = program(HANGS, "--out", out, "--notebook-timeout", 3, *books)
            self.addCleanup(run.kill)
            _, said = run.communicate(timeout=60)
            self.assertEqual(-9, run.returncode, said)
            self.assertIn("It was at: 1 of 2 done; 2-hangs.ipynb", said)
            self.assertIn('"1-fine.ipynb"', (out / "results.json").read_text())


if __name__ == "__main__":
    unittest.main()

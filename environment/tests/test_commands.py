"""What camlab.py answers to a command that cannot be done: a sentence, before anything is done."""
import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401 (the programs' folder)

import commands
from project import Project

NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


class WrongTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.notebook = self.root / "one.ipynb"
        self.notebook.write_text(NOTEBOOK, encoding="utf-8")

    def said(self, *words):
        """What a command says that is refused before the set-up."""
        found = io.StringIO()
        with contextlib.redirect_stderr(found), mock.patch.object(
                commands.prepare, "everything", side_effect=AssertionError("set up")):
            try:
                code = commands.main(list(map(str, words)), Project(self.root))
            except SystemExit as end:
                code = end.code
        self.assertEqual(2, code)
        return found.getvalue()

    def test_a_folder_for_copies_that_cannot_be_made(self):
        for out in (self.notebook, self.notebook / "inside"):
            said = self.said("run", self.notebook, "--out", out)
            self.assertIn(f"Nothing can be written into {out} (", said)
            self.assertIn("name another --out.", said)

    def test_a_course_that_cannot_be_made(self):
        said = self.said("release", self.notebook / "course", self.notebook)
        self.assertIn("name another folder for the course.", said)

    def test_a_port_that_there_is_not(self):
        for port in ("99999", "0", "-1", "http"):
            said = self.said("lab", f"--port={port}")
            self.assertIn(f"'{port}' is not a number from 1 to 65535", said)

    def test_an_address_that_is_not_of_this_machine(self):
        for address in ("300.1.1.1", "192.0.2.1", "a" * 70):
            self.assertIn(f"No server can listen at {address}", self.said("lab", "--ip", address))

    def test_no_time_at_all_for_a_cell(self):
        self.assertIn("'0' is not a number from 1 up", self.said("autograde", ".", "--timeout", 0))


class LabTest(unittest.TestCase):
    @unittest.skipIf(os.name == "nt", "Ctrl-C is no signal there")
    def test_ctrl_c_while_it_starts_is_no_traceback(self):
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "jupyterlab"
            package.mkdir()
            (package / "__init__.py").touch()
            started = Path(folder) / "started"
            (package / "labapp.py").write_text(
                f"import time\nopen({str(started)!r}, 'w').close()\ntime.sleep(60)\n",
                encoding="utf-8")
            # Where tests run in the background, programs begin with Ctrl-C ignored.
            heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
            process = subprocess.Popen(
                [sys.executable, "-c", heard + commands.JUPYTERLAB], stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": folder})
            while not started.exists():
                self.assertIsNone(process.poll())
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            self.assertEqual(b"", process.communicate(timeout=30)[1])
            self.assertEqual(130, process.returncode)


if __name__ == "__main__":
    unittest.main()

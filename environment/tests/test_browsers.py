"""Which browser the test of JupyterLab takes, and what happens where there is none."""
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import make_program

import browsers
from console import Missing, Problem, StatusLine
from project import Project

# Brings what the real one brings, and counts how often.
NPM = """
echo brought >> "$COUNT"
mkdir -p 'node_modules/@sparticuz/chromium/bin'
touch node_modules/@sparticuz/chromium/bin/chromium.br
"""
# Unpacks a browser that starts: its arguments are -e, the script, and two folders.
NODE = """
printf '#!/bin/sh\\n' > "$4/chromium"
tar -c -f "$4/al2023.tar" -C "$4" package.json
"""


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class InstalledTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def find(self, system="linux", **environ):
        return browsers.installed({"PATH": str(self.folder), **environ}, system)

    def test_without_one_there_is_none(self):
        self.assertIsNone(self.find())

    def test_one_on_the_path_is_taken(self):
        chrome = make_program(self.folder / "google-chrome", "")
        self.assertEqual(str(chrome), self.find())

    def test_one_that_does_not_start_is_none(self):
        make_program(self.folder / "chromium", "echo 'install the snap'; exit 1")
        self.assertIsNone(self.find())
        edge = make_program(self.folder / "microsoft-edge", "")
        self.assertEqual(str(edge), self.find())

    def test_the_one_that_is_named_comes_first(self):
        make_program(self.folder / "chromium", "")
        mine = make_program(self.folder / "mine" / "browser", "")
        self.assertEqual(str(mine), self.find(CAMLAB_BROWSER=str(mine)))

    def test_a_wrong_name_says_what_to_do(self):
        with self.assertRaises(Problem) as caught:
            self.find(CAMLAB_BROWSER="/no/such/browser")
        self.assertNotIsInstance(caught.exception, Missing)
        self.assertIn("/no/such/browser", str(caught.exception))
        self.assertIn("install Chromium", str(caught.exception))

    def test_windows_keeps_them_off_the_path(self):
        edge = make_program(self.folder / "Microsoft/Edge/Application/msedge.exe", "")
        self.assertEqual(str(edge), self.find("win32", **{"ProgramFiles(x86)": str(self.folder)}))
        self.assertIsNone(self.find("linux", **{"ProgramFiles(x86)": str(self.folder)}))


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class ProvideTest(unittest.TestCase):
    """A machine without a browser, for which npm's package is."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a project"
        self.project = Project(self.root)
        self.count = self.root / "count"
        self.programs = self.root / "programs"
        self.output = io.StringIO()
        for replaced in (
            mock.patch.object(browsers, "installed", return_value=None),
            mock.patch.object(browsers.platform, "system", return_value="Linux"),
            mock.patch.object(browsers.platform, "machine", return_value="x86_64"),
            mock.patch.dict(os.environ, PATH=f"{self.programs}:/bin:/usr/bin", COUNT=str(self.count)),
            mock.patch.object(browsers.shutil, "which", lambda name: self.which(name)),
        ):
            replaced.start()
            self.addCleanup(replaced.stop)

    def which(self, name):
        program = self.programs / name
        return str(program) if program.is_file() else None

    def provide(self, fetch=False):
        return browsers.provide(self.project, StatusLine(self.output), fetch)

    def missing(self, fetch=False):
        with self.assertRaises(Missing) as caught:
            self.provide(fetch)
        return str(caught.exception)

    def make_npm(self, npm=NPM):
        make_program(self.programs / "npm", npm)
        make_program(self.programs / "node", NODE)

    def test_npm_brings_one_once(self):
        self.make_npm()
        for _ in range(2):
            program = self.provide()
            self.assertTrue(os.access(program, os.X_OK))
            self.assertTrue(Path(program).is_relative_to(self.project.state))
        self.assertEqual(1, len(self.count.read_text().splitlines()))
        self.assertIn("Browser: " + program, self.output.getvalue())

    def test_without_npm_the_reason_and_the_remedy_are_one_line(self):
        self.assertEqual(1, len(self.missing().splitlines()))
        self.assertIn("has none; to have it: install Chromium", self.missing())

    def test_npm_without_a_network(self):
        self.make_npm("echo no network; exit 1")
        self.assertIn("npm brought none", self.missing())
        self.assertEqual(1, len(self.missing().splitlines()))

    def test_no_other_machine_gets_the_package(self):
        self.make_npm()
        with mock.patch.object(browsers.platform, "machine", return_value="aarch64"):
            self.missing()
        self.assertFalse(self.count.exists())

    def test_only_who_wishes_it_gets_playwrights_own(self):
        with mock.patch.object(browsers, "fetched", return_value="/its/own") as fetched:
            self.missing()
            fetched.assert_not_called()
            self.assertEqual("/its/own", self.provide(fetch=True))

    def test_where_npm_fails_playwrights_own_is_fetched_all_the_same(self):
        self.make_npm("exit 1")
        with mock.patch.object(browsers, "fetched", side_effect=["/its/own", Problem("no network")]):
            self.assertEqual("/its/own", self.provide(fetch=True))
            reason = self.missing(fetch=True)
        for part in ("npm brought none (see ", "Playwright's own did not arrive (see "):
            self.assertIn(part, reason)


if __name__ == "__main__":
    unittest.main()

"""What programs get to see of the user's surroundings."""
import locale
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import ENVIRONMENT

import project
from project import Project


class OwnEnvironmentTest(unittest.TestCase):
    def own(self, writable=True, utf8=True, **environ):
        with mock.patch.object(project, "writable", return_value=writable), \
                mock.patch.object(project, "speaks_utf8", return_value=utf8), \
                mock.patch.dict(os.environ, environ, clear=True):
            return Project(Path("/somewhere")).own_environment()

    def test_usually_it_is_the_users(self):
        self.assertEqual({"LANG": "tr_TR.UTF-8"}, self.own(LANG="tr_TR.UTF-8"))

    def test_caches_that_cannot_be_written_are_replaced(self):
        found = self.own(writable=False)
        self.assertEqual({"XDG_CACHE_HOME", "npm_config_cache"}, set(found))
        for folder in found.values():
            self.assertIn(".camlab", Path(folder).parts)

    @unittest.skipUnless(sys.platform.startswith("linux"), "elsewhere names are always UTF-8")
    def test_a_locale_without_utf8_is_replaced(self):
        found = self.own(utf8=False, LC_ALL="C")
        self.assertIn("UTF-8", found["LC_ALL"])

    @unittest.skipUnless(sys.platform.startswith("linux"), "elsewhere names are always UTF-8")
    def test_what_a_locale_speaks(self):
        code = "import project; print(project.speaks_utf8())"
        for name, expected in (("C", "False"), ("C.UTF-8", "True"), ("no_SUCH", "False")):
            if project.codeset("C.UTF-8"):
                done = subprocess.run(
                    [sys.executable, "-c", code], cwd=ENVIRONMENT, stdout=subprocess.PIPE,
                    env={**os.environ, "LC_ALL": name}, encoding="utf-8", check=True)
                self.assertEqual(expected, done.stdout.strip(), name)

    def test_asking_leaves_the_locale_as_it_was(self):
        before = locale.setlocale(locale.LC_CTYPE)
        project.utf8_locale()
        self.assertEqual(before, locale.setlocale(locale.LC_CTYPE))

    @unittest.skipIf(os.name == "nt", "a matter of HOME")
    def test_a_user_without_a_home_can_write_none(self):
        self.assertFalse(project.writable(Path("~") / ".m2"))
        self.assertFalse(project.writable(Path("?") / ".m2"))

    def test_what_does_not_exist_can_be_made_in_a_folder_that_can_be_written(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertTrue(project.writable(Path(folder) / "a" / "b"))


class MemoryTest(unittest.TestCase):
    PAGES = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1000}

    def of(self, text):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.object(os, "sysconf", self.PAGES.__getitem__, create=True):
            limit = Path(folder) / "memory.max"
            if text is not None:
                limit.write_text(text)
            return project.memory_here(limit)

    def test_it_is_the_machines_or_less_in_a_container(self):
        for text, expected in ((None, 4_096_000), ("max\n", 4_096_000), ("5000\n", 5000),
                               ("9223372036854771712\n", 4_096_000)):
            with self.subTest(text):
                self.assertEqual(expected, self.of(text))

    def test_some_systems_do_not_tell(self):
        with mock.patch.object(os, "sysconf", side_effect=ValueError, create=True):
            self.assertIsNone(project.memory_here())


if __name__ == "__main__":
    unittest.main()

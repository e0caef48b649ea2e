import os
import tempfile
import unittest
from pathlib import Path

from support import make_java

import jdk
from console import Problem


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class JdkTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def java(self, name, version, compiler=True):
        return make_java(self.folder / name, version, compiler)

    def assert_problem(self, environ, *words):
        with self.assertRaises(Problem) as caught:
            jdk.find_jdk(environ)
        text = str(caught.exception)
        self.assertEqual(1, len(text.splitlines()))
        for word in (*words, "install a JDK 17 or newer"):
            self.assertIn(word, text)

    def test_java_home_comes_first(self):
        home, other = self.java("a", "21.0.2"), self.java("b", "17.0.9")
        found = jdk.find_jdk({"JAVA_HOME": str(home), "PATH": str(other / "bin")})
        self.assertEqual((home, 21), (found.home, found.feature))

    def test_an_old_java_home_does_not_hide_a_good_one_on_the_path(self):
        old, good = self.java("a", "11.0.1"), self.java("b", "17.0.9")
        found = jdk.find_jdk({"JAVA_HOME": str(old), "PATH": str(good / "bin")})
        self.assertEqual(good, found.home)

    def test_java_tells_the_home_of_its_user(self):
        """It does not ask HOME, and Maven goes by what Java says."""
        home = self.java("a", "21.0.2")
        self.assertEqual(Path.home(), jdk.find_jdk({"JAVA_HOME": str(home)}).user_home)
        program = home / "bin" / "java"
        text = program.read_text(encoding="utf-8")
        program.write_text(text + "echo '    user.home = /a home' >&2\n", encoding="utf-8")
        self.assertEqual(Path("/a home"), jdk.find_jdk({"JAVA_HOME": str(home)}).user_home)

    def test_no_java(self):
        self.assert_problem({"PATH": str(self.folder)}, "No Java was found")
        self.assert_problem({"JAVA_HOME": "/nowhere", "PATH": ""}, "No Java was found")

    def test_too_old(self):
        for version in ("1.8.0_402", "11.0.22", "16"):
            with self.subTest(version):
                home = self.java(version, version)
                self.assert_problem({"PATH": str(home / "bin")}, version, "too old")

    def test_without_compiler(self):
        home = self.java("jre", "17.0.9", compiler=False)
        self.assert_problem({"PATH": str(home / "bin")}, "has no compiler")


if __name__ == "__main__":
    unittest.main()

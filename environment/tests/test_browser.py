"""What the test of JupyterLab finds amiss in what a browser shows. The test
itself is a part of `camlab.py test` of its own."""
import importlib.util
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401

INSTALLED = importlib.util.find_spec("nbclient")
if INSTALLED:
    from nbformat.v4 import new_code_cell, new_output

    import browser


def cell(number, pictures=0, figures=0, broken=0, error=""):
    """As the browser shows it."""
    return {"prompt": f"[{number}]:", "broken": broken, "error": error, **kept(pictures, figures)}


def kept(pictures=0, figures=0):
    """As the committed notebook has it."""
    return {"pictures": pictures, "figures": figures}


@unittest.skipUnless(INSTALLED, "needs the private environment")
class CompareTest(unittest.TestCase):
    def found(self, cells, expected):
        return list(browser.compare(cells, expected))

    def test_what_is_committed_is_fine(self):
        cells = [cell(1), cell(2, pictures=2), cell(3, figures=1)]
        self.assertEqual([], self.found(cells, [kept(), kept(pictures=2), kept(figures=1)]))

    def test_every_defect_is_named(self):
        one = [kept()]
        self.assertIn("shows 1 code cells, but the notebook has 2", self.found([cell(1)], 2 * one)[0])
        self.assertIn("cell 1 fails: E: x", self.found([cell(1, error="E: x")], one)[0])
        self.assertIn("cell 1 was not executed in order", self.found([cell(2)], one)[0])
        self.assertIn("cell 1 shows", self.found([cell(1)], [kept(pictures=1)])[0])
        self.assertIn("cell 1 shows", self.found([cell(1, pictures=1)], [kept(figures=1)])[0])
        self.assertIn("cell 1 has a picture", self.found([cell(1, 2, broken=1)], [kept(2)])[0])

    def test_what_a_cell_should_show(self):
        figure = '<div class="camlab-interactive x">'
        data = (
            {"image/png": "x"}, {"image/jpeg": "x"}, {"text/html": "<table>"},
            {"image/png": "x", "text/html": figure},
        )
        outputs = [new_output("display_data", data=each) for each in data]
        outputs.append(new_output("stream", text="x"))
        cell = new_code_cell("show(x)", outputs=outputs)
        self.assertEqual(kept(pictures=2, figures=1), browser.shown(cell))


@unittest.skipUnless(INSTALLED, "needs the private environment")
class LessonsTest(unittest.TestCase):
    def lessons(self, **texts):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {"n01": "", "n02": "", "n03": "", **texts}.items():
                file = browser.LESSON if name == "n03" else name[1:] + ".ipynb"
                (Path(folder) / file).write_text(text)
            return [path.name[:2] for path in browser.lessons(Path(folder))]

    def test_lesson_03_and_one_with_a_figure_to_play_with(self):
        figure = '<div class=\\"camlab-interactive x\\">'
        self.assertEqual(["03"], self.lessons())
        self.assertEqual(["03", "02"], self.lessons(n02=figure))
        self.assertEqual(["03"], self.lessons(n02=figure, n03=figure))


class FakePage:
    """Takes the watch's handlers, so that a test can call them."""

    def __init__(self):
        self.handlers = {}

    def on(self, event, handler):
        self.handlers[event] = handler


class Event:
    def __init__(self, **values):
        self.__dict__.update(values)


@unittest.skipUnless(INSTALLED, "needs the private environment")
class WatchTest(unittest.TestCase):
    def setUp(self):
        self.page = FakePage()
        self.watch = browser.Watch(self.page)

    def complaints(self, event, **values):
        self.watch.complaints.clear()
        self.page.handlers[event](Event(**values))
        return self.watch.complaints

    def test_errors_and_failures_are_kept(self):
        self.assertTrue(self.complaints("console", type="error", text="x"))
        self.assertTrue(self.complaints("pageerror", message="x"))
        self.assertTrue(self.complaints("requestfailed", url="http://localhost:8888/x"))
        self.assertTrue(self.complaints("response", status=404, url="http://localhost:8888/x"))

    def test_what_is_in_order_is_not(self):
        self.assertFalse(self.complaints("console", type="warning", text="x"))
        self.assertFalse(self.complaints("response", status=200, url="http://localhost:8888/x"))

    def test_nothing_may_leave_the_machine(self):
        for url in ("https://example.org/x.js", "wss://example.org/", "http://localhost.example.org/"):
            self.assertTrue(self.complaints("request", url=url), url)
        for url in ("http://127.0.0.1:8888/lab", "ws://localhost:8888/api", "data:image/png;base64,x"):
            self.assertFalse(self.complaints("request", url=url), url)


if __name__ == "__main__":
    unittest.main()

"""Executing notebooks. A small fake stands in for the kernel, so these tests are quick; they need
the packages of the private environment, as `camlab.py test` has them."""
import contextlib
import importlib.util
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401

INSTALLED = all(map(importlib.util.find_spec, ("nbclient", "nbconvert", "latex2mathml")))
if INSTALLED:
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    import checks
    import execute
    import pages


class FakeClient:
    """Understands four words: 'fail', 'hang', 'die' and 'warn'; prints all other cells."""

    def __init__(self, nb, on_cell_execute, on_cell_executed, **settings):
        self.nb = nb
        self.on_cell_execute = on_cell_execute
        self.on_cell_executed = on_cell_executed

    async def async_execute(self, **settings):
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code":
                self.on_cell_execute(cell=cell, cell_index=index)
                self.answer(cell)
                cell.execution_count = index + 1
                self.on_cell_executed(cell=cell, cell_index=index, execute_reply={})

    def answer(self, cell):
        if cell.source == "fail":
            trace = ["\x1b[31mIllegalStateException: 3 maps expected\x1b[0m", "\tat #2"]
            cell.outputs = [new_output("error", ename="E", evalue="x", traceback=trace)]
            raise CellExecutionError("", "E", "x")
        if cell.source == "hang":
            raise CellTimeoutError()
        if cell.source == "die":
            raise DeadKernelError()
        name = "stderr" if cell.source == "warn" else "stdout"
        cell.outputs = [new_output("stream", name=name, text=cell.source)]


@unittest.skipUnless(INSTALLED, "needs the private environment")
class ExecuteTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.out = self.folder / "out"

    def notebook(self, name, *sources):
        cells = [new_code_cell(source) for source in sources]
        for cell in cells:
            cell.outputs = [new_output("stream", text="stale")]
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        metadata = {"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}}
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        return path

    def run_all(self, *arguments):
        self.output = io.StringIO()
        with mock.patch.object(execute, "NotebookClient", FakeClient), \
                contextlib.redirect_stdout(self.output), \
                mock.patch.object(execute.signal, "signal"):
            code = execute.main(["--out", str(self.out), *map(str, arguments)])
        self.results = json.loads((self.out / "results.json").read_text())
        return code

    def outcomes(self):
        return [(r["name"], r["outcome"], r["failed_cell"]) for r in self.results]

    def test_success(self):
        self.assertEqual(0, self.run_all(self.notebook("1.ipynb", "a", "b")))
        self.assertIn("All 1 notebooks ran without an error.", self.output.getvalue())
        self.assertRegex(self.output.getvalue(), r"1\.ipynb +2/2 +\d+\.\d +ok")
        self.assertIn('href="1.html"', (self.out / "index.html").read_text())

    def test_every_kind_of_failure_is_named_and_the_next_notebook_goes_on(self):
        broken = self.folder / "5.ipynb"
        broken.write_text("{")
        code = self.run_all(
            self.notebook("1.ipynb", "a", "fail", "b"), self.notebook("2.ipynb", "hang"),
            self.notebook("3.ipynb", "a", "die"), self.notebook("4.ipynb", "warn", "a"),
            broken, self.notebook("6.ipynb", "a"),
        )
        self.assertEqual(1, code)
        self.assertEqual(
            [("1.ipynb", "error", 2), ("2.ipynb", "timeout", 1), ("3.ipynb", "kernel died", 2),
             ("4.ipynb", "stderr", 1), ("5.ipynb", "unreadable", None), ("6.ipynb", "ok", None)],
            self.outcomes(),
        )
        self.assertIn("5 of 6 notebooks failed.", self.output.getvalue())

    def test_a_failure_keeps_the_partial_copy_and_page_without_stale_outputs(self):
        self.run_all(self.notebook("1.ipynb", "a", "fail", "b"))
        copy = nbformat.read(self.out / "1.ipynb", as_version=4)
        self.assertEqual("a", copy.cells[0].outputs[0].text)
        self.assertEqual("error", copy.cells[1].outputs[0].output_type)
        self.assertEqual([], copy.cells[2].outputs)
        self.assertIn("3 maps expected", (self.out / "1.html").read_text())
        self.assertIn("    IllegalStateException: 3 maps expected\n", self.output.getvalue())

    def test_no_keep_going_stops_at_the_first_failure(self):
        one, two = self.notebook("1.ipynb", "fail"), self.notebook("2.ipynb", "a")
        self.assertEqual(1, self.run_all("--no-keep-going", one, two))
        self.assertEqual(1, len(self.results))

    def test_allow_stderr(self):
        self.assertEqual(0, self.run_all("--allow-stderr", self.notebook("1.ipynb", "warn")))

    def test_write_back_stores_outputs_only_of_notebooks_that_ran_through(self):
        good, bad = self.notebook("1.ipynb", "a"), self.notebook("2.ipynb", "a", "fail")
        before = bad.read_text()
        self.run_all("--write-back", good, bad)
        self.assertEqual("a", nbformat.read(good, as_version=4).cells[0].outputs[0].text)
        self.assertEqual(before, bad.read_text())

    def test_equal_names_in_two_folders_do_not_collide(self):
        self.run_all(self.notebook("x/1.ipynb", "a"), self.notebook("y/1.ipynb", "a"))
        self.assertEqual(["x/1.ipynb", "y/1.ipynb"], [r["name"] for r in self.results])
        self.assertIn('href="../index.html"', (self.out / "x/1.html").read_text())

    def test_checks(self):
        source = self.notebook("1.ipynb", "a", "b")
        self.run_all("--write-back", source)
        self.assertEqual([], checks.problems(source, self.out / "1.ipynb"))
        log = self.out / "1.kernel.log"
        log.write_text("Picked up JAVA_TOOL_OPTIONS: -Dx=y\n")
        self.assertEqual([], checks.problems(source, self.out / "1.ipynb"))
        log.write_text("WARNING: deprecated\n")
        self.assertEqual(1, len(checks.problems(source, self.out / "1.ipynb")))
        log.unlink()
        other = self.notebook("2.ipynb", "a", "c")
        found = checks.problems(other, self.out / "1.ipynb")
        self.assertIn("its cells are not those of the executed copy", found)


@unittest.skipUnless(INSTALLED, "needs the private environment")
class PagesTest(unittest.TestCase):
    def page(self, markdown):
        nb = new_notebook(cells=[new_markdown_cell(markdown)])
        return pages.notebook_page(nb, Path("sample.ipynb"), "index.html")

    def test_formulas_become_mathml(self):
        page = self.page("Weights $\\alpha_k$ and\n\n$$\\begin{aligned}a &= b\\end{aligned}$$")
        self.assertEqual(2, page.count("<math"))
        self.assertIn("<mtable", page)

    def test_a_formula_that_cannot_be_converted_is_shown_as_written(self):
        with mock.patch.object(pages, "convert", side_effect=ValueError):
            self.assertIn("<code>a&lt;b</code>", pages.mathml("a<b", "inline"))

    def test_pages_load_nothing(self):
        page = self.page("text $x$")
        self.assertNotIn("<script", page)
        self.assertNotIn("<link", page)
        self.assertNotRegex(page, r"(src|href)=.https?:")


if __name__ == "__main__":
    unittest.main()

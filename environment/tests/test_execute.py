"""Executing notebooks. A small fake stands in for the kernel, so these tests are quick; they need
the packages of the private environment, as `camlab.py test` has them."""
import asyncio
import contextlib
import importlib.util
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import support  # noqa: F401

INSTALLED = all(map(importlib.util.find_spec, ("nbclient", "nbconvert", "latex2mathml")))
if INSTALLED:
    import nbformat
    from jupyter_client.kernelspec import find_kernel_specs
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    import checks
    import execute
    import pages
    from project import Project


class FakeClient:
    """Understands a few words, such as 'fail' and 'hang'; prints all other cells."""

    def __init__(self, nb, on_cell_execute, on_cell_executed, kernels=None, **settings):
        self.nb = nb
        self.kernels = kernels
        self.start_with(kernels)
        self.on_cell_execute = on_cell_execute
        self.on_cell_executed = on_cell_executed

    async def async_execute(self, env=None, **settings):
        self.begin_in(env)
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "code":
                self.on_cell_execute(cell=cell, cell_index=index)
                await asyncio.sleep({"nap": 1, "loop": 60}.get(cell.source, 0))
                self.answer(cell)
                cell.execution_count = index + 1
                self.on_cell_executed(cell=cell, cell_index=index, execute_reply={})

    def start_with(self, kernels):
        pass

    def begin_in(self, env):
        pass

    async def end_kernel(self):
        pass

    def answer(self, cell):
        if cell.source == "fail" or (cell.source == "fail-elsewhere" and self.kernels):
            trace = ["\x1b[31mIllegalStateException: 3 maps expected\x1b[0m", "\tat #2"]
            cell.outputs = [new_output("error", ename="E", evalue="x", traceback=trace)]
            raise CellExecutionError("", "E", "x")
        if cell.source == "hang":
            raise CellTimeoutError()
        if cell.source == "die":
            raise DeadKernelError()
        if cell.source == "bell":
            cell.outputs = [new_output("stream", name="stderr", text="a bell: \x07")]
            return
        name = "stderr" if cell.source == "warn" else "stdout"
        cell.outputs = [new_output("stream", name=name, text=cell.source)]


def printed(text):
    """The message of a kernel whose cell prints this."""
    return {"msg_type": "stream", "header": {"msg_type": "stream"},
            "parent_header": {"msg_id": "1"}, "content": {"name": "stdout", "text": text}}


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
        with mock.patch.object(execute, "Client", FakeClient), \
                contextlib.redirect_stdout(self.output), mock.patch.dict(os.environ), \
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

    def test_write_back_changes_no_byte_of_what_says_the_same(self):
        book = self.notebook("1.ipynb", "reach 0.16080", "reach 0.5", "new")
        self.run_all("--write-back", book)
        nb = nbformat.read(book, as_version=4)
        nb.cells[0].outputs[0].text = "reach 0.16079"
        nbformat.write(nb, book)
        before = book.read_bytes()
        self.run_all("--write-back", book)
        self.assertEqual(before, book.read_bytes())
        nb.cells[1].outputs[0].text = "reach 0.4"
        nbformat.write(nb, book)
        self.run_all("--write-back", book)
        self.assertEqual(before, book.read_bytes())

    def test_equal_names_in_two_folders_do_not_collide(self):
        self.run_all(self.notebook("x/1.ipynb", "a"), self.notebook("y/1.ipynb", "a"))
        self.assertEqual(["x/1.ipynb", "y/1.ipynb"], [r["name"] for r in self.results])
        self.assertIn('href="../index.html"', (self.out / "x/1.html").read_text())

    def test_places_below_the_root_are_kept_even_of_a_single_notebook(self):
        self.run_all("--root", self.folder, self.notebook("x/1.ipynb", "a"))
        self.assertEqual(["x/1.ipynb"], [r["name"] for r in self.results])

    def test_results_come_in_the_order_of_the_notebooks_whichever_finishes_first(self):
        books = [self.notebook("1.ipynb", "nap", "a"), self.notebook("2.ipynb", "b")]
        self.assertEqual(0, self.run_all("--jobs", 2, *books))
        printed = self.output.getvalue()
        self.assertLess(printed.index("2.ipynb: ok"), printed.index("1.ipynb: ok"))
        self.assertEqual(["1.ipynb", "2.ipynb"], [r["name"] for r in self.results])

    def test_other_kernels_execute_the_same_into_their_own_folder(self):
        """All in one pool; each of them gets the kernels of its own folder."""
        book, kernels, other = self.notebook("1.ipynb", "a"), self.folder / "else", self.folder / "o"
        seen = []
        with mock.patch.object(FakeClient, "start_with", lambda client, own: seen.append(own)):
            self.assertEqual(0, self.run_all("--also", kernels, other, book))
        self.assertEqual([None, kernels], seen)
        self.assertIn("1.ipynb (else): ok", self.output.getvalue())
        for out in (self.out, other):
            self.assertEqual("1.ipynb", json.loads((out / "results.json").read_text())[0]["name"])
            self.assertTrue((out / "1.ipynb").is_file())
        # Readers get their pages from the first.
        self.assertTrue((self.out / "1.html").is_file())
        self.assertFalse((other / "1.html").exists())

    def test_a_failure_under_another_kernel_is_one(self):
        book = self.notebook("1.ipynb", "fail-elsewhere")
        self.assertEqual(1, self.run_all("--also", self.folder / "else", self.folder / "o", book))
        self.assertEqual([("1.ipynb", "ok", None)], self.outcomes())

    def test_answers_are_read_under_another_kernel_when_the_first_has_ended(self):
        books = [self.notebook("1.ipynb", "a", "nap"), self.notebook("2.ipynb", "a", "nap")]
        answers, other = self.folder / "answers", self.folder / "other"
        answers.mkdir()
        (answers / "1.csv").write_text("of an earlier run")
        began = []

        def begin(client, env):
            file = Path(env[execute.ANSWERS])
            began.append((file.name, client.kernels is not None, file.exists()))
            if client.kernels is None:
                file.write_text("of this run")

        with mock.patch.object(FakeClient, "begin_in", begin):
            code = self.run_all("--jobs", 3, "--answers", answers, "--also", self.folder / "else",
                                other, *books)
        self.assertEqual(0, code)
        self.assertEqual([("1.csv", False, False), ("2.csv", False, False)], sorted(began[:2]))
        self.assertEqual([("1.csv", True, True), ("2.csv", True, True)], sorted(began[2:]))

    def test_without_answers_kernels_have_the_environment_as_it_is(self):
        seen = []
        with mock.patch.object(FakeClient, "begin_in", lambda client, env: seen.append(env)):
            self.run_all(self.notebook("1.ipynb", "a"))
        self.assertEqual([None], seen)

    def test_the_longest_of_the_last_time_begin(self):
        books = [self.notebook(f"{n}.ipynb", "a") for n in (1, 2, 3)]
        self.out.mkdir()
        listing = [{"name": "2.ipynb", "seconds": 3.5}, {"name": "3.ipynb", "seconds": 7}]
        (self.out / "results.json").write_text(json.dumps(listing))
        self.assertEqual(0, self.run_all(*books))
        self.assertEqual(["3", "2", "1"], re.findall(r"(\d)\.ipynb: ok", self.output.getvalue()))
        self.assertEqual(["1.ipynb", "2.ipynb", "3.ipynb"], [r["name"] for r in self.results])

    def test_of_those_that_never_ran_the_last_begin_where_several_run(self):
        books = [self.notebook(f"{n}.ipynb", "a") for n in (1, 2, 3)]
        for jobs, expected in ((1, "1"), (2, "3")):
            with self.subTest(jobs), \
                    mock.patch.object(execute.Execution, "run", autospec=True) as began:
                self.run_all("--jobs", jobs, *books)
                self.assertEqual(f"{expected}.ipynb", began.call_args_list[0].args[0].name)

    def test_kernels_share_the_processor_unless_the_user_says_otherwise(self):
        for kernels, before, expected in ((1, {}, None), (3, {}, "2"), (9, {}, "1"),
                                          (3, {"OMP_NUM_THREADS": "5"}, "5")):
            with self.subTest((kernels, before)), mock.patch.dict(os.environ, before, clear=True), \
                    mock.patch.object(os, "cpu_count", return_value=8):
                execute.share_processor(kernels)
                self.assertEqual(expected, os.environ.get("OMP_NUM_THREADS"))

    def test_what_is_stored_is_computed_by_one_thread_on_every_machine(self):
        for kernels, before in ((1, {}), (3, {}), (3, {"OMP_NUM_THREADS": "5"})):
            with self.subTest((kernels, before)), mock.patch.dict(os.environ, before, clear=True), \
                    mock.patch.object(os, "cpu_count", return_value=8):
                execute.share_processor(kernels, write_back=True)
                self.assertEqual("1", os.environ["OMP_NUM_THREADS"])

    @unittest.skipUnless(Path("/proc/self/autogroup").exists(), "this system groups no sessions")
    def test_a_kernel_that_runs_behind_others_does_so_in_its_own_session(self):
        kernel = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
        self.addCleanup(kernel.communicate, b"\n")
        execute.put_behind(kernel.pid)
        group = Path(f"/proc/{kernel.pid}/autogroup").read_text()
        self.assertEqual("nice 10", group.split(maxsplit=1)[1].strip())

    def test_of_a_kernel_that_has_ended_nothing_is_said(self):
        execute.put_behind(1 << 30)

    def test_kernels_keep_the_memory_they_have_freed(self):
        with mock.patch.dict(os.environ, {"MALLOC_TOP_PAD_": "5"}, clear=True):
            execute.keep_memory()
            self.assertEqual("5", os.environ["MALLOC_TOP_PAD_"])
            self.assertEqual(str(1 << 25), os.environ["MALLOC_MMAP_THRESHOLD_"])
            self.assertEqual(str(1 << 30), os.environ["MALLOC_TRIM_THRESHOLD_"])

    def test_what_a_cell_of_text_has_left_of_its_outputs_is_nobodys(self):
        cell = new_markdown_cell("x")
        cell.outputs = [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}]
        self.assertEqual(0, self.run_all(self.with_text(cell)))

    def test_of_a_picture_its_words_are_kept_and_no_hash(self):
        for kind in ("image/png", "image/jpeg"):
            for words, kept in (
                    ("", False), ("Picture@1e392345", False),
                    ("BufferedImage@4b1210ee: type = 1", False),
                    ("The bear; map for bear (4.31)", True), ("Recall@5", True)):
                data = {kind: "x", "text/plain": words}
                cell = new_code_cell("x", outputs=[new_output("display_data", data=data)])
                execute.tidy(new_notebook(cells=[cell]))
                expected = {kind: "x", **({"text/plain": words} if kept else {})}
                self.assertEqual(expected, cell.outputs[0].data)

    def test_a_notebook_has_a_limit_of_its_own(self):
        books = [self.notebook("1.ipynb", "a", "loop", "b"), self.notebook("2.ipynb", "b")]
        self.assertEqual(1, self.run_all("--jobs", 2, "--notebook-timeout", 1, *books))
        self.assertEqual([("1.ipynb", "timeout", 2), ("2.ipynb", "ok", None)], self.outcomes())
        self.assertEqual("The notebook ran longer than 1 s.", self.results[0]["message"])

    def test_what_only_looks_like_a_notebook_is_unreadable(self):
        for text in ("", "[]", "{}", '{"cells": 3, "nbformat": 4, "nbformat_minor": 5}',
                     '{"cells": [{"cell_type": "markdown"}], "metadata": {}, "nbformat": 4,'
                     ' "nbformat_minor": 5}',
                     '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": "5"}',
                     '{"cells": [{"cell_type": [], "id": "a", "metadata": {}, "source": ""}],'
                     ' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
                     '{"cells": [{"cell_type": "raw", "id": [], "metadata": {}, "source": ""}],'
                     ' "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'):
            with self.subTest(text):
                book = self.folder / "1.ipynb"
                book.write_text(text)
                self.assertEqual(1, self.run_all(book))
                self.assertEqual([("1.ipynb", "unreadable", None)], self.outcomes())
                self.assertNotEqual("", self.results[0]["message"])

    def test_even_a_failure_of_this_program_does_not_stop_the_others(self):
        tidy = mock.Mock(side_effect=[ValueError("a fault"), None])
        with mock.patch.object(execute, "tidy", tidy):
            self.run_all(self.notebook("1.ipynb", "a"), self.notebook("2.ipynb", "a"))
        self.assertEqual([("1.ipynb", "broken", None), ("2.ipynb", "ok", None)], self.outcomes())
        self.assertIn("ValueError: a fault", self.results[0]["message"])

    def test_what_no_page_can_be_made_of_is_named_and_its_copy_kept(self):
        book = self.with_text(new_markdown_cell("![A cat](attachment:cat.png)"))
        before = book.read_text()
        self.assertEqual(1, self.run_all("--write-back", book))
        self.assertEqual([("1.ipynb", "no page", None)], self.outcomes())
        self.assertIn("missing attachment: cat.png", self.results[0]["message"])
        self.assertEqual([None, "1.ipynb"], [self.results[0][key] for key in ("page", "copy")])
        self.assertEqual(["1.ipynb"], sorted(each.name for each in self.out.glob("1.*")))
        self.assertEqual(before, book.read_text())

    def test_half_a_character_is_kept_in_the_copy_and_shown_as_unknown_on_the_page(self):
        self.assertEqual(0, self.run_all(self.with_text(new_markdown_cell("a \ud83d b"))))
        copy = nbformat.read(self.out / "1.ipynb", as_version=4)
        self.assertEqual("a \ud83d b", copy.cells[1].source)
        self.assertIn("a &#55357; b", (self.out / "1.html").read_text(encoding="utf-8"))

    def with_text(self, cell):
        book = self.notebook("1.ipynb", "a")
        nb = nbformat.read(book, as_version=4)
        nb.cells.append(cell)
        book.write_text(json.dumps(nb), encoding="utf-8")
        return book

    def test_ctrl_c_ends_what_runs_and_keeps_it(self):
        books = [self.notebook(f"{n}.ipynb", "a", "loop") for n in (1, 2, 3)]
        status, seen = execute.Run._status, []

        def status_then_ctrl_c(run):
            seen.append(status(run))
            if seen[-1].count("cell 2 of 2") == 2 and KeyboardInterrupt not in seen:
                seen.append(KeyboardInterrupt)
                raise KeyboardInterrupt
            return seen[-1]

        with mock.patch.object(execute.Run, "_status", status_then_ctrl_c):
            self.assertEqual(130, self.run_all("--jobs", 2, *books))
        self.assertEqual([("2.ipynb", "stopped", 2), ("3.ipynb", "stopped", 2)], self.outcomes())
        copy = nbformat.read(self.out / "2.ipynb", as_version=4)
        self.assertEqual("a", copy.cells[0].outputs[0].text)

    def test_a_cell_that_prints_for_ever_does_not_fill_the_memory(self):
        client, outputs = execute.Client(new_notebook()), []
        client.clear_before_next_output = False
        with mock.patch.object(execute, "MOST_OUTPUTS", 2):
            for _ in range(9):
                client.output(outputs, printed("x"), None, 0)
        self.assertEqual(["x", "x"], [output.text for output in outputs[:-1]])
        self.assertIn("the rest is left out", outputs[-1].text)

    def test_a_folder_of_kernels_comes_before_those_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            spec = Path(folder) / "kernels" / "java" / "kernel.json"
            spec.parent.mkdir(parents=True)
            spec.write_text('{"argv": ["mine"], "display_name": "Mine", "language": "java"}')
            client = execute.Client(new_notebook(), kernels=Path(folder), kernel_name="java")
            self.assertEqual(["mine"], client.create_kernel_manager().kernel_spec.argv)

    def test_what_a_cell_printed_before_it_was_stopped_is_one_output(self):
        streams = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
        outputs = [new_output("stream", name=name, text=text) for name, text in streams]
        cell = new_code_cell("x", outputs=outputs)
        execute.tidy(new_notebook(cells=[cell]))
        self.assertEqual(["abd", "c"], [output.text for output in cell.outputs])

    def test_what_a_carriage_return_wrote_over_is_left_out_as_nbclient_does(self):
        """Compared with nbclient's own expression on texts of the characters that matter."""
        expression = re.compile(r".*\r(?=[^\n])")
        for letters in itertools.product("a\r\n", repeat=7):
            text = "".join(letters)
            self.assertEqual(expression.sub("", text), execute.as_seen(text), repr(text))

    def test_a_long_line_takes_time_that_grows_with_its_length(self):
        """nbclient's expression takes hours for this line."""
        line = "0.12345, " * 1_000_000
        cell = new_code_cell("x", outputs=[new_output("stream", name="stdout", text=line)])
        start = time.process_time()
        execute.tidy(new_notebook(cells=[cell]))
        self.assertLess(time.process_time() - start, 5)
        self.assertEqual(line, cell.outputs[0].text)

    def test_of_a_line_that_is_too_long_the_beginning_is_kept(self):
        client, outputs = execute.Client(new_notebook()), []
        client.clear_before_next_output = False
        with mock.patch.object(execute, "MOST_CHARACTERS", 100):
            for text in ("a" * 60, "b" * 60, "c"):
                client.output(outputs, printed(text), None, 0)
        self.assertEqual("a" * 60, outputs[0].text)
        self.assertEqual("b" * 40, outputs[1].text)
        self.assertIn("the rest is left out", outputs[2].text)
        self.assertEqual(3, len(outputs))

    def test_exercises_without_an_answer_are_counted(self):
        book = self.notebook("1.ipynb", "\u25cb still open", "\u2713 right", "\u25cb no check")
        nb = nbformat.read(book, as_version=4)
        for cell in nb.cells[:2]:
            cell.metadata.tags = ["check"]
        nbformat.write(nb, book)
        self.assertEqual(0, self.run_all(book))
        self.assertEqual(1, self.results[0]["still_open"])

    def test_junit(self):
        """The rules of the schemas that CI systems go by, such as that of Jenkins' xUnit plugin."""
        code = self.run_all(
            self.notebook("1.ipynb", "a"), self.notebook("ann/1.ipynb", "fail"),
            self.notebook("bob/1.ipynb", "die"), self.notebook("cy/1.ipynb", "bell"),
        )
        self.assertEqual(1, code)
        suites = ElementTree.parse(self.out / "results.xml").getroot()
        self.assertEqual("testsuites", suites.tag)
        (suite,) = suites
        self.assertEqual("testsuite", suite.tag)
        for element in (suites, suite):
            counts = [element.get(name) for name in ("tests", "failures", "errors")]
            self.assertEqual(["4", "2", "1"], counts)
        self.assertTrue(suite.get("name"))
        for case in suite:
            self.assertEqual("testcase", case.tag)
            self.assertEqual({"classname", "name", "time"}, set(case.keys()))
            self.assertRegex(case.get("time"), r"^\d+\.\d{3}$")
            self.assertLessEqual(len(case), 1)
            for wrong in case:
                self.assertIn(wrong.tag, ("failure", "error"))
                self.assertEqual({"type", "message"}, set(wrong.keys()))
        self.assertEqual(
            ["notebooks", "ann", "bob", "cy"], [case.get("classname") for case in suite]
        )
        self.assertEqual(["failure", "error", "failure"], [case[0].tag for case in suite[1:]])
        self.assertEqual("IllegalStateException: 3 maps expected\n\tat #2", suite[1][0].text)
        self.assertEqual("a bell: \ufffd", suite[3][0].text)

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


@unittest.skipUnless(INSTALLED and "java" in find_kernel_specs(), "needs the Java kernel")
class KernelTest(unittest.TestCase):
    """The same with real kernels, end to end."""

    def test_submissions_of_every_kind(self):
        handed_in = {
            "fine": "1 + 1",
            "fails": "throw new IllegalStateException()",
            "does-not-compile": "int b = 1 +",
            "loops": "while (true) {}",
            "prints": "while (true) { System.out.println(1); }",
            "ends": "System.exit(0)",
        }
        with tempfile.TemporaryDirectory() as folder:
            root, out = Path(folder).resolve() / "handed in", Path(folder).resolve() / "out"
            books = []
            for name, source in handed_in.items():
                cells = [new_code_cell(c) for c in ("ProcessHandle.current().pid()", source)]
                books.append(root / name / "1.ipynb")
                books[-1].parent.mkdir(parents=True)
                nbformat.write(new_notebook(cells=cells), books[-1])
            arguments = ["--out", out, "--root", root, "--jobs", 3, "--timeout", 8, *books]
            with contextlib.redirect_stdout(io.StringIO()), \
                    mock.patch.object(execute.signal, "signal"), mock.patch.dict(os.environ):
                self.assertEqual(1, execute.main(list(map(str, arguments))))
            results = json.loads((out / "results.json").read_text())
            self.assertEqual(
                [("fine/1.ipynb", "ok", 2), ("fails/1.ipynb", "error", 1),
                 ("does-not-compile/1.ipynb", "error", 1), ("loops/1.ipynb", "timeout", 1),
                 ("prints/1.ipynb", "timeout", 1), ("ends/1.ipynb", "kernel died", 1)],
                [(r["name"], r["outcome"], r["executed"]) for r in results],
            )
            for book in books:
                copy = nbformat.read(out / book.relative_to(root), as_version=4)
                with self.assertRaises(ProcessLookupError, msg=book):
                    os.kill(int(copy.cells[0].outputs[0].data["text/plain"]), 0)


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

    def test_links_between_notebooks_lead_from_page_to_page(self):
        page = self.page("[a](03-grad-cam.ipynb#b) [c](https://d.org/e.ipynb) [f](../README.md)")
        for link in ("03-grad-cam.html#b", "https://d.org/e.ipynb", "../README.md"):
            self.assertIn(f'<a href="{link}">', page)

    def test_pages_of_the_lessons_load_nothing(self):
        """No style sheet, script, font or picture from outside: all is in the page. (Of every fifth
        lesson, since pages take their time.)"""
        for lesson in sorted(Project().notebooks.glob("*.ipynb"))[::5]:
            with self.subTest(lesson.name):
                nb = nbformat.read(lesson, as_version=4)
                page = Resources()
                page.feed(pages.notebook_page(nb, lesson, "index.html"))
                self.assertEqual([], [r for r in page.found if not r.startswith("data:")])

    def test_what_would_be_loaded_is_noticed(self):
        page = Resources()
        page.feed('<link href="a.css"><script src="https://x.org/b.js"></script><img src="c.png">'
                  "<style>@import 'd.css'; p { background: url(https://x.org/e.png) }</style>"
                  '<a href="https://x.org">a link is not loaded</a>')
        self.assertEqual(
            ["a.css", "https://x.org/b.js", "c.png", "d.css", "https://x.org/e.png"], page.found
        )

    def test_answers_are_folded(self):
        def cell(new, source, *tags):
            return new(source, metadata={"tags": list(tags)})

        nb = new_notebook(cells=[
            cell(new_markdown_cell, "the question"), cell(new_code_cell, "stub", "exercise"),
            cell(new_markdown_cell, "**Answer**\n\nsince", "solution"),
            cell(new_code_cell, "code", "solution"), cell(new_code_cell, "looked", "check"),
            cell(new_code_cell, "again", "hidden"), cell(new_code_cell, "end"),
        ])
        page = pages.notebook_page(nb, Path("sample.ipynb"), "index.html")
        boxes = re.findall("<details[^>]*><summary>(.*?)</summary>(.*?)</details>", page, re.DOTALL)
        self.assertEqual(["Answer", "Further check"], [title for title, _ in boxes])
        for word, inside in (("question", ""), ("stub", ""), ("since", boxes[0][1]),
                             ("code", boxes[0][1]), ("looked", ""), ("again", boxes[1][1])):
            self.assertEqual(bool(inside), any(f">{word}<" in box for _, box in boxes), word)
            self.assertTrue(word in page)
        self.assertNotIn("<strong>Answer", page)
        self.assertIn("**Answer**", nb.cells[2].source)

    def test_figures_are_described_to_those_who_do_not_see_them(self):
        nothing = "No description has been provided for this image"
        for kind in ("image/png", "image/jpeg"):
            for words in ('a < "b" & <img src=c>\nd', ""):
                data = {kind: "x", **({"text/plain": words} if words else {})}
                cell = new_code_cell("x", outputs=[new_output("display_data", data=data)])
                page = pages.notebook_page(new_notebook(cells=[cell]), Path("a.ipynb"), "index.html")
                found = Resources()
                found.feed(page)
                self.assertEqual([words or nothing], found.alts)
                self.assertEqual(1, page.count("alt="), "the second of two is not read")

    def test_code_and_outputs_are_reached_by_keys(self):
        html = {"text/html": '<img src="data:,a>b"><div class="jp-OutputArea">c</div>'}
        cell = new_code_cell("x", outputs=[new_output("display_data", data=html)])
        page = pages.notebook_page(new_notebook(cells=[cell]), Path("sample.ipynb"), "index.html")
        for kind, reached in (("jp-Cell-inputWrapper", True), ("jp-OutputArea-output", True),
                              ("jp-OutputArea-child", False)):
            tags = re.findall(rf'<div[^>]* class="[^"]*{kind}[ "][^>]*>', page)
            self.assertEqual([reached], [' tabindex="0"' in tag for tag in tags], kind)
        self.assertIn(f'<img alt="{pages.UNDESCRIBED}" src="data:,a>b">', page)

    def test_code_is_escaped(self):
        cell = new_code_cell("List<img> a; // <div>")
        page = pages.notebook_page(new_notebook(cells=[cell]), Path("sample.ipynb"), "index.html")
        self.assertNotIn("<img>", page)
        self.assertIn("&lt;", page)

    def test_an_answer_that_fails_is_open(self):
        error = new_output("error", ename="E", evalue="x", traceback=["it failed"])
        cell = new_code_cell("x", outputs=[error], metadata={"tags": ["solution"]})
        page = pages.notebook_page(new_notebook(cells=[cell]), Path("sample.ipynb"), "index.html")
        self.assertEqual(["open"], re.findall("<details[^>]* (open)", page))


class Resources(HTMLParser):
    """What a browser would load to show a page, and what it reads for its pictures."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.alts = []
        self._in_style = False

    def handle_starttag(self, tag, attributes):
        self._in_style = tag == "style"
        for name, value in attributes:
            loads = name in ("src", "srcset", "poster", "data", "background")
            if loads or (tag == "link" and name == "href"):
                self.found.append(value)
            if name == "alt":
                self.alts.append(value)
            if name == "style":
                self.handle_style(value)

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, text):
        if self._in_style:
            self.handle_style(text)

    def handle_style(self, text):
        for pattern in (r"@import\s+[\"']([^\"']+)", r"url\(\s*[\"']?([^\"')]+)"):
            self.found += re.findall(pattern, text)


if __name__ == "__main__":
    unittest.main()

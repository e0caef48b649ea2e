"""Executes notebooks without a screen. `camlab.py run` and `camlab.py test` start this inside the
private environment; it may use what is installed there (nbclient, nbconvert)."""
from __future__ import annotations

import argparse
import asyncio
import atexit
import contextlib
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Coroutine, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import notebook_file
import pages
import results
import sameness
import whole
from console import MOST_LINES, StatusLine, first_lines, tail
from exercises import tags_of
from project import use_plain_output
from results import Result
from watchdog import Watchdog

MOST_OUTPUTS = 5000
MOST_CHARACTERS = 10_000_000  # of the outputs of one cell, pictures included
LOOK_SECONDS = 0.2
NICE = 10  # of 19: what stands behind has a tenth of what each of the others has
PATIENCE = 60  # s that a notebook may take beyond its limit, or this program say nothing
PICTURES = {"image/png", "image/jpeg"}
OBJECT_HASH = re.compile(r"[\w$;]@[0-9a-f]{5,8}\b")  # says nothing, and is another each time
ANSWERS = "CAMLAB_ANSWERS"  # what the library calls the variable that names a file of answers


@dataclass
class Options:
    """`root` is a folder that holds all the notebooks; in `out` they keep their places below it,
    so that equal names do not collide. With `kernels`, the kernels in that folder come first, and
    there are copies only, no pages. With `behind`, programs beside this one come first. With
    `answers`, a folder, a notebook's evaluations keep their answers there, and those of the same
    notebook in a further set read them instead of working them out again."""

    out: Path
    root: Path | None = None
    jobs: int = 1
    timeout: int = 600
    notebook_timeout: int = 0
    keep_going: bool = True
    write_back: bool = False
    allow_stderr: bool = False
    behind: bool = False
    notebooks: list[Path] = field(default_factory=list)
    kernels: Path | None = None
    answers: Path | None = None

    def __post_init__(self):
        self.notebooks = [Path(os.path.abspath(notebook)) for notebook in self.notebooks]
        folders = [notebook.parent for notebook in self.notebooks]
        self.root = self.root or Path(os.path.commonpath(folders))


def main(arguments: Sequence[str] | None = None) -> int:
    use_plain_output()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    sets = parse(arguments)
    for each in sets:
        each.out.mkdir(parents=True, exist_ok=True)
    if sets[0].answers:  # only those of this run count
        shutil.rmtree(sets[0].answers, ignore_errors=True)
    if sets[0].behind and hasattr(os, "nice"):
        os.nice(NICE)
    jobs = sets[0].jobs
    kernels = min(jobs, sum(len(each.notebooks) for each in sets))
    share_processor(kernels, any(each.write_back for each in sets))
    keep_memory()
    run = Run(sets)
    try:
        run.all()
    except KeyboardInterrupt:
        return 130
    for each in sets:
        print("\n" + results.summary(run.results(each), len(each.notebooks), each.out))
    return 0 if all(result.ok for each in sets for result in run.results(each)) else 1


def stop(number, frame) -> None:
    """The first request stops the run; further ones must not disturb the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def parse(arguments: Sequence[str] | None) -> list[Options]:
    """One set of notebooks, and the same again with each of the other kernels."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--jobs", type=int, default=Options.jobs)
    parser.add_argument("--timeout", type=int, default=Options.timeout)
    parser.add_argument("--notebook-timeout", type=int, default=Options.notebook_timeout)
    parser.add_argument("--no-keep-going", dest="keep_going", action="store_false")
    parser.add_argument("--write-back", action="store_true")
    parser.add_argument("--allow-stderr", action="store_true")
    parser.add_argument("--behind", action="store_true")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--also", type=Path, nargs=2, metavar=("KERNELS", "OUT"), action="append")
    parser.add_argument("notebooks", type=Path, nargs="+")
    options = vars(parser.parse_args(arguments))
    also = options.pop("also") or []
    first = Options(**options)
    return [first, *(replace(first, kernels=kernels, out=out) for kernels, out in also)]


def share_processor(kernels: int, write_back: bool = False) -> None:
    """Each of them would use all of it, and they would wait for each other. What is to be stored is
    computed by one thread: with more, sums come out differently in their last digits."""
    if write_back:
        os.environ["OMP_NUM_THREADS"] = "1"
    elif kernels > 1:
        threads = max(1, (os.cpu_count() or 1) // kernels)
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))


def keep_memory() -> None:
    """What a kernel has freed it takes again soon, since each pass needs as much as the one before.
    The C library gives what is large back to the system each time, and the system clears every page of
    it anew. Kept, half of lesson 15 takes 0.7 s inside the system, and not 1.7. (These are glibc's
    variables; other libraries do not read them.)"""
    # 32 MB is the largest that every version takes for what is mapped by itself.
    sizes = {"MMAP_THRESHOLD": 1 << 25, "TRIM_THRESHOLD": 1 << 30, "TOP_PAD": 1 << 25}
    for name, size in sizes.items():
        os.environ.setdefault(f"MALLOC_{name}_", str(size))


# All notebooks


class Run:
    """Executes sets of notebooks, several notebooks at a time: each in a thread of its own with a
    kernel of its own, so that none waits for another. This thread, the main one, tells how far they
    are. Those that took longest the last time begin, so that none of them is left for the end; of
    those that never ran the last ones, since lessons grow. One that reads answers begins when the one
    that keeps them has ended."""

    def __init__(self, sets: Sequence[Options]):
        self._jobs = sets[0].jobs
        self._keep_going = sets[0].keep_going
        self._stop = threading.Event()
        self._sets = sets
        self._executions = [
            Execution(notebook, each, self._stop) for each in sets for notebook in each.notebooks]
        if self._jobs > 1:
            self._executions.reverse()
        self._executions.sort(key=lambda each: (each.reads_answers, -each.last_seconds))
        self._running: dict[Future, Execution] = {}
        self._finished: list[Execution] = []
        self._line = StatusLine()
        self._watchdog = Watchdog(PATIENCE)

    def results(self, options: Options) -> list[Result]:
        """Of the notebooks of a set that have finished, in the order they were given in."""
        finished = [each for each in self._finished if each.options is options]
        return [each.result for each in sorted(finished, key=lambda each: each.position)]

    def all(self) -> None:
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                self._start_each(pool)
                self._finish_until(0)
            except KeyboardInterrupt:
                self._stop.set()
                self._finish_until(0)
                raise
            finally:
                self._watchdog.close()

    def _start_each(self, pool: ThreadPoolExecutor) -> None:
        for execution in self._executions:
            self._finish_until(self._jobs - 1)
            while execution.reads_answers and any(
                    each.answers == execution.answers for each in self._running.values()):
                self._finish_until(len(self._running) - 1)
            if not (self._keep_going or all(each.result.ok for each in self._finished)):
                break
            self._running[pool.submit(execution.run)] = execution

    def _finish_until(self, running: int) -> None:
        while len(self._running) > running:
            status = self._status()
            self._line.update(status)
            if not any(each.is_overdue() for each in self._running.values()):
                self._watchdog.alive(status)
            for future in wait(self._running, LOOK_SECONDS, FIRST_COMPLETED).done:
                future.result()
                self._finish(self._running.pop(future))

    def _finish(self, execution: Execution) -> None:
        self._finished.append(execution)
        result = execution.result
        self._line.finish(f"{execution.name}: {result.verdict}, {result.seconds:.1f} s")
        # Kept up to date, for those who look while the rest still runs.
        results.write(self.results(execution.options), execution.options.out)

    def _status(self) -> str:
        done = f"{len(self._finished)} of {len(self._executions)} done"
        return "; ".join([done, *(execution.status() for execution in self._running.values())])


# One notebook


class Execution:
    """One notebook on its way. Its copy and page are kept, complete or not."""

    def __init__(self, notebook: Path, options: Options, stop: threading.Event):
        self.options = self._options = options
        self.position = options.notebooks.index(notebook)
        self._notebook = notebook
        self._stop = stop
        self._place = options.out / notebook.parent.relative_to(options.root)
        name = (self._place / notebook.name).relative_to(options.out).as_posix()
        self.result = self._result = Result(name)
        self.name = f"{name} ({options.kernels.name})" if options.kernels else name
        self.last_seconds = results.last_seconds(options.out).get(name, 0.0)
        self.answers = options.answers and options.answers / Path(name).with_suffix(".csv")
        self.reads_answers = bool(options.answers and options.kernels)
        self._start = self._cell_start = time.monotonic()
        self._current = 0

    def is_overdue(self) -> bool:
        """Whether it is far beyond a limit that should have ended it: its client must be hanging."""
        now = time.monotonic()
        begun = ((self._options.notebook_timeout, self._start),
                 (self._options.timeout, self._cell_start))
        return any(limit and now > start + limit + PATIENCE for limit, start in begun)

    def status(self) -> str:
        cells = self._result.cells
        doing = f"cell {self._current} of {cells}" if self._current else "starting"
        return f"{self.name}: {doing}, {time.monotonic() - self._start:.0f} s"

    def run(self) -> Result:
        """Never throws, whatever the notebook is like: the other notebooks go on."""
        self._start = self._cell_start = time.monotonic()
        try:
            self._read_and_run()
        except Exception:
            self._result.outcome = "broken"
            self._result.message = "\n".join(traceback.format_exc().splitlines()[-MOST_LINES:])
        self._result.seconds = time.monotonic() - self._start
        return self._result

    def _read_and_run(self) -> None:
        self._place.mkdir(parents=True, exist_ok=True)
        if self.answers:
            self.answers.parent.mkdir(parents=True, exist_ok=True)
        try:
            nb = notebook_file.read(self._notebook)
        except notebook_file.Unreadable as problem:
            self._result.outcome = "unreadable"
            self._result.message = str(problem)
            return
        clear_outputs(nb)
        self._result.cells = sum(1 for _ in code_cells(nb))
        self._run_cells(nb)
        self._result.still_open = still_open(nb)
        self._keep(nb)

    def _run_cells(self, nb) -> None:
        log = self._options.out / Path(self._result.name).with_suffix(".kernel.log")
        client = Client(
            nb,
            kernel_name="java",
            kernels=self._options.kernels,
            behind=self._options.behind,
            timeout=self._options.timeout or None,
            startup_timeout=120,
            record_timing=False,
            coalesce_streams=False,  # takes time that grows with the square of a line's length
            shutdown_kernel="immediate",
            on_cell_execute=self._on_cell_execute,
            on_cell_executed=self._on_cell_executed,
        )
        try:
            with open(log, "wb") as chatter:
                in_a_loop(self._within_limit(client, chatter))
        except CellExecutionError as error:
            self._fail("error", traceback_of(nb) or str(error))
            self._result.executed = self._current - 1
        except CellTimeoutError:
            self._fail("timeout", f"The cell ran longer than {self._options.timeout} s.")
        except NotebookTimeout:
            limit = self._options.notebook_timeout
            self._fail("timeout", f"The notebook ran longer than {limit} s.")
        except Stopped:
            self._fail("stopped", "")
        except DeadKernelError:
            message = "The kernel ended by itself: System.exit, or not enough memory.\n"
            self._fail("kernel died", message + tail(log))
        except RuntimeError as error:
            self._fail("no kernel", f"{error}\n{tail(log)}")
        finally:
            if log.stat().st_size == 0:
                log.unlink()
        for cell in code_cells(nb):
            merge_streams(cell)
        if self._result.ok and not self._options.allow_stderr:
            self._fail_on_stderr(nb)

    async def _within_limit(self, client: Client, chatter) -> None:
        folder = str(self._notebook.parent)
        settings = {"env": {**os.environ, ANSWERS: str(self.answers)}} if self.answers else {}
        work = asyncio.ensure_future(
            client.async_execute(cwd=folder, stdout=chatter, stderr=chatter, **settings)
        )
        limit = self._options.notebook_timeout
        end = self._start + limit if limit else float("inf")
        try:
            while not work.done():
                if self._stop.is_set():
                    raise Stopped
                if time.monotonic() > end:
                    raise NotebookTimeout
                await asyncio.wait([work], timeout=LOOK_SECONDS)
            work.result()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await client.end_kernel()

    def _on_cell_execute(self, cell, cell_index) -> None:
        self._current += 1
        self._cell_start = time.monotonic()

    def _on_cell_executed(self, cell, cell_index, execute_reply) -> None:
        self._result.executed += 1

    def _fail(self, outcome: str, message: str) -> None:
        self._result.outcome = outcome
        self._result.failed_cell = self._current or None
        self._result.message = first_lines(message)

    def _fail_on_stderr(self, nb) -> None:
        for number, cell in enumerate(code_cells(nb), start=1):
            for output in cell.outputs:
                if output.output_type == "stream" and output.name == "stderr":
                    self._current = number
                    return self._fail("stderr", output.text)

    def _keep(self, nb) -> None:
        tidy(nb)
        out = self._options.out
        copy = self._place / self._notebook.name
        whole.write_notebook(nb, copy)
        self._result.copy = copy.relative_to(out).as_posix()
        if self._options.kernels is None:
            self._keep_page(nb, copy)
        if self._options.write_back and self._result.ok:
            sameness.keep_same_outputs(nb, nbformat.read(self._notebook, as_version=4))
            whole.write_notebook(nb, self._notebook)

    def _keep_page(self, nb, copy: Path) -> None:
        """For readers, who need none of a second kernel."""
        out = self._options.out
        page = copy.with_suffix(".html")
        index = os.path.relpath(out / "index.html", self._place).replace(os.sep, "/")
        try:
            text = pages.notebook_page(nb, self._notebook, index)
        except Exception as error:  # of nbconvert, whose templates meet whatever the notebook holds
            if self._result.ok:
                why = f"{type(error).__name__}: {error}"
                self._result.outcome = "no page"
                self._result.message = first_lines(f"Its web page cannot be made.\n{why}")
            return
        whole.write_page(text, page)
        self._result.page = page.relative_to(out).as_posix()


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


class NotebookTimeout(Exception):
    """The time for the whole notebook is up."""


class WithinLimits:
    """A cell that prints for ever, or too long a line, must not fill the memory: of its outputs the
    first are kept. For clients of nbclient's kind."""

    _room = MOST_CHARACTERS

    def output(self, outs, msg, display_id, cell_index):
        if not outs or self.clear_before_next_output:
            self._room = MOST_CHARACTERS
        if self._room < 0:
            return None
        room = self._room
        self._room -= characters(msg["content"].get("text") or msg["content"].get("data"))
        if self._room >= 0 and len(outs) < MOST_OUTPUTS:
            return super().output(outs, msg, display_id, cell_index)
        self._room = -1
        if msg["msg_type"] == "stream" and len(outs) < MOST_OUTPUTS:
            text = msg["content"]["text"][:room]
            cut = {**msg, "content": {**msg["content"], "text": text}}
            super().output(outs, cut, display_id, cell_index)
        limit = f"{MOST_OUTPUTS} outputs or {MOST_CHARACTERS} characters"
        text = f"\n[After {limit} of this cell, the rest is left out.]\n"
        outs.append(nbformat.v4.new_output("stream", name="stdout", text=text))
        return None


class Client(WithinLimits, NotebookClient):
    """nbclient's, but for four things."""

    def __init__(self, nb, kernels: Path | None = None, behind: bool = False, **settings):
        super().__init__(nb, **settings)
        self._kernels = kernels
        self._behind = behind

    def create_kernel_manager(self):
        """Looks for the kernel in the folder of ours first."""
        manager = super().create_kernel_manager()
        if self._kernels:
            specs = KernelSpecManager()
            specs.kernel_dirs = [str(self._kernels / "kernels"), *specs.kernel_dirs]
            manager.kernel_spec_manager = specs
        return manager

    async def async_start_new_kernel(self, **settings) -> None:
        await super().async_start_new_kernel(**settings)
        if self._behind:
            put_behind(self.km.provisioner.pid)

    async def end_kernel(self) -> None:
        """nbclient ends its kernel by itself, but not one that is still starting."""
        if self.km is not None:
            await self._async_cleanup_kernel()
            atexit.unregister(self._cleanup_kernel)


def put_behind(kernel: int) -> None:
    """A kernel has a session of its own. Linux may share the processor out among sessions, and then
    what `nice` says counts within each of them only; among them it counts what stands here."""
    with contextlib.suppress(OSError):  # other systems, and kernels without it, do not group
        Path(f"/proc/{kernel}/autogroup").write_text(str(NICE), encoding="ascii")


def in_a_loop(work: Coroutine) -> None:
    """Does the work to its end in a loop of its own, of the kind that Jupyter's sockets need."""
    loop = asyncio.SelectorEventLoop()
    # When a kernel is killed, what nbclient's helpers say about its closed sockets helps nobody.
    loop.set_exception_handler(lambda loop, context: None)
    try:
        loop.run_until_complete(work)
    finally:
        loop.run_until_complete(end_tasks())
        loop.close()


async def end_tasks() -> None:
    """Those that nbclient leaves behind when a cell goes wrong."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def traceback_of(nb) -> str:
    for cell in code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error":
                lines = "\n".join(output.traceback)
                return lines if lines.strip() else f"{output.ename}: {output.evalue}"
    return ""


def code_cells(nb):
    """The cells that a kernel gets to see."""
    return (c for c in nb.cells if c.cell_type == "code" and c.source.strip())


def still_open(nb) -> int:
    """The exercises of which the library says so, and lets the notebook go on."""
    checks = (cell for cell in code_cells(nb) if "check" in tags_of(cell))
    return sum(out.get("text", "").startswith("\u25cb ") for cell in checks for out in cell.outputs)


def clear_outputs(nb) -> None:
    """So that a notebook that stops half-way shows nothing from an earlier run."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def tidy(nb) -> None:
    """Removes what differs between two runs that computed the same, so that diffs are small."""
    nb.metadata.get("language_info", {}).pop("version", None)
    for cell in nb.cells:
        cell.metadata.pop("execution", None)
    # A cell of text may have outputs, too, if it was one of code; nbformat leaves these as they are.
    for cell in code_cells(nb):
        merge_streams(cell)
        for output in cell.outputs:
            data = output.get("data", {})
            words = data.get("text/plain", "")
            if PICTURES.intersection(data) and (not words or OBJECT_HASH.search(words)):
                data.pop("text/plain", None)


def merge_streams(cell) -> None:
    """A Java kernel sends every println as an output of its own, and each of the two streams may
    come before the other: one output of each, standard output first where they touch. Of what a
    carriage return wrote over, the last is kept. In time that grows with the length only."""
    merged: list = []
    parts: dict[str, list[str]] = {}
    for output in cell.get("outputs", []):
        if output.output_type != "stream":
            merged.append(output)
            continue
        if output.name not in parts:
            merged.append(output)
        parts.setdefault(output.name, []).append(output.text)
    for i, output in enumerate(merged):
        if output.output_type == "stream":
            output.text = as_seen("".join(parts[output.name]))
            before = merged[i - 1] if i else output
            if output.name == "stdout" and before.get("name") == "stderr":
                merged[i - 1:i + 1] = [output, before]
    if merged:
        cell.outputs = merged


def as_seen(text: str) -> str:
    """Without what a carriage return in the same line lets the rest write over."""
    return "\n".join(
        line[line.rfind("\r", 0, -1) + 1:] if "\r" in line else line for line in text.split("\n"))


def characters(content) -> int:
    """How long the texts in a message are."""
    if isinstance(content, dict):
        return sum(map(characters, content.values()))
    if isinstance(content, list):
        return sum(map(characters, content))
    return len(content) if isinstance(content, str) else 0


if __name__ == "__main__":
    sys.exit(main())

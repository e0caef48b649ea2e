"""Executes notebooks without a screen. `camlab.py run` and `camlab.py test` start this inside the
private environment; it may use what is installed there (nbclient, nbconvert)."""
from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Callable, Optional

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import pages
from console import StatusLine, table, tail
from project import use_plain_output

ERROR_LINES = 8


@dataclass
class Result:
    """How one notebook went. `outcome` is 'ok', or one or two words for what went wrong."""

    name: str
    cells: int = 0
    executed: int = 0
    seconds: float = 0.0
    outcome: str = "ok"
    failed_cell: Optional[int] = None
    message: str = ""
    page: Optional[str] = None
    copy: Optional[str] = None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @property
    def verdict(self) -> str:
        return self.outcome + (" in cell %d" % self.failed_cell if self.failed_cell else "")


@dataclass
class Options:
    out: Path
    timeout: int = 600
    keep_going: bool = True
    write_back: bool = False
    allow_stderr: bool = False
    notebooks: list[Path] = field(default_factory=list)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    use_plain_output()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    options = parse(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    try:
        for notebook in options.notebooks:
            results.append(execute(notebook, options))
            report(results, options)
            if not results[-1].ok and not options.keep_going:
                break
    except KeyboardInterrupt:
        return 130
    print("\n" + summary(results, options))
    return 0 if all(result.ok for result in results) else 1


def stop(number, frame) -> None:
    """The first request stops the run; further ones must not disturb the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def parse(arguments: Optional[Sequence[str]]) -> Options:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--no-keep-going", dest="keep_going", action="store_false")
    parser.add_argument("--write-back", action="store_true")
    parser.add_argument("--allow-stderr", action="store_true")
    parser.add_argument("notebooks", type=Path, nargs="+")
    return Options(**vars(parser.parse_args(arguments)))


# One notebook


def execute(notebook: Path, options: Options) -> Result:
    """Executes a notebook and keeps its copy and page, complete or not."""
    place = output_folder(notebook, options)
    place.mkdir(parents=True, exist_ok=True)
    name = (place / notebook.name).relative_to(options.out).as_posix()
    result = Result(name)
    line = StatusLine()
    start = time.monotonic()
    try:
        nb = nbformat.read(notebook, as_version=4)
        clear_outputs(nb)
        result.cells = sum(1 for _ in code_cells(nb))
    except Exception as error:  # any kind of broken file
        result.outcome, result.message = "unreadable", first_lines(str(error))
    else:
        try:
            run_cells(nb, notebook, options, result, line)
        finally:
            result.seconds = time.monotonic() - start
            keep(nb, notebook, place, options, result)
    line.finish("%s: %s, %.1f s" % (name, result.verdict, result.seconds))
    return result


def run_cells(nb, notebook: Path, options: Options, result: Result, line: StatusLine) -> None:
    log = options.out / Path(result.name).with_suffix(".kernel.log")
    start = time.monotonic()
    current = [0]

    def on_cell_execute(cell, cell_index) -> None:
        current[0] += 1

    def on_cell_executed(cell, cell_index, execute_reply) -> None:
        result.executed += 1

    def show() -> None:
        seconds = time.monotonic() - start
        doing = "cell %d of %d" % (current[0], result.cells) if current[0] else "starting the kernel"
        line.update("%s: %s, %d s" % (result.name, doing, seconds))

    client = NotebookClient(
        nb,
        kernel_name="java",
        timeout=options.timeout or None,
        startup_timeout=120,
        record_timing=False,
        coalesce_streams=True,  # Java kernels send every println as an output of its own
        shutdown_kernel="immediate",
        on_cell_execute=on_cell_execute,
        on_cell_executed=on_cell_executed,
    )
    try:
        with open(log, "wb") as chatter:
            folder = str(notebook.resolve().parent)
            wait_for(client.async_execute(cwd=folder, stdout=chatter, stderr=chatter), show)
    except CellExecutionError as error:
        fail(result, "error", current[0], traceback_of(nb) or str(error))
        result.executed = current[0] - 1
    except CellTimeoutError:
        fail(result, "timeout", current[0], "The cell ran longer than %d s." % options.timeout)
    except DeadKernelError:
        message = "The kernel ended by itself: System.exit, or not enough memory.\n" + tail(log)
        fail(result, "kernel died", current[0], message)
    except RuntimeError as error:
        fail(result, "no kernel", current[0], "%s\n%s" % (error, tail(log)))
    finally:
        if log.stat().st_size == 0:
            log.unlink()
    if result.ok and not options.allow_stderr:
        fail_on_stderr(nb, result)


def wait_for(work: Coroutine, meanwhile: Callable[[], None]) -> None:
    """Does the work in a second thread: nbclient takes Ctrl-C for itself in the main one, and would
    go on with the next cell. Here Ctrl-C cancels the work, which ends the kernel."""
    loop = asyncio.SelectorEventLoop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        while not concurrent.futures.wait([future], timeout=0.2).done:
            meanwhile()
        future.result()
    except KeyboardInterrupt:
        future.cancel()
        asyncio.run_coroutine_threadsafe(others(loop), loop).result(timeout=10)
        raise
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def others(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    await asyncio.gather(*tasks, return_exceptions=True)


def fail(result: Result, outcome: str, cell: int, message: str) -> None:
    result.outcome = outcome
    result.failed_cell = cell or None
    result.message = first_lines(message)


def fail_on_stderr(nb, result: Result) -> None:
    for number, cell in enumerate(code_cells(nb), start=1):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                return fail(result, "stderr", number, output.text)


def traceback_of(nb) -> str:
    for cell in code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error":
                lines = "\n".join(output.traceback)
                return lines if lines.strip() else "%s: %s" % (output.ename, output.evalue)
    return ""


def first_lines(text: str) -> str:
    """Without colours and blank lines, and not too many."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [line.rstrip() for line in plain.splitlines() if line.strip(" -\t")]
    return "\n".join(lines[:ERROR_LINES])


def code_cells(nb):
    """The cells that a kernel gets to see."""
    return (c for c in nb.cells if c.cell_type == "code" and c.source.strip())


def clear_outputs(nb) -> None:
    """So that a notebook that stops half-way shows nothing from an earlier run."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


# What is kept


def output_folder(notebook: Path, options: Options) -> Path:
    """Notebooks of several folders keep their folders, so that equal names do not collide."""
    folders = [str(other.resolve().parent) for other in options.notebooks]
    return options.out / notebook.resolve().parent.relative_to(os.path.commonpath(folders))


def keep(nb, notebook: Path, place: Path, options: Options, result: Result) -> None:
    tidy(nb)
    copy = place / notebook.name
    nbformat.write(nb, copy)
    page = copy.with_suffix(".html")
    index = os.path.relpath(options.out / "index.html", place).replace(os.sep, "/")
    page.write_text(pages.notebook_page(nb, notebook, index), encoding="utf-8")
    result.copy = copy.relative_to(options.out).as_posix()
    result.page = page.relative_to(options.out).as_posix()
    if options.write_back and result.ok:
        nbformat.write(nb, notebook)


def tidy(nb) -> None:
    """Removes what differs between two runs that computed the same, so that diffs are small."""
    nb.metadata.get("language_info", {}).pop("version", None)
    for cell in nb.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data.pop("text/plain", None)  # an object's hash


# The report


def report(results: Sequence[Result], options: Options) -> None:
    """Kept up to date after every notebook, for those who look while the rest still runs."""
    (options.out / "index.html").write_text(pages.index_page(results), encoding="utf-8")
    listing = json.dumps([asdict(result) for result in results], indent=1)
    (options.out / "results.json").write_text(listing + "\n", encoding="utf-8")


def summary(results: Sequence[Result], options: Options) -> str:
    rows = [
        (r.name, "%d/%d" % (r.executed, r.cells), "%.1f" % r.seconds, r.verdict) for r in results
    ]
    parts = [table(("notebook", "cells", "seconds", "result"), rows, right=(1, 2))]
    failed = [result for result in results if not result.ok]
    for result in failed:
        message = "\n".join("    " + line for line in result.message.splitlines())
        parts.append("%s: %s\n%s" % (result.name, result.verdict, message))
    total = len(options.notebooks)
    if failed:
        parts.append("%d of %d notebooks failed." % (len(failed), total))
    else:
        parts.append("All %d notebooks ran without an error." % total)
    return "\n\n".join(parts) + "\nPages: %s" % (options.out / "index.html")


if __name__ == "__main__":
    sys.exit(main())

"""What the user sees while something runs: one line that lives, and a sentence when it goes wrong."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Callable

MOST_LINES = 8  # of what a message quotes


class Problem(Exception):
    """Something the user can put right; its text says what is wrong and what to do."""


class Missing(Problem):
    """Something that only a part needs and this machine lacks: the other parts can go on."""

    def __init__(self, reason: str, remedy: str):
        super().__init__(f"{reason}; to have it: {remedy}")


class StatusLine:
    """One line about what is going on. In a terminal it is redrawn in place; in a file or a CI log
    a line appears only now and then, as a sign of life."""

    SIGN_OF_LIFE = 30.0

    def __init__(self, stream=None, clock: Callable[[], float] = time.monotonic):
        self._stream = stream or sys.stdout
        self._terminal = self._stream.isatty()
        self._clock = clock
        self._last = clock()
        self._shown = ""

    def update(self, text: str) -> None:
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            self._draw(text[:width])
        elif self._clock() - self._last >= self.SIGN_OF_LIFE:
            self._last = self._clock()
            print(text, file=self._stream, flush=True)

    def finish(self, text: str) -> None:
        if self._terminal:
            self._draw("")
        print(text, file=self._stream, flush=True)
        self._last = self._clock()

    def clear(self) -> None:
        if self._terminal:
            self._draw("")

    def _draw(self, text: str) -> None:
        if text != self._shown:
            self._stream.write("\r" + text.ljust(len(self._shown)) + ("" if text else "\r"))
            self._stream.flush()
            self._shown = text


class SharedLine(StatusLine):
    """The one line for several steps at a time, each in a thread of its own."""

    def __init__(self, line: StatusLine):
        self._line = line
        self._lock = threading.Lock()
        self._texts: dict[int, str] = {}
        self._stopped = False

    def update(self, text: str) -> None:
        with self._lock:
            if self._stopped:
                raise Stopped
            self._texts[threading.get_ident()] = text
            self._line.update("; ".join(self._texts.values()))

    def finish(self, text: str) -> None:
        with self._lock:
            self._texts.pop(threading.get_ident(), None)
            self._line.finish(text)

    def clear(self) -> None:
        with self._lock:
            self._texts.pop(threading.get_ident(), None)
            self._line.clear()

    def stop(self) -> None:
        """Each step ends when it next says how far it is."""
        with self._lock:
            self._stopped = True


class Stopped(Exception):
    """Another step failed, or somebody pressed Ctrl-C."""


def at_once(line: StatusLine, *works: Callable[[StatusLine], None]) -> None:
    """Does works that need nothing of each other; when one fails, the others are stopped."""
    shared = SharedLine(line)
    with ThreadPoolExecutor(len(works)) as pool:
        try:
            for done in as_completed([pool.submit(work, shared) for work in works]):
                done.result()
        except BaseException:
            shared.stop()
            raise


class Step:
    """One step of the set-up, as '[2/4] Python packages: 34 s'."""

    def __init__(self, title: str, line: StatusLine):
        self.title = title
        self.outcome: str | None = None
        self._line = line
        self._start = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def say(self, outcome: str) -> None:
        self.outcome = outcome

    def run(
        self,
        command: Sequence[str],
        log: Path,
        advice: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Runs a command with its output in a log file. When it fails, the user gets the advice
        and the end of the log."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as output:
            process = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env=env, cwd=cwd,
            )
            try:
                while process.poll() is None:
                    self._line.update(f"{self.title} ... {self.seconds():.0f} s")
                    time.sleep(0.1)
            except BaseException:
                process.terminate()
                process.wait()
                raise
        if process.returncode != 0:
            raise Problem(f"{advice}\nThe end of {log}:\n{tail(log)}")


@contextmanager
def step(title: str, line: StatusLine):
    current = Step(title, line)
    try:
        yield current
    except BaseException:
        line.clear()
        raise
    line.finish(f"{title}: {current.outcome or f'{current.seconds():.0f} s'}")


def tail(path: Path, lines: int = 20) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\n".join("  " + line for line in text.rstrip().splitlines()[-lines:])


def first_lines(text: str) -> str:
    """Without colours and blank lines, and not too many."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [line.rstrip() for line in plain.splitlines() if line.strip(" -\t")]
    return "\n".join(lines[:MOST_LINES])


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A plain text table; the columns in `right` are aligned to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def shown(row: Sequence[str]) -> str:
        cells = (
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([shown(header), "  ".join("-" * w for w in widths), *map(shown, rows)])

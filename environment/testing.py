"""`camlab.py test`: the parts, some of them side by side, and the table that closes it. A part that
this machine has nothing to run with is named as not run, never as ok."""
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import console
from console import StatusLine

TIDY_UP_SECONDS = 15


@dataclass(frozen=True)
class Part:
    title: str
    result: str
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.result.startswith("FAILED")


@dataclass(frozen=True)
class Job:
    """A program that is a part; what it writes is kept in a file until it has ended. It begins when
    the part named in `after` has ended, well or not."""

    title: str
    heading: str
    command: Sequence[str]
    env: Mapping[str, str]
    after: str | None = None


class Parts:
    """How each part went, in the order in which they ended."""

    def __init__(self, line: StatusLine):
        self._line = line
        self._done: list[Part] = []

    @property
    def failed(self) -> bool:
        return any(part.failed for part in self._done)

    def is_ok(self, title: str) -> bool:
        return any(part.title == title and not part.failed for part in self._done)

    def run(self, title: str, heading: str, program: Callable[[], int]) -> bool:
        """One part alone; its output goes where ours goes."""
        show(heading)
        start = time.monotonic()
        code = program()
        return self._ended(title, code, time.monotonic() - start)

    def run_side_by_side(self, jobs: Sequence[Job], logs: Path) -> None:
        """All at a time, but for those that wait for another; the output of each is shown when it has
        ended, in one piece."""
        logs.mkdir(parents=True, exist_ok=True)
        waiting = [Running(job, logs / f"test-{number}.log") for number, job in enumerate(jobs, 1)]
        running: list[Running] = []
        try:
            while waiting or running:
                for each in [each for each in waiting if self._may_begin(each.job)]:
                    waiting.remove(each)
                    each.start()
                    running.append(each)
                self._line.update(status(running))
                time.sleep(0.1)
                for each in [each for each in running if each.has_ended()]:
                    running.remove(each)
                    self._line.clear()
                    show(each.job.heading)
                    print(each.text(), end="", flush=True)
                    self._ended(each.job.title, each.code, each.seconds())
        except BaseException:
            end_all([each.process for each in running])
            raise

    def _may_begin(self, job: Job) -> bool:
        return job.after is None or any(part.title == job.after for part in self._done)

    def not_run(self, title: str, why: str, required: bool = False) -> None:
        self._done.append(Part(title, f"{'FAILED: ' if required else ''}not run, because {why}"))

    def table(self) -> str:
        rows = [
            (part.title, f"{part.seconds:.0f}" if part.seconds else "", part.result)
            for part in self._done
        ]
        return console.table(("part", "seconds", "result"), rows, right=(1,))

    def _ended(self, title: str, code: int, seconds: float) -> bool:
        self._done.append(Part(title, "FAILED" if code else "ok", max(seconds, 0.5)))
        return code == 0


class Running:
    """A job on its way."""

    def __init__(self, job: Job, log: Path):
        self.job = job
        self._log = log
        self._start = 0.0
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self._start = time.monotonic()
        self.process = start_with_log(self.job, self._log)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def code(self) -> int:
        return self.process.returncode

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def text(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def last_line(self) -> str:
        return console.tail(self._log, 1).strip()


def start_with_log(job: Job, log: Path) -> subprocess.Popen:
    with open(log, "wb") as output:
        return subprocess.Popen(
            list(job.command), env=dict(job.env), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )


def status(running: Sequence[Running]) -> str:
    """What runs, each for how long, and what the last of them said last."""
    parts = ", ".join(f"{each.job.title} {each.seconds():.0f} s" for each in running)
    return f"{parts}; {running[0].last_line()}" if len(running) == 1 else parts


def end_all(processes: Sequence[subprocess.Popen]) -> None:
    """Ctrl-C has reached them as well; `kill` has not."""
    for process in processes:
        process.terminate()
    for process in processes:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Waits for a program that was asked to end. One that does not is ended: kernels are in sessions
    of their own, and would stay."""
    try:
        process.wait(timeout=TIDY_UP_SECONDS)
    except subprocess.TimeoutExpired:
        end_now(process)


def end_now(process: subprocess.Popen) -> None:
    """With all that it has started."""
    started = descendants(process.pid)
    process.kill()
    kill(started)
    process.wait()


def kill(processes: Sequence[int]) -> None:
    for each in processes:
        with contextlib.suppress(OSError):  # it has ended by itself
            os.kill(each, getattr(signal, "SIGKILL", signal.SIGTERM))


def descendants(pid: int) -> list[int]:
    """What a process has started, and what that has; none where the system has no `ps`."""
    try:
        answer = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    found = [pid]
    pairs = [tuple(map(int, line.split())) for line in answer.stdout.splitlines()]
    for parent in found:  # grows while it is gone through
        found += [child for child, of in pairs if of == parent]
    return found[1:]


def marked(mark: str) -> list[int]:
    """The processes with this text in their environment, which all inherit that one starts: also those
    whose parent is gone. None where `ps` does not tell environments."""
    try:
        answer = subprocess.run(
            ["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True,
            errors="replace")
    except (OSError, subprocess.CalledProcessError):
        return []
    return [int(line.split()[0]) for line in answer.stdout.splitlines() if mark in line]


def show(heading: str) -> None:
    print(f"\n== {heading} ==", flush=True)

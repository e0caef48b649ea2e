"""`camlab.py test`: the parts, some of them side by side, and the table that closes it. A part that
this machine has nothing to run with is named as not run, never as ok."""
from __future__ import annotations

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
    """A program that is a part; what it writes is kept in a file until it has ended."""

    title: str
    heading: str
    command: Sequence[str]
    env: Mapping[str, str]


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
        """All at a time; the output of each is shown when it has ended, in one piece."""
        logs.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        running: list[tuple[Job, subprocess.Popen, Path]] = []
        try:
            for number, job in enumerate(jobs, 1):
                log = logs / f"test-{number}.log"
                running.append((job, start_with_log(job, log), log))
            while running:
                seconds = time.monotonic() - start
                titles = ", ".join(job.title for job, _, _ in running)
                about = f"; {console.tail(running[0][2], 1).strip()}" if len(running) == 1 else ""
                self._line.update(f"{titles} ... {seconds:.0f} s{about}")
                time.sleep(0.1)
                for job, process, log in [each for each in running if each[1].poll() is not None]:
                    self._line.clear()
                    show(job.heading)
                    print(log.read_text(encoding="utf-8", errors="replace"), end="", flush=True)
                    self._ended(job.title, process.returncode, time.monotonic() - start)
                running = [each for each in running if each[1].returncode is None]
        except BaseException:
            end_all([process for _, process, _ in running])
            raise

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


def start_with_log(job: Job, log: Path) -> subprocess.Popen:
    with open(log, "wb") as output:
        return subprocess.Popen(
            list(job.command), env=dict(job.env), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )


def end_all(processes: Sequence[subprocess.Popen]) -> None:
    """Ctrl-C has reached them as well; `kill` has not."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=TIDY_UP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def show(heading: str) -> None:
    print(f"\n== {heading} ==", flush=True)

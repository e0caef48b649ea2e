"""Ends a program that hangs. It runs beside that program, outside it, since what a notebook does to
its client can keep every thread there from running. The program says that it lives, and what it is
at, a line a time; when it has said nothing for too long, it is ended with all that it has started.
When it was killed, what it had started is ended: kernels are in sessions of their own, and would
stay. One that was started since the last look is nobody's child any more, and is known by its
environment."""
from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

from testing import descendants, kill, marked

LOOK_SECONDS = 1  # a look asks for all processes of the machine
LOOKS = 5
END = "\x04"
MARK = "WATCHED_BY_CAMLAB"


class Watchdog:
    """What the watched program holds. It ends when the program does, whatever ends that."""

    def __init__(self, patience: float):
        """Marks the environment of all that this program starts from now on."""
        mark = os.environ[MARK] = uuid.uuid4().hex
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), str(os.getpid()), str(patience), mark],
            stdin=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)

    def alive(self, doing: str) -> None:
        self._say(doing.replace("\n", " "))

    def close(self) -> None:
        self._say(END)
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        with suppress(OSError):  # it has been ended
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()


def main() -> int:
    program, patience, mark = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    last, heard, over = "", time.monotonic(), threading.Event()

    def listen() -> None:
        nonlocal last, heard
        for line in sys.stdin:
            last, heard = line.strip("\n"), time.monotonic()
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    started = started_by(program)
    while not over.wait(LOOK_SECONDS):
        started = started_by(program) or started
        if time.monotonic() - heard > patience:
            kill((program, *started))
            end_marked(mark)
            print(f"\nEnded, since nothing was heard of it for {patience:g} s. It was at:"
                  f" {last}", file=sys.stderr, flush=True)
            return 0
    if last != END:
        kill(started)
        end_marked(mark)
    return 0


def end_marked(mark: str) -> None:
    """Looks again as long as it finds some: one may have been starting another."""
    for _ in range(LOOKS):
        found = [each for each in marked(mark) if each != os.getpid()]
        if not found:
            break
        kill(found)
        time.sleep(LOOK_SECONDS)


def started_by(program: int) -> list[int]:
    """All but this one."""
    return [each for each in descendants(program) if each != os.getpid()]


if __name__ == "__main__":
    sys.exit(main())

"""Ends a program that hangs. It runs beside that program, outside it, since what a notebook does to
its client can keep every thread there from running. The program says that it lives, and what it is
at, a line a time; when it has said nothing for too long, it is ended with all that it has started.
When it was killed, what it had started is ended: kernels are in sessions of their own, and would
stay."""
from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from testing import descendants, kill

LOOK_SECONDS = 1  # a look asks for all processes of the machine
END = "\x04"


class Watchdog:
    """What the watched program holds. It ends when the program does, whatever ends that."""

    def __init__(self, patience: float):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), str(os.getpid()), str(patience)],
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
    program, patience = int(sys.argv[1]), float(sys.argv[2])
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
            print(f"\nEnded, since nothing was heard of it for {patience:g} s. It was at:"
                  f" {last}", file=sys.stderr, flush=True)
            return 0
    if last != END:
        kill(started)
    return 0


def started_by(program: int) -> list[int]:
    """All but this one."""
    return [each for each in descendants(program) if each != os.getpid()]


if __name__ == "__main__":
    sys.exit(main())

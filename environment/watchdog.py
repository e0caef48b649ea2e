"""Ends a program that hangs. It runs beside that program, outside it, since what a notebook does to
its client can keep every thread there from running. The program says that it lives, and what it is
at, a line a time; when it has said nothing for too long, it is ended with all that it has started."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from testing import descendants

LOOK_SECONDS = 0.5


class Watchdog:
    """What the watched program holds. Ends by itself when the program does, whatever ends that."""

    def __init__(self, patience: float):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), str(os.getpid()), str(patience)],
            stdin=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)

    def alive(self, doing: str) -> None:
        with suppress(OSError):  # it has been ended
            self._process.stdin.write(doing.replace("\n", " ") + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()


def main() -> int:
    program, patience = int(sys.argv[1]), float(sys.argv[2])
    heard = {"last": "", "at": time.monotonic(), "over": False}

    def listen() -> None:
        for line in sys.stdin:
            heard.update(last=line.strip(), at=time.monotonic())
        heard.update(over=True)

    threading.Thread(target=listen, daemon=True).start()
    while not heard["over"]:
        if time.monotonic() - heard["at"] > patience:
            end(program)
            print(f"\nEnded, since nothing was heard of it for {patience:g} s. It was at:"
                  f" {heard['last']}", file=sys.stderr, flush=True)
            break
        time.sleep(LOOK_SECONDS)
    return 0


def end(program: int) -> None:
    own = os.getpid()
    for each in (program, *descendants(program)):
        if each != own:
            with suppress(OSError):  # it has ended by itself
                os.kill(each, getattr(signal, "SIGKILL", signal.SIGTERM))


if __name__ == "__main__":
    sys.exit(main())

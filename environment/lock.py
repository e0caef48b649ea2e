"""Several commands at once in one folder: only one of them at a time makes what all of them use."""
from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from console import StatusLine
from project import Project

if os.name == "nt":
    import msvcrt
else:
    import fcntl


@contextmanager
def alone(project: Project, line: StatusLine) -> Iterator[None]:
    """Waits until no other command is inside. The system frees the lock of a program that ends,
    however it ends."""
    project.state.mkdir(parents=True, exist_ok=True)
    with open(project.state / "lock", "ab") as file:
        while not taken(file):
            line.update("Waits for another camlab.py, which is setting up in this folder")
            time.sleep(0.2)
        line.clear()
        yield


def taken(file: IO[bytes]) -> bool:
    """Also where the file system knows no locks: there, nothing can be done."""
    try:
        if os.name == "nt":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True

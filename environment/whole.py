"""Writing a file so that it is the old one or the new one, whatever ends the program in between: a
full disk, a signal, the power."""
from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def write(path: Path, text: str, halves: str = "strict") -> None:
    """The new text lies beside the file until it is complete, and then takes its place. UTF-8 has no
    half of a character, as a cell prints that cuts an emoji in two: `halves` says, as `open` does,
    what is written for one."""
    path = Path(os.path.realpath(path))  # of a link the file it leads to
    name = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(name, "w", encoding="utf-8", errors=halves, newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            name.unlink()
        raise


def write_notebook(nb, path: Path) -> None:
    """As nbformat writes it, but for half a character, for which JSON has a backslash and digits."""
    import nbformat  # nobody who writes a text waits for it

    text = nbformat.writes(nb)
    write(path, text if text.endswith("\n") else text + "\n", halves="backslashreplace")


def write_page(page: str, path: Path) -> None:
    write(path, page, halves="xmlcharrefreplace")

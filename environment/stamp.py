"""Remembers what a step was done with, so that it is done again only when that changed."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamp:
    def __init__(self, file: Path, key: str):
        self._file = file
        self._key = key

    def is_current(self) -> bool:
        return self._file.is_file() and self._file.read_text(encoding="utf-8") == self._key

    def remove(self) -> None:
        """Before the step: if it is interrupted, it counts as not done."""
        self._file.unlink(missing_ok=True)

    def write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._key, encoding="utf-8")


def key_of(root: Path, files: Iterable[Path], *more: str) -> str:
    """A hash over the names and contents of files, and over anything else that matters."""
    digest = hashlib.sha256()
    for text in more:
        digest.update(text.encode("utf-8") + b"\0")
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()} {len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()

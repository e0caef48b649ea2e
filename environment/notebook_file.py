"""Reading a notebook's file: a notebook, or a refusal in words."""
from __future__ import annotations

from pathlib import Path

import nbformat

from console import first_lines


class Unreadable(Exception):
    """A file is no notebook; the text says why."""


def read(path: Path) -> nbformat.NotebookNode:
    """Raises Unreadable for any kind of broken file."""
    try:
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb, relax_add_props=True)
        require_known_cells(nb)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise Unreadable(first_lines(str(error)) or silent(error)) from error
    except Exception as error:  # an accident inside nbformat, whose text helps nobody
        raise Unreadable(silent(error)) from error
    return nb


def silent(error: Exception) -> str:
    return f"nbformat does not take it ({type(error).__name__})."


def require_known_cells(nb: nbformat.NotebookNode) -> None:
    """What nbformat looks up without asking whether it is a text."""
    for cell in nb.cells:
        if cell.cell_type not in ("code", "markdown", "raw"):
            raise ValueError(f"A cell is of the type {cell.cell_type!r}: not code, markdown or raw.")
        if not isinstance(cell.get("id", ""), str):
            raise ValueError(f"A cell has the id {cell.id!r}, which is no text.")

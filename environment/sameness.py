"""When the outputs of two runs of a cell say the same."""
from __future__ import annotations

import re
import struct
import zlib
from base64 import b64decode
from collections import defaultdict

from exercises import tags_of

NUMBER = re.compile("[-+\u2212]?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?")
MACHINES_APART = (0.02, 0.05)  # and 5 %
ROUNDING_APART = (1e-6, 0.001)


def keep_same_outputs(nb, committed) -> None:
    """Puts outputs as they are committed in place of new ones that say the same, so that a notebook
    whose code does the same as before does not change by a byte.

    A cell of the same source keeps its outputs if there are as many, of the same kinds, and of each
    pair: the words are equal, the numbers differ by a thousandth at most (by anything in a cell
    tagged 'varies'), pictures are equal in every pixel, and figures to play with in every letter.
    The tolerance is far below that of the checks: a number that the code changes is written."""
    old = defaultdict(list)
    for cell in committed.cells:
        if cell.cell_type == "code":
            old[cell.source].append(cell)
    for cell in nb.cells:
        if cell.cell_type == "code" and old[cell.source]:
            earlier = old[cell.source].pop(0)
            if same_outputs(earlier, cell):
                cell.outputs = earlier.outputs


def same_outputs(old, new) -> bool:
    varies = "varies" in tags_of(new)
    return len(old.outputs) == len(new.outputs) and all(
        same_output(*pair, varies) for pair in zip(old.outputs, new.outputs))


def same_output(old, new, varies: bool) -> bool:
    if old.output_type != new.output_type or old.get("name") != new.get("name"):
        return False
    if old.output_type == "stream":
        return same_content("text/plain", old.text, new.text, varies)
    data, other = old.get("data", {}), new.get("data", {})
    return old.output_type != "error" and data.keys() == other.keys() and all(
        same_content(kind, data[kind], other[kind], varies) for kind in data)


def same_content(kind: str, old: str, new: str, varies: bool) -> bool:
    if old == new:
        return True
    if kind == "image/png":
        return pixels_of(old) == pixels_of(new)
    if kind.startswith("text/") and "data:image/" not in old + new:
        return words(old) == words(new) if varies else same_text(old, new, ROUNDING_APART)
    return False


def pixels_of(png: str) -> tuple:
    """Equal if two pictures are, for those that one program wrote: Java versions compress the same
    rows differently."""
    file, parts, at = b64decode(png), [], 8
    packed = b""
    while at < len(file):
        (length,) = struct.unpack_from(">I", file, at)
        name, data = file[at + 4:at + 8], file[at + 8:at + 8 + length]
        packed += data if name == b"IDAT" else b""
        parts += [] if name == b"IDAT" else [(name, data)]
        at += length + 12
    return (*parts, zlib.decompress(packed))


def same_text(old: str, new: str, apart: tuple[float, float] = MACHINES_APART) -> bool:
    if words(old) != words(new):
        return False
    return all(close(*pair, apart) for pair in zip(numbers(old), numbers(new)))


def words(text: str) -> list[str]:
    """All but the numbers, and the blanks and lines that only set a table."""
    return re.sub(r"[-\s]+", " ", NUMBER.sub("#", text)).split()


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", "").replace("\u2212", "-")) for n in NUMBER.findall(text)]


def close(old: float, new: float, apart: tuple[float, float]) -> bool:
    absolute, relative = apart
    return abs(old - new) <= absolute + relative * max(abs(old), abs(new))

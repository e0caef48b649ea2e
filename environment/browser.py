"""The course in JupyterLab, in a real browser without a screen: opens it, runs a lesson, looks at what
it shows, and watches the browser meanwhile. `camlab.py test` starts this inside the private
environment."""
from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import nbformat

import execute
from browsers import ADVICE
from console import Problem, first_lines, tail
from project import ENVIRONMENT, Project, use_plain_output

LESSON = "03-grad-cam.ipynb"
FIGURE = "camlab-interactive"  # the class of one to play with

LOCAL = ("localhost", "127.0.0.1")

START_SECONDS = 300
RUN_SECONDS = 600
ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\S*\?token=\w+")

# Every cell stays in the page, scrolled to or not, and nothing is saved on its own.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}

FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden) "

# What the notebook in front shows of each code cell.
CELLS = """front => [...document.querySelectorAll(front + '.jp-CodeCell')].map(cell => {
  const found = selector => [...cell.querySelector('.jp-OutputArea').querySelectorAll(selector)];
  const images = found('img');
  return {
    prompt: cell.querySelector('.jp-InputPrompt').textContent.trim(),
    pictures: images.filter(image => !image.closest('.camlab-interactive')).length,
    figures: found('.camlab-interactive').length,
    broken: images.filter(image => image.naturalWidth === 0).length,
    error: found('[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]')
      .map(output => output.textContent).join(''),
  };
})"""


def main(arguments: Sequence[str] | None = None) -> int:
    use_plain_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--browser", required=True)
    options = parser.parse_args(arguments)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    try:
        found.extend(problems(Project(), options.browser, out))
    except Problem as problem:
        found.append(str(problem))
    print("\n".join(found) or "JupyterLab and its lessons work in the browser, nothing amiss.")
    return 1 if found else 0


def problems(project: Project, program: str, out: Path) -> Iterator[str]:
    from playwright.sync_api import Error, sync_playwright

    notebooks = lessons(project.notebooks)
    before = [notebook.read_bytes() for notebook in notebooks]
    with sync_playwright() as playwright:
        browser = launch(playwright, program)
        with lab(out) as address:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.set_default_timeout(1000 * START_SECONDS)
            watch = Watch(page)
            try:
                page.goto(address)
                wait_until_open(page, min(project.notebooks.glob("*.ipynb")).name)
                for notebook in notebooks:
                    yield from visit(page, notebook)
            except (Error, Problem) as error:
                yield f"the visit ended early: {first_lines(str(error))}"
            page.screenshot(path=out / "lab.png")
            yield from watch.complaints
        browser.close()
    if [notebook.read_bytes() for notebook in notebooks] != before:
        yield "running the notebooks changed them"


def lessons(folder: Path) -> list[Path]:
    """Lesson 03, and if it has no figure to play with, the first that has one."""
    notebooks = sorted(folder.glob("*.ipynb"))
    playful = [each for each in notebooks if FIGURE in each.read_text(encoding="utf-8")]
    first = folder / LESSON
    return [first] if first in playful else [first, *playful[:1]]


# The browser


def launch(playwright, program: str):
    from playwright.sync_api import Error

    try:
        return playwright.chromium.launch(executable_path=program)
    except Error as error:
        message = first_lines(error.message)
        raise Problem(
            f"{program} does not start: {message}\nTo have one that does: {ADVICE}.") from error


class Watch:
    """Keeps what a reader's browser would complain of, and what leaves this machine."""

    def __init__(self, page):
        self.complaints: list[str] = []
        page.on("console", self.message)
        page.on("pageerror", lambda error: self.complain("an error in the page", error.message))
        page.on("requestfailed", lambda request: self.complain("a request failed", request.url))
        page.on("response", self.response)
        page.on("request", self.request)
        page.on("websocket", self.request)

    def complain(self, what: str, text: str) -> None:
        self.complaints.append(f"{what}: {text}")

    def message(self, message) -> None:
        if message.type == "error":
            self.complain("an error in the browser's console", message.text)

    def response(self, response) -> None:
        if response.status >= 400:
            self.complain(f"the server answers {response.status}", response.url)

    def request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL:
            self.complain("a request leaves this machine", request.url)


# JupyterLab


@contextmanager
def lab(out: Path) -> Iterator[str]:
    """JupyterLab as `camlab.py lab` starts it, but with settings of its own; gives its address."""
    settings = out / "settings"
    for plugin, values in SETTINGS.items():
        file = settings / (plugin + ".jupyterlab-settings")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    workspaces = out / "workspaces"
    shutil.rmtree(workspaces, ignore_errors=True)
    environment = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(workspaces),
    }
    command = [sys.executable, str(ENVIRONMENT / "camlab.py"), "lab", "--no-browser"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    log = out / "lab.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    address = ""
    try:
        address = address_of(process, log)
        yield address
    finally:
        stop(process, address)


def address_of(process: subprocess.Popen, log: Path) -> str:
    """Waits until JupyterLab prints it."""
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        found = ADDRESS.search(log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found.group()
        time.sleep(0.2)
    raise Problem(f"JupyterLab did not start. The end of {log}:\n{tail(log)}")


def stop(process: subprocess.Popen, address: str) -> None:
    """Asks the server itself, which works on every system and ends the kernels as well."""
    try:
        token = urlsplit(address).query.replace("=", " ")
        request = urllib.request.Request(
            urljoin(address, "/api/shutdown"), method="POST", headers={"Authorization": token}
        )
        urllib.request.urlopen(request, timeout=30).close()
        process.wait(timeout=30)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        process.terminate()
        process.wait()


# What a reader does


def visit(page, notebook: Path) -> Iterator[str]:
    for sentence in run_lesson(page, notebook):
        yield f"{notebook.name}: {sentence}"


def run_lesson(page, notebook: Path) -> Iterator[str]:
    open_notebook(page, notebook.name)
    for hidden in ("Expand All Code", "Expand All Outputs"):  # of the exercises' answers
        menu(page, "View", hidden)
    menu(page, "Edit", "Clear Outputs of All Cells")
    if any(cell["pictures"] for cell in page.evaluate(CELLS, FRONT)):
        yield "clearing the outputs leaves pictures"
    menu(page, "Run", "Run All Cells")
    cells = wait_until_run(page)
    committed = nbformat.read(notebook, as_version=4)
    yield from compare(cells, [shown(cell) for cell in execute.code_cells(committed)])
    yield from play(page)


def open_notebook(page, name: str) -> None:
    """Twice on its name in the list of files."""
    page.locator(".jp-DirListing-item", has_text=name).dblclick()
    wait_until_open(page, name)


def wait_until_open(page, name: str) -> None:
    """A notebook is in front, and its kernel has started."""
    state = re.compile(r"Java \| Idle.*" + re.escape(name))
    page.locator("#jp-main-statusbar", has_text=state).wait_for()
    page.locator(FRONT + ".jp-Cell").first.wait_for()


def menu(page, title: str, entry: str) -> None:
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{title}$")).click()
    page.locator(".lm-Menu-item", has_text=re.compile(f"^{entry}")).first.click()


def wait_until_run(page) -> list[dict]:
    """Until no cell waits or runs; a cell that fails takes those behind it off the list as well."""
    end = time.monotonic() + RUN_SECONDS
    while time.monotonic() < end:
        page.wait_for_timeout(500)
        cells = page.evaluate(CELLS, FRONT)
        prompts = [cell["prompt"] for cell in cells]
        if "[*]:" not in prompts and any(prompt != "[ ]:" for prompt in prompts):
            return cells
    raise Problem(f"The lesson was not through after {RUN_SECONDS} s.")


def shown(cell) -> dict:
    """What the browser should show of a cell of the committed notebook: HTML before a picture."""
    data = [output.get("data", {}) for output in cell.outputs]
    alone = [each for each in data if "text/html" not in each]
    return {
        "pictures": sum(bool(execute.PICTURES & set(each)) for each in alone),
        "figures": sum(FIGURE in each.get("text/html", "") for each in data),
    }


def compare(cells: Sequence[Mapping], expected: Sequence[Mapping]) -> Iterator[str]:
    if len(cells) != len(expected):
        yield f"the browser shows {len(cells)} code cells, but the notebook has {len(expected)}"
    for number, (cell, committed) in enumerate(zip(cells, expected), 1):
        found = {kind: cell[kind] for kind in committed}
        if cell["error"]:
            yield f"cell {number} fails: {first_lines(cell['error'])}"
            return  # the cells behind it did not run
        if cell["prompt"] != f"[{number}]:":
            yield f"cell {number} was not executed in order: its prompt is {cell['prompt']}"
        elif found != committed:
            yield f"cell {number} shows {found}, but {committed} are committed"
        elif cell["broken"]:
            yield f"cell {number} has a picture that the browser cannot show"


def play(page) -> Iterator[str]:
    """From one end of every slider to the other the picture must change."""
    for number, figure in enumerate(page.locator(FRONT + ".camlab-interactive").all(), 1):
        pictures = []
        for end in ("Home", "End"):
            figure.locator("input[type=range]").press(end)
            pictures.append(figure.locator(".camlab-stage").screenshot())
        if pictures[0] == pictures[1]:
            yield f"the slider of interactive figure {number} changes nothing"


if __name__ == "__main__":
    sys.exit(main())

"""The commands of camlab.py and their options."""
from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Callable, Optional

import prepare
from console import Problem, StatusLine, table
from project import ENVIRONMENT, Project, use_plain_output

TIDY_UP_SECONDS = 15


class Terminated(KeyboardInterrupt):
    """We alone were asked to end (`kill`), not with Ctrl-C."""


def terminate(number, frame) -> None:
    raise Terminated


def main(arguments: Optional[Sequence[str]] = None, project: Project = Project()) -> int:
    use_plain_output()
    signal.signal(signal.SIGTERM, terminate)
    options = parser().parse_args(arguments)
    try:
        return options.command(project, options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="camlab.py",
        description="Sets CamLab up (only what is missing or changed), then does what you ask for.",
    )
    commands = top.add_subparsers(metavar="command", required=True)

    def command(name: str, function, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        added.set_defaults(command=function)
        return added

    run_parser = command("run", run, "execute notebooks and write them as web pages")
    run_parser.add_argument(
        "notebooks", nargs="*", type=Path, help="notebooks or folders (default: all of CamLab's)"
    )
    run_parser.add_argument(
        "--out", type=Path, metavar="FOLDER",
        help="where executed copies and pages go (default: target/notebooks)",
    )
    run_parser.add_argument(
        "--jobs", type=at_least(1), default=default_jobs(), metavar="N",
        help="how many notebooks to execute at a time (default: %(default)s)",
    )
    run_parser.add_argument(
        "--timeout", type=at_least(0), default=600, metavar="SECONDS",
        help="longest time for one cell, 0 for no limit (default: %(default)s)",
    )
    run_parser.add_argument(
        "--notebook-timeout", type=at_least(0), default=1800, metavar="SECONDS",
        help="longest time for one notebook, 0 for no limit (default: %(default)s)",
    )
    run_parser.add_argument(
        "--keep-going", action=argparse.BooleanOptionalAction, default=True,
        help="go on with the next notebook when one fails (default: yes)",
    )
    run_parser.add_argument(
        "--write-back", action="store_true",
        help="also store the outputs in the notebooks themselves",
    )
    run_parser.add_argument(
        "--allow-stderr", action="store_true",
        help="do not count text on standard error as a failure",
    )

    lab_parser = command("lab", lab, "open the notebooks in JupyterLab")
    lab_parser.add_argument("--no-browser", action="store_true", help="only print the address")
    lab_parser.add_argument("--port", type=int, help="port of the server (default: a free one)")
    lab_parser.add_argument(
        "--ip", metavar="ADDRESS",
        help="where the server listens, 0.0.0.0 in a container (default: this machine only)",
    )
    lab_parser.add_argument(
        "--allow-root", action="store_true", help="let JupyterLab run as root, as in a container"
    )

    release_parser = command("release", release, "make student versions of lessons, with nbgrader")
    release_parser.add_argument("course", type=Path, help="folder of the course, made if need be")
    release_parser.add_argument(
        "lessons", nargs="*", type=Path, help="notebooks or folders (default: all lessons)"
    )
    for name, text in (
        ("autograde", "mark what students handed in, with nbgrader"),
        ("feedback", "write a page with the marks for every submission, with nbgrader"),
    ):
        added = command(name, grade, text)
        added.set_defaults(action=name)
        added.add_argument("course", type=Path, help="folder of the course")
        added.add_argument("lessons", nargs="*", help="such as 03-grad-cam (default: all)")
    autograde_parser = commands.choices["autograde"]
    autograde_parser.add_argument(
        "--timeout", type=int, metavar="SECONDS",
        help="longest time for one cell (default: as the course's nbgrader_config.py says, 120)",
    )

    command("test", test, "run everything that tests")
    command("setup", setup, "only set up; the other commands do this first")
    command("clean", clean, "remove what the set-up and the runs have made")
    return top


# Commands


def setup(project: Project, options: argparse.Namespace) -> int:
    prepare.everything(project)
    return 0


def run(project: Project, options: argparse.Namespace) -> int:
    named = options.notebooks or [project.notebooks]
    root, out = common_folder(named), absolute(options.out or project.pages)
    if out == root:
        raise Problem("Executed copies in %s would replace the notebooks: name another --out." % out)
    notebooks = find_notebooks(named, executed=out)
    prepare.everything(project)
    print()
    arguments = ["--root", str(root), "--jobs", str(options.jobs)]
    arguments += ["--timeout", str(options.timeout)]
    arguments += ["--notebook-timeout", str(options.notebook_timeout)]
    arguments += [] if options.keep_going else ["--no-keep-going"]
    arguments += ["--write-back"] if options.write_back else []
    arguments += ["--allow-stderr"] if options.allow_stderr else []
    return execute(project, notebooks, out, arguments)


def release(project: Project, options: argparse.Namespace) -> int:
    lessons = find_notebooks(options.lessons or [project.notebooks])
    return grading(project, ["release", str(options.course), *map(str, lessons)])


def grade(project: Project, options: argparse.Namespace) -> int:
    if not (options.course / "nbgrader_config.py").is_file():
        raise Problem(
            "%s is no course: make one with 'camlab.py release %s'." % (options.course, options.course))
    arguments = [options.action, str(options.course), *options.lessons]
    if getattr(options, "timeout", None):
        arguments += ["--timeout", str(options.timeout)]
    return grading(project, arguments)


def grading(project: Project, arguments: Sequence[str]) -> int:
    prepare.everything(project)
    prepare.install_more_packages(project, StatusLine(), "grading")
    print()
    return python(project, str(ENVIRONMENT / "grading.py"), *arguments)


def lab(project: Project, options: argparse.Namespace) -> int:
    prepare.everything(project)
    arguments = [
        "--ServerApp.root_dir=%s" % project.notebooks,
        "--LabApp.default_url=/lab/tree/%s" % find_notebooks([project.notebooks])[0].name,
        "--ServerApp.answer_yes=True",  # Ctrl-C asks nothing
        "--ServerApp.log_level=WARN",
        "--KernelSpecManager.allowed_kernelspecs=java",
        "--KernelSpecManager.ensure_native_kernel=False",
        "--MultiKernelManager.default_kernel_name=java",
        # Or the kernel's state stays "Unknown" until the first cell: JJava answers only such messages.
        "--MappingKernelManager.untracked_message_types=[]",
        "--LabApp.extension_manager=readonly",
        "--LanguageServerManager.autodetect=False",  # or it starts npm to look for some
    ]
    arguments += ["--no-browser"] if options.no_browser else []
    arguments += ["--port=%d" % options.port] if options.port else []
    arguments += ["--ip=%s" % options.ip] if options.ip else []
    arguments += ["--allow-root"] if options.allow_root else []
    print("\nJupyterLab starts; Ctrl-C ends it.", flush=True)
    command = [str(project.python), "-m", "jupyterlab", *arguments]
    return call(command, project.python_environment(), cwd=project.notebooks)


def test(project: Project, options: argparse.Namespace) -> int:
    """Goes on after a failure where it can: one run shows all that is wrong."""
    line = StatusLine()
    java = prepare.find_java(line)
    prepare.install_packages(project, line)
    prepare.install_more_packages(project, line, "grading")
    results: list[tuple[str, bool]] = []

    def part(title: str, code: int) -> bool:
        results.append((title, code == 0))
        return code == 0

    heading("Library: unit tests, formatting, lint")
    stamp = prepare.library_stamp(project)
    stamp.remove()
    prepare.remove_jars(project)
    verify = [*prepare.maven(project), "verify"]
    built = part("library", call(verify, project.java_environment(java.home), cwd=project.root))
    if built and prepare.library_exists(project):
        stamp.write()
        prepare.install_kernel(project, java, line)
    heading("Environment: unit tests")
    part("environment", python(project, "-m", "unittest", "discover", str(ENVIRONMENT / "tests")))
    if built:
        notebooks = find_notebooks([project.notebooks])
        jobs = ["--jobs", str(default_jobs())]
        for title, kernels in (
            ("notebooks", None),
            ("notebooks under IJava's base library", prepare.install_ijava(project, java)),
        ):
            heading(title[0].upper() + title[1:])
            out = project.root / "target" / ("test-notebooks" + ("-ijava" if kernels else ""))
            if part(title, execute(project, notebooks, out, jobs, kernels)):
                check = [str(ENVIRONMENT / "checks.py"), "--executed", str(out)]
                part("checks of the " + title, python(project, *check, *map(str, notebooks)))
        heading("JupyterLab in a browser")
        prepare.install_more_packages(project, line, "tests")
        browser = [str(ENVIRONMENT / "browser.py"), "--out", str(project.root / "target" / "browser")]
        part("browser", python(project, *browser))
    else:
        results.append(("notebooks (not run, as the library was not built)", False))
    heading("All tests")
    print(table(("part", "result"), [(title, "ok" if ok else "FAILED") for title, ok in results]))
    return 0 if all(ok for _, ok in results) else 1


def clean(project: Project, options: argparse.Namespace) -> int:
    built = sorted(project.root.glob("lib/*/target"))
    for folder in (project.state, project.root / "target", *built):
        if folder.exists():
            shutil.rmtree(folder)
            print("Removed %s" % folder)
    return 0


# Helpers


def at_least(lowest: int) -> Callable[[str], int]:
    """The type of an option that counts something."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            raise argparse.ArgumentTypeError("%r is not a number from %d up" % (text, lowest))
        return int(text)

    return number


def default_jobs() -> int:
    """Not more than two, since a kernel may take 2 GB of memory."""
    return min(2, os.cpu_count() or 1)


def absolute(path: Path) -> Path:
    """Links stay as they are: what counts is where a notebook is found, not what it points to."""
    return Path(os.path.abspath(path))


def common_folder(paths: Sequence[Path]) -> Path:
    folders = [path if path.is_dir() else path.parent for path in map(absolute, paths)]
    return Path(os.path.commonpath(folders))


def find_notebooks(paths: Sequence[Path], executed: Optional[Path] = None) -> list[Path]:
    """The notebooks named, and all of the folders named, in the order of the numbers in their names;
    without the executed copies of an earlier run."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.ipynb"), key=numeric_order)
            found += [p for p in inside if not is_hidden(p.relative_to(path))]
        elif path.is_file() and path.suffix == ".ipynb":
            found.append(path)
        else:
            raise Problem("%s is neither a notebook (.ipynb) nor a folder: check the name." % path)
    found = [path for path in dict.fromkeys(map(absolute, found)) if executed not in path.parents]
    if not found:
        raise Problem("There is no notebook in %s." % ", ".join(map(str, paths)))
    return found


def is_hidden(path: Path) -> bool:
    """Such as the copies in .ipynb_checkpoints."""
    return any(part.startswith(".") for part in path.parts)


def numeric_order(path: Path) -> list:
    """'2-x' before '10-x'."""
    parts = re.split(r"(\d+)", path.as_posix())
    return [int(part) if part.isdigit() else part for part in parts]


def execute(
    project: Project, notebooks: Sequence[Path], out: Path, options=(), kernels: Optional[Path] = None
) -> int:
    """With the kernels in a folder, if one is given."""
    program = [str(ENVIRONMENT / "execute.py"), "--out", str(out), *options, *map(str, notebooks)]
    return python(project, *program, env={"JUPYTER_PATH": str(kernels)} if kernels else {})


def python(project: Project, *arguments: str, env: Mapping[str, str] = {}) -> int:
    """Runs a program of ours inside the private environment; a library's warnings are not for users."""
    command = [str(project.python), "-W", "ignore", *arguments]
    return call(command, {**project.python_environment(), **env})


def call(command: Sequence[str], env: Mapping[str, str], cwd: Optional[Path] = None) -> int:
    """Both streams go to standard output, in order. When we are stopped, so is the program: Ctrl-C
    reaches it as well, so it gets the time to tidy up."""
    sys.stdout.flush()
    process = subprocess.Popen(list(command), env=env, cwd=cwd, stderr=subprocess.STDOUT)
    try:
        return process.wait()
    except Terminated:
        process.terminate()
        process.wait()
        raise
    except KeyboardInterrupt:
        try:
            process.wait(timeout=TIDY_UP_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
        raise


def heading(title: str) -> None:
    print("\n== %s ==" % title, flush=True)

"""The commands of camlab.py and their options."""
from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, ClassVar

import browsers
import cache
import jdk
import limits
import lock
import prepare
import shards
import testing
from console import Missing, Problem, StatusLine, at_once
from last_run import NAMED, LastRun
from project import ENVIRONMENT, Project, memory_here, use_plain_output

# Ctrl-C while its packages are read is no fault that one would want to see.
JUPYTERLAB = """
import sys
try:
    from jupyterlab.labapp import main
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)
"""


class Terminated(KeyboardInterrupt):
    """We alone were asked to end (`kill`), not with Ctrl-C."""


def terminate(number, frame) -> None:
    raise Terminated


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    use_plain_output()
    signal.signal(signal.SIGTERM, terminate)
    options = parser().parse_args(arguments)
    try:
        return options.command(project or Project(), options)
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
    add_jobs(run_parser, "notebooks to execute", notebooks_at_a_time())
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
        help="also store outputs that say something new in the notebooks themselves",
    )
    run_parser.add_argument(
        "--again", action="store_true",
        help="execute them even if nothing has changed since the last run",
    )
    run_parser.add_argument(
        "--allow-stderr", action="store_true",
        help="do not count text on standard error as a failure",
    )

    add_shard(run_parser, "notebooks")

    lab_parser = command("lab", lab, "open the notebooks in JupyterLab")
    lab_parser.add_argument("--no-browser", action="store_true", help="only print the address")
    lab_parser.add_argument(
        "--port", type=a_port, help="port of the server, or the next free one (default: 8888)")
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
        add_shard(added, "submissions")
    autograde_parser = commands.choices["autograde"]
    autograde_parser.add_argument(
        "--timeout", type=at_least(1), metavar="SECONDS",
        help="longest time for one cell (default: as the course's nbgrader_config.py says, 120)",
    )
    add_jobs(autograde_parser, "submissions to mark", two_at_most())
    autograde_parser.add_argument(
        "--submission-timeout", type=at_least(1), default=limits.SECONDS, metavar="SECONDS",
        help="longest time for one submission (default: %(default)s)",
    )
    autograde_parser.add_argument(
        "--memory", type=at_least(3), default=limits.MEMORY, metavar="GB",
        help="most memory that a submission's kernel may write to (default: %(default)s)",
    )

    merge_parser = command(
        "merge", merge, "put together what the shards of a run, or of a course's marks, have found")
    merge_parser.add_argument(
        "folder", nargs="?", type=Path,
        help="the --out of the runs, or the folder of the course (default: target/notebooks)",
    )

    test_parser = command("test", test, "run everything that tests")
    test_parser.add_argument(
        "--require", action="append", default=[], choices=("browser",),
        help="what else must run: without it, a machine that has no browser passes with what it has",
    )
    command("photographs", photographs,
            "fetch the photographs and the network for them, once, or say which files to put where")
    command("setup", setup, "only set up; the other commands do this first")
    command("clean", clean, "remove what the set-up and the runs have made")
    return top


def add_jobs(command: argparse.ArgumentParser, what: str, default: int) -> None:
    command.add_argument(
        "--jobs", type=at_least(1), default=default, metavar="N",
        help=f"how many {what} at a time (default: %(default)s)",
    )


def add_shard(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument(
        "--shard", type=shards.Shard.parse, metavar="I/N",
        help=f"only the I-th of N shares of the {what}: N machines, or jobs of a queue, do all of"
             " them, and 'camlab.py merge' puts together what they found",
    )


# Commands


def setup(project: Project, options: argparse.Namespace) -> int:
    prepare.everything(project, again=True)
    return 0


def photographs(project: Project, options: argparse.Namespace) -> int:
    java = prepare.everything(project, again=True)
    print()
    code = call(
        [str(java.executable), *proxy_options(), "-cp", str(project.loaded_library),
         "camlab.course.FetchPhotographs"],
        project.java_environment(java.home), cwd=project.root,
    )
    if code == 0:
        print('Lessons 01 to 07, 10, 11, 11b and 13 show them when "photographs" stands in place of'
              ' "drawn" in their line with Lesson.choice.')
    return code


def proxy_options() -> list[str]:
    """What the user's system or environment says of proxies, as Java takes it."""
    options = []
    for scheme, address in urllib.request.getproxies().items():
        proxy = urllib.parse.urlsplit(address if "://" in address else f"http://{address}")
        if scheme in ("http", "https") and proxy.hostname:
            options += [f"-D{scheme}.proxyHost={proxy.hostname}",
                        f"-D{scheme}.proxyPort={proxy.port or 80}"]
    return options


def run(project: Project, options: argparse.Namespace) -> int:
    named = options.notebooks or [project.notebooks]
    root, out = common_folder(named), absolute(options.out or project.pages)
    if out == root:
        raise Problem(f"Executed copies in {out} would replace the notebooks: name another --out.")
    notebooks = find_notebooks(named, executed=out)
    if options.shard:
        notebooks, out = options.shard.share(notebooks), options.shard.folder(out)
    make_folder(out, "--out")
    java = prepare.everything(project)
    print()
    arguments = ["--root", str(root), "--jobs", str(options.jobs)]
    arguments += ["--timeout", str(options.timeout)]
    arguments += ["--notebook-timeout", str(options.notebook_timeout)]
    arguments += [] if options.keep_going else ["--no-keep-going"]
    arguments += ["--write-back"] if options.write_back else []
    arguments += ["--allow-stderr"] if options.allow_stderr else []
    last = LastRun(project, java, notebooks, out, arguments)
    if last.would_repeat() and not (options.again or options.write_back):
        print(f"Nothing has changed since the last run ({NAMED}), in which all ran without an error;"
              f" --again executes them again.\nPages: {out / 'index.html'}")
        return 0
    last.forget()
    if options.shard:
        shards.begin_run(out, [path.relative_to(root).as_posix() for path in notebooks])
        if not notebooks:
            print(f"No notebook falls to shard {options.shard}.")
            return 0
    code = execute(project, notebooks, out, arguments)
    if code == 0:
        last.remember()
    return code


def release(project: Project, options: argparse.Namespace) -> int:
    lessons = find_notebooks(options.lessons or [project.notebooks])
    make_folder(options.course, "folder for the course")
    return grading(project, ["release", str(options.course), *map(str, lessons)])


def grade(project: Project, options: argparse.Namespace) -> int:
    if not (options.course / "nbgrader_config.py").is_file():
        raise Problem(
            f"{options.course} is no course: make one with 'camlab.py release {options.course}'.")
    arguments = [options.action, str(options.course), *options.lessons]
    for name in ("timeout", "submission_timeout", "jobs", "memory", "shard"):
        if getattr(options, name, None):
            arguments += ["--" + name.replace("_", "-"), str(getattr(options, name))]
    return grading(project, arguments)


def merge(project: Project, options: argparse.Namespace) -> int:
    folder = absolute(options.folder or project.pages)
    if (folder / "nbgrader_config.py").is_file():
        return grading(project, ["merge", str(folder)])
    prepare.everything(project)
    print()
    return python(project, str(ENVIRONMENT / "shards.py"), str(folder))


def grading(project: Project, arguments: Sequence[str]) -> int:
    prepare.everything(project)
    line = StatusLine()
    with lock.alone(project, line):
        prepare.install_more_packages(project, line, "grading")
    print()
    return python(project, str(ENVIRONMENT / "grading.py"), *arguments)


def lab(project: Project, options: argparse.Namespace) -> int:
    require_own_address(options.ip)
    prepare.everything(project)
    arguments = [
        f"--ServerApp.root_dir={project.notebooks}",
        f"--LabApp.default_url=/lab/tree/{find_notebooks([project.notebooks])[0].name}",
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
    arguments += [f"--port={options.port}"] if options.port else []
    arguments += [f"--ip={options.ip}"] if options.ip else []
    arguments += ["--allow-root"] if options.allow_root else []
    print("\nJupyterLab starts; Ctrl-C ends it.", flush=True)
    command = [str(project.python), "-c", JUPYTERLAB, *arguments]
    return call(command, project.python_environment(), cwd=project.notebooks)


def require_own_address(address: str | None) -> None:
    """JupyterLab would say it in many lines; of a star it makes all addresses."""
    if not address or address == "*":
        return
    try:
        family, _, _, _, place = socket.getaddrinfo(address, 0)[0]
        with socket.socket(family) as own:
            own.bind(place)
    except (OSError, UnicodeError) as error:
        raise Problem(f"No server can listen at {address} ({error}): name an address of this"
                      " machine, 0.0.0.0 for all that it has, or leave --ip out.") from error


def test(project: Project, options: argparse.Namespace) -> int:
    """Goes on after a failure where it can: one run shows all that is wrong."""
    line = StatusLine()
    java = prepare.find_java(line)
    parts = testing.Parts(line)
    with lock.alone(project, line):
        notebooks = None
        ready = Ready.of(project, java, line, fetch_browser="browser" in options.require)
        if ready.built:
            prepare.install_kernel(project, java, line)
            notebooks = Notebooks.under_both_kernels(project, java)
    parts.run_side_by_side(jobs(project, options, parts, notebooks, ready), project.logs)
    if notebooks and parts.is_ok(notebooks.title):
        notebooks.check(project, parts)
    testing.show("All tests")
    print(parts.table())
    return 1 if parts.failed else 0


@dataclass
class Ready:
    """What the set-up for tests has come to: whether there is a library, and which browser, or why
    there is none."""

    built: bool = False
    browser: str | Problem = ""

    @classmethod
    def of(
        cls, project: Project, java: jdk.Java, line: StatusLine, fetch_browser: bool
    ) -> Ready:
        ready = cls()

        def packages(line: StatusLine) -> None:
            prepare.install_packages(project, line)
            cache.fetch_network(project, line)
            prepare.install_more_packages(project, line, "grading")
            prepare.install_more_packages(project, line, "tests")
            try:
                ready.browser = browsers.provide(project, line, fetch=fetch_browser)
            except Problem as problem:
                ready.browser = problem

        def library(line: StatusLine) -> None:
            try:
                prepare.build_library(project, java, line, with_ijava=True)
                ready.built = True
            except Problem as problem:
                line.finish(str(problem))

        at_once(line, packages, library)
        return ready


def jobs(
    project: Project, options: argparse.Namespace, parts: testing.Parts,
    notebooks: Notebooks | None, ready: Ready,
) -> list[testing.Job]:
    """The library's tests beside the environment's, then what uses what the library's build has left,
    and JupyterLab, whose set-up waits until nobody builds. The library's are one process and the
    longest way to the end; the lessons stand behind all others, and have what these leave."""
    library = "library"
    tests = ("-m", "unittest", "discover", str(ENVIRONMENT / "tests"))

    def job(title: str, heading: str, *arguments: str, after: str | None = None) -> testing.Job:
        command = [str(project.python), "-W", "ignore", *arguments]
        return testing.Job(title, heading, command, project.python_environment(), after)

    found = [
        job(library, "Library: unit tests, formatting, lint", str(ENVIRONMENT / "library.py")),
        job("lint", "Environment: lint",
            "-m", "ruff", "check", "--no-cache", str(ENVIRONMENT)),  # by its ruff.toml
        job("environment", "Environment: unit tests", *tests),
        job("what is built", "The kernels, and somebody else's project, with what is built",
            *tests, "--pattern", "built_*.py", after=library),
    ]
    if notebooks is None:
        for title in ("browser", Notebooks.title):
            parts.not_run(title, "the library was not built", required=True)
        return found
    found.append(job(notebooks.title, "Notebooks, and again under IJava's base library",
                     *execution(notebooks.all, notebooks.ours, notebooks.options())))
    browser = ready.browser
    if isinstance(browser, Problem):
        required = "browser" in options.require or not isinstance(browser, Missing)
        parts.not_run("browser", str(browser), required)
    else:
        out = project.root / "target" / "browser"
        found.append(job("browser", "JupyterLab in a browser", str(ENVIRONMENT / "browser.py"),
                         "--browser", browser, "--out", str(out), after=library))
    return found


@dataclass(frozen=True)
class Notebooks:
    """All lessons under one kernel and then under the other, so that the processor has work until the
    last one ends; and what is checked of their copies then. Every cell runs twice; what evaluations
    found under the first kernel, on this same commit, they read under the second."""

    title: ClassVar[str] = "notebooks"
    again: ClassVar[str] = "checks under IJava's (evaluations read, not computed again)"
    all: Sequence[Path]
    ours: Path
    ijavas: Path
    kernels: Path

    @classmethod
    def under_both_kernels(cls, project: Project, java: jdk.Java) -> Notebooks:
        ours, ijavas = (
            project.root / "target" / f"test-notebooks{kernel}" for kernel in ("", "-ijava"))
        kernels = prepare.install_ijava(project, java)
        return cls(find_notebooks([project.notebooks]), ours, ijavas, kernels)

    def options(self) -> list[str]:
        beside_the_library = max(1, notebooks_at_a_time() - 1)
        return ["--jobs", str(beside_the_library), "--behind",
                "--answers", str(self.ours / "answers"), "--also", str(self.kernels), str(self.ijavas)]

    def check(self, project: Project, parts: testing.Parts) -> None:
        for title, out in (("checks", self.ours), (self.again, self.ijavas)):
            check = [str(ENVIRONMENT / "checks.py"), "--executed", str(out), *map(str, self.all)]
            parts.run(title, f"Notebooks: {title}", lambda check=check: python(project, *check))


def clean(project: Project, options: argparse.Namespace) -> int:
    built = sorted(project.root.glob("lib/*/target"))
    for folder in (project.state, project.root / "target", *built):
        if folder.exists():
            shutil.rmtree(folder)
            print(f"Removed {folder}")
    return 0


# Helpers


def at_least(lowest: int) -> Callable[[str], int]:
    """The type of an option that counts something."""

    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {lowest} up")
        return int(text)

    return number


def a_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")
    return int(text)


def notebooks_at_a_time() -> int:
    """One more than there are processors, since a lesson also waits, if each has 3 GB: 2 at most are
    Java's."""
    memory = memory_here()
    if memory is None:
        return two_at_most()
    return max(1, min((os.cpu_count() or 1) + 1, memory // (3 << 30)))


def two_at_most() -> int:
    """Where it is not known for how many the memory is enough: a kernel may take 2 GB or more."""
    return min(2, os.cpu_count() or 1)


def absolute(path: Path) -> Path:
    """Links stay as they are: what counts is where a notebook is found, not what it points to."""
    return Path(os.path.abspath(path))


def make_folder(path: Path, what: str) -> None:
    """For what a command leaves; before it begins, since what cannot be kept need not be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise Problem(
            f"Nothing can be written into {path} ({error.strerror}): name another {what}.") from error


def common_folder(paths: Sequence[Path]) -> Path:
    folders = [path if path.is_dir() else path.parent for path in map(absolute, paths)]
    return Path(os.path.commonpath(folders))


def find_notebooks(paths: Sequence[Path], executed: Path | None = None) -> list[Path]:
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
            raise Problem(f"{path} is neither a notebook (.ipynb) nor a folder: check the name.")
    found = [path for path in dict.fromkeys(map(absolute, found)) if executed not in path.parents]
    if not found:
        raise Problem(f"There is no notebook in {', '.join(map(str, paths))}.")
    return found


def is_hidden(path: Path) -> bool:
    """Such as the copies in .ipynb_checkpoints."""
    return any(part.startswith(".") for part in path.parts)


def numeric_order(path: Path) -> list:
    """'2-x' before '10-x'."""
    parts = re.split(r"(\d+)", path.as_posix())
    return [int(part) if part.isdigit() else part for part in parts]


def execute(project: Project, notebooks: Sequence[Path], out: Path, options: Sequence[str]) -> int:
    return python(project, *execution(notebooks, out, options))


def execution(notebooks: Sequence[Path], out: Path, options: Sequence[str]) -> list[str]:
    return [str(ENVIRONMENT / "execute.py"), "--out", str(out), *options, *map(str, notebooks)]


def python(project: Project, *arguments: str) -> int:
    """Runs a program of ours inside the private environment; a library's warnings are not for users."""
    return call([str(project.python), "-W", "ignore", *arguments], project.python_environment())


def call(command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None) -> int:
    """Both streams go to standard output, in order. When we are stopped, so is the program: Ctrl-C
    reaches it as well, so it gets the time to tidy up."""
    sys.stdout.flush()
    process = subprocess.Popen(list(command), env=env, cwd=cwd, stderr=subprocess.STDOUT)
    try:
        return process.wait()
    except Terminated:
        process.terminate()
        testing.end(process)
        raise
    except KeyboardInterrupt:
        try:
            process.wait(timeout=testing.TIDY_UP_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            testing.end(process)
        raise

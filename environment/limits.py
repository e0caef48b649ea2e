"""What a submission's kernel may do. `grading.py` has each started through this program, which takes
on the limits and then becomes the kernel: files and memory wherever the system counts them, network
and foreign files where there is bubblewrap."""
from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

WRAPPER = "bwrap"
LARGEST_FILE = 2**30  # bytes
MEMORY = 6  # GB, unless the user says otherwise
SECONDS = 1800
EVERYTHING = ("--bind", "/", "/", "--dev-bind", "/dev", "/dev")
READ_ONLY = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
ENDS_WITH_US = ("--die-with-parent", "--unshare-pid")


def missing() -> str:
    """Why a program cannot be shut in here; empty if it can."""
    if not shutil.which(WRAPPER):
        return f"there is no {WRAPPER} (the package bubblewrap has it)"
    trial = [*without_network(), WRAPPER, *READ_ONLY, *ENDS_WITH_US, sys.executable, "-c", ""]
    try:
        found = subprocess.run(
            trial, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    said = found.stderr.strip().splitlines() or [f"it ended with {found.returncode}"]
    return f"{WRAPPER} does not work here: {said[-1]}" if found.returncode else ""


def without_network() -> list[str]:
    """What a command begins with so that it, and all that it starts, reaches nothing but itself."""
    return [WRAPPER, *EVERYTHING, "--die-with-parent", "--unshare-net"]


def write_kernel(spec: Path, place: Path, course: Path, memory: int, shut_in: bool) -> None:
    """Another kernel of the same name, for JUPYTER_PATH: the one of `spec`, through this program. It
    keeps its temporary files in `place`, and sees of the course its own submission."""
    kernel = json.loads(spec.read_text(encoding="utf-8"))
    java, *rest = kernel["argv"]
    temporary = place / "temporary"
    temporary.mkdir()
    limited = [sys.executable, str(Path(__file__).resolve()), "--memory", str(memory)]
    if shut_in:
        limited += ["--course", str(course), "--temporary", str(temporary)]
    kernel["argv"] = [*limited, "--", java, f"-Djava.io.tmpdir={temporary}", *rest]
    folder = place / "kernels" / "java"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True, help="bytes that it may write to")
    parser.add_argument("--course", help="shut in: hidden, but for the folder it starts in")
    parser.add_argument("--temporary", help="shut in: the only other folder it may write to")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    limit(options.memory)
    command = options.command
    if options.course:
        own = os.getcwd()
        command = [
            WRAPPER, *READ_ONLY, *ENDS_WITH_US, "--tmpfs", options.course, "--bind", own, own,
            "--bind", options.temporary, options.temporary, "--chdir", own, *command]
    os.execvp(command[0], command)


def limit(memory: int) -> None:
    """Of data, not of addresses: Java reserves many that it never uses. Windows counts neither."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, LARGEST_FILE)):
        allowed = resource.getrlimit(kind)[1]
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())

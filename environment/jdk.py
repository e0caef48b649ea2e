"""Finds a JDK: the one JAVA_HOME names, else the one on the PATH."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from console import Problem
from project import user_home

OLDEST = 17
ADVICE = (
    f"install a JDK {OLDEST} or newer (for example from https://adoptium.net), set JAVA_HOME to its"
    " folder, and run this again."
)


@dataclass(frozen=True)
class Java:
    home: Path
    version: str
    user_home: Path = user_home()  # Java does not ask HOME for it

    @property
    def feature(self) -> int:
        """17 for '17.0.15', and 8 for the old style '1.8.0_402'."""
        numbers = [int(n) for n in re.findall(r"\d+", self.version)] + [0, 0]
        return numbers[1] if numbers[0] == 1 else numbers[0]

    @property
    def executable(self) -> Path:
        return self.home / "bin" / _exe("java")

    @property
    def has_compiler(self) -> bool:
        return (self.home / "bin" / _exe("javac")).is_file()


def find_jdk(environ: Mapping[str, str] = os.environ) -> Java:
    """The first JDK that is new enough; a Problem that names what was found otherwise."""
    found = [java for java in map(_ask, _executables(environ)) if java]
    for java in found:
        if java.feature >= OLDEST and java.has_compiler:
            return java
    if not found:
        raise Problem("No Java was found: " + ADVICE)
    java = found[0]
    if java.feature < OLDEST:
        raise Problem(f"Java {java.version} in {java.home} is too old: {ADVICE}")
    raise Problem(f"Java {java.version} in {java.home} has no compiler (javac): {ADVICE}")


def _exe(name: str) -> str:
    return name + ".exe" if os.name == "nt" else name


def _executables(environ: Mapping[str, str]) -> Iterator[str]:
    if environ.get("JAVA_HOME"):
        yield str(Path(environ["JAVA_HOME"]) / "bin" / _exe("java"))
    path = environ.get("PATH", "")
    if shutil.which("java", path=path):
        yield shutil.which("java", path=path)
    if shutil.which("javac", path=path):
        yield str(Path(shutil.which("javac", path=path)).resolve().parent / _exe("java"))


def _ask(executable: str) -> Java | None:
    """Java itself knows its home and version best, behind links and stubs alike."""
    try:
        answer = subprocess.run(
            [executable, "-XshowSettings:properties", "-version"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return None
    home = re.search(r"^\s*java\.home = (.+?)\s*$", answer, re.MULTILINE)
    version = re.search(r"^\s*java\.version = (\S+)", answer, re.MULTILINE)
    user_home = re.search(r"^\s*user\.home = (.+?)\s*$", answer, re.MULTILINE)
    if not (home and version):
        return None
    own = [Path(user_home.group(1))] if user_home else []
    return Java(Path(home.group(1)), version.group(1), *own)

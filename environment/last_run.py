"""Whether a `run` would only repeat the last one. By contents, never by times: everything that the
notebooks are executed with, and the pages that came out."""
from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

import jdk
import prepare
from project import ENVIRONMENT, Project
from stamp import Stamp, key_of

# What users set of which Java, PyTorch and CamLab take notice.
VARIABLES = ("CAMLAB_", "JAVA_", "_JAVA_", "JDK_", "JJAVA_", "OMP_", "MKL_", "DJL_", "PYTORCH_", "TZ")
NAMED = "notebooks, library, models, pictures, environment, options"


class LastRun:
    """The last run into a folder, seen from the one that is about to begin: the contents of now
    count, also where a file changes while its notebook is executed."""

    def __init__(
        self, project: Project, java: jdk.Java, notebooks: Sequence[Path], out: Path,
        options: Sequence[str],
    ):
        self._out = out
        ours = all(project.notebooks in path.parents for path in notebooks)
        self._known = ours and os.environ.get("CAMLAB_PICTURES", "drawn") == "drawn"
        if self._known:
            variables = [f"{name}={value}" for name, value in sorted(os.environ.items())
                         if name.startswith(VARIABLES)]
            environment = key_of(ENVIRONMENT, environment_files())
            files = {*notebooks, *project_files(project)}
            self._inputs = key_of(
                project.root, files, java.version, platform.python_version(), environment,
                *options, *variables)

    def would_repeat(self) -> bool:
        """Only for CamLab's own lessons with its own pictures: nobody knows what others read."""
        return self._known and self._stamp().is_current()

    def remember(self) -> None:
        if self._known:
            self._stamp().write()

    def forget(self) -> None:
        if self._known:
            self._stamp().remove()

    def _stamp(self) -> Stamp:
        outputs = key_of(self._out, pages_of(self._out))
        return Stamp(self._out / ".last-run", f"{self._inputs} {outputs}")


def project_files(project: Project) -> Iterator[Path]:
    """What notebooks are executed with, of all that lies in the project."""
    yield from prepare.built_jars(project)
    yield project.kernel / "kernel.json"
    yield project.kernel / "jjava.jar"
    for folder in (project.root / "models", project.root / "data"):
        yield from files_below(folder)


def environment_files() -> Iterator[Path]:
    yield from (path for path in ENVIRONMENT.glob("*") if path.is_file())
    yield from files_below(ENVIRONMENT / "template")


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def pages_of(out: Path) -> list[Path]:
    """What a run leaves for its reader, as far as it is there."""
    try:
        listing = json.loads((out / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    names = ["index.html", "results.json", "results.xml"]
    names += [each[kind] for each in listing for kind in ("page", "copy") if each.get(kind)]
    return [path for path in (out / name for name in names) if path.is_file()]

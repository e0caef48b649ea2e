"""Where everything is. All that the set-up makes lies in two folders that git ignores:
`.camlab/` (Python packages, logs, settings, native libraries) and the `target/` folders."""
from __future__ import annotations

import locale
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent
UTF8_LOCALES = ("C.UTF-8", "en_US.UTF-8")


@dataclass(frozen=True)
class Project:
    root: Path = ENVIRONMENT.parent

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def state(self) -> Path:
        return self.root / ".camlab"

    @property
    def venv(self) -> Path:
        return self.state / "venv"

    @property
    def python(self) -> Path:
        """The private environment's Python."""
        if os.name == "nt":
            return self.venv / "Scripts" / "python.exe"
        return self.venv / "bin" / "python"

    @property
    def kernel(self) -> Path:
        return self.venv / "share" / "jupyter" / "kernels" / "java"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def built(self) -> Path:
        """What the build makes for kernels."""
        return self.root / "lib" / "kernel" / "target"

    @property
    def library(self) -> Path:
        """All of the library with what it needs."""
        return self.built / "camlab.jar"

    @property
    def natives(self) -> Path:
        """The native half of PyTorch, in a jar of its own."""
        return self.built / "native"

    @property
    def ijava(self) -> Path:
        """What the build makes of the stand-in for IJava: for tests only."""
        return self.root / "lib" / "ijava" / "target"

    @property
    def loaded(self) -> Path:
        """What kernels load: copies, so that a build beside them takes nothing away from them."""
        return self.state / "library"

    @property
    def loaded_library(self) -> Path:
        return self.loaded / self.library.name

    @property
    def loaded_ijava(self) -> Path:
        """The stand-in for IJava with its libraries, and its kernelspec."""
        return self.state / "ijava"

    @property
    def pages(self) -> Path:
        """Where `run` puts executed notebooks and pages when it is not told otherwise."""
        return self.root / "target" / "notebooks"

    def djl_environment(self) -> dict[str, str]:
        """DJL unpacks its native libraries into our folder, fetches nothing and reports nothing.
        PyTorch's threads sleep while they wait: where several programs share the processor, spinning
        costs all of them nearly half of it. (In small letters: in a Turkish locale its library does
        not know the large ones.)"""
        return {
            "DJL_CACHE_DIR": str(self.state / "djl"),
            "DJL_OFFLINE": "true",
            "OPT_OUT_TRACKING": "true",
            "OMP_WAIT_POLICY": "passive",
        }

    def java_environment(self, java_home: Path) -> dict[str, str]:
        """For Maven and the tests it starts."""
        return {**self.own_environment(), **self.djl_environment(), "JAVA_HOME": str(java_home)}

    def own_environment(self) -> dict[str, str]:
        """The user's, with caches of ours in place of those that cannot be written, and with UTF-8
        in place of a locale in which Java finds no file whose name has a letter beyond ASCII."""
        home, caches = user_home(), self.state / "caches"
        ours = {}
        if not writable(Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")):
            ours["XDG_CACHE_HOME"] = str(caches)
        if not writable(home / ".npm"):
            ours["npm_config_cache"] = str(caches / "npm")
        if not speaks_utf8():
            ours["LC_ALL"] = utf8_locale()
        return {**os.environ, **ours}

    def python_environment(self) -> dict[str, str]:
        """For programs of the private environment: nothing of the user's own Python and Jupyter
        gets in, and nothing is written outside the project."""
        ours = self.state / "jupyter"
        environment = {
            **self.own_environment(),
            "JUPYTER_CONFIG_DIR": str(ours / "config"),
            "JUPYTER_DATA_DIR": str(ours / "data"),
            "JUPYTER_RUNTIME_DIR": str(ours / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_PLATFORM_DIRS": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_USER": "0",
            "PLAYWRIGHT_BROWSERS_PATH": str(self.state / "browsers"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYTHONUTF8": "1",
        }
        for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTHONHOME", "PYTHONPATH"):
            environment.pop(name, None)
        return environment


def user_home() -> Path:
    """By HOME; '~' itself for a user who has none, as in some containers."""
    return Path(os.path.expanduser("~"))


def memory_here(limit: Path = Path("/sys/fs/cgroup/memory.max")) -> int | None:
    """Bytes of the machine, or of its container if these are fewer; None where the system does not
    tell, as Windows does not."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
    try:
        return min(machine, int(limit.read_text()))
    except (OSError, ValueError):  # no container, or "max"
        return machine


def writable(path: Path) -> bool:
    """Whether a file or folder can be written, or made where there is none."""
    if not path.is_absolute():
        return False
    while not path.exists() and path != path.parent:
        path = path.parent
    return os.access(path, os.W_OK)


def speaks_utf8(platform: str = sys.platform) -> bool:
    """Whether names of files are UTF-8 for the programs that the user starts. Elsewhere than on
    Linux they always are, or there is no such choice."""
    return not platform.startswith("linux") or codeset("") == "UTF-8"


def utf8_locale() -> str:
    """One that this machine has, and the usual one where it has none."""
    return next((name for name in UTF8_LOCALES if codeset(name) == "UTF-8"), UTF8_LOCALES[0])


def codeset(name: str) -> str:
    """How a locale encodes characters; nothing for one that this machine does not have."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
        return locale.nl_langinfo(locale.CODESET)
    except locale.Error:
        return ""
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def use_plain_output() -> None:
    """A terminal that lacks a character shows '?' instead of stopping the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")

"""The set-up: a JDK, the Python packages, the library, the kernel. Each step does only what changed."""
from __future__ import annotations

import filecmp
import importlib.util
import json
import os
import platform
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import cache
import jdk
import lock
import maven
from console import Problem, StatusLine, Step, at_once, step
from project import ENVIRONMENT, Project
from stamp import Stamp, key_of

LOCK = ENVIRONMENT / "requirements.lock"


def everything(project: Project, again: bool = False) -> jdk.Java:
    """What `run` and `lab` need. `again` tries to fetch what could not be had the last time."""
    line = StatusLine()
    java = find_java(line)

    def packages(line: StatusLine) -> None:
        install_packages(project, line)
        cache.fetch_network(project, line, again)

    with lock.alone(project, line):
        at_once(line, packages, lambda line: build_library(project, java, line))
        install_kernel(project, java, line)
    return java


def find_java(line: StatusLine) -> jdk.Java:
    with step("[1/4] Java", line) as this:
        java = jdk.find_jdk()
        this.say(f"{java.version} in {java.home}")
    return java


# Python packages


def install_packages(project: Project, line: StatusLine) -> None:
    with step("[2/4] Python packages", line) as this:
        stamp = packages_stamp(project)
        if stamp.is_current() and project.python.exists():
            return this.say("up to date")
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            raise Problem(
                "This Python lacks its venv module: install it (on Debian and Ubuntu with"
                " 'sudo apt install python3-venv'), and run this again."
            )
        stamp.remove()
        log = fresh(project.logs / "packages.log")
        this.run(
            [sys.executable, "-m", "venv", "--clear", str(project.venv)], log,
            f"The private Python environment in {project.venv} could not be made.",
            env=project.python_environment(),
        )
        pip_install(project, LOCK, this, log)
        stamp.write()


def install_more_packages(project: Project, line: StatusLine, purpose: str) -> None:
    """What only some commands need: the packages of requirements-PURPOSE.lock."""
    with step(f"      Packages for {purpose}", line) as this:
        lock = ENVIRONMENT / f"requirements-{purpose}.lock"
        # Inside the private environment: when that is made anew, these are gone as well.
        stamp = Stamp(project.venv / lock.with_suffix(".stamp").name, key_of(ENVIRONMENT, [lock]))
        if stamp.is_current():
            return this.say("up to date")
        stamp.remove()
        pip_install(project, lock, this, fresh(project.logs / f"packages-{purpose}.log"))
        stamp.write()


def pip_install(project: Project, lock: Path, this: Step, log: Path) -> None:
    this.run(
        [str(project.python), "-m", "pip", "install", "--no-input", "--no-deps",
         "--no-warn-script-location", "--requirement", str(lock)], log,
        "The Python packages could not be installed: check the network connection"
        " (the first set-up needs one), and run this again.",
        env=project.python_environment(),
    )


def packages_stamp(project: Project) -> Stamp:
    """A private environment is tied to a version of Python and to its place on the disk."""
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    key = key_of(ENVIRONMENT, [LOCK], version, str(project.venv))
    return Stamp(project.state / "packages.stamp", key)


# The library


def build_library(
    project: Project, java: jdk.Java, line: StatusLine, with_ijava: bool = False
) -> None:
    """The jars, with those of the stand-in for IJava if they are asked for."""
    with step("[3/4] CamLab library", line) as this:
        stamp = library_stamp(project)
        if stamp.is_current() and library_exists(project, with_ijava):
            return this.say("up to date")
        stamp.remove()
        remove_jars(project)
        modules = "lib/kernel,lib/ijava" if with_ijava else "lib/kernel"
        this.run(
            [*maven.command(project, java), "-pl", modules, "-am", "package",
             "-Dmaven.test.skip", "-Dunlinted"],
            fresh(project.logs / "library.log"),
            "The library could not be built: if the log speaks of downloads, check the network"
            " connection (the first set-up needs one), and run this again.",
            env=maven_environment(project, java), cwd=project.root,
        )
        if not library_exists(project, with_ijava):
            raise Problem(f"The build left no {project.library}: see {project.logs}.")
        forget_compiling(project)
        stamp.write()


def forget_compiling(project: Project) -> None:
    """What was compiled without lint would be up to date for a build that has it."""
    for status in project.root.glob("lib/*/target/maven-status"):
        shutil.rmtree(status)


def remove_jars(project: Project) -> None:
    """The build copies the jars it needs and removes none: one of an older version would stay."""
    for folder in (project.natives, project.ijava / "libraries"):
        shutil.rmtree(folder, ignore_errors=True)


def maven_environment(project: Project, java: jdk.Java) -> dict[str, str]:
    return {**project.java_environment(java.home), **maven.environment(project, java)}


def library_stamp(project: Project) -> Stamp:
    root = project.root
    sources = [path for path in root.glob("lib/*/src/main/**/*") if path.is_file()]
    settings = [root / "pom.xml", root / "lib" / "pom.xml", *root.glob("lib/*/pom.xml")]
    settings += [path for path in (root / ".mvn").rglob("*") if path.is_file()]
    # The native libraries differ between systems that share one folder.
    system = f"{platform.system()} {platform.machine()}"
    return Stamp(project.state / "library.stamp", key_of(root, sources + settings, system))


def library_exists(project: Project, with_ijava: bool = False) -> bool:
    folders = [project.natives, *([project.ijava / "libraries"] if with_ijava else [])]
    return project.library.is_file() and all(any(each.glob("*.jar")) for each in folders)


# The kernel and JupyterLab's settings


def install_kernel(project: Project, java: jdk.Java, line: StatusLine) -> None:
    """Cheap, so it is done every time: it always fits the JDK and the jars of now."""
    with step("[4/4] Java kernel", line) as this:
        copy_all(project.built, built_jars(project), project.loaded)
        spec = json.dumps(kernel_spec(project, java), indent=2)
        (project.kernel / "kernel.json").write_text(spec + "\n", encoding="utf-8")
        settings = project.venv / "share" / "jupyter" / "lab" / "settings"
        shutil.copytree(ENVIRONMENT / "lab", settings, dirs_exist_ok=True)
        this.say("ready")


def kernel_spec(project: Project, java: jdk.Java) -> dict:
    """Starts the kernel without its launcher, which knows neither our JDK nor paths with blanks."""
    kernel = ["-jar", str(project.kernel / "jjava.jar")]
    return spec(project, java, kernel, "JJAVA_CLASSPATH")


def install_ijava(project: Project, java: jdk.Java) -> Path:
    """The stand-in for IJava, under the name of the kernel that the notebooks ask for. A Jupyter
    program that gets the folder as its JUPYTER_PATH finds this one first."""
    classes = [path for path in (project.ijava / "classes").rglob("*") if path.is_file()]
    libraries = sorted((project.ijava / "libraries").glob("*.jar"))
    if not libraries:  # a build has cleared them and failed: another one may run
        raise Problem(f"The stand-in for IJava is not built: {project.ijava} is not complete.")
    place = project.loaded_ijava
    copy_all(project.ijava, classes + libraries, place)
    parts = [place / "classes", *(place / "libraries" / jar.name for jar in libraries)]
    kernel = ["-cp", os.pathsep.join(map(str, parts)), "io.github.spencerpark.ijava.IJava"]
    folder = place / "kernels" / "java"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(spec(project, java, kernel, "IJAVA_CLASSPATH"), indent=2)
    (folder / "kernel.json").write_text(text + "\n", encoding="utf-8")
    return place


def copy_all(root: Path, files: Sequence[Path], place: Path) -> None:
    """Those that differ from their copies. Never into a file that is there: a kernel that has it
    open keeps it as it was."""
    for file in files:
        copy = place / file.relative_to(root)
        if not (copy.is_file() and filecmp.cmp(file, copy)):
            copy.parent.mkdir(parents=True, exist_ok=True)
            fresh = copy.with_name(copy.name + ".new")
            shutil.copy2(file, fresh)
            os.replace(fresh, copy)


def spec(project: Project, java: jdk.Java, kernel: Sequence[str], classpath: str) -> dict:
    """A kernelspec: the kernel is what java starts, and the class path the variable it reads. The
    library is one jar, which leads to the native libraries itself."""
    return {
        "argv": [
            str(java.executable),
            "-Xmx2g",
            # A cell's code is compiled as it comes and seldom runs long enough to repay a second,
            # better compilation: without it a lesson takes two thirds of the processor's time.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            # The same text and numbers on every machine, whatever its language.
            "-Dfile.encoding=UTF-8",
            "-Duser.language=en",
            "-Duser.country=US",
            f"-Djava.util.logging.config.file={ENVIRONMENT / 'logging.properties'}",
            # DJL loads native code; newer JDKs warn unless it is allowed.
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED",
            *kernel,
            "{connection_file}",
        ],
        "display_name": "Java",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            classpath: str(project.loaded_library),
            **project.djl_environment(),
        },
        "metadata": {},
    }


def built_jars(project: Project) -> list[Path]:
    """What a kernel loads of ours, as it was built."""
    return [project.library, *sorted(project.natives.glob("*.jar"))]


def loads_what_is_built(project: Project) -> bool:
    """Whether the copies for kernels hold what the build has left, by the contents of the jars."""
    return all(
        contents(jar) == contents(project.loaded / jar.relative_to(project.built))
        for jar in built_jars(project))


def contents(jar: Path) -> set[tuple[str, int, int]]:
    """Name, length and checksum of each entry, but for the POMs that Maven keeps beside the classes:
    those of a published module are others."""
    with zipfile.ZipFile(jar) as file:
        return {(each.filename, each.file_size, each.CRC) for each in file.infolist()
                if not each.filename.startswith("META-INF/maven/")}


def fresh(log: Path) -> Path:
    log.unlink(missing_ok=True)
    return log

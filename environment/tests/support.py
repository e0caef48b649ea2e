"""Puts the modules under test on the path, and makes fake programs."""
import sys
import zipfile
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent.parent
if str(ENVIRONMENT) not in sys.path:
    sys.path.insert(0, str(ENVIRONMENT))


def make_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    path.chmod(0o755)
    return path


def make_java(home: Path, version: str, compiler: bool = True) -> Path:
    """A `java` that only tells its home and version."""
    make_program(
        home / "bin" / "java",
        f"echo '    java.home = {home}' >&2\necho '    java.version = {version}' >&2\n",
    )
    if compiler:
        make_program(home / "bin" / "javac", "exit 0\n")
    return home


def make_jar(path: Path, text: str, pom: str = "") -> Path:
    """A jar with one class in it, and a POM."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as jar:
        jar.writestr("Sample.class", text)
        jar.writestr("META-INF/maven/org.camlab/sample/pom.xml", pom)
    return path

"""Somebody else's project (lib/example) builds from what is published, and gets the right answers.

The modules come from target/repository, where the profile "release" deploys them; the project is
copied out of the checkout, and nothing of CamLab gets into the user's own Maven repository.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import pth
from support import ENVIRONMENT

import jdk
import maven
import prepare
from project import Project

ROOT = ENVIRONMENT.parent
PROJECT = Project(ROOT)
REPOSITORY = ROOT / "target" / "repository"
CLASSES = ("African elephant", "black bear")
PICTURE = ROOT / "data" / "wildlife" / "lesson" / "elephant.png"
# What the core has no need of: tables, charts, commands, a choice of logging for its users.
NOT_IN_CORE = ("tablesaw", "xchart", "picocli", "classgraph", "slf4j-nop", "slf4j-simple", "logback")
LOGGING = ("slf4j-nop", "slf4j-simple", "logback", "log4j")
NATIVE = "pytorch-native-cpu"
GRADLE = shutil.which("gradle")
# The third-party libraries that Maven has fetched serve Gradle, too.
INIT_SCRIPT = "allprojects { repositories { mavenLocal() } }\n"


def finish(command: list, folder: Path) -> str:
    """What a command writes on standard output; an error with all it said if it fails."""
    environ = prepare.maven_environment(PROJECT, jdk.find_jdk())
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environ, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", errors="replace",
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise AssertionError(
            f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def fetched(java: jdk.Java) -> str:
    """The local repositories that hold what Maven has fetched for CamLab's own build."""
    ours = [option.partition("=")[2] for option in maven.repository(PROJECT, java, os.environ)]
    return ",".join(ours or [str(java.user_home / ".m2" / "repository")])


def listed(module: str) -> set:
    """What the bill of materials of a published module says that a program gets, and the module."""
    folder = REPOSITORY / "org" / "camlab" / module
    bill = json.loads(next(folder.glob("*/*-cyclonedx.json")).read_text(encoding="utf-8"))
    parts = [bill["metadata"]["component"], *bill["components"]]
    return {f"{part['name']}-{part['version']}.jar" for part in parts}


@unittest.skipUnless(
    REPOSITORY.is_dir(), "no modules in target/repository: camlab.py test deploys them first")
class ExampleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="camlab example ")
        cls.addClassCleanup(cls.place.cleanup)
        cls.folder = Path(cls.place.name)
        cls.weights = cls.folder / "resnet50.pth"
        pth.write(ROOT / "models" / "resnet50-drawn-wildlife.safetensors", cls.weights)

    def copied(self, name: str) -> Path:
        copy = self.folder / name
        shutil.copytree(ROOT / "lib" / "example", copy)
        return copy

    def test_with_maven(self):
        copy, java = self.copied("maven"), jdk.find_jdk()
        finish([
            *maven.command(PROJECT, java), "--quiet", "--file", copy / "pom.xml", "package",
            f"-Dcamlab.repository={REPOSITORY.as_uri()}",
            f"-Dmaven.repo.local={self.folder / 'm2'}", f"-Dmaven.repo.local.tail={fetched(java)}",
        ], copy)
        self.check(copy, "target/classes", "target/libraries")

    @unittest.skipUnless(GRADLE, "no Gradle on this machine")
    def test_with_gradle(self):
        copy = self.copied("gradle")
        script = self.folder / "init.gradle"
        script.write_text(INIT_SCRIPT, encoding="utf-8")
        finish([
            GRADLE, "--no-daemon", "--quiet", "--gradle-user-home", self.folder / "gradle-home",
            "--init-script", script, f"-PcamlabRepository={REPOSITORY.as_uri()}", "assemble",
        ], copy)
        self.check(copy, "build/classes/java/main", "build/libraries")

    def check(self, copy: Path, classes: str, libraries: str) -> None:
        """The two programs load one network from two files: by libtorch and by DJL's layers."""
        text, picture = copy / "text", copy / "picture"
        self.assertEqual([], self.named(text / libraries, NOT_IN_CORE))
        self.assertEqual([], self.named(picture / libraries, LOGGING))
        self.assertEqual(2, len(self.named(picture / libraries, ("tablesaw", "xchart"))))
        self.assertEqual(listed("camlab-core"), self.brought(text / libraries))
        self.assertEqual(listed("camlab-figure"), self.brought(picture / libraries))
        java = jdk.find_jdk().executable

        def run(folder: Path, main: str, *arguments) -> str:
            path = os.pathsep.join((str(folder / classes), str(folder / libraries / "*")))
            return finish([java, "-cp", path, "org.example." + main, *arguments, *CLASSES], copy)

        program = (ROOT / "models" / "resnet50-drawn-wildlife.torchscript.pt", PICTURE)
        said = run(text, "WhereItLooks", *program)
        self.assertEqual(said, finish(
            [java, *self.as_modules(text / libraries, text / classes), "org.example.WhereItLooks",
             *program, *CLASSES], copy))
        answer = re.match(r"(.+), probability ([\d.]+); Grad-CAM at layer4 peaks in", said)
        self.assertTrue(answer, said)
        self.assertEqual("African elephant", answer.group(1))
        overlay = copy / "overlay.png"
        table = run(picture, "DrawHeatmap", self.weights, PICTURE, overlay)
        rows = dict(re.findall(r"(African elephant|black bear) *\| *([\d.]+)", table))
        self.assertEqual(set(CLASSES), set(rows), table)
        probability = float(answer.group(2))
        self.assertGreater(probability, 0.9)
        self.assertAlmostEqual(probability, float(rows["African elephant"]), delta=1e-4)
        self.assertLess(float(rows["black bear"]), 0.5)
        self.assertEqual(size_of(PICTURE), size_of(overlay))
        self.assertNotEqual(PICTURE.read_bytes(), overlay.read_bytes())

    @staticmethod
    def brought(folder: Path) -> set:
        """The libraries of a program that takes one module, but for PyTorch's native half."""
        return {jar.name for jar in folder.glob("*.jar") if NATIVE not in jar.name}

    @staticmethod
    def as_modules(libraries: Path, classes: Path) -> list:
        """As lib/README.md says; PyTorch's native half has a name that no module can have."""
        modules = [jar for jar in libraries.glob("*.jar") if NATIVE not in jar.name]
        native = [jar for jar in libraries.glob("*.jar") if NATIVE in jar.name]
        return ["--module-path", os.pathsep.join(map(str, modules)),
                "--add-modules", "ALL-MODULE-PATH",
                "-cp", os.pathsep.join(map(str, [classes, *native]))]

    @staticmethod
    def named(folder: Path, words: tuple) -> list:
        return sorted(
            jar.name for jar in folder.glob("*.jar") if any(word in jar.name for word in words))


@unittest.skipUnless(REPOSITORY.is_dir(), "no modules in target/repository")
class PublishedTest(unittest.TestCase):
    """What a repository for everybody asks of a module, but for the signature of its owner."""

    def test_each_module_is_complete(self):
        version = re.search(
            "<revision>(.+?)</revision>", (ROOT / "pom.xml").read_text(encoding="utf-8")).group(1)
        for module in ("camlab-core", "camlab-evaluation", "camlab-figure"):
            start = REPOSITORY / "org" / "camlab" / module / version / f"{module}-{version}"
            for ending in (".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json"):
                with self.subTest(module=module, file=ending):
                    self.assertTrue(Path(f"{start}{ending}").is_file())
            pom = Path(f"{start}.pom").read_text(encoding="utf-8")
            for tag in ("name", "description", "url", "licenses", "developers", "scm",
                        "organization", "issueManagement"):
                with self.subTest(module=module, tag=tag):
                    self.assertIn(f"\n  <{tag}", pom)
            with self.subTest(module=module):
                licences = (ROOT / "lib" / module.partition("-")[2] / "target" / "licences.txt")
                self.assertEqual(
                    {name for name in listed(module) if not name.startswith("camlab-")},
                    {f"{name}-{number}.jar" for name, number in re.findall(
                        r"\([\w.-]+:([\w.-]+):([\w.-]+) - ", licences.read_text(encoding="utf-8"))})
            with self.subTest(module=module):
                for word in ("${", "<parent>", "<scope>test<", "<build>", "<profiles>"):
                    self.assertNotIn(word, pom)

    def test_nothing_of_the_course_is_published(self):
        modules = {path.name for path in (REPOSITORY / "org" / "camlab").iterdir()}
        self.assertEqual({"camlab-core", "camlab-evaluation", "camlab-figure"}, modules)


def size_of(png: Path) -> tuple:
    """Width and height, where every PNG file has them."""
    return struct.unpack(">II", png.read_bytes()[16:24])


if __name__ == "__main__":
    unittest.main()

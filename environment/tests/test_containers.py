"""The files for machines without a JDK agree with the set-up, and with each other."""
import importlib.util
import json
import os
import re
import shlex
import unittest
from pathlib import Path

from support import ENVIRONMENT

import commands
import jdk
from camlab import OLDEST as OLDEST_PYTHON
from project import Project

ROOT = ENVIRONMENT.parent
CONTAINERFILE = ENVIRONMENT / "Containerfile"
DEVCONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
BINDER = ROOT / ".binder"
INSTALLED = importlib.util.find_spec("yaml")


def instructions():
    """The Containerfile's, each on one line."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def parsed(command):
    """The options of a `python3 environment/camlab.py ...`; wrong ones end the test."""
    words = command if isinstance(command, list) else shlex.split(command)
    assert words[1] == "environment/camlab.py", words
    return commands.parser().parse_args(words[2:])


class ContainerTest(unittest.TestCase):
    def test_the_jdk_is_new_enough(self):
        versions = re.findall(r"openjdk-(\d+)-jdk", "\n".join(instructions()))
        self.assertEqual(1, len(versions))
        self.assertGreaterEqual(int(versions[0]), jdk.OLDEST)

    def test_it_sets_up_and_serves_as_a_user_who_is_not_root(self):
        lines = instructions()
        user = lines.index("USER reader")
        setup = lines.index("RUN python3 environment/camlab.py setup")
        self.assertLess(user, setup)
        self.assertNotIn("USER root", lines)
        self.assertIs(commands.setup, parsed(lines[setup][len("RUN "):]).command)
        serve = parsed(json.loads(lines[-1][len("CMD "):]))
        self.assertIs(commands.lab, serve.command)
        self.assertEqual(("0.0.0.0", 8888, True), (serve.ip, serve.port, serve.no_browser))
        self.assertIn("EXPOSE 8888", lines)

    def test_what_this_machine_has_made_stays_out(self):
        ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self.assertLessEqual({"**/target", ".camlab", ".git"}, set(ignored))


class DevcontainerTest(unittest.TestCase):
    def test_it_is_built_from_a_stage_of_the_container_file(self):
        settings = json.loads(DEVCONTAINER.read_text(encoding="utf-8"))
        build = settings["build"]
        self.assertEqual(CONTAINERFILE, (DEVCONTAINER.parent / build["dockerfile"]).resolve())
        self.assertEqual(ROOT, (DEVCONTAINER.parent / build["context"]).resolve())
        stages = [line.split()[-1] for line in instructions() if line.startswith("FROM ")]
        self.assertIn(build["target"], stages)
        self.assertIn("USER " + settings["remoteUser"], instructions())
        self.assertIs(commands.setup, parsed(settings["postCreateCommand"]).command)


class BinderTest(unittest.TestCase):
    @unittest.skipUnless(INSTALLED, "needs the private environment")
    def test_its_versions_are_new_enough(self):
        import yaml

        text = (BINDER / "environment.yml").read_text(encoding="utf-8")
        packages = dict(
            (name.split("=") + [""])[:2] for name in yaml.safe_load(text)["dependencies"]
        )
        self.assertGreaterEqual(int(packages["openjdk"]), jdk.OLDEST)
        self.assertGreaterEqual(tuple(map(int, packages["python"].split("."))), OLDEST_PYTHON)

    @unittest.skipIf(os.name == "nt", "Windows knows no executable bit")
    def test_its_script_can_be_started(self):
        self.assertTrue(os.access(BINDER / "postBuild", os.X_OK))

    def test_its_script_sets_up_and_hands_on_the_kernel(self):
        lines = (BINDER / "postBuild").read_text(encoding="utf-8").splitlines()
        setup = next(line for line in lines if "camlab.py" in line)
        self.assertIs(commands.setup, parsed(setup).command)
        kernel = Project(Path()).kernel.as_posix()
        self.assertTrue(lines[-1].endswith(" " + kernel), lines[-1])


if __name__ == "__main__":
    unittest.main()

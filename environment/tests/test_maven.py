"""The Maven wrapper follows the user's settings.xml, and Maven writes where it may."""
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import ENVIRONMENT

import jdk
import maven
from project import Project, writable

MIRROR = """<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">
  <servers><server><id>ours</id><username>ann</username><password>secret</password></server></servers>
  <mirrors>
    <mirror><id>other</id><mirrorOf>*,!central</mirrorOf><url>https://other.test/</url></mirror>
    <mirror><id>ours</id><mirrorOf>%s</mirrorOf><url>https://ours.test/maven/</url></mirror>
  </mirrors>
</settings>"""
PROXY = """<settings><proxies>
  <proxy><active>false</active><host>old.test</host><port>1</port></proxy>
  <proxy><host>proxy.test</host><port>3128</port>%s
    <nonProxyHosts>localhost|*.our.test</nonProxyHosts></proxy>
</proxies></settings>"""
PROFILE = """<settings><profiles><profile><repositories>
  <repository><id>central</id><url>https://ours.test/maven</url></repository>
</repositories></profile></profiles></settings>"""


class MavenTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.home = self.root / "a home"
        (self.home / ".m2").mkdir(parents=True)
        self.project = Project(self.root / "a project")
        self.java = jdk.Java(self.root / "jdk", "17.0.9", self.home)
        home = mock.patch.object(maven, "user_home", return_value=self.home)
        home.start()
        self.addCleanup(home.stop)

    def environment(self, settings="", **environ):
        if settings:
            (self.home / ".m2" / "settings.xml").write_text(settings)
        return maven.environment(self.project, self.java, environ)

    def options(self, **environ):
        return maven.command(self.project, self.java, environ)[4:]

    def read_only(self):
        for module in (maven,):
            replaced = mock.patch.object(
                module, "writable", lambda path: self.home not in (path, *path.parents))
            replaced.start()
            self.addCleanup(replaced.stop)

    def test_usually_there_is_nothing_to_say(self):
        self.assertEqual({}, self.environment())
        self.assertEqual([], self.options())

    def test_a_mirror_of_central_is_where_maven_itself_comes_from(self):
        expected = {"MVNW_REPOURL": "https://ours.test/maven", "MVNW_USERNAME": "ann",
                    "MVNW_PASSWORD": "secret"}
        for pattern in ("central", "*", "external:*", "*, !snapshots", "jboss,central"):
            self.assertEqual(expected, self.environment(MIRROR % pattern), pattern)
        self.assertEqual({}, self.environment(MIRROR % "jboss"))
        self.assertEqual({"MVNW_REPOURL": "https://ours.test/maven"}, self.environment(PROFILE))

    def test_what_the_user_says_to_the_wrapper_counts_more(self):
        found = self.environment(MIRROR % "*", MVNW_REPOURL="https://mine.test")
        self.assertNotIn("MVNW_REPOURL", found)

    def test_the_active_proxy(self):
        found = self.environment(PROXY % "")
        self.assertEqual("http://proxy.test:3128", found["https_proxy"])
        self.assertEqual("localhost,.our.test", found["no_proxy"])
        login = "<username>a@b</username><password>c:d</password>"
        found = self.environment(PROXY % login)
        self.assertEqual("http://a%40b:c%3Ad@proxy.test:3128", found["http_proxy"])
        self.assertNotIn("https_proxy", self.environment(PROXY % "", HTTPS_PROXY="http://mine.test"))

    def test_settings_named_elsewhere(self):
        other = self.root / "my settings.xml"
        other.write_text(MIRROR % "*")
        self.assertIn("MVNW_REPOURL", self.environment(MAVEN_ARGS=f"-X --settings '{other}'"))

    def test_broken_settings_are_for_maven_to_complain_of(self):
        self.assertEqual({}, self.environment("<settings>"))

    def test_a_home_that_cannot_be_written(self):
        self.read_only()
        ours = self.project.state / "maven"
        self.assertEqual({"MAVEN_USER_HOME": str(ours)}, self.environment())
        self.assertEqual([f"-Dmaven.repo.local={ours / 'repository'}"], self.options())
        users = self.home / ".m2" / "repository"
        users.mkdir()
        self.assertIn(f"-Dmaven.repo.local.tail={users}", self.options())

    def test_a_repository_that_the_user_names_is_used(self):
        self.read_only()
        self.assertEqual([], self.options(MAVEN_OPTS="-Dmaven.repo.local=/mine"))
        self.environment("<settings><localRepository>/mine</localRepository></settings>")
        self.assertEqual([], self.options())


class NothingElseTest(unittest.TestCase):
    def test_repositories_that_libraries_name_are_not_asked(self):
        """Their POMs name those of their makers' snapshots, which Maven 3.10 asks what they hold."""
        options = (ENVIRONMENT.parent / ".mvn" / "maven.config").read_text(encoding="utf-8").split()
        self.assertIn("--ignore-transitive-repositories", options)


@unittest.skipIf(os.name == "nt" or os.geteuid() == 0, "needs permissions that count")
class WritableTest(unittest.TestCase):
    def test_what_does_not_exist_can_be_made_where_its_folder_can_be_written(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.assertTrue(writable(folder / "a" / "b"))
            folder.chmod(0o500)
            self.assertFalse(writable(folder / "a" / "b"))
            folder.chmod(0o700)


if __name__ == "__main__":
    unittest.main()

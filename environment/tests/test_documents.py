"""What is written twice agrees: CamLab's version, the titles of the lessons, the lists of packages."""
import json
import re
import unittest

from support import ENVIRONMENT

ROOT = ENVIRONMENT.parent


def text_of(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


class VersionTest(unittest.TestCase):
    """The version is written once, in pom.xml; what others read agrees with it."""

    def setUp(self):
        self.version = self.found("<revision>(.+?)</revision>", "pom.xml")
        self.pytorch = self.found("<pytorch.version>(.+?)</pytorch.version>", "pom.xml")

    def found(self, expression: str, *parts: str) -> str:
        match = re.search(expression, text_of(*parts), re.MULTILINE)
        self.assertTrue(match, f"{'/'.join(parts)} has no {expression}")
        return match.group(1)

    def test_of_the_modules(self):
        for pom in sorted(ROOT.glob("lib/*/pom.xml")):
            if pom.parent.name != "example":
                with self.subTest(pom=pom.parent.name):
                    self.assertIn("<version>${revision}</version>", pom.read_text(encoding="utf-8"))

    def test_of_the_example(self):
        pom = ("lib", "example", "pom.xml")
        self.assertEqual(self.version, self.found("<camlab.version>(.+?)<", *pom))
        self.assertEqual(self.pytorch, self.found("<pytorch.version>(.+?)<", *pom))
        settings = ("lib", "example", "gradle.properties")
        self.assertEqual(self.version, self.found("^camlabVersion=(.+)$", *settings))
        self.assertEqual(self.pytorch, self.found("^pytorchVersion=(.+)$", *settings))

    def test_of_the_changelog(self):
        self.assertEqual(self.version, self.found(r"^## (\d\S*)", ".github", "CHANGELOG.md"))

    def test_of_the_citation_file(self):
        self.assertEqual(self.version, self.found("^version: (.+)$", ".github", "CITATION.cff"))

    def test_of_the_library_s_readme(self):
        readme = ("lib", "README.md")
        self.assertEqual(self.version, self.found(r"<version>(\d.+?)</version>", *readme))
        self.assertEqual(self.version, self.found(r"org\.camlab:camlab-\w+:(\d[\w.-]*)", *readme))
        native = r"pytorch-native-cpu:(\d[\w.-]*):"
        self.assertEqual(self.pytorch, self.found(native, *readme))


class LessonTest(unittest.TestCase):
    def test_the_readme_lists_every_lesson_by_its_title(self):
        readme = text_of("README.md")
        for lesson in sorted((ROOT / "notebooks").glob("[0-9][0-9]*-*.ipynb")):
            cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
            heading = "".join(cells[0]["source"]).splitlines()[0]
            title = heading[len("# "):].replace(" \u00b7 ", " ", 1)
            if not lesson.name.startswith("00-"):
                with self.subTest(lesson=lesson.name):
                    self.assertIn(f"[{title}](notebooks/{lesson.name})", readme)


class PackagesTest(unittest.TestCase):
    """A new package stands in the lists that readers have, in the order of ArchitectureTest."""

    PUBLISHED = ("core", "evaluation", "figure")

    def setUp(self):
        test = text_of("lib", "studio", "src", "test", "java", "camlab", "ArchitectureTest.java")
        order = re.search(r"ORDER =\s+List.of\((.+?)\);", test, re.DOTALL)
        self.order = re.findall(r'"([\w.]+)"', order.group(1))

    def packages(self, module: str) -> list:
        sources = ROOT / "lib" / module / "src" / "main" / "java" / "camlab"
        found = {".".join(file.parent.relative_to(sources).parts) for file in sources.rglob("*.java")}
        return [name for name in self.order if name in found]

    def test_of_the_library_s_readme(self):
        readme = text_of("lib", "README.md")
        for module in (*self.PUBLISHED, "course", "studio"):
            with self.subTest(module=module):
                row = re.search(rf"^\| `{module}` \| ([^|]+) \|", readme, re.MULTILINE)
                self.assertEqual(self.packages(module), re.findall(r"`([\w.]+)`", row.group(1)))

    def test_of_the_page_that_javadoc_begins_with(self):
        overview = text_of("lib", "overview.html")
        rows = re.findall(r"<td>camlab-(\w+)</td><td>{@link camlab\.([\w.]+)}</td>", overview)
        self.assertEqual(
            [(module, name) for module in self.PUBLISHED for name in self.packages(module)], rows)


if __name__ == "__main__":
    unittest.main()

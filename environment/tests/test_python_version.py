"""An old Python is told so, in one sentence."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CAMLAB = Path(__file__).resolve().parent.parent / "camlab.py"


def run_as(version):
    """Runs camlab.py with sys.version_info changed, the way an old Python would see it."""
    code = (
        f"import sys, runpy; sys.version_info = {version!r}; sys.argv = ['camlab.py', 'run'];"
        f"runpy.run_path({str(CAMLAB)!r}, run_name='__main__')"
    )
    with tempfile.TemporaryDirectory() as elsewhere:
        return subprocess.run(
            [sys.executable, "-c", code], cwd=elsewhere, text=True, capture_output=True,
        )


class PythonVersionTest(unittest.TestCase):
    def test_an_old_python_is_named_with_what_to_do(self):
        done = run_as((3, 8, 18))
        self.assertEqual(2, done.returncode)
        self.assertEqual(1, len(done.stderr.splitlines()))
        self.assertIn("needs Python 3.9 or newer, but this is Python 3.8", done.stderr)
        self.assertIn("install a newer one", done.stderr)

    def test_the_entry_point_uses_nothing_that_an_old_python_cannot_parse(self):
        import ast

        ast.parse(CAMLAB.read_text(encoding="utf-8"), feature_version=(3, 4))


if __name__ == "__main__":
    unittest.main()

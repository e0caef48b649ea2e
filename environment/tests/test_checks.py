"""What the checks of notebooks find, and what they let pass."""
import importlib.util
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401

INSTALLED = importlib.util.find_spec("nbformat") and importlib.util.find_spec("nbclient")
if INSTALLED:
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    import checks


def printed(text, source="x", tags=()):
    out = [new_output("stream", name="stdout", text=text)]
    return new_code_cell(source, outputs=out, metadata={"tags": list(tags)})


@unittest.skipUnless(INSTALLED, "needs the private environment")
class ChecksTest(unittest.TestCase):
    def found(self, check, old, new=None):
        source, copy = (new_notebook(cells=cells) for cells in (old, new or old))
        return list(check(source, copy))

    def cells(self, *lengths):
        return [new_code_cell("\n".join(["x"] * lines)) for lines in lengths]

    def test_nine_of_ten_cells_are_short(self):
        nine, ten = [15] * 9, [15] * 8
        self.assertEqual([], self.found(checks.short_cells, self.cells(*nine, 30)))
        self.assertEqual(1, len(self.found(checks.short_cells, self.cells(*nine, 31))))
        self.assertEqual(1, len(self.found(checks.short_cells, self.cells(*ten, 16, 16))))

    def test_object_hashes(self):
        for text in ("camlab.picture.Mask@1e392345", "[I@7bd69e82"):
            self.assertEqual(1, len(self.found(checks.no_object_hashes, [printed(text)])), text)
        self.assertEqual([], self.found(checks.no_object_hashes, [printed("me@feed.org, 3@2")]))

    def test_numbers_may_differ_a_little_and_words_may_not(self):
        old = [printed("cat 0.910\n1,234 pictures, \u22122.5")]
        same = [printed("cat 0.905\n1,230 pictures, \u22122.51")]
        self.assertEqual([], self.found(checks.fresh_outputs, old, same))
        for other in ("dog 0.910\n1,234 pictures, \u22122.5", "cat 0.7\n1,234 pictures, \u22122.5",
                      "cat 0.910\n1,234 pictures, 2.5", "cat 0.910"):
            self.assertEqual(1, len(self.found(checks.fresh_outputs, old, [printed(other)])), other)

    def test_kinds_of_output_are_compared(self):
        picture = new_code_cell("x", outputs=[new_output("display_data", data={"image/png": "a"})])
        self.assertEqual(1, len(self.found(checks.fresh_outputs, [picture], [printed("a")])))
        self.assertEqual(1, len(self.found(checks.fresh_outputs, self.cells(1), [picture])))
        self.assertEqual([], self.found(checks.fresh_outputs, [picture], [picture]))

    def test_the_index_links_every_lesson_by_its_title(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("01-a.ipynb", "# 01 \u00b7 A\nb"), ("02-b.ipynb", "# 02 \u00b7 B"),
                               (checks.INDEX, "# Map\n[01 A](01-a.ipynb), [02](02-b.ipynb)")):
                nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), Path(folder, name))
            self.assertEqual(["it lacks the link [02 B](02-b.ipynb)"],
                             list(checks.index(Path(folder, checks.INDEX))))
            self.assertEqual([], list(checks.index(Path(folder, "01-a.ipynb"))))

    def test_a_stream_may_come_in_pieces(self):
        pieces = new_code_cell("x", outputs=[
            new_output("stream", name="stdout", text=text) for text in ("a ", "b")])
        self.assertEqual([], self.found(checks.fresh_outputs, [printed("a b")], [pieces]))

    def test_a_cell_may_be_tagged_as_varying(self):
        old, new = [printed("12 ms", tags=["varies"])], [printed("90 s", tags=["varies"])]
        self.assertEqual([], self.found(checks.fresh_outputs, old, new))

    def test_links_lead_to_files(self):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "1.ipynb"
            text = "[here](1.ipynb#top) [web](https://example.org/x) [top](#top) [gone](2.ipynb)"
            nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), book)
            self.assertEqual(["its link to 2.ipynb leads nowhere"], list(checks.links(book)))


if __name__ == "__main__":
    unittest.main()

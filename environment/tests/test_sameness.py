"""Which outputs of a run are stored, and which say only what is stored already."""
import importlib.util
import struct
import unittest
import zlib
from base64 import b64encode

import support  # noqa: F401

INSTALLED = importlib.util.find_spec("nbformat") and importlib.util.find_spec("nbclient")
if INSTALLED:
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    import sameness


def png(pixel, level=9, chunks=1):
    """A grey pixel; its bytes depend on how it is packed."""
    packed = zlib.compress(b"\0" + bytes([pixel]), level)
    size = -(-len(packed) // chunks)
    pieces = [packed[at:at + size] for at in range(0, len(packed), size)]
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))]
    parts += [(b"IDAT", piece) for piece in pieces] + [(b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts)
    return b64encode(file).decode()


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(**data):
    return new_output("display_data", data={k.replace("_", "/"): v for k, v in data.items()})


@unittest.skipUnless(INSTALLED, "needs the private environment")
class SamenessTest(unittest.TestCase):
    def same(self, old, new, tags=()):
        """One output each, or several."""
        cells = [new_code_cell("x", outputs=outputs if isinstance(outputs, list) else [outputs],
                               metadata={"tags": list(tags)}) for outputs in (old, new)]
        return sameness.same_outputs(*cells)

    def test_numbers_may_differ_by_a_thousandth_and_words_may_not(self):
        old = printed("cat 15.163466453552246, \u22120.1608")
        self.assertTrue(self.same(old, printed("cat 15.16346549987793, \u22120.1608")))
        self.assertTrue(self.same(old, printed("cat 15.16, \u22120.1607")))
        for other in ("cat 15.14, \u22120.1608", "dog 15.163, \u22120.1608", "cat 15.163, 0.1608",
                      "cat 15.163", "cat 15.163, \u22120.1608 1"):
            self.assertFalse(self.same(old, printed(other)), other)
        self.assertFalse(self.same(old, printed(old.text, name="stderr")))
        self.assertTrue(self.same(printed("1e-17"), printed("3e-17")))

    def test_where_machines_may_differ_by_five_per_cent_a_changed_number_is_still_written(self):
        self.assertTrue(sameness.same_text("0.910", "0.905"))
        self.assertFalse(self.same(printed("0.910"), printed("0.905")))

    def test_in_a_cell_that_varies_only_words_count(self):
        self.assertTrue(self.same(printed("61 ms"), printed("18 ms"), ["varies"]))
        self.assertFalse(self.same(printed("61 ms"), printed("1 s"), ["varies"]))
        self.assertFalse(self.same(shown(image_png=png(1)), shown(image_png=png(2)), ["varies"]))

    def test_pictures_are_the_same_if_all_their_pixels_are(self):
        self.assertNotEqual(png(7), png(7, level=0))
        for other in (png(7), png(7, level=0), png(7, chunks=2)):
            self.assertTrue(self.same(shown(image_png=png(7)), shown(image_png=other)))
        self.assertFalse(self.same(shown(image_png=png(7)), shown(image_png=png(8))))
        self.assertTrue(self.same(shown(image_jpeg="a"), shown(image_jpeg="a")))
        self.assertFalse(self.same(shown(image_jpeg="a"), shown(image_jpeg="b")))
        self.assertFalse(self.same(shown(image_jpeg="a"), shown(image_png="a")))

    def test_tables_are_text_and_figures_to_play_with_are_not(self):
        first, second = (shown(text_html=f"<td>0.1000{digit}</td>") for digit in (0, 1))
        self.assertTrue(self.same(first, second))
        figure = '<img src="data:image/png;base64,%s" alt="%s">'
        self.assertTrue(self.same(*2 * [shown(text_html=figure % ("x", 1))]))
        self.assertFalse(self.same(shown(text_html=figure % ("x", 1.00001)),
                                   shown(text_html=figure % ("x", 1.00002))))

    def test_as_many_outputs_of_the_same_kinds(self):
        self.assertFalse(self.same([printed("a")], [printed("a"), printed("a")]))
        self.assertFalse(self.same(printed("a"), shown(text_plain="a")))
        self.assertFalse(self.same(shown(text_plain="a"), shown(text_plain="a", text_html="a")))
        error = new_output("error", ename="E", evalue="x", traceback=[])
        self.assertFalse(self.same(error, error))

    def test_cells_keep_their_outputs_wherever_they_stand(self):
        committed = new_notebook(cells=[
            new_code_cell("a", outputs=[printed("1.00001")]),
            new_code_cell("b", outputs=[printed("2")]),
            new_code_cell("b", outputs=[printed("3.00001")])])
        nb = new_notebook(cells=[
            new_code_cell("new", outputs=[printed("1")]), new_code_cell("a", outputs=[printed("1")]),
            new_code_cell("b", outputs=[printed("2.5")]), new_code_cell("b", outputs=[printed("3")])])
        sameness.keep_same_outputs(nb, committed)
        self.assertEqual(["1", "1.00001", "2.5", "3.00001"], [c.outputs[0].text for c in nb.cells])


if __name__ == "__main__":
    unittest.main()

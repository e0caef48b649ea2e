"""The real kernel, as a front end sees it. These tests need the private environment and the built
library, as `camlab.py test` has them."""
import base64
import importlib.util
import struct
import unittest

from support import ENVIRONMENT

INSTALLED = bool(importlib.util.find_spec("jupyter_client"))
if INSTALLED:
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpecManager

    INSTALLED = "java" in KernelSpecManager().find_kernel_specs()

NOTEBOOKS = ENVIRONMENT.parent / "notebooks"
IMPORTS = """
import camlab.figure.*;
import camlab.heatmap.*;
import camlab.picture.*;
import tech.tablesaw.api.*;
"""
MAP = 'Heatmap.of(%s, %s, new float[%s], new Provenance("Grad-CAM", "features.10", "cat", 1))'


class Kernel:
    """A running kernel with its client."""

    def __init__(self):
        self.manager = KernelManager(kernel_name="java")
        self.manager.start_kernel(cwd=str(NOTEBOOKS))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code):
        """What a cell puts out, message by message."""
        messages = []
        reply = self.client.execute_interactive(
            code, output_hook=messages.append, timeout=120, allow_stdin=False)
        if reply["content"]["status"] != "ok":
            raise AssertionError("%s\n%s" % (code, reply["content"]))
        return messages

    def value(self, code):
        """The cell's last value, as data by MIME type."""
        results = [m for m in self.run(code) if m["msg_type"] == "execute_result"]
        return results[0]["content"]["data"]


@unittest.skipUnless(INSTALLED, "needs the private environment")
class LastValueTest(unittest.TestCase):
    """No call of ours stands in these cells: the jar on the class path is enough."""

    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel()
        cls.addClassCleanup(cls.kernel.close)
        cls.kernel.run(IMPORTS)

    def assert_png(self, width, height, code):
        data = self.kernel.value(code)
        self.assertEqual({"image/png", "text/plain"}, set(data))
        self.assertNotIn("@", data["text/plain"])
        self.assertEqual((width, height), size_of(base64.b64decode(data["image/png"])))

    def test_a_picture(self):
        self.assert_png(3, 2, "Picture.of(3, 2, new int[6])")

    def test_a_mask(self):
        self.assert_png(3, 2, "Mask.of(3, 2, new BitSet())")

    def test_a_small_heatmap_is_a_chart(self):
        code = MAP % (2, 2, 4)
        chart = self.kernel.value('Charts.picture(Charts.heatmap("", %s)).toString()' % code)
        width, height = chart["text/plain"].split()[1].split("×")
        self.assert_png(int(width), int(height), code)

    def test_a_large_heatmap_is_a_picture(self):
        self.assertLess(224, self.width(MAP % (224, 224, "224 * 224")))

    def test_the_maps_of_a_layer_are_a_grid(self):
        maps = 'ChannelMaps.of("features.10", %d, 8, 8, new float[64 * %d])'
        self.assertLess(self.width(maps % (4, 4)), self.width(maps % (16, 16)))

    def width(self, code):
        return size_of(base64.b64decode(self.kernel.value(code)["image/png"]))[0]

    def test_a_chart(self):
        self.assert_png(
            640, 360, 'Charts.bars("t", "y", List.of("a", "b"), Map.of("s", List.of(1, 2)))')

    def test_a_table(self):
        data = self.kernel.value('Table.create("Scores", IntColumn.create("n", new int[] {1234}))')
        self.assertEqual({"text/html", "text/plain"}, set(data))
        self.assertRegex(data["text/html"], r"(?s)^<table.*>1,234</td>.*</table>$")
        self.assertIn("1234", data["text/plain"])

    def test_other_values_are_text(self):
        self.assertEqual({"text/plain": "2"}, self.kernel.value("1 + 1"))


def size_of(png):
    """Width and height, as the file's first block tells them."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise AssertionError("not a PNG file: %r" % png[:16])
    return struct.unpack(">II", png[16:24])


if __name__ == "__main__":
    unittest.main()

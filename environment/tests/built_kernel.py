"""The real kernel, as a front end sees it. These tests need the private environment and the built
library, as `camlab.py test` has them."""
import base64
import importlib.util
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from support import ENVIRONMENT

import jdk
import prepare
from project import Project

INSTALLED = bool(importlib.util.find_spec("jupyter_client"))
if INSTALLED:
    import nbformat
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbformat.v4 import new_code_cell, new_notebook

    INSTALLED = "java" in KernelSpecManager().find_kernel_specs()

NOTEBOOKS = ENVIRONMENT.parent / "notebooks"
IMPORTS = """
import camlab.cam.*;
import camlab.course.*;
import camlab.drawing.*;
import camlab.evaluation.*;
import camlab.figure.*;
import camlab.heatmap.*;
import camlab.measure.*;
import camlab.network.*;
import camlab.picture.*;
import tech.tablesaw.api.*;
"""
LESSON = """
Network network = Models.load("alexnet-drawn-pets");
List<Subject> subjects = Gallery.drawnPets().subjects(Gallery.TEST);
Picture picture = subjects.get(0).picture().get();
String className = subjects.get(0).className();
Heatmap gradCam(Network network, Picture picture) {
  return new GradCam().heatmap(network, picture, className);
}
Heatmap before = gradCam(network, picture);
long ended = 0;
"""
ENDLESS = """
class Endless { public String toString() { return "" + this; } }
"""
SHOWN = "camlab.notebook.Notebook.show(Picture.of(1, 1, new int[1]));\n"
FULL_HEAP = ENDLESS + """
List<Object> all = new ArrayList<>();
Picture first = Picture.of(4000, 3000, new int[12_000_000]);
for (int size : List.of(4_000_000, 1_000_000)) {
  try { while (true) all.add(new int[size]); } catch (OutOfMemoryError e) { }
}
"""
LONG_COMPUTATIONS = [
    "while (true) { gradCam(network, picture); }",
    "while (true) { network.predict(picture); }",
    "while (true) { new ScoreCam().heatmap(network, picture, className); }",
    "new IntegratedGradients(1_000_000, camlab.progress.Progress.NONE)"
    ".heatmap(network, picture, className);",
    "for (int seed = 0; ; seed++) { new DrawingGenerator().pair(seed, 224); }",
    "Evaluation.of(network, subjects, List.of(new ScoreCam()), Measures.all())"
    ".run(file.toPath(), camlab.progress.Progress.NONE);",
]
# Of IJava 1.3.0: a class of each library, and the library's file.
IJAVAS = {
    "com.google.gson.Gson": "gson-2.8.5.jar",
    "org.apache.commons.lang3.Range": "commons-lang3-3.8.1.jar",
    "org.apache.ivy.Ivy": "ivy-2.5.0-rc1.jar",
    "org.apache.maven.model.building.ModelBuilder": "maven-model-builder-3.6.0.jar",
    "org.apache.maven.settings.building.SettingsBuilder": "maven-settings-builder-3.6.0.jar",
    "org.codehaus.plexus.util.StringUtils": "plexus-utils-3.1.0.jar",
    "org.zeromq.ZMQ": "jeromq-0.5.1.jar",
    "io.github.spencerpark.jupyter.kernel.BaseKernel": "jupyter-jvm-basekernel-2.3.0.jar",
}
NOTING_THE_END = "ended = 0; try { %s } finally { ended = System.currentTimeMillis(); }"
SECONDS_TO_STOP = 2
MAP = 'Heatmap.of(%s, %s, new float[%s], new Provenance("Grad-CAM", "features.10", "cat", 1))'


class Kernel:
    """A running kernel with its client, and a folder for what its cells write."""

    def __init__(self, specs=None, cwd=None, classpath=None):
        """With the kernels of somewhere else, in another folder, with another class path."""
        self.folder = tempfile.TemporaryDirectory()
        self.manager = KernelManager(kernel_name="java")
        if specs:
            self.manager.kernel_spec_manager = specs
        if classpath is not None:
            self.manager.kernel_spec.env["JJAVA_CLASSPATH"] = classpath
        self.manager.start_kernel(cwd=cwd or str(NOTEBOOKS))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.folder.cleanup()

    def file(self, name):
        return Path(self.folder.name) / name

    def run(self, code):
        """What a cell puts out, message by message."""
        messages = []
        reply = self.client.execute_interactive(
            code, output_hook=messages.append, timeout=120, allow_stdin=False)
        if reply["content"]["status"] != "ok":
            raise AssertionError(f"{code}\n{reply['content']}")
        return messages

    def error(self, code):
        """What a cell that fails says; the kernel answers the next one."""
        reply = self.client.execute_interactive(
            code, output_hook=lambda message: None, timeout=120)
        if reply["content"]["status"] != "error" or self.value("1 + 1") != {"text/plain": "2"}:
            raise AssertionError(f"{code}\n{reply['content']}")
        return reply["content"]["evalue"]

    def interrupt(self, code):
        """Interrupts a cell that works: the kind of its error, when it was interrupted (seconds of
        the system's clock), and the seconds until the reply came."""
        sign = self.file("started")
        start = f'new File("{sign.as_posix()}").createNewFile();\n'
        cell = self.client.execute(start + code)
        latest = time.monotonic() + 120
        while not sign.exists():
            if time.monotonic() > latest:
                raise AssertionError("This cell did not start: " + code)
            time.sleep(0.1)
        sign.unlink()
        time.sleep(1)
        when = time.time()
        self.manager.interrupt_kernel()
        while True:  # replies to earlier requests may come first
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == cell:
                return reply["content"].get("ename"), when, time.time() - when

    def value(self, code):
        """The cell's last value, as data by MIME type."""
        results = [m for m in self.run(code) if m["msg_type"] == "execute_result"]
        return results[0]["content"]["data"]


@unittest.skipUnless(INSTALLED, "needs the private environment")
class HeadlessTest(unittest.TestCase):
    """The program that runs notebooks, as a process of its own, with cells that do not end."""

    PRINTING = "while (true) { System.out.print(\"0.12345, \"); }"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def begin(self, *arguments):
        path = self.folder / "printing.ipynb"
        metadata = {"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}}
        cells = [new_code_cell("1 + 1"), new_code_cell(self.PRINTING)]
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        command = [sys.executable, ENVIRONMENT / "execute.py", "--out", self.folder / "out"]
        process = subprocess.Popen(
            [*command, *arguments, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        return process

    def result(self):
        return json.loads((self.folder / "out" / "results.json").read_text(encoding="utf-8"))[0]

    def test_a_limit_holds_whatever_a_cell_prints(self):
        begin = time.monotonic()
        self.assertEqual(1, self.begin("--timeout", "8").wait(timeout=110))
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual(("timeout", 2), (self.result()["outcome"], self.result()["failed_cell"]))
        size = (self.folder / "out" / "printing.ipynb").stat().st_size
        self.assertTrue(1_000 < size < 30_000_000, size)

    @unittest.skipIf(os.name == "nt", "a signal of POSIX systems")
    def test_a_signal_to_end_ends_the_run_and_its_kernel(self):
        process = self.begin("--timeout", "100")
        latest = time.monotonic() + 60
        while not self.kernels(process.pid) and time.monotonic() < latest:
            time.sleep(0.2)
        started = self.kernels(process.pid)
        self.assertNotEqual([], started)
        time.sleep(8)
        process.terminate()
        self.assertEqual(130, process.wait(timeout=60))
        self.assertEqual("stopped", self.result()["outcome"])
        while any(Path(f"/proc/{kernel}").exists() for kernel in started):
            self.assertLess(time.monotonic(), latest + 60)
            time.sleep(0.2)

    def kernels(self, process):
        """The processes that it has started, and those that these have."""
        command = ["ps", "-e", "-o", "pid=,ppid=,comm="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        parents = {int(pid): (int(parent), name.strip())
                   for pid, parent, name in (line.split(None, 2) for line in listed.splitlines())}
        found = {process}
        for _ in range(5):
            found |= {pid for pid, (parent, _) in parents.items() if parent in found}
        return [pid for pid in found if parents.get(pid, (0, ""))[1] == "java"]


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
        titled = f"Charts.heatmap({code}.provenance().toString(), {code})"
        chart = self.kernel.value(f"Charts.picture({titled}).toString()")
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
        self.assertIn("1,234", data["text/plain"])

    def test_no_kernel_is_on_the_class_path(self):
        jars = KernelSpecManager().get_kernel_spec("java").env["JJAVA_CLASSPATH"].split(os.pathsep)
        names = [Path(jar).name for jar in jars]
        self.assertEqual([], [n for n in names if re.match("jjava|jupyter|jeromq|jnacl", n)])

    def test_an_error_while_a_value_is_shown_is_an_ordinary_one(self):
        """Of ours and of a type of the reader's; the kernel answers on."""
        kernel = Kernel()
        self.addCleanup(kernel.close)
        kernel.run(IMPORTS + FULL_HEAP)
        self.assertIn("the Java heap is full", kernel.error("first"))
        self.assertIn("StackOverflow", kernel.error("new Endless()"))

    def test_other_values_are_text(self):
        self.assertEqual({"text/plain": "2"}, self.kernel.value("1 + 1"))


@unittest.skipUnless(INSTALLED, "needs the private environment")
class IJavaTest(unittest.TestCase):
    """The stand-in for IJava is to the library what IJava is."""

    @classmethod
    def setUpClass(cls):
        folder = prepare.install_ijava(Project(), jdk.find_jdk())
        specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")], ensure_native_kernel=False)
        cls.kernel = Kernel(specs)
        cls.addClassCleanup(cls.kernel.close)
        cls.kernel.run(IMPORTS)

    def test_its_own_libraries_are_in_front_of_ours(self):
        """Each class comes from the file that IJava 1.3.0 has it from, so at its version."""
        for name, jar in IJAVAS.items():
            place = f"{name}.class.getProtectionDomain().getCodeSource().getLocation().toString()"
            text = self.kernel.value(place)["text/plain"]
            self.assertEqual(jar, text.strip('"').rsplit("/", 1)[-1], name)

    def test_an_error_in_a_values_text_is_one_of_its_cell(self):
        """IJava would answer no more; it is guarded from the first thing on that is shown."""
        self.kernel.run(SHOWN + ENDLESS)
        self.assertIn("StackOverflow", self.kernel.error("new Endless()"))

    def test_an_interrupted_cell_ends_there_with_an_error(self):
        """What follows in the cell does not run."""
        error, _, _ = self.kernel.interrupt("int done = 0; Thread.sleep(60_000);\ndone = 1;")
        self.assertEqual("EvaluationInterruptedException", error)
        self.assertEqual({"text/plain": "0"}, self.kernel.value("done"))

    def test_its_own_functions_take_our_values(self):
        code = 'String id = display("waits"); updateDisplay(id, eval("Picture.of(2, 1, new int[2])"));'
        shown = [m["content"]["data"] for m in self.kernel.run(SHOWN + code)
                 if m["msg_type"] == "update_display_data"]
        self.assertEqual(["picture of 2×1 pixels"], [each["text/plain"] for each in shown])

    def test_a_network_is_read_which_needs_a_newer_gson(self):
        self.kernel.run(LESSON)
        same = "gradCam(network, picture).maxDifference(before) < 1e-5"
        self.assertEqual({"text/plain": "true"}, self.kernel.value(same))


@unittest.skipUnless(INSTALLED, "needs the private environment")
class ElsewhereTest(unittest.TestCase):
    """A notebook in a folder of its own names one jar."""

    def test_one_line_brings_the_library_with_all_it_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            kernel = Kernel(cwd=folder, classpath="")
            self.addCleanup(kernel.close)
            kernel.run(f"%classpath {Project().library.as_posix()}")
            weights = (ENVIRONMENT.parent / "models" / "alexnet-drawn-pets.safetensors").as_posix()
            count = f'camlab.weights.StateDict.read(Path.of("{weights}")).names().size()'
            self.assertEqual({"text/plain": "14"}, kernel.value("import java.nio.file.Path;\n" + count))
            shape = "new ai.djl.ndarray.types.Shape(2, 3)"
            total = f"ai.djl.ndarray.NDManager.newBaseManager().ones({shape}).sum().getFloat()"
            self.assertEqual({"text/plain": "6.0"}, kernel.value(total))


@unittest.skipUnless(INSTALLED, "needs the private environment")
class InterruptTest(unittest.TestCase):
    def setUp(self):
        self.kernel = Kernel()
        self.addCleanup(self.kernel.close)

    def assert_stops(self, code, ends=False):
        """Within the time, and the next cell works. A machine that is busy gets a second try."""
        for _ in range(2):
            error, when, seconds = self.kernel.interrupt(NOTING_THE_END % code if ends else code)
            self.assertEqual("EvaluationInterruptedException", error)
            self.assertEqual({"text/plain": "2"}, self.kernel.value("1 + 1"))
            if ends:
                seconds = max(seconds, self.end() - when)
            if seconds <= SECONDS_TO_STOP:
                return
        self.fail(f"It stopped only {seconds:.1f} s after the interrupt: {code}")

    def end(self):
        """When the cell's thread ended, by the system's clock."""
        for _ in range(100):
            milliseconds = float(self.kernel.value("ended")["text/plain"])
            if milliseconds > 0:
                return milliseconds / 1000
            time.sleep(0.1)
        self.fail("The cell's thread goes on behind the kernel.")

    def test_a_sleep(self):
        self.assert_stops("Thread.sleep(60_000);")

    def test_an_endless_loop(self):
        """The kernel goes on without the cell's thread, which has no step at which it could end."""
        self.assert_stops("while (true) {}")

    def test_long_computations_end_and_leave_the_session_as_it_was(self):
        """The thread of the cell ends as well: nothing of the library runs on behind the kernel."""
        file = self.kernel.file("evaluation.csv").as_posix()
        self.kernel.run(IMPORTS + LESSON + f'File file = new File("{file}");')
        for code in LONG_COMPUTATIONS:
            self.assert_stops(code, ends=True)
            same = "gradCam(network, picture).maxDifference(before) < 1e-5"
            self.assertEqual({"text/plain": "true"}, self.kernel.value(same), code)


def size_of(png):
    """Width and height, as the file's first block tells them."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise AssertionError(f"not a PNG file: {png[:16]!r}")
    return struct.unpack(">II", png[16:24])


if __name__ == "__main__":
    unittest.main()

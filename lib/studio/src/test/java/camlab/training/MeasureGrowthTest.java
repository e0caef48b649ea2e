package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureGrowthTest {

  @Test
  void thePowerThatValuesGrowWith() {
    assertEquals(2, MeasureGrowth.slope(new double[] {3, 12, 48, 192}), 1e-12);
    assertEquals(0, MeasureGrowth.slope(new double[] {5, 5, 5}), 1e-12);
    // Steps of 1 and of 2 powers: the line through 0, 1 and 3 rises by 1.5.
    assertEquals(1.5, MeasureGrowth.slope(new double[] {1, 2, 8}), 1e-12);
    assertEquals(Double.NaN, MeasureGrowth.slope(new double[] {0, 2, 8}));
    assertEquals(Double.NaN, MeasureGrowth.slope(new double[] {Double.NaN, 2}));
  }

  @Test
  void aTableAndAChart(@TempDir Path folder) throws IOException {
    Path page =
        Files.writeString(
            folder.resolve("page.md"), "<!-- growth -->\nold\n<!-- end of growth -->\nafter");
    Path chart = folder.resolve("growth.png");
    String[] arguments = {"--doublings", "1", "--to", page.toString(), "--chart", chart.toString()};
    assertEquals(0, Programs.of(new MeasureGrowth()).execute(arguments));
    List<String> lines = Files.readAllLines(page);
    assertEquals(10, lines.size());
    assertTrue(
        lines.get(3).matches("\\| side of the picture \\| 56, 112 \\| [\\d,]+, [\\d,]+ ms \\|.*"),
        lines.get(3));
    assertTrue(lines.get(7).startsWith("| layers | 4, 8 |"), lines.get(7));
    assertEquals("after", lines.get(9));
    assertTrue(Picture.read(chart).width() > 1000);
  }

  @Test
  void aPageWithoutTheLinesIsRefusedFirst(@TempDir Path folder) throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "nothing");
    MeasureGrowth command = new MeasureGrowth();
    Programs.of(command).parseArgs("--to", page.toString(), "--chart", "none.png");
    assertThrows(IllegalArgumentException.class, command::call);
  }
}

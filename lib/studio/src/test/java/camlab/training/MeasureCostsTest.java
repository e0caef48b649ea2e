package camlab.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureCostsTest {

  /** CAM does not apply to this AlexNet; what is around the table stays. */
  @Test
  void theTableStandsBetweenItsLines(@TempDir Path folder) throws IOException {
    Path page =
        Files.writeString(
            folder.resolve("page.md"), "before\n<!-- costs -->\nold\n<!-- end of costs -->\nafter");
    int code =
        Programs.of(new MeasureCosts())
            .execute(
                "--networks",
                "alexnet-drawn-pets",
                "--methods",
                "CAM,FEM",
                "--to",
                page.toString());
    assertEquals(0, code);
    List<String> lines = Files.readAllLines(page);
    assertEquals("before", lines.get(0));
    assertEquals("| method | passes | alexnet-drawn-pets |", lines.get(2));
    assertTrue(
        lines.get(4).matches("\\| \\(a prediction\\) \\| 1 forward \\| [\\d,]+ ms.*"),
        lines.get(4));
    assertEquals("| CAM | 2 forward | — |", lines.get(5));
    assertTrue(lines.get(6).matches("\\| FEM \\| 1 forward \\| [\\d,]+ ms.*"), lines.get(6));
    assertEquals("<!-- end of costs -->", lines.get(7));
    assertEquals("after", lines.get(8));
  }

  /** Those that are no line of the catalogue are rows, too, by what stands before their comma. */
  @Test
  void rowsHaveNames(@TempDir Path folder) throws IOException {
    Path page =
        Files.writeString(folder.resolve("page.md"), "<!-- costs -->\n<!-- end of costs -->");
    String[] arguments = {
      "--networks",
      "alexnet-drawn-pets",
      "--methods",
      "Refine-CAM,expected gradients",
      "--to",
      page.toString()
    };
    assertEquals(0, Programs.of(new MeasureCosts()).execute(arguments));
    List<String> lines = Files.readAllLines(page);
    assertTrue(
        lines.get(4).matches("\\| Refine-CAM \\| 2 forward, 1 backward \\| [\\d,]+ ms.*"),
        lines.get(4));
    assertTrue(lines.get(5).startsWith("| Expected gradients, 1 reference |"), lines.get(5));
    arguments[3] = "Refine-CAN";
    assertNotEquals(0, Programs.of(new MeasureCosts()).execute(arguments));
  }

  /** The catalogue has relevance by one composite; the others have rows of their own. */
  @Test
  void everyCompositeHasARow(@TempDir Path folder) throws IOException {
    List<String> names =
        List.of(
            "LRP Epsilon",
            "LRP EpsilonPlus",
            "LRP EpsilonPlusFlat",
            "LRP EpsilonAlpha2Beta1",
            "LRP EpsilonAlpha2Beta1Flat",
            "LRP EpsilonGammaBox");
    Path page =
        Files.writeString(folder.resolve("page.md"), "<!-- costs -->\n<!-- end of costs -->");
    int code =
        Programs.of(new MeasureCosts())
            .execute(
                "--networks",
                "alexnet-drawn-pets",
                "--methods",
                String.join(",", names),
                "--to",
                page.toString());
    assertEquals(0, code);
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < names.size(); i++) {
      String row = lines.get(4 + i);
      assertTrue(
          row.matches(
              "\\| %s \\| [34] forward, 1 backward \\| [\\d,]+ ms.*".formatted(names.get(i))),
          row);
    }
  }

  @Test
  void aPageWithoutTheLinesIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new PageTable("costs").on("page", List.of("table")))
            .getMessage();
    assertTrue(message.contains("<!-- costs -->"), message);
  }
}

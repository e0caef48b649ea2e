package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChartBuilder;

/** A Java of its own on a system without a font, as small containers are. */
@EnabledOnOs(OS.LINUX)
class WithoutFontsTest {

  private static final String FONTS = "there are fonts all the same";

  /** What such a Java runs: prints what each figure throws. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) {
      Heatmap map = Maps.of(Maps.row(0, 1), Maps.row(2, 3));
      Picture picture = Picture.of(2, 2, new int[4]);
      Map<String, Runnable> figures = new LinkedHashMap<>();
      figures.put("overlay", () -> Overlay.of(picture, map));
      figures.put("panels", () -> Panels.create().row(Panels.Tile.of(picture, map)).draw());
      figures.put(
          "numbers",
          () ->
              Panels.create()
                  .row(Panels.Tile.numbers(map, ColorMap.PLASMA, Range.of(map, ColorMap.PLASMA)))
                  .draw());
      figures.put("chart", () -> Charts.picture(Charts.heatmap("a map", map)));
      figures.put(
          "another's chart",
          () -> Charts.picture(new XYChartBuilder().width(200).height(200).build()));
      for (Map.Entry<String, Runnable> figure : figures.entrySet()) {
        String outcome = "drawn";
        try {
          figure.getValue().run();
        } catch (IllegalStateException e) {
          outcome = e.getMessage();
        } catch (RuntimeException | Error e) {
          outcome = e.toString();
        }
        System.out.println(figure.getKey() + ": " + outcome);
      }
      try {
        new Font(Font.SANS_SERIF, Font.PLAIN, 12)
            .getStringBounds("x", new FontRenderContext(null, true, true));
        System.out.println(FONTS);
      } catch (RuntimeException | Error e) {
        // As it should be.
      }
    }
  }

  @Test
  void whatHasWordsSaysWhatIsMissing(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path nothing = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder, // or Java finds there which fonts it saw last
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true);
    builder.environment().put("FONTCONFIG_FILE", nothing.toString());
    Process java = builder.start();
    String told = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, java.waitFor(), told);
    assumeFalse(told.contains(FONTS), told);
    List<String> lines = told.lines().toList();
    assertEquals(5, lines.size(), told);
    assertEquals("overlay: drawn", lines.get(0), told);
    for (String line : lines.subList(1, 5)) {
      assertTrue(line.contains(": No words can be drawn here, for Java finds no font ("), told);
      assertTrue(line.contains("Fontconfig head is null"), told);
      assertTrue(line.contains("fontconfig and fonts-dejavu-core"), told);
    }
  }
}

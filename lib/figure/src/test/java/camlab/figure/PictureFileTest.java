package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class PictureFileTest {

  private static Picture painted(int width, int height, IntBinaryOperator color) {
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = color.applyAsInt(i % width, i / width);
    }
    return Picture.of(width, height, pixels);
  }

  /** Waves with grain, as of a photograph. */
  private static Picture photograph(int width, int height) {
    Random random = new Random(1);
    return painted(
        width,
        height,
        (x, y) -> {
          int grain = random.nextInt(5);
          int red = (int) (120 + 100 * Math.sin(x / 19.0)) + grain;
          int green = (int) (120 + 100 * Math.sin(y / 23.0)) + grain;
          int blue = (int) (120 + 100 * Math.sin((x + y) / 31.0)) + grain;
          return red << 16 | green << 8 | blue;
        });
  }

  private static Picture decoded(PictureFile file) throws Exception {
    byte[] bytes = Base64.getDecoder().decode(file.base64());
    return Picture.of(ImageIO.read(new ByteArrayInputStream(bytes)));
  }

  /** The largest difference of one colour of one pixel, and the root mean square of all. */
  private static double[] error(Picture one, Picture other) {
    int largest = 0;
    double squares = 0;
    for (int row = 0; row < one.height(); row++) {
      for (int column = 0; column < one.width(); column++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int difference =
              Math.abs(
                  (one.rgb(row, column) >> shift & 0xFF)
                      - (other.rgb(row, column) >> shift & 0xFF));
          largest = Math.max(largest, difference);
          squares += (double) difference * difference;
        }
      }
    }
    return new double[] {largest, Math.sqrt(squares / (3.0 * one.width() * one.height()))};
  }

  @Test
  void aPhotographIsAJpegThatLooksTheSame() throws Exception {
    Picture picture = photograph(300, 200);
    PictureFile file = PictureFile.of(picture);
    assertEquals("image/jpeg", file.type());
    double error = error(picture, decoded(file))[1];
    assertTrue(error > 0 && error <= 4, "error " + error);
    assertTrue(file.base64().length() < picture.png().length * 2 / 3 * 4 / 3 + 4);
    assertEquals(file.base64(), PictureFile.of(photograph(300, 200)).base64());
    assertTrue(file.uri().startsWith("data:image/jpeg;base64,/9j/"), "a JPEG file begins FF D8 FF");
  }

  /** Red on blue, one pixel wide: a JPEG with halved colours mixes them by more than 60. */
  @Test
  void colorsKeepTheirEdges() throws Exception {
    Picture photograph = photograph(300, 200);
    Picture lines =
        painted(
            300,
            200,
            (x, y) -> y >= 100 ? photograph.rgb(y, x) : x % 30 == 7 ? 0xC03030 : 0x3030C0);
    PictureFile file = PictureFile.of(lines);
    assertEquals("image/jpeg", file.type());
    assertEquals(0xC0, decoded(file).rgb(50, 37) >> 16, 40);
  }

  /** Its soft letters have more than 256 colours; the file has no more, and none is far off. */
  @Test
  void aChartHasAPalette() throws Exception {
    Picture chart =
        Charts.picture(
            Charts.bars(
                "Scores of the classes",
                "score",
                List.of("cat", "dog", "both"),
                Map.of("score", List.of(0.5, 0.75, 1))));
    PictureFile file = PictureFile.of(chart);
    assertEquals("image/png", file.type());
    Picture shown = decoded(file);
    assertTrue(error(chart, shown)[0] <= 3);
    int bar = chart.rgb(chart.height() * 3 / 4, chart.width() / 2);
    assertEquals(bar, shown.rgb(chart.height() * 3 / 4, chart.width() / 2));
    assertEquals(3, Base64.getDecoder().decode(file.base64())[25], "colour type of a palette");
  }

  /** Each of the 256 colours of a map is the one that its colour bar has. */
  @Test
  void aMapKeepsItsColors() throws Exception {
    for (ColorMap colors : ColorMap.values()) {
      Picture map = painted(256, 4, (x, y) -> colors.rgb(x / 255.0));
      assertEquals(map, decoded(PictureFile.of(map)));
    }
  }

  /** JPEG is not worth its loss here: such a picture is shorter as a PNG in true colour. */
  @Test
  void aSmoothDrawingIsExact() throws Exception {
    Picture ramp = painted(256, 256, (x, y) -> x << 16 | y << 8 | (x + y) / 2);
    PictureFile file = PictureFile.of(ramp);
    assertEquals("image/png", file.type());
    assertEquals(ramp, decoded(file));
  }

  /** Of noise JPEG keeps little: either it has the quality that is asked for, or it is a PNG. */
  @Test
  void noiseIsNotBlurred() throws Exception {
    Random random = new Random(2);
    Picture noise = painted(120, 90, (x, y) -> random.nextInt(1 << 24));
    double error = error(noise, decoded(PictureFile.of(noise)))[1];
    assertTrue(error <= 4, "error " + error);
  }

  @Test
  void whatIsWiderThanNotebooksIsScaledDown() throws Exception {
    Picture shown = decoded(PictureFile.of(photograph(2400, 302)));
    assertEquals(1200, shown.width());
    assertEquals(151, shown.height());
    // One row is not scaled away.
    assertEquals(1, decoded(PictureFile.of(photograph(3000, 1))).height());
    Picture asWide = photograph(1200, 60);
    assertEquals(1200, decoded(PictureFile.of(asWide)).width());
    assertEquals(60, decoded(PictureFile.of(asWide)).height());
  }

  @Test
  void whatIsVeryTallIsScaledDownToo() {
    PictureFile file = PictureFile.of(photograph(600, 8000));
    assertEquals(547, file.width()); // 600 · √(4/4.8)
    assertEquals(7293, file.height());
  }

  /** Of a camera's 12 megapixels a notebook holds well below a megabyte, and not 48. */
  @Test
  void aPhotographOf12MegapixelsIsSmall() {
    int length = PictureFile.of(photograph(4000, 3000)).base64().length();
    assertTrue(length < 600_000, "length " + length);
  }
}

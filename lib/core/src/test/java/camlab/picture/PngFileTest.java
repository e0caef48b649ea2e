package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PngFileTest {

  private static byte[] chunk(byte[] file, String type) {
    ByteBuffer chunks = ByteBuffer.wrap(file, 8, file.length - 8);
    while (chunks.hasRemaining()) {
      byte[] data = new byte[chunks.getInt()];
      byte[] name = new byte[4];
      chunks.get(name);
      chunks.get(data);
      chunks.position(chunks.position() + 4); // the sum
      if (new String(name, StandardCharsets.US_ASCII).equals(type)) {
        return data;
      }
    }
    throw new AssertionError("no chunk " + type);
  }

  private static byte[] rows(byte[] file) throws IOException {
    return new InflaterInputStream(new ByteArrayInputStream(chunk(file, "IDAT"))).readAllBytes();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** By hand: the palette ascends, and each row begins with the filter 0. */
  @Test
  void fewColorsAreAPalette() throws IOException {
    byte[] file = PngFile.of(2, 2, new int[] {0xFF0000, 0x0000FF, 0x0000FF, 0x00FF00});
    assertEquals("89504e470d0a1a0a", hex(file).substring(0, 16));
    assertEquals("00000002000000020803000000", hex(chunk(file, "IHDR")));
    assertEquals("0000ff00ff00ff0000", hex(chunk(file, "PLTE")));
    assertEquals("000200000001", hex(rows(file)));
    // The sum over the name of the last chunk, as every PNG file ends.
    assertEquals("0000000049454e44ae426082", hex(file).substring(2 * file.length - 24));
  }

  /** 257 greys and one blue: to the right each sample is one more than its left neighbour. */
  @Test
  void aRampToTheRightIsFilteredFromTheLeft() throws IOException {
    byte[] file = PngFile.of(257, 1, ramp());
    assertEquals(2, chunk(file, "IHDR")[9]);
    byte[] row = rows(file);
    assertEquals("01000000010101010101", hex(row).substring(0, 20));
    // The last pixel, from (255, 255, 255) to (0, 0, 1).
    assertEquals("010102", hex(row).substring(2 * row.length - 6));
  }

  /** The same from top to bottom; the first two rows are no shorter with a filter. */
  @Test
  void aRampDownwardsIsFilteredFromAbove() throws IOException {
    byte[] rows = rows(PngFile.of(1, 257, ramp()));
    assertEquals("000000000001010102010101", hex(rows).substring(0, 24));
  }

  private static int[] ramp() {
    return IntStream.rangeClosed(0, 256).map(i -> i < 256 ? i * 0x010101 : 0x000001).toArray();
  }

  /**
   * What is written here is read by the JDK: noise, which needs every filter, and smooth colours.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 256, 1 << 24})
  void isReadAsItWasWritten(int colors) throws IOException {
    Random random = new Random(colors);
    int[] pixels = random.ints(61 * 43, 0, colors).toArray();
    for (int i = 0; i < 61 * 20; i++) {
      pixels[i] = pixels[i] % 8 + i % 61 * 2 + i / 61 * 512;
    }
    Picture picture = Picture.of(61, 43, pixels);
    var image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    assertEquals(picture, Picture.of(image));
    assertArrayEquals(picture.png(), picture.png());
  }

  @Test
  void smoothColorsAreShorterThanTheJdkMakesThem() throws IOException {
    int[] pixels = new int[256 * 256];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 256 * 0x010000 + i / 256 * 0x0100 + (i % 256 + i / 256) / 2;
    }
    var jdk = new ByteArrayOutputStream();
    ImageIO.write(Picture.of(256, 256, pixels).toImage(), "png", jdk);
    byte[] ours = PngFile.of(256, 256, pixels);
    assertTrue(4 * ours.length < jdk.size(), ours.length + " and " + jdk.size());
  }

  /** Every fifth row follows the same filter's prediction but for a little noise. */
  @Test
  void everyRowHasTheFirstOfTheFiltersThatComeNearestTo0() throws IOException {
    int width = 31;
    int height = 50;
    Random random = new Random(5);
    int[] pixels = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < 3 * width; i++) {
        int sample = predicted(pixels, width, i, y)[y % 5] + random.nextInt(-9, 10);
        pixels[y * width + i / 3] |= (sample & 0xFF) << (16 - 8 * (i % 3));
      }
    }
    byte[] rows = rows(PngFile.of(width, height, pixels));
    Set<Integer> used = new TreeSet<>();
    for (int y = 0; y < height; y++) {
      int[] sums = new int[5];
      for (int i = 0; i < 3 * width; i++) {
        int[] predicted = predicted(pixels, width, i, y);
        for (int filter = 0; filter < 5; filter++) {
          int difference = (sample(pixels, width, i, y) - predicted[filter]) & 0xFF;
          sums[filter] += Math.min(difference, 256 - difference);
        }
      }
      int least = Arrays.stream(sums).min().orElseThrow();
      int first = Arrays.stream(sums).boxed().toList().indexOf(least);
      assertEquals(first, rows[y * (1 + 3 * width)], "row " + y);
      used.add(first);
    }
    assertEquals(Set.of(0, 1, 2, 3, 4), used);
  }

  /** By each of the five filters. */
  private static int[] predicted(int[] pixels, int width, int i, int y) {
    int left = sample(pixels, width, i - 3, y);
    int above = sample(pixels, width, i, y - 1);
    int corner = sample(pixels, width, i - 3, y - 1);
    return new int[] {0, left, above, (left + above) / 2, paeth(left, above, corner)};
  }

  /** A red, green or blue of a row; 0 outside. */
  private static int sample(int[] pixels, int width, int i, int y) {
    return i < 0 || y < 0 ? 0 : pixels[y * width + i / 3] >> (16 - 8 * (i % 3)) & 0xFF;
  }

  /** As the standard has it: of those that are equally near, left before above before corner. */
  private static int paeth(int left, int above, int corner) {
    return Stream.of(left, above, corner)
        .min(Comparator.comparing(each -> Math.abs(left + above - corner - each)))
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 1 << 24})
  void aFileMayHaveSoManyBytesAndNoMore(int colors) {
    int[] pixels = new Random(1).ints(300 * 200, 0, colors).toArray();
    byte[] file = PngFile.of(300, 200, pixels);
    assertArrayEquals(file, PngFile.of(300, 200, pixels, file.length).orElseThrow());
    assertTrue(PngFile.of(300, 200, pixels, file.length - 1).isEmpty());
    assertTrue(Picture.of(300, 200, pixels).png(file.length / 3).isEmpty());
  }
}

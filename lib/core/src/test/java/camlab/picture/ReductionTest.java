package camlab.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReductionTest {

  @TempDir private Path folder;

  /** 7 by 5 pixels, halved to 4 by 3: each new pixel stands for 1.75 by 1.667 old ones. */
  @Test
  void eachPixelIsTheMeanOfWhatItStandsFor() {
    Random random = new Random(5);
    BufferedImage image = new BufferedImage(7, 5, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 35; i++) {
      image.setRGB(i % 7, i / 7, random.nextInt(1 << 24));
    }
    Picture reduced = Reduction.of(image, 2);
    assertEquals("Picture 4×3", reduced.toString());
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          double sum = 0;
          for (int i = 0; i < 35; i++) {
            double across = overlap(i % 7, column * 7 / 4.0, (column + 1) * 7 / 4.0);
            double down = overlap(i / 7, row * 5 / 3.0, (row + 1) * 5 / 3.0);
            sum += across * down * (image.getRGB(i % 7, i / 7) >> shift & 0xFF);
          }
          assertEquals(
              sum / (7 / 4.0 * 5 / 3.0), reduced.rgb(row, column) >> shift & 0xFF, 0.5 + 1e-9);
        }
      }
    }
  }

  private static double overlap(int pixel, double from, double to) {
    return Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
  }

  /** What a network sees of the copy, against what it sees of the picture itself. */
  @ParameterizedTest
  @CsvSource({"2400, 1800, 256, 224", "1801, 2403, 256, 224", "3000, 1700, 333, 299"})
  void theNetworkSeesTheSame(int width, int height, int resize, int crop) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(7);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // Smooth colours, fine stripes, a hard disc and noise.
        int red = 255 * x / width;
        int green = (x / 3 + y / 5) % 2 * 255;
        int blue = Math.hypot(x - 900, y - 900) < 600 ? 230 : 20;
        int noise = random.nextInt(40);
        image.setRGB(x, y, Math.min(255, red + noise) << 16 | green << 8 | blue + noise / 2);
      }
    }
    Path file = folder.resolve("large.png");
    ImageIO.write(image, "png", file.toFile());
    Picture whole = Picture.read(file);
    Picture reduced = Picture.readReduced(file);
    assertEquals(Math.min(width, height) / 2.0, Math.min(reduced.width(), reduced.height()), 1);
    Preprocessing input =
        new Preprocessing(
            resize, crop, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    Picture expected = input.view(whole);
    Picture found = input.view(reduced);
    double sum = 0;
    int largest = 0;
    for (int i = 0; i < crop * crop; i++) {
      int one = expected.rgb(i / crop, i % crop);
      int two = found.rgb(i / crop, i % crop);
      for (int shift = 0; shift <= 16; shift += 8) {
        int difference = Math.abs((one >> shift & 0xFF) - (two >> shift & 0xFF));
        sum += difference;
        largest = Math.max(largest, difference);
      }
    }
    double mean = sum / (3.0 * crop * crop);
    assertTrue(mean <= 0.5, "mean difference " + mean);
    assertTrue(largest <= 6, "largest difference " + largest);
  }

  @Test
  void smallPicturesStayAsTheyAre() {
    Path path = Resources.path("source.png");
    assertEquals(Picture.read(path), Picture.readReduced(path));
    assertEquals(1, Reduction.factor(1599, 4000, Picture.REDUCED_SIDE));
    assertEquals(2, Reduction.factor(4000, 1600, Picture.REDUCED_SIDE));
    assertEquals(3, Reduction.factor(4000, 3000, Picture.REDUCED_SIDE));
    assertEquals(1, Reduction.factor(1, 1, Picture.REDUCED_SIDE));
  }

  /** A telephone's 108 megapixels, and the smallest picture there is. */
  @Test
  void anySizeIsRead() throws IOException {
    BufferedImage large = new BufferedImage(12_000, 9_000, BufferedImage.TYPE_BYTE_BINARY);
    for (int row = 0; row < 4_500; row++) {
      large.getRaster().setSample(11_999, row, 0, 1);
      large.getRaster().setSample(11_998, row, 0, 1);
    }
    Path file = folder.resolve("phone.png");
    ImageIO.write(large, "png", file.toFile());
    Picture reduced = Picture.readReduced(file);
    assertEquals("Picture 1091×818", reduced.toString());
    assertEquals(0, reduced.rgb(817, 1090));
    // Two white columns of the eleven that the last one stands for: 255 · 2 / (12000 / 1091).
    assertEquals(46, reduced.rgb(0, 1090) & 0xFF);
    assertEquals(0, reduced.rgb(0, 1089));

    Path one = folder.resolve("one.png");
    Picture.of(1, 1, new int[] {0x123456}).write(one);
    assertEquals(0x123456, Picture.readReduced(one).rgb(0, 0));
    assertEquals(224, Preprocessing.IMAGENET.view(Picture.readReduced(one)).width());
  }
}

package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {

  @Test
  void oneColour() {
    assertEquals(Cases.grey(2, 2, 0, 0, 0, 0), Baseline.black().of(Cases.GREYS));
    Picture view = Picture.of(1, 3, new int[] {0x000102, 0x030405, 0xF00000});
    // 0, 3, 240 → 81; 1, 4, 0 → 5/3; 2, 5, 0 → 7/3.
    assertEquals(
        Picture.of(1, 3, new int[] {0x510202, 0x510202, 0x510202}), Baseline.meanColour().of(view));
  }

  /** 255 · (0.485, 0.456, 0.406) = (123.7, 116.3, 103.5). */
  @Test
  void theColourThatPreprocessingTurnsToZero() {
    Picture zero = Baseline.zero(Preprocessing.IMAGENET).of(Cases.GREYS);
    assertEquals(0x7C7468, zero.rgb(1, 1));
    for (float value : Preprocessing.IMAGENET.normalize(zero)) {
      assertEquals(0, value, 0.5 / 255 / 0.224);
    }
  }

  @Test
  void theBlurOfAPoint() {
    // exp(−1/2) = 0.60653: weights 0.60653, 1, 0.60653 over their sum 2.21306.
    int[] blurred = Cases.blues(Baseline.blurred(3, 1).of(Cases.grey(4, 1, 0, 0, 250, 0)));
    assertArrayEquals(new int[] {0, 69, 113, 69}, blurred);
    // The last pixel goes on beyond the edge.
    blurred = Cases.blues(Baseline.blurred(3, 1).of(Cases.grey(4, 1, 0, 0, 0, 250)));
    assertArrayEquals(new int[] {0, 0, 69, 181}, blurred);
  }

  @Test
  void theBlurAgainstReferenceFigures() {
    double[] values = Cases.values(14 * 13, 37, 101);
    assertArrayEquals(
        Reference.doubles(Reference.read().get("blur 5, 1.2")),
        new Gaussian(5, 1.2).blur(values, 14, 13),
        1e-9);
  }

  @Test
  void aWindowHasAMiddle() {
    assertThrows(IllegalArgumentException.class, () -> Baseline.blurred(4, 1));
    assertThrows(IllegalArgumentException.class, () -> Baseline.blurred(5, 0));
  }

  /** Weighted means over squares, pixel by pixel, with the outermost values beyond the edges. */
  @ParameterizedTest
  @ValueSource(ints = {1, 9, 11, 13})
  void windowsOfAllSizesBlurAsTheFormulaSays(int size) {
    int height = 7;
    int width = 15;
    double[] values = new Random(3).doubles(7 * 15).toArray();
    double[] blurred = new Gaussian(size, 1.5).blur(values, height, width);
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      double weights = 0;
      for (int dy = -size / 2; dy <= size / 2; dy++) {
        for (int dx = -size / 2; dx <= size / 2; dx++) {
          int row = Math.max(0, Math.min(height - 1, i / width + dy));
          int column = Math.max(0, Math.min(width - 1, i % width + dx));
          double weight = Math.exp(-(dx * dx + dy * dy) / 4.5);
          sum += weight * values[row * width + column];
          weights += weight;
        }
      }
      assertEquals(sum / weights, blurred[i], 1e-12);
    }
  }
}

package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ShapesTest {

  /**
   * Shapes are at least 0.7 bright, the ground at most 0.4: the brightest colour tells them apart.
   */
  private static int lit(Picture picture, int quarter) {
    int count = 0;
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        int rgb = picture.rgb(quarter / 2 * 32 + row, quarter % 2 * 32 + column);
        int brightest = Math.max(rgb >> 16 & 0xFF, Math.max(rgb >> 8 & 0xFF, rgb & 0xFF));
        count += brightest > 0.6 * 255 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void eachShapeStandsInItsQuarter() {
    for (int seed = 0; seed < 20; seed++) {
      List<String> quarters = List.of("square", "", "disc", "triangle");
      Picture picture = Shapes.picture(new Random(seed), quarters);
      int square = lit(picture, 0);
      int side = (int) Math.round(Math.sqrt(square));
      assertEquals(side * side, square, "seed " + seed);
      assertTrue(side >= 14 && side <= 25, "seed " + seed + ": " + side);
      assertEquals(0, lit(picture, 1), "seed " + seed);
      // A disc covers π/4 of its square, a triangle one half, and squares have 196 to 625 pixels.
      assertTrue(lit(picture, 2) > 0.7 * 196 && lit(picture, 2) < 0.85 * 625);
      assertTrue(lit(picture, 3) > 0.4 * 196 && lit(picture, 3) < 0.6 * 625);
    }
  }

  @Test
  void theSameSeedMakesTheSamePicture() {
    List<String> quarters = Shapes.shuffled(new Random(3), "disc", "triangle");
    assertEquals(quarters, Shapes.shuffled(new Random(3), "disc", "triangle"));
    assertEquals(Shapes.picture(new Random(4), quarters), Shapes.picture(new Random(4), quarters));
  }

  @Test
  void shuffledQuartersHoldWhatIsAskedFor() {
    List<String> quarters = Shapes.shuffled(new Random(1), "disc", "triangle");
    assertEquals(List.of("", "", "disc", "triangle"), quarters.stream().sorted().toList());
    assertThrows(
        IllegalArgumentException.class,
        () -> Shapes.shuffled(new Random(1), "disc", "disc", "disc", "disc", "disc"));
  }

  @Test
  void whatIsNoShapeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Shapes.picture(new Random(1), List.of("disc")));
    assertEquals(
        "A quarter holds 'disc', 'square', 'triangle' or '', found 'star'.",
        assertThrows(
                IllegalArgumentException.class,
                () -> Shapes.picture(new Random(1), List.of("star", "", "", "")))
            .getMessage());
  }
}

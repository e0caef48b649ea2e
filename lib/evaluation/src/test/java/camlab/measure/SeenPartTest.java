package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.Network;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A picture of 40×20, of which the network sees the columns 10 to 29, at their own size: whatever
 * is measured must be the same on the original as on the view.
 */
class SeenPartTest {

  private static final Preprocessing SQUARE =
      new Preprocessing(20, 20, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  private static final Picture ORIGINAL = Cases.grey(40, 20, greys());

  /** The left half of the view: the original's columns 10 to 19. */
  private static final Heatmap LEFT =
      Heatmap.of(
          new float[][] {{1, 0}},
          new Provenance("test", "", "", Double.NaN, Optional.of(SQUARE.region(ORIGINAL))));

  /** Its column, times 6. */
  private static int[] greys() {
    int[] greys = new int[800];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = 6 * (i % 40);
    }
    return greys;
  }

  private static Mask columns(int from, int to) {
    BitSet pixels = new BitSet();
    for (int row = 0; row < 20; row++) {
      pixels.set(row * 40 + from, row * 40 + to);
    }
    return Mask.of(40, 20, pixels);
  }

  private static Explanation onTheView(Mask object) {
    Confidence light = views -> views.stream().mapToDouble(Cases::light).toArray();
    return new Explanation(SQUARE.view(ORIGINAL), LEFT, light, Optional.of(SQUARE.view(object)));
  }

  /** In the view 1 up to column 4, then down by 1/10 a column from 0.95, 0 from column 15. */
  @Test
  void localisationIsTheSameOnBoth() {
    // All of the map's 10 columns of energy; 5 + 0.95 + 0.85 + … + 0.55 are in the left half.
    double left = (5 + 0.95 + 0.85 + 0.75 + 0.65 + 0.55) / 10;
    for (int[] object : new int[][] {{10, 20}, {0, 20}, {20, 40}, {0, 10}}) {
      Mask mask = columns(object[0], object[1]);
      double expected = object[0] >= 20 ? 1 - left : object[1] == 10 ? 0 : left;
      assertEquals(expected, new EnergyInObject().of(LEFT, mask), 1e-6);
      assertEquals(expected, new EnergyInObject().of(onTheView(mask)), 1e-6);
      double overlap = new IntersectionOverUnion(0.5).of(LEFT, mask);
      assertEquals(overlap, new IntersectionOverUnion(0.5).of(onTheView(mask)), 1e-6);
      assertEquals(object[1] == 20 ? 1 : 0, overlap, 1e-6);
      boolean hit = new PointingGame(0).hits(LEFT, mask);
      assertEquals(hit ? 1 : 0, new PointingGame(0).of(onTheView(mask)));
      assertEquals(object[1] == 20, hit);
    }
  }

  /** Half of the view goes black: the original's columns 10 to 19. */
  @Test
  void whatIsRemovedLiesInTheOriginalWhereTheMapSays() {
    Picture rest =
        new ConfidenceAfterRemoval(0.5, Baseline.black(), Scale.ABSOLUTE, 1)
            .remaining(onTheView(columns(10, 20)));
    Picture half = new Deletion(2, Baseline.black(), 1).pictures(onTheView(columns(10, 20))).get(1);
    assertEquals(rest, half);
    for (int column = 0; column < 20; column++) {
      int grey = column < 10 ? 0 : 6 * (column + 10);
      assertEquals(grey, rest.rgb(7, column) & 0xFF);
    }
  }

  @Test
  void aMapOfAnotherPartIsRefused() {
    try (Network network = SmallNetworks.alexNet()) {
      // The network sees a square of 20 as well, but as 96×96 pixels of its own.
      Explanation.of(network, ORIGINAL, "cat", LEFT);
      Picture longer = Cases.grey(50, 20, new int[1000]);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Explanation.of(network, longer, "cat", LEFT))
              .getMessage();
      assertTrue(message.contains("The map explains 20×20 at 10, 0 of 40×20"), message);
      assertTrue(message.contains("20×20 at 15, 0 of 50×20"), message);
    }
  }
}

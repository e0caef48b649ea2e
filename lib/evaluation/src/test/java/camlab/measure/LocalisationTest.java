package camlab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.heatmap.Region;
import camlab.picture.Mask;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Energy, intersection over union and complexity of small maps. */
class LocalisationTest {

  private static final double EXACT = 1e-6;
  private static final EnergyInObject ENERGY = new EnergyInObject();

  /** Scaled: 0.8, 0.2 over 0, 1. */
  private static final Heatmap MAP = Cases.map(new float[][] {{9, 3}, {1, 11}});

  @Test
  void energy() {
    assertEquals(20 / 24.0, ENERGY.of(MAP, Cases.mask(2, 2, 0, 3)), EXACT);
    assertEquals(0, ENERGY.of(MAP, Cases.mask(2, 2)), EXACT);
    assertEquals(1, ENERGY.of(MAP, Cases.mask(2, 2, 0, 1, 2, 3)), EXACT);
  }

  @Test
  void energyIsPositive() {
    Heatmap signed = Cases.map(new float[][] {{3, -5}, {1, -1}});
    assertEquals(0.75, ENERGY.of(signed, Cases.mask(2, 2, 0, 1)), EXACT);
    Heatmap negative = Cases.map(new float[][] {{-3, -5}, {0, -1}});
    assertEquals(0, ENERGY.of(negative, Cases.mask(2, 2, 0, 1, 2, 3)), EXACT);
  }

  /** 1, 0 laid over four columns: 1, 0.75, 0.25, 0. */
  @Test
  void theMapIsResizedToTheMask() {
    Heatmap map = Cases.map(new float[] {1, 0});
    assertEquals(1 / 2.0, ENERGY.of(map, Cases.mask(4, 1, 0)), EXACT);
    assertEquals(1.75 / 2, ENERGY.of(map, Cases.mask(4, 1, 0, 1)), EXACT);
    assertEquals(0.5, new IntersectionOverUnion(0.5).of(map, Cases.mask(4, 1, 0)), EXACT);
  }

  @Test
  void intersectionOverUnion() {
    IntersectionOverUnion half = new IntersectionOverUnion(0.5);
    assertEquals(1, half.of(MAP, Cases.mask(2, 2, 0, 3)), EXACT);
    assertEquals(1 / 3.0, half.of(MAP, Cases.mask(2, 2, 0, 2)), EXACT);
    assertEquals(0, half.of(MAP, Cases.mask(2, 2, 1, 2)), EXACT);
    // 0.2 does not exceed 0.2, but does exceed 0.19.
    Mask three = Cases.mask(2, 2, 0, 1, 3);
    assertEquals(2 / 3.0, new IntersectionOverUnion().of(MAP, three), EXACT);
    assertEquals(1, new IntersectionOverUnion(0.19).of(MAP, three), EXACT);
  }

  @Test
  void aConstantMapCoversNothing() {
    Heatmap flat = Cases.map(new float[][] {{7, 7}, {7, 7}});
    assertEquals(0, new IntersectionOverUnion(0).of(flat, Cases.mask(2, 2, 0)), EXACT);
    assertEquals(0, new IntersectionOverUnion(0).of(flat, Cases.mask(2, 2)), EXACT);
  }

  @Test
  void aThresholdCanBeExceeded() {
    assertThrows(IllegalArgumentException.class, () -> new IntersectionOverUnion(1));
    assertThrows(IllegalArgumentException.class, () -> new IntersectionOverUnion(-0.1));
  }

  /** (0.8 + 0.2 + 0 + 1) / 4. */
  @Test
  void complexity() {
    assertEquals(0.5, new Complexity().of(Cases.of(MAP.rows())), EXACT);
    assertEquals(0, new Complexity().of(Cases.of(new float[][] {{5, 5}})), EXACT);
    assertEquals(0.25, new Complexity().of(Cases.of(new float[][] {{0, 9}, {0, 0}})), EXACT);
  }

  /**
   * 1, 0 over the middle of a picture of 8×1, columns 2 to 5: 1, 0.75, 0.25, 0. A map that was
   * stretched over all of it would have 1, 1, 0.875, 0.625 in its first four columns.
   */
  @Test
  void theMapOfAPartIsJudgedOnThatPart() {
    Heatmap map = ofTheMiddle(new float[] {1, 0});
    assertEquals(1 / 2.0, ENERGY.of(map, Cases.mask(8, 1, 2)), EXACT);
    assertEquals(1.75 / 2, ENERGY.of(map, Cases.mask(8, 1, 0, 1, 2, 3)), EXACT);
    assertEquals(0, ENERGY.of(map, Cases.mask(8, 1, 0, 1, 6, 7)), EXACT);
    IntersectionOverUnion half = new IntersectionOverUnion(0.5);
    assertEquals(1, half.of(map, Cases.mask(8, 1, 2, 3)), EXACT);
    assertEquals(0.5, half.of(map, Cases.mask(8, 1, 3)), EXACT);
    assertTrue(new PointingGame(0).hits(map, Cases.mask(8, 1, 2)));
    assertFalse(new PointingGame(0).hits(map, Cases.mask(8, 1, 0, 1, 3)));
    assertTrue(new PointingGame(1).hits(map, Cases.mask(8, 1, 3)));
  }

  /** What the network did not see, no map can cover. */
  @Test
  void theObjectIsJudgedWhereItWasSeen() {
    Heatmap map = ofTheMiddle(new float[] {1, 0});
    IntersectionOverUnion half = new IntersectionOverUnion(0.5);
    assertEquals(1, half.of(map, Cases.mask(8, 1, 0, 1, 2, 3)), EXACT);
    assertFalse(new PointingGame(1).hits(map, Cases.mask(8, 1, 1)));
  }

  @Test
  void aMaskOfTheViewIsJudgedAsAWhole() {
    Heatmap map = ofTheMiddle(new float[] {1, 0});
    assertEquals(1, ENERGY.of(map, Cases.mask(2, 2, 0, 2)), EXACT);
    assertTrue(new PointingGame(0).hits(map, Cases.mask(2, 2, 0)));
  }

  @Test
  void aMaskOfAnotherPictureIsRefused() {
    Heatmap map = ofTheMiddle(new float[] {1, 0});
    Mask other = Cases.mask(4, 1, 0);
    for (Executable call :
        List.<Executable>of(
            () -> ENERGY.of(map, other),
            () -> new IntersectionOverUnion().of(map, other),
            () -> new PointingGame().hits(map, other))) {
      String message = assertThrows(IllegalArgumentException.class, call).getMessage();
      assertTrue(message.contains("explains a picture of 8×1"), message);
      assertTrue(message.contains("found one of 4×1"), message);
    }
  }

  /** A map of the columns 2 to 5 of a picture of 8×1, which the network saw as 2×2. */
  private static Heatmap ofTheMiddle(float[]... rows) {
    Region middle = new Region(2, 0, 4, 1, new Region.Size(8, 1), new Region.Size(2, 2));
    return Heatmap.of(rows, new Provenance("test", "", "", Double.NaN, Optional.of(middle)));
  }

  @Test
  void asMeasures() {
    Explanation explanation = Cases.of(MAP.rows()).withObject(Cases.mask(2, 2, 0, 3));
    assertEquals(20 / 24.0, ENERGY.of(explanation), EXACT);
    assertEquals(1, new IntersectionOverUnion(0.5).of(explanation), EXACT);
    assertEquals(1, new PointingGame(0).of(explanation), EXACT);
    Explanation elsewhere = Cases.of(MAP.rows()).withObject(Cases.mask(2, 2, 0));
    assertEquals(0, new PointingGame(0).of(elsewhere), EXACT);
    assertEquals("pointing within 15 px", new PointingGame().name());
    assertEquals("IoU over 0.2", new IntersectionOverUnion().name());
  }
}

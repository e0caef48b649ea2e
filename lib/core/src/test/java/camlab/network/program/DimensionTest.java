package camlab.network.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done to one dimension, by hand. */
class DimensionTest {

  private static Dimension rows(long length) {
    return Dimension.whole(Dimension.Kind.ROW, length);
  }

  @Test
  void whatIsLostStaysLost() {
    Dimension rows = rows(8);
    Dimension lost = rows.lost();
    assertTrue(lost.isLost());
    assertFalse(lost.hasPlaces());
    assertEquals(lost, rows.with(lost));
    assertEquals(lost, lost.with(rows));
    assertEquals(lost, lost.with(Dimension.other(8)));
    assertEquals(lost, rows.with(Dimension.whole(Dimension.Kind.COLUMN, 8)));
    assertTrue(lost.resized(4).isLost());
    assertTrue(lost.part(0, 1, 4).isLost());
    assertTrue(rows.part(0, 1, 4).isLost());
    assertEquals(52, rows(56).part(2, 1, 54).part(1, 1, 52).length());
    assertFalse(rows(56).part(2, 1, 54).part(1, 1, 52).isLost());
    assertTrue(rows(56).part(2, 1, 54).part(5, 1, 48).isLost());
    Dimension seen = Dimension.viewed(List.of(lost), List.of(2L, 4L)).get(0);
    assertTrue(seen.isLost());
    assertTrue(Dimension.viewed(List.of(rows), List.of(3L, 3L)).get(0).isLost());
  }

  @Test
  void channelsAreNeverLost() {
    Dimension channels = Dimension.other(8);
    assertEquals(channels, channels.lost());
    assertEquals(rows(8), rows(8).with(channels));
    assertEquals(rows(8), rows(8).with(rows(8).lost().resized(1)));
  }

  @Test
  void whereAPaddingCutsPlacesAreLost() {
    assertTrue(rows(8).padded(-2, 0, 6).isLost());
    assertTrue(rows(8).padded(-1, 3, 10).isLost());
    assertTrue(rows(-1).padded(0, 64, -1).isLost());
  }

  @Test
  void whatWasAddedIsTakenAwayAgain() {
    assertEquals(rows(8), rows(8).padded(4, 4, 16).part(4, 1, 8));
    assertEquals(rows(8), rows(8).padded(1, 0, 9).padded(2, 3, 14).part(3, 1, 8));
    assertTrue(rows(8).padded(4, 4, 16).part(0, 1, 8).isLost());
    assertTrue(rows(8).padded(0, 4, 12).rolled(2).part(0, 1, 8).isLost());
  }

  @Test
  void behindAWideBorderPlacesAreLost() {
    assertTrue(rows(8).padded(0, 1, 9).resized(5).isAll(Dimension.Kind.ROW));
    assertTrue(rows(8).padded(0, 2, 10).resized(5).isLost());
    assertTrue(rows(16).padded(0, 8, 24).resized(12).isLost());
  }

  /** On maps of 7 × 7, what keeps their size is added at both ends, and used up by the windows. */
  @Test
  void aWindowUsesUpABorder() {
    assertTrue(rows(7).padded(2, 2, 11).windowed(2, 2, 4).isAll(Dimension.Kind.ROW));
    assertTrue(rows(7).padded(0, 4, 11).windowed(2, 2, 4).isLost());
    assertTrue(rows(7).padded(2, 2, 11).windowed(0, 1, 11).isLost());
  }

  /** Half a place is an even kernel's; a place is a causal convolution's, and adds up. */
  @Test
  void whatMovesByAPlaceAtEachLayerIsLost() {
    assertTrue(rows(56).padded(0, 1, 57).windowed(0.5, 1, 56).isAll(Dimension.Kind.ROW));
    assertTrue(rows(56).padded(0, 1, 57).windowed(1, 2, 28).isAll(Dimension.Kind.ROW));
    assertTrue(rows(56).padded(2, 0, 58).windowed(1, 1, 56).isLost());
    assertTrue(rows(56).padded(0, 2, 58).windowed(1, 1, 56).isLost());
    assertTrue(rows(56).padded(6, 6, 68).windowed(1, 1, 66).isLost());
  }

  /** Three layers of five columns that each pad five, as three that each pad none. */
  @Test
  void whatLiesFurtherBesideThePictureAtEachLayerIsLost() {
    Dimension once = rows(40).windowed(-3, 1, 46);
    assertTrue(once.isAll(Dimension.Kind.ROW));
    assertTrue(once.windowed(-3, 1, 52).isLost());
    Dimension inside = rows(40).windowed(2, 1, 36);
    assertTrue(inside.isAll(Dimension.Kind.ROW));
    assertTrue(inside.windowed(2, 1, 32).isLost());
    assertTrue(inside.with(inside).windowed(2, 1, 32).isLost());
  }

  /** A shortcut beside layers that move the picture. */
  @Test
  void aSumLiesBetweenItsParts() {
    Dimension moved = rows(40).windowed(-3, 1, 46).windowed(2, 1, 40);
    Dimension sum = rows(40).with(moved);
    Dimension.Part part = sum.parts().get(0);
    assertEquals(sum, moved.with(rows(40)));
    assertEquals(moved.parts().get(0).begins() / 2, part.begins(), 1e-12);
    assertEquals((1 + moved.parts().get(0).ends()) / 2, part.ends(), 1e-12);
  }

  /** ResNet's five halvings of 224 rows: places of 32 rows that lie 15.5 rows too far up. */
  @Test
  void halfAPlaceIsNoPlace() {
    Dimension dimension = rows(224).windowed(0, 2, 112);
    for (long length = 56; length >= 7; length /= 2) {
      dimension = dimension.windowed(0, 2, length);
    }
    assertTrue(dimension.isAll(Dimension.Kind.ROW));
    assertEquals(-15.5 / 224, dimension.parts().get(0).begins(), 1e-12);
    assertEquals(1 - 15.5 / 224, dimension.parts().get(0).ends(), 1e-12);
  }
}

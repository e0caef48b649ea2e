package camlab.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.picture.Picture;
import org.junit.jupiter.api.Test;

class DiagramTest {

  private static final int INK = Canvas.INK.getRGB() & 0xFFFFFF;
  private static final int ACCENT = Canvas.ACCENT.getRGB() & 0xFFFFFF;
  private static final int WHITE = 0xFFFFFF;

  /** Two boxes of 164 units side by side, 104 apart, 16 from the edge. */
  @Test
  void anArrowLeadsFromOneBoxToTheNext() {
    Picture there = two().forward("a", "b", "").draw();
    assertEquals(2 * 16 + 2 * 164 + 104, there.width());
    int middle = there.height() - 16 - 33;
    int between = 16 + 164 + 52;
    assertEquals(INK, there.rgb(middle, between));
    assertEquals(WHITE, two().draw().rgb(middle, between), "without an arrow nothing is there");
    assertTrue(headAt(there, middle, 16 + 164 + 104 - 8, INK), "its head is at the second box");
    Picture back = two().backward("b", "a", "").draw();
    assertEquals(ACCENT, back.rgb(middle, between));
    assertTrue(headAt(back, middle, 16 + 164 + 8, ACCENT), "its head is at the first box");
  }

  @Test
  void anArrowGoesOverWhatStandsBetween() {
    Diagram three = two().box(0, 2, "c", "").forward("a", "c", "");
    Picture drawn = three.draw();
    int middle = drawn.height() - 16 - 33;
    int above = drawn.height() - 16 - 66 - 11;
    assertEquals(WHITE, drawn.rgb(middle, 16 + 164 + 52));
    assertEquals(INK, drawn.rgb(above, 16 + 164 + 52));
  }

  /** From (1, 1) to (0, 0) the corner above is free; with a box there the way is along the row. */
  @Test
  void anArrowGoesRoundTheCornerThatIsFree() {
    Picture free =
        Diagram.titled("").box(0, 0, "a", "").box(1, 1, "b", "").forward("b", "a", "").draw();
    int upper = free.height() - 16 - 66 - 44 - 33;
    int lower = free.height() - 16 - 33;
    int between = 16 + 164 + 52;
    assertEquals(INK, free.rgb(upper, between));
    assertEquals(WHITE, free.rgb(lower, between));
    Picture blocked = two().box(1, 1, "c", "").forward("c", "a", "").draw();
    assertEquals(WHITE, blocked.rgb(upper, between));
    assertEquals(INK, blocked.rgb(lower, between));
  }

  @Test
  void boxesHaveNamesAndPlacesOfTheirOwn() {
    assertThrows(IllegalArgumentException.class, () -> two().box(1, 1, "a", ""));
    assertThrows(IllegalArgumentException.class, () -> two().box(0, 1, "c", ""));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> two().forward("a", "x", ""));
    assertEquals("There is no box 'x'; the boxes are [a, b].", e.getMessage());
  }

  @Test
  void theDiagramsOfTheLessonsCanBeDrawn() {
    assertEquals(3 * 164 + 2 * 104 + 32, Diagram.gradCam().draw().width());
    assertEquals(3 * 164 + 2 * 104 + 32, Diagram.residualBlock().draw().width());
    assertEquals(4 * 164 + 3 * 104 + 32, Diagram.camAndGradCam().draw().width());
  }

  private static Diagram two() {
    return Diagram.titled("").box(0, 0, "a", "").box(0, 1, "b", "");
  }

  /** A head is several pixels high where it is, a line two. */
  private static boolean headAt(Picture picture, int row, int column, int color) {
    int high = 0;
    for (int at = row - 6; at <= row + 6; at++) {
      high += picture.rgb(at, column) == color ? 1 : 0;
    }
    return high >= 4;
  }
}

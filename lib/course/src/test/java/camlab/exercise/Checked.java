package camlab.exercise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.heatmap.Position;
import camlab.notebook.CheckFailed;
import camlab.notebook.StillOpen;
import camlab.picture.Mask;
import org.junit.jupiter.api.function.Executable;

/** What the checks of exercises say of answers. */
final class Checked {

  private Checked() {}

  /** What the check of a wrong answer says. */
  static String message(Executable check) {
    return assertThrows(CheckFailed.class, check).getMessage();
  }

  /** The check of a wrong answer says, among other things, this. */
  static void assertSays(String part, Executable check) {
    String message = message(check);
    assertTrue(message.contains(part), message);
  }

  /** The check of what is not answered yet says so. */
  static void assertOpen(Executable check) {
    assertEquals("This exercise is still open: Write your answer here.", message(check));
  }

  /** What stands in place of an answer throws this. */
  static UnsupportedOperationException stub() {
    return new UnsupportedOperationException(StillOpen.STUB);
  }

  /** How far a point lies from the nearest pixel of a mask, in pixels. */
  static double nearest(Position point, Mask mask) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < mask.height(); i++) {
      for (int j = 0; j < mask.width(); j++) {
        if (mask.contains(i, j)) {
          nearest = Math.min(nearest, Math.hypot(point.row() - i, point.column() - j));
        }
      }
    }
    return nearest;
  }
}

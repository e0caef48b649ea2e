package camlab.exercise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.notebook.CheckFailed;
import camlab.notebook.StillOpen;
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
}

package camlab.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotebookTest {

  @Test
  void anOpenExerciseLetsTheNotebookGoOn() {
    assertEquals(
        "○ This exercise is still open: Write your answer here.",
        printedBy(() -> Notebook.attempt(NotebookTest::open, false)).strip());
  }

  @Test
  void anOpenExerciseGetsNoPoints() {
    assertThrows(StillOpen.class, () -> Notebook.attempt(NotebookTest::open, true));
    assertThrows(StillOpen.class, () -> Notebook.attempt(NotebookTest::stub, true));
  }

  @Test
  void theFigureOfAnOpenExerciseSaysSo() {
    assertEquals(
        "○ This exercise is still open: Write your answer here.",
        printedBy(() -> Notebook.attempt(NotebookTest::stub, false)).strip());
  }

  @Test
  void anotherFailureOfAnAnswerStopsTheNotebook() {
    UnsupportedOperationException failed =
        assertThrows(
            UnsupportedOperationException.class,
            () -> Notebook.attempt(() -> List.of().add("x"), false));
    assertNull(failed.getMessage());
  }

  @Test
  void aWrongAnswerStopsTheNotebook() {
    CheckFailed failed =
        assertThrows(
            CheckFailed.class,
            () -> Notebook.attempt(() -> Notebook.check(false, "one is more than two"), false));
    assertEquals("This should hold, but does not: one is more than two", failed.getMessage());
  }

  @Test
  void nanIsNotNearAnything() {
    assertThrows(CheckFailed.class, () -> Notebook.check(1, Double.NaN, 100, "a number"));
  }

  private static void stub() {
    throw new UnsupportedOperationException(StillOpen.STUB);
  }

  private static void open() {
    throw new StillOpen();
  }

  private static String printedBy(Runnable action) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

  private static final Progress.Work FILE =
      new Progress.Work("net.pth", 100L << 20, Progress.Unit.BYTES);

  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    System.setErr(standardError);
  }

  @Test
  void aBarIsDrawnOverItselfAndNeverOnStandardError() {
    try (Progress.Running transfer = ProgressBars.on(out).begin(FILE, 25L << 20)) {
      transfer.reached(75L << 20);
    }
    String last = text().substring(text().lastIndexOf('\r') + 1);
    assertTrue(last.startsWith("net.pth"), last);
    assertTrue(last.contains("75%") && last.contains("75/100 MiB"), last);
    assertTrue(last.endsWith(System.lineSeparator()), last);
    assertEquals("", errors.toString(StandardCharsets.UTF_8));
  }

  @Test
  void stepsAreCounted() {
    Progress.Work work = new Progress.Work("Evaluation", 8, Progress.Unit.STEPS);
    try (Progress.Running running = ProgressBars.on(out).begin(work, 3)) {
      running.reached(8);
    }
    assertTrue(text().contains("Evaluation 100%") && text().contains("8/8"), text());
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

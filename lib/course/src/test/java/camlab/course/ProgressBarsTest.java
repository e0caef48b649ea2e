package camlab.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.download.Progress;
import camlab.download.RemoteFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

  private static final RemoteFile FILE =
      new RemoteFile(
          "net.pth", URI.create("https://example.org/net.pth"), 100L << 20, "0123456789abcdef");

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
    try (Progress.Transfer transfer = ProgressBars.on(out).begin(FILE, 25L << 20)) {
      transfer.reached(75L << 20);
    }
    String last = text().substring(text().lastIndexOf('\r') + 1);
    assertTrue(last.startsWith("net.pth"), last);
    assertTrue(last.contains("75%") && last.contains("75/100 MiB"), last);
    assertTrue(last.endsWith(System.lineSeparator()), last);
    assertEquals("", errors.toString(StandardCharsets.UTF_8));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

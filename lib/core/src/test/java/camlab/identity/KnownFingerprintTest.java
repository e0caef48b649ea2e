package camlab.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KnownFingerprintTest {

  private final KnownFingerprint known = new KnownFingerprint();
  private final AtomicInteger walks = new AtomicInteger();

  /**
   * What has changed and has changed back, in a byte or in where a part ends, is told each time.
   */
  @Test
  void itIsAlwaysThatOfTheParts() {
    for (String[] parts :
        new String[][] {
          {"ab", "c"}, {"ab", "c"}, {"ab", "d"}, {"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {}
        }) {
      Fingerprint expected = new Fingerprint();
      List.of(parts).forEach(expected::add);
      assertEquals(expected.hex(), known.of(handing(parts)), String.join("|", parts));
    }
  }

  /** Two walks, one for the sums, when it is new; else one. */
  @Test
  void whatIsTheSameIsNotDigestedAgain() {
    int[] expected = {2, 3, 4, 6, 7};
    String[] parts = {"same", "same", "same", "other", "other"};
    for (int i = 0; i < parts.length; i++) {
      known.of(handing(parts[i]));
      assertEquals(expected[i], walks.get(), parts[i]);
    }
  }

  private Consumer<Consumer<ByteBuffer>> handing(String... parts) {
    return taker -> {
      walks.incrementAndGet();
      for (String part : parts) {
        taker.accept(StandardCharsets.UTF_8.encode(part));
      }
    };
  }
}

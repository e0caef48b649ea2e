package camlab.weights;

import camlab.fuzz.FuzzedReader;
import java.util.List;
import java.util.Set;

/** The reader of safetensors. */
public final class SafetensorsFuzz {

  private static final FuzzedReader READER =
      new FuzzedReader(PickleFuzz::read, ".safetensors", 2_000, Set.of(WeightsException.class));

  private SafetensorsFuzz() {}

  /** The fixtures, and one of every type. */
  public static List<byte[]> seeds() {
    return List.of(Fixtures.bytes("plain.safetensors"));
  }

  /** Jazzer's entry. */
  public static void fuzzerTestOneInput(byte[] input) {
    READER.reads(input);
  }
}

package camlab.weights;

import camlab.fuzz.FuzzedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The reader of safetensors. */
public final class SafetensorsFuzz {

  private static final FuzzedReader READER =
      new FuzzedReader(
          SafetensorsFuzz::read, ".safetensors", 2_000, Set.of(WeightsException.class));

  private SafetensorsFuzz() {}

  private static void read(Path file) {
    StateDict weights = StateDict.read(file);
    weights.names().forEach(weights::floats);
  }

  /** The fixture. */
  public static List<byte[]> seeds() {
    return List.of(Fixtures.bytes("plain.safetensors"));
  }

  /** Jazzer's entry. */
  public static void fuzzerTestOneInput(byte[] input) {
    READER.reads(input);
  }
}

package camlab.weights;

import camlab.fuzz.FuzzedReader;
import camlab.fuzz.ZipParts;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The reader of {@code .pth} files of both formats. */
public final class PickleFuzz {

  private static final List<String> FILES =
      List.of(
          "zip.pth",
          "protocol4.pth",
          "mixed.pth",
          "whole_module.pth",
          "checkpoint-trainer.pth",
          "checkpoint-lightning.pth",
          "checkpoint-fsdp.pth",
          "big_endian.pth");

  private static final List<String> LEGACY =
      List.of("legacy.pth", "wrapped_legacy.pth", "checkpoint-trainer-legacy.pth");

  private static final ZipParts ZIPS =
      new ZipParts(FILES.stream().map(Fixtures::path).toList(), "data.pkl", "version", "byteorder");

  /** A byte of a pickle may be a number, and that an object in Java. */
  private static final FuzzedReader READER =
      new FuzzedReader(PickleFuzz::read, ".pth", 2_000, Set.of(WeightsException.class));

  private PickleFuzz() {}

  private static void read(Path file) {
    StateDict weights = StateDict.read(file);
    weights.names().forEach(weights::floats);
  }

  /** The fixtures. */
  public static List<byte[]> seeds() {
    Stream<byte[]> legacy = LEGACY.stream().map(Fixtures::bytes).map(PickleFuzz::whole);
    return Stream.concat(ZIPS.seeds().stream(), legacy).toList();
  }

  private static byte[] whole(byte[] file) {
    byte[] input = new byte[file.length + 2];
    input[0] = (byte) 0xff;
    System.arraycopy(file, 0, input, 2, file.length);
    return input;
  }

  /** Jazzer's entry. */
  public static void fuzzerTestOneInput(byte[] input) {
    READER.reads(ZIPS.file(input));
  }
}

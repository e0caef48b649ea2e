package camlab.network.torchscript;

import camlab.network.Fact;
import java.nio.file.Path;
import java.util.List;

/**
 * An exported program that a TorchScript program was written from.
 *
 * @param file the file the user has
 * @param lengths the shape of the pictures that it was exported for, (N, C, H, W), each -1 where it
 *     was declared dynamic; none if it is not known
 * @param facts what is known of it
 */
public record Exported(Path file, List<Long> lengths, List<Fact> facts) {

  /**
   * Copies the lists.
   *
   * @param file the file the user has
   * @param lengths the shape of the pictures, (N, C, H, W)
   * @param facts what is known of it
   */
  public Exported {
    lengths = List.copyOf(lengths);
    facts = List.copyOf(facts);
  }
}

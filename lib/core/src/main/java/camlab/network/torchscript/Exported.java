package camlab.network.torchscript;

import camlab.network.Fact;
import camlab.network.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An exported program that a TorchScript program was written from.
 *
 * @param file the file the user has
 * @param lengths the shape of the pictures that it was exported for, (N, C, H, W), each -1 where it
 *     was declared dynamic; none if it is not known
 * @param layouts where the positions are in what its layers put out, by their names, as far as its
 *     operators show it
 * @param facts what is known of it
 */
public record Exported(
    Path file, List<Long> lengths, Map<String, Layout> layouts, List<Fact> facts) {

  /**
   * Copies what it is given.
   *
   * @param file the file the user has
   * @param lengths the shape of the pictures, (N, C, H, W)
   * @param layouts where the positions are in what its layers put out
   * @param facts what is known of it
   */
  public Exported {
    lengths = List.copyOf(lengths);
    layouts = Map.copyOf(layouts);
    facts = List.copyOf(facts);
  }
}

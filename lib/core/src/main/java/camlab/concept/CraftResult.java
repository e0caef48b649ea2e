package camlab.concept;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * The concepts that were found in pictures of a class.
 *
 * @param layer the dotted name of the layer
 * @param target the score, such as the name of the class
 * @param concepts the most important one first
 */
public record CraftResult(String layer, String target, List<CraftConcept> concepts) {

  /**
   * Copies the list.
   *
   * @param layer the dotted name of the layer
   * @param target the score
   * @param concepts the most important one first
   */
  public CraftResult {
    concepts = List.copyOf(concepts);
  }

  /**
   * Where the concepts are in any picture: what the layer puts out at each position as the nearest
   * sum of concepts of which none is taken away.
   *
   * @param network the network in which they were found
   * @param picture any picture
   * @return one map for each concept, in their order, at the layer's resolution; not negative, of
   *     whatever size
   * @throws IllegalArgumentException if the layer has another number of channels than the concepts:
   *     they were found elsewhere
   */
  public List<Heatmap> maps(Network network, Picture picture) {
    try (Recording recording = Recording.of(network, picture, layer)) {
      NDArray activation = recording.requirePositions(layer).maps(recording.output(layer));
      int height = Math.toIntExact(activation.getShape().get(2));
      int width = Math.toIntExact(activation.getShape().get(3));
      requireChannels(network, activation.getShape().get(1));
      double[] strengths = strengths(activation, bank(concepts), concepts.size());
      List<Heatmap> maps = new ArrayList<>(concepts.size());
      for (int k = 0; k < concepts.size(); k++) {
        float[] values = new float[height * width];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) strengths[i * concepts.size() + k];
        }
        Provenance provenance =
            new Provenance("concept " + k, layer, "", Double.NaN, recording.region(0));
        maps.add(Heatmap.of(height, width, values, provenance));
      }
      return List.copyOf(maps);
    }
  }

  private void requireChannels(Network network, long found) {
    for (CraftConcept concept : concepts) {
      if (concept.vector().size() != found) {
        throw new IllegalArgumentException(
            "These concepts are of a layer with %s channels, and '%s' of %s puts out %s. Take the network in which they were found."
                .formatted(concept.vector().size(), layer, network.name(), found));
      }
    }
  }

  private static double[] bank(List<CraftConcept> concepts) {
    int channels = concepts.get(0).vector().size();
    double[] bank = new double[channels * concepts.size()];
    for (int i = 0; i < bank.length; i++) {
      bank[i] = concepts.get(i % concepts.size()).vector().get(i / concepts.size());
    }
    return bank;
  }

  /**
   * U of the smallest |A − U Wᵀ|², none negative.
   *
   * @param activation A, shape (1, K, h, w)
   * @param bank W, shape (K, r), row-major
   * @param concepts r
   * @return shape (h w, r), row-major
   */
  static double[] strengths(NDArray activation, double[] bank, int concepts) {
    NDArray rows = activation.transpose(0, 2, 3, 1).reshape(-1, activation.getShape().get(1));
    return NonNegativeFactorization.left(rows, bank, concepts);
  }
}

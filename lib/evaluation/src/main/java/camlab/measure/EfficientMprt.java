package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization.Step;
import camlab.network.LayeredNetwork;
import camlab.network.NotApplicableException;
import java.util.List;
import java.util.Locale;

/**
 * Whether the map depends on what the network has learned: how much more complex it is if all
 * weights are random. No two maps are compared, so nothing hangs on a measure of likeness.
 *
 * <p>(ξ(L′) − ξ(L)) / ξ(L), with L the map of the trained network, L′ the one of a network all of
 * whose weights are {@linkplain CascadingRandomization random}, and ξ the entropy of the histogram
 * of a map's values at its own resolution, in equally wide bins from its least value to its
 * largest: −Σ q ln q, q the share of the positions in a bin. Above 0 where the random network's map
 * is the more complex one; more is better.
 *
 * <p>Source: A. Hedström et al., "Sanity Checks Revisited: An Exploration to Repair the Model
 * Parameter Randomisation Test", XAI in Action Workshop at NeurIPS 2023 (efficient MPRT). There,
 * and in the Python package Quantus, the number of bins may follow a rule; its default is 100.
 *
 * @param bins of the histogram, at least 2
 * @param seed of the new weights
 */
public record EfficientMprt(int bins, long seed) implements Measure {

  /**
   * Requires two bins.
   *
   * @param bins of the histogram, at least 2
   * @param seed of the new weights
   */
  public EfficientMprt {
    if (bins < 2) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "At least two bins are needed, found %d.", bins));
    }
  }

  /** 100 bins. */
  public EfficientMprt() {
    this(100, 1);
  }

  @Override
  public String name() {
    return "efficient MPRT";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public String asks() {
    return "the picture, all weights by lot";
  }

  @Override
  public double of(Explanation explanation) {
    Explainer explainer = explanation.requireExplainer();
    LayeredNetwork network = explainer.requireWeights();
    double trained = entropy(explanation.map(), bins);
    if (trained == 0) {
      throw new NotApplicableException(
          "All values of the map lie in one bin: no rise can be told as a share of that.");
    }
    List<Step> steps =
        CascadingRandomization.ofAllLayers(network, seed)
            .run(network, other -> List.of(explainer.on(other).of(explanation.view())));
    return (entropy(steps.get(steps.size() - 1).map(), bins) - trained) / trained;
  }

  /** The entropy of a histogram from the least to the largest value, in nats. */
  static double entropy(Heatmap map, int bins) {
    double least = map.min();
    double width = map.max() - least;
    int[] counts = new int[bins];
    float[] values = map.values();
    for (float value : values) {
      int bin = width == 0 ? 0 : (int) ((value - least) / width * bins);
      counts[Math.min(bin, bins - 1)]++;
    }
    double entropy = 0;
    for (int count : counts) {
      double share = (double) count / values.length;
      entropy -= count == 0 ? 0 : share * Math.log(share);
    }
    return entropy;
  }
}

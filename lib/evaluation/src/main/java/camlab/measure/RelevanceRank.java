package camlab.measure;

import camlab.picture.Mask;

/**
 * Whether the highest pixels of the map are the object's: of an object of K pixels, the share of
 * the K highest pixels that lie on it.
 *
 * <p>The map is resized to what the network saw. In [0, 1]; more is better. No threshold is chosen:
 * the object's size is known.
 *
 * <p>Source: L. Arras et al., "CLEVR-XAI: A Benchmark Dataset for the Ground Truth Evaluation of
 * Neural Network Explanations", Information Fusion 81, 2022 (relevance rank accuracy).
 *
 * @param seed of the order among equal values
 */
public record RelevanceRank(long seed) implements Measure {

  /** With a seed of 1. */
  public RelevanceRank() {
    this(1);
  }

  @Override
  public String name() {
    return "relevance rank";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(Explanation explanation) {
    Judged judged = Judged.of(explanation);
    Mask object = judged.object();
    Mask highest = PixelRanking.of(judged.map(), seed).highest(judged.share());
    int hits = 0;
    for (int row = 0; row < object.height(); row++) {
      for (int column = 0; column < object.width(); column++) {
        hits += highest.contains(row, column) && object.contains(row, column) ? 1 : 0;
      }
    }
    return (double) hits / object.count();
  }
}

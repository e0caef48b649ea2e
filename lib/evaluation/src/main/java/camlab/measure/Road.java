package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * RemOve And Debias: how a network's confidence holds while pixels are removed in the order of the
 * map and filled in from around them.
 *
 * <p>The map is resized to the view. For each of several shares, that share of the pixels is
 * removed and filled in by {@link NoisyLinearImputation}, and the probability of the class is
 * taken. The measure is the mean over the shares. If the most relevant pixels go first, less is
 * better; if the least relevant go first, more is better.
 *
 * <p>Source: Y. Rong, T. Leemann et al., "A Consistent and Efficient Evaluation Strategy for
 * Attribution Methods", ICML 2022. The paper counts right answers over a data set; the probability
 * says more about one picture. To break ties the authors add a little noise to every value; here
 * only equal values are put in random order.
 *
 * @param order which pixels go first
 * @param shares of the pixels that are removed, ascending, at least two, each in (0, 1)
 * @param imputation what removed pixels become
 * @param seed of the order among equal values
 */
public record Road(Order order, List<Double> shares, NoisyLinearImputation imputation, long seed)
    implements Measure {

  /** Which pixels are removed first. */
  public enum Order {
    /** From the highest value of the map down (MoRF). */
    MOST_RELEVANT_FIRST,
    /** From the lowest value of the map up (LeRF). */
    LEAST_RELEVANT_FIRST
  }

  /**
   * Copies and checks the shares.
   *
   * @param order which pixels go first
   * @param shares of the pixels that are removed, ascending, at least two, each in (0, 1)
   * @param imputation what removed pixels become
   * @param seed of the order among equal values
   */
  public Road {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(imputation, "imputation");
    shares = List.copyOf(shares);
    boolean ascend = shares.equals(shares.stream().sorted().toList());
    if (shares.size() < 2 || !ascend || !shares.stream().allMatch(s -> s > 0 && s < 1)) {
      throw new IllegalArgumentException(
          "ROAD removes at least two shares, ascending, each above 0 and below 1, found %s."
              .formatted(shares));
    }
  }

  /**
   * The shares 0.1, 0.3, 0.5, 0.7 and 0.9, and the authors' noise.
   *
   * @param order which pixels go first
   */
  public Road(Order order) {
    this(order, List.of(0.1, 0.3, 0.5, 0.7, 0.9), new NoisyLinearImputation(), 1);
  }

  @Override
  public String name() {
    return order == Order.MOST_RELEVANT_FIRST ? "ROAD MoRF" : "ROAD LeRF";
  }

  @Override
  public boolean higherIsBetter() {
    return order == Order.LEAST_RELEVANT_FIRST;
  }

  @Override
  public String asks() {
    return String.format(Locale.ROOT, "pixels filled in from around them, shares %s", shares);
  }

  @Override
  public double of(Explanation explanation) {
    return curve(explanation).mean();
  }

  /**
   * {@return the confidence against the share of removed pixels}
   *
   * @param explanation a map, and what it explains
   */
  public Curve curve(Explanation explanation) {
    double[] removed = shares.stream().mapToDouble(Double::doubleValue).toArray();
    return Curve.of(removed, explanation.confidences(pictures(explanation)));
  }

  /**
   * {@return the pictures the network is asked about, one per share}
   *
   * @param explanation a map, and what it explains
   */
  public List<Picture> pictures(Explanation explanation) {
    PixelRanking ranking = PixelRanking.of(explanation.scaledMap(), seed);
    List<Picture> pictures = new ArrayList<>();
    for (double share : shares) {
      Mask removed =
          order == Order.MOST_RELEVANT_FIRST ? ranking.highest(share) : ranking.lowest(share);
      pictures.add(imputation.of(explanation.view(), removed));
    }
    return pictures;
  }
}

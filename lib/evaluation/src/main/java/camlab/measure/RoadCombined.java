package camlab.measure;

import camlab.measure.Road.Order;
import java.util.List;

/**
 * Both orders of ROAD in one number: how much more a network loses with the most relevant pixels
 * than with the least relevant ones.
 *
 * <p>(LeRF − MoRF) / 2, of {@link Road}'s mean probabilities. In [−1/2, 1/2]; more is better, and
 * about 0 is what a random map gets.
 *
 * <p>Source: Y. Rong, T. Leemann et al., "A Consistent and Efficient Evaluation Strategy for
 * Attribution Methods", ICML 2022, for the two orders; their combination is that of the Python
 * package grad-cam.
 *
 * @param shares of the pixels that are removed, ascending, at least two, each in (0, 1)
 * @param imputation what removed pixels become
 * @param seed of the order among equal values
 */
public record RoadCombined(List<Double> shares, NoisyLinearImputation imputation, long seed)
    implements Measure {

  /**
   * Copies and checks the shares.
   *
   * @param shares of the pixels that are removed, ascending, at least two, each in (0, 1)
   * @param imputation what removed pixels become
   * @param seed of the order among equal values
   */
  public RoadCombined {
    shares = new Road(Order.MOST_RELEVANT_FIRST, shares, imputation, seed).shares();
  }

  /** The shares 0.1, 0.3, 0.5, 0.7 and 0.9, and the authors' noise. */
  public RoadCombined() {
    this(List.of(0.1, 0.3, 0.5, 0.7, 0.9), new NoisyLinearImputation(), 1);
  }

  @Override
  public String name() {
    return "ROAD combined";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public String asks() {
    return road(Order.MOST_RELEVANT_FIRST).asks();
  }

  @Override
  public double of(Explanation explanation) {
    double least = road(Order.LEAST_RELEVANT_FIRST).of(explanation);
    return (least - road(Order.MOST_RELEVANT_FIRST).of(explanation)) / 2;
  }

  private Road road(Order order) {
    return new Road(order, shares, imputation, seed);
  }
}

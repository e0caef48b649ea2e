package camlab.concept;

import java.util.List;
import java.util.Locale;

/**
 * Where a concept lies among sets of random pictures; see {@link Tcav#rank}.
 *
 * @param concept what the pictures have in common
 * @param layer the dotted name of the layer
 * @param target the class, or other score, whose pictures were asked about
 * @param cosine the concept's: the mean cosine, from −1 to 1, of the class's gradients and the
 *     concept's directions against all other sets
 * @param others the random sets' cosines, each against all other sets, the concept among them
 */
public record TcavRank(
    String concept, String layer, String target, double cosine, List<Double> others) {

  private static final double ROUNDING = 1e-12;

  /**
   * Copies the list.
   *
   * @param concept what the pictures have in common
   * @param layer the dotted name of the layer
   * @param target the class
   * @param cosine the concept's cosine
   * @param others the random sets' cosines
   */
  public TcavRank {
    others = List.copyOf(others);
  }

  /**
   * {@return the probability that the cosine of one of these sets, chosen by lot, is at least as
   * large as the concept's, signs left aside} With R random sets it is at least 1/(R + 1), and if
   * the concept is nothing, it is at most p with a probability of at most p.
   */
  public double probability() {
    double far = Math.abs(cosine) - ROUNDING;
    long asFar = others.stream().filter(other -> Math.abs(other) >= far).count();
    return (asFar + 1.0) / (others.size() + 1.0);
  }

  /** Such as {@code stripes for zebra at layer4: cosine 0.031, p 0.050 among 19 random sets}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s for %s at %s: cosine %.3f, p %.2g among %d random sets",
        concept,
        target,
        layer,
        cosine,
        probability(),
        others.size());
  }
}

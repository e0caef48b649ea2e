package camlab.evaluation;

/**
 * Two methods compared on the same pictures, by exact tests.
 *
 * <p>Of each picture the difference d of the two numbers counts, in the direction that is better;
 * of a picture with several classes, their sum. Differences of less than a millionth of the numbers
 * are rounding, and count as none. If the methods were equally good, each d could as well have the
 * other sign: that is all that the two tests take for granted, and a p tells how often signs by lot
 * would set the two apart as far or further, either way.
 *
 * <p>A p among many is small by chance: Holm's correction makes each p so large that of all
 * comparisons made together, with a probability of at least 95 %, none up to 0.05 is there by
 * chance.
 *
 * <p>Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian
 * Journal of Statistics 6(2), 1979. For measures that are 0 or 1 the sign test is McNemar's exact
 * one.
 *
 * @param method one method, called as in {@link Ranking#places}
 * @param than the other
 * @param better on how many pictures the one is better
 * @param worse on how many it is worse
 * @param equal on how many there is no difference
 * @param difference of the means, positive where the one is better
 * @param sign the p of the sign test, which counts pictures
 * @param permutation the p of the permutation test, which counts the size of the differences, too
 * @param exact whether all signs were tried; with more than 20 differences they are drawn by lot
 * @param signHolm {@code sign} after Holm's correction
 * @param permutationHolm {@code permutation} after Holm's correction
 */
public record Comparison(
    String method,
    String than,
    int better,
    int worse,
    int equal,
    double difference,
    double sign,
    double permutation,
    boolean exact,
    double signHolm,
    double permutationHolm) {

  private static final double LEVEL = 0.05;

  /** What the pictures say. */
  public enum Verdict {
    /** The one is better. */
    BETTER,
    /** The pictures do not tell the two apart; it does not follow that they are equally good. */
    TIE,
    /** The one is worse. */
    WORSE
  }

  /** {@return a tie, unless the corrected p of the permutation test is at most 0.05} */
  public Verdict verdict() {
    if (permutationHolm > LEVEL) {
      return Verdict.TIE;
    }
    return difference > 0 ? Verdict.BETTER : Verdict.WORSE;
  }
}

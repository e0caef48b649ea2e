package camlab.measure;

import java.math.BigDecimal;

/** Shares as people write them. */
final class Percent {

  private Percent() {}

  /** {@return a share in per cent, such as {@code 12.5 %}} */
  static String of(double share) {
    // The shortest text of the number, and not 55.00000000000001.
    BigDecimal percent = new BigDecimal(Double.toString(share)).movePointRight(2);
    return percent.stripTrailingZeros().toPlainString() + " %";
  }
}

package camlab.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as figures show them: short, and the same in every country. */
final class Numbers {

  private Numbers() {}

  /** Three significant digits at most, such as {@code 0.0123}, {@code −4.31} or {@code 1.2e-07}. */
  static String brief(double value) {
    return significant(value, 3);
  }

  /** At most that many significant digits, but never fewer than a whole number has. */
  static String significant(double value, int digits) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : String.valueOf(value);
    }
    double size = Math.abs(value);
    if (size < 1e-4 || size >= 1e9) {
      return minus(String.format(Locale.ROOT, "%." + (digits - 2) + "e", value));
    }
    if (size >= Math.pow(10, digits)) {
      return minus(String.format(Locale.ROOT, "%,.0f", value));
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits));
    return minus(rounded.stripTrailingZeros().toPlainString());
  }

  /** A leading hyphen as the minus sign it stands for. */
  static String minus(String number) {
    return number.startsWith("-") ? "\u2212" + number.substring(1) : number;
  }
}

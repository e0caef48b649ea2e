package camlab.figure;

import camlab.heatmap.Heatmap;
import java.util.Locale;

/**
 * How the numbers in a chart's cells are written: all with the same number of decimals, and very
 * small or large ones in units of a power of ten, so that they are short and can be compared.
 *
 * @param exponent the unit is 10 to this power, a multiple of 3
 * @param decimals digits behind the point
 */
record CellNumbers(int exponent, int decimals) {

  static CellNumbers of(Heatmap map) {
    double most = Math.max(Math.abs(map.max()), Math.abs(map.min()));
    int exponent =
        most == 0 || (most >= 0.1 && most < 10_000)
            ? 0
            : 3 * (int) Math.floor(Math.log10(most) / 3);
    double unit = Math.pow(10, exponent);
    boolean whole = true;
    for (float value : map.values()) {
      whole &= value / unit == Math.rint(value / unit);
    }
    int integerDigits = (int) Math.max(1, Math.floor(Math.log10(most / unit)) + 1);
    // Three digits, or four where cells are wide or the first one is only a zero.
    int digits = map.width() <= 8 || most < unit ? 4 : 3;
    return new CellNumbers(exponent, whole ? 0 : Math.max(0, digits - integerDigits));
  }

  /** A value, such as {@code 11.40}; zero is {@code 0}. */
  String text(double value) {
    if (value == 0) {
      return "0";
    }
    String format = "%." + decimals + "f";
    return Numbers.minus(String.format(Locale.ROOT, format, value / Math.pow(10, exponent)));
  }

  /** What a reader has to know about the numbers, such as {@code ", values in 10⁻³"}. */
  String unit() {
    if (exponent == 0) {
      return "";
    }
    StringBuilder power = new StringBuilder(" (numbers in units of 10");
    String.valueOf(exponent)
        .chars()
        .forEach(c -> power.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0')));
    return power.append(')').toString();
  }
}

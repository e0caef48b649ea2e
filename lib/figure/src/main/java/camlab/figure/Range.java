package camlab.figure;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import java.util.Arrays;

/**
 * The values that take the first and the last colour of a {@link ColorMap}.
 *
 * @param low the value of the first colour
 * @param high the value of the last colour, at least {@code low}
 */
public record Range(double low, double high) {

  /**
   * Checks the order.
   *
   * @param low the value of the first colour
   * @param high the value of the last colour, at least {@code low}
   * @throws IllegalArgumentException if a bound is not finite or {@code low > high}
   */
  public Range {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "A range goes from a finite low to a finite high that is not below it, found %s to %s."
              .formatted(low, high));
    }
  }

  /**
   * {@return a map's own range: smallest to largest value, or ± the largest magnitude for signed
   * colours (±1 if all is 0)}
   *
   * @param map the map
   * @param colors the colours
   */
  public static Range of(Heatmap map, ColorMap colors) {
    return between(map.min(), map.max(), colors);
  }

  /**
   * The range of most of a map's values: a few much stronger ones take the last colour, so that the
   * rest is not left without colour.
   *
   * @param map the map
   * @param colors the colours
   * @param share how much of the values lies within, above 0 and at most 1, such as 0.99
   * @return from the smallest value up to that quantile, or ± that quantile of the magnitudes for
   *     signed colours (±1 if it is 0)
   */
  public static Range ofMost(Heatmap map, ColorMap colors, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "A share of the values is above 0 and at most 1, such as 0.99; found %s."
              .formatted(share));
    }
    float[] values = map.values();
    if (colors.signed()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.abs(values[i]);
      }
    }
    Arrays.sort(values);
    float high = values[(int) Math.ceil(share * values.length) - 1];
    return between(colors.signed() ? -high : values[0], high, colors);
  }

  /**
   * {@return the range of all channels together}
   *
   * @param maps the maps
   * @param colors the colours
   */
  public static Range of(ChannelMaps maps, ColorMap colors) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : maps.values()) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return between(low, high, colors);
  }

  private static Range between(double low, double high, ColorMap colors) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    double most = largest == 0 ? 1 : largest; // so that 0 stays in the middle
    return colors.signed() ? new Range(-most, most) : new Range(low, high);
  }

  /**
   * {@return a value on the scale from 0 (low) to 1 (high)} In an empty range nothing stands out:
   * it gives 0.
   *
   * @param value the value
   */
  public double scale(double value) {
    return high > low ? (value - low) / (high - low) : 0;
  }
}

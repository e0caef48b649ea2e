package camlab.heatmap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * What a layer put out, or the gradient there: one immutable map per channel.
 *
 * <p>Layout: {@code channels × height × width}, each channel row-major with row 0 at the top. In
 * the field's notation {@code at(k, i, j)} is A<sub>kij</sub>, or g<sub>kij</sub> for a gradient.
 */
public final class ChannelMaps {

  private final String layer;
  private final int channels;
  private final int height;
  private final int width;
  private final float[] values;
  private final Optional<Region> region;

  private ChannelMaps(
      String layer, int channels, int height, int width, float[] values, Optional<Region> region) {
    this.layer = layer;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
    this.region = region;
  }

  /**
   * {@return maps of the given values, of no picture in particular}
   *
   * @param layer the dotted name of the layer they come from
   * @param channels number of channels K, at least 1
   * @param height rows h of each map, at least 1
   * @param width columns w of each map, at least 1
   * @param values {@code K · h · w} values, channel by channel, row-major; copied
   * @throws IllegalArgumentException if the number of values does not fit
   */
  public static ChannelMaps of(String layer, int channels, int height, int width, float[] values) {
    return of(layer, channels, height, width, values, Optional.empty());
  }

  /**
   * {@return maps of the given values}
   *
   * @param layer the dotted name of the layer they come from
   * @param channels number of channels K, at least 1
   * @param height rows h of each map, at least 1
   * @param width columns w of each map, at least 1
   * @param values {@code K · h · w} values, channel by channel, row-major; copied
   * @param region the part of the picture that they lie over
   * @throws IllegalArgumentException if the number of values does not fit
   */
  public static ChannelMaps of(
      String layer, int channels, int height, int width, float[] values, Optional<Region> region) {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(region, "region");
    long expected = (long) channels * height * width;
    if (channels < 1 || height < 1 || width < 1 || expected != values.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Expected %d·%d·%d = %d values, channel by channel (at least 1 channel, row and column), found %d.",
              channels,
              height,
              width,
              expected,
              values.length));
    }
    return new ChannelMaps(layer, channels, height, width, values.clone(), region);
  }

  /**
   * {@return other maps of the same layer, shape and region: what was worked out from these}
   *
   * @param others as many values as these maps have, channel by channel, row-major; copied
   * @throws IllegalArgumentException if the number of values differs
   */
  public ChannelMaps withValues(float[] others) {
    return of(layer, channels, height, width, others, region);
  }

  /**
   * {@return what a function makes of each value, such as {@code v -> Math.max(v, 0)}}
   *
   * @param function from a value to the new one, which is rounded to single precision
   */
  public ChannelMaps apply(DoubleUnaryOperator function) {
    return withValues(Grids.apply(values, width, function));
  }

  /**
   * {@return what a function makes of the values of two sets of maps, such as an activation and its
   * gradient, {@code (a, g) -> a * g}; with this one's layer and region}
   *
   * @param other maps of the same shape
   * @param function from both values at a channel and position to the new one, which is rounded to
   *     single precision
   * @throws IllegalArgumentException if the shapes differ
   */
  public ChannelMaps apply(ChannelMaps other, DoubleBinaryOperator function) {
    if (channels != other.channels || height != other.height || width != other.width) {
      throw new IllegalArgumentException(
          "Maps of one shape are needed, found %s and %s.".formatted(this, other));
    }
    return withValues(Grids.apply(values, other.values, width, function));
  }

  /** {@return the dotted name of the layer these maps come from} */
  public String layer() {
    return layer;
  }

  /** {@return the part of the picture that these maps lie over; empty for maps made by hand} */
  public Optional<Region> region() {
    return region;
  }

  /** {@return the number of channels, K} */
  public int channels() {
    return channels;
  }

  /** {@return the number of rows of each map, h} */
  public int height() {
    return height;
  }

  /** {@return the number of columns of each map, w} */
  public int width() {
    return width;
  }

  /**
   * {@return one value}
   *
   * @param channel k, from 0
   * @param row i, 0 at the top
   * @param column j, 0 at the left
   * @throws IndexOutOfBoundsException if the position lies outside the maps
   */
  public float at(int channel, int row, int column) {
    Position.requireIndex("channel", channel, channels);
    return values[channel * height * width + Grids.index(row, column, height, width)];
  }

  /** {@return all values, channel by channel, row-major; a copy} */
  public float[] values() {
    return values.clone();
  }

  /**
   * {@return one channel's map}
   *
   * @param channel k, from 0
   * @throws IndexOutOfBoundsException if there is no such channel
   * @throws IllegalArgumentException if a value is NaN or infinite: these maps may hold such, a
   *     {@link Heatmap} does not
   */
  public Heatmap channel(int channel) {
    Position.requireIndex("channel", channel, channels);
    int size = height * width;
    return Heatmap.of(
        height,
        width,
        Arrays.copyOfRange(values, channel * size, (channel + 1) * size),
        new Provenance("channel " + channel, layer, "", Double.NaN, region));
  }

  /**
   * {@return the mean of one channel over its positions: 1/(h·w) Σ<sub>ij</sub> A<sub>kij</sub>}
   *
   * @param channel k, from 0
   */
  public double mean(int channel) {
    return sum(channel) / (height * width);
  }

  /**
   * {@return the sum of one channel over its positions: Σ<sub>ij</sub> A<sub>kij</sub>}
   *
   * @param channel k, from 0
   */
  public double sum(int channel) {
    Position.requireIndex("channel", channel, channels);
    int size = height * width;
    int end = (channel + 1) * size;
    double sum = 0;
    for (int i = channel * size; i < end; i++) {
      sum += values[i];
    }
    return sum;
  }

  /**
   * {@return the largest value of one channel}
   *
   * @param channel k, from 0
   */
  public float max(int channel) {
    Position.requireIndex("channel", channel, channels);
    int size = height * width;
    int end = (channel + 1) * size;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = channel * size; i < end; i++) {
      if (!(values[i] < max)) {
        max = Math.max(max, values[i]); // tells −0 from 0, and finds NaN
      }
    }
    return max;
  }

  /** {@return the sum over the channels at each position: Σ<sub>k</sub> A<sub>kij</sub>} */
  public Heatmap sumOverChannels() {
    return overChannels("channel sum", 1);
  }

  /** {@return the mean over the channels at each position: 1/K Σ<sub>k</sub> A<sub>kij</sub>} */
  public Heatmap meanOverChannels() {
    return overChannels("channel mean", channels);
  }

  private Heatmap overChannels(String name, int share) {
    int size = height * width;
    double[] sums = new double[size];
    for (int i = 0; i < values.length; i++) {
      sums[i % size] += values[i];
    }
    float[] result = new float[size];
    for (int i = 0; i < size; i++) {
      result[i] = (float) (sums[i] / share);
    }
    return Heatmap.of(height, width, result, new Provenance(name, layer, "", Double.NaN, region));
  }

  /** Two are equal if layer, shape, values and region are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelMaps maps
        && layer.equals(maps.layer)
        && channels == maps.channels
        && height == maps.height
        && width == maps.width
        && Arrays.equals(values, maps.values)
        && region.equals(maps.region);
  }

  @Override
  public int hashCode() {
    return Objects.hash(layer, channels, height, width, Arrays.hashCode(values), region);
  }

  /** One line: layer and shape. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s · %d channels of %d×%d", layer, channels, height, width);
  }
}

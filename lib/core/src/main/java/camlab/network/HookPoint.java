package camlab.network;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A layer, as a place to look at: a row of {@link Network#hookPoints}.
 *
 * @param layer its dotted name
 * @param type what it computes, such as {@code Conv2d}
 * @param shape what it puts out for one picture
 * @param layout where the positions are in that; empty if it is not known
 * @param zeroGradients the share, from 0 to 1, of the values at positions on which the score of the
 *     predicted class does not depend: its gradient there is exactly 0. Of all values, where no
 *     positions are known. Not a number where no gradient comes to any layer of the network
 * @param channels the share, from 0 to 1, of the channels on which the score depends at some
 *     position: of maps that are the classes' scores already it is one. Not a number where no
 *     positions are known, or no gradient comes
 * @param constant whether each channel has the same value at all positions
 * @param reused whether the same module is another layer, too: a module that is called several
 *     times
 * @param against what speaks against the layout, in words, where it is stated; empty if nothing
 *     does
 */
public record HookPoint(
    String layer,
    String type,
    List<Long> shape,
    Optional<Layout> layout,
    double zeroGradients,
    double channels,
    boolean constant,
    boolean reused,
    Optional<String> against) {

  /** From here on a share would be rounded to all, which it is not. */
  private static final double ALMOST_ALL = 0.995;

  /**
   * Requires all parts; copies the shape.
   *
   * @param layer its dotted name
   * @param type what it computes
   * @param shape what it puts out for one picture
   * @param layout where the positions are
   * @param zeroGradients the share of the values on which the score does not depend
   * @param channels the share of the channels on which the score depends
   * @param constant whether each channel has the same value at all positions
   * @param reused whether the same module is another layer, too
   * @param against what speaks against a stated layout
   */
  public HookPoint {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(against, "against");
    shape = List.copyOf(shape);
  }

  /** The same, with what speaks against its layout. */
  HookPoint against(Optional<String> doubt) {
    return new HookPoint(
        layer, type, shape, layout, zeroGradients, channels, constant, reused, doubt);
  }

  /** The same layer of a network in which no gradient comes to any. */
  HookPoint withoutGradients() {
    return new HookPoint(
        layer, type, shape, layout, Double.NaN, Double.NaN, constant, reused, against);
  }

  /** {@return whether it is known to have positions} */
  public boolean hasPositions() {
    return layout.map(Layout::hasPositions).orElse(false);
  }

  /** {@return the shape in words, such as {@code 1 × 64 × 55 × 55}} */
  public String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
  }

  /** {@return the layout in words, {@code not known} where it is not} */
  public String layoutText() {
    return layout.map(Layout::toString).orElse("not known");
  }

  /** The share of zero gradients in words. */
  private String gradientText() {
    if (Double.isNaN(zeroGradients)) {
      return "no gradient comes to any layer";
    }
    return zeroGradients < 1 && zeroGradients >= ALMOST_ALL
        ? "zero gradients over 99 %"
        : String.format(Locale.ROOT, "zero gradients %.0f %%", 100 * zeroGradients);
  }

  /** One line, such as {@code norm (LayerNorm) · 1 × 8 × 8 × 24 · channels last (N, h, w, K) …}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s (%s) · %s · %s · %s%s%s%s",
        layer,
        type,
        shapeText(),
        layoutText(),
        gradientText(),
        constant ? " · constant" : "",
        reused ? " · re-used" : "",
        against.map(doubt -> " · the evidence speaks against its layout: " + doubt).orElse(""));
  }
}

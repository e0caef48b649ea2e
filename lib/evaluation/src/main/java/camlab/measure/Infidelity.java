package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Whether the map foretells what the network loses: how far the loss of confidence without a square
 * is from the map's sum over it.
 *
 * <p>Squares are drawn by lot. For each, s is the sum of the map L (raw values, resized to the
 * view) over it, and d = p(x) − p(x without the square) the loss of the class's probability. The
 * measure is the mean of (β s − d)², with the one β ≥ 0 for all squares that makes it least: β =
 * max(0, Σ s d / Σ s²), 0 if Σ s² = 0. In [0, 1]; less is better. A map that foretells nothing gets
 * the mean of d².
 *
 * <p>Source: C.-K. Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019,
 * definition 2.1, with squares set to a baseline, and their optimal scaling β. There, and in captum
 * with {@code normalize=True}, β may be negative, so that a map and its negative are equally good;
 * here they are not. What is multiplied by the map is 1 inside the square and 0 outside, not how
 * much the pixels changed: a class activation map is no derivative.
 *
 * @param squares how many, at least 1
 * @param side of a square, as a share of the view's shorter side, in (0, 1]
 * @param baseline what removed squares become
 * @param seed of the squares
 */
public record Infidelity(int squares, double side, Baseline baseline, long seed)
    implements Measure {

  /**
   * Requires a square that is a part of the picture.
   *
   * @param squares how many, at least 1
   * @param side of a square, as a share of the view's shorter side, in (0, 1]
   * @param baseline what removed squares become
   * @param seed of the squares
   */
  public Infidelity {
    Objects.requireNonNull(baseline, "baseline");
    if (squares < 1 || !(side > 0 && side <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least one square is drawn, of a side in (0, 1]; found %d and %s.",
              squares,
              side));
    }
  }

  /** 64 squares of a quarter of the side, in the picture's mean colour. */
  public Infidelity() {
    this(64, 0.25, Baseline.meanColour(), 1);
  }

  @Override
  public String name() {
    return "infidelity";
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return String.format(
        Locale.ROOT,
        "without one of %d squares of %s of the side: %s",
        squares,
        Percent.of(side),
        baseline.name());
  }

  @Override
  public double of(Explanation explanation) {
    Picture view = explanation.view();
    Picture empty = baseline.of(view);
    List<Mask> masks = masks(view);
    List<Picture> pictures = new ArrayList<>(List.of(view));
    masks.forEach(mask -> pictures.add(Perturbation.replaced(view, mask, empty)));
    double[] confidences = explanation.confidences(pictures);
    Heatmap map = explanation.map().resized(view.height(), view.width());
    double[] sums = masks.stream().mapToDouble(mask -> sum(map, mask)).toArray();
    double[] losses = new double[squares];
    for (int i = 0; i < squares; i++) {
      losses[i] = confidences[0] - confidences[i + 1];
    }
    return meanSquare(sums, losses);
  }

  /** With the best scale of at least 0. */
  static double meanSquare(double[] sums, double[] losses) {
    double both = 0;
    double squares = 0;
    for (int i = 0; i < sums.length; i++) {
      both += sums[i] * losses[i];
      squares += sums[i] * sums[i];
    }
    double scale = squares == 0 ? 0 : Math.max(0, both / squares);
    double mean = 0;
    for (int i = 0; i < sums.length; i++) {
      double error = scale * sums[i] - losses[i];
      mean += error * error / sums.length;
    }
    return mean;
  }

  /**
   * {@return the squares that are removed, one by one}
   *
   * @param view the picture as the network sees it
   */
  public List<Mask> masks(Picture view) {
    SplittableRandom random = new SplittableRandom(seed);
    int length = Math.max(1, (int) Math.round(side * Math.min(view.width(), view.height())));
    List<Mask> masks = new ArrayList<>();
    for (int i = 0; i < squares; i++) {
      int top = random.nextInt(view.height() - length + 1);
      int left = random.nextInt(view.width() - length + 1);
      BitSet pixels = new BitSet();
      for (int row = top; row < top + length; row++) {
        pixels.set(row * view.width() + left, row * view.width() + left + length);
      }
      masks.add(Mask.of(view.width(), view.height(), pixels));
    }
    return List.copyOf(masks);
  }

  /** Of the map's values inside. */
  static double sum(Heatmap map, Mask square) {
    double sum = 0;
    for (int row = 0; row < map.height(); row++) {
      for (int column = 0; column < map.width(); column++) {
        sum += square.contains(row, column) ? map.at(row, column) : 0;
      }
    }
    return sum;
  }
}

package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/**
 * Area over the perturbation curve: how much confidence a network loses while whole regions are
 * removed, that with the highest mean of the map first.
 *
 * <p>A grid of squares of {@code side} pixels is laid over the view (those at the right and at the
 * bottom are cut off by its edge). With x<sup>(k)</sup> the picture without the k highest squares
 * and p the probability of the class, the measure is Σ<sub>k = 0…L</sub> (p(x) −
 * p(x<sup>(k)</sup>)) / (L + 1), L the smaller of {@code regions} and the number of squares. In
 * [−1, 1]; more is better.
 *
 * <p>Source: W. Samek et al., "Evaluating the Visualization of What a Deep Neural Network Has
 * Learned", IEEE Transactions on Neural Networks and Learning Systems 28(11), 2017, equation 12:
 * squares of 9×9 pixels, 100 of them, replaced by uniform noise. There scores are logits and
 * several draws of noise are averaged; here it is the probability, and one draw.
 *
 * @param side of a square, in pixels of the view, at least 1
 * @param regions how many squares are removed at most, at least 1
 * @param baseline what removed squares become
 * @param seed of the order among squares of equal means
 */
public record Aopc(int side, int regions, Baseline baseline, long seed) implements Measure {

  /**
   * Requires a square and a region.
   *
   * @param side of a square, in pixels of the view, at least 1
   * @param regions how many squares are removed at most, at least 1
   * @param baseline what removed squares become
   * @param seed of the order among squares of equal means
   */
  public Aopc {
    Objects.requireNonNull(baseline, "baseline");
    if (side < 1 || regions < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A square has a side of at least 1 pixel, and at least one is removed; found %d and %d.",
              side,
              regions));
    }
  }

  /** The paper's 100 squares of 9×9 pixels, and noise. */
  public Aopc() {
    this(9, 100, Baseline.noise(1), 1);
  }

  @Override
  public String name() {
    return "AOPC";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public String asks() {
    return String.format(
        Locale.ROOT, "without the highest squares of %d×%d: %s", side, side, baseline.name());
  }

  @Override
  public double of(Explanation explanation) {
    double[] confidences = curve(explanation).confidences();
    double sum = 0;
    for (double confidence : confidences) {
      sum += confidences[0] - confidence;
    }
    return sum / confidences.length;
  }

  /**
   * {@return the confidence against the share of squares that were removed}
   *
   * @param explanation a map, and what it explains
   */
  public Curve curve(Explanation explanation) {
    List<Picture> pictures = pictures(explanation);
    int all = squares(explanation.scaledMap()).size();
    double[] shares = new double[pictures.size()];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (double) k / all;
    }
    return Curve.of(shares, explanation.confidences(pictures));
  }

  /**
   * {@return the pictures the network is asked about: the whole one, and one after each removal}
   *
   * @param explanation a map, and what it explains
   */
  public List<Picture> pictures(Explanation explanation) {
    Picture view = explanation.view();
    Picture empty = baseline.of(view);
    List<Square> order = squares(explanation.scaledMap());
    BitSet removed = new BitSet();
    List<Picture> pictures = new ArrayList<>(List.of(view));
    for (Square square : order.subList(0, Math.min(regions, order.size()))) {
      square.addTo(removed, view.width());
      Mask mask = Mask.of(view.width(), view.height(), (BitSet) removed.clone());
      pictures.add(Perturbation.replaced(view, mask, empty));
    }
    return List.copyOf(pictures);
  }

  /** The highest first. */
  private List<Square> squares(Heatmap map) {
    List<Square> squares = new ArrayList<>();
    for (int top = 0; top < map.height(); top += side) {
      for (int left = 0; left < map.width(); left += side) {
        int bottom = Math.min(top + side, map.height());
        squares.add(Square.of(map, top, left, bottom, Math.min(left + side, map.width())));
      }
    }
    Collections.shuffle(squares, new Random(seed));
    squares.sort(Comparator.comparingDouble(Square::mean).reversed());
    return squares;
  }

  /** A square of the view, its ends excluded. */
  private record Square(int top, int left, int bottom, int right, double mean) {

    static Square of(Heatmap map, int top, int left, int bottom, int right) {
      double sum = 0;
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          sum += map.at(row, column);
        }
      }
      return new Square(top, left, bottom, right, sum / ((bottom - top) * (right - left)));
    }

    void addTo(BitSet pixels, int width) {
      for (int row = top; row < bottom; row++) {
        pixels.set(row * width + left, row * width + right);
      }
    }
  }
}

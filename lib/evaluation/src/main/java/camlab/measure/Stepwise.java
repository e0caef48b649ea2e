package camlab.measure;

import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What deletion, insertion and pixel flipping share. The map is resized to the view. In {@code
 * steps} equal steps, from no pixel to all of them, the pixels with the highest values are changed,
 * and the probability of the class is taken: a curve of {@code steps + 1} points. The measure is
 * the area below it, in [0, 1].
 */
public sealed interface Stepwise extends Measure permits Deletion, Insertion, PixelFlipping {

  /** {@return how many steps, at least 1} */
  int steps();

  /** {@return what deletion and pixel flipping end with, and insertion starts from} */
  Baseline baseline();

  /** {@return of the order among equal values} */
  long seed();

  /**
   * {@return the picture at one step}
   *
   * @param whole the whole picture
   * @param empty the baseline for it
   * @param highest the pixels that are changed so far
   */
  Picture at(Picture whole, Picture empty, Mask highest);

  @Override
  default double of(Explanation explanation) {
    return curve(explanation).area();
  }

  /**
   * {@return the confidence against the share of changed pixels}
   *
   * @param explanation a map, and what it explains
   */
  default Curve curve(Explanation explanation) {
    return Curve.of(evenly(steps()), explanation.confidences(pictures(explanation)));
  }

  /**
   * {@return the pictures the network is asked about, one for each point of the curve}
   *
   * @param explanation a map, and what it explains
   */
  default List<Picture> pictures(Explanation explanation) {
    PixelRanking ranking = PixelRanking.of(explanation.scaledMap(), seed());
    Picture view = explanation.view();
    Picture empty = baseline().of(view);
    return IntStream.rangeClosed(0, steps())
        .mapToObj(step -> at(view, empty, ranking.highest((double) step / steps())))
        .toList();
  }

  /**
   * Requires at least one step.
   *
   * @param steps how many steps
   * @throws IllegalArgumentException if there is none
   */
  static void requireSteps(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("At least one step is needed, found " + steps + ".");
    }
  }

  /** 0, 1/n, 2/n, …, 1. */
  private static double[] evenly(int steps) {
    return IntStream.rangeClosed(0, steps).mapToDouble(i -> (double) i / steps).toArray();
  }
}

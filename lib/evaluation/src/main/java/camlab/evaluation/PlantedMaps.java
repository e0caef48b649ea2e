package camlab.evaluation;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.measure.Baseline;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.BitSet;
import java.util.Random;

/**
 * Maps whose quality is known because they are made from the right answer: where the evidence is,
 * and maps that are wrong in one way each.
 */
public final class PlantedMaps {

  /** As coarse as the last convolution of AlexNet. */
  private static final int RANDOM_SIDE = 13;

  private PlantedMaps() {}

  /**
   * {@return 1 on the mask, 0 elsewhere}
   *
   * @param mask the pixels
   */
  public static Heatmap of(Mask mask) {
    float[] values = new float[mask.width() * mask.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.contains(i / mask.width(), i % mask.width()) ? 1 : 0;
    }
    return Heatmap.of(mask.height(), mask.width(), values, provenance("mask"));
  }

  /**
   * {@return a map upside down: 1 where it is 0, and 0 where it is 1}
   *
   * @param map values in [0, 1]
   */
  public static Heatmap inverted(Heatmap map) {
    float[] values = map.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 - values[i];
    }
    return Heatmap.of(map.height(), map.width(), values, provenance("inverted"));
  }

  /**
   * {@return the mean of a mask and of the mask blurred} Its pixels have an order, as those of most
   * heatmaps: first those of the mask, from its middle outwards, then those around it. Of a plain
   * mask a measure that removes more pixels than it has removes others by lot.
   *
   * @param mask the pixels
   * @param sigma of the blur, in pixels
   */
  public static Heatmap soft(Mask mask, double sigma) {
    float[] values = blurred(mask, sigma).values();
    for (int i = 0; i < values.length; i++) {
      boolean inside = mask.contains(i / mask.width(), i % mask.width());
      values[i] = (values[i] + (inside ? 1 : 0)) / 2;
    }
    return Heatmap.of(mask.height(), mask.width(), values, provenance("soft mask"));
  }

  /**
   * {@return the mask moved to the side, towards where there is more room; what leaves the picture
   * is lost}
   *
   * @param mask the pixels
   * @param share how far, as a share of the picture's width, in (0, 1)
   */
  public static Mask shifted(Mask mask, double share) {
    int step = (int) Math.round(share * mask.width());
    double middle = mask.count() == 0 ? 0 : mask.box().getCenterX();
    int shift = middle < mask.width() / 2.0 ? step : -step;
    BitSet pixels = new BitSet();
    for (int row = 0; row < mask.height(); row++) {
      for (int column = 0; column < mask.width(); column++) {
        int to = column + shift;
        if (mask.contains(row, column) && to >= 0 && to < mask.width()) {
          pixels.set(row * mask.width() + to);
        }
      }
    }
    return Mask.of(mask.width(), mask.height(), pixels);
  }

  /**
   * {@return the mask blurred by a Gaussian, in steps of 1/255}
   *
   * @param mask the pixels
   * @param sigma standard deviation in pixels; the window reaches three of them
   */
  public static Heatmap blurred(Mask mask, double sigma) {
    Picture blurred =
        Baseline.blurred(2 * (int) Math.ceil(3 * sigma) + 1, sigma).of(mask.toPicture());
    float[] values = new float[mask.width() * mask.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (blurred.rgb(i / mask.width(), i % mask.width()) & 0xFF) / 255f;
    }
    return Heatmap.of(mask.height(), mask.width(), values, provenance("blurred"));
  }

  /**
   * {@return a number between 0 and 1 by lot for each of 13×13 cells}
   *
   * @param seed what all chance comes from
   */
  public static Heatmap random(long seed) {
    Random random = new Random(seed);
    float[] values = new float[RANDOM_SIDE * RANDOM_SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return Heatmap.of(RANDOM_SIDE, RANDOM_SIDE, values, provenance("random"));
  }

  private static Provenance provenance(String name) {
    return new Provenance("planted: " + name, "", "", Double.NaN);
  }
}

package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.heatmap.Region;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.Optional;

/** Small maps and pictures for tests. */
final class Maps {

  private Maps() {}

  static Heatmap of(float[]... rows) {
    return Heatmap.of(rows, new Provenance("test", "layer", "", Double.NaN));
  }

  /** A map of the middle of a picture of 40×20, which the network saw as 10×10. */
  static Heatmap ofTheMiddle(float[]... rows) {
    Region middle = new Region(10, 0, 20, 20, new Region.Size(40, 20), new Region.Size(10, 10));
    return Heatmap.of(rows, new Provenance("test", "layer", "", Double.NaN, Optional.of(middle)));
  }

  static Heatmap constant(int height, int width, float value) {
    float[][] rows = new float[height][width];
    for (float[] row : rows) {
      Arrays.fill(row, value);
    }
    return of(rows);
  }

  static float[] row(float... values) {
    return values;
  }

  static Picture plain(int width, int height, int rgb) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, rgb);
    return Picture.of(width, height, pixels);
  }
}

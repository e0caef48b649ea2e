package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Picture;
import java.util.Arrays;

/** Small maps and pictures for tests. */
final class Maps {

  private Maps() {}

  static Heatmap of(float[]... rows) {
    return Heatmap.of(rows, new Provenance("test", "layer", "", Double.NaN));
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

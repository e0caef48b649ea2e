package camlab.exercise;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.picture.Mask;
import java.util.BitSet;

/** Small inputs, whose answers can be worked out by hand. */
final class MadeUp {

  /** Says that a map is no network's. */
  static final Provenance PROVENANCE = new Provenance("made up", "made up", "", Double.NaN);

  private MadeUp() {}

  /**
   * Channels with given values.
   *
   * @param values in the order of channel, row, column
   */
  static ChannelMaps maps(int channels, int height, int width, double... values) {
    return ChannelMaps.of("made up", channels, height, width, floats(values));
  }

  /**
   * A map with given values.
   *
   * @param values in the order of row, column
   */
  static Heatmap map(int height, int width, double... values) {
    return Heatmap.of(height, width, floats(values), PROVENANCE);
  }

  /**
   * A mask of given pixels.
   *
   * @param pixels {@code row · width + column} of those inside
   */
  static Mask mask(int height, int width, int... pixels) {
    BitSet inside = new BitSet(width * height);
    for (int pixel : pixels) {
      inside.set(pixel);
    }
    return Mask.of(width, height, inside);
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}

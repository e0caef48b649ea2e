package camlab.exercise;

import camlab.heatmap.ChannelMaps;

/** Small inputs, whose answers can be worked out by hand. */
final class MadeUp {

  private MadeUp() {}

  /**
   * Channels with given values.
   *
   * @param values in the order of channel, row, column
   */
  static ChannelMaps maps(int channels, int height, int width, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return ChannelMaps.of("made up", channels, height, width, floats);
  }
}

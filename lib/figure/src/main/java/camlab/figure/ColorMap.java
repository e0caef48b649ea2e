package camlab.figure;

import camlab.heatmap.Heatmap;
import camlab.picture.Picture;
import java.util.Objects;

/**
 * Colours for numbers: each map is a row of colours at equal distances from 0 to 1, with linear
 * interpolation of the 8-bit sRGB values between them.
 *
 * <p>For colours of one's own, draw the values: {@link Heatmap#placed(int, int)} has one for each
 * pixel that the network saw, and {@link Picture#of(int, int,
 * java.util.function.IntBinaryOperator)} asks for the colour of each pixel.
 */
public enum ColorMap {

  /**
   * Dark blue over violet and orange to yellow: the default for overlays. Its lightness grows all
   * the way, for colour-blind readers as well, and all of its colours are strong enough to stand
   * out from a picture. Every fifth of the 256 colours of Matplotlib's table (Stéfan van der Walt
   * and Nathaniel Smith, 2015, CC0).
   */
  PLASMA(
      "0d0887 1b068d 260591 2f0596 38049a 41049d 4903a0 5102a3 5901a5 6100a7 6900a8 7100a8 7801a8"
          + " 8004a8 8707a6 8e0ca4 9511a1 9c179e a21d9a a82296 ae2892 b42e8d ba3388 bf3984 c43e7f"
          + " c9447a cd4a76 d24f71 d6556d da5b69 de6164 e26660 e66c5c e97257 ed7953 f07f4f f3854b"
          + " f58c46 f79342 f99a3e fba139 fca835 fdaf31 feb72d febe2a fdc627 fcce25 fbd724 f8df25"
          + " f6e826 f3f027 f0f921"),

  /**
   * Dark violet over green to yellow, of evenly growing lightness and safe for colour-blind
   * readers: for reading values. Every fifth of the 256 colours of Matplotlib's table (Stéfan van
   * der Walt and Nathaniel Smith, 2015, CC0).
   */
  VIRIDIS(
      "440154 46085c 471063 481769 481d6f 482475 472a7a 46307e 453781 433d84 414287 3f4889 3d4e8a"
          + " 3a538b 38598c 355e8d 33638d 31688e 2e6d8e 2c718e 2a768e 297b8e 27808e 25848e 23898e"
          + " 218e8d 20928c 1f978b 1e9c89 1fa188 21a585 24aa83 28ae80 2eb37c 35b779 3dbc74 46c06f"
          + " 50c46a 5ac864 65cb5e 70cf57 7cd250 89d548 95d840 a2da37 b0dd2f bddf26 cae11f d8e219"
          + " e5e419 f1e51d fde725"),

  /**
   * Dark blue over green to dark red, for comparison with papers. Its lightness rises and falls, so
   * that many readers cannot tell the highest values from the lower ones. Every fifth of the 256
   * colours of Google's table (Anton Mikhailov, 2019, Apache 2.0).
   */
  TURBO(
      "30123b 36215f 3b2f80 3f3e9c 424bb5 4559cb 4666dd 4773eb 4680f6 458cfd 4099ff 38a5fb 2fb2f4"
          + " 27bee9 1fc9dd 1ad4d0 18ddc2 1ae4b6 22ebaa 2ff19b 3ff68a 52fa7a 65fd69 79fe59 8bff4b"
          + " 9cfe40 a9fb39 b7f735 c3f134 d0ea34 dbe236 e5d938 eecf3a f5c53a faba39 fdae35 fea130"
          + " fe932a fc8423 f9751d f46617 ef5811 e84b0c e14109 d83706 ce2d04 c32503 b71d02 a91601"
          + " 9b0f01 8b0902 7a0403"),

  /**
   * Dark blue, cyan, yellow, dark red: MATLAB's old default, for comparison with older papers. Its
   * bright bands show edges that are not in the data.
   */
  JET("000080 0000ff 0080ff 00ffff 80ff80 ffff00 ff8000 ff0000 800000"),

  /** Black to white. */
  GRAY("000000 ffffff"),

  /**
   * Blue over near-white to red, for signed values with 0 in the middle; safe for colour-blind
   * readers. ColorBrewer's RdBu of 11 classes, reversed (Cynthia Brewer, Apache 2.0).
   */
  DIVERGING("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f");

  @SuppressWarnings("ImmutableEnumChecker") // private, and written by nobody
  private final int[] stops;

  ColorMap(String hexadecimal) {
    stops = new int[(hexadecimal.length() + 1) / 7];
    for (int i = 0; i < stops.length; i++) {
      stops[i] = Integer.parseInt(hexadecimal, 7 * i, 7 * i + 6, 16);
    }
  }

  /**
   * The colour of a value.
   *
   * @param value01 a value in [0, 1]; one outside takes the nearest end's colour, and NaN that of 0
   * @return {@code 0xRRGGBB}
   */
  public int rgb(double value01) {
    double clamped = Double.isNaN(value01) ? 0 : Math.min(Math.max(value01, 0), 1);
    double position = clamped * (stops.length - 1);
    int lower = Math.min((int) position, stops.length - 2);
    return Rgb.mix(stops[lower], stops[lower + 1], position - lower);
  }

  /**
   * {@return whether this map is for signed values: 0 is in its middle, and both ends are strong}
   */
  public boolean signed() {
    return this == DIVERGING;
  }

  /**
   * {@return a map in these colours, one square of pixels per value, scaled by {@link
   * Range#of(Heatmap, ColorMap) its own range}} Nothing is smoothed: what a lesson reads cell by
   * cell.
   *
   * @param map the map
   * @param zoom side of a value's square in pixels, at least 1
   */
  public Picture paint(Heatmap map, int zoom) {
    Objects.requireNonNull(map, "Expected a map, found null.");
    return paint(map, Range.of(map, this), zoom);
  }

  /**
   * {@return a map in these colours on a given scale, so that several maps can be compared}
   *
   * @param map the map
   * @param range the values that take the first and the last colour
   * @param zoom side of a value's square in pixels, at least 1
   */
  public Picture paint(Heatmap map, Range range, int zoom) {
    Objects.requireNonNull(map, "Expected a map, found null.");
    Objects.requireNonNull(range, "range");
    if (zoom < 1) {
      throw new IllegalArgumentException("Zoom is at least 1 pixel per value, found " + zoom + ".");
    }
    return Picture.of(
            map.width(), map.height(), (row, column) -> rgb(range.scale(map.at(row, column))))
        .enlarged(zoom);
  }
}

package camlab.training;

import camlab.picture.Picture;

/** Pictures as bytes, a quarter smaller than packed in whole numbers. */
final class PixelBytes {

  private PixelBytes() {}

  /** Row by row, each pixel red, green, blue as unsigned bytes. */
  static byte[] of(Picture picture) {
    byte[] bytes = new byte[3 * picture.width() * picture.height()];
    int at = 0;
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        int rgb = picture.rgb(row, column);
        bytes[at++] = (byte) (rgb >> 16);
        bytes[at++] = (byte) (rgb >> 8);
        bytes[at++] = (byte) rgb;
      }
    }
    return bytes;
  }
}

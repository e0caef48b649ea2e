package camlab.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.util.Locale;

/** Any kind of image as 8-bit RGB over white. */
final class Pixels {

  private static final int PICTURES_AT_ONCE = 3;

  private Pixels() {}

  /** There is no memory for a picture. */
  static final class NoRoom extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    NoRoom(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * An array for a picture.
   *
   * @throws NoRoom if it is too large for Java's memory
   */
  static int[] room(int width, int height) {
    try {
      return new int[Math.multiplyExact(width, height)];
    } catch (OutOfMemoryError e) {
      // One array was too large, and nothing else has been asked for.
      long bytes = (long) width * height * Integer.BYTES;
      long most = Runtime.getRuntime().maxMemory();
      throw new NoRoom(
          String.format(
              Locale.ROOT,
              "A picture of %,d×%,d pixels takes %,d MB, for which Java has no room left: it may use %,d MB in all. Take a smaller one: a reduced copy, Picture.readReduced(path), or what the network saw, preprocessing().view(picture). Or start Java with more memory, such as -Xmx%dg.",
              width,
              height,
              bytes >> 20,
              most >> 20,
              2 + ((most + PICTURES_AT_ONCE * bytes) >> 30)),
          e);
    }
  }

  /** Packed {@code 0xRRGGBB}, row by row; a copy. */
  static int[] of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = room(width, height);
    if (image.getType() == BufferedImage.TYPE_INT_RGB) {
      image.getRaster().getDataElements(0, 0, width, height, pixels);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] &= 0xFFFFFF; // what lies above the colours is nobody's
      }
      return pixels;
    }
    for (int row = 0; row < height; row++) {
      System.arraycopy(row(image, row), 0, pixels, row * width, width);
    }
    return pixels;
  }

  /** One row, each pixel packed as {@code 0xRRGGBB}. */
  static int[] row(BufferedImage image, int row) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      return rowOfBytes(image, row);
    }
    boolean samples =
        image.getColorModel() instanceof ComponentColorModel && !image.isAlphaPremultiplied();
    int width = image.getWidth();
    int[] pixels =
        samples ? rowOfSamples(image, row) : image.getRGB(0, row, width, 1, null, 0, width);
    for (int column = 0; column < width; column++) {
      pixels[column] = overWhite(pixels[column]);
    }
    return pixels;
  }

  /**
   * What readers give of most pictures: a byte for each colour, taken where it lies. Asked for a
   * copy of a row, Java goes through it byte by byte, which takes longer than all the rest.
   */
  private static int[] rowOfBytes(BufferedImage image, int row) {
    int width = image.getWidth();
    Raster raster = image.getRaster();
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    ComponentSampleModel model = (ComponentSampleModel) raster.getSampleModel();
    int x = -raster.getSampleModelTranslateX(); // of an image that is a part of another
    int y = row - raster.getSampleModelTranslateY();
    byte[] colours = buffer.getData();
    int red = buffer.getOffset() + model.getOffset(x, y);
    int[] pixels = new int[width];
    for (int column = 0; column < width; column++) {
      int at = red + 3 * column; // blue and green lie before red
      pixels[column] =
          (colours[at] & 0xFF) << 16 | (colours[at - 1] & 0xFF) << 8 | (colours[at - 2] & 0xFF);
    }
    return pixels;
  }

  /**
   * One row as ARGB, straight from the samples: {@code getRGB} would take grey for linear light and
   * brighten it, and would apply a colour profile.
   */
  private static int[] rowOfSamples(BufferedImage image, int row) {
    int width = image.getWidth();
    int bands = image.getRaster().getNumBands();
    int[] samples = image.getRaster().getPixels(0, row, width, 1, (int[]) null);
    int shift = image.getColorModel().getComponentSize(0) - 8;
    boolean grey = bands < 3;
    boolean alpha = image.getColorModel().hasAlpha();
    int[] argb = new int[width];
    for (int column = 0; column < width; column++) {
      int at = column * bands;
      int red = samples[at] >> shift;
      int green = grey ? red : samples[at + 1] >> shift;
      int blue = grey ? red : samples[at + 2] >> shift;
      int opacity = alpha ? samples[at + bands - 1] >> shift : 255;
      argb[column] = opacity << 24 | red << 16 | green << 8 | blue;
    }
    return argb;
  }

  /** Pillow's luma of a packed pixel, 0.299 R + 0.587 G + 0.114 B in its fixed-point numbers. */
  static int grey(int rgb) {
    int sum = (rgb >> 16 & 0xFF) * 19595 + (rgb >> 8 & 0xFF) * 38470 + (rgb & 0xFF) * 7471;
    return (sum + 0x8000) >> 16;
  }

  private static int overWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb & 0xFFFFFF;
    }
    int red = over(argb >> 16 & 0xFF, alpha);
    int green = over(argb >> 8 & 0xFF, alpha);
    int blue = over(argb & 0xFF, alpha);
    return red << 16 | green << 8 | blue;
  }

  private static int over(int value, int alpha) {
    return (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}

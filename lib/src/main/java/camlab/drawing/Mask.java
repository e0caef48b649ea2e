package camlab.drawing;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.BitSet;

/** An immutable set of pixels of a picture. */
public final class Mask {
  private final int width;
  private final int height;
  private final BitSet pixels;

  Mask(int width, int height, BitSet pixels) {
    this.width = width;
    this.height = height;
    this.pixels = (BitSet) pixels.clone();
  }

  /**
   * The width of the picture.
   *
   * @return pixels
   */
  public int width() {
    return width;
  }

  /**
   * The height of the picture.
   *
   * @return pixels
   */
  public int height() {
    return height;
  }

  /**
   * Whether a pixel belongs to the mask.
   *
   * @param x column, from the left
   * @param y row, from the top
   * @return true inside the mask
   * @throws IndexOutOfBoundsException if the picture has no such pixel
   */
  public boolean contains(int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      throw new IndexOutOfBoundsException(
          "pixel (" + x + ", " + y + ") is outside " + width + "×" + height);
    }
    return pixels.get(y * width + x);
  }

  /**
   * How many pixels belong to the mask.
   *
   * @return the number of pixels
   */
  public int count() {
    return pixels.cardinality();
  }

  /**
   * The mask as a grey picture: 255 inside, 0 outside.
   *
   * @return a new picture
   */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = pixels.nextSetBit(0); i >= 0; i = pixels.nextSetBit(i + 1)) {
      image.getRaster().setSample(i % width, i / width, 0, 255);
    }
    return image;
  }

  /** The smallest box around the pixels; empty if there are none. */
  Rectangle box() {
    int left = width;
    int right = -1;
    int top = height;
    int bottom = -1;
    for (int i = pixels.nextSetBit(0); i >= 0; i = pixels.nextSetBit(i + 1)) {
      left = Math.min(left, i % width);
      right = Math.max(right, i % width);
      top = Math.min(top, i / width);
      bottom = Math.max(bottom, i / width);
    }
    return right < 0
        ? new Rectangle()
        : new Rectangle(left, top, right - left + 1, bottom - top + 1);
  }
}

package camlab.picture;

import camlab.heatmap.Position;
import camlab.identity.Fingerprint;
import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** An immutable set of pixels of a picture. */
public final class Mask {
  private final int width;
  private final int height;
  private final BitSet pixels;

  private Mask(int width, int height, BitSet pixels) {
    this.width = width;
    this.height = height;
    this.pixels = (BitSet) pixels.clone();
  }

  /**
   * {@return a mask of the given pixels}
   *
   * @param width columns of the picture, at least 1
   * @param height rows of the picture, at least 1
   * @param pixels bit {@code row · width + column} is set inside the mask; copied
   * @throws IllegalArgumentException if the picture has no pixels, or a bit is set behind its last
   */
  public static Mask of(int width, int height, BitSet pixels) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A mask has at least 1×1 pixels, found %s×%s.".formatted(width, height));
    }
    long last = (long) width * height - 1;
    if (pixels.length() - 1 > last) {
      throw new IllegalArgumentException(
          "A mask of %s×%s has the pixels 0 to %s, row by row; found pixel %s."
              .formatted(width, height, last, pixels.length() - 1));
    }
    return new Mask(width, height, pixels);
  }

  /**
   * Reads a mask that {@link #toPicture} wrote: every pixel that is not black belongs to it.
   *
   * @param file a picture file
   * @return the mask
   * @throws PictureException if it is none
   */
  public static Mask read(Path file) {
    Picture picture = Picture.read(file);
    BitSet pixels = new BitSet(picture.width() * picture.height());
    for (int pixel = 0; pixel < picture.width() * picture.height(); pixel++) {
      if (picture.rgb(pixel) != 0) {
        pixels.set(pixel);
      }
    }
    return new Mask(picture.width(), picture.height(), pixels);
  }

  /**
   * {@return all pixels that belong to at least one of several masks}
   *
   * @param masks at least one, all of the same size
   * @throws IllegalArgumentException if there is none, or they differ in size
   */
  public static Mask union(List<Mask> masks) {
    if (masks.isEmpty()) {
      throw new IllegalArgumentException("A union needs at least one mask, found none.");
    }
    Mask first = masks.get(0);
    BitSet pixels = new BitSet(first.width * first.height);
    for (Mask mask : masks) {
      if (mask.width != first.width || mask.height != first.height) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Only masks of one picture have a union: the first is %d×%d, another %d×%d.",
                first.width,
                first.height,
                mask.width,
                mask.height));
      }
      pixels.or(mask.pixels);
    }
    return new Mask(first.width, first.height, pixels);
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
   * @param row from the top
   * @param column from the left
   * @return true inside the mask
   * @throws IndexOutOfBoundsException if the picture has no such pixel
   */
  public boolean contains(int row, int column) {
    return pixels.get(
        Position.requireIndex("row", row, height) * width
            + Position.requireIndex("column", column, width));
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
   * {@return the part of this mask that lies in a part of the picture}
   *
   * @param left its first column
   * @param top its first row
   * @param newWidth its number of columns, at least 1
   * @param newHeight its number of rows, at least 1
   * @throws IllegalArgumentException if it does not lie inside the picture
   */
  public Mask cropped(int left, int top, int newWidth, int newHeight) {
    Picture.requireInside("mask", width, height, left, top, newWidth, newHeight);
    if (newWidth == width && newHeight == height) {
      return this; // masks do not change
    }
    BitSet part = new BitSet(newWidth * newHeight);
    for (int row = 0; row < newHeight; row++) {
      for (int column = 0; column < newWidth; column++) {
        part.set(row * newWidth + column, contains(top + row, left + column));
      }
    }
    return new Mask(newWidth, newHeight, part);
  }

  /** {@return the mask as a picture: white inside, black outside} */
  public Picture toPicture() {
    return Picture.of(width, height, (row, column) -> contains(row, column) ? 0xFFFFFF : 0);
  }

  /** {@return the smallest box around the pixels; empty if there are none} */
  public Rectangle box() {
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

  /** Two masks are equal if their sizes and all pixels are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask
        && width == mask.width
        && height == mask.height
        && pixels.equals(mask.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * width + pixels.hashCode();
  }

  /**
   * A checksum of the content.
   *
   * @return the SHA-256 of the size and the pixels, 64 lower-case hexadecimal digits
   */
  public String checksum() {
    return new Fingerprint().add(width, height).add(ByteBuffer.wrap(pixels.toByteArray())).hex();
  }

  /** Size and area, such as {@code Mask 320×240, 5120 pixels}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Mask %d×%d, %d pixels", width, height, count());
  }
}

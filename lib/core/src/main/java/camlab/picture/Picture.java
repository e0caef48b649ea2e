package camlab.picture;

import camlab.file.WholeFile;
import camlab.heatmap.Position;
import camlab.identity.Fingerprint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/**
 * An immutable picture of 8-bit red, green and blue.
 *
 * <p>Row 0 is the top, column 0 the left. Resizing and cropping follow torchvision on a Pillow
 * image to the last bit, because a network trained with the one sees something else with the other.
 */
public final class Picture {

  /**
   * As many as a picture may have, {@value}: more than any camera's, and all that decoders hold.
   */
  public static final int MAX_PIXELS = 500_000_000;

  /** The shorter side that {@link #readReduced} leaves at least, in pixels. */
  public static final int REDUCED_SIDE = 800;

  private final int width;
  private final int height;
  private final int[] pixels;
  private final String description;

  /**
   * 0 until it is asked for, as that of a text: evaluations look for equal pictures several times.
   * Threads that ask at a time find the same number.
   */
  private int hash;

  /** Takes the array over: callers in this package hand in one that nobody else holds. */
  Picture(int width, int height, int[] pixels) {
    this(width, height, pixels, "");
  }

  private Picture(int width, int height, int[] pixels, String description) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.description = description;
  }

  /**
   * Reads a picture file in full size: PNG, JPEG, TIFF, BMP or GIF (its first frame), told by its
   * content and not by its name. Other formats are read if a plug-in of {@code javax.imageio} for
   * them is on the class path.
   *
   * <p>A photograph that was taken with the camera turned (EXIF orientation) comes out upright. A
   * GIF's first frame lies where it lies in the GIF, and around it is its first colour, or nothing
   * if one of its colours is transparent. Grey, indexed and 16-bit pictures become 8-bit RGB,
   * transparent parts are laid over white, and an embedded colour profile is ignored, as Pillow
   * does.
   *
   * <p>Of 16 bits the upper eight are kept. So a medical picture whose 12 bits lie at the lower end
   * of 16 comes out nearly black: spread its values over all 16 before it is saved, as was done for
   * the training; or give the network all of them, preprocessed, as an array: {@code
   * Recording.of(network, array, layers)}.
   *
   * @param path the file
   * @return the picture, which takes four bytes for each pixel
   * @throws PictureException if there is no such file, it is not a complete picture, or it is too
   *     large for Java's memory or has more than 500 megapixels; the message says what to do
   */
  public static Picture read(Path path) {
    return PictureReader.read(path);
  }

  /**
   * Reads a picture file as {@link #read} does, and reduces a large one by a whole factor, as far
   * as its shorter side keeps at least {@value #REDUCED_SIDE} pixels: enough for networks and for
   * figures, and little enough that many photographs fit the memory. Each pixel is the mean of
   * those it stands for.
   *
   * <p>A network that sees 224 pixels gets from the reduced copy what it gets from the full picture
   * to within 0.5 of 255 on average, and within 6 at every pixel, as measured on stripes, edges and
   * noise.
   *
   * @param path the file
   * @return the picture, or its reduced copy
   * @throws PictureException as {@link #read}
   */
  public static Picture readReduced(Path path) {
    return PictureReader.read(path, REDUCED_SIDE);
  }

  /**
   * {@return the picture that was handed over}
   *
   * @param picture a picture
   * @throws NullPointerException if it is null; the message says where pictures come from
   */
  public static Picture required(Picture picture) {
    return Objects.requireNonNull(
        picture, "Expected a picture, found null: Picture.read(Path.of(\"photo.jpg\")) gives one.");
  }

  /**
   * {@return a copy of an image; transparent parts are laid over white} Of 16 bits the upper eight
   * are kept, as by {@link #read}. Which way up a photograph was taken is known to its file only:
   * {@code ImageIO.read} does not turn it, {@link #read} does.
   *
   * @param image the image
   */
  public static Picture of(BufferedImage image) {
    Objects.requireNonNull(
        image, "Expected an image, found null: ImageIO.read gives that of a file it cannot read.");
    return new Picture(image.getWidth(), image.getHeight(), Pixels.of(image));
  }

  /**
   * {@return a picture made of packed pixels}
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param rgb {@code width · height} pixels, row by row, each {@code 0xRRGGBB}; copied, and what
   *     lies above the lowest 24 bits is dropped
   * @throws IllegalArgumentException if the number of pixels does not fit, is above 500 million, or
   *     if there is no room for a copy of them in Java's memory
   */
  public static Picture of(int width, int height, int[] rgb) {
    if (width < 1 || height < 1 || (long) width * height != rgb.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A picture of %d×%d needs %d pixels (at least 1×1), found %d.",
              width,
              height,
              (long) width * height,
              rgb.length));
    }
    requireSize(width, height);
    int[] pixels = Pixels.room(width, height);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = rgb[i] & 0xFFFFFF;
    }
    return new Picture(width, height, pixels);
  }

  /**
   * {@return a picture of which each pixel is worked out}
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param rgb what a row, from 0 at the top, and a column, from 0 at the left, become: {@code
   *     0xRRGGBB}; what lies above the lowest 24 bits is dropped
   * @throws IllegalArgumentException if it has no pixels, more than 500 million, or more than
   *     Java's memory has room for
   */
  public static Picture of(int width, int height, IntBinaryOperator rgb) {
    requireSize(width, height);
    int[] pixels = Pixels.room(width, height);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        pixels[row * width + column] = rgb.applyAsInt(row, column) & 0xFFFFFF;
      }
    }
    return new Picture(width, height, pixels);
  }

  /** {@return the number of columns} */
  public int width() {
    return width;
  }

  /** {@return the number of rows} */
  public int height() {
    return height;
  }

  /**
   * {@return one pixel, packed as {@code 0xRRGGBB}}
   *
   * @param row 0 at the top
   * @param column 0 at the left
   * @throws IndexOutOfBoundsException if the position lies outside the picture
   */
  public int rgb(int row, int column) {
    return pixels[
        Position.requireIndex("row", row, height) * width
            + Position.requireIndex("column", column, width)];
  }

  /** One pixel, packed as {@code 0xRRGGBB}, counted row by row from the top left. */
  int rgb(int pixel) {
    return pixels[pixel];
  }

  /**
   * A checksum of the content, whatever file it comes from.
   *
   * @return the SHA-256 of the size and the pixels, 64 lower-case hexadecimal digits
   */
  public String checksum() {
    return new Fingerprint().add(width, height).add(pixels).hex();
  }

  /**
   * {@return a copy of this picture as an image of type {@code TYPE_INT_RGB}, which notebooks show}
   */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.getRaster().setDataElements(0, 0, width, height, pixels);
    return image;
  }

  /**
   * {@return this picture at another size: bilinear with antialiasing, as Pillow's {@code
   * resize(BILINEAR)}}
   *
   * @param newWidth its number of columns, at least 1
   * @param newHeight its number of rows, at least 1
   * @throws IllegalArgumentException if a side is less than 1 or the result exceeds 500 megapixels
   */
  public Picture resized(int newWidth, int newHeight) {
    return resized(newWidth, newHeight, Interpolation.BILINEAR);
  }

  /**
   * {@return this picture at another size, with antialiasing, as Pillow's {@code resize}}
   *
   * @param newWidth its number of columns, at least 1
   * @param newHeight its number of rows, at least 1
   * @param interpolation what the new pixels are made of
   * @throws IllegalArgumentException if a side is less than 1 or the result exceeds 500 megapixels
   */
  public Picture resized(int newWidth, int newHeight, Interpolation interpolation) {
    requireSize(newWidth, newHeight);
    requireSize(newWidth, height);
    return new Picture(
        newWidth,
        newHeight,
        Resampling.resize(pixels, width, height, newWidth, newHeight, interpolation));
  }

  /**
   * {@return this picture in grey, as Pillow's {@code convert("L")}: all three colours are equal}
   */
  public Picture grey() {
    return of(width, height, (row, column) -> Pixels.grey(rgb(row, column)) * 0x010101);
  }

  /**
   * {@return this picture with its shorter side brought to a length, the other in proportion and
   * rounded down, as {@code torchvision.transforms.Resize(size)}}
   *
   * @param size the length of the shorter side in pixels
   * @throws IllegalArgumentException if the size is less than 1 or the result exceeds 500
   *     megapixels
   */
  public Picture resizedShortSide(int size) {
    return resizedShortSide(size, Interpolation.BILINEAR);
  }

  /**
   * {@return this picture with its shorter side brought to a length, the other in proportion and
   * rounded down, as {@code torchvision.transforms.Resize(size, interpolation)}}
   *
   * @param size the length of the shorter side in pixels
   * @param interpolation what the new pixels are made of
   * @throws IllegalArgumentException if the size is less than 1 or the result exceeds 500
   *     megapixels
   */
  public Picture resizedShortSide(int size, Interpolation interpolation) {
    int shorter = Math.min(width, height);
    long longer = (long) ((double) size * Math.max(width, height) / shorter);
    long newWidth = width <= height ? size : longer;
    long newHeight = width <= height ? longer : size;
    requireSize(newWidth, newHeight);
    return resized((int) newWidth, (int) newHeight, interpolation);
  }

  /**
   * {@return the square in the middle, as {@code torchvision.transforms.CenterCrop(size)}; a side
   * that is too short is padded with black on both ends}
   *
   * @param size width and height of the result, at least 1
   * @throws IllegalArgumentException if it is less, or the result exceeds 500 megapixels
   */
  public Picture centreCrop(int size) {
    return centreCrop(size, size);
  }

  /**
   * {@return the part in the middle, as {@code torchvision.transforms.CenterCrop((newHeight,
   * newWidth))}; a side that is too short is padded with black on both ends}
   *
   * @param newWidth columns of the result, at least 1
   * @param newHeight rows of the result, at least 1
   * @throws IllegalArgumentException if a side is less, or the result exceeds 500 megapixels
   */
  public Picture centreCrop(int newWidth, int newHeight) {
    requireSize(newWidth, newHeight);
    int left = (int) cropStart(width, newWidth);
    int top = (int) cropStart(height, newHeight);
    int[] part = Pixels.room(newWidth, newHeight);
    for (int row = Math.max(0, -top); row < newHeight && row + top < height; row++) {
      for (int column = Math.max(0, -left); column < newWidth && column + left < width; column++) {
        part[row * newWidth + column] = pixels[(row + top) * width + column + left];
      }
    }
    return new Picture(newWidth, newHeight, part);
  }

  /** Where a centre crop starts: halves go to the even pixel (Python's round), padding down. */
  static long cropStart(long side, long size) {
    return side >= size ? (long) Math.rint((side - size) / 2.0) : -((size - side) / 2);
  }

  /**
   * The middle of this picture, resized by its shorter side: what {@link #resizedShortSide(int,
   * Interpolation)} and {@link #centreCrop(int, int)} give, without the rest of a long side, which
   * could be a million pixels.
   */
  Picture middle(Fit.ShortSide part, Interpolation interpolation) {
    requireSize(part.width(), part.height());
    Resampling.Stretch columns = stretch(width, part.resize(), part.width());
    Resampling.Stretch rows = stretch(height, part.resize(), part.height());
    int[] cut = Resampling.resize(pixels, width, height, columns, rows, interpolation);
    return new Picture(columns.count(), rows.count(), cut).centreCrop(part.width(), part.height());
  }

  /** The part of a side, brought to its new length, that lies inside the cut. */
  private Resampling.Stretch stretch(int side, int size, int cut) {
    long length = (long) ((double) size * side / Math.min(width, height));
    long first = Math.max(0, cropStart(length, cut));
    return new Resampling.Stretch(length, first, (int) Math.min(length, cut));
  }

  /**
   * {@return a part of this picture}
   *
   * @param left its first column
   * @param top its first row
   * @param newWidth its number of columns, at least 1
   * @param newHeight its number of rows, at least 1
   * @throws IllegalArgumentException if it does not lie inside the picture
   */
  public Picture cropped(int left, int top, int newWidth, int newHeight) {
    requireInside("picture", width, height, left, top, newWidth, newHeight);
    int[] part = Pixels.room(newWidth, newHeight);
    for (int row = 0; row < newHeight; row++) {
      System.arraycopy(pixels, (top + row) * width + left, part, row * newWidth, newWidth);
    }
    return new Picture(newWidth, newHeight, part);
  }

  /** Requires a part of at least 1×1 pixels that lies inside. */
  static void requireInside(
      String what, int width, int height, int left, int top, int newWidth, int newHeight) {
    if (left < 0
        || top < 0
        || newWidth < 1
        || newHeight < 1
        || newWidth > width - left
        || newHeight > height - top) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A crop of %d×%d at column %d, row %d does not lie inside a %s of %d×%d.",
              newWidth,
              newHeight,
              left,
              top,
              what,
              width,
              height));
    }
  }

  /**
   * {@return this picture with a square of so many pixels a side for each pixel, for one whose
   * pixels are to be seen}
   *
   * @param times pixels a side, at least 1
   * @throws IllegalArgumentException if it is less, or the result exceeds 500 megapixels
   */
  public Picture enlarged(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("A picture is enlarged by at least 1, found " + times);
    }
    requireSize((long) width * times, (long) height * times);
    return of(width * times, height * times, (row, column) -> rgb(row / times, column / times));
  }

  /** {@return this picture mirrored left to right} */
  public Picture flipped() {
    return Orientation.upright(this, 2);
  }

  /**
   * {@return this picture as the bytes of a PNG file, without loss: with a palette if it has at
   * most 256 colours}
   */
  public byte[] png() {
    return PngFile.of(width, height, pixels);
  }

  /**
   * {@return what {@link #png()} gives, if it is short enough; where it is not, this is known long
   * before all of it is made}
   *
   * @param most how many bytes it may have; empty if it has more
   */
  public Optional<byte[]> png(int most) {
    return PngFile.of(width, height, pixels, most);
  }

  /**
   * Writes this picture as a PNG file, over an older one if there is one.
   *
   * @param path a name that ends in {@code .png}, in a folder that exists
   * @throws PictureException if the name ends otherwise or the file cannot be written
   */
  public void write(Path path) {
    if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new PictureException(
          "Pictures are written as PNG: expected a name that ends in .png, found %s."
              .formatted(path));
    }
    try {
      byte[] png = png();
      WholeFile.write(path, out -> out.write(png));
    } catch (IOException e) {
      throw new PictureException(
          "%s cannot be written (%s). Does its folder exist, may you write there, and is there room on the disk?"
              .formatted(path, e),
          e);
    }
  }

  private static void requireSize(long width, long height) {
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A picture has at least 1×1 and at most %d million pixels; %d×%d was asked for.",
              MAX_PIXELS / 1_000_000,
              width,
              height));
    }
  }

  /**
   * {@return this picture, with words for those who do not see it} They are no part of what two
   * pictures are compared by, and what is cut out of a picture or resized has none.
   *
   * @param words what it shows, in a sentence or two; may be empty
   */
  public Picture described(String words) {
    return new Picture(
        width,
        height,
        pixels,
        Objects.requireNonNull(
            words,
            "Expected what the picture shows, in words, found null: \"\" if nothing is said."));
  }

  /** {@return what it shows, in words; empty if nobody has said so} */
  public String description() {
    return description;
  }

  /** Two pictures are equal if their sizes and all pixels are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture
        && width == picture.width
        && height == picture.height
        && Arrays.equals(pixels, picture.pixels);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = 31 * width + Arrays.hashCode(pixels);
      hash = known;
    }
    return known;
  }

  /** The size, such as {@code Picture 320×240}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Picture %d×%d", width, height);
  }
}

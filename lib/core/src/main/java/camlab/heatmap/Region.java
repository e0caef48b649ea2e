package camlab.heatmap;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The part of a picture that a network saw, and that its maps explain.
 *
 * <p>A network takes pictures of one size, so that most are resized and their middle is cut out:
 * its <em>view</em>. A map of the view has to be laid over this part of the original picture, not
 * over all of it.
 *
 * <p>Lengths are in pixels of the original picture, in fractions of a pixel. Where the picture is
 * smaller than what the network takes, the view is padded, and the region reaches beyond the
 * picture.
 *
 * @param left its left edge, 0 at the picture's
 * @param top its upper edge, 0 at the picture's
 * @param width its width, above 0
 * @param height its height, above 0
 * @param picture the size of the original picture
 * @param view the size of the view, which is the region resized
 */
public record Region(
    double left, double top, double width, double height, Size picture, Size view) {

  /**
   * Checks the lengths.
   *
   * @param left its left edge, 0 at the picture's
   * @param top its upper edge, 0 at the picture's
   * @param width its width, above 0
   * @param height its height, above 0
   * @param picture the size of the original picture
   * @param view the size of the view
   * @throws IllegalArgumentException if one is not finite, the width or height is not above 0, or
   *     nothing of the picture lies in the region
   */
  public Region {
    boolean finite = Double.isFinite(left + top + width + height);
    if (!finite || !(width > 0) || !(height > 0)) {
      throw new IllegalArgumentException(
          "A region is wider and higher than 0, found %s×%s at %s, %s."
              .formatted(width, height, left, top));
    }
    if (left >= picture.width()
        || top >= picture.height()
        || left + width <= 0
        || top + height <= 0) {
      throw new IllegalArgumentException(
          "A region of %s×%s at %s, %s lies outside a picture of %s."
              .formatted(width, height, left, top, picture));
    }
  }

  /**
   * How many pixels a picture has.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   */
  public record Size(int width, int height) {

    /**
     * Checks both.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     */
    public Size {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "A picture has at least 1×1 pixels, found %s×%s.".formatted(width, height));
      }
    }

    /** Such as {@code 640×480}. */
    @Override
    public String toString() {
      return width + "×" + height;
    }
  }

  /**
   * {@return all of a picture, seen as it is}
   *
   * @param width columns of the picture
   * @param height rows of the picture
   */
  public static Region whole(int width, int height) {
    Size size = new Size(width, height);
    return new Region(0, 0, width, height, size, size);
  }

  /**
   * Where this region lies in a picture at hand: this region in one of the original's size, all of
   * one of the view's. Where original and view are of one size, the picture counts as the original.
   *
   * @param given the size of the picture at hand
   * @return the region in pixels of that picture
   * @throws IllegalArgumentException if it is neither, since then nobody knows where the region
   *     lies in it
   */
  public Region in(Size given) {
    if (given.equals(picture)) {
      return this;
    }
    if (given.equals(view)) {
      return whole(given.width(), given.height());
    }
    if (picture.equals(view)) {
      throw new IllegalArgumentException(
          "The map lies over a picture of %s; found one of %s. Take the picture that was explained, or what was made of it for the network: how one of another size was cut is not known."
              .formatted(picture, given));
    }
    throw new IllegalArgumentException(
        "The map explains a picture of %s, of which the network saw a part as %s; found one of %s. Take the picture that was explained, or what the network saw of it, preprocessing().view(picture)."
            .formatted(picture, view, given));
  }

  /**
   * {@return the same part of the picture after the picture has been resized}
   *
   * @param size the picture's new size
   */
  public Region resized(Size size) {
    double x = (double) size.width() / picture.width();
    double y = (double) size.height() / picture.height();
    return new Region(left * x, top * y, width * x, height * y, size, view);
  }

  /**
   * {@return whether the two are the same part of the same picture, however large the view of it
   * is}
   *
   * @param other another region
   */
  public boolean isSamePartAs(Region other) {
    return left == other.left
        && top == other.top
        && width == other.width
        && height == other.height
        && picture.equals(other.picture);
  }

  /** {@return whether the network saw the picture as a whole} */
  public boolean isWhole() {
    return firstColumn() == 0
        && firstRow() == 0
        && endColumn() == picture.width()
        && endRow() == picture.height();
  }

  /** Such as {@code 300×300 at 150, 0 of 600×300}. */
  @Override
  public String toString() {
    return "%s×%s at %s, %s of %s"
        .formatted(brief(width), brief(height), brief(left), brief(top), picture);
  }

  private static String brief(double length) {
    return BigDecimal.valueOf(length)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** The first column of the picture whose centre lies in the region. */
  int firstColumn() {
    return first(left, picture.width());
  }

  /** The column behind the last one whose centre lies in the region. */
  int endColumn() {
    return end(left, width, picture.width());
  }

  /** The first row of the picture whose centre lies in the region. */
  int firstRow() {
    return first(top, picture.height());
  }

  /** The row behind the last one whose centre lies in the region. */
  int endRow() {
    return end(top, height, picture.height());
  }

  /** Of a region between two centres it is the pixel it lies in, or the last one. */
  private static int first(double start, int size) {
    return Math.min(Math.max((int) Math.ceil(start - 0.5), 0), size - 1);
  }

  private static int end(double start, double length, int size) {
    int end = Math.min((int) Math.ceil(start + length - 0.5), size);
    return Math.max(end, first(start, size) + 1);
  }
}

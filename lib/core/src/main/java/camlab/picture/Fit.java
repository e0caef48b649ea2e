package camlab.picture;

import camlab.heatmap.Region;
import java.util.Locale;
import java.util.Optional;

/** How a picture is brought to the size that a network takes. */
public sealed interface Fit {

  /** {@return the size of every view; empty where each picture keeps its own} */
  Optional<Region.Size> size();

  /**
   * The shorter side is brought to a length, the other in proportion; then the middle is cut out,
   * and padded with black where the picture is too short: torchvision's {@code Resize(resize)} and
   * {@code CenterCrop((height, width))}.
   *
   * @param resize length of the shorter side in pixels
   * @param height rows of the middle
   * @param width columns of the middle
   */
  record ShortSide(int resize, int height, int width) implements Fit {

    /**
     * Requires sizes of at least one pixel.
     *
     * @param resize length of the shorter side in pixels
     * @param height rows of the middle
     * @param width columns of the middle
     */
    public ShortSide {
      if (resize < 1 || height < 1 || width < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Sizes are at least 1 pixel: resize is %d, crop is %d×%d (height × width).",
                resize,
                height,
                width));
      }
    }

    @Override
    public Optional<Region.Size> size() {
      return Optional.of(new Region.Size(width, height));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d×%d (height × width) cut out of the middle, the shorter side resized to %d before",
          height,
          width,
          resize);
    }
  }

  /**
   * All of the picture is resized to one size, whatever its proportions: torchvision's {@code
   * Resize((height, width))}.
   *
   * @param height rows
   * @param width columns
   */
  record Whole(int height, int width) implements Fit {

    /**
     * Requires sizes of at least one pixel.
     *
     * @param height rows
     * @param width columns
     */
    public Whole {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Sizes are at least 1 pixel, found %d×%d (height × width).",
                height,
                width));
      }
    }

    @Override
    public Optional<Region.Size> size() {
      return Optional.of(new Region.Size(width, height));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%d×%d (height × width), the whole picture resized to it", height, width);
    }
  }

  /** The picture keeps its size: for networks that do not fix it. */
  record Own() implements Fit {

    @Override
    public Optional<Region.Size> size() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "the picture's own size";
    }
  }
}

package camlab.picture;

import camlab.heatmap.Region;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * What is done to a picture before a network sees it, as torchvision does: bring the shorter side
 * to {@code resize}, take the square of {@code crop} in the middle, scale to [0, 1], then subtract
 * the mean and divide by the standard deviation of each colour.
 *
 * @param resize length of the shorter side after resizing, in pixels
 * @param crop side of the square that the network sees, in pixels
 * @param mean what is subtracted from red, green and blue, on the scale [0, 1]
 * @param std what red, green and blue are divided by, on the same scale
 */
public record Preprocessing(int resize, int crop, List<Float> mean, List<Float> std) {

  /** The one of the networks pretrained on ImageNet: 256, 224 and ImageNet's own colours. */
  public static final Preprocessing IMAGENET =
      new Preprocessing(256, 224, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

  /**
   * Checks and copies.
   *
   * @param resize length of the shorter side after resizing, in pixels
   * @param crop side of the square that the network sees, in pixels
   * @param mean what is subtracted from red, green and blue, on the scale [0, 1]
   * @param std what red, green and blue are divided by, on the same scale
   * @throws IllegalArgumentException if a size is less than 1, there are not three means and three
   *     deviations, or a deviation is not positive
   */
  public Preprocessing {
    if (resize < 1 || crop < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Sizes are at least 1 pixel: resize is %d, crop is %d.", resize, crop));
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Red, green and blue need 3 means and 3 deviations, found %d and %d.",
              mean.size(),
              std.size()));
    }
    if (!std.stream().allMatch(s -> s > 0) || !mean.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException(
          "Means are finite and deviations above 0; found %s and %s.".formatted(mean, std));
    }
  }

  /**
   * {@return the square of the picture that the network sees, {@code crop × crop}: what its
   * heatmaps are laid over}
   *
   * @param picture the picture
   */
  public Picture view(Picture picture) {
    return picture.resizedShortSide(resize).centreCrop(crop);
  }

  /**
   * {@return the part of a mask that the network sees, {@code crop × crop}} A pixel of the view
   * belongs to it if the resized mask covers at least half of that pixel.
   *
   * @param mask a mask of the picture before preprocessing
   */
  public Mask view(Mask mask) {
    Picture view = view(mask.toPicture());
    BitSet pixels = new BitSet(crop * crop);
    for (int i = 0; i < crop * crop; i++) {
      int coverage = view.rgb(i / crop, i % crop) & 0xFF;
      pixels.set(i, coverage >= 128);
    }
    return Mask.of(crop, crop, pixels);
  }

  /**
   * The numbers that go into the network for a picture.
   *
   * @param picture the picture
   * @return values of shape {@code 3 × crop × crop}: red, green, blue, each row-major
   */
  public float[] apply(Picture picture) {
    return normalize(view(picture));
  }

  /**
   * The numbers for a picture that has been resized and cropped already: {@code (value / 255 −
   * mean) / std}.
   *
   * @param view the picture as the network sees it
   * @return values of shape {@code 3 × height × width}: red, green, blue, each row-major
   */
  public float[] normalize(Picture view) {
    int size = view.width() * view.height();
    float[] values = new float[3 * size];
    for (int colour = 0; colour < 3; colour++) {
      float shift = mean.get(colour);
      float scale = std.get(colour);
      int bits = 16 - 8 * colour;
      int at = colour * size;
      for (int row = 0; row < view.height(); row++) {
        for (int column = 0; column < view.width(); column++) {
          int value = view.rgb(row, column) >> bits & 0xFF;
          values[at++] = (value / 255f - shift) / scale;
        }
      }
    }
    return values;
  }

  /**
   * {@return the part of the original picture that the network sees, to find a place of the view in
   * the original: {@code x = region.left() + (viewX / crop) · region.width()}, and likewise for y}
   *
   * @param original the picture before preprocessing
   */
  public Region region(Picture original) {
    int shorter = Math.min(original.width(), original.height());
    // The longer side is rounded down to whole pixels, so the two factors differ a little.
    int width = (int) ((double) resize * original.width() / shorter);
    int height = (int) ((double) resize * original.height() / shorter);
    return new Region(
        (double) Picture.cropStart(width, crop) * original.width() / width,
        (double) Picture.cropStart(height, crop) * original.height() / height,
        (double) crop * original.width() / width,
        (double) crop * original.height() / height,
        new Region.Size(original.width(), original.height()),
        new Region.Size(crop, crop));
  }
}

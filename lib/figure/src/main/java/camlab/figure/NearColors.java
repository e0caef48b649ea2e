package camlab.figure;

import camlab.picture.Picture;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes pictures of few colours: drawings, charts and maps have some hundred, most of them at the
 * soft edges of letters and lines, and nobody can tell these from their neighbours.
 *
 * <p>The most frequent colours stay as they are, so that areas of one colour and the colours of
 * maps do; a rarer one becomes the nearest of these if red, green and blue are each at most 3 of
 * 255 away. If more than one pixel in ten would change, it is not done: where a soft gradient fills
 * an area, such steps show as bands.
 */
final class NearColors {

  private static final int MOST_COLORS = 256;
  private static final int LARGEST_STEP = 3;
  private static final int MOST_CHANGED = 10; // one pixel of so many

  private NearColors() {}

  /**
   * A picture of at most 256 colours that looks the same; the picture itself if it has no more.
   *
   * @return empty if some colour would have to move by more than 3 of 255, or more than a tenth of
   *     the pixels
   */
  static Optional<Picture> of(Picture picture) {
    int[] pixels =
        picture.toImage().getRGB(0, 0, picture.width(), picture.height(), null, 0, picture.width());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] &= 0xFFFFFF;
    }
    int[] frequent = mostFrequentFirst(pixels);
    if (frequent.length <= MOST_COLORS) {
      return Optional.of(picture);
    }
    for (int step = 1; step <= LARGEST_STEP; step++) {
      int[] palette = palette(frequent, step);
      if (palette.length <= MOST_COLORS) {
        int[] mapped = mapped(pixels, frequent, palette);
        return changed(pixels, mapped) <= pixels.length / MOST_CHANGED
            ? Optional.of(Picture.of(picture.width(), picture.height(), mapped))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static long changed(int[] pixels, int[] mapped) {
    return IntStream.range(0, pixels.length).filter(i -> pixels[i] != mapped[i]).count();
  }

  /**
   * The colours there are, from the most frequent one to the rarest; equal ones from dark to light.
   */
  private static int[] mostFrequentFirst(int[] pixels) {
    int[] sorted = pixels.clone();
    Arrays.sort(sorted);
    long[] keys = new long[sorted.length];
    int colors = 0;
    for (int start = 0, end; start < sorted.length; start = end) {
      end = start;
      while (end < sorted.length && sorted[end] == sorted[start]) {
        end++;
      }
      int rarity = sorted.length - (end - start);
      keys[colors++] = (long) rarity << 24 | sorted[start];
    }
    return Arrays.stream(keys, 0, colors)
        .sorted()
        .mapToInt(key -> (int) (key & 0xFFFFFF))
        .toArray();
  }

  /**
   * Colours to keep, so that each other one has one of them within a step; one too many at most.
   */
  private static int[] palette(int[] frequent, int step) {
    int[] palette = new int[MOST_COLORS + 1];
    int size = 0;
    for (int color : frequent) {
      if (size == 0 || distance(color, nearest(color, palette, size)) > step) {
        palette[size++] = color;
        if (size > MOST_COLORS) {
          break;
        }
      }
    }
    return Arrays.copyOf(palette, size);
  }

  private static int[] mapped(int[] pixels, int[] colors, int[] palette) {
    int[] from = colors.clone();
    Arrays.sort(from);
    int[] to = Arrays.stream(from).map(color -> nearest(color, palette, palette.length)).toArray();
    return Arrays.stream(pixels).map(pixel -> to[Arrays.binarySearch(from, pixel)]).toArray();
  }

  private static int nearest(int color, int[] palette, int size) {
    int nearest = palette[0];
    for (int i = 1; i < size; i++) {
      if (distance(color, palette[i]) < distance(color, nearest)) {
        nearest = palette[i];
      }
    }
    return nearest;
  }

  /** The largest difference of red, green and blue. */
  private static int distance(int one, int other) {
    int red = Math.abs((one >> 16) - (other >> 16));
    int green = Math.abs((one >> 8 & 0xFF) - (other >> 8 & 0xFF));
    int blue = Math.abs((one & 0xFF) - (other & 0xFF));
    return Math.max(red, Math.max(green, blue));
  }
}

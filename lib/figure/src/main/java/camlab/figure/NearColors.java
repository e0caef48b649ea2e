package camlab.figure;

import camlab.picture.Picture;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes pictures of few colours: drawings, charts and maps have some hundred or some thousand, most
 * of them at the soft edges of letters and lines, and nobody can tell these from their neighbours.
 *
 * <p>The colours of {@value #KEPT} pixels and more stay as they are, so that areas of one colour
 * and the colours of maps do; a rarer one becomes the nearest of these if red, green and blue are
 * each at most 3 of 255 away. Where no {@value #RUN} pixels of it stand in a line, it is a soft
 * edge's, and may move by up to {@value #LARGEST_STEP_OF_EDGES}, but no further than needed. If
 * more than one pixel in ten would change, it is not done: where a soft gradient fills an area,
 * such steps show as bands.
 */
final class NearColors {

  private static final int MOST_COLORS = 256;
  private static final int LARGEST_STEP = 3;
  private static final int LARGEST_STEP_OF_EDGES = 15;
  private static final int MOST_SOFT = 8192; // colours: those of a photograph would take long
  private static final int RUN = 8;
  private static final int KEPT = 200; // pixels
  private static final int MOST_CHANGED = 10; // one pixel of so many

  private NearColors() {}

  /**
   * A picture of at most 256 colours that looks the same; the picture itself if it has no more.
   *
   * @return empty if some colour would have to move by more than 3 of 255, or 15 at a soft edge, or
   *     more than a tenth of the pixels
   */
  static Optional<Picture> of(Picture picture) {
    int[] pixels = new int[picture.width() * picture.height()];
    picture.toImage().getRaster().getDataElements(0, 0, picture.width(), picture.height(), pixels);
    if (colors(pixels) > MOST_COLORS + pixels.length / MOST_CHANGED) {
      return Optional.empty(); // each that is not kept is a pixel at least that changes
    }
    long[] counted = mostFrequentFirst(pixels);
    int[] frequent = Arrays.stream(counted).mapToInt(key -> (int) (key & 0xFFFFFF)).toArray();
    if (frequent.length <= MOST_COLORS) {
      return Optional.of(picture);
    }
    int kept =
        (int) Arrays.stream(counted).filter(key -> key >> 24 <= pixels.length - KEPT).count();
    BitSet areas = areas(pixels, picture.width());
    int furthest = frequent.length > MOST_SOFT ? LARGEST_STEP : LARGEST_STEP_OF_EDGES;
    for (int step = 1; step <= furthest; step++) {
      int[] palette = palette(frequent, kept, areas, step);
      if (palette.length <= MOST_COLORS) {
        int[] mapped = mapped(pixels, frequent, palette);
        return changed(pixels, mapped) <= pixels.length / MOST_CHANGED
            ? Optional.of(Picture.of(picture.width(), picture.height(), mapped))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** How many colours there are. */
  private static int colors(int[] pixels) {
    BitSet found = new BitSet(1 << 24);
    for (int pixel : pixels) {
      found.set(pixel);
    }
    return found.cardinality();
  }

  private static long changed(int[] pixels, int[] mapped) {
    return IntStream.range(0, pixels.length).filter(i -> pixels[i] != mapped[i]).count();
  }

  /** The colours of which {@value #RUN} pixels stand side by side or one below the other. */
  private static BitSet areas(int[] pixels, int width) {
    int height = pixels.length / width;
    BitSet areas = new BitSet();
    for (int row = 0; row < height; row++) {
      addAreas(pixels, row * width, 1, width, areas);
    }
    for (int column = 0; column < width; column++) {
      addAreas(pixels, column, width, height, areas);
    }
    return areas;
  }

  /** Adds those of one row or column. */
  private static void addAreas(int[] pixels, int start, int step, int count, BitSet areas) {
    int run = 0;
    for (int i = 0; i < count; i++) {
      int at = start + i * step;
      run = i > 0 && pixels[at] == pixels[at - step] ? run + 1 : 1;
      if (run == RUN) {
        areas.set(pixels[at]);
      }
    }
  }

  /**
   * The colours there are, from the most frequent one to the rarest, equal ones from dark to light;
   * above the 24 bits of each, how many pixels have another one.
   */
  private static long[] mostFrequentFirst(int[] pixels) {
    long[] runs = runs(pixels);
    Arrays.sort(runs);
    long[] keys = new long[runs.length];
    int colors = 0;
    for (int start = 0, end; start < runs.length; start = end) {
      long color = runs[start] >> Integer.SIZE;
      long others = pixels.length;
      end = start;
      while (end < runs.length && runs[end] >> Integer.SIZE == color) {
        others -= (int) runs[end++];
      }
      keys[colors++] = others << 24 | color;
    }
    return Arrays.stream(keys, 0, colors).sorted().toArray();
  }

  /** Pixels of one colour that follow each other: how many, and above 32 bits, which colour. */
  private static long[] runs(int[] pixels) {
    long[] runs = new long[pixels.length];
    int count = 0;
    for (int start = 0, end; start < pixels.length; start = end) {
      end = start;
      while (end < pixels.length && pixels[end] == pixels[start]) {
        end++;
      }
      runs[count++] = (long) pixels[start] << Integer.SIZE | end - start;
    }
    return Arrays.copyOf(runs, count);
  }

  /**
   * Colours to keep, the first ones in any case, so that each other one has one of them within a
   * step, which is a small one for areas; one too many at most.
   */
  private static int[] palette(int[] frequent, int kept, BitSet areas, int step) {
    int[] palette = new int[MOST_COLORS + 1];
    int size = 0;
    for (int i = 0; i < frequent.length; i++) {
      int color = frequent[i];
      int most = areas.get(color) ? Math.min(step, LARGEST_STEP) : step;
      if (i < kept || !isNear(color, palette, size, most)) {
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
    int[] to = Arrays.stream(from).map(color -> nearest(color, palette)).toArray();
    return Arrays.stream(pixels).map(pixel -> to[Arrays.binarySearch(from, pixel)]).toArray();
  }

  /** Whether one of the first so many colours of a palette is within a step. */
  private static boolean isNear(int color, int[] palette, int size, int step) {
    for (int i = 0; i < size; i++) {
      if (distance(color, palette[i]) <= step) {
        return true;
      }
    }
    return false;
  }

  /** The first one of those that are nearest. */
  private static int nearest(int color, int[] palette) {
    int nearest = palette[0];
    int least = distance(color, nearest);
    for (int i = 1; i < palette.length && least > 0; i++) {
      int distance = distance(color, palette[i]);
      if (distance < least) {
        nearest = palette[i];
        least = distance;
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

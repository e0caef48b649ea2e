package camlab.cam;

import camlab.identity.Later;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.util.Arrays;
import java.util.Locale;

/**
 * Occlusion: how far the score falls when a window is hidden, for a window that is moved all over
 * the picture.
 *
 * <p>map<sub>p</sub> = the mean of y(x) − y(x with the window blank) over all windows that cover
 * the pixel p; signed. Windows begin at every stride from the upper left, until one reaches the
 * edge; that one may hang over it. For a score that adds up what its pixels contribute, each
 * difference is the contribution of a whole window, so values grow with the window: they are no
 * shares of the score.
 *
 * <p>One pass for each window, (⌈(H − window)/stride⌉ + 1)(⌈(W − window)/stride⌉ + 1), and one for
 * the picture itself: 170 for 224×224 pixels with the usual setting, whose window follows the
 * picture: a seventh of its shorter side, moved by half of that. A stated one stays as it is, and
 * one that covers all of the picture gives all pixels the same value.
 *
 * <p>Source: M. D. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV
 * 2014, section 4.2, which moves a grey square over the picture and shows the score for each of its
 * places. The mean over the windows that cover a pixel is this library's, as it is captum's.
 */
public final class Occlusion extends AskingMethod {

  private static final int USUAL_WINDOW = 32;
  private static final int USUAL_STRIDE = 16;

  private final int window;
  private final int stride;

  /** Whether window and stride are those of a picture of the usual side, and grow with it. */
  @Later("false")
  private final boolean followsPicture;

  /**
   * With a grey window whose side is a seventh of the picture's shorter one and that moves by half
   * of that, in batches of 16 passes: 32×32 pixels that move by 16 for 224×224.
   */
  public Occlusion() {
    this(USUAL_WINDOW, USUAL_STRIDE, true, Blank.GREY, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With a window of one's own, in batches of 16 passes.
   *
   * @param window its side in pixels, at least 1; a larger one than the picture covers all of it
   * @param stride how far it moves, in pixels, from 1 to the window
   * @param blank what is seen in its place
   */
  public Occlusion(int window, int stride, Blank blank) {
    this(window, stride, blank, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With batches of one's own size.
   *
   * @param window its side in pixels, at least 1; a larger one than the picture covers all of it
   * @param stride how far it moves, in pixels, from 1 to the window
   * @param blank what is seen in its place
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public Occlusion(int window, int stride, Blank blank, int batch, Progress progress) {
    this(window, stride, false, blank, batch, progress);
  }

  private Occlusion(
      int window, int stride, boolean followsPicture, Blank blank, int batch, Progress progress) {
    super(blank, batch, progress);
    if (stride < 1 || stride > window) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A window has at least 1 pixel and moves by 1 pixel to its own side, so that every pixel is covered; found a window of %d and a stride of %d.",
              window,
              stride));
    }
    this.window = window;
    this.stride = stride;
    this.followsPicture = followsPicture;
  }

  /** The one that is meant for a picture. */
  private Occlusion of(Asked asked) {
    if (!followsPicture) {
      return this;
    }
    int side = Math.min(asked.height(), asked.width());
    return new Occlusion(follow(window, side), follow(stride, side), Blank.GREY);
  }

  private static int follow(int usual, int side) {
    return Math.max(1, Math.round((float) usual * side / Preprocessing.USUAL_SIDE));
  }

  @Override
  public String name() {
    return "Occlusion";
  }

  @Override
  float[] map(Asked asked) {
    return of(asked).mapOf(asked);
  }

  private float[] mapOf(Asked asked) {
    int width = asked.width();
    int columns = places(width);
    int windows = places(asked.height()) * columns;
    double[] falls = new double[asked.height() * width];
    int[] covered = new int[falls.length];
    double[] whole = new double[1];
    ask(
        asked,
        1 + windows,
        // The picture itself first, then the windows.
        i -> i == 0 ? kept(asked) : hidden(asked, (i - 1) / columns, (i - 1) % columns),
        (i, mask, score) -> {
          if (i == 0) {
            whole[0] = score;
            return;
          }
          for (int p = 0; p < mask.length; p++) {
            if (mask[p] == 0) {
              falls[p] += whole[0] - score;
              covered[p]++;
            }
          }
        });
    float[] map = new float[falls.length];
    for (int p = 0; p < map.length; p++) {
      map[p] = (float) (falls[p] / covered[p]);
    }
    return map;
  }

  /** {@return how many places a window has along a side} */
  private int places(int side) {
    return Math.max(0, (side - window + stride - 1) / stride) + 1;
  }

  private static float[] kept(Asked asked) {
    float[] mask = new float[asked.height() * asked.width()];
    Arrays.fill(mask, 1);
    return mask;
  }

  private float[] hidden(Asked asked, int down, int right) {
    float[] mask = kept(asked);
    int end = Math.min(asked.height(), down * stride + window);
    for (int row = down * stride; row < end; row++) {
      int start = row * asked.width() + right * stride;
      int length = Math.min(window, asked.width() - right * stride);
      Arrays.fill(mask, start, start + length, 0);
    }
    return mask;
  }
}

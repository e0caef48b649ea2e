package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds where the positions are in a layer's output by what it answers to two pictures that are
 * mixed in stripes.
 *
 * <p>Two pictures of noise are run, and six mixtures of them: along the width, and along the
 * height, in halves, quarters and eighths. A place of the output then resembles the one picture
 * where the mixture shows that one, and the other elsewhere. Attention lets every place see all the
 * picture, but still most of what it has comes from its own place.
 *
 * <p>For each way to read the output as places and channels (the first two dimensions or the last
 * two, tokens on a grid of any size from any token on, and all of these with rows and columns
 * changed over) the likeness at each place is correlated with what the mixtures show there. A
 * reading is right if it fits well, and no other fits nearly as well; from which token on it fits
 * best has to be clearer than noise is. The correlation counts along the axis where it is lower.
 */
final class StripeTrial {

  private static final int[] STRIPES = {2, 4, 8};
  private static final int MIXTURES = 2 * STRIPES.length;

  /** The correlation that a reading has to reach. */
  private static final double ENOUGH = 0.3;

  /** In standard deviations of the correlation of noise, for outputs of few places. */
  private static final double DEVIATIONS = 2;

  /** The next best reading, as a share of the best, may reach this. */
  private static final double SECOND = 0.85;

  /** No network has more tokens without a position. */
  private static final int EXTRA = 16;

  /** Nor are more than this share of all tokens. */
  private static final int SHARE = 4;

  /** Points at which a stripe is looked at, within one place. */
  private static final int POINTS = 32;

  /** A variance of what is shown that is none. */
  private static final double FLAT = 1e-3;

  private static final int MAPS = 4;

  /**
   * One way to read an output.
   *
   * @param layout what it would mean; none if that is no layout there is
   * @param likeness of each mixture, for each place or token, to the second picture
   * @param first the first token of the grid
   * @param height rows
   * @param width columns
   * @param turned whether it runs column by column
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown; a list would box
  private record Reading(
      Optional<Layout> layout,
      double[][] likeness,
      int first,
      int height,
      int width,
      boolean turned) {

    private double at(int mixture, int row, int column) {
      return likeness[mixture][first + (turned ? column * height + row : row * width + column)];
    }
  }

  /**
   * How well a reading fits.
   *
   * @param noise the deviation of the correlation of as many values without any
   */
  private record Fit(Reading reading, double correlation, double noise) {

    Optional<Layout> layout() {
      return reading.layout();
    }

    double needed() {
      return Math.max(ENOUGH, DEVIATIONS * noise);
    }

    /**
     * Whether the two read the same grid from different tokens on: what lies one place beside
     * another looks much like it, so that all of these fit well if one does.
     */
    boolean isShiftOf(Fit other) {
      return reading.likeness() == other.reading.likeness()
          && reading.height() == other.reading.height()
          && reading.width() == other.reading.width()
          && reading.turned() == other.reading.turned();
    }
  }

  private final Shape input;

  private StripeTrial(Shape input) {
    this.input = input;
  }

  /**
   * {@return what is found of each layer}
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it
   * @param layers full names of layers that put out three or four dimensions
   * @param scope what runs on the way belongs to it
   */
  static Map<String, Positions.Found> run(
      LayeredModel model, Shape input, Set<String> layers, NDManager scope) {
    return new StripeTrial(input).run(model, layers, scope);
  }

  private Map<String, Positions.Found> run(
      LayeredModel model, Set<String> layers, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      NDArray one = Positions.noise(trial, input, 1);
      NDArray two = Positions.noise(trial, input, 2);
      Map<String, Trace.Hooked> ofOne = model.trace(one, layers).layers();
      Map<String, Trace.Hooked> ofTwo = model.trace(two, layers).layers();
      Map<String, double[][][]> likeness = new LinkedHashMap<>();
      for (int i = 0; i < MIXTURES; i++) {
        try (NDManager pass = trial.newSubManager()) {
          NDArray mask = mask(pass, i);
          NDArray mixed = two.sub(one).mul(mask).add(one);
          mixed.attach(pass);
          Map<String, Trace.Hooked> ofMixed = model.trace(mixed, layers).layers();
          for (String layer : layers) {
            NDArray[] three = {
              output(ofOne, layer, pass), output(ofTwo, layer, pass), output(ofMixed, layer, pass)
            };
            double[][][] byAxis =
                likeness.computeIfAbsent(
                    layer, name -> new double[three[0].getShape().dimension()][MIXTURES][]);
            for (int axis = 1; axis < byAxis.length; axis++) {
              byAxis[axis][i] = likeness(three, axis);
            }
          }
        }
      }
      Map<String, Positions.Found> found = new LinkedHashMap<>();
      likeness.forEach(
          (layer, byAxis) ->
              found.put(layer, decide(ofOne.get(layer).activation().getShape(), byAxis)));
      return found;
    }
  }

  private static NDArray output(Map<String, Trace.Hooked> layers, String layer, NDManager scope) {
    NDArray view = layers.get(layer).activation().stopGradient();
    view.attach(scope);
    return view.toType(DataType.FLOAT32, false);
  }

  /** One where a mixture shows the second picture; shape (1, 1, H, W) or one that spreads to it. */
  private NDArray mask(NDManager scope, int mixture) {
    boolean columns = mixture < STRIPES.length;
    int side = Math.toIntExact(input.get(columns ? 3 : 2));
    float[] values = new float[side];
    for (int i = 0; i < side; i++) {
      values[i] = shows(mixture, (i + 0.5) / side);
    }
    return scope.create(values, columns ? new Shape(1, 1, 1, side) : new Shape(1, 1, side, 1));
  }

  /** 1 where a mixture shows the second picture, at a share of the way along the side. */
  private static int shows(int mixture, double share) {
    return (int) (share * STRIPES[mixture % STRIPES.length]) % 2;
  }

  /** The share of a place that shows the second picture. */
  private static double shown(int mixture, int place, int places) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += shows(mixture, (place + (i + 0.5) / POINTS) / places);
    }
    return sum / POINTS;
  }

  /** From 0, as the first picture has it, to 1, as the second; an axis is summed over. */
  private static double[] likeness(NDArray[] three, int axis) {
    float[] fromOne = three[2].sub(three[0]).abs().sum(new int[] {axis}).toFloatArray();
    float[] fromTwo = three[2].sub(three[1]).abs().sum(new int[] {axis}).toFloatArray();
    double[] likeness = new double[fromOne.length];
    for (int i = 0; i < likeness.length; i++) {
      double both = (double) fromOne[i] + fromTwo[i];
      likeness[i] = both > 0 ? fromOne[i] / both : 0.5;
    }
    return likeness;
  }

  private Positions.Found decide(Shape shape, double[][][] byAxis) {
    List<Reading> readings =
        shape.dimension() == MAPS ? maps(shape, byAxis) : tokens(shape, byAxis);
    List<Fit> fits =
        readings.stream()
            .map(this::fit)
            .sorted(Comparator.comparingDouble(Fit::correlation).reversed())
            .toList();
    if (fits.isEmpty()) {
      return Positions.Found.unknown(
          Optional.of(shape), "its output %s has no grid of places".formatted(shape));
    }
    Fit best = fits.get(0);
    double second = best(fits.stream().skip(1).filter(fit -> !best.isShiftOf(fit)));
    double shifted = best(fits.stream().skip(1).filter(best::isShiftOf));
    String evidence =
        String.format(
            Locale.ROOT,
            "two pictures mixed in stripes: the likeness of its places to what is shown there correlates by %.2f, read in the next best way by %.2f, and beginning at another token by %.2f",
            best.correlation(),
            second,
            shifted);
    boolean right =
        best.layout().isPresent()
            && best.correlation() >= best.needed()
            && second <= SECOND * best.correlation()
            && shifted <= best.correlation() - best.noise();
    return right
        ? Positions.Found.known(shape, best.layout().get(), Fact.Origin.TRIED, evidence)
        : Positions.Found.unknown(Optional.of(shape), evidence);
  }

  private static double best(Stream<Fit> fits) {
    return fits.mapToDouble(Fit::correlation).reduce(0, Math::max);
  }

  private static List<Reading> maps(Shape shape, double[][][] byAxis) {
    List<Reading> readings = new ArrayList<>();
    if (shape.get(0) == 1) {
      add(readings, Layout.CHANNELS_FIRST, byAxis[1], shape.get(2), shape.get(3));
      add(readings, Layout.CHANNELS_LAST, byAxis[3], shape.get(1), shape.get(2));
    }
    return readings;
  }

  private static void add(
      List<Reading> readings, Layout layout, double[][] likeness, long rows, long columns) {
    int height = Math.toIntExact(rows);
    int width = Math.toIntExact(columns);
    if (height * width > 1) {
      readings.add(new Reading(Optional.of(layout), likeness, 0, height, width, false));
      readings.add(new Reading(Optional.empty(), likeness, 0, width, height, true));
    }
  }

  private List<Reading> tokens(Shape shape, double[][][] byAxis) {
    List<Reading> readings = new ArrayList<>();
    int count = Math.toIntExact(shape.get(1));
    if (shape.get(0) == 1) {
      for (Layout.Tokens grid : grids(count)) {
        add(readings, grid, grid, byAxis[2]);
      }
      // Channels before tokens: there is no such layout, so it must not fit better.
      for (Layout.Tokens grid : grids(Math.toIntExact(shape.get(2)))) {
        readings.add(
            new Reading(
                Optional.empty(), byAxis[1], grid.before(), grid.height(), grid.width(), false));
      }
    } else if (count == 1) {
      for (Layout.Tokens grid : grids(Math.toIntExact(shape.get(0)))) {
        add(readings, new Layout.TokensFirst(grid), grid, byAxis[2]);
      }
    }
    return readings;
  }

  private static void add(
      List<Reading> readings, Layout layout, Layout.Tokens grid, double[][] likeness) {
    int height = grid.height();
    int width = grid.width();
    readings.add(new Reading(Optional.of(layout), likeness, grid.before(), height, width, false));
    readings.add(new Reading(Optional.empty(), likeness, grid.before(), height, width, true));
  }

  /**
   * The grids that some tokens can hold: of the picture's shape at some stride, wherever they may
   * begin, and large enough that few tokens are left over.
   */
  private List<Layout.Tokens> grids(int count) {
    List<Layout.Tokens> grids = new ArrayList<>();
    for (int height = 1; height <= count; height++) {
      for (int width = 1; height * width <= count; width++) {
        int extra = count - height * width;
        boolean small = extra > EXTRA || extra > Math.max(1, count / SHARE);
        if (height * width == 1 || small || !oneStride(height, width)) {
          continue;
        }
        for (int before = 0; before <= extra; before++) {
          grids.add(new Layout.Tokens(before, height, width));
        }
      }
    }
    return grids;
  }

  /** Whether one stride leads from the picture's rows and columns to a grid's, rounded one way. */
  private boolean oneStride(int height, int width) {
    double rows = input.get(2);
    double columns = input.get(3);
    double most = Math.min(rows / height, columns / width);
    double least = Math.max(rows / height, columns / width);
    boolean roundedDown = Math.max(rows / (height + 1), columns / (width + 1)) < most;
    boolean roundedUp = least < Math.min(rows / (height - 1), columns / (width - 1));
    return roundedDown || roundedUp;
  }

  /**
   * The correlation along the rows or along the columns, whichever is lower: a reading that has one
   * of the two right is wrong.
   */
  private Fit fit(Reading reading) {
    Sums columns = new Sums();
    Sums rows = new Sums();
    for (int mixture = 0; mixture < MIXTURES; mixture++) {
      add(reading, mixture, mixture < STRIPES.length ? columns : rows);
    }
    double correlation =
        Stream.of(columns, rows)
            .filter(sums -> sums.places > 0)
            .mapToDouble(Sums::correlation)
            .min()
            .orElse(0);
    int places = columns.places + rows.places;
    return new Fit(reading, correlation, 1 / Math.sqrt(Math.max(1, places)));
  }

  /** What the correlation of some mixtures is made of, each about its own mean. */
  private static final class Sums {
    double product;
    double ofShown;
    double ofLikeness;
    int places;

    double correlation() {
      return ofShown > 0 && ofLikeness > 0 ? product / Math.sqrt(ofShown * ofLikeness) : 0;
    }
  }

  private static void add(Reading reading, int mixture, Sums sums) {
    boolean columns = mixture < STRIPES.length;
    int side = columns ? reading.width() : reading.height();
    int count = reading.height() * reading.width();
    double[] shown = new double[side];
    double meanShown = 0;
    for (int i = 0; i < side; i++) {
      shown[i] = shown(mixture, i, side);
      meanShown += shown[i] / side;
    }
    double meanLikeness = 0;
    for (int i = 0; i < count; i++) {
      meanLikeness += reading.at(mixture, i / reading.width(), i % reading.width()) / count;
    }
    double product = 0;
    double ofShown = 0;
    double ofLikeness = 0;
    for (int i = 0; i < count; i++) {
      int row = i / reading.width();
      int column = i % reading.width();
      double x = shown[columns ? column : row] - meanShown;
      double y = reading.at(mixture, row, column) - meanLikeness;
      product += x * y;
      ofShown += x * x;
      ofLikeness += y * y;
    }
    // Stripes as fine as the grid show every place the same, and say nothing.
    if (ofShown > FLAT * count) {
      sums.product += product;
      sums.ofShown += ofShown;
      sums.ofLikeness += ofLikeness;
      sums.places += count;
    }
  }
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
 *
 * <p>A low correlation has two causes: noise, since places also answer to what the two pictures
 * happen to show, and places that lie elsewhere than they are read, some of them or all. Noise is
 * another with two other pictures, places are not. So where a reading fits, but not clearly, the
 * trial is repeated with two others, and the reading has to explain its part of what is the same
 * both times.
 *
 * <p>Where padding moves the picture by a little, or makes it smaller, the reading still fits. So
 * it is tried whether it fits clearly better if the picture lies elsewhere, see {@link Placement},
 * and whether it does so with two other pictures.
 *
 * <p>A part of a picture correlates with all of it. So a layer that does not see all of the picture
 * has no reading, see {@link Sight}.
 *
 * <p>Where attention takes most of a place from elsewhere, nothing fits. The place is then that of
 * what asks, the query, which the rows of attention's products are. So a layer that is still open
 * is tried once more while all that is asked, keys and values, stays that of a picture of its own.
 * What a place answers then depends on its query alone, and a reading has to fit clearly.
 */
final class StripeTrial {

  private static final int[] STRIPES = {2, 4, 8};
  private static final int MIXTURES = 2 * STRIPES.length;

  /** The correlation that a reading has to reach. */
  private static final double ENOUGH = 0.3;

  /**
   * The correlation that says enough by itself. Of 882 layers of 34 published networks whose places
   * are known from their programs, 736 reach it; no wrong reading of one reached 0.25. Scrambled
   * cells and a layer that sees a quarter of the picture reached 0.35.
   */
  private static final double CLEAR = 0.5;

  /**
   * The share that a reading has to explain of what is the same with other pictures. Of the 45
   * layers between the two correlations, 44 leave it at 0.23 and more; scrambled cells and a
   * quarter of the picture at 0.15.
   */
  private static final double EXPLAINED = 0.22;

  /**
   * The share below which that speaks against a layout that somebody states. Right ones come down
   * to 0.19: maps of 7×7 places, each of which sees most of the picture (layer4.0.conv3 of
   * resnest14d with random weights).
   */
  private static final double CONTRADICTED = 0.1;

  /**
   * The correlation of two trials from which on it is said that places answer to something that is
   * the same with other pictures.
   */
  private static final double AGREED = 0.5;

  /** The correlation below which stripes of one width are not believed without a second trial. */
  private static final double EACH = 0.3;

  /** Places that a stripe has to have before stripes of its width count by themselves. */
  private static final int IN_A_STRIPE = 2;

  /** The second trial's pictures are none of the first. */
  private static final int SEED = 1;

  private static final int OTHER_SEED = 3;

  /** Nor is the picture whose keys and values all the others get. */
  private static final int HELD_SEED = 5;

  private static final String PART =
      "what it puts out stays the same whatever %s of a picture show. Its maps are of a part of the picture, and not of all over which they would be laid. Save the network without the step that cuts its pictures, and let its preprocessing cut; or state the layout, and read its maps as those of that part";

  private static final String RESAMPLED =
      "%s; but its program takes values at places that it works out (grid_sample), and by this trial a picture that is turned or moved by a little cannot be told from one that is not. Save the network without that step, or state the layout if it lies before it";

  private static final String OTHER_WAY =
      "it did not run with each of the pictures of noise that were tried: which way the network goes depends on the picture";

  private static final String HELD =
      "with the keys and values of attention held, as another picture has them, ";

  /** In standard deviations of the correlation of noise, for outputs of few places. */
  private static final double DEVIATIONS = 2;

  /** The next best reading, as a share of the best, may reach this. */
  private static final double SECOND = 0.85;

  /** No network has more tokens without a position. */
  private static final int EXTRA = 16;

  /** Nor are more than this share of all tokens. */
  private static final int SHARE = 4;

  /** A variance of what is shown that is none. */
  private static final double FLAT = 1e-3;

  private static final int MAPS = 4;

  private static final int PERCENT = 100;

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

    /** The likeness at a place, counted row by row. */
    double at(int mixture, int place) {
      int inside = turned ? place % width * height + place / width : place;
      return likeness[mixture][first + inside];
    }

    /** The share of the second picture that a mixture shows at each place, about its mean. */
    double[] shown(int mixture) {
      boolean columns = isOfColumns(mixture);
      double[] along = new double[columns ? width : height];
      for (int i = 0; i < along.length; i++) {
        along[i] = StripeTrial.shown(mixture, i, along.length);
      }
      return centred(height * width, place -> along[columns ? place % width : place / width]);
    }

    /** The likeness along one side, for each mixture along it: the mean of what lies across. */
    double[][] profiles(boolean columns) {
      double[][] profiles = new double[STRIPES.length][columns ? width : height];
      for (int i = 0; i < profiles.length; i++) {
        int mixture = columns ? i : STRIPES.length + i;
        for (int place = 0; place < height * width; place++) {
          profiles[i][columns ? place % width : place / width] +=
              at(mixture, place) / (columns ? height : width);
        }
      }
      return profiles;
    }

    /** The likeness at each place, about its mean. */
    double[] likeness(int mixture) {
      return centred(height * width, place -> at(mixture, place));
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

    /** As a reading that no layout says. */
    Fit withoutLayout() {
      Reading none =
          new Reading(
              Optional.empty(),
              reading.likeness(),
              reading.first(),
              reading.height(),
              reading.width(),
              reading.turned());
      return new Fit(none, correlation, noise);
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

  private final LayeredModel model;
  private final Shape input;
  private final Set<String> layers;

  /** What the layers answer; empty before somebody asks. */
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  private final Map<String, Decision> decisions = new LinkedHashMap<>();

  private final Map<String, Sight.Unseen> unseen = new HashMap<>();

  /** The layers that were tried with two other pictures, and those with keys and values held. */
  private final Set<String> repeated = new HashSet<>();

  private final Set<String> held = new HashSet<>();

  /**
   * Nothing runs before somebody asks.
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it
   * @param layers full names of layers that put out three or four dimensions; what has to run runs
   *     once for all of them
   */
  StripeTrial(LayeredModel model, Shape input, Set<String> layers) {
    this.model = model;
    this.input = input;
    this.layers = Set.copyOf(layers);
  }

  /**
   * {@return what is found of a layer}
   *
   * @param layer one of the layers
   * @param scope what runs on the way belongs to it
   */
  Positions.Found of(String layer, NDManager scope) {
    if (answers.isEmpty()) {
      begin(scope);
    }
    if (!answers.containsKey(layer)) {
      return Positions.Found.unknown(Optional.empty(), OTHER_WAY);
    }
    if (isCut(layer)) {
      return Positions.Found.unknown(
          Optional.of(answers.get(layer).shape()), PART.formatted(unseen.get(layer)));
    }
    if (decisions.get(layer).isUnclear() && !repeated.contains(layer)) {
      repeat(scope);
    }
    if (decisions.get(layer).isOpen() && !held.contains(layer)) {
      hold(scope);
    }
    Positions.Found found = decisions.get(layer).found(answers.get(layer).shape());
    return found.hasPositions() && model.resamples()
        ? Positions.Found.unknown(found.shape(), RESAMPLED.formatted(found.evidence()))
        : found;
  }

  /**
   * {@return what some layers do not see of a picture; those that see all of it are left out}
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it
   * @param layers full names
   * @param scope what runs on the way belongs to it
   */
  static Map<String, Sight.Unseen> unseen(
      LayeredModel model, Shape input, Set<String> layers, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      Run run = run(model, layers);
      NDArray one = Positions.noise(trial, input, SEED);
      return Sight.unseen(
          run::outputs, one, Positions.noise(trial, input, SEED + 1), run.outputs(one));
    }
  }

  private void begin(NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      Run run = run(model, layers);
      NDArray one = Positions.noise(trial, input, SEED);
      NDArray two = Positions.noise(trial, input, SEED + 1);
      Map<String, NDArray> ofOne = run.outputs(one);
      Map<String, Sight.Unseen> blind = Sight.unseen(run::outputs, one, two, ofOne);
      Map<String, Answer> found = answers(run, layers, one, two, ofOne);
      unseen.putAll(blind);
      answers.putAll(found);
      answers.forEach((name, answer) -> decisions.put(name, decide(answer)));
    }
  }

  /** Whether a layer's maps, as they are read, are of a part of the picture. */
  private boolean isCut(String layer) {
    Optional<Reading> reading = decisions.get(layer).best().map(Fit::reading);
    return unseen.containsKey(layer)
        && unseen
            .get(layer)
            .isCut(reading.map(Reading::height).orElse(1), reading.map(Reading::width).orElse(1));
  }

  /** Tries once more with two other pictures what is not clear. */
  private void repeat(NDManager scope) {
    Set<String> unclear = those(Decision::isUnclear, repeated);
    Map<String, Answer> again = answers(run(model, unclear), unclear, OTHER_SEED, scope);
    for (String layer : unclear) {
      Decision first = decisions.get(layer);
      decisions.put(
          layer, again.containsKey(layer) ? repeated(first, again.get(layer)) : first.refused());
    }
    // Last: what was interrupted is tried again when somebody asks again.
    repeated.addAll(unclear);
  }

  /** Tries once more with keys and values held what fits nothing. */
  private void hold(NDManager scope) {
    Set<String> open = those(Decision::isOpen, held);
    held(open, scope)
        .forEach(
            (layer, answer) -> {
              Decision decision = decide(answer);
              if (decision.right() && !decision.isUnclear()) {
                decisions.put(layer, decision.with(HELD + decision.evidence()));
              }
            });
    held.addAll(open);
  }

  private Set<String> those(Predicate<Decision> meant, Set<String> tried) {
    Set<String> those = new LinkedHashSet<>(decisions.keySet());
    those.removeIf(this::isCut);
    those.removeIf(layer -> tried.contains(layer) || !meant.test(decisions.get(layer)));
    return those;
  }

  /**
   * What a layer answers.
   *
   * @param shape of its output
   * @param byAxis the likeness to the second picture where an axis is summed over, for each mixture
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown; a list would box
  private record Answer(Shape shape, double[][][] byAxis) {}

  /** Runs a picture, shape (1, C, H, W): what layers put out, in its scope. */
  private interface Run {
    Map<String, NDArray> outputs(NDArray picture);
  }

  private static Run run(LayeredModel model, Set<String> layers) {
    return picture -> {
      Map<String, NDArray> outputs = new LinkedHashMap<>();
      model
          .trace(picture, layers)
          .layers()
          .forEach((layer, hooked) -> outputs.put(layer, hooked.activation()));
      return outputs;
    };
  }

  /**
   * What layers answer while the second factors of products are those of a picture of its own.
   * Empty where none can be held, or where the model takes one picture only.
   */
  private Map<String, Answer> held(Set<String> open, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      NDArray other = Positions.noise(trial, input, HELD_SEED);
      Optional<Trace> first = model.held(other.repeat(0, 2), open);
      if (first.isEmpty()) {
        return Map.of();
      }
      Set<String> halved = new LinkedHashSet<>(first.get().layers().keySet());
      halved.removeIf(
          layer ->
              halved(first.get().layers().get(layer).activation(), answers.get(layer).shape())
                  .isEmpty());
      Run run =
          picture -> {
            NDArray both = other.concat(picture, 0);
            both.attach(picture.getManager());
            Map<String, NDArray> outputs = new LinkedHashMap<>();
            model
                .held(both, halved)
                .orElseThrow()
                .layers()
                .forEach(
                    (layer, hooked) ->
                        outputs.put(
                            layer,
                            halved(hooked.activation(), answers.get(layer).shape()).orElseThrow()));
            return outputs;
          };
      return answers(run, halved, SEED, scope);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      return Map.of(); // many traced programs take one picture only, each with an exception
    }
  }

  /** The second of two pictures' outputs, from the axis that is twice as long as for one. */
  private static Optional<NDArray> halved(NDArray two, Shape one) {
    long[] lengths = one.getShape();
    for (int axis = 0; axis < Math.min(2, lengths.length); axis++) {
      long[] twice = lengths.clone();
      twice[axis] *= 2;
      if (two.getShape().equals(new Shape(twice))) {
        return Optional.of(two.get(axis == 0 ? "{}:" : ":, {}:", lengths[axis]));
      }
    }
    return Optional.empty();
  }

  private Map<String, Answer> answers(Run run, Set<String> asked, int seed, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      NDArray one = Positions.noise(trial, input, seed);
      NDArray two = Positions.noise(trial, input, seed + 1);
      return answers(run, asked, one, two, run.outputs(one));
    }
  }

  private Map<String, Answer> answers(
      Run run, Set<String> asked, NDArray one, NDArray two, Map<String, NDArray> ofOne) {
    Map<String, NDArray> ofTwo = run.outputs(two);
    Map<String, Answer> found = new LinkedHashMap<>();
    Set<String> ran = new LinkedHashSet<>(asked);
    ran.retainAll(ofOne.keySet());
    ran.retainAll(ofTwo.keySet());
    for (int i = 0; i < MIXTURES; i++) {
      try (NDManager pass = one.getManager().newSubManager()) {
        Map<String, NDArray> ofMixed = run.outputs(Sight.mixed(one, two, mask(pass, i)));
        ran.retainAll(ofMixed.keySet());
        for (String layer : ran) {
          NDArray[] three = {
            output(ofOne, layer, pass), output(ofTwo, layer, pass), output(ofMixed, layer, pass)
          };
          Shape shape = ofOne.get(layer).getShape();
          double[][][] byAxis =
              found
                  .computeIfAbsent(
                      layer, name -> new Answer(shape, new double[shape.dimension()][MIXTURES][]))
                  .byAxis();
          for (int axis = 1; axis < byAxis.length; axis++) {
            byAxis[axis][i] = likeness(three, axis);
          }
        }
      }
    }
    found.keySet().retainAll(ran);
    return found;
  }

  private static NDArray output(Map<String, NDArray> layers, String layer, NDManager scope) {
    NDArray view = layers.get(layer).stopGradient();
    view.attach(scope);
    return view.toType(DataType.FLOAT32, false);
  }

  /** One where a mixture shows the second picture. */
  private NDArray mask(NDManager scope, int mixture) {
    int axis = isOfColumns(mixture) ? 3 : 2;
    int side = Math.toIntExact(input.get(axis));
    float[] values = new float[side];
    for (int i = 0; i < side; i++) {
      values[i] = shows(mixture, (i + 0.5) / side);
    }
    return Sight.spread(scope, values, axis);
  }

  private static boolean isOfColumns(int mixture) {
    return mixture < STRIPES.length;
  }

  /** 1 where a mixture shows the second picture, at a share of the way along the side. */
  private static int shows(int mixture, double share) {
    return (int) (share * STRIPES[mixture % STRIPES.length]) % 2;
  }

  /** The share of a place that shows the second picture. */
  private static double shown(int mixture, int place, int places) {
    return shown(mixture, (double) place / places, (place + 1.0) / places);
  }

  /** The share that shows the second picture, between two shares of the way along the side. */
  private static double shown(int mixture, double from, double to) {
    int stripes = STRIPES[mixture % STRIPES.length];
    return (shown(to * stripes) - shown(from * stripes)) / ((to - from) * stripes);
  }

  /** How many stripes of the first so many show the second picture: each other one. */
  private static double shown(double stripes) {
    double pairs = Math.floor(stripes / 2);
    return pairs + Math.max(0, stripes - 2 * pairs - 1);
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

  /**
   * What is decided of a layer.
   *
   * @param place which of the readings is meant
   * @param right whether it is the layer's
   * @param evidence in words
   * @param elsewhere where the picture seems to lie along the rows or columns; empty if from end to
   *     end
   * @param uneven whether stripes of some width fit by far less than others do
   */
  private record Decision(
      Optional<Fit> best,
      int place,
      boolean right,
      String evidence,
      Map<String, Placement> elsewhere,
      boolean uneven) {

    Decision(Optional<Fit> best, int place, boolean right, String evidence) {
      this(best, place, right, evidence, Map.of(), false);
    }

    /** Rows and columns, or tokens and channels, are changed over in what fits. */
    boolean fitsNoLayout() {
      return best.filter(fit -> fit.layout().isEmpty() && fit.correlation() >= fit.needed())
          .isPresent();
    }

    Decision with(String otherEvidence) {
      return new Decision(best, place, right, otherEvidence, elsewhere, uneven);
    }

    Decision refused() {
      return new Decision(best, place, false, OTHER_WAY, elsewhere, uneven);
    }

    boolean isUnclear() {
      return right && (best.orElseThrow().correlation() < CLEAR || !elsewhere.isEmpty() || uneven);
    }

    /** Nothing fits, not even what is no layout. */
    boolean isOpen() {
      return !right && !fitsNoLayout();
    }

    Positions.Found found(Shape shape) {
      return right
          ? Positions.Found.known(
              shape, best.flatMap(Fit::layout).orElseThrow(), Fact.Origin.TRIED, evidence)
          : Positions.Found.unknown(Optional.of(shape), evidence);
    }
  }

  private List<Reading> readings(Answer answer) {
    return answer.shape().dimension() == MAPS
        ? maps(answer.shape(), answer.byAxis())
        : tokens(answer.shape(), answer.byAxis());
  }

  private Decision decide(Answer answer) {
    List<Fit> fits = readings(answer).stream().map(this::fit).toList();
    if (fits.isEmpty()) {
      return new Decision(
          Optional.empty(),
          0,
          false,
          "its output %s has no grid of places".formatted(answer.shape()));
    }
    Fit best = Collections.max(fits, Comparator.comparingDouble(Fit::correlation));
    int place = fits.indexOf(best);
    List<Fit> others = new ArrayList<>(fits);
    others.remove(place);
    double second = best(others.stream().filter(fit -> !best.isShiftOf(fit)));
    double shifted = best(others.stream().filter(best::isShiftOf));
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
    Decision decision =
        new Decision(
            Optional.of(best),
            place,
            right,
            evidence,
            right ? elsewhere(best.reading()) : Map.of(),
            right && isUneven(best.reading()));
    return decision.fitsNoLayout()
        ? decision.with(
            evidence
                + "; no layout says that reading: rows and columns, or tokens and channels, are changed over in it")
        : decision;
  }

  /** Along which of columns and rows the picture seems to lie elsewhere, and where. */
  private static Map<String, Placement> elsewhere(Reading reading) {
    Map<String, Placement> found = new LinkedHashMap<>();
    Placement.elsewhere(reading.profiles(true), StripeTrial::shown)
        .ifPresent(placement -> found.put("columns", placement));
    Placement.elsewhere(reading.profiles(false), StripeTrial::shown)
        .ifPresent(placement -> found.put("rows", placement));
    return found;
  }

  /** Decides again by what two other pictures give, where noise may be why a fit is not clear. */
  private Decision repeated(Decision first, Answer again) {
    Fit best = first.best().orElseThrow();
    Reading one = best.reading();
    Reading two = readings(again).get(first.place());
    Map<String, Placement> confirmed = first.elsewhere().isEmpty() ? Map.of() : elsewhere(two);
    Optional<String> moved =
        first.elsewhere().entrySet().stream()
            .filter(side -> confirmed.containsKey(side.getKey()))
            .map(side -> side.getValue().words(side.getKey()))
            .findFirst();
    if (moved.isPresent()) {
      return new Decision(
          Optional.of(best.withoutLayout()),
          first.place(),
          false,
          first.evidence() + "; " + moved.get());
    }
    Optional<String> otherOrder = otherOrder(one, two, EXPLAINED);
    if (otherOrder.isPresent()) {
      return new Decision(
          first.best(), first.place(), false, first.evidence() + "; " + otherOrder.get());
    }
    if (best.correlation() >= CLEAR) {
      return new Decision(first.best(), first.place(), true, first.evidence());
    }
    double share =
        Math.min(
            explained(one, two, along(true)).share(), explained(one, two, along(false)).share());
    return new Decision(
        first.best(),
        first.place(),
        share >= EXPLAINED,
        String.format(
            Locale.ROOT,
            "%s; with two other pictures, it explains %.0f %% of what is the same both times",
            first.evidence(),
            Math.min(1, share) * PERCENT));
  }

  /** Whether stripes of some width, in which there are several places, do not fit by themselves. */
  private static boolean isUneven(Reading reading) {
    return IntStream.range(0, MIXTURES)
        .filter(mixture -> hasSeveralPlaces(reading, mixture))
        .anyMatch(
            mixture -> {
              Sums sums = new Sums();
              return sums.add(reading.shown(mixture), reading.likeness(mixture))
                  && sums.correlation() < EACH;
            });
  }

  private static boolean hasSeveralPlaces(Reading reading, int mixture) {
    int places = isOfColumns(mixture) ? reading.width() : reading.height();
    return places >= IN_A_STRIPE * STRIPES[mixture % STRIPES.length];
  }

  /** The mixtures along the columns, or along the rows. */
  private static List<Integer> along(boolean columns) {
    return IntStream.range(0, MIXTURES)
        .filter(mixture -> isOfColumns(mixture) == columns)
        .boxed()
        .toList();
  }

  /**
   * That places lie in another order than they are read, in words: they answer to what stripes show
   * in the same way with other pictures, and what the reading says they show explains little of
   * that. So it is asked of all stripes along one side, and of each width that has several places,
   * since places that are changed over inside wide stripes fit these.
   *
   * @param one a reading, by two pictures
   * @param two the same, by two others
   * @param enough the share of what the two have in common from which on the order is right
   */
  private static Optional<String> otherOrder(Reading one, Reading two, double enough) {
    for (boolean columns : new boolean[] {true, false}) {
      List<List<Integer>> asked = new ArrayList<>(List.of(along(columns)));
      along(columns).stream()
          .filter(mixture -> hasSeveralPlaces(one, mixture))
          .forEach(mixture -> asked.add(List.of(mixture)));
      for (List<Integer> mixtures : asked) {
        Explained explained = explained(one, two, mixtures);
        if (explained.agreement() >= AGREED && explained.share() < enough) {
          return Optional.of(explained.words(columns, mixtures));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What two trials have in common.
   *
   * @param agreement their correlation with one another
   * @param share what the mixtures show explains of the common variance: not negative; more than
   *     one by chance
   */
  private record Explained(double agreement, double share) {

    String words(boolean columns, List<Integer> mixtures) {
      String width =
          mixtures.size() > 1 ? "stripes" : STRIPES[mixtures.get(0) % STRIPES.length] + " stripes";
      return String.format(
          Locale.ROOT,
          "along its %s, what its places are like where %s of two pictures are shown correlates by %.2f with what they are like for two other pictures, and %.0f %% of that is what they would show in this order, as where they lie in another",
          columns ? "columns" : "rows",
          width,
          agreement,
          Math.min(1, share) * PERCENT);
    }
  }

  /**
   * The share of the variance common to two trials that what the mixtures show explains: the
   * product of the correlations of each trial with it by that of the trials with one another. Noise
   * lowers all of these, and leaves the share.
   */
  private static Explained explained(Reading one, Reading two, List<Integer> mixtures) {
    Sums first = new Sums();
    Sums second = new Sums();
    double common = 0;
    for (int mixture : mixtures) {
      double[] shown = one.shown(mixture);
      double[] likeness = one.likeness(mixture);
      double[] again = two.likeness(mixture);
      if (first.add(shown, likeness) && second.add(shown, again)) {
        common += product(likeness, again);
      }
    }
    if (first.places == 0) {
      return new Explained(0, 1); // a grid of one row has nothing to explain along it
    }
    boolean against = first.product <= 0 || second.product <= 0 || common <= 0;
    double squares = first.ofLikeness * second.ofLikeness;
    return new Explained(
        squares > 0 ? common / Math.sqrt(squares) : 0,
        against ? 0 : first.product * second.product / (first.ofShown * common));
  }

  /**
   * {@return what speaks against a layout of a layer, in words; empty if nothing does} The trial is
   * run twice, with two pictures each, and asked of that layout alone. What fits nothing, as where
   * attention takes most of a place from elsewhere, speaks neither for it nor against it.
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it
   * @param layer its full name
   * @param layout one that has positions and fits the layer's output
   * @param scope what runs on the way belongs to it
   */
  static Optional<String> against(
      LayeredModel model, Shape input, String layer, Layout layout, NDManager scope) {
    StripeTrial trial = new StripeTrial(model, input, Set.of(layer));
    Run run = run(model, trial.layers);
    Answer first = trial.answers(run, trial.layers, SEED, scope).get(layer);
    Answer second = trial.answers(run, trial.layers, OTHER_SEED, scope).get(layer);
    if (first == null || second == null) {
      return Optional.empty();
    }
    long pictures = first.shape().get(layout instanceof Layout.TokensFirst ? 1 : 0);
    if (pictures != 1) {
      return Optional.of(
          String.format(
              Locale.ROOT, "for one picture it puts out %d of them, %s", pictures, first.shape()));
    }
    Reading one = reading(first, layout);
    Reading two = reading(second, layout);
    Map<String, Placement> again = elsewhere(two);
    return trial
        .otherReading(first, layout)
        .or(() -> otherOrder(one, two, CONTRADICTED))
        .or(
            () ->
                elsewhere(one).entrySet().stream()
                    .filter(
                        side ->
                            again.containsKey(side.getKey())
                                && side.getValue().isConfirmedBy(again.get(side.getKey())))
                    .map(side -> side.getValue().words(side.getKey()))
                    .findFirst());
  }

  /** What fits clearly, and is another way to read an output than a layout, in words. */
  private Optional<String> otherReading(Answer answer, Layout layout) {
    Decision decision = decide(answer);
    return decision
        .best()
        .filter(fit -> fit.correlation() >= CLEAR && !fit.layout().equals(Optional.of(layout)))
        .map(fit -> decision.evidence());
  }

  private static Reading reading(Answer answer, Layout layout) {
    Shape maps = layout.maps(answer.shape());
    int axis = layout instanceof Layout.ChannelsFirst ? 1 : answer.shape().dimension() - 1;
    int before = 0;
    if (layout instanceof Layout.Tokens tokens) {
      before = tokens.before();
    } else if (layout instanceof Layout.TokensFirst first) {
      before = first.tokens().before();
    }
    return new Reading(
        Optional.of(layout),
        answer.byAxis()[axis],
        before,
        Math.toIntExact(maps.get(2)),
        Math.toIntExact(maps.get(3)),
        false);
  }

  private static double best(Stream<Fit> fits) {
    return fits.mapToDouble(Fit::correlation).reduce(0, Math::max);
  }

  private List<Reading> maps(Shape shape, double[][][] byAxis) {
    List<Reading> readings = new ArrayList<>();
    if (shape.get(0) == 1) {
      add(readings, Layout.CHANNELS_FIRST, byAxis[1], shape.get(2), shape.get(3));
      add(readings, Layout.CHANNELS_LAST, byAxis[3], shape.get(1), shape.get(2));
    }
    return readings;
  }

  private void add(
      List<Reading> readings, Layout layout, double[][] likeness, long rows, long columns) {
    int height = Math.toIntExact(rows);
    int width = Math.toIntExact(columns);
    // A single channel beside places is no row of places.
    boolean line = Math.min(height, width) == 1 && !oneStride(height, width);
    if (height * width > 1 && !line) {
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
      (isOfColumns(mixture) ? columns : rows)
          .add(reading.shown(mixture), reading.likeness(mixture));
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

    /**
     * Adds a mixture, unless its stripes are as fine as the grid: these show every place the same,
     * and say nothing.
     *
     * @return whether it was added
     */
    boolean add(double[] shown, double[] likeness) {
      double square = product(shown, shown);
      if (square <= FLAT * shown.length) {
        return false;
      }
      product += product(shown, likeness);
      ofShown += square;
      ofLikeness += product(likeness, likeness);
      places += shown.length;
      return true;
    }

    double correlation() {
      return ofShown > 0 && ofLikeness > 0 ? product / Math.sqrt(ofShown * ofLikeness) : 0;
    }
  }

  private static double product(double[] one, double[] two) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * two[i];
    }
    return sum;
  }

  private static double[] centred(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    double mean = 0;
    for (int i = 0; i < count; i++) {
      values[i] = value.applyAsDouble(i);
      mean += values[i] / count;
    }
    for (int i = 0; i < count; i++) {
      values[i] -= mean;
    }
    return values;
  }
}

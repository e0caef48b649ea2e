package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether what a network puts out is squashed already, found by running it: on the blank picture
 * first, and only if that leaves it open, on noise of several strengths. Noise a thousand times as
 * strong as a picture drives logits far out of [0, 1], and what is squashed to its ends.
 */
final class OutputTrials {

  /** What to know of a number that is a probability already. */
  static final String VANISHING =
      "; gradients of a probability close to 0 or 1 vanish, so its maps may be all zero: better export the network without its end";

  private static final float[] STRENGTHS = {1, 1, 10, 100, 1000, 1000};

  /** So close to 0 or 1 comes what is squashed, if what goes in is large. */
  private static final double CLOSE = 1e-3;

  /** So close to 1 is 1, in single precision. */
  private static final double EXACT = 1e-6;

  private static final double PER_CENT = 100;

  /** Two numbers are always in order. */
  private static final int ORDERED = 3;

  /** The dimensions of a map for each class. */
  static final int MAP = 4;

  /** Digits of a number in words. */
  static final int SHOWN = 4;

  private static final int COLOURS = 16;

  /** Preprocessed colours lie within two deviations or so. */
  private static final float COLOURFUL = 2;

  private final NDManager manager;
  private final Shape input;
  private final UnaryOperator<NDArray> run;

  /** Of what comes out the scores, those of boxes or tokens as a map. */
  private final UnaryOperator<NDArray> scores;

  /** All numbers that come out for the blank picture, and their shape. */
  private final double[] blank;

  private final Shape output;

  /** Of the scores. */
  private final Shape shape;

  private final int axis;

  /** Which dimension of what comes out the classes, or the numbers of a box, are along. */
  private final int outputAxis;

  private final boolean areOfBoxes;

  /** Whether some trial gave more scores or fewer than the blank picture, or that gave none. */
  private boolean varied;

  private final List<double[]> found = new ArrayList<>();
  private final RandomGenerator random = new SplittableRandom(1);

  /** How many of the strengths were run. */
  private int tried;

  /** Whether gradients were followed, and where that led. */
  private boolean followed;

  private Optional<GradientTrial.Range> driven = Optional.empty();

  /**
   * Runs the blank picture.
   *
   * @param manager what is run belongs to scopes of it
   * @param input the shape of one picture, (1, C, H, W)
   * @param run the network
   * @param classes what is stated
   */
  OutputTrials(NDManager manager, Shape input, UnaryOperator<NDArray> run, Classes classes) {
    this.manager = manager;
    this.input = input;
    this.run = run;
    this.scores = all -> scores(all, classes);
    try (NDManager scope = manager.newSubManager()) {
      NDArray all = run.apply(scope.zeros(input));
      output = all.getShape();
      blank = values(all);
      NDArray map = scores.apply(all);
      shape = map.getShape();
      axis = classes.axis(shape);
      found.add(values(map));
    }
    OptionalInt box = Outputs.boxAxis(output, classes);
    areOfBoxes = box.isPresent();
    outputAxis = box.orElseGet(() -> classes.axis(output));
  }

  /**
   * Those of boxes or of tokens as a map, shape (1, classes, boxes, 1); of all else as they are.
   */
  private static NDArray scores(NDArray output, Classes classes) {
    return Outputs.areRows(output.getShape(), classes)
        ? Outputs.scoresOfRows(output, classes).expandDims(MAP - 1)
        : output;
  }

  private static double[] values(NDArray output) {
    return output.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  /** What comes out for one picture. */
  Shape shape() {
    return output;
  }

  /** Whether they are boxes with scores, of which the scores are looked at. */
  boolean areOfBoxes() {
    return areOfBoxes;
  }

  /** Runs all trials; whether each gave as many scores as the first, and not none. */
  boolean haveAsMany() {
    while (more()) {
      // each is kept
    }
    return !varied && found.get(0).length > 0;
  }

  /** How many numbers come out for one picture, or for one place of it. */
  long numbers() {
    return shape.get(axis);
  }

  private String numbersInWords() {
    return areOfBoxes ? "its scores" : "its numbers";
  }

  /** How many pictures were run. */
  int count() {
    return found.size();
  }

  /** The first number for the blank picture that is not finite. */
  double firstNotFinite() {
    return Arrays.stream(found.get(0))
        .filter(number -> !Double.isFinite(number))
        .findFirst()
        .orElse(Double.NaN);
  }

  /**
   * Whether all numbers for the blank picture are finite, or all for one of noise: a blank one may
   * have nothing to be divided by.
   */
  boolean areNumbers() {
    return areFinite(blank) || areFinite(ofNoise(input -> values(run.apply(input))));
  }

  /**
   * What differs between two runs of the blank picture, in words; empty if nothing does but
   * rounding.
   *
   * @param precision the step behind 1 of the numbers that are computed with
   */
  Optional<String> difference(float precision) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray before = scope.create(blank, output).toType(DataType.FLOAT32, false);
      NDArray again = run.apply(scope.zeros(input)).toType(DataType.FLOAT32, false);
      return Trial.difference(before, again, Trial.rounding(precision));
    }
  }

  /** The first layer of a model, as they run, of whose output for noise a number is not finite. */
  Optional<String> firstWithoutNumbers(LayeredModel model) {
    return ofNoise(noise -> firstWithoutNumbers(model, noise));
  }

  /** The first layer of a model, as they run, of whose output a number is not finite. */
  static Optional<String> firstWithoutNumbers(LayeredModel model, NDArray picture) {
    Map<String, Trace.Hooked> layers = model.trace(picture, Set.copyOf(model.names())).layers();
    return model.names().stream()
        .filter(layers::containsKey)
        .filter(layer -> !areFinite(values(layers.get(layer).activation())))
        .findFirst();
  }

  private <T> T ofNoise(Function<NDArray, T> look) {
    try (NDManager scope = manager.newSubManager()) {
      return look.apply(Trial.picture(scope, input, new SplittableRandom(1)));
    }
  }

  private static boolean areFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /** Whether all numbers of all trials are whole. */
  boolean areWhole() {
    return all(
        values ->
            values.length > 0
                && Arrays.stream(values).allMatch(value -> value == Math.rint(value)));
  }

  /**
   * Whether the numbers of each picture are whole, and no gradient comes from them, as from what a
   * comparison or an order gives.
   */
  boolean areDecisions(LayeredModel model) {
    return areWhole() && !ofNoise(noise -> hasGradient(model, noise));
  }

  /** What is joined with coordinates gets a gradient from them, which is 0 if it has none. */
  private boolean hasGradient(LayeredModel model, NDArray picture) {
    picture.setRequiresGradient(true);
    NDArray output =
        PyTorch.withGradients(() -> scores.apply(model.trace(picture, Set.of()).logits()));
    try {
      PyTorch.backward(output, output.onesLike());
      return !areOfBoxes || areAlwaysSame() || picture.getGradient().neq(0).any().getBoolean();
    } catch (ComputationException e) {
      return !e.isCutOff();
    }
  }

  /** Whether the numbers of all trials are the same. */
  boolean areAlwaysSame() {
    return all(values -> Arrays.equals(values, found.get(0)));
  }

  /** What the numbers look like they went through. */
  enum Squashed {
    /** Within 0 and 1, with the sum one. */
    SOFTMAX(
        Meaning.PROBABILITIES,
        Meaning.INDEPENDENT,
        "%s lay between 0 and 1 and summed to one",
        ", as if a softmax were at its end" + VANISHING),
    /** Exponentials with the sum one: the softmax of them is what the softmax was. */
    LOG_SOFTMAX(
        Meaning.ONE_OF_SEVERAL,
        Meaning.INDEPENDENT,
        "the exponentials of %s summed to one",
        ", as if the logarithm of a softmax were at its end; gradients of a logarithm close to 0 vanish"),
    /** Within 0 and 1, and driven close to one of them. */
    SIGMOID(
        Meaning.PROBABILITIES,
        Meaning.ONE_OF_SEVERAL,
        "%s lay between 0 and 1, and strong noise drove them there",
        ", as if a sigmoid were at its end (a likeness such as exp(-d²) does the same in this trial)"
            + VANISHING),
    /** Within 0 and 1, and driven to both of them by a gradient alone. */
    SIGMOID_BY_GRADIENT(
        Meaning.PROBABILITIES,
        Meaning.ONE_OF_SEVERAL,
        "%s lay between 0 and 1, and steps along the gradient of one of them drove it to both and not beyond",
        ", as if a sigmoid were at its end" + VANISHING);

    private final Meaning meaning;
    private final Meaning contradicted;
    private final String seen;
    private final String end;

    Squashed(Meaning meaning, Meaning contradicted, String seen, String end) {
      this.meaning = meaning;
      this.contradicted = contradicted;
      this.seen = seen;
      this.end = end;
    }

    /** Whether it is as if a sigmoid were at the end. */
    boolean isSigmoid() {
      return this == SIGMOID || this == SIGMOID_BY_GRADIENT;
    }

    /** What the numbers mean then. */
    Meaning meaning() {
      return meaning;
    }

    /** What they cannot mean then. */
    Meaning contradicted() {
      return contradicted;
    }
  }

  /** What was tried, in words, and what it looks like. */
  String evidence(Squashed squashed) {
    return seen(squashed) + squashed.end;
  }

  /** What was tried, in words. */
  String seen(Squashed squashed) {
    return String.format(
        Locale.ROOT, "in %d trials %s", count(), squashed.seen.formatted(numbersInWords()));
  }

  /**
   * What the numbers look like they went through; empty if they show nothing of the kind.
   *
   * @param model what is run
   */
  Optional<Squashed> squashed(LayeredModel model) {
    if (everywhere(Trial::sumToOne)) {
      return everywhere(OutputTrials::hasAOne) ? Optional.empty() : Optional.of(Squashed.SOFTMAX);
    }
    if (everywhere(values -> Trial.sumToOne(exponentials(values, 1)))) {
      return Optional.of(Squashed.LOG_SOFTMAX);
    }
    if (!alwaysWithin() || haveAOne() || sharesOf().isPresent()) {
      return Optional.empty();
    }
    if (isDriven(true) || (isDriven(false) && isKeptWithin(model, 1))) {
      return Optional.of(Squashed.SIGMOID);
    }
    return driven(model).filter(range -> range.fills(1)).map(range -> Squashed.SIGMOID_BY_GRADIENT);
  }

  /**
   * Whether the numbers are logarithms of probabilities but for their sign: the largest is that of
   * the least likely class.
   */
  boolean areNegativeLogarithms() {
    return everywhere(values -> Trial.sumToOne(exponentials(values, -1)));
  }

  private static double[] exponentials(double[] values, int sign) {
    return Arrays.stream(values).map(value -> Math.exp(sign * value)).toArray();
  }

  /**
   * What the exponentials of the numbers sum to in all trials, if that is a whole number of more
   * than one: so do the logarithms of several sets of shares beside one another. Empty if it is
   * not, or there are not two answers for each of so many questions: one set with a number added to
   * all its logarithms is still one.
   */
  OptionalInt setsOfLogarithms() {
    double sum =
        places(found.get(0)).mapToDouble(OutputTrials::sumOfExponentials).findFirst().orElse(0);
    long whole = Math.round(sum);
    return whole > 1
            && 2 * whole <= numbers()
            && everywhere(values -> Math.abs(sumOfExponentials(values) / whole - 1) < CLOSE)
            && !areAlwaysSame()
        ? OptionalInt.of(Math.toIntExact(whole))
        : OptionalInt.empty();
  }

  private static double sumOfExponentials(double[] values) {
    return Arrays.stream(exponentials(values, 1)).sum();
  }

  /** Where a gradient drives the numbers, found when first asked for. */
  private Optional<GradientTrial.Range> driven(LayeredModel model) {
    if (!followed) {
      driven = GradientTrial.of(model, scores, manager, input, PER_CENT);
      followed = true;
    }
    return driven;
  }

  /**
   * Whether one of several numbers is 1, which noise alone does not drive them to. What is so for
   * every picture was divided by its largest number or by its length, say.
   */
  private static boolean hasAOne(double[] values) {
    return Arrays.stream(values).anyMatch(value -> Math.abs(value - 1) < EXACT);
  }

  /**
   * Whether the numbers of all trials lay between 0 and 100, and summed to it, or were driven to it
   * by strong noise or along a gradient, as per cent do. A logit that is driven so passes 0, or
   * 100.
   *
   * @param model what is run
   */
  boolean arePerCent(LayeredModel model) {
    if (everywhere(values -> Trial.sumToOne(shares(values, PER_CENT)))) {
      return true;
    }
    return areWithin(PER_CENT)
        && (found.stream()
                .flatMapToDouble(Arrays::stream)
                .anyMatch(value -> value > PER_CENT * (1 - CLOSE))
            || driven(model).filter(range -> range.fills(PER_CENT)).isPresent());
  }

  /**
   * What several numbers sum to in all trials, none of them below 0; empty if they do not, or never
   * change, or if one of them is all of it each time. So do softmaxes that were added up, as those
   * of several networks or places are, and one times a number. Of logits a sum that never changes
   * is none but 0.
   */
  OptionalDouble sharesOf() {
    double sum = Arrays.stream(places(found.get(0)).findFirst().orElse(new double[0])).sum();
    return sum > CLOSE
            && everywhere(values -> Trial.sumToOne(shares(values, sum)))
            && !areAlwaysSame()
            && !everywhere(values -> hasAOne(shares(values, sum)))
        ? OptionalDouble.of(sum)
        : OptionalDouble.empty();
  }

  /**
   * Whether the numbers of all trials lay between an end and 0, and steps along the gradient of one
   * of them, however long, did not lead out of that: what they are is open then.
   *
   * @param model what is run
   * @param end above 0
   */
  private boolean isKeptWithin(LayeredModel model, double end) {
    return areWithin(end) && driven(model).map(range -> range.isWithin(end)).orElse(true);
  }

  /**
   * The number that was the largest of several trials, where 0 was the smallest of all; empty if
   * there is none. A sigmoid times a number comes to both, and so does what is cut off there, or
   * divided by its largest number.
   */
  OptionalDouble upperEnd() {
    if (!areNeverNegative()) {
      return OptionalDouble.empty();
    }
    double end = found.stream().flatMapToDouble(Arrays::stream).max().orElse(0);
    long low = countOf(values -> Arrays.stream(values).anyMatch(value -> value <= EXACT * end));
    long high = countOf(values -> hasAOne(shares(values, end)));
    return low > 0 && high > 1 ? OptionalDouble.of(end) : OptionalDouble.empty();
  }

  /**
   * Whether no number of any trial lay below 0, nor any that a gradient led to.
   *
   * @param model what is run
   */
  boolean staysAboveZero(LayeredModel model) {
    return areNeverNegative() && driven(model).map(range -> range.least() >= 0).orElse(true);
  }

  /** Whether no number of any trial lay below 0. */
  boolean areNeverNegative() {
    return all(values -> Arrays.stream(values).allMatch(value -> value >= 0));
  }

  private long countOf(Test test) {
    return found.stream().filter(test::of).count();
  }

  /**
   * What numbers may be that never left 0 to 1, −1 to 1, 0 to 100 or 0 to an end that they came to,
   * in words; empty if they did.
   *
   * @param model what is run
   */
  Optional<String> bounded(LayeredModel model) {
    if (isKeptWithin(model, 1)) {
      return Optional.of(within() + ", as probabilities do, which is not enough to say so");
    }
    OptionalDouble end = upperEnd();
    if (end.isPresent()) {
      return Optional.of(
          "in %s trials %s came to 0 and to %s and not beyond, as what goes through a sigmoid, is cut off there, or is divided by its largest does. If so, they are no logits, and what is told of them is wrong: export the network without that end"
              .formatted(count(), numbersInWords(), Fact.number(end.getAsDouble(), SHOWN)));
    }
    if (isBetweenBoth()) {
      return Optional.of(
          "in %s trials %s lay between −1 and 1 and came to one of them, as what goes through a tanh, or is divided by its length, does. If so, they are no logits, and what is told of them is wrong: export the network without that end"
              .formatted(count(), numbersInWords()));
    }
    return isKeptWithin(model, PER_CENT)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "in %d trials %s lay between 0 and 100%s, as per cent do, which is not enough to say so. If they are per cent, they are no logits, and what is told of them is wrong: export the network without that end",
                count(),
                numbersInWords(),
                driven.isPresent() ? ", and no gradient led out of that" : ""))
        : Optional.empty();
  }

  /** Whether all numbers of all trials lay between 0 and an end. */
  private boolean areWithin(double end) {
    return all(values -> Trial.areWithin(shares(values, end)));
  }

  private static double[] shares(double[] values, double end) {
    return Arrays.stream(values).map(value -> value / end).toArray();
  }

  /** Whether all numbers of all trials lay between 0 and 1. */
  boolean alwaysWithin() {
    return all(Trial::areWithin);
  }

  /**
   * Whether all numbers of all trials lay between −1 and 1, and strong noise drove some to an end,
   * as a tanh does it.
   */
  boolean isBetweenBoth() {
    return all(values -> Arrays.stream(values).allMatch(value -> Math.abs(value) <= 1 + CLOSE))
        && found.stream().flatMapToDouble(Arrays::stream).anyMatch(OutputTrials::isAtAnEnd);
  }

  private static boolean isAtAnEnd(double value) {
    return Math.abs(value) > 1 - CLOSE;
  }

  /** In words, that they did. */
  String within() {
    return String.format(
        Locale.ROOT, "in %d trials %s lay between 0 and 1", count(), numbersInWords());
  }

  /**
   * Whether a model sorts, and the numbers of each picture came in one order of their size: of
   * noise, and of plain colours, which tell a network's classes apart better.
   */
  boolean areSorted(LayeredModel model) {
    return (areSorted(1) || areSorted(-1)) && ofNoise(model::sorts);
  }

  /** So for one order, falling for 1, rising for -1. */
  private boolean areSorted(int sign) {
    if (found.get(0).length < ORDERED || !all(values -> isSorted(values, sign))) {
      return false;
    }
    for (int i = 0; i < COLOURS; i++) {
      double[] values = ofColour(new SplittableRandom(i));
      if (!areFinite(values) || !isSorted(values, sign)) {
        return false;
      }
    }
    return found.stream().anyMatch(values -> values[0] != values[values.length - 1]);
  }

  /** Whether some numbers are in order, falling for 1, rising for -1. */
  static boolean isSorted(double[] values, int sign) {
    for (int i = 1; i < values.length; i++) {
      if (sign * (values[i] - values[i - 1]) > 0) {
        return false;
      }
    }
    return true;
  }

  private double[] ofColour(RandomGenerator chosen) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray colour = Trial.picture(scope, new Shape(1, input.get(1), 1, 1), chosen);
      return values(scores.apply(run.apply(colour.mul(COLOURFUL).broadcast(input))));
    }
  }

  private interface Test {
    boolean of(double[] values);
  }

  /** The first trial decides most cases; the others are run one by one until one of them does. */
  private boolean all(Test test) {
    for (int i = 0; i < found.size() || more(); i++) {
      if (!test.of(found.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** So of the numbers of each place by itself; other than maps have one place. */
  private boolean everywhere(Test test) {
    return all(values -> places(values).allMatch(test::of));
  }

  /** One number for each class, place by place. */
  private Stream<double[]> places(double[] values) {
    return shape.dimension() == MAP ? along(axis, axis, values) : Stream.of(values);
  }

  /** The numbers along some neighbouring dimensions, for each place along the others. */
  private Stream<double[]> along(int from, int to, double[] values) {
    int step = Math.toIntExact(shape.slice(to + 1).size());
    int length = Math.toIntExact(shape.slice(from, to + 1).size());
    return IntStream.range(0, values.length / length)
        .mapToObj(
            place -> {
              int first = place / step * step * length + place % step;
              return IntStream.range(0, length)
                  .mapToDouble(index -> values[first + index * step])
                  .toArray();
            });
  }

  /**
   * Where the numbers of a map for each class sum to one in all trials, in words, and not over the
   * classes; empty if they do not.
   */
  Optional<String> sharesElsewhere() {
    if (shape.dimension() != MAP || everywhere(Trial::sumToOne)) {
      return Optional.empty();
    }
    // Of boxes and tokens there is one dimension besides the classes', that of their places.
    for (int dimension = 1; output.equals(shape) && dimension < MAP; dimension++) {
      if (dimension != axis && areShares(dimension, dimension)) {
        return Optional.of(String.format(Locale.ROOT, "along dimension %d", dimension));
      }
    }
    int first = firstOfPlaces();
    return areShares(first, first + 1) ? Optional.of("of the places") : Optional.empty();
  }

  private boolean areShares(int from, int to) {
    return all(values -> along(from, to, values).allMatch(Trial::sumToOne));
  }

  /** Whether there is a one at each place, or in each map, of all trials. */
  private boolean haveAOne() {
    int first = firstOfPlaces();
    return everywhere(OutputTrials::hasAOne)
        || (shape.dimension() == MAP
            && all(values -> along(first, first + 1, values).allMatch(OutputTrials::hasAOne)));
  }

  /** The first of the two dimensions of a map's places. */
  private int firstOfPlaces() {
    return axis == 1 ? 2 : 1;
  }

  /** Which dimension of what comes out the classes, or the numbers of a box, are along. */
  int axis() {
    return outputAxis;
  }

  /**
   * Whether some number changed from trial to trial, and came close to 0 or 1; to one of them
   * alone, what ends in a ReLU comes, too.
   *
   * @param toBoth whether numbers came to both
   */
  private boolean isDriven(boolean toBoth) {
    boolean low = false;
    boolean high = false;
    for (int i = 0; i < found.get(0).length; i++) {
      int index = i;
      double[] ofOne = found.stream().mapToDouble(values -> values[index]).sorted().toArray();
      double least = ofOne[0];
      double most = ofOne[ofOne.length - 1];
      low |= most - least > CLOSE && least < CLOSE;
      high |= most - least > CLOSE && most > 1 - CLOSE;
    }
    return toBoth ? low && high : low || high;
  }

  /** Runs noise until numbers come out; false if all was run. */
  private boolean more() {
    while (tried < STRENGTHS.length) {
      float strength = STRENGTHS[tried++];
      try (NDManager scope = manager.newSubManager()) {
        NDArray noise = Trial.picture(scope, input, random).mul(strength);
        double[] values = values(scores.apply(run.apply(noise)));
        boolean asMany = values.length == found.get(0).length;
        varied |= !asMany;
        // What is too large for the network's precision shows nothing.
        if (asMany && areFinite(values)) {
          found.add(values);
          return true;
        }
      } catch (IllegalArgumentException e) {
        // Nor does what a program raises an error for, where no picture has such values.
        if (strength <= 1) {
          throw e;
        }
      }
    }
    return false;
  }
}

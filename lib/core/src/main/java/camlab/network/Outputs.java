package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a network puts out: the classes, what their numbers mean, and where that is known from.
 *
 * @param classes one name for each number, and what the numbers mean
 * @param shape what comes out for one picture, (1, classes) for a classifier
 * @param origin where the meaning is known from
 * @param evidence what was stated, read or tried, in words; may be empty
 */
record Outputs(Classes classes, Shape shape, Fact.Origin origin, String evidence) {

  /**
   * So close is the sum of what is left of each number of a softmax to the number of classes − 1.
   */
  private static final double COMPLEMENT = 1e-2;

  private static final String SATURATED =
      "; the gradient of a value close to such a bound vanishes, so its maps may be all zero";

  private static final String HOW = "to tell probabilities, state " + Meaning.HOW;

  /**
   * What a plan's network puts out, whose maker knows that it ends with logits.
   *
   * @throws IllegalArgumentException if the number of classes is not the plan's
   */
  static Outputs of(Architecture plan, Classes classes) {
    Shape shape = new Shape(1, plan.classes());
    if (isPair(shape, classes)) {
      return pair(plan.name(), classes, shape, Optional.empty(), false, Optional.empty());
    }
    if (plan.classes() != classes.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s puts out %d logits, but %d classes are named. Name one class for each logit.",
              plan.name(),
              plan.classes(),
              classes.size()));
    }
    return new Claim(plan.name(), classes, shape).plain();
  }

  /**
   * The largest score of a class, in whatever place or box; of plain values, the largest of them.
   * Where there is none, as of a detector that finds no box, 0, on which no layer has an influence.
   *
   * @param logits what the network puts out for one picture
   * @return one value, shape ()
   */
  NDArray largest(NDArray logits) {
    NDArray scores = hasBoxes() ? scoresOfRows(logits, classes) : logits;
    return scores.size() == 0 ? scores.sum() : scores.max();
  }

  /** {@link #largest} in words. */
  String largestInWords() {
    if (hasBoxes()) {
      return "the largest score of a class in a box";
    }
    if (classes.meaning() == Meaning.VALUES) {
      return shape.size() == 1 ? "its value" : "the largest of its values";
    }
    return shape.dimension() > 2
        ? "the largest score of a class at a place"
        : "the score of the predicted class";
  }

  /** Whether it puts out boxes, and scores of classes in them. */
  boolean hasBoxes() {
    return boxAxis(shape, classes).isPresent();
  }

  /** The share of boxes in which the scores of two passes differ; all where their number does. */
  double differing(NDArray one, NDArray other) {
    if (!one.getShape().equals(other.getShape())) {
      return 1;
    }
    NDArray differ = scoresOfRows(one, classes).neq(scoresOfRows(other, classes));
    return differ.toType(DataType.FLOAT32, false).max(new int[] {1}).mean().getFloat();
  }

  /** The scores of boxes or tokens, shape (1, classes, boxes). */
  static NDArray scoresOfRows(NDArray output, Classes classes) {
    OptionalInt box = boxAxis(output.getShape(), classes);
    int axis = box.isPresent() ? box.getAsInt() : classes.axis(output.getShape());
    NDArray columns = axis == 1 ? output : output.transpose(0, 2, 1);
    return box.isPresent() ? columns.get(":, {}:", Classes.BOX) : columns;
  }

  /** Which dimension the numbers of each box are along; empty if these are no boxes of classes. */
  static OptionalInt boxAxis(Shape shape, Classes classes) {
    if (!areRows(shape, classes)) {
      return OptionalInt.empty();
    }
    OptionalInt axis = classes.boxAxis(shape.slice(1));
    return axis.isPresent() ? OptionalInt.of(1 + axis.getAsInt()) : axis;
  }

  /** Whether these are scores of boxes, or of tokens and the like, (1, tokens, classes). */
  static boolean areRows(Shape shape, Classes classes) {
    return classes.meaning() != Meaning.VALUES && classes.areRows(shape);
  }

  /** Whether so many channels are those of the scores themselves. */
  boolean areScores(long channels) {
    int named = classes.size();
    return channels == named || (hasBoxes() && channels == Classes.BOX + named);
  }

  private static Outputs stated(Classes classes, Shape shape) {
    boolean known = classes.meaning() != Meaning.UNSTATED;
    return new Outputs(
        classes, shape, known ? Fact.Origin.STATED : Fact.Origin.UNKNOWN, known ? "" : HOW);
  }

  /**
   * What a model puts out: what somebody says, unless it shows something else.
   *
   * @param name what to call the network
   * @param model what is run, on the blank picture and, if its numbers may be probabilities, on
   *     noise
   * @param classes what is stated
   * @param trials runs the model
   * @throws IllegalArgumentException if the number of classes is not the model's, or what is stated
   *     contradicts what comes out
   */
  static Outputs of(String name, LayeredModel model, Classes classes, OutputTrials trials) {
    Shape shape = trials.shape();
    requireNumbers(name, model, trials);
    if (!model.repeats()) {
      requireSame(name, trials.difference(model.precision()));
    }
    if (isPair(shape, classes)) {
      requireGraded(name, model, classes, trials);
      if (classes.meaning() == Meaning.UNSTATED
          && model.meaning().isEmpty()
          && trials.squashed(model).isEmpty()) {
        if (trials.alwaysWithin()) {
          throw undecided(name, classes, trials);
        }
        if (trials.isBetweenBoth()) {
          throw neither(name, classes, trials);
        }
        if (trials.staysAboveZero(model)) {
          throw oneSided(name, classes, trials);
        }
      }
      Optional<String> squashed =
          model.meaning().isPresent()
              ? Optional.empty()
              : trials.squashed(model).map(trials::evidence);
      if (squashed.isEmpty()) {
        requireUsable(name, model, classes, trials);
      }
      Optional<String> told =
          squashed.or(() -> model.meaning().isPresent() ? Optional.empty() : trials.bounded(model));
      return pair(name, classes, shape, model.meaning(), squashed.isPresent(), told);
    }
    requireFitting(name, shape, classes, trials);
    if (areRows(shape, classes) && !trials.haveAsMany()) {
      return stated(classes, shape); // boxes that depend on the picture cannot be compared
    }
    requireGraded(name, model, classes, trials);
    requireOfClasses(name, classes, trials);
    Claim claim = new Claim(name, classes, shape);
    if (!shape.equals(new Shape(1, classes.size()))) {
      return isMap(shape, classes) || areRows(shape, classes)
          ? claim.of(model, trials)
          : stated(classes, shape);
    }
    requireUnsorted(name, model, classes, trials);
    return claim.of(model, trials);
  }

  /**
   * Requires numbers that are no per cent, no shares of anything but 1, and no logarithms with the
   * other sign or of several sets of shares, each of which would go through a softmax or a sigmoid
   * once more.
   */
  private static void requireUsable(
      String name, LayeredModel model, Classes classes, OutputTrials trials) {
    if (classes.meaning() == Meaning.VALUES) {
      return;
    }
    if (trials.arePerCent(model)) {
      throw new IllegalArgumentException(
          "%s puts out per cent: in %s trials its numbers lay between 0 and 100, and summed to 100, or came to it and not beyond where noise was strong or steps along a gradient were long. They are neither logits nor probabilities as they are. Export the network without that end, so that it puts out its logits; or take them for plain values, Classes.values(%s)."
              .formatted(name, trials.count(), trials.numbers()));
    }
    if (trials.areNegativeLogarithms()) {
      throw new IllegalArgumentException(
          "%s puts out logarithms of probabilities with the other sign: in %s trials the exponentials of its numbers, times −1, summed to one. The largest is that of the least likely class. Export the network without the minus at its end; or take them for plain values, Classes.values(%s)."
              .formatted(name, trials.count(), trials.numbers()));
    }
    OptionalInt sets = trials.setsOfLogarithms();
    if (sets.isPresent()) {
      throw new IllegalArgumentException(
          "%s puts out logarithms of shares of %s: in %s trials the exponentials of its numbers summed to %2$s, as several log_softmaxes beside one another do. Each is a question of its own, and a softmax over all of them tells none. Export the network with the answers to one of them; or take them for plain values, Classes.values(%s)."
              .formatted(name, sets.getAsInt(), trials.count(), trials.numbers()));
    }
    OptionalDouble shares = trials.sharesOf();
    if (shares.isPresent()) {
      boolean complements = Math.abs(shares.getAsDouble() - (trials.numbers() - 1)) < COMPLEMENT;
      throw new IllegalArgumentException(
          "%s puts out shares of %s: in %s trials none of its numbers lay below 0, and they summed to %2$s. So do softmaxes that are added up, or one times %2$s%s. They are neither logits nor probabilities as they are. Export the network so that it divides them by %2$s, or so that it puts out its logits; or take them for plain values, Classes.values(%s)."
              .formatted(
                  name,
                  Fact.number(shares.getAsDouble(), OutputTrials.SHOWN),
                  trials.count(),
                  complements ? ", or each number of one taken from 1" : "",
                  trials.numbers()));
    }
  }

  /**
   * Requires numbers for a picture.
   *
   * @throws IllegalArgumentException if none comes out of any that is tried; the message names the
   *     first layer of which none comes
   */
  private static void requireNumbers(String name, LayeredModel model, OutputTrials trials) {
    if (trials.areNumbers()) {
      return;
    }
    throw new IllegalArgumentException(
        "%s puts out what is no finite number (%s), for a blank picture and for one of noise. %s"
            .formatted(
                name,
                trials.firstNotFinite(),
                firstWithoutNumbers(model, trials.firstWithoutNumbers(model))));
  }

  /** Requires that a model says the same of one picture twice. */
  private static void requireSame(String name, Optional<String> difference) {
    difference.ifPresent(
        numbers -> {
          throw new IllegalArgumentException(
              "%s puts out other numbers each time it is run: of a blank picture, %s. Chance may be part of it, or something that it keeps from call to call. Put it into evaluation mode, model.eval(), before it is saved, and save it with a forward that draws no random numbers and changes nothing that belongs to it."
                  .formatted(name, numbers));
        });
  }

  /** What to look at where a model puts out no numbers. */
  static String firstWithoutNumbers(LayeredModel model, Optional<String> first) {
    return first
        .map(
            layer ->
                "The first layer whose output has such a number is '%s' (%s): look at its weights, and at what goes into it."
                    .formatted(layer, model.type(layer)))
        .orElse("All its layers put out finite numbers: look at what is computed behind them.");
  }

  /** Whether a map comes out for each class. */
  private static boolean isMap(Shape shape, Classes classes) {
    return shape.dimension() == OutputTrials.MAP
        && shape.get(classes.axis(shape)) == classes.size();
  }

  /** Whether one number comes out for two classes. */
  private static boolean isPair(Shape shape, Classes classes) {
    return shape.equals(new Shape(1, 1)) && classes.size() == 2;
  }

  /** Whether the model's one number is told as two, one for each class. */
  boolean isPair() {
    return isPair(shape, classes);
  }

  /** Whether the numbers are probabilities. */
  boolean isProbability() {
    return classes.meaning() == Meaning.PROBABILITIES;
  }

  private static Outputs pair(
      String name,
      Classes classes,
      Shape shape,
      Optional<Meaning> read,
      boolean squashed,
      Optional<String> tried) {
    Meaning stated = classes.meaning();
    if (stated == Meaning.INDEPENDENT || stated == Meaning.VALUES) {
      throw new IllegalArgumentException(
          "%s puts out one number, and two classes are named as '%s': one number cannot answer for both. Name one class, or state that exactly one of the two is there: Classes.oneOf(\"%s\", \"%s\"); the number then speaks for the second."
              .formatted(name, stated, classes.name(0), classes.name(1)));
    }
    boolean probability = squashed || (stated == Meaning.PROBABILITIES && read.isEmpty());
    String evidence = "one number comes out, which speaks for '%s'".formatted(classes.name(1));
    if (read.isPresent()) {
      evidence += "; the sigmoid that it went into was taken off";
    } else if (tried.isPresent()) {
      evidence += "; " + tried.get();
    }
    return new Outputs(
        classes.as(probability ? Meaning.PROBABILITIES : Meaning.ONE_OF_TWO),
        shape,
        stated == Meaning.UNSTATED ? Fact.Origin.TRIED : Fact.Origin.STATED,
        evidence);
  }

  private static IllegalArgumentException undecided(
      String name, Classes classes, OutputTrials trials) {
    String names = "\"%s\", \"%s\"".formatted(classes.name(0), classes.name(1));
    return new IllegalArgumentException(
        "%s puts out one number for two classes, and %s without being driven to either end: it may be a logit or a probability. State which: Classes.oneOf(%s) for a logit, Classes.of(%s).as(Meaning.PROBABILITIES) for a probability."
            .formatted(name, trials.within(), names, names));
  }

  private static IllegalArgumentException oneSided(
      String name, Classes classes, OutputTrials trials) {
    return new IllegalArgumentException(
        "%s puts out one number for two classes, and in %s trials none of its numbers lay below 0, and no gradient led there: as a logit it would never tell '%s'. So are distances, losses, and a sigmoid times a number. Export the network without that end, so that it puts out what goes into it. State Classes.oneOf(\"%s\", \"%s\") if its sigmoid is what it was trained for, or Classes.values(1) if it is a plain value."
            .formatted(name, trials.count(), classes.name(0), classes.name(0), classes.name(1)));
  }

  private static IllegalArgumentException neither(
      String name, Classes classes, OutputTrials trials) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s puts out one number for two classes, and in %d trials, with strong noise among them, it came to −1 or 1 and never left them, as if a tanh were at its end: so it is neither a logit nor a probability as it is. Export the network without that end, so that it puts out what goes into it; or, if its sigmoid is what it was trained for, state Classes.oneOf(\"%s\", \"%s\").",
            name,
            trials.count(),
            classes.name(0),
            classes.name(1)));
  }

  /**
   * Any number of names goes with what has positions or boxes, if it has as many channels or
   * columns, or as many scores of each box.
   */
  private static void requireFitting(
      String name, Shape shape, Classes classes, OutputTrials trials) {
    int named = classes.size();
    int dimensions = shape.dimension();
    boolean fits =
        dimensions == 2
            ? shape.get(1) == named
            : dimensions > 2
                && (classes.meaning() == Meaning.VALUES
                    || shape.get(1) == named
                    || shape.get(dimensions - 1) == named
                    || classes.boxAxis(shape.slice(1)).isPresent());
    if (!fits || shape.get(0) != 1) {
      if (dimensions > 1 && shape.get(0) != 1) {
        throw severalRows(name, shape, named);
      }
      if (trials.areWhole()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s puts out %s for one picture, but %d classes are named, and all its numbers were whole: so is the index of a class, as argmax gives it, of which there is no gradient. Export the network without that end, so that it puts out its logits, (1, %d).",
                name,
                shape,
                named,
                named));
      }
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s puts out %s for one picture, but %d classes are named; expected (1, %d). %s",
              name,
              shape,
              named,
              named,
              dimensions == 2
                  ? "Name one class for each logit; for numbers that are no classes, Classes.values(%s)."
                      .formatted(shape.get(1))
                  : dimensions < 2
                      ? "It has no row for the picture, as behind squeeze() or where one row is taken of a batch. Let it put out one row for each picture."
                      : "Of a map of classes, name as many classes as it has channels. %sOf anything else, name plain values, Classes.values(\"output\"), and explain a function of it: Target.score."
                          .formatted(ofBoxes(shape, named))));
    }
  }

  /** How boxes are taken that have more numbers behind their scores, as of masks or key points. */
  private static String ofBoxes(Shape shape, int named) {
    int numbers = Classes.BOX + named;
    if (shape.dimension() != OutputTrials.MAP - 1
        || Math.min(shape.get(1), shape.get(2)) <= numbers) {
      return "";
    }
    return "Of boxes with more numbers than four and a score for each class, such as those of masks or key points, export the first %s of each: output[:, :%1$s] or output[..., :%1$s]. "
        .formatted(numbers);
  }

  /**
   * Requires numbers that can grow a little. Whole ones, of noise as well, without a gradient are
   * decisions or places in an order.
   */
  private static void requireGraded(
      String name, LayeredModel model, Classes classes, OutputTrials trials) {
    if (classes.meaning() == Meaning.VALUES || !trials.areDecisions(model)) {
      return;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s puts out %swhole numbers alone, in %d trials, and no gradient comes from them: so are decisions (a comparison, a one in the place of the largest) and places in an order (argsort). They are neither logits nor probabilities. Export the network without that end, so that it puts out its logits; or take them for plain values, Classes.values(%d).",
            name,
            trials.areOfBoxes() ? "scores that are " : "",
            trials.count(),
            classes.size()));
  }

  /** Requires maps that are no shares of places, nor of classes along another dimension. */
  private static void requireOfClasses(String name, Classes classes, OutputTrials trials) {
    if (classes.meaning() == Meaning.VALUES) {
      return;
    }
    trials
        .sharesElsewhere()
        .ifPresent(
            where -> {
              throw new IllegalArgumentException(
                  String.format(
                      Locale.ROOT,
                      "%s puts out shares %s of %s: in %d trials its numbers summed to one there, and not over the classes, dimension %d. So does a softmax over another dimension, and one over classes that stand elsewhere. Export the network without it, or with the classes behind the batch, (1, %d, H, W); or take them for plain values, Classes.values(%d).",
                      name,
                      where,
                      trials.shape(),
                      trials.count(),
                      trials.axis(),
                      classes.size(),
                      classes.size()));
            });
  }

  /** More names would not help: there is no telling which row is the picture's. */
  private static IllegalArgumentException severalRows(String name, Shape shape, int named) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s puts out %s for one picture: %d rows; expected one, (1, %d). So does a program that was traced with %d pictures and has their number in it, one that turns what it puts out (transpose, .t()), or one whose rows are no pictures, such as boxes. Export it anew, with one row for each picture that it is given.",
            name,
            shape,
            shape.get(0),
            named,
            shape.get(0)));
  }

  /**
   * Requires that a number's place says which class it is for. Of a network whose text sorts
   * something the numbers may come in order of their size; of one whose classes stand for steps of
   * a scale, too, but those are questions of their own.
   */
  private static void requireUnsorted(
      String name, LayeredModel model, Classes classes, OutputTrials trials) {
    boolean ordered =
        classes.meaning() == Meaning.VALUES || classes.meaning() == Meaning.INDEPENDENT;
    if (ordered || !trials.areSorted(model)) {
      return;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s puts out its numbers sorted by size, whatever the picture (noise and plain colours were tried): so a place among them is no class. Export the network without sort, topk or the like at its end. For numbers that are no classes, state Classes.values(%d); for steps of one scale, each a question of its own, Classes.independent(…).",
            name,
            classes.size()));
  }

  /** Such as {@code outputs: 2, exactly one of the classes (softmax) (stated)}. */
  Fact fact() {
    int named = classes.size();
    String size = shape.dimension() == 2 ? String.valueOf(named) : shape.toString();
    if (isMap(shape, classes)
        && shape.get(1) == named
        && shape.get(OutputTrials.MAP - 1) == named) {
      size += String.format(Locale.ROOT, ", the classes taken to be the first %d", named);
    }
    if (hasBoxes()) {
      size +=
          String.format(
              Locale.ROOT,
              ", taken to be %d boxes of 4 numbers and %d scores",
              shape.size() / (Classes.BOX + named),
              named);
    }
    return new Fact("outputs", size + ", " + classes.meaning(), origin, evidence);
  }

  /**
   * What somebody says of a network.
   *
   * @param name what to call the network
   * @param classes what is stated
   * @param shape what comes out
   */
  private record Claim(String name, Classes classes, Shape shape) {

    /** What a model shows of it. */
    Outputs of(LayeredModel model, OutputTrials trials) {
      return model
          .meaning()
          .map(read -> readAs(read, model, trials))
          .or(() -> trials.squashed(model).map(tried -> triedAs(tried, trials)))
          .orElseGet(() -> plain(model, trials));
    }

    private Outputs is(Meaning meaning, Fact.Origin origin, String evidence) {
      return new Outputs(classes.as(meaning), shape, origin, evidence);
    }

    private boolean says(Meaning... meanings) {
      for (Meaning meaning : meanings) {
        if (classes.meaning() == meaning) {
          return true;
        }
      }
      return false;
    }

    /**
     * A softmax or a sigmoid was taken off the end. What went into it may have come from another.
     */
    Outputs readAs(Meaning read, LayeredModel model, OutputTrials trials) {
      String end = read == Meaning.INDEPENDENT ? "sigmoid" : "softmax";
      if (says(Meaning.VALUES)) {
        throw new IllegalArgumentException(
            "%s was stated to put out '%s', but it ends with a %s, which is taken off, and what goes into it is another number. Export the network so that it puts out the value in its own unit, such as 100 * sigmoid(x)."
                .formatted(name, classes.meaning(), end));
      }
      if (!says(read, Meaning.UNSTATED, Meaning.PROBABILITIES)) {
        throw contradicted("it ends with a " + end);
      }
      String before =
          trials
              .squashed(model)
              .filter(tried -> tried.meaning() == Meaning.PROBABILITIES)
              .map(tried -> ". That is a probability already: " + trials.evidence(tried))
              .orElse("");
      return is(
          read,
          Fact.Origin.READ,
          "it ended with a " + end + "; what comes out is what went in" + before);
    }

    /** The numbers behaved like those behind a softmax, its logarithm, or a sigmoid. */
    Outputs triedAs(OutputTrials.Squashed tried, OutputTrials trials) {
      if (says(Meaning.VALUES)) {
        return is(
            Meaning.VALUES,
            Fact.Origin.STATED,
            trials.seen(tried) + (tried.isSigmoid() ? SATURATED : ""));
      }
      String evidence = trials.evidence(tried);
      if (says(tried.contradicted())) {
        throw contradicted(evidence);
      }
      return is(
          tried.meaning(),
          says(tried.meaning()) ? Fact.Origin.STATED : Fact.Origin.TRIED,
          evidence);
    }

    /** Nothing shows what the numbers mean. */
    Outputs plain(LayeredModel model, OutputTrials trials) {
      requireUsable(name, model, classes, trials);
      if (classes.isOneValue() && trials.arePerCent(model)) {
        return is(
            Meaning.VALUES,
            Fact.Origin.STATED,
            "in %s trials it lay between 0 and 100, and came to 100 and not beyond where noise was strong or steps along a gradient were long%s"
                .formatted(trials.count(), SATURATED));
      }
      OptionalDouble end = classes.isOneValue() ? trials.upperEnd() : OptionalDouble.empty();
      if (end.isPresent()) {
        return is(
            Meaning.VALUES,
            Fact.Origin.STATED,
            "in %s trials it came to 0 and to %s and not beyond%s"
                .formatted(
                    trials.count(), Fact.number(end.getAsDouble(), OutputTrials.SHOWN), SATURATED));
      }
      if (says(Meaning.PROBABILITIES) && !trials.alwaysWithin()) {
        throw contradicted("numbers below 0 or above 1 came out");
      }
      Outputs plain = plain();
      if (says(Meaning.VALUES, Meaning.PROBABILITIES)) {
        return plain;
      }
      return trials
          .bounded(model)
          .map(
              words ->
                  is(
                      classes.meaning(),
                      origin(),
                      says(Meaning.UNSTATED) ? words + "; " + HOW : words))
          .orElseGet(
              () ->
                  says(Meaning.UNSTATED) && trials.areNeverNegative()
                      ? is(
                          Meaning.UNSTATED,
                          Fact.Origin.UNKNOWN,
                          "in %s trials none of its numbers lay below 0. If they are distances, the smallest tells the class, and not the largest, as is taken here: export the network with a minus at its end; %s"
                              .formatted(trials.count(), HOW))
                      : plain);
    }

    private Fact.Origin origin() {
      return says(Meaning.UNSTATED) ? Fact.Origin.UNKNOWN : Fact.Origin.STATED;
    }

    /** As it is stated, if that can be. */
    Outputs plain() {
      if (says(Meaning.ONE_OF_TWO)) {
        throw new IllegalArgumentException(
            "%s puts out %s, and '%s' was stated, which is for a network that puts out one number. State %s."
                .formatted(name, shape, Meaning.ONE_OF_TWO, Meaning.HOW));
      }
      return stated(classes, shape);
    }

    private IllegalArgumentException contradicted(String evidence) {
      return new IllegalArgumentException(
          "%s was stated to put out '%s', but %s. State Classes.of(…) without a meaning, and what it shows counts."
              .formatted(name, classes.meaning(), evidence));
    }
  }
}

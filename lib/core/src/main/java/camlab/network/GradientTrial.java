package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * How far the numbers of a network can be driven: a picture is changed along the gradient of one of
 * them, up and down, by steps that grow. Noise drives all numbers somewhere by chance, perhaps all
 * of them down; the gradient leads a single one where it can go. A logit passes any bound on that
 * way, or most do, and what went through a sigmoid comes to an end and stays there.
 */
final class GradientTrial {

  /**
   * Passes of one way up or down. With steps four times as long each time, the last ones are far
   * outside.
   */
  private static final int PASSES = 12;

  /** In deviations of a preprocessed picture. */
  private static final float FIRST_STEP = 0.05f;

  private static final float LONGER = 4;
  private static final float SHORTER = 0.25f;

  /** So many times the last step, where the gradient has vanished. */
  private static final float[] FAR = {10, 100, 1000};

  /** A blank picture, one of weak noise, one as strong as a picture: not all need be at an end. */
  private static final float[] STARTS = {0, 0.1f, 1};

  private final LayeredModel model;
  private final UnaryOperator<NDArray> scores;
  private final NDManager manager;
  private final Shape input;
  private final double end;

  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  /** So close to an end is at it, as a share of it. */
  private static final double CLOSE = 1e-3;

  /**
   * Where numbers came to.
   *
   * @param least the lowest of all of them
   * @param most the highest of all of them
   */
  record Range(double least, double most) {

    /**
     * {@return whether all lay between 0 and an end, but for a thousandth}
     *
     * @param end above 0
     */
    boolean isWithin(double end) {
      return least >= -CLOSE * end && most <= (1 + CLOSE) * end;
    }

    /**
     * {@return whether they came to both 0 and an end, but for a thousandth, and not beyond}
     *
     * @param end above 0
     */
    boolean fills(double end) {
      return isWithin(end) && least <= CLOSE * end && most >= (1 - CLOSE) * end;
    }
  }

  private GradientTrial(
      LayeredModel model,
      UnaryOperator<NDArray> scores,
      NDManager manager,
      Shape input,
      double end) {
    this.model = model;
    this.scores = scores;
    this.manager = manager;
    this.input = input;
    this.end = end;
  }

  /**
   * {@return where the numbers came to; empty if no gradient of them reaches a picture}
   *
   * @param model puts out numbers of classes
   * @param scores which of what it puts out
   * @param manager what runs on the way belongs to scopes of it
   * @param input the shape of one picture, (1, C, H, W)
   * @param end above 1; of numbers that pass it, or 0, it is enough to know that they do
   */
  static Optional<Range> of(
      LayeredModel model,
      UnaryOperator<NDArray> scores,
      NDManager manager,
      Shape input,
      double end) {
    GradientTrial trial = new GradientTrial(model, scores, manager, input, end);
    boolean any = false;
    for (float start : STARTS) {
      any |= trial.driveFrom(start);
      if (trial.hasLeft() || trial.range().fills(1) || trial.range().fills(end)) {
        break;
      }
    }
    return any ? Optional.of(trial.range()) : Optional.empty();
  }

  private Range range() {
    return new Range(least, most);
  }

  private boolean hasLeft() {
    return !range().isWithin(end);
  }

  /** Drives the number that is farthest from both ends; whether it has a gradient. */
  private boolean driveFrom(float strength) {
    try (NDManager scope = manager.newSubManager()) {
      float[] picture =
          Trial.picture(scope, input, new SplittableRandom(1)).mul(strength).toFloatArray();
      double[] values = at(picture, Optional.empty()).values();
      int index = 0;
      for (int i = 1; i < values.length; i++) {
        if (Math.abs(values[i] - end / 2) < Math.abs(values[index] - end / 2)) {
          index = i;
        }
      }
      boolean up = drive(picture, index, 1);
      return (!hasLeft() && drive(picture, index, -1)) || up;
    }
  }

  /** What a picture gives: all numbers, and the gradient of one of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown; a list would box
  private record Seen(double[] values, float[] gradient) {}

  private Seen at(float[] picture, Optional<Integer> index) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray array = scope.create(picture, input);
      array.setRequiresGradient(true);
      NDArray output =
          PyTorch.withGradients(
              () -> scores.apply(model.trace(array, Set.of()).logits()).flatten());
      double[] values = output.toType(DataType.FLOAT64, false).toDoubleArray();
      for (double value : values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      return new Seen(values, index.map(of -> gradient(array, output, of)).orElse(new float[0]));
    }
  }

  /** Empty where a program raises an error for such values, which no picture has. */
  private Optional<Seen> atStep(float[] picture, Optional<Integer> index) {
    try {
      return Optional.of(at(picture, index));
    } catch (ComputationException e) {
      return Optional.empty();
    }
  }

  /** Of length 0 where none comes back. */
  private static float[] gradient(NDArray picture, NDArray output, int index) {
    try {
      NDArray one = PyTorch.withGradients(() -> output.get(index));
      PyTorch.backward(one, one.onesLike());
    } catch (ComputationException e) {
      if (!e.isWithoutGradient() && !e.isOverwritten()) {
        throw e;
      }
      return new float[0];
    }
    return picture.hasGradient() ? picture.getGradient().toFloatArray() : new float[0];
  }

  /** Goes up for 1, down for -1; whether there was a gradient to follow. */
  private boolean drive(float[] start, int index, int sign) {
    float[] picture = start;
    float[] direction = new float[0];
    float step = FIRST_STEP;
    Seen seen = at(picture, Optional.of(index));
    for (int pass = 0; pass < PASSES && !hasLeft(); pass++) {
      float[] unit = unit(seen.gradient(), sign);
      if (unit.length == 0) {
        break; // it has vanished, or there is none
      }
      direction = unit;
      float[] next = moved(picture, direction, step);
      Optional<Seen> then = atStep(next, Optional.of(index));
      boolean asMany = then.isPresent() && then.get().values().length == seen.values().length;
      if (asMany && sign * (then.get().values()[index] - seen.values()[index]) > 0) {
        picture = next;
        seen = then.get();
        step *= LONGER;
      } else {
        step *= SHORTER;
      }
    }
    for (int i = 0; direction.length > 0 && i < FAR.length && !hasLeft(); i++) {
      if (atStep(moved(picture, direction, step * FAR[i]), Optional.empty()).isEmpty()) {
        break;
      }
    }
    return direction.length > 0;
  }

  private static float[] moved(float[] picture, float[] direction, float step) {
    float[] moved = picture.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    return moved;
  }

  /** Along a gradient, of deviation 1; of length 0 where it is 0 or no number. */
  private static float[] unit(float[] gradient, int sign) {
    double largest = 0;
    for (float value : gradient) {
      largest = Math.max(largest, Math.abs(value)); // not a number, if one is
    }
    if (!(largest > 0) || Double.isInfinite(largest)) {
      return new float[0];
    }
    double scale = largest; // squares of small numbers would be 0
    double squares =
        IntStream.range(0, gradient.length)
            .mapToDouble(i -> gradient[i] / scale)
            .map(value -> value * value)
            .sum();
    double length = scale * Math.sqrt(squares / gradient.length);
    float[] unit = new float[gradient.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (sign * gradient[i] / length);
    }
    return unit;
  }
}

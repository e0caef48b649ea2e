package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.engine.PyTorch;
import camlab.identity.Identified;
import camlab.identity.Incidental;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Trace;
import camlab.picture.Channels;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.progress.Interruption;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;

/**
 * Activation maximisation, or feature visualisation: a picture that makes a channel, or the score
 * of a class, as large as it can.
 *
 * <p>The picture is a {@linkplain FourierPicture sum of waves}, at first faint noise. Each step
 * takes the gradient of the value by the waves and moves them by Adam. Before each the picture is
 * shifted by some pixels at random, so that what pleases only at one place does not last.
 *
 * <pre>{@code
 * Picture dream = new ActivationMaximization()
 *     .of(network, Objective.channel("layer3", 17)).picture();
 * }</pre>
 *
 * <p>What it shows is one picture that excites the channel, not what excites it in photographs, and
 * it follows from the seed: look at several seeds, and at crops of real pictures (see {@link
 * Craft}). One forward and one backward pass for each step. It explains no picture, and so is no
 * method of the {@code Catalogue}.
 *
 * <p>Source: C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017; of its
 * transformations the shift alone, Adam (D. P. Kingma, J. Ba, ICLR 2015) with steps of 0.05 as in
 * the authors' program Lucid.
 */
public final class ActivationMaximization implements Identified {

  private static final int USUAL_STEPS = 256;
  private static final double USUAL_RATE = 0.05;
  private static final int USUAL_JITTER = 8;

  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final int steps;
  private final double rate;
  private final int jitter;
  private final boolean photographic;
  private final long seed;
  @Incidental private final Progress progress;

  /** With 256 steps of 0.05, shifts of up to 8 pixels, colours as in photographs, and seed 0. */
  public ActivationMaximization() {
    this(USUAL_STEPS, USUAL_RATE, USUAL_JITTER, true, 0, Progress.NONE);
  }

  /**
   * With everything of one's own.
   *
   * @param steps how many, at least 1
   * @param rate how far a step goes, above 0, finite
   * @param jitter by how many pixels the picture is shifted altogether, at least 0
   * @param photographic whether colours go together as in photographs at first, so that steps of
   *     one length change brightness most; else each of the three colours is on its own
   * @param seed of the start and of the shifts
   * @param progress sees every step
   */
  public ActivationMaximization(
      int steps, double rate, int jitter, boolean photographic, long seed, Progress progress) {
    if (steps < 1 || !(rate > 0 && Double.isFinite(rate)) || jitter < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least 1 step, a finite rate above 0 and a shift of at least 0 are needed; found %d, %s and %d.",
              steps,
              rate,
              jitter));
    }
    this.steps = steps;
    this.rate = rate;
    this.jitter = jitter;
    this.photographic = photographic;
    this.seed = seed;
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * Makes the picture.
   *
   * @param network a network that takes pictures
   * @param objective what to make large
   * @return the picture, of the network's size, and how far the value rose
   * @throws NotApplicableException if the network takes channels that no picture has, or the value
   *     has no derivative
   * @throws camlab.network.UnknownNameException if the objective is of a layer or a class that does
   *     not exist
   * @throws IndexOutOfBoundsException if it is of a channel that does not exist
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  public MaximizedPicture of(Network network, Objective objective) {
    if (!(network.preprocessing().channels() instanceof Channels.Colours)) {
      throw new NotApplicableException(
          "%s takes %s, which no picture has, so none can be shown."
              .formatted(network.name(), network.preprocessing().channels()));
    }
    try (NDManager scope = network.newScope()) {
      return new Run(network, objective, scope).result();
    }
  }

  /**
   * The value for a start, and its gradient by the waves.
   *
   * @param z shape (3, H + jitter, W + jitter)
   * @param top the first row of the picture that the network sees
   * @param left its first column
   * @return the value, shape (), and the gradient, shape of z
   */
  NDList gradient(Network network, Objective objective, NDArray z, int top, int left) {
    return new Run(network, objective, z.getManager()).gradient(z, top, left);
  }

  /** One picture in the making. */
  private final class Run {

    private final Network network;
    private final Objective objective;
    private final NDManager scope;
    private final int height;
    private final int width;
    private final FourierPicture waves;
    private final NDArray factors;
    private final NDArray offsets;

    Run(Network network, Objective objective, NDManager scope) {
      this.network = network;
      this.objective = objective;
      this.scope = scope;
      height = Math.toIntExact(network.inputShape().get(2));
      width = Math.toIntExact(network.inputShape().get(3));
      waves = new FourierPicture(scope, height + jitter, width + jitter, photographic);
      // Half of white for each of −1 and 1: the network's numbers of (1 + t) / 2.
      float[] black = numbers(network.preprocessing(), 0);
      float[] factor = new float[3 * black.length];
      float[] offset = black.clone();
      for (int colour = 0; colour < 3; colour++) {
        float[] bright = numbers(network.preprocessing(), 0xFF0000 >> (8 * colour));
        for (int i = 0; i < black.length; i++) {
          factor[colour * black.length + i] = (bright[i] - black[i]) / 2;
          offset[i] += (bright[i] - black[i]) / 2;
        }
      }
      factors = lasting(factor, new Shape(3, black.length));
      offsets = lasting(offset, new Shape(1, black.length));
    }

    private NDArray lasting(float[] values, Shape shape) {
      NDArray array = PyTorch.lasting(scope.create(values, shape), DataType.FLOAT32);
      array.attach(scope);
      return array;
    }

    private float[] numbers(Preprocessing preprocessing, int rgb) {
      return preprocessing.normalize(Picture.of(1, 1, new int[] {rgb}));
    }

    MaximizedPicture result() {
      Random random = new Random(seed);
      NDArray z = waves.start(scope, random.nextLong());
      NDArray first = z.zerosLike();
      NDArray second = z.zerosLike();
      double start = value(picture(z));
      List<Double> history = new ArrayList<>(steps);
      Progress.Work work = new Progress.Work("activation maximisation", steps, Progress.Unit.STEPS);
      try (Progress.Running running = progress.begin(work, 0)) {
        for (int step = 1; step <= steps; step++) {
          Interruption.check(
              String.format(Locale.ROOT, "Interrupted in step %d of %d.", step, steps));
          try (NDManager pass = scope.newSubManager()) {
            NDArray now = z.duplicate();
            now.attach(pass);
            NDList found = gradient(now, random.nextInt(jitter + 1), random.nextInt(jitter + 1));
            history.add((double) found.get(0).getFloat());
            adam(z, first, second, found.get(1), step);
          }
          running.reached(step);
        }
      }
      Picture picture = picture(z);
      String label = asked(picture, trace -> objective.label(network, trace));
      return new MaximizedPicture(label, picture, start, value(picture), history);
    }

    /** Moves z in place. */
    private void adam(NDArray z, NDArray first, NDArray second, NDArray gradient, int step) {
      first.muli(FIRST_DECAY).addi(gradient.mul(1 - FIRST_DECAY));
      second.muli(SECOND_DECAY).addi(gradient.square().mul(1 - SECOND_DECAY));
      // In the scope of the gradient, which ends with the step.
      NDArray mean = gradient.zerosLike().addi(first).divi(1 - Math.pow(FIRST_DECAY, step));
      NDArray square = gradient.zerosLike().addi(second).divi(1 - Math.pow(SECOND_DECAY, step));
      z.addi(mean.div(square.sqrt().add(EPSILON)).mul(rate));
    }

    NDList gradient(NDArray z, int top, int left) {
      NDList value = new NDList();
      NDList gradients =
          Autograd.gradients(
              new NDList(z),
              leaves -> {
                NDArray reached = forward(leaves.head(), top, left);
                value.add(reached.stopGradient());
                return reached;
              },
              z.getManager().ones(new Shape()));
      return new NDList(value.head(), gradients.head());
    }

    private NDArray forward(NDArray z, int top, int left) {
      NDArray seen =
          waves
              .picture(z)
              .get(":, {}:{}, {}:{}", top, top + height, left, left + width)
              .reshape(3, -1);
      NDArray numbers = seen.transpose().matMul(factors).add(offsets).transpose();
      NDArray input = numbers.reshape(1, offsets.getShape().get(1), height, width);
      return objective.value(network, network.trace(input, objective.layers(network)));
    }

    /** The part in the middle, with 8-bit colours. */
    private Picture picture(NDArray z) {
      int margin = jitter / 2;
      float[] values =
          waves
              .picture(z)
              .get(":, {}:{}, {}:{}", margin, margin + height, margin, margin + width)
              .toFloatArray();
      int[] rgb = new int[height * width];
      for (int i = 0; i < values.length; i++) {
        rgb[i % rgb.length] |= Math.round(255 * (1 + values[i]) / 2) << (8 * (2 - i / rgb.length));
      }
      return Picture.of(width, height, rgb);
    }

    private double value(Picture picture) {
      return asked(picture, trace -> (double) objective.value(network, trace).getFloat());
    }

    private <T> T asked(Picture picture, Function<Trace, T> question) {
      try (NDManager pass = scope.newSubManager()) {
        NDArray input = network.inputOfViews(pass, List.of(picture));
        return question.apply(network.trace(input, objective.layers(network)));
      }
    }
  }
}

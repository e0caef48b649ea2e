package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.heatmap.Region;
import camlab.picture.Channels;
import camlab.picture.Fit;
import camlab.picture.Preprocessing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What a model takes: read from its first weights or tried, and compared with what its
 * preprocessing says, before the engine would stumble over the difference.
 *
 * @param name what to call the model
 * @param model what runs
 * @param preprocessing what is said of its input
 */
record Intake(String name, LayeredModel model, Preprocessing preprocessing) {

  /** Of a picture (N, C, H, W), and of a filter (K, C, height, width). */
  private static final int DIMENSIONS = 4;

  /** The sizes that published networks have, the usual ones first. */
  private static final int[] SIZES = {
    Preprocessing.USUAL_SIDE,
    28,
    32,
    64,
    96,
    299,
    256,
    384,
    128,
    112,
    160,
    192,
    240,
    288,
    300,
    320,
    331,
    448,
    512
  };

  /** How much larger a picture is by which a fixed size is told: most networks halve five times. */
  private static final int LARGER = 32;

  private static final int MOST_CHANNELS = 16;

  /** How many values a byte has. */
  private static final int BYTES = 256;

  /** How many pictures a program may have been traced with. */
  private static final long[] PICTURES = {2, 4, 8, 16, 3, 5, 6, 10, 32};

  /** The shape of one picture, (1, C, H, W). */
  Shape shape() {
    Region.Size size = preprocessing.sizeToTry();
    return shape(preprocessing.channels().count(), size.height(), size.width());
  }

  private static Shape shape(long channels, long height, long width) {
    return new Shape(1, channels, height, width);
  }

  /** Requires filters of pictures, and of as many channels as the preprocessing gives. */
  void requireFilters() {
    requireNoVolumes();
    requireChannels();
  }

  /** Requires filters of pictures, unless there is none at all. */
  private void requireNoVolumes() {
    Map<String, Shape> weights = model.weights();
    Optional<Map.Entry<String, Shape>> volume =
        weights.entrySet().stream()
            .filter(weight -> weight.getValue().dimension() > DIMENSIONS)
            .findFirst();
    boolean filters = weights.values().stream().anyMatch(shape -> shape.dimension() == DIMENSIONS);
    if (volume.isPresent() && !filters) {
      throw new IllegalArgumentException(
          "%s is a network of volumes, not of pictures: its weights %s, shape %s, are those of a 3-D convolution, and it has no others. CamLab explains networks that take pictures, shape (N, C, H, W), and whose layers put out maps, shape (N, K, h, w)."
              .formatted(name, volume.get().getKey(), volume.get().getValue()));
    }
  }

  /**
   * Requires that two pictures give together what each gives alone, where two at a time are taken:
   * methods run them so, and each map is of one picture.
   *
   * @throws IllegalArgumentException if they do not; the message says what does so
   */
  void requireEachAlone(NDManager manager) {
    try (NDManager scope = manager.newSubManager()) {
      Shape two = new Shape(2).addAll(shape().slice(1));
      NDArray pictures = Trial.unlike(scope, two, new SplittableRandom(1));
      NDList apart = new NDList();
      NDArray together;
      try {
        together = model.run(pictures.duplicate());
        for (int i = 0; i < 2; i++) {
          apart.add(model.run(pictures.get(new NDIndex(i + ":" + (i + 1))).duplicate()));
        }
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        return; // It takes one at a time, and says so where it is given several.
      }
      Trial.difference(NDArrays.concat(apart, 0), together, Trial.rounding(model.precision()))
          .ifPresent(
              found -> {
                throw new IllegalArgumentException(
                    "%s puts out other numbers for two pictures together than for each alone (%s). So does batch normalisation that runs as in training, or a softmax over axis 0, which are of all pictures at once. Let each block run its children with the `training` that it is given, and compute along the other axes."
                        .formatted(name, found));
              });
    }
  }

  /** Compares the channels with the weights of the layers that take the picture. */
  void requireChannels() {
    for (Map.Entry<String, Long> entering : model.entering().entrySet()) {
      if (entering.getValue() != preprocessing.channels().count()) {
        throw new IllegalArgumentException(
            otherChannels(
                entering.getValue(), "its first weights, %s, say so".formatted(entering.getKey())));
      }
    }
  }

  /**
   * Runs one picture, whose filters have been compared.
   *
   * @param picture of the shape of {@link #shape}
   * @return what comes out
   * @throws IllegalArgumentException if the model does not take it; the message says what it takes
   *     instead, if anything that was tried
   */
  NDArray run(NDArray picture) {
    try {
      return model.run(picture);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      throw refusal(picture, e);
    }
  }

  /** Why a picture is not taken: found by trying others. */
  private RuntimeException refusal(NDArray picture, RuntimeException cause) {
    NDManager scope = picture.getManager();
    Shape said = shape();
    if (cause instanceof ComputationException && takesBytes(scope, said)) {
      return new IllegalArgumentException(ofBytes(cause), cause);
    }
    if (cause instanceof ComputationException e && e.isOfAnotherType()) {
      return new IllegalArgumentException(
          "%s cannot be run here, whatever the picture. %s".formatted(name, reason(e)), e);
    }
    if (cause instanceof ComputationException && taken(scope, said)) {
      return new IllegalArgumentException(ofValues(picture, cause), cause);
    }
    for (Shape other : others()) {
      if (output(scope, other).filter(Intake::isOfOnePicture).isPresent()) {
        String message =
            other.get(1) == said.get(1)
                ? otherSize(other)
                : otherChannels(other.get(1), "found by trial: it runs with " + other);
        return new IllegalArgumentException(message, cause);
      }
    }
    Optional<Shape> several = several(scope, said);
    if (several.isPresent()) {
      return new IllegalArgumentException(
          "%s takes %s pictures at a time, and not one (found by trial: it runs with %s). So does a program that was traced with so many and has their number in it. Export it anew, with one picture or with a batch that is dynamic."
              .formatted(name, several.get().get(0), several.get()),
          cause);
    }
    Optional<String> otherArray = otherArray(scope, said);
    if (otherArray.isPresent()) {
      return new IllegalArgumentException(otherArray.get(), cause);
    }
    return cause instanceof ComputationException
        ? new IllegalArgumentException(
            "%s does not run with a picture of shape %s, nor with any other that was tried (%s channels, squares of %s to %s pixels). %s If it was made for pictures of another size, say which: preprocessing.toBuilder().size(height, width).build(); now it says %s."
                .formatted(
                    name,
                    said,
                    channelsToTry(),
                    smallest(),
                    largest(),
                    reason(cause),
                    preprocessing),
            cause)
        : cause;
  }

  /** Several rows are of several pictures, or of pieces of one, and say nothing of its size. */
  private static boolean isOfOnePicture(Shape output) {
    return output.dimension() < 2 || output.get(0) == 1;
  }

  /** So many pictures, as (N, C, H, W), that are taken where one is not; empty if none are. */
  private Optional<Shape> several(NDManager scope, Shape said) {
    return LongStream.of(PICTURES)
        .mapToObj(count -> new Shape(count).addAll(said.slice(1)))
        .filter(
            shape ->
                output(scope, shape)
                    .filter(output -> output.dimension() > 0 && output.get(0) == shape.get(0))
                    .isPresent())
        .findFirst();
  }

  /** Whether the picture is taken with its channels last, or without a batch. */
  private Optional<String> otherArray(NDManager scope, Shape said) {
    Shape last = new Shape(1, said.get(2), said.get(3), said.get(1));
    Shape alone = said.slice(1);
    Optional<Shape> ofLast = output(scope, last);
    boolean takesLast = ofLast.isPresent();
    Optional<Shape> found = takesLast ? ofLast : output(scope, alone);
    return found.map(
        output ->
            "%s does not run with a picture of shape %s, (N, C, H, W); found by trial: it runs with %s, %s. %s"
                .formatted(
                    name,
                    said,
                    takesLast ? last : alone,
                    takesLast ? "its channels last" : "one picture without a batch",
                    model instanceof LayerGraph
                        ? aroundBlock(takesLast, output)
                        : aroundProgram(takesLast, output)));
  }

  private static String aroundProgram(boolean takesLast, Shape output) {
    String alone = output.dimension() < 2 ? "network(x[0])[None]" : "network(x[0])";
    return "Save a module whose forward is: return %s."
        .formatted(takesLast ? "network(x.permute(0, 2, 3, 1))" : alone);
  }

  private static String aroundBlock(boolean takesLast, Shape output) {
    String before = "Put a block before it, new LambdaBlock(x -> new NDList(x.head().%s))";
    return before.formatted(takesLast ? "transpose(0, 2, 3, 1)" : "get(0)")
        + (takesLast || output.dimension() >= 2
            ? "."
            : ", and one behind it, new LambdaBlock(x -> new NDList(x.head().expandDims(0))).");
  }

  /**
   * Whether a program takes the 256 values of a byte as such; what a block is given is converted.
   */
  private boolean takesBytes(NDManager scope, Shape shape) {
    if (model instanceof LayerGraph) {
      return false;
    }
    try (NDManager trial = scope.newSubManager()) {
      NDArray values = trial.arange((int) shape.size()).mod(BYTES).reshape(shape);
      return model.run(values.toType(DataType.UINT8, true)).size() > 0;
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private String ofBytes(Throwable cause) {
    return "%s takes whole numbers from 0 to 255 of type uint8, and no others (found by trial: it runs with such a picture, and not with one of numbers with a fraction). %s Save a module whose forward is: return network(x.round().clamp(0, 255).to(torch.uint8)). Layers have gradients then, a picture has none; and its preprocessing has neither mean nor deviation, and the scale 0–255: preprocessing.toBuilder().mean().deviation().scale255().build()."
        .formatted(name, reason(cause));
  }

  /** It is not the size: a blank picture of that size runs. */
  private String ofValues(NDArray picture, Throwable cause) {
    return String.format(
        Locale.ROOT,
        "%s did not run with a picture of shape %s and values from %.3g to %.3g, and runs with a blank one of that shape: so it is what is in the picture that it does not take, and not the size. %s",
        name,
        picture.getShape(),
        picture.min().toType(DataType.FLOAT64, false).getDouble(),
        picture.max().toType(DataType.FLOAT64, false).getDouble(),
        reason(cause));
  }

  private static int smallest() {
    return Arrays.stream(SIZES).min().orElseThrow();
  }

  private static int largest() {
    return Arrays.stream(SIZES).max().orElseThrow();
  }

  /** What to try instead: other channels at the size that is said, then other sizes. */
  private List<Shape> others() {
    Shape said = shape();
    List<Shape> others = new ArrayList<>();
    for (long channels : channelsToTry()) {
      others.add(shape(channels, said.get(2), said.get(3)));
    }
    for (long channels : channelsToTry()) {
      for (int size : SIZES) {
        others.add(shape(channels, size, size));
      }
    }
    return others;
  }

  /** What is said, what the weights say, grey, colour, colour and one more, two. */
  private Set<Long> channelsToTry() {
    Set<Long> channels = new LinkedHashSet<>();
    channels.add((long) preprocessing.channels().count());
    for (Shape weight : model.weights().values()) {
      if (weight.dimension() == DIMENSIONS && weight.get(1) <= MOST_CHANNELS) {
        channels.add(weight.get(1));
        break; // the first filters are those of the picture
      }
    }
    // A frozen file has no weights to read.
    channels.addAll(List.of(1L, 3L, 4L, 2L));
    return channels;
  }

  private boolean taken(NDManager scope, Shape shape) {
    return output(scope, shape).isPresent();
  }

  /** The shape of what comes out of a blank picture; empty if it is not taken. */
  private Optional<Shape> output(NDManager scope, Shape shape) {
    try (NDManager trial = scope.newSubManager()) {
      return Optional.of(model.run(trial.zeros(shape)).getShape());
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private String otherChannels(long found, String evidence) {
    Channels said = preprocessing.channels();
    String call = found == 1 ? "grey()" : found == 3 ? "rgb() or bgr()" : "arrays(" + found + ")";
    String values =
        preprocessing.mean().isEmpty() && preprocessing.std().isEmpty()
            ? ""
            : ", with its own means and deviations";
    return String.format(
        Locale.ROOT,
        "%s takes %s (%s), but its preprocessing says %d (%s). Say Preprocessing.builder().%s%s: %s",
        name,
        channels(found),
        evidence,
        said.count(),
        said,
        call,
        values,
        example(call, found));
  }

  private static String channels(long count) {
    return count == 1 ? "1 channel" : count + " channels";
  }

  /** The call as it would stand in a program; dots where only the reader knows the numbers. */
  private String example(String call, long channels) {
    String first = call.contains(" or ") ? "rgb()" : call;
    StringBuilder text = new StringBuilder("Preprocessing.builder().").append(first);
    Region.Size size = preprocessing.size().orElse(null);
    if (size == null) {
      text.append(".ownSize()");
    } else if (preprocessing.fit() instanceof Fit.ShortSide part) {
      text.append(".shortSide(").append(part.resize()).append(").crop(");
      text.append(size.height()).append(", ").append(size.width()).append(")");
    } else {
      text.append(".size(").append(size.height()).append(", ").append(size.width()).append(")");
    }
    String dots = channels == 1 ? "…" : "…, …";
    if (!preprocessing.mean().isEmpty()) {
      text.append(".mean(").append(dots).append(")");
    }
    if (!preprocessing.std().isEmpty()) {
      text.append(".deviation(").append(dots).append(")");
    }
    return text.append(".build()").toString();
  }

  private String otherSize(Shape found) {
    Shape said = shape();
    return String.format(
        Locale.ROOT,
        "%s does not take pictures of %d×%d (height × width) as its preprocessing says; found by trial: it runs with %d×%d. If that is the size it was trained with, say preprocessing.toBuilder().size(%d, %d).build(), or shortSide(…).crop(%d).",
        name,
        said.get(2),
        said.get(3),
        found.get(2),
        found.get(3),
        found.get(2),
        found.get(3),
        found.get(2));
  }

  /** Requires an array that the model can take. */
  void requireTaken(Shape found) {
    Shape shape = shape();
    if (found.dimension() > DIMENSIONS) {
      throw new IllegalArgumentException(
          "%s is given volumes, shape %s. CamLab explains networks that take pictures: expected %s."
              .formatted(name, found, expected()));
    }
    if (found.dimension() != DIMENSIONS || found.get(1) != shape.get(1)) {
      throw new IllegalArgumentException(
          "%s takes an array of shape %s, as its preprocessing says (%s); found %s."
              .formatted(name, expected(), preprocessing.channels(), found));
    }
  }

  /** The shape of a batch, in words. */
  private String expected() {
    Shape shape = shape();
    return preprocessing
        .size()
        .map(size -> "(N, %s, %s, %s)".formatted(shape.get(1), shape.get(2), shape.get(3)))
        .orElse("(N, %s, H, W)".formatted(shape.get(1)));
  }

  /** What to say where the engine has refused an array; anything else says it by itself. */
  RuntimeException explained(NDArray input, RuntimeException cause) {
    if (!(cause instanceof ComputationException)) {
      return cause;
    }
    Shape found = input.getShape();
    boolean runsBlank = isOfSaidSize(found) && found.size() > 0 && taken(input.getManager(), found);
    String message =
        runsBlank
            ? ofValues(input, cause)
            : isOfSaidSize(found)
                ? "%s did not run with %s, which is of the size its preprocessing says. %s If it was made for pictures of another size, say which: preprocessing.toBuilder().size(height, width).build()."
                    .formatted(name, found, reason(cause))
                : "%s does not take pictures of %s×%s (height × width): expected %s, found %s. %s"
                    .formatted(name, found.get(2), found.get(3), expected(), found, reason(cause));
    return new IllegalArgumentException(message, cause);
  }

  /** Requires one row for each picture: a program may cut another size into other pieces. */
  void requireRows(Shape input, Shape output) {
    if (!isOfSaidSize(input) && output.dimension() > 0 && output.get(0) != input.get(0)) {
      throw new IllegalArgumentException(
          "%s makes %s of %s: it cuts pictures of that size into pieces. It takes %s."
              .formatted(name, output, input, expected()));
    }
  }

  private boolean isOfSaidSize(Shape input) {
    return input.dimension() == DIMENSIONS
        && preprocessing
            .size()
            .filter(size -> size.height() == input.get(2) && size.width() == input.get(3))
            .isPresent();
  }

  private static String reason(Throwable cause) {
    return ComputationException.sentence(cause.getCause());
  }

  /** What is known of the input. */
  List<Fact> facts(NDManager scope) {
    List<Fact> facts = new ArrayList<>();
    Map<String, Long> entering = model.entering();
    String channels =
        "%s (%s)".formatted(preprocessing.channels().count(), preprocessing.channels());
    facts.add(
        entering.isEmpty()
            ? new Fact("channels", channels, Fact.Origin.TRIED, triedChannels(scope))
            : new Fact(
                "channels",
                channels,
                Fact.Origin.READ,
                "first weights " + String.join(", ", entering.keySet())));
    facts.add(size(scope));
    facts.add(
        new Fact(
            "pictures",
            preprocessing.fit() + ", " + preprocessing.interpolation(),
            Fact.Origin.STATED,
            ""));
    facts.add(new Fact("scale", preprocessing.scale().toString(), Fact.Origin.STATED, ""));
    facts.add(values("mean", preprocessing.mean()));
    facts.add(values("deviation", preprocessing.std()));
    return List.copyOf(facts);
  }

  private static Fact values(String what, List<Float> values) {
    return new Fact(what, values.isEmpty() ? "none" : values.toString(), Fact.Origin.STATED, "");
  }

  private String triedChannels(NDManager scope) {
    Shape said = shape();
    List<String> refused = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (long channels : new long[] {1, 3, 4}) {
      if (channels != said.get(1)) {
        boolean runs = taken(scope, shape(channels, said.get(2), said.get(3)));
        (runs ? taken : refused).add(String.valueOf(channels));
      }
    }
    return "it runs with %s%s%s"
        .formatted(
            said.get(1),
            refused.isEmpty() ? "" : ", not with " + String.join(" or ", refused),
            taken.isEmpty() ? "" : ", also with " + String.join(" and ", taken));
  }

  /**
   * Whether another size is taken, too, and gives an output of the same shape, or one with more
   * places, as a map of classes and boxes have.
   */
  private Fact size(NDManager scope) {
    Shape said = shape();
    String here =
        preprocessing.size().isPresent()
            ? inWords(said) + " (height × width)"
            : "each picture's own";
    Optional<Shape> output = output(scope, said);
    if (output.isEmpty()) {
      return new Fact("size", here, Fact.Origin.UNKNOWN, "it does not run at " + inWords(said));
    }
    Shape larger = shape(said.get(1), said.get(2) + LARGER, said.get(3) + LARGER);
    Shape twice = shape(said.get(1), 2 * said.get(2), 2 * said.get(3));
    if (twice.equals(larger)) {
      twice = shape(said.get(1), 2 * larger.get(2), 2 * larger.get(3));
    }
    for (Shape other : List.of(larger, twice)) {
      Optional<Shape> found = output(scope, other);
      if (found.equals(output) || found.filter(shape -> grows(output.get(), shape)).isPresent()) {
        return new Fact(
            "size",
            here + ", not fixed by the network",
            Fact.Origin.TRIED,
            "it runs at %s and at %s%s"
                .formatted(
                    inWords(said),
                    inWords(other),
                    found.equals(output) ? "" : ", where it puts out " + found.get()));
      }
    }
    return new Fact(
        "size",
        here + ", fixed by the network",
        Fact.Origin.TRIED,
        "it runs at %s; at %s and at %s it does not, or puts out another shape"
            .formatted(inWords(said), inWords(larger), inWords(twice)));
  }

  /**
   * Whether an output of a larger picture is one for it, too, with more places: rows and columns,
   * or a line of places beside what stays. One number more for a class is no place.
   */
  private static boolean grows(Shape output, Shape larger) {
    int dimensions = output.dimension();
    return dimensions > 2
        && larger.dimension() == dimensions
        && larger.get(0) == output.get(0)
        && IntStream.range(1, dimensions).allMatch(i -> larger.get(i) >= output.get(i))
        && (IntStream.range(1, dimensions).filter(i -> larger.get(i) > output.get(i)).count() > 1
            || IntStream.range(1, dimensions)
                .anyMatch(i -> output.get(i) > 1 && larger.get(i) == output.get(i)));
  }

  private static String inWords(Shape picture) {
    return picture.get(2) + "×" + picture.get(3);
  }
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import camlab.picture.PixelScale;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a network itself does to the numbers of a picture before its first filters see them, found
 * by running it on pictures of one colour v. Away from the edges such filters put out W x + b: x is
 * what they see, and W the sum of their weights for each channel. So x = M v + t can be found, and
 * what comes out for another colour must agree.
 *
 * @param filters the name of the first filters' weights
 * @param channels which channel of the picture each channel of x is, from 0
 * @param mean what is subtracted from each channel of x
 * @param deviation what each is divided by then
 */
record OwnNormalization(
    String filters, List<Integer> channels, List<Double> mean, List<Double> deviation) {

  private static final String WEIGHT = ".weight";

  /** Of filters (K, C, height, width), and of what they put out. */
  private static final int DIMENSIONS = 4;

  /** By so much numbers that are the same may differ, as a share of the largest. */
  private static final float CLOSE = 2e-3f;

  private static final int SHOWN = 3;

  /** Whoever subtracts or divides by more does not mean numbers from 0 to 1. */
  private static final double LARGE = 16;

  /** Whoever subtracts and divides by no more does not mean numbers from 0 to 255. */
  private static final double SMALL = 1;

  /** Copies the lists. */
  OwnNormalization {
    channels = List.copyOf(channels);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /**
   * {@return what a model does to the numbers; empty if it does nothing, or what comes out does not
   * tell}
   *
   * @param manager what is run belongs to a scope of it
   * @param model what is run
   * @param picture the shape of one picture, (1, C, H, W)
   */
  static Optional<OwnNormalization> of(NDManager manager, LayeredModel model, Shape picture) {
    Optional<String> filters = filters(model, picture.get(1));
    if (filters.isEmpty() || model.precision() > CLOSE / 2) {
      return Optional.empty();
    }
    try (NDManager scope = manager.newSubManager()) {
      return of(scope, model, picture, filters.get());
    } catch (ComputationException e) {
      // Such as filters that do not tell the channels apart: their matrix has no inverse.
      return Optional.empty();
    }
  }

  private static Optional<OwnNormalization> of(
      NDManager scope, LayeredModel model, Shape picture, String filters) {
    Optional<NDArray> weight = model.weight(filters);
    Optional<NDArray> seen = seen(scope, model, picture, layer(filters));
    if (weight.isEmpty() || seen.isEmpty()) {
      return Optional.empty();
    }
    NDArray sums = exact(weight.get(), scope).sum(new int[] {2, 3});
    NDArray bias =
        model.weight(layer(filters) + ".bias").map(found -> exact(found, scope)).orElse(null);
    NDArray ofInput = seen.get().sub(bias == null ? seen.get().zerosLike() : bias.expandDims(1));
    NDArray colours = exact(colours(scope, picture.get(1)), scope);
    if (same(sums.matMul(colours), ofInput)) {
      return Optional.empty();
    }
    NDArray entering = solved(sums, ofInput);
    NDArray shift = entering.get(":, 0:1");
    NDArray matrix = entering.get(":, 1:{}", 1 + picture.get(1)).sub(shift);
    return same(sums.matMul(matrix.matMul(colours).add(shift)), ofInput)
        ? read(filters, matrix, shift.squeeze(1).toDoubleArray())
        : Optional.empty();
  }

  /** Black, each channel alone, and another colour: shape (C, C + 2). */
  private static NDArray colours(NDManager scope, long channels) {
    NDArray other =
        scope
            .arange(Math.toIntExact(channels))
            .toType(DataType.FLOAT32, false)
            .add(0.5)
            .div(-channels);
    NDArray black = scope.zeros(new Shape(channels, 1));
    return black.concat(scope.eye(Math.toIntExact(channels)), 1).concat(other.expandDims(1), 1);
  }

  private static boolean same(NDArray expected, NDArray found) {
    return Trial.same(
        found.toType(DataType.FLOAT32, false), expected.toType(DataType.FLOAT32, false), CLOSE);
  }

  /** The first filters of the file that have as many channels as a picture; they are more. */
  private static Optional<String> filters(LayeredModel model, long channels) {
    return model.weights().entrySet().stream()
        .filter(weight -> weight.getValue().dimension() == DIMENSIONS)
        .filter(weight -> weight.getValue().get(1) == channels)
        .filter(weight -> weight.getValue().get(0) > channels)
        .map(Map.Entry::getKey)
        .filter(name -> name.endsWith(WEIGHT) && model.names().contains(layer(name)))
        .findFirst();
  }

  private static String layer(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length());
  }

  private static NDArray exact(NDArray array, NDManager scope) {
    NDArray copy = array.toType(DataType.FLOAT64, true);
    copy.attach(scope);
    return copy;
  }

  /**
   * What the filters put out amid each of the {@link #colours}: shape (K, C + 2), if it is a map
   * for each.
   */
  private static Optional<NDArray> seen(
      NDManager scope, LayeredModel model, Shape picture, String layer) {
    NDArray colours = colours(scope, picture.get(1)).transpose();
    NDList columns = new NDList();
    for (long i = 0; i < colours.getShape().get(0); i++) {
      NDArray colour = colours.get(i).reshape(1, picture.get(1), 1, 1);
      Trace trace = model.trace(colour.broadcast(picture).duplicate(), Set.of(layer));
      // A program may go another way for another colour.
      Trace.Hooked hooked = trace.layers().get(layer);
      if (hooked == null || hooked.activation().getShape().dimension() != DIMENSIONS) {
        return Optional.empty();
      }
      NDArray map = hooked.activation();
      long row = map.getShape().get(2) / 2;
      long column = map.getShape().get(3) / 2;
      columns.add(exact(map.get("0, :, {}, {}", row, column), scope));
    }
    return Optional.of(NDArrays.stack(columns, 1));
  }

  /** The x for which sums · x is what was seen, or comes nearest to it. */
  private static NDArray solved(NDArray sums, NDArray seen) {
    NDArray transposed = sums.transpose();
    return ComputationException.explained(
        () -> "The filters do not tell the channels apart",
        () -> transposed.matMul(sums).inverse().matMul(transposed).matMul(seen));
  }

  /** Each row of the matrix has one number that counts, or channels are mixed. */
  private static Optional<OwnNormalization> read(String filters, NDArray matrix, double[] shift) {
    int count = shift.length;
    double[] flat = matrix.toDoubleArray();
    List<Integer> channels =
        IntStream.range(0, count).map(row -> largest(flat, row, count)).boxed().toList();
    boolean mixed =
        IntStream.range(0, flat.length)
            .filter(i -> channels.get(i / count) != i % count)
            .anyMatch(i -> Math.abs(flat[i]) > CLOSE * factor(flat, channels, i / count));
    boolean changed =
        IntStream.range(0, count)
            .anyMatch(
                i ->
                    channels.get(i) != i
                        || Math.abs(flat[i * count + channels.get(i)] - 1) > CLOSE
                        || Math.abs(shift[i]) > CLOSE);
    if (mixed || !changed || channels.stream().distinct().count() < count) {
      return Optional.empty();
    }
    List<Double> deviation =
        IntStream.range(0, count).mapToObj(i -> 1 / flat[i * count + channels.get(i)]).toList();
    List<Double> mean =
        IntStream.range(0, count)
            .mapToObj(i -> Math.abs(shift[i]) > CLOSE ? -shift[i] * deviation.get(i) : 0)
            .toList();
    return Optional.of(new OwnNormalization(filters, channels, mean, deviation));
  }

  private static double factor(double[] flat, List<Integer> channels, int row) {
    return Math.abs(flat[row * channels.size() + channels.get(row)]);
  }

  private static int largest(double[] flat, int row, int count) {
    return IntStream.range(0, count)
        .reduce(
            0, (a, b) -> Math.abs(flat[row * count + b]) > Math.abs(flat[row * count + a]) ? b : a);
  }

  /**
   * {@return it in words, and what that means beside what is stated}
   *
   * @param preprocessing what is stated
   */
  Fact fact(Preprocessing preprocessing) {
    StringBuilder text = new StringBuilder();
    boolean ordered = channels.equals(IntStream.range(0, channels.size()).boxed().toList());
    if (!ordered) {
      text.append("channels in the order ")
          .append(channels.stream().map(channel -> channel + 1).toList());
    }
    if (isNormalized()) {
      text.append(ordered ? "" : ", then ").append("(x − ").append(shown(mean)).append(") / ");
      text.append(shown(deviation));
      PixelScale made = madeFor(preprocessing.scale());
      boolean other = made != preprocessing.scale();
      String call =
          made == PixelScale.ZERO_TO_ONE ? ".scale(PixelScale.ZERO_TO_ONE)" : ".scale255()";
      if (!preprocessing.mean().isEmpty() || !preprocessing.std().isEmpty()) {
        text.append(
            ", behind the mean and deviation that are stated: if it learned from pictures that were normalised once, leave those out, ");
        if (other) {
          text.append(
              "and give it numbers from %s, for which it seems to be made: ".formatted(span(made)));
        }
        text.append(
            "preprocessing.toBuilder().mean().deviation()%s.build()".formatted(other ? call : ""));
      } else if (other) {
        text.append(
            ": so it seems to be made for numbers from %s, and they run from %s: preprocessing.toBuilder()%s.build()"
                .formatted(span(made), span(preprocessing.scale()), call));
      }
    }
    return new Fact(
        "inside it",
        text.toString(),
        Fact.Origin.TRIED,
        "pictures of one colour, as the filters of %s see them".formatted(filters));
  }

  /** What its numbers are usual for; the scale that is stated where they do not tell. */
  private PixelScale madeFor(PixelScale stated) {
    double largest =
        Stream.concat(mean.stream(), deviation.stream()).mapToDouble(Math::abs).max().orElse(0);
    if (largest > LARGE) {
      return PixelScale.ZERO_TO_255;
    }
    return largest <= SMALL ? PixelScale.ZERO_TO_ONE : stated;
  }

  private static String span(PixelScale scale) {
    return "0 to " + Math.round(scale.white());
  }

  private boolean isNormalized() {
    return mean.stream().anyMatch(value -> value != 0)
        || deviation.stream().anyMatch(value -> Math.abs(value - 1) > CLOSE);
  }

  private static List<String> shown(List<Double> values) {
    return values.stream().map(value -> Fact.number(value, SHOWN)).toList();
  }
}

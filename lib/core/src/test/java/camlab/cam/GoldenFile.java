package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Set;

/**
 * Figures of one object of a reference file, and how far PyTorch's own single precision is from
 * each of them on one setting of the processor or another.
 *
 * @param figures what PyTorch computes in double precision
 * @param deviation for figures of the same name the largest difference, as a share of the largest
 *     value; a figure that is not in it is not measured
 * @param clear whether the network stays clear of ties, so that no rounding takes another branch
 */
record GoldenFile(JsonObject figures, JsonObject deviation, boolean clear) {

  /** What a figure may differ by at least, as a share of its largest value. */
  private static final double BOUND = 1e-4;

  /** The same for figures of a clear network whose single precision is measured. */
  private static final double CLEAR_BOUND = 5e-5;

  /**
   * Where PyTorch's single precision differs by more, how many times as much this engine's may:
   * another order of the sums takes other branches than the measured ones did.
   */
  private static final double FACTOR = 4;

  /** Quotients by a channel's sum, which comes close to zero with no tie in the network. */
  private static final Set<String> DIVIDES = Set.of("x_grad_cam");

  static GoldenFile read(String name) {
    JsonObject figures = TestFiles.figures("golden/" + name);
    JsonObject deviation = new JsonObject();
    if (figures.has("single_precision")) {
      deviation = figures.getAsJsonObject("single_precision").getAsJsonObject("deviation");
    }
    return new GoldenFile(figures, deviation, name.startsWith("clear-"));
  }

  /** The object of the given name inside this one. */
  GoldenFile at(String name) {
    JsonObject inner = deviation.has(name) ? deviation.getAsJsonObject(name) : new JsonObject();
    return new GoldenFile(figures.getAsJsonObject(name), inner, clear);
  }

  /** The object at a place of an array. */
  GoldenFile at(String name, int index) {
    JsonObject inner =
        deviation.has(name)
            ? deviation.getAsJsonArray(name).get(index).getAsJsonObject()
            : new JsonObject();
    JsonObject figure = figures.getAsJsonArray(name).get(index).getAsJsonObject();
    return new GoldenFile(figure, inner, clear);
  }

  int size(String name) {
    return figures.getAsJsonArray(name).size();
  }

  String text(String name) {
    return figures.get(name).getAsString();
  }

  int number(String name) {
    return figures.get(name).getAsInt();
  }

  /** The values of a figure: a list, or one number. */
  float[] values(String name) {
    JsonElement element = figures.get(name);
    if (!element.isJsonArray()) {
      return new float[] {element.getAsFloat()};
    }
    JsonArray array = element.getAsJsonArray();
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsFloat();
    }
    return values;
  }

  /** How far PyTorch's own single precision is from a figure; 0 where it is not measured. */
  double measured(String name) {
    return deviation.has(name) ? deviation.get(name).getAsDouble() : 0;
  }

  /** Holds every value found against the figure, as a share of the figure's largest value. */
  void close(String name, float... found) {
    float[] expected = values(name);
    assertEquals(expected.length, found.length, name);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Float.isFinite(found[i]), name + " has the value " + found[i]);
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - found[i]));
    }
    double measured = measured(name);
    double bound = clear && deviation.has(name) ? CLEAR_BOUND : BOUND;
    double share = Math.max(bound, clear && !DIVIDES.contains(name) ? 0 : FACTOR * measured);
    String layer = figures.has("layer") ? " of " + text("layer") : "";
    assertTrue(
        difference <= share * largest,
        String.format(
            Locale.ROOT,
            "%s%s: differs by %.2g of its largest value, expected %.2g at most; PyTorch's own"
                + " single precision differs by %.2g",
            name,
            layer,
            difference / largest,
            share,
            measured));
  }
}

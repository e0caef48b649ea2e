package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether layers see all of a picture. A program that cuts pictures itself has maps of the part
 * that it keeps: laid over all of the picture, they would be too large, and lie elsewhere.
 *
 * <p>The upper left corner of a picture is changed, and the lower right one. Where what a layer
 * puts out stays the same to the last bit, a strip along each of the corner's two sides is changed,
 * all of it: one that changes nothing is not seen.
 */
final class Sight {

  /** Of a side's length, what is looked at where rows and columns begin: all layers see that. */
  private static final int NEAR = 18;

  /** Where they end, a stride that does not come out even leaves less than a place unseen. */
  private static final int FAR = 7;

  private enum Side {
    TOP(2, true),
    LEFT(3, true),
    BOTTOM(2, false),
    RIGHT(3, false);

    private final int axis;
    private final boolean begins;

    Side(int axis, boolean begins) {
      this.axis = axis;
      this.begins = begins;
    }

    private int length(Shape picture) {
      return Math.toIntExact(Math.max(1, picture.get(axis) / (begins ? NEAR : FAR)));
    }

    /** 1 in the strip along this side, 0 elsewhere. */
    private NDArray mask(NDManager scope, Shape picture) {
      float[] values = new float[Math.toIntExact(picture.get(axis))];
      int length = length(picture);
      Arrays.fill(values, begins ? 0 : values.length - length, begins ? length : values.length, 1);
      return spread(scope, values, axis);
    }

    private String words(Shape picture) {
      return "the %s %s of %s %s"
          .formatted(
              begins ? "first" : "last",
              length(picture),
              picture.get(axis),
              axis == 2 ? "rows" : "columns");
    }
  }

  private final Function<NDArray, Map<String, NDArray>> run;
  private final NDArray picture;
  private final NDArray other;
  private final Map<String, NDArray> outputs;

  private Sight(
      Function<NDArray, Map<String, NDArray>> run,
      NDArray picture,
      NDArray other,
      Map<String, NDArray> outputs) {
    this.run = run;
    this.picture = picture;
    this.other = other;
    this.outputs = outputs;
  }

  /**
   * {@return the layers that do not see all of a picture, and what they do not see, in words}
   *
   * @param run runs a picture, shape (1, C, H, W): what layers put out, in its scope
   * @param picture any
   * @param other any other of the same size
   * @param outputs what the layers put out for the first
   */
  static Map<String, String> unseen(
      Function<NDArray, Map<String, NDArray>> run,
      NDArray picture,
      NDArray other,
      Map<String, NDArray> outputs) {
    Map<String, Set<Side>> found = new Sight(run, picture, other, outputs).unseen();
    Map<String, String> words = new LinkedHashMap<>();
    found.forEach(
        (layer, sides) ->
            words.put(
                layer,
                sides.stream()
                    .map(side -> side.words(picture.getShape()))
                    .collect(Collectors.joining(", "))));
    return words;
  }

  private Map<String, Set<Side>> unseen() {
    Map<String, Set<Side>> unseen = new LinkedHashMap<>();
    for (List<Side> corner :
        List.of(List.of(Side.TOP, Side.LEFT), List.of(Side.BOTTOM, Side.RIGHT))) {
      Set<String> unchanged = unchanged(corner, outputs.keySet());
      // A small corner may be lost in pooling; a strip from edge to edge is not.
      for (Side side : unchanged.isEmpty() ? List.<Side>of() : corner) {
        unchanged(List.of(side), unchanged)
            .forEach(
                layer ->
                    unseen.computeIfAbsent(layer, name -> EnumSet.noneOf(Side.class)).add(side));
      }
    }
    if (!unseen.isEmpty()) {
      // What no picture changes shows no part either.
      try (NDManager pass = picture.getManager().newSubManager()) {
        NDArray all = other.duplicate();
        all.attach(pass);
        unseen.keySet().removeAll(same(run.apply(all), unseen.keySet()));
      }
    }
    return unseen;
  }

  /** The layers that put out the same if a picture is changed where all these sides meet. */
  private Set<String> unchanged(List<Side> sides, Set<String> layers) {
    try (NDManager pass = picture.getManager().newSubManager()) {
      NDArray mask =
          sides.stream()
              .map(side -> side.mask(pass, picture.getShape()))
              .reduce(NDArray::mul)
              .orElseThrow();
      return same(run.apply(mixed(picture, other, mask)), layers);
    }
  }

  private Set<String> same(Map<String, NDArray> found, Set<String> layers) {
    Set<String> same = new LinkedHashSet<>(layers);
    same.removeIf(layer -> !found.get(layer).contentEquals(outputs.get(layer)));
    return same;
  }

  /** {@return values along the rows or the columns, of a shape that spreads to a picture's} */
  static NDArray spread(NDManager scope, float[] values, int axis) {
    Shape shape = axis == 2 ? new Shape(1, 1, values.length, 1) : new Shape(1, 1, 1, values.length);
    return scope.create(values, shape);
  }

  /**
   * {@return the first picture where a mask is 0, and the second where it is 1; as the mask lives}
   */
  static NDArray mixed(NDArray one, NDArray two, NDArray mask) {
    NDArray mixed = two.sub(one).mul(mask).add(one);
    mixed.attach(mask.getManager());
    return mixed;
  }
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.EnumMap;
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
 * puts out stays the same to the last bit, strips along each of the corner's two sides are changed,
 * as wide as can be without that anything changes: these are not seen.
 */
final class Sight {

  /** The share of a side's length that is looked at: less than that moves a map by little. */
  private static final int SHARE = 18;

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

    private int all(Shape picture) {
      return Math.toIntExact(picture.get(axis));
    }

    private int least(Shape picture) {
      return Math.max(1, all(picture) / SHARE);
    }

    /** 1 in a strip along this side, 0 elsewhere. */
    private NDArray mask(NDManager scope, Shape picture, int width) {
      float[] values = new float[all(picture)];
      Arrays.fill(values, begins ? 0 : values.length - width, begins ? width : values.length, 1);
      return spread(scope, values, axis);
    }

    private String words(int width, Shape picture) {
      return "the %s %s of %s %s"
          .formatted(
              begins ? "first" : "last", width, all(picture), axis == 2 ? "rows" : "columns");
    }
  }

  /**
   * What a layer does not see of a picture.
   *
   * @param picture the picture's shape, (1, C, H, W)
   * @param strips how many rows or columns along each side; none of a side of which all is seen
   */
  record Unseen(Shape picture, Map<Side, Integer> strips) {

    /**
     * {@return whether maps of so many rows and columns are of a part, and not of all of the
     * picture} Where a picture ends, a stride that does not come out even leaves less than a place
     * unseen.
     *
     * @param rows of the maps
     * @param columns of the maps
     */
    boolean isCut(long rows, long columns) {
      return strips.entrySet().stream()
          .anyMatch(
              strip -> {
                Side side = strip.getKey();
                long places = side.axis == 2 ? rows : columns;
                return side.begins || strip.getValue() * places >= side.all(picture);
              });
    }

    @Override
    public String toString() {
      return strips.entrySet().stream()
          .map(strip -> strip.getKey().words(strip.getValue(), picture))
          .collect(Collectors.joining(", "));
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
   * {@return what layers do not see of a picture; those that see all of it are left out}
   *
   * @param run runs a picture, shape (1, C, H, W): what layers put out, in its scope
   * @param picture any
   * @param other any other of the same size
   * @param outputs what the layers put out for the first
   */
  static Map<String, Unseen> unseen(
      Function<NDArray, Map<String, NDArray>> run,
      NDArray picture,
      NDArray other,
      Map<String, NDArray> outputs) {
    Map<String, Unseen> unseen = new LinkedHashMap<>();
    new Sight(run, picture, other, outputs)
        .strips()
        .forEach((layer, strips) -> unseen.put(layer, new Unseen(picture.getShape(), strips)));
    return unseen;
  }

  private Map<String, Map<Side, Integer>> strips() {
    Map<String, Map<Side, Integer>> strips = new LinkedHashMap<>();
    Map<List<Side>, Set<String>> corners = new LinkedHashMap<>();
    Set<String> any = new LinkedHashSet<>();
    for (List<Side> corner :
        List.of(List.of(Side.TOP, Side.LEFT), List.of(Side.BOTTOM, Side.RIGHT))) {
      Set<String> unchanged = unchanged(corner, outputs.keySet());
      corners.put(corner, unchanged);
      any.addAll(unchanged);
    }
    // What no picture changes shows no part either.
    Set<String> constant = unchanged(pass -> pass.ones(picture.getShape()), any);
    for (List<Side> corner : corners.keySet()) {
      Set<String> unchanged = corners.get(corner);
      unchanged.removeIf(constant::contains);
      for (Side side : corner) {
        // A small corner may be lost in pooling; a strip from edge to edge is not.
        int least = side.least(picture.getShape());
        widen(side, unchanged(side, least, unchanged), least, side.all(picture.getShape()), strips);
      }
    }
    return strips;
  }

  /**
   * Finds the widest strips that are not seen.
   *
   * @param layers none of which sees a strip of the first width; all of them see one of the second
   */
  private void widen(
      Side side, Set<String> layers, int unseen, int seen, Map<String, Map<Side, Integer>> strips) {
    if (layers.isEmpty()) {
      return;
    }
    if (seen - unseen == 1) {
      layers.forEach(
          layer ->
              strips.computeIfAbsent(layer, name -> new EnumMap<>(Side.class)).put(side, unseen));
      return;
    }
    int middle = (unseen + seen) / 2;
    Set<String> unchanged = unchanged(side, middle, layers);
    Set<String> changed = new LinkedHashSet<>(layers);
    changed.removeAll(unchanged);
    widen(side, unchanged, middle, seen, strips);
    widen(side, changed, unseen, middle, strips);
  }

  private Set<String> unchanged(Side side, int width, Set<String> layers) {
    return unchanged(pass -> side.mask(pass, picture.getShape(), width), layers);
  }

  /** The layers that put out the same if a picture is changed where two strips meet. */
  private Set<String> unchanged(List<Side> corner, Set<String> layers) {
    Shape shape = picture.getShape();
    return unchanged(
        pass ->
            corner.stream()
                .map(side -> side.mask(pass, shape, side.least(shape)))
                .reduce(NDArray::mul)
                .orElseThrow(),
        layers);
  }

  /** The layers that put out the same if a picture is changed where a mask is 1. */
  private Set<String> unchanged(Function<NDManager, NDArray> mask, Set<String> layers) {
    if (layers.isEmpty()) {
      return new LinkedHashSet<>();
    }
    try (NDManager pass = picture.getManager().newSubManager()) {
      return same(run.apply(mixed(picture, other, mask.apply(pass))), layers);
    }
  }

  private Set<String> same(Map<String, NDArray> found, Set<String> layers) {
    Set<String> same = new LinkedHashSet<>(layers);
    // Of several ways through a network another picture may take another one.
    same.removeIf(
        layer -> !found.containsKey(layer) || !found.get(layer).contentEquals(outputs.get(layer)));
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

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Layers that a test writes down, each of which takes what the one before it puts out. They show
 * nothing but what they put out.
 */
class Chain implements LayeredModel {

  private final Map<String, UnaryOperator<NDArray>> layers = new LinkedHashMap<>();

  private final boolean keepsPlaces;

  /** How many times it ran. */
  int runs;

  /** Layers of which nothing is known. */
  Chain() {
    this(false);
  }

  /** Layers, perhaps known to leave places as they are. */
  Chain(boolean keepsPlaces) {
    this.keepsPlaces = keepsPlaces;
  }

  /**
   * The mean of each square of a picture, as far as whole ones fit: shape (1, C, rows, columns).
   *
   * @param pixels the picture, shape (1, C, H, W)
   * @param side of a square
   */
  static NDArray squares(NDArray pixels, int side) {
    long channels = pixels.getShape().get(1);
    long rows = pixels.getShape().get(2) / side;
    long columns = pixels.getShape().get(3) / side;
    return pixels
        .get(":, :, :{}, :{}", rows * side, columns * side)
        .reshape(1, channels, rows, side, columns, side)
        .mean(new int[] {5})
        .mean(new int[] {3});
  }

  /** One layer more. */
  Chain then(String name, UnaryOperator<NDArray> computes) {
    layers.put(name, computes);
    return this;
  }

  @Override
  public Trace trace(NDArray input, Set<String> names) {
    runs++;
    Map<String, Trace.Hooked> found = new LinkedHashMap<>();
    NDArray values = input;
    for (Map.Entry<String, UnaryOperator<NDArray>> layer : layers.entrySet()) {
      values = layer.getValue().apply(values);
      if (names.contains(layer.getKey())) {
        Trace.Hooked hooked = Trace.Hooked.of(values);
        found.put(layer.getKey(), hooked);
        values = hooked.sum();
      }
    }
    return new Trace(values, found);
  }

  @Override
  public List<String> names() {
    return List.copyOf(layers.keySet());
  }

  @Override
  public String resolve(String name) {
    return name;
  }

  @Override
  public String type(String layer) {
    return "Written";
  }

  @Override
  public long parameterCount() {
    return 0;
  }

  @Override
  public String checksum() {
    return "";
  }

  @Override
  public NDArray run(NDArray input) {
    return trace(input, Set.of()).logits();
  }

  @Override
  public Trace cut(NDArray input, Set<String> names) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<String> rectifiers(NDArray input) {
    return Set.of();
  }

  @Override
  public Rest rest(NDArray input, String layer) {
    List<String> names = names();
    List<String> behind = names.subList(names.indexOf(layer) + 1, names.size());
    return outputs -> {
      NDArray values = outputs;
      for (String name : behind) {
        values = layers.get(name).apply(values);
      }
      return values;
    };
  }

  @Override
  public Map<String, Shape> shapes(NDArray input) {
    return trace(input, layers.keySet()).shapes();
  }

  @Override
  public boolean keepsPlaces(NDArray input) {
    return keepsPlaces;
  }
}

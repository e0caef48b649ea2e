package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A model of one layer, which a test writes down: it shows nothing but what it puts out.
 *
 * @param computes what comes out for pictures
 */
record OneLayer(UnaryOperator<NDArray> computes) implements LayeredModel {

  static final String NAME = "layer";

  @Override
  public Trace trace(NDArray input, Set<String> layers) {
    NDArray output = computes.apply(input);
    return new Trace(output, Map.of(NAME, Trace.Hooked.of(output)));
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public String resolve(String name) {
    return name;
  }

  @Override
  public String type(String layer) {
    return "OneLayer";
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
    return computes.apply(input);
  }

  @Override
  public Trace cut(NDArray input, Set<String> layers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<String> rectifiers(NDArray input) {
    return Set.of();
  }

  @Override
  public Rest rest(NDArray input, String layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Shape> shapes(NDArray input) {
    return Map.of(NAME, computes.apply(input).getShape());
  }
}

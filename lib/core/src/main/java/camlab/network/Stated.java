package camlab.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the reader states of a network because its file does not: everything here is optional, and
 * what is not stated is read from the file or found by trial; {@link Network#describe} says which.
 *
 * <pre>{@code
 * TorchScript.load(file, classes, preprocessing,
 *     Stated.NOTHING.output("logits").layout("norm", Layout.CHANNELS_LAST).targetLayer("norm"));
 * }</pre>
 *
 * @param output which of several outputs is explained: a key, a field's name, or an index from 0
 * @param inputs constants for parameters of the program other than the picture, by their names
 * @param layouts where positions are in a layer's output, by the layer's name
 * @param targetLayer the layer whose maps one looks at by default
 * @param device where the network runs, as DJL names it: {@code cpu}, {@code gpu0}
 */
public record Stated(
    Optional<String> output,
    Map<String, Constant> inputs,
    Map<String, Layout> layouts,
    Optional<String> targetLayer,
    Optional<String> device) {

  /** Nothing is stated. */
  public static final Stated NOTHING =
      new Stated(Optional.empty(), Map.of(), Map.of(), Optional.empty(), Optional.empty());

  /**
   * Requires all parts; copies the maps.
   *
   * @param output which of several outputs is explained
   * @param inputs constants for other parameters, by their names
   * @param layouts where positions are, by layer
   * @param targetLayer the layer whose maps one looks at by default
   * @param device where the network runs
   */
  public Stated {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(targetLayer, "targetLayer");
    Objects.requireNonNull(device, "device");
    inputs = Map.copyOf(inputs);
    layouts = Map.copyOf(layouts);
  }

  /**
   * {@return this, and which output is explained}
   *
   * @param index its place in a tuple or list, from 0
   */
  public Stated output(int index) {
    return output(String.valueOf(index));
  }

  /**
   * {@return this, and which output is explained}
   *
   * @param key its key in a dictionary, or the name of the field of a named tuple
   */
  public Stated output(String key) {
    Objects.requireNonNull(key, "Expected the key of an output, found null.");
    return new Stated(Optional.of(key), inputs, layouts, targetLayer, device);
  }

  /**
   * {@return this, and a constant for a parameter of the program}
   *
   * @param parameter its name in the program's {@code forward}
   * @param value its value, for every picture
   */
  public Stated input(String parameter, Constant value) {
    Objects.requireNonNull(parameter, "Expected the name of a parameter, found null.");
    Objects.requireNonNull(
        value, "Expected a value, found null: new Constant.Nothing() is Python's None.");
    return new Stated(output, with(inputs, parameter, value), layouts, targetLayer, device);
  }

  /**
   * {@return this, and where the positions are in a layer's output}
   *
   * @param layer its dotted name
   * @param layout where they are
   */
  public Stated layout(String layer, Layout layout) {
    requireLayer(layer);
    Objects.requireNonNull(
        layout, "Expected where the positions are, found null: Layout.CHANNELS_LAST, say.");
    return new Stated(output, inputs, with(layouts, layer, layout), targetLayer, device);
  }

  /**
   * {@return this, and the layer whose maps one looks at by default}
   *
   * @param layer its dotted name
   */
  public Stated targetLayer(String layer) {
    requireLayer(layer);
    return new Stated(output, inputs, layouts, Optional.of(layer), device);
  }

  /**
   * {@return this, and where the network runs}
   *
   * @param name as DJL names it: {@code cpu}, {@code gpu0}
   */
  public Stated device(String name) {
    Objects.requireNonNull(name, "Expected the name of a device, found null: \"cpu\" or \"gpu0\".");
    return new Stated(output, inputs, layouts, targetLayer, Optional.of(name));
  }

  private static void requireLayer(String layer) {
    Objects.requireNonNull(layer, "Expected the name of a layer, found null.");
  }

  private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }
}

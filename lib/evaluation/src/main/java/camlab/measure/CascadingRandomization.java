package camlab.measure;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import camlab.heatmap.Heatmap;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The sanity check: a map that hardly changes while the weights of the network become random does
 * not show what the network has learned.
 *
 * <p>Layer by layer from the top, a layer's weights are replaced by those of a new, untrained
 * layer; what was replaced before stays replaced. After each replacement the map is computed again
 * and compared with that of the trained network. The weights that go in: normal with mean 0 and
 * variance 2 / fan-in (He 2015) for convolutions and linear layers, no bias, and a batch
 * normalisation that changes nothing (scale 1, shift 0, running mean 0, running variance 1). The
 * network that is given is not changed.
 *
 * <p>Source: J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.1.
 *
 * @param layers which layers, in the order in which they are replaced; the name of a container
 *     ({@code features}) stands for all layers inside it
 * @param seed of the new weights; a layer's new weights depend on it and on the layer's name only
 */
public record CascadingRandomization(List<String> layers, long seed) {

  /**
   * Copies the list; requires at least one layer.
   *
   * @param layers which layers, in the order in which they are replaced
   * @param seed of the new weights
   */
  public CascadingRandomization {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Name at least one layer whose weights become random.");
    }
  }

  /** A map after a replacement, compared with the map of the trained network. */
  public static final class Step {

    private final String layer;
    private final Heatmap map;
    private final Likeness likeness;
    private OptionalDouble similarity = OptionalDouble.empty();

    /**
     * One that was worked out elsewhere.
     *
     * @param layer see {@link #layer()}
     * @param map see {@link #map()}
     * @param rankCorrelation see {@link #rankCorrelation()}
     * @param absoluteRankCorrelation see {@link #absoluteRankCorrelation()}
     * @param similarity see {@link #similarity()}
     */
    public Step(
        String layer,
        Heatmap map,
        double rankCorrelation,
        double absoluteRankCorrelation,
        double similarity) {
      this(layer, map, new Likeness(rankCorrelation, absoluteRankCorrelation, () -> similarity));
    }

    private Step(String layer, Heatmap map, Likeness likeness) {
      this.layer = layer;
      this.map = map;
      this.likeness = likeness;
    }

    /** {@return the layer that was replaced last} */
    public String layer() {
      return layer;
    }

    /** {@return the map of the network with random weights from the top down to that layer} */
    public Heatmap map() {
      return map;
    }

    /** {@return {@link RankCorrelation} at the map's own resolution, with signs} */
    public double rankCorrelation() {
      return likeness.rankCorrelation();
    }

    /** {@return the same of the absolute values} */
    public double absoluteRankCorrelation() {
      return likeness.absoluteRankCorrelation();
    }

    /**
     * {@return {@link StructuralSimilarity} after resizing to the network's view and scaling to [0,
     * 1]} It takes longer than all else of the comparison, and is worked out when first asked for.
     *
     * @throws IllegalArgumentException if the view is smaller than the window of the similarity
     */
    public synchronized double similarity() {
      if (similarity.isEmpty()) {
        similarity = OptionalDouble.of(likeness.similarity().getAsDouble());
      }
      return similarity.getAsDouble();
    }

    /** Two steps are equal if all that they say is. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Step step && all().equals(step.all());
    }

    @Override
    public int hashCode() {
      return Objects.hash(layer, map, rankCorrelation(), absoluteRankCorrelation());
    }

    private List<Object> all() {
      return List.of(layer, map, rankCorrelation(), absoluteRankCorrelation(), similarity());
    }

    /** For people: the layer, the map and the two correlations. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s · %s · rank correlation %.3f, of absolute values %.3f",
          layer,
          map,
          rankCorrelation(),
          absoluteRankCorrelation());
    }
  }

  /**
   * {@return all layers of a network that have weights, from the top down}
   *
   * @param network the network
   * @param seed what all chance comes from
   */
  public static CascadingRandomization ofAllLayers(LayeredNetwork network, long seed) {
    List<String> topDown = new ArrayList<>(owners(network));
    Collections.reverse(topDown);
    return new CascadingRandomization(topDown, seed);
  }

  /**
   * Runs the check.
   *
   * @param network the trained network; not changed
   * @param explain computes the maps of a network: always as many, in the same order, and for the
   *     same class (the predicted one may change with the weights)
   * @return for each layer, in order, one step for each map
   * @throws UnknownNameException if a layer does not exist or has no weights; nothing has run then
   * @throws IllegalArgumentException if the numbers of maps differ, or the sizes of two maps
   */
  public List<Step> run(
      LayeredNetwork network, Function<? super LayeredNetwork, List<Heatmap>> explain) {
    layers.forEach(layer -> parametersOf(network, layer));
    List<Heatmap> trained = explain.apply(network);
    List<Likeness.To> likeness =
        trained.stream().map(map -> new Likeness.To(map, Likeness.view(network, map))).toList();
    List<Step> steps = new ArrayList<>();
    Deque<LayeredNetwork> randomized = new ArrayDeque<>();
    randomized.push(network);
    try {
      for (String layer : layers) {
        // Each shares with the one before it all but the layer that is replaced now.
        randomized.push(randomized.peek().withParameters(untrained(network, layer)));
        List<Heatmap> maps = explain.apply(randomized.peek());
        Likeness.requireAsMany(trained, maps);
        for (int i = 0; i < trained.size(); i++) {
          steps.add(new Step(layer, maps.get(i), likeness.get(i).of(maps.get(i))));
        }
      }
    } finally {
      randomized.removeLast(); // the trained network belongs to the caller
      randomized.forEach(Network::close);
    }
    return List.copyOf(steps);
  }

  /**
   * {@return the network with all {@link #layers} replaced: what is left after the last step}
   *
   * @param network the trained network; not changed, and to be open as long as the other is
   * @throws UnknownNameException if a layer does not exist or has no weights
   */
  public LayeredNetwork allReplaced(LayeredNetwork network) {
    return network.withParameters(values(network));
  }

  /**
   * {@return the new values of all parameters of {@link #layers}, row-major, by their names}
   *
   * @param network whose parameters they stand in for; not changed
   * @throws UnknownNameException if a layer does not exist or has no weights
   */
  public Map<String, float[]> values(LayeredNetwork network) {
    Map<String, float[]> values = new LinkedHashMap<>();
    layers.forEach(layer -> values.putAll(untrained(network, layer)));
    return values;
  }

  private static Map<String, Parameter> parametersOf(LayeredNetwork network, String layer) {
    Map<String, Parameter> all = network.graph().namedParameters();
    Map<String, Parameter> found = new LinkedHashMap<>(all);
    found.keySet().removeIf(name -> !name.startsWith(layer + "."));
    if (found.isEmpty()) {
      throw UnknownNameException.of("layer with weights", layer, owners(network));
    }
    return found;
  }

  /** The layers that have weights, in the order they run. */
  private static List<String> owners(LayeredNetwork network) {
    return network.graph().namedParameters().keySet().stream()
        .map(name -> name.substring(0, name.lastIndexOf('.')))
        .distinct()
        .toList();
  }

  private Map<String, float[]> untrained(LayeredNetwork network, String layer) {
    Map<String, float[]> values = new LinkedHashMap<>();
    parametersOf(network, layer)
        .forEach((name, parameter) -> values.put(name, untrained(name, parameter.getShape())));
    return values;
  }

  private float[] untrained(String name, Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    if (shape.dimension() > 1) {
      double fanIn = (double) shape.size() / shape.get(0);
      double deviation = Math.sqrt(2 / fanIn);
      SplittableRandom random = new SplittableRandom(31 * seed + name.hashCode());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
    } else if (name.endsWith(".weight") || name.endsWith(".running_var")) {
      Arrays.fill(values, 1);
    }
    return values;
  }
}

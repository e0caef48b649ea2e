package camlab.measure;

import camlab.measure.Road.Order;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Measures with their default settings. */
public final class Measures {

  private Measures() {}

  /**
   * Does the map tell the truth: measures that ask the network about changed pictures.
   *
   * @return the measures
   */
  public static List<Measure> faithfulness() {
    return List.of(
        new ConfidenceDrop(Scale.RELATIVE),
        new ConfidenceIncrease(),
        new ConfidenceGain(Scale.RELATIVE),
        new ConfidenceAfterRemoval(),
        new Deletion(),
        new Insertion(),
        new PixelFlipping(),
        new Aopc(),
        new Road(Order.MOST_RELEVANT_FIRST),
        new Road(Order.LEAST_RELEVANT_FIRST),
        new RoadCombined(),
        new Infidelity());
  }

  /**
   * Does it lie on the object: measures that need a mask.
   *
   * @return the measures
   */
  public static List<Measure> localisation() {
    return List.of(
        new PointingGame(),
        new EnergyInObject(),
        new RelevanceMass(),
        new RelevanceRank(),
        new IntersectionOverUnion());
  }

  /**
   * Does it stay what it is, of a picture that is nearly the same: measures that ask the method for
   * other maps.
   *
   * @return the measures
   */
  public static List<Measure> stability() {
    return List.of(new Coherency(), new Adcc(), new MaxSensitivity());
  }

  /**
   * Does it depend on what it claims to: measures that ask the method for maps of another class or
   * of other weights.
   *
   * @return the measures
   */
  public static List<Measure> dependence() {
    return List.of(new RandomLogit(), new SmoothMprt(), new EfficientMprt());
  }

  /**
   * The same, and the measure that asks the method for a map of a network trained on labels by lot.
   *
   * @param shuffled that network, which nobody can choose for the reader: see {@link
   *     DataRandomization}
   * @return the measures
   */
  public static List<Measure> dependence(Network shuffled) {
    return Stream.concat(dependence().stream(), Stream.of(new DataRandomization(shuffled)))
        .toList();
  }

  /**
   * How much it lights up: measures of the map alone.
   *
   * @return the measures
   */
  public static List<Measure> concentration() {
    return List.of(new Complexity(), new Sparseness());
  }

  /** {@return all of them that need no second network} */
  public static List<Measure> all() {
    return Stream.of(faithfulness(), localisation(), stability(), dependence(), concentration())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * {@return some of them, in the order they are named}
   *
   * @param names such as {@code deletion}
   * @throws UnknownNameException if there is no measure of that name
   * @throws IllegalArgumentException if a name is not enough: {@link DataRandomization} needs a
   *     second network
   */
  public static List<Measure> named(String... names) {
    return Arrays.stream(names).map(Measures::named).toList();
  }

  private static Measure named(String name) {
    if (DataRandomization.NAME.equals(name)) {
      throw new IllegalArgumentException(
          "The name '%s' is not enough: it compares with a network trained on labels by lot. Give that network: new DataRandomization(shuffled), or Measures.dependence(shuffled)."
              .formatted(name));
    }
    return all().stream()
        .filter(measure -> measure.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UnknownNameException.of(
                    "measure", name, all().stream().map(Measure::name).toList()));
  }
}

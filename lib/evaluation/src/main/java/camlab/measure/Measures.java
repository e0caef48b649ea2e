package camlab.measure;

import camlab.measure.Road.Order;
import java.util.ArrayList;
import java.util.List;

/** Every measure with its default settings. */
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
        new ConfidenceAfterRemoval(),
        new Deletion(),
        new Insertion(),
        new Road(Order.MOST_RELEVANT_FIRST),
        new Road(Order.LEAST_RELEVANT_FIRST));
  }

  /**
   * Does it lie on the object: measures that need a mask.
   *
   * @return the measures
   */
  public static List<Measure> localisation() {
    return List.of(new PointingGame(), new EnergyInObject(), new IntersectionOverUnion());
  }

  /** {@return all of them, and how much of the picture a map lights up} */
  public static List<Measure> all() {
    List<Measure> all = new ArrayList<>(faithfulness());
    all.addAll(localisation());
    all.add(new Complexity());
    return List.copyOf(all);
  }
}

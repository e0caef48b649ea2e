package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.identity.Identified;
import camlab.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The other sanity check: a map that is the same for a network trained on the right labels and for
 * one trained on labels drawn by lot does not show how pictures and labels belong together.
 *
 * <p>The measure is the {@link StructuralSimilarity} of the map and of the same method's map of the
 * other network, of the same view and class, both resized to the view and scaled to [0, 1]. In [−1,
 * 1]; less is better, and 1 says that the method shows the same whatever was learned. {@link #run}
 * gives the rank correlations as well.
 *
 * <p>Both networks have to fit what they were trained on: a network that has learned nothing at all
 * is what {@link CascadingRandomization} compares with. Such a second network is the caller's to
 * train; none ships. So this measure is not among {@link Measures#all()}, but {@link
 * Measures#dependence(Network)} has it. Its identity has the other network's.
 *
 * <p>Source: J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.2.
 */
public final class DataRandomization implements Measure {

  static final String NAME = "data randomisation";

  private final IdentifiedNetwork shuffled;

  /**
   * Compares with a network; it must stay open as long as maps are judged.
   *
   * @param shuffled of the same layers and classes as the network whose maps are judged, trained on
   *     labels by lot; not changed
   */
  public DataRandomization(Network shuffled) {
    this.shuffled = new IdentifiedNetwork(Objects.requireNonNull(shuffled, "shuffled"));
  }

  private record IdentifiedNetwork(Network network) implements Identified {
    @Override
    public String identity() {
      return network.identity();
    }
  }

  /**
   * The maps of one picture by the two networks, compared as the steps of {@link
   * CascadingRandomization} are.
   *
   * @param map of the network that was trained on right labels
   * @param shuffled of the network that was trained on labels by lot
   * @param rankCorrelation {@link RankCorrelation} at the maps' own resolution, with signs
   * @param absoluteRankCorrelation the same of the absolute values
   * @param similarity {@link StructuralSimilarity} after resizing to the network's view and scaling
   *     to [0, 1]
   */
  public record Pair(
      Heatmap map,
      Heatmap shuffled,
      double rankCorrelation,
      double absoluteRankCorrelation,
      double similarity) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public String asks() {
    return "the picture, a network trained on labels by lot";
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the two are one and the same network, or their classes
   *     differ
   */
  @Override
  public double of(Explanation explanation) {
    Explainer explainer = explanation.requireExplainer();
    requireAnother(explainer.network());
    Heatmap other = explainer.on(shuffled.network()).of(explanation.view());
    return StructuralSimilarity.of(explanation.scaledMap(), explanation.scaled(other));
  }

  /**
   * Runs the check, with all three likenesses.
   *
   * @param trained on the right labels; not changed
   * @param explain computes the maps of a network: always as many, in the same order, and for the
   *     same class
   * @return one pair for each map
   * @throws IllegalArgumentException if the two are one and the same network, their classes differ,
   *     or the numbers of maps do
   */
  public List<Pair> run(
      Network trained, Function<? super Network, ? extends List<Heatmap>> explain) {
    requireAnother(trained);
    List<Heatmap> maps = explain.apply(trained);
    List<Heatmap> others = explain.apply(shuffled.network());
    Likeness.requireAsMany(maps, others);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      pairs.add(pair(maps.get(i), others.get(i), Likeness.view(trained, maps.get(i))));
    }
    return List.copyOf(pairs);
  }

  private void requireAnother(Network trained) {
    List<String> expected = trained.classes().names();
    List<String> found = shuffled.network().classes().names();
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "The classes are %s of one network, and of the other %s: a map of the same place among them explains something else. Give the network that was trained on labels by lot with the same classes in the same order."
              .formatted(expected, found));
    }
    if (trained.identity().equals(shuffled.identity())) {
      throw new IllegalArgumentException(
          "Both are %s, of the same weights and settings: their maps are the same whatever the method. Give the network that was trained on labels by lot."
              .formatted(trained.name()));
    }
  }

  private static Pair pair(Heatmap map, Heatmap other, Region.Size view) {
    Likeness likeness = Likeness.of(map, other, view);
    return new Pair(
        map,
        other,
        likeness.rankCorrelation(),
        likeness.absoluteRankCorrelation(),
        likeness.similarity().getAsDouble());
  }
}

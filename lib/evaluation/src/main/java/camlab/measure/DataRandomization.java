package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The other sanity check: a map that is the same for a network trained on the right labels and for
 * one trained on labels drawn by lot does not show how pictures and labels belong together.
 *
 * <p>Both networks have to fit what they were trained on: a network that has learned nothing at all
 * is what {@link CascadingRandomization} compares with. Such a second network is the caller's to
 * train; none ships.
 *
 * <p>Source: J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.2.
 */
public final class DataRandomization {

  private DataRandomization() {}

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

  /**
   * Runs the check.
   *
   * @param trained on the right labels; not changed
   * @param shuffled of the same layers, trained on labels by lot; not changed
   * @param explain computes the maps of a network: always as many, in the same order, and for the
   *     same class
   * @return one pair for each map
   * @throws IllegalArgumentException if the two are one and the same network, or the numbers of
   *     maps differ
   */
  public static List<Pair> run(
      Network trained,
      Network shuffled,
      Function<? super Network, ? extends List<Heatmap>> explain) {
    if (trained.identity().equals(shuffled.identity())) {
      throw new IllegalArgumentException(
          "Both are %s, of the same weights: their maps are the same whatever the method. Give the network that was trained on labels by lot."
              .formatted(trained.name()));
    }
    List<Heatmap> maps = explain.apply(trained);
    List<Heatmap> others = explain.apply(shuffled);
    if (maps.size() != others.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "There are %d maps of one network, and %d of the other. Explain the same pictures.",
              maps.size(),
              others.size()));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      pairs.add(pair(maps.get(i), others.get(i), Likeness.view(trained, maps.get(i))));
    }
    return List.copyOf(pairs);
  }

  private static Pair pair(Heatmap map, Heatmap other, Region.Size view) {
    Likeness likeness = Likeness.of(map, other, view);
    return new Pair(
        map,
        other,
        likeness.rankCorrelation(),
        likeness.absoluteRankCorrelation(),
        likeness.similarity());
  }
}

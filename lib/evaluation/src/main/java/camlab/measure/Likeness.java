package camlab.measure;

import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Network;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How much two maps of one picture are alike.
 *
 * @param rankCorrelation {@link RankCorrelation} at the maps' own resolution, with signs
 * @param absoluteRankCorrelation the same of the absolute values
 * @param similarity {@link StructuralSimilarity} after resizing to the view and scaling to [0, 1];
 *     worked out at each call, since it takes longer than all else and is not always asked for
 */
record Likeness(double rankCorrelation, double absoluteRankCorrelation, DoubleSupplier similarity) {

  static Likeness of(Heatmap one, Heatmap other, Region.Size view) {
    return new To(one, view).of(other);
  }

  /** A map that others are compared with: its ranks are worked out once. */
  static final class To {

    private final Heatmap map;
    private final Region.Size view;
    private final Heatmap ranks;

    /** Of the absolute values; only signed maps need them. */
    private Optional<Heatmap> absoluteRanks = Optional.empty();

    To(Heatmap map, Region.Size view) {
      this.map = map;
      this.view = view;
      ranks = RankCorrelation.ranks(map);
    }

    Likeness of(Heatmap other) {
      double withSigns = ranks.correlation(RankCorrelation.ranks(other));
      boolean signed = Math.min(map.min(), other.min()) < 0;
      return new Likeness(
          withSigns,
          signed ? absoluteRanks().correlation(RankCorrelation.absoluteRanks(other)) : withSigns,
          similarity(map, other, view));
    }

    private Heatmap absoluteRanks() {
      if (absoluteRanks.isEmpty()) {
        absoluteRanks = Optional.of(RankCorrelation.absoluteRanks(map));
      }
      return absoluteRanks.get();
    }
  }

  /** Keeps the two maps, and nothing that is larger. */
  private static DoubleSupplier similarity(Heatmap one, Heatmap other, Region.Size view) {
    return () -> StructuralSimilarity.of(scaled(one, view), scaled(other, view));
  }

  private static Heatmap scaled(Heatmap map, Region.Size view) {
    return map.resized(view.height(), view.width()).normalized();
  }

  /** Requires as many maps of one network as of another: each is compared with its own. */
  static void requireAsMany(List<Heatmap> maps, List<Heatmap> others) {
    if (maps.size() != others.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "There are %d maps of one network, and %d of the other. Explain the same pictures.",
              maps.size(),
              others.size()));
    }
  }

  /** What the network saw of the picture of a map; of an unknown one, the map's own size. */
  static Region.Size view(Network network, Heatmap map) {
    return map.region()
        .map(Region::view)
        .or(network.preprocessing()::size)
        .orElse(new Region.Size(map.width(), map.height()));
  }
}

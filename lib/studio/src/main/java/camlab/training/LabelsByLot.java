package camlab.training;

import java.util.SplittableRandom;

/**
 * The pictures of a set, each with the labels of a picture of the set that was drawn by lot: no
 * picture says any longer what its labels are, and every label is there as often as it was. A
 * network can only learn them by heart; {@link camlab.measure.DataRandomization} compares with it.
 *
 * <p>Source: C. Zhang et al., "Understanding Deep Learning Requires Rethinking Generalization",
 * ICLR 2017.
 */
final class LabelsByLot implements TrainingSet {

  private final TrainingSet set;
  private final int[] labelled;

  /**
   * Exchanges the labels.
   *
   * @param set the pictures, with the right labels; not changed
   * @param seed of the lot
   */
  LabelsByLot(TrainingSet set, long seed) {
    this.set = set;
    this.labelled = Training.shuffled(set.size(), new SplittableRandom(seed));
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public int side(int index) {
    return set.side(index);
  }

  @Override
  public byte[] pixels(int index) {
    return set.pixels(index);
  }

  @Override
  public float[] labels(int index) {
    return set.labels(labelled[index]);
  }
}

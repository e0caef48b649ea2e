package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 14. */
public final class ShortcutExercises {

  private static final int SIDE = 40;

  private ShortcutExercises() {}

  /**
   * Exercise 1: the share of maps that do not peak on the animal, or at most 15 pixels beside it
   * (the pointing game, Zhang et al. 2016, section 4.1, with hits and misses exchanged).
   *
   * @param answer the reader's method: maps and the masks of the animals, in the same order
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void alarm(ToDoubleBiFunction<List<Heatmap>, List<Mask>> answer) {
    Mask animal = MadeUp.mask(SIDE, SIDE, 5 * SIDE + 5, 5 * SIDE + 6);
    List<Heatmap> maps = new ArrayList<>();
    List<Mask> masks = new ArrayList<>(Collections.nCopies(5, animal));
    maps.add(peak(5, 6));
    Answer.number(
        "The alarm for one map that peaks on the animal", 0, 1e-9, call(answer, maps, masks));
    maps.add(peak(5, 36));
    maps.add(peak(39, 5));
    Answer.number(
        "The alarm for one map that peaks on the animal and two that peak far away",
        2 / 3.0,
        1e-6,
        call(answer, maps, masks));
    maps.add(peak(15, 6));
    Answer.number(
        "The alarm for these three and a map that peaks 10 pixels beside the animal",
        0.5,
        1e-6,
        call(answer, maps, masks));
    maps.add(peak(17, 18));
    Answer.number(
        "The alarm for these four and a map that peaks 12 rows and 12 columns beside the animal",
        0.6,
        1e-6,
        call(answer, maps, masks));
    Mask another = MadeUp.mask(SIDE, SIDE, 30 * SIDE + 10);
    maps.add(peak(30, 25));
    maps.add(peak(30, 26));
    masks.addAll(List.of(another, another));
    Answer.number(
        "The alarm for these five and two that peak 15 and 16 pixels beside another animal",
        4 / 7.0,
        1e-6,
        call(answer, maps, masks));
    Heatmap small = MadeUp.map(4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    Heatmap corner = MadeUp.map(4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Answer.number(
        "The alarm for one map of 4×4 that peaks on the animal in a picture of 40×40",
        0,
        1e-9,
        call(answer, List.of(small), List.of(MadeUp.mask(SIDE, SIDE, 24 * SIDE + 14))));
    Answer.number(
        "The alarm for one map of 4×4 that, resized to 40×40, peaks 17 pixels beside the animal",
        1,
        1e-9,
        call(answer, List.of(corner), List.of(MadeUp.mask(SIDE, SIDE, 17))));
    passed("the alarm is right for hits, near hits and misses");
  }

  private static DoubleSupplier call(
      ToDoubleBiFunction<List<Heatmap>, List<Mask>> answer, List<Heatmap> maps, List<Mask> masks) {
    return () ->
        answer.applyAsDouble(List.copyOf(maps), List.copyOf(masks.subList(0, maps.size())));
  }

  private static Heatmap peak(int row, int column) {
    double[] values = new double[SIDE * SIDE];
    values[row * SIDE + column] = 1;
    return MadeUp.map(SIDE, SIDE, values);
  }

  /**
   * Exercise 2: a picture whose first columns are taken from another.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void covered(Cover answer) {
    Picture stamped = Picture.of(3, 2, new int[] {1, 2, 3, 4, 5, 6});
    Picture plain = Picture.of(3, 2, new int[] {10, 20, 30, 40, 50, 60});
    Answer.equal(
        "The picture with no column covered",
        stamped,
        () -> answer.of(stamped, plain, 0),
        "with 0 columns nothing changes");
    Answer.equal(
        "The picture with all of its columns covered",
        plain,
        () -> answer.of(stamped, plain, 3),
        "then nothing of the stamped picture is left");
    Answer.equal(
        "The picture of 3×2 pixels with two columns covered",
        Picture.of(3, 2, new int[] {10, 20, 3, 40, 50, 6}),
        () -> answer.of(stamped, plain, 2),
        "count rows and columns from 0, and remember that a row has width pixels");
    passed("three pictures are covered as they should be");
  }

  /** Covers a picture. */
  @FunctionalInterface
  public interface Cover {

    /**
     * The columns left of a limit from the plain picture, the others from the stamped one.
     *
     * @param stamped a picture
     * @param plain a picture of the same size
     * @param columns how many columns are covered
     */
    Picture of(Picture stamped, Picture plain, int columns);
  }

  /**
   * Exercise 3: what some channels contribute to a score, to first order: Σ_k Σ_ij g_kij A_kij over
   * these channels.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void contribution(Contribution answer) {
    ChannelMaps activations = MadeUp.maps(3, 1, 2, 1, 2.5, 5, 7, 0, 3);
    ChannelMaps gradients = MadeUp.maps(3, 1, 2, 4, 1, 9, 9, 2, -1);
    Answer.number(
        "What channels 0 and 2 of three contribute",
        3.5,
        1e-5,
        () -> answer.of(activations, gradients, List.of(0, 2)));
    Answer.number(
        "What no channel contributes", 0, 1e-9, () -> answer.of(activations, gradients, List.of()));
    passed("the contribution of chosen channels is right");
  }

  /** What channels contribute. */
  @FunctionalInterface
  public interface Contribution {

    /**
     * The sum of the products of gradient and activation.
     *
     * @param activations K×h×w
     * @param gradients K×h×w
     * @param channels the numbers of the channels that count
     */
    double of(ChannelMaps activations, ChannelMaps gradients, List<Integer> channels);
  }
}

package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import camlab.heatmap.ChannelMaps;
import camlab.heatmap.Heatmap;
import camlab.picture.Mask;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 09. */
public final class MethodOrNetworkExercises {

  private MethodOrNetworkExercises() {}

  /**
   * Exercise 1: FEM with any threshold, Σ_k μ_k [A_k ≥ μ_k + Kσ_k]; Fuad et al. 2020.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void fem(Threshold answer) {
    ChannelMaps activations = MadeUp.maps(2, 1, 4, 0, 0, 0, 4, 2, 2, 6, 6);
    String of = "The map of two channels with K = ";
    Answer.map(of + 1, new float[][] {{0, 0, 4, 5}}, () -> answer.of(activations, 1));
    Answer.map(of + 1.5, new float[][] {{0, 0, 0, 1}}, () -> answer.of(activations, 1.5));
    passed("the maps of two channels with two thresholds are right");
  }

  /**
   * Exercise 2: the interaction of two factors, for each picture: what the method changes on the
   * one network, less what it changes on the other.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void interaction(Interaction answer) {
    Answer.numbers(
        "The interaction for two pictures",
        new double[] {-1, 4},
        () ->
            answer.of(
                new double[] {1, 2},
                new double[] {3, 5},
                new double[] {10, 20},
                new double[] {11, 27}));
    passed("the interaction for two pictures is right");
  }

  /**
   * Exercise 3: the energy on an object, divided by the share of the area that the object covers.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void timesEven(ToDoubleBiFunction<Heatmap, Mask> answer) {
    Heatmap map = MadeUp.map(2, 2, 6, 0, -2, 2);
    Answer.number(
        "The number for an object that covers half of the picture",
        1.5,
        1e-5,
        () -> answer.applyAsDouble(map, MadeUp.mask(2, 2, 0, 2)));
    Answer.number(
        "The number for an object that covers a quarter of the picture",
        3,
        1e-5,
        () -> answer.applyAsDouble(map, MadeUp.mask(2, 2, 0)));
    Answer.number(
        "The number for a map of 1×2 that is the same everywhere, in a picture of 2×2",
        1,
        1e-5,
        () -> answer.applyAsDouble(MadeUp.map(1, 2, 7, 7), MadeUp.mask(2, 2, 0, 1, 3)));
    passed("three maps and objects are right");
  }

  /** FEM with a threshold. */
  @FunctionalInterface
  public interface Threshold {

    /**
     * The map, h×w.
     *
     * @param activations K×h×w
     * @param sigmas how many standard deviations above the mean a position must lie
     */
    float[][] of(ChannelMaps activations, double sigmas);
  }

  /** The interaction of method and network. */
  @FunctionalInterface
  public interface Interaction {

    /**
     * One number for each picture, from the values of a measure.
     *
     * @param rg first network, first method
     * @param rf first network, second method
     * @param xg second network, first method
     * @param xf second network, second method
     */
    double[] of(double[] rg, double[] rf, double[] xg, double[] xf);
  }
}

package camlab.exercise;

import static camlab.notebook.Notebook.passed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleBiFunction;

/** The exercises of lesson 11b. */
public final class GuidedExercises {

  private GuidedExercises() {}

  /**
   * Exercise 1: what the deconvolution passes on at a ReLU, the positive part of the gradient from
   * above; Zeiler and Fergus 2014.
   *
   * @param answer the reader's method: what went into the ReLU, and the gradient from above
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void thirdRule(BinaryOperator<NDArray> answer) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray z = manager.create(new float[] {2, 2, -1, -1});
      NDArray above = manager.create(new float[] {3, -4, 5, -6});
      Answer.numbers(
          "What is passed on for z = 2, 2, −1, −1 and 3, −4, 5, −6 from above",
          new double[] {3, 0, 5, 0},
          () -> Answer.doubles(answer.apply(z, above)));
    }
    passed("the third rule is right for all four cases");
  }

  /**
   * Exercise 2: the cosine of two lists of numbers, Σ ab / √(Σ a² Σ b²), 0 if one is all zeros.
   *
   * @param answer the reader's method
   * @throws camlab.notebook.CheckFailed if it gives anything else
   */
  public static void cosine(ToDoubleBiFunction<float[], float[]> answer) {
    cosine(answer, "3, 4 and 4, 3", new float[] {3, 4}, new float[] {4, 3}, 0.96);
    cosine(answer, "1, 2, 2 and 2, 1, −2", new float[] {1, 2, 2}, new float[] {2, 1, -2}, 0);
    cosine(answer, "1, 5 and −2, −10", new float[] {1, 5}, new float[] {-2, -10}, -1);
    cosine(answer, "1, 2 and 0, 0", new float[] {1, 2}, new float[2], 0);
    cosine(answer, "0, 0 and 1, 2", new float[2], new float[] {1, 2}, 0);
    passed("the cosine of four pairs of lists is right");
  }

  private static void cosine(
      ToDoubleBiFunction<float[], float[]> answer,
      String lists,
      float[] a,
      float[] b,
      double expected) {
    Answer.number(
        "The cosine of " + lists, expected, 1e-4, () -> answer.applyAsDouble(a.clone(), b.clone()));
  }
}

package camlab.exercise;

import static camlab.exercise.Checked.assertSays;
import static camlab.exercise.Checked.stub;

import ai.djl.ndarray.NDArray;
import org.junit.jupiter.api.Test;

/** The checks of lesson 11b. */
class GuidedExercisesTest {

  @Test
  void theThirdRule() {
    GuidedExercises.thirdRule((z, above) -> above.maximum(0));
    assertSays(
        "at index 2 it is 0.0",
        () -> GuidedExercises.thirdRule((z, above) -> above.maximum(0).mul(positive(z))));
    assertSays("there are values below zero", () -> GuidedExercises.thirdRule((z, above) -> above));
  }

  @Test
  void theCosine() {
    GuidedExercises.cosine((a, b) -> cosine(a, b, 0));
    assertSays(
        "3, 4 and 4, 3",
        () -> GuidedExercises.cosine((a, b) -> cosine(minusMean(a), minusMean(b), 0)));
    assertSays("1, 2 and 0, 0", () -> GuidedExercises.cosine((a, b) -> cosine(a, b, Double.NaN)));
  }

  @Test
  void stubsAreOpen() {
    assertSays("still open", () -> GuidedExercises.thirdRule((z, above) -> above.add(open())));
    assertSays("still open", () -> GuidedExercises.cosine((a, b) -> open()));
  }

  private static float open() {
    throw stub();
  }

  private static double cosine(float[] a, float[] b, double ofZeros) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return aa * bb == 0 ? ofZeros : ab / Math.sqrt(aa * bb);
  }

  private static float[] minusMean(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] -= sum / result.length;
    }
    return result;
  }

  private static NDArray positive(NDArray z) {
    return z.gt(0).toType(z.getDataType(), false);
  }
}

package camlab.exercise;

import static camlab.exercise.Checked.assertOpen;
import static camlab.exercise.Checked.message;
import static camlab.exercise.Checked.stub;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.capture.SmallNetworks;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkExercisesTest {

  @Test
  void theRowOfConvolution() {
    NetworkExercises.convolution(
        (n, c, k, f, s, p) -> new int[] {(n + 2 * p - f) / s + 1, k * c * f * f + k});
    String noBias =
        message(
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) -> new int[] {(n + 2 * p - f) / s + 1, k * c * f * f}));
    assertTrue(noBias.contains("the biases"), noBias);
    String rounded =
        message(
            () ->
                NetworkExercises.convolution(
                    (n, c, k, f, s, p) ->
                        new int[] {(n + 2 * p - f + s) / s + 1, k * c * f * f + k}));
    assertFalse(rounded.contains("55"), "gives the right value away: " + rounded);
    message(() -> NetworkExercises.convolution((n, c, k, f, s, p) -> new int[] {1}));
  }

  @Test
  void theSafeSoftmax() {
    NetworkExercises.safeSoftmax(y -> softmax(y, Arrays.stream(y).max().getAsDouble()));
    String plain = message(() -> NetworkExercises.safeSoftmax(y -> softmax(y, 0)));
    assertTrue(plain.startsWith("The softmax of the logits 1000 and 1001"), plain);
    assertTrue(plain.contains("not a number"), plain);
    assertFalse(plain.contains("0.26"), "gives the right value away: " + plain);
    message(() -> NetworkExercises.safeSoftmax(y -> softmax(y, 1000)));
  }

  @Test
  void theAccuracyOnShrunkenPictures() {
    try (Network network = SmallNetworks.alexNet()) {
      List<Picture> pictures = List.of(SmallNetworks.picture(1), SmallNetworks.picture(2));
      List<Integer> truth = List.of(0, 0);
      NetworkExercises.accuracyAt(
          network, pictures, truth, side -> accuracy(network, pictures, side));
      String turned =
          message(
              () ->
                  NetworkExercises.accuracyAt(
                      network, pictures, truth, side -> 2 + accuracy(network, pictures, side)));
      assertTrue(turned.contains("too large"), turned);
      message(() -> NetworkExercises.accuracyAt(network, pictures, truth, side -> -1));
    }
  }

  @Test
  void theStubIsAnOpenExercise() {
    assertOpen(
        () ->
            NetworkExercises.safeSoftmax(
                y -> {
                  throw stub();
                }));
  }

  private static double[] softmax(double[] y, double less) {
    double sum = Arrays.stream(y).map(value -> Math.exp(value - less)).sum();
    return Arrays.stream(y).map(value -> Math.exp(value - less) / sum).toArray();
  }

  private static double accuracy(Network network, List<Picture> pictures, int side) {
    double right = 0;
    for (Picture picture : pictures) {
      double first = network.predict(picture.resized(side, side)).get(0).index();
      right += first == 0 ? 0.5 : 0;
    }
    return right;
  }
}

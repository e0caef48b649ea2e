package camlab.evaluation;

import camlab.measure.Calibration;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * How often a network is right about pictures whose class is known, and whether it is as sure as it
 * is right.
 *
 * @param right how many it named rightly
 * @param total of how many
 * @param classes how many classes it chooses from
 * @param calibrationError {@link Calibration#expectedError} of the class it names, in [0, 1], in
 *     ten bins; empty where the network tells no probability
 */
public record LabelledAnswers(int right, int total, int classes, OptionalDouble calibrationError) {

  private static final int BINS = 10;

  /**
   * A picture and its class.
   *
   * @param picture reads the picture
   * @param className the class that it shows
   */
  public record Labelled(Supplier<Picture> picture, String className) {}

  /**
   * Requires at least one answer.
   *
   * @param right how many it named rightly
   * @param total of how many, at least 1
   * @param classes how many classes it chooses from
   * @param calibrationError in [0, 1]; empty where the network tells no probability
   */
  public LabelledAnswers {
    if (total < 1 || right < 0 || right > total) {
      throw new IllegalArgumentException(
          "Of at least one picture none to all are right, found %s of %s.".formatted(right, total));
    }
  }

  /**
   * {@return what a network says of pictures, the likeliest class of each}
   *
   * @param network the network
   * @param pictures at least one
   */
  public static LabelledAnswers of(Network network, List<Labelled> pictures) {
    List<Double> probabilities = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    for (Labelled labelled : pictures) {
      Prediction said = network.predict(labelled.picture().get()).get(0);
      right.add(said.name().equals(labelled.className()));
      if (said.meaning().tellsProbabilities()) {
        probabilities.add(said.probability());
      }
    }
    return new LabelledAnswers(
        (int) right.stream().filter(each -> each).count(),
        right.size(),
        network.classes().size(),
        probabilities.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(Calibration.of(probabilities, right, BINS).expectedError()));
  }

  /** {@return both ends of Wilson's 95 % interval of the share that is right} */
  public List<Double> interval() {
    double[] ends = MeasureTrial.interval(right, total);
    return List.of(ends[0], ends[1]);
  }

  /** {@return whether the interval's lower end is above the share that guessing gets} */
  public boolean aboveChance() {
    return interval().get(0) > 1.0 / classes;
  }
}

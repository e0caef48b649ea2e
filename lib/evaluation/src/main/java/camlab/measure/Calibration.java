package camlab.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Whether a network is as sure as it is right. Answers are sorted into bins by their probability;
 * in a calibrated network, of the answers given with 80 % about 80 % are right.
 *
 * <p>Source: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2.
 *
 * @param bins equally wide bins of the probability, from 0 to 1
 */
public record Calibration(List<Bin> bins) {

  /**
   * The answers whose probability lies between two values.
   *
   * @param from lower end, excluded but for 0
   * @param to upper end, included
   * @param answers how many answers there are
   * @param probability their mean probability, in [0, 1]; empty without answers
   * @param accuracy the share of them that is right, in [0, 1]; empty without answers
   */
  public record Bin(
      double from, double to, int answers, OptionalDouble probability, OptionalDouble accuracy) {}

  /**
   * Copies the list.
   *
   * @param bins equally wide bins of the probability, from 0 to 1
   */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Sorts answers into bins.
   *
   * @param probabilities the probability of each answer, in [0, 1]
   * @param right whether it was right, in the same order
   * @param bins how many bins, at least 1
   * @return the bins
   * @throws IllegalArgumentException if the lists differ in length or are empty, a probability lies
   *     outside [0, 1], or there is no bin
   */
  public static Calibration of(List<Double> probabilities, List<Boolean> right, int bins) {
    if (probabilities.size() != right.size() || right.isEmpty() || bins < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "As many probabilities as answers are needed, and at least one bin; found %d, %d and"
                  + " %d.",
              probabilities.size(),
              right.size(),
              bins));
    }
    int[] answers = new int[bins];
    double[] sum = new double[bins];
    int[] hits = new int[bins];
    for (int i = 0; i < right.size(); i++) {
      double probability = probabilities.get(i);
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            "A probability lies in [0, 1], found %s.".formatted(probability));
      }
      int bin = bin(probability, bins);
      answers[bin]++;
      sum[bin] += probability;
      hits[bin] += right.get(i) ? 1 : 0;
    }
    List<Bin> list = new ArrayList<>();
    for (int i = 0; i < bins; i++) {
      double from = (double) i / bins;
      double to = (i + 1.0) / bins;
      list.add(new Bin(from, to, answers[i], mean(sum[i], answers[i]), mean(hits[i], answers[i])));
    }
    return new Calibration(list);
  }

  /** The product is rounded, so that the end of a bin may come out behind it or before it. */
  private static int bin(double probability, int bins) {
    int bin = Math.max(0, (int) Math.ceil(probability * bins) - 1);
    if (bin > 0 && probability <= (double) bin / bins) {
      return bin - 1;
    }
    return probability > (bin + 1.0) / bins ? bin + 1 : bin;
  }

  private static OptionalDouble mean(double sum, int count) {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  /**
   * {@return the expected calibration error, Guo et al.'s equation 3: the mean over all answers of
   * how far their bin's accuracy is from its mean probability, in [0, 1]}
   */
  public double expectedError() {
    double sum = 0;
    int answers = 0;
    for (Bin bin : bins) {
      if (bin.answers() > 0) {
        double accuracy = bin.accuracy().orElseThrow();
        sum += bin.answers() * Math.abs(accuracy - bin.probability().orElseThrow());
        answers += bin.answers();
      }
    }
    return sum / answers;
  }
}

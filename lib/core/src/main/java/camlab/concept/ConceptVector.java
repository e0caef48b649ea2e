package camlab.concept;

import camlab.network.NotApplicableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A concept activation vector: the direction in a layer in which pictures of a concept differ from
 * others.
 *
 * @param concept what the pictures have in common
 * @param against what they were told apart from
 * @param layer the dotted name of the layer
 * @param vector of length 1, in the order in which the layer puts out its values for one picture
 * @param accuracy the share, from 0 to 1, of the pictures held back of both sets that the
 *     classifier told rightly; where it is near the chance of 0.5, the layer has no such direction
 */
public record ConceptVector(
    String concept, String against, String layer, List<Float> vector, double accuracy) {

  /**
   * Copies the vector.
   *
   * @param concept what the pictures have in common
   * @param against what they were told apart from
   * @param layer the dotted name of the layer
   * @param vector of length 1
   * @param accuracy from 0 to 1
   */
  public ConceptVector {
    vector = List.copyOf(vector);
  }

  /** One set of values for each picture of a set. */
  record Values(String name, List<float[]> rows) {

    /** Those of every third picture, which no classifier has seen. */
    List<float[]> heldBack() {
      return part(true);
    }

    List<float[]> seen() {
      return part(false);
    }

    private List<float[]> part(boolean heldBack) {
      List<float[]> part = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if ((i % Examples.HELD_BACK == Examples.HELD_BACK - 1) == heldBack) {
          part.add(rows.get(i));
        }
      }
      return part;
    }
  }

  /** {@return the direction from the second set to the first} */
  static ConceptVector of(String layer, Values concept, Values against, double penalty) {
    requireDifferent(layer, concept, against);
    LogisticRegression classifier = LogisticRegression.of(concept.seen(), against.seen(), penalty);
    long right =
        concept.heldBack().stream().filter(row -> classifier.score(row) > 0).count()
            + against.heldBack().stream().filter(row -> classifier.score(row) < 0).count();
    double length =
        Math.sqrt(classifier.weights().stream().mapToDouble(value -> value * value).sum());
    List<Float> vector =
        classifier.weights().stream()
            .map(value -> (float) (length == 0 ? 0 : value / length))
            .toList();
    double accuracy = (double) right / (concept.heldBack().size() + against.heldBack().size());
    return new ConceptVector(concept.name(), against.name(), layer, vector, accuracy);
  }

  /** What a mean leaves of equal values is rounding, and no direction. */
  private static void requireDifferent(String layer, Values concept, Values against) {
    float[] first = concept.seen().get(0);
    boolean same =
        Stream.of(concept.seen(), against.seen())
            .flatMap(List::stream)
            .allMatch(row -> Arrays.equals(row, first));
    if (same) {
      throw new NotApplicableException(
          "No direction leads from '%s' to '%s' at '%s': the layer puts out the same for all pictures that it learns from. Take other pictures, or a layer that tells them apart."
              .formatted(against.name(), concept.name(), layer));
    }
  }

  /** {@return S = g·v: how fast the score grows along the direction} */
  double sensitivity(float[] gradient) {
    double sum = 0;
    for (int i = 0; i < gradient.length; i++) {
      sum += (double) gradient[i] * vector.get(i);
    }
    return sum;
  }
}

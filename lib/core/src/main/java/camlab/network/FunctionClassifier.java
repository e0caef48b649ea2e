package camlab.network;

import camlab.picture.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A function from pictures to numbers, held to give one for each class of each picture. */
record FunctionClassifier(String name, Classes classes, Function<List<Picture>, float[][]> function)
    implements Classifier {

  FunctionClassifier {
    Objects.requireNonNull(name, "Expected a name to call the classifier by, found null.");
    Objects.requireNonNull(
        classes, "Expected the classes, found null: Classes.of(\"cat\", \"dog\") names them.");
    Objects.requireNonNull(function, "Expected a function from pictures to numbers, found null.");
  }

  @Override
  public float[][] scores(List<Picture> pictures) {
    float[][] scores = function.apply(List.copyOf(pictures));
    if (scores == null || Arrays.asList(scores).contains(null)) {
      throw refusal(pictures.size(), "null");
    }
    if (scores.length != pictures.size()) {
      throw refusal(pictures.size(), scores.length + " rows");
    }
    for (float[] row : scores) {
      if (row.length != classes.size()) {
        throw refusal(pictures.size(), "a row of " + row.length + " numbers");
      }
      for (float number : row) {
        if (!Float.isFinite(number)) {
          throw refusal(pictures.size(), "the number " + number);
        }
      }
      if (classes.meaning() == Meaning.PROBABILITIES) {
        requireProbabilities(row);
      }
    }
    return scores;
  }

  private void requireProbabilities(float[] row) {
    double[] numbers = IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
    if (!Trial.areWithin(numbers)) {
      throw new IllegalArgumentException(
          "'%s' was stated to give '%s', but it gave %s; expected numbers between 0 and 1. If they are logits, state %s."
              .formatted(name, classes.meaning(), Arrays.toString(row), Meaning.HOW));
    }
  }

  private IllegalArgumentException refusal(int pictures, String found) {
    return new IllegalArgumentException(
        "'%s' was asked about %s pictures and has %s classes: expected so many rows, each of so many finite numbers, found %s. Look at its scores(pictures), or at the function behind it."
            .formatted(name, pictures, classes.size(), found));
  }
}

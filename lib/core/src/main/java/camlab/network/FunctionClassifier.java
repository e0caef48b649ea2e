package camlab.network;

import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A function from pictures to numbers, held to give one for each class of each picture. */
record FunctionClassifier(String name, Classes classes, Function<List<Picture>, float[][]> function)
    implements Classifier {

  FunctionClassifier {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(function, "function");
  }

  @Override
  public float[][] scores(List<Picture> pictures) {
    float[][] scores = function.apply(List.copyOf(pictures));
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
    }
    return scores;
  }

  private IllegalArgumentException refusal(int pictures, String found) {
    return new IllegalArgumentException(
        "'%s' was asked about %s pictures and has %s classes: expected so many rows, each of so many finite numbers, found %s."
            .formatted(name, pictures, classes.size(), found));
  }
}

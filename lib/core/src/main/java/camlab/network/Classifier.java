package camlab.network;

import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What answers for a picture with one number for each class. Nothing is said of layers or
 * gradients: a {@link Network} has them; a predictor of another engine, a {@code
 * camlab.djl.DjlPredictor}, and any {@linkplain #of function} can only be asked.
 */
public interface Classifier {

  /**
   * So many of several pictures run at once: more do not run faster, and a VGG-16 needs some 100 MB
   * for each.
   */
  int AT_ONCE = 8;

  /**
   * {@return a function as a classifier, whatever is behind it: a service, a program, arithmetic}
   *
   * <pre>{@code
   * Classifier brightness = Classifier.of("brightness", Classes.values("mean"),
   *     pictures -> pictures.stream().map(p -> new float[] {mean(p)}).toArray(float[][]::new));
   * }</pre>
   *
   * @param name what to call it
   * @param classes one name for each number, and what the numbers mean
   * @param scores takes one or more pictures and returns for each one finite number for each class;
   *     the list that it is given cannot be changed. Of anything else {@link #scores} says so in an
   *     {@link IllegalArgumentException}
   */
  static Classifier of(String name, Classes classes, Function<List<Picture>, float[][]> scores) {
    return new FunctionClassifier(name, classes, scores);
  }

  /** {@return what to call it} */
  String name();

  /** {@return the classes, in the order of the numbers, and what the numbers mean} */
  Classes classes();

  /**
   * {@return the classes from the most to the least likely}
   *
   * @param picture any picture; it is preprocessed as the classifier wants it
   */
  default List<Prediction> predict(Picture picture) {
    return classes().predictions(scores(List.of(Picture.required(picture)))[0]);
  }

  /**
   * {@return for each picture, in their order, the classes from the most to the least likely} A few
   * of them run at once ({@value #AT_ONCE}), which takes less time than one after the other.
   *
   * @param pictures any pictures; they are preprocessed as the classifier wants them
   */
  default List<List<Prediction>> predictEach(List<Picture> pictures) {
    List<List<Prediction>> found = new ArrayList<>(pictures.size());
    for (int from = 0; from < pictures.size(); from += AT_ONCE) {
      for (float[] scores :
          scores(pictures.subList(from, Math.min(from + AT_ONCE, pictures.size())))) {
        found.add(classes().predictions(scores));
      }
    }
    return List.copyOf(found);
  }

  /**
   * {@return for each picture one number for each class, as {@link #classes} says what they mean}
   *
   * @param pictures at least one, of whatever sizes
   * @throws NotApplicableException if there is not one number for each class
   */
  float[][] scores(List<Picture> pictures);
}

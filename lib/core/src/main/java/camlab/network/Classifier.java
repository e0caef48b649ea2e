package camlab.network;

import camlab.picture.Picture;
import java.util.List;

/**
 * What answers for a picture with one number for each class. Nothing is said of layers or
 * gradients: a {@link Network} has them; a predictor of another engine, a {@code
 * camlab.djl.DjlPredictor}, can only be asked.
 */
public interface Classifier {

  /** {@return what to call it} */
  String name();

  /** {@return the classes, in the order of the numbers, and what the numbers mean} */
  Classes classes();

  /**
   * {@return the classes from the most to the least likely}
   *
   * @param picture any picture; it is preprocessed as the classifier wants it
   */
  List<Prediction> predict(Picture picture);

  /**
   * {@return for each picture one number for each class, as {@link #classes} says what they mean}
   *
   * @param pictures at least one
   * @throws NotApplicableException if there is not one number for each class
   */
  float[][] scores(List<Picture> pictures);
}

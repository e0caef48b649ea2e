package camlab.training;

/** Told of every epoch of a training. */
@FunctionalInterface
public interface CurveLog {

  /**
   * A training begins, or goes on with one that was ended at any moment: epochs behind these are
   * trained, and told of, again.
   *
   * @param epochs how many are done; 0 at the beginning
   */
  default void goOnAfter(int epochs) {}

  /** An epoch has ended. */
  void epoch(Epoch epoch);

  /**
   * One point of the training curve.
   *
   * @param number epochs since the start of the training, from 1
   * @param crop side of the pictures trained on, in pixels
   * @param loss mean loss over the epoch, with augmentation and dropout
   * @param accuracy share of single-kind validation pictures named rightly by the averaged weights
   * @param seconds how long the epoch took
   */
  record Epoch(int number, int crop, double loss, double accuracy, double seconds) {}
}

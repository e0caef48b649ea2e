package camlab.training;

import java.util.Locale;

/**
 * A part of a training: so many passes over pictures of one size. Small pictures first teach the
 * same features for a quarter of the time.
 *
 * @param crop side of the squares the network sees, in pixels; cut at random from the pictures
 * @param epochs passes over the training set
 * @param learningRate Adam's step size at the start of the stage; it falls to a tenth along half a
 *     cosine
 */
public record Stage(int crop, int epochs, float learningRate) {

  /** Requires sizes of at least 1 and a positive learning rate. */
  public Stage {
    if (crop < 1 || epochs < 1 || !(learningRate > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A stage has a crop and a number of epochs of at least 1 and a positive learning rate: %d, %d, %s.",
              crop,
              epochs,
              learningRate));
    }
  }

  /**
   * The step size after part of the stage.
   *
   * @param progress from 0 at the start to 1 at the end
   */
  float learningRate(double progress) {
    double share = 0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
    return (float) (learningRate * share);
  }
}

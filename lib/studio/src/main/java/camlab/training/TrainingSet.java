package camlab.training;

/** Labelled square pictures to train on. Reading one is cheap and safe from several threads. */
public interface TrainingSet {

  /** How many pictures there are. */
  int size();

  /**
   * The side of a picture in pixels.
   *
   * @param index which picture, from 0
   */
  int side(int index);

  /**
   * A picture's colours.
   *
   * @param index which picture, from 0
   * @return {@code side · side} pixels row by row, each red, green, blue as unsigned bytes; not to
   *     be changed
   */
  byte[] pixels(int index);

  /**
   * What the network shall say of a picture.
   *
   * @param index which picture, from 0
   * @return one value per class: 1 where the picture shows it, 0 where it does not
   */
  float[] labels(int index);
}

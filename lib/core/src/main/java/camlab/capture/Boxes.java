package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.network.Classes;
import camlab.network.NotApplicableException;
import java.util.Locale;

/** What a detector puts out, shape (boxes, 4 + classes): a box in each row, then its scores. */
final class Boxes {

  /** So many numbers are a box. */
  private static final int BOX = 4;

  private Boxes() {}

  /**
   * The row of the box that overlaps a given one most.
   *
   * @throws NotApplicableException if none does
   */
  static int nearest(NDArray boxes, Box wanted, Box.Form form) {
    Shape shape = boxes.getShape();
    if (shape.dimension() != 2 || shape.get(1) <= BOX) {
      throw refusal(shape, "classes");
    }
    int columns = (int) shape.get(1);
    float[] numbers = boxes.stopGradient().toType(DataType.FLOAT32, false).toFloatArray();
    int nearest = -1;
    double most = 0;
    for (int row = 0; row < shape.get(0); row++) {
      double overlap = form.box(numbers, row * columns).overlap(wanted);
      if (overlap > most) {
        most = overlap;
        nearest = row;
      }
    }
    if (nearest < 0) {
      throw new NotApplicableException(
          String.format(
              Locale.ROOT,
              "None of the network's %d boxes overlaps the one from %s. The first is the one from %s; are both in the same unit, and is %s what its four numbers are?",
              shape.get(0),
              wanted,
              form.box(numbers, 0),
              form));
    }
    return nearest;
  }

  /** The score of a class in a box. */
  static NDArray score(NDArray boxes, int row, int index, Classes classes) {
    Shape shape = boxes.getShape();
    if (shape.dimension() != 2 || shape.get(1) != BOX + classes.size()) {
      throw refusal(shape, String.valueOf(classes.size()));
    }
    return boxes.get(row).get(BOX + index);
  }

  private static NotApplicableException refusal(Shape shape, String classes) {
    return new NotApplicableException(
        "A class in a box needs a network that puts out shape (boxes, 4 + %s) for one picture: in each row a box, then a score for each class; found %s. Explain its score by Target.score."
            .formatted(classes, shape));
  }
}

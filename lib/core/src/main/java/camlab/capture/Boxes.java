package camlab.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import camlab.network.Classes;
import camlab.network.NotApplicableException;
import java.util.Locale;

/**
 * What a detector puts out for one picture: of each box its four numbers, then its scores, shape
 * (boxes, 4 + classes), or (4 + classes, boxes).
 */
final class Boxes {

  private Boxes() {}

  /**
   * Which box overlaps a given one most, from 0.
   *
   * @throws NotApplicableException if none does
   */
  static int nearest(NDArray boxes, Box wanted, Box.Form form, Classes classes) {
    NDArray rows = rows(boxes, classes);
    int columns = (int) rows.getShape().get(1);
    float[] numbers = rows.stopGradient().toType(DataType.FLOAT32, false).toFloatArray();
    int nearest = -1;
    double most = 0;
    for (int row = 0; row < rows.getShape().get(0); row++) {
      double overlap = form.box(numbers, row * columns).overlap(wanted);
      if (overlap > most) {
        most = overlap;
        nearest = row;
      }
    }
    if (numbers.length == 0) {
      throw new NotApplicableException(
          "The network puts out no box for this picture, shape %s.".formatted(boxes.getShape()));
    }
    if (nearest < 0) {
      throw new NotApplicableException(
          String.format(
              Locale.ROOT,
              "None of the network's %d boxes overlaps the one from %s. The first is the one from %s; are both in the same unit, and is %s what its four numbers are?",
              rows.getShape().get(0),
              wanted,
              form.box(numbers, 0),
              form));
    }
    return nearest;
  }

  /** The scores of all classes in a box, shape (classes). */
  static NDArray scores(NDArray boxes, int box, Classes classes) {
    return rows(boxes, classes).get(box).get("{}:", Classes.BOX);
  }

  private static NDArray rows(NDArray boxes, Classes classes) {
    Shape shape = boxes.getShape();
    int axis =
        classes
            .boxAxis(shape)
            .orElseThrow(
                () ->
                    new NotApplicableException(
                        String.format(
                            Locale.ROOT,
                            "A class in a box needs a network that puts out shape (boxes, 4 + %1$d) for one picture, or (4 + %1$d, boxes): of each box four numbers, then a score for each class; found %2$s. Where boxes and scores come apart, let the program put out torch.cat([boxes, scores], -1); or explain its score by Target.score.",
                            classes.size(),
                            shape)));
    return axis == 1 ? boxes : boxes.transpose();
  }
}

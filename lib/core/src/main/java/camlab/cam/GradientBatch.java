package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Network;
import java.util.Collections;
import java.util.List;

/**
 * Gradients at changed copies of recorded pictures, several copies at once: one picture seldom
 * keeps two cores busy.
 *
 * @param network the network
 * @param targets the score of each of the N pictures, which stays the same when they are changed
 * @param batch how many pictures run at once at most, at least 1
 */
record GradientBatch(Network network, List<Target> targets, int batch) {

  /** As many as gain most of what there is to gain; what a pass leaves behind grows with it. */
  static final int USUAL = 8;

  /** The scores of a recording's pictures. */
  static GradientBatch of(Recording recording, Target target, int batch) {
    return new GradientBatch(
        recording.network(), PixelMethod.settledEach(recording, target), batch);
  }

  /**
   * {@return how many copies of all pictures run at once}
   *
   * @param pictures what was recorded, shape (N, C, H, W)
   */
  int copies(NDArray pictures) {
    int most = Math.max(1, batch / targets.size());
    return most > 1 && network.takesSeveral(pictures) ? most : 1;
  }

  /**
   * The gradients of each picture's score at n copies.
   *
   * @param copies n arrays of shape (N, C, H, W)
   * @param layer the dotted name of a layer
   * @return shape (n, N, …), in the scope of the copies
   */
  NDArray gradients(NDList copies, String layer) {
    NDArray together = NDArrays.concat(copies, 0);
    List<Target> each =
        Collections.nCopies(copies.size(), targets).stream().flatMap(List::stream).toList();
    try (Recording pass = Recording.of(network, together, List.of(layer))) {
      NDArray gradients = pass.gradient(layer, Target.oneEach(each));
      Shape shape = new Shape(copies.size(), targets.size()).addAll(gradients.getShape().slice(1));
      NDArray apart = gradients.reshape(shape);
      apart.attach(together.getManager());
      return apart;
    }
  }
}

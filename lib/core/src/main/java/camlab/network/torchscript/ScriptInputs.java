package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The pictures and the arrays that were stated for a program's other parameters.
 *
 * @param constants the arrays, in the order of the parameters
 * @param repeated whether an array whose first dimension has length 1 is one row that every picture
 *     gets
 */
record ScriptInputs(List<NDArray> constants, boolean repeated) {

  /** Requires both; copies the list. */
  ScriptInputs {
    constants = List.copyOf(constants);
  }

  /** Whether there is an array that could be such a row. */
  boolean hasRows() {
    return constants.stream().anyMatch(ScriptInputs::isRow);
  }

  private static boolean isRow(NDArray constant) {
    return constant.getShape().dimension() > 0 && constant.getShape().get(0) == 1;
  }

  /**
   * Pictures and arrays, in the order in which the added methods take them.
   *
   * @param pictures shape (N, C, H, W)
   */
  NDList with(NDArray pictures) {
    NDList all = new NDList(pictures);
    long count = pictures.getShape().get(0);
    for (NDArray constant : constants) {
      if (repeated && count > 1 && isRow(constant)) {
        long[] lengths = constant.getShape().getShape().clone();
        lengths[0] = count;
        NDArray rows = constant.broadcast(new Shape(lengths));
        rows.attach(pictures.getManager());
        all.add(rows);
      } else {
        all.add(constant);
      }
    }
    return all;
  }
}

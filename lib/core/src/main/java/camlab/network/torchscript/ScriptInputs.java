package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import camlab.engine.PyTorch;
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
   * Runs a method with copies of pictures and arrays: a forward may change what it is given where
   * it is ({@code x.sub_(mean)}), and the next run is to get it as it was.
   *
   * @param program the program
   * @param method one of the added methods
   * @param before what it takes before the pictures
   * @param pictures shape (N, C, H, W)
   * @return what it puts out
   * @throws camlab.engine.ComputationException if the engine cannot run it
   */
  NDList run(PyTorch.Program program, String method, NDList before, NDArray pictures) {
    try (NDList copies = copies(pictures)) {
      NDList arguments = new NDList(before);
      arguments.addAll(copies);
      return program.run(method, arguments);
    }
  }

  /** So for a method that takes nothing before the pictures. */
  NDList run(PyTorch.Program program, String method, NDArray pictures) {
    return run(program, method, new NDList(), pictures);
  }

  /**
   * Copies of pictures and arrays, in the order in which the added methods take them, and in the
   * scope of the pictures.
   *
   * @param pictures shape (N, C, H, W)
   */
  NDList copies(NDArray pictures) {
    NDList all = new NDList(PyTorch.copy(pictures));
    long count = pictures.getShape().get(0);
    for (NDArray constant : constants) {
      NDArray copy;
      if (repeated && count > 1 && isRow(constant)) {
        copy = constant.repeat(0, count);
      } else {
        copy = constant.duplicate();
      }
      copy.attach(pictures.getManager());
      all.add(copy);
    }
    return all;
  }
}

package camlab.network.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import camlab.engine.PyTorch;
import camlab.network.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A loaded program with hooks, and what it is called with besides the pictures.
 *
 * @param program the program, with the methods that were added to it
 * @param inputs what it takes besides the pictures
 * @param layers the names of all layers, in the order of their hooks
 */
record HookedProgram(PyTorch.Program program, ScriptInputs inputs, List<String> layers) {

  private static final int VALUES_PER_LAYER = 3;

  /** The list that comes back starts with the replacement that went in. */
  private static final int ARGUMENTS = 1;

  /** Copies the names. */
  HookedProgram {
    layers = List.copyOf(layers);
  }

  /** What the program as it is puts out for pictures, whatever was taken off its end. */
  NDArray whole(NDArray pictures) {
    return inputs.run(program, OutputCode.ONE, pictures).singletonOrThrow();
  }

  /**
   * Runs the program. By the method that records: the engine prepares each method before its first
   * run, which takes longer than some runs, and a hook at which nothing is done costs about a
   * microsecond.
   *
   * @param pictures the pictures
   * @return the logits, in the scope of the pictures
   */
  NDArray run(NDArray pictures) {
    return trace(pictures, Set.of(), HookCode.PASS).logits();
  }

  /**
   * Runs the program, and keeps what some layers put out.
   *
   * @param pictures the pictures
   * @param names the layers at which something is done
   * @param action what is done there
   * @return the logits and the layers that ran, all in the scope of the pictures
   */
  Trace trace(NDArray pictures, Set<String> names, int action) {
    return trace(pictures, names, action, HookCode.FREE);
  }

  /**
   * Runs the program, and keeps what some layers put out for pictures that follow as many others,
   * whose second factors of products are theirs, too.
   *
   * @param pictures the others, then the pictures
   * @param names the layers
   * @return the logits and the layers that ran, for the others, too
   */
  Trace held(NDArray pictures, Set<String> names) {
    return trace(pictures, names, HookCode.RECORD, HookCode.HELD);
  }

  private Trace trace(NDArray pictures, Set<String> names, int action, int factors) {
    Map<String, Trace.Hooked> hooked = new LinkedHashMap<>();
    try (NDArray nothing = pictures.getManager().create(0f)) {
      NDList values = call(pictures, names, action, factors, nothing);
      int last = values.size() - 1;
      for (int i = 0; i < last; i += VALUES_PER_LAYER) {
        int layer = (int) values.get(i).getLong();
        hooked.put(layers.get(layer), new Trace.Hooked(values.get(i + 1), values.get(i + 2)));
      }
      return new Trace(values.get(last), hooked);
    }
  }

  /**
   * Runs the program with something else in place of a layer's output.
   *
   * @param pictures the pictures
   * @param layer the layer
   * @param output what to put there
   * @return the logits, in the scope of the pictures
   */
  NDArray replaced(NDArray pictures, String layer, NDArray output) {
    return call(pictures, Set.of(layer), HookCode.REPLACE, HookCode.FREE, output)
        .singletonOrThrow();
  }

  /** For each hooked layer its index and two tensors, then the logits. */
  private NDList call(
      NDArray pictures, Set<String> names, int action, int factors, NDArray replacement) {
    LongStream each =
        layers.stream().mapToLong(name -> names.contains(name) ? action : HookCode.PASS);
    long[] actions = LongStream.concat(each, LongStream.of(factors)).toArray();
    try (NDArray first = pictures.getManager().create(actions)) {
      NDList values = inputs.run(program, HookCode.TRACE, new NDList(first, replacement), pictures);
      values.subNDList(0, ARGUMENTS).close();
      return values.subNDList(ARGUMENTS);
    }
  }
}

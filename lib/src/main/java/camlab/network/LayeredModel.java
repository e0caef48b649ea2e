package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network is made of: layers that have names, run in order, and let themselves be hooked.
 * Everything a {@link Network} and a recording do rests on this alone; what needs the layers one by
 * one (a summary, a hook that replaces an output) asks for a {@link LayerGraph}.
 */
public sealed interface LayeredModel permits LayerGraph, TorchScript {

  /** The names of all layers in the order they run. */
  List<String> names();

  /**
   * The full name of a layer. Where a container is no layer of its own, its name stands for the
   * last layer inside it, whose output is the container's.
   *
   * @param name the dotted name of a layer or of a container
   * @throws UnknownNameException if there is none; the message lists the near names
   */
  String resolve(String name);

  /**
   * What a layer computes, such as {@code Conv2d}.
   *
   * @param layer its name
   * @throws UnknownNameException if there is none; the message lists the near names
   */
  String type(String layer);

  /** The number of trainable values. */
  long parameterCount();

  /**
   * Runs the layers as they are when trained (no dropout).
   *
   * @param input a batch of pictures, shape (N, 3, H, W)
   * @return the logits, shape (N, classes), in the scope of the input
   */
  NDArray run(NDArray input);

  /**
   * Runs the layers, and keeps what some of them put out. The caller turns gradient mode on.
   *
   * @param input a batch of pictures, shape (N, 3, H, W)
   * @param layers full names of the layers to hook, as {@link #resolve} gives them
   * @return the logits and the hooked layers, all in the scope of the input
   */
  Trace trace(NDArray input, Set<String> layers);

  /**
   * Runs the layers, and keeps the shapes of what they put out.
   *
   * @param input a batch of pictures, shape (N, 3, H, W)
   * @return the shapes by the layers' names, in the order the layers end; layers that did not run
   *     are missing
   */
  Map<String, Shape> shapes(NDArray input);
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.PyTorch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * What a network is made of: layers that have names, run in order, and let themselves be hooked.
 * Everything a {@link Network} and a recording do rests on this alone; what needs the layers one by
 * one (a summary, a hook that replaces an output) asks for a {@link LayerGraph}. The other kind is
 * a program, {@code camlab.network.torchscript.TorchScript}.
 */
public interface LayeredModel {

  /** {@return the names of all layers in the order they run} */
  List<String> names();

  /**
   * {@return the full name of a layer} Where a container is no layer of its own, its name stands
   * for the last layer inside it, whose output is the container's.
   *
   * @param name the dotted name of a layer or of a container
   * @throws UnknownNameException if there is none; the message lists the near names
   */
  String resolve(String name);

  /**
   * {@return what a layer computes, such as {@code Conv2d}}
   *
   * @param layer its name
   * @throws UnknownNameException if there is none; the message lists the near names
   */
  String type(String layer);

  /**
   * {@return whether what computes a layer computes another one, too: a module that is called
   * several times}
   *
   * @param layer its full name
   */
  default boolean isReused(String layer) {
    return false;
  }

  /** {@return the number of trainable values} */
  long parameterCount();

  /**
   * A checksum of the weights, and of what they are the weights of. It is taken anew each time,
   * since the weights of a block of one's own may have been trained meanwhile; that takes a few
   * seconds for the largest networks.
   *
   * @return a SHA-256, 64 lower-case hexadecimal digits
   */
  String checksum();

  /**
   * Runs the layers as they are when trained (no dropout).
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @return the logits, shape (N, classes), in the scope of the input
   * @throws CancellationException if the thread was interrupted, before this or meanwhile
   */
  NDArray run(NDArray input);

  /**
   * Requires pictures that the model was made for, where it was made for certain ones. It may run
   * with others all the same, as a trial of its layers does.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @throws camlab.engine.ComputationException if it was made for others; the message says which
   */
  default void requireTaken(NDArray input) {}

  /**
   * Runs the layers, and keeps what some of them put out. The caller turns gradient mode on.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @param layers full names of the layers to hook, as {@link #resolve} gives them
   * @return the logits and the hooked layers, all in the scope of the input
   */
  Trace trace(NDArray input, Set<String> layers);

  /**
   * As {@link #trace}, with gradients recorded from the first of the layers on, if it can tell
   * where that is, and else everywhere.
   *
   * @param input a batch of pictures, shape (N, C, H, W), through which no gradient is asked for
   * @param layers full names of the layers to hook, as {@link #resolve} gives them
   * @return the logits and the hooked layers, all in the scope of the input
   */
  default Trace traceWithGradients(NDArray input, Set<String> layers) {
    return PyTorch.withGradients(() -> trace(input, layers));
  }

  /**
   * {@return whether several pictures at once come out as each does alone}
   *
   * @param pictures some of the size that is meant, shape (N, C, H, W)
   */
  default boolean takesSeveral(NDArray pictures) {
    return true;
  }

  /**
   * Runs the layers for one picture beside another, and keeps what some of them put out for the
   * two, while of every product of two matrices the second factor is the first picture's both
   * times: the keys and values of attention. What a place of the second picture then takes from
   * elsewhere does not depend on that picture.
   *
   * @param pictures the other picture, then the picture: shape (2, C, H, W)
   * @param layers full names of the layers, as {@link #resolve} gives them
   * @return the hooked layers, all in the scope of the pictures; empty for a model of which no such
   *     product is known
   */
  default Optional<Trace> held(NDArray pictures, Set<String> layers) {
    return Optional.empty();
  }

  /**
   * As {@link #trace}, but the network is cut behind each of the layers: what it computes stays the
   * same, while no gradient leads from behind a cut to what lies before. So a caller can walk
   * backward from cut to cut, and change the gradient at each.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @param layers full names of the layers to cut behind, as {@link #resolve} gives them
   * @return the logits and the cut layers, all in the scope of the input
   */
  Trace cut(NDArray input, Set<String> layers);

  /**
   * The layers whose output is that of a ReLU, where guided backpropagation changes the gradient.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @return their full names
   * @throws NotApplicableException if there may be a ReLU that is not the end of a layer; the
   *     message says where, and what to do
   */
  Set<String> rectifiers(NDArray input);

  /**
   * {@return the part of the network behind a layer, for one picture: it can be run with other
   * outputs of the layer}
   *
   * @param input the picture, shape (1, C, H, W)
   * @param layer the dotted name of a layer
   * @throws UnknownNameException if there is no such layer
   */
  Rest rest(NDArray input, String layer);

  /**
   * Runs the layers, and keeps the shapes of what they put out.
   *
   * @param input a batch of pictures, shape (N, C, H, W)
   * @return the shapes by the layers' names, in the order the layers end; layers that did not run
   *     are missing
   */
  Map<String, Shape> shapes(NDArray input);

  /**
   * {@return what the numbers of {@link #run} mean, where the model itself shows it} A program that
   * ended with a softmax or a sigmoid shows it: that end was taken off, so that {@link #run} gives
   * what went into it, and this is {@link Meaning#ONE_OF_SEVERAL} or {@link Meaning#INDEPENDENT}.
   */
  default Optional<Meaning> meaning() {
    return Optional.empty();
  }

  /**
   * {@return the same computation as a graph whose layers can be run one by one; empty for a model
   * that does not tell what its layers compute}
   *
   * @throws NotApplicableException if it tells that, and some of it is no layer; the message names
   *     it
   */
  default Optional<LayerGraph> layered() {
    return Optional.empty();
  }

  /**
   * {@return where the positions are in what the layers put out, by their names, as far as the
   * model shows what it does with them} Of a layer that is missing it is not known.
   *
   * @param picture the shape of one picture, (1, C, H, W)
   */
  default Map<String, Layout> layouts(Shape picture) {
    return Map.of();
  }

  /**
   * {@return the full names of layers of which the model shows that what they put out has no
   * layout: windows of a picture, say, one after the other, or what nothing of it went into}
   *
   * @param picture the shape of one picture, (1, C, H, W)
   */
  default Set<String> withoutLayout(Shape picture) {
    return Set.of();
  }

  /**
   * {@return whether it is known that the model puts no place of a picture elsewhere and leaves
   * none out} Lengths that follow the picture's are those of rows and columns then.
   *
   * @param input a picture, shape (1, C, H, W); its shape is what counts
   */
  default boolean keepsPlaces(NDArray input) {
    return false;
  }

  /**
   * {@return what the layers that are one linear operator (a convolution, a dense layer, a batch
   * norm) put out for nothing, by their names, in single precision, with as many dimensions as the
   * output and length 1 along all but the channels; empty for a model that does not show it} Only
   * layers that put out something are among them.
   *
   * @param scope what the arrays belong to
   */
  default Optional<Map<String, NDArray>> biases(NDManager scope) {
    return Optional.empty();
  }

  /**
   * {@return the step between two neighbouring numbers at 1 in the type the model computes in} What
   * is equal but for rounding differs by some hundreds of it.
   */
  default float precision() {
    return Math.ulp(1f);
  }

  /**
   * {@return whether it is known that a picture gives the same numbers each time: that nothing is
   * kept from run to run, and no random numbers are drawn}
   */
  default boolean repeats() {
    return false;
  }

  /**
   * {@return whether it is known to call what puts numbers in the order of their size, wherever it
   * does}
   *
   * @param picture a picture, shape (1, C, H, W); its shape is what counts
   */
  default boolean sorts(NDArray picture) {
    return false;
  }

  /**
   * {@return whether it is known to take values at places that it works out (grid_sample), wherever
   * it does} So it may turn, move or bend a picture by a little, which no stripes of a picture
   * tell.
   */
  default boolean resamples() {
    return false;
  }

  /** {@return what is known of the model, for {@link Network#describe}} */
  default List<Fact> facts() {
    return List.of();
  }

  /**
   * {@return the shapes of its weights by their names, as far as they can be read} In the order of
   * the file, which is most often that of the layers.
   */
  default Map<String, Shape> weights() {
    return Map.of();
  }

  /**
   * {@return the values of one of its weights, to be read and neither changed nor closed; empty if
   * there is none of that name, or it cannot be read}
   *
   * @param name as in {@link #weights}
   */
  default Optional<NDArray> weight(String name) {
    return Optional.empty();
  }

  /**
   * {@return how many channels the layers take that take the picture, by the names of their
   * weights; empty where that cannot be read}
   */
  default Map<String, Long> entering() {
    return Map.of();
  }
}

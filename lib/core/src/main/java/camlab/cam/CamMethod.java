package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.identity.Identified;
import camlab.network.Classifier;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A method that shows where a network looked when it scored a class: a class activation map, or one
 * of its relatives in pixel space. {@link Catalogue} lists them all.
 *
 * <p>Methods hold no state: one instance serves any number of pictures and threads.
 */
public interface CamMethod extends Identified {

  /**
   * A method of one's own, from its formula:
   *
   * <pre>{@code
   * import static camlab.cam.LayerMethod.*;
   *
   * CamMethod mine = CamMethod.of("mine",
   *     (A, g) -> relu(sumOverChannels(meanOverPositions(g).mul(A)))); // Grad-CAM
   * Heatmap map = mine.heatmap(network, picture, "cat");
   * }</pre>
   *
   * <p>It explains a score, as Grad-CAM does; of a formula that does not look at g the maps are the
   * same for each. {@link LayerMethod} has the sums that most formulas are made of; everything else
   * is DJL's arithmetic, where {@code mul} multiplies position by position.
   *
   * @param name what to call it in titles and tables
   * @param formula takes the activations A and the gradients g = ∂y/∂A of a layer, both of shape
   *     (N, K, h, w): picture, channel, row, column; returns the maps, shape (N, h, w)
   * @return the method; it says so in a sentence if the formula gives another shape, or values that
   *     are not finite
   */
  static CamMethod of(String name, Formula formula) {
    return new FormulaCam(name, formula);
  }

  /** How a map follows from a layer's activations and gradients. */
  @FunctionalInterface
  interface Formula {

    /**
     * The maps.
     *
     * @param activation A, shape (N, K, h, w): picture, channel, row, column
     * @param gradient g = ∂y/∂A, the same shape
     * @return shape (N, h, w)
     */
    NDArray map(NDArray activation, NDArray gradient);
  }

  /** {@return the method's name as its paper writes it, such as {@code Grad-CAM}; for people} */
  String name();

  /**
   * {@return this method under an identity, for one that has none of its own, such as one made of a
   * formula}
   *
   * @param identity a line that names the settings, and that changes with the formula
   * @throws IllegalArgumentException if it is blank
   */
  default CamMethod withIdentity(String identity) {
    return new IdentifiedCam(this, identity);
  }

  /**
   * {@return whether the map depends on the score to explain} Where not, the map's provenance names
   * none, and nothing says so of a class that does not exist. (Attention rollout alone asks for the
   * target's gradient, to find the tokens that it is read from.)
   */
  default boolean explainsTarget() {
    return true;
  }

  /**
   * The maps of a score, one per recorded picture.
   *
   * @param recording a forward pass that recorded the layer
   * @param layer the dotted name of a layer whose output has positions, in whatever layout
   * @param target the score to explain; {@link Target#oneEach} for a score of its own for each
   *     picture
   * @return raw values at the layer's resolution, h×w, or at the input's for methods in pixel
   *     space; one map per picture, each as if the picture had been alone
   * @throws camlab.network.UnknownNameException if the layer was not recorded, or no class has the
   *     name
   * @throws IndexOutOfBoundsException if no class has the index
   * @throws IllegalArgumentException if the layer's output has no positions, or it is not known
   *     where they are
   * @throws camlab.network.NotApplicableException with the reason, if the method does not apply to
   *     this network or score
   */
  List<Heatmap> heatmaps(Recording recording, String layer, Target target);

  /**
   * {@return the map of a score for the first recorded picture}
   *
   * @param recording a forward pass that recorded the layer
   * @param layer the dotted name of the layer
   * @param target the score to explain
   * @see #heatmaps
   */
  default Heatmap heatmap(Recording recording, String layer, Target target) {
    return heatmaps(recording, layer, target).get(0);
  }

  /**
   * The maps of every class for the first recorded picture, from the one forward pass.
   *
   * @param recording a forward pass that recorded the layer
   * @param layer the dotted name of the layer
   * @return one map for each class, in the order of the logits
   * @see #heatmaps
   */
  default List<Heatmap> heatmapsOfAllClasses(Recording recording, String layer) {
    return IntStream.range(0, recording.network().classes().size())
        .mapToObj(index -> heatmap(recording, layer, Target.of(index)))
        .toList();
  }

  /**
   * {@return the layer that is asked for where nobody names one} The network's {@linkplain
   * Network#targetLayer target layer}; {@link camlab.network.LayerGraph#INPUT} for a method that
   * looks at none, which a network without positions in any layer has, too.
   *
   * @param network the network
   * @throws camlab.network.NotApplicableException if the method needs a target layer, and the
   *     network has none
   */
  default String defaultLayer(Network network) {
    return network.targetLayer();
  }

  /**
   * {@return the map of a class at the {@linkplain #defaultLayer default layer}: everything in one
   * call}
   *
   * @param network the network
   * @param picture any picture
   * @param className the class to explain
   */
  default Heatmap heatmap(Network network, Picture picture, String className) {
    return heatmap(network, picture, defaultLayer(network), Target.of(className));
  }

  /**
   * {@return the map of a score at a layer}
   *
   * @param network the network
   * @param picture any picture
   * @param layer the dotted name of the layer
   * @param target the score to explain
   */
  default Heatmap heatmap(Network network, Picture picture, String layer, Target target) {
    return network.whileOpen(
        () -> {
          try (Recording recording = Recording.of(network, picture, layer)) {
            return heatmap(recording, layer, target);
          }
        });
  }

  /**
   * {@return the maps of several pictures, in their order} A few of them run at once, which takes
   * less time than one after the other.
   *
   * @param network the network
   * @param pictures any pictures; preprocessed as the network wants them
   * @param layer the dotted name of the layer to explain
   * @param target the score to explain, the same of each picture
   * @throws camlab.network.UnknownNameException if there is no such layer or class
   * @throws camlab.network.NotApplicableException if the method needs something that the network
   *     lacks; the message names it
   */
  default List<Heatmap> heatmaps(
      Network network, List<Picture> pictures, String layer, Target target) {
    // Where each picture keeps its own size they cannot run together.
    int atOnce = network.preprocessing().size().isPresent() ? Classifier.AT_ONCE : 1;
    return network.whileOpen(
        () -> {
          List<Heatmap> maps = new ArrayList<>(pictures.size());
          for (int from = 0; from < pictures.size(); from += atOnce) {
            List<Picture> some = pictures.subList(from, Math.min(from + atOnce, pictures.size()));
            try (Recording recording = Recording.of(network, some, List.of(layer))) {
              maps.addAll(heatmaps(recording, layer, target));
            }
          }
          return List.copyOf(maps);
        });
  }
}

package camlab.measure;

import camlab.cam.CamMethod;
import camlab.heatmap.Heatmap;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Picture;
import java.util.List;
import java.util.Optional;

/**
 * Makes maps as the one that is judged was made: by the same method, at the same layer. Some
 * measures need the map of a changed picture, of another class, or of other weights.
 */
@FunctionalInterface
public interface Explainer {

  /**
   * The map of the same class for another view.
   *
   * @param view the picture as the network sees it, resized and cropped
   * @return raw values
   */
  Heatmap of(Picture view);

  /** {@return what makes the maps, with all its settings; empty if it is not known} */
  default Optional<String> method() {
    return Optional.empty();
  }

  /**
   * {@return which class is explained, from 0}
   *
   * @throws NotApplicableException if it is not known
   */
  default int classIndex() {
    throw new NotApplicableException("It is not known which class the map explains.");
  }

  /**
   * {@return the same, for another class}
   *
   * @param index the class, from 0
   * @throws NotApplicableException if it is not known how
   */
  default Explainer ofClass(int index) {
    throw new NotApplicableException(
        "Maps of other classes are needed, and it is not known how to make them.");
  }

  /**
   * {@return the network that is explained}
   *
   * @throws NotApplicableException if it is not known
   */
  default Network network() {
    throw new NotApplicableException("It is not known which network the map explains.");
  }

  /**
   * {@return the same, for a network of the same layers with other weights}
   *
   * @param other the network; it must stay open as long as maps are made
   * @throws NotApplicableException if it is not known how
   */
  default Explainer on(Network other) {
    throw new NotApplicableException(
        "Maps of other weights are needed, and it is not known how to make them.");
  }

  /**
   * {@return the network that is explained, if its weights can be exchanged}
   *
   * @throws NotApplicableException if they cannot
   */
  default LayeredNetwork requireWeights() {
    if (network() instanceof LayeredNetwork layered) {
      return layered;
    }
    throw new NotApplicableException(
        "The weights of %s cannot be exchanged: that takes a network whose layers are DJL blocks."
            .formatted(network().name()));
  }

  /**
   * {@return the mean of the maps of several views, all of one size}
   *
   * @param views at least one
   * @throws IllegalArgumentException if there is none, or the maps differ in size
   */
  default Heatmap mean(List<Picture> views) {
    if (views.isEmpty()) {
      throw new IllegalArgumentException("At least one view is needed for a mean, found none.");
    }
    Heatmap first = of(views.get(0));
    float[] mean = first.values();
    for (Picture view : views.subList(1, views.size())) {
      Heatmap map = of(view);
      if (map.height() != first.height() || map.width() != first.width()) {
        throw new IllegalArgumentException(
            "Only maps of one size have a mean: the first is %s×%s, another %s×%s."
                .formatted(first.height(), first.width(), map.height(), map.width()));
      }
      float[] values = map.values();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += values[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= views.size();
    }
    return Heatmap.of(first.height(), first.width(), mean, first.provenance());
  }

  /**
   * {@return a method's maps of a class at a layer}
   *
   * @param network the network; it must stay open as long as maps are made
   * @param method the method
   * @param layer the dotted name of the layer
   * @param className the class to explain
   * @throws camlab.network.UnknownNameException if there is no such class
   */
  static Explainer of(Network network, CamMethod method, String layer, String className) {
    return new MethodExplainer(network, method, layer, network.classes().index(className));
  }
}

package camlab.measure;

import ai.djl.ndarray.NDManager;
import camlab.cam.CamMethod;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import java.util.List;
import java.util.Optional;

/**
 * The maps of one class by one method at one layer.
 *
 * @param network the network
 * @param cam the method
 * @param layer the dotted name of the layer
 * @param classIndex the class, from 0
 */
record MethodExplainer(Network network, CamMethod cam, String layer, int classIndex)
    implements Explainer {

  MethodExplainer {
    network.classes().name(classIndex); // there is such a class
  }

  /** A view is not preprocessed once more: of most networks that would cut its edges off. */
  @Override
  public Heatmap of(Picture view) {
    Interruption.check("Stopped before the next map.");
    try (NDManager scope = network.newScope();
        Recording recording =
            Recording.ofView(network, network.inputOfViews(scope, List.of(view)), List.of(layer))) {
      return cam.heatmap(recording, layer, Target.of(classIndex));
    }
  }

  @Override
  public Optional<String> method() {
    return Optional.of(Protocol.settings(cam.name(), cam));
  }

  @Override
  public Explainer ofClass(int index) {
    return new MethodExplainer(network, cam, layer, index);
  }

  @Override
  public Explainer on(Network other) {
    return new MethodExplainer(other, cam, layer, classIndex);
  }
}

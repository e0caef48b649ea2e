package camlab.cam;

import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Network;
import java.util.List;
import java.util.Objects;

/** A method that has been given an identity. */
record IdentifiedCam(CamMethod method, String identity) implements CamMethod {

  IdentifiedCam {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(
        identity, "Expected a line that names the method and its settings, found null.");
    if (identity.isBlank()) {
      throw new IllegalArgumentException(
          "An identity names a method and its settings, found an empty line.");
    }
  }

  @Override
  public String name() {
    return method.name();
  }

  @Override
  public boolean explainsTarget() {
    return method.explainsTarget();
  }

  @Override
  public String defaultLayer(Network network) {
    return method.defaultLayer(network);
  }

  @Override
  public List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    return method.heatmaps(recording, layer, target);
  }
}

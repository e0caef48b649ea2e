package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.LayeredModel;
import camlab.network.Network;
import camlab.network.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Guided backpropagation: the gradient at the input, where every ReLU lets through only what is
 * positive on the way back too. It shows fine structure, and as it hardly depends on the class, it
 * is best read as "what the network saw" and not as "why".
 *
 * <p>At a ReLU with input z: g<sub>in</sub> = g<sub>out</sub> ⊙ [z &gt; 0] ⊙ [g<sub>out</sub> &gt;
 * 0]; everywhere else the gradient as it is. The map is the largest magnitude of the channels.
 *
 * <p>The network is run once, cut behind every ReLU, and walked backward from cut to cut, whatever
 * its paths; nothing in it is replaced. For that every ReLU must be the end of a layer: a network
 * in which one may be hidden is refused, with the reason, since the map would then be wrong in
 * silence. ReLU6, a ReLU with an upper bound, is treated as one.
 *
 * <p>Two forward passes, the recording included, and one backward.
 *
 * <p>Source: J. T. Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR
 * Workshop 2015, section 3.4.
 */
public final class GuidedBackpropagation extends PixelMethod {

  @Override
  public String name() {
    return "Guided backpropagation";
  }

  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    return guidedGradient(input, recording, target);
  }

  /** The guided gradient at an input of shape (N, C, H, W); the same shape, in its scope. */
  static NDArray guidedGradient(NDArray input, Recording recording, Target target) {
    NDArray gradient =
        recording.shared(
            "guided gradient at the input",
            target,
            () -> guidedGradient(recording.network(), input, target));
    gradient.attach(input.getManager());
    return gradient;
  }

  private static NDArray guidedGradient(Network network, NDArray input, Target target) {
    LayeredModel model = network.model();
    try (NDManager scope = input.getManager().newSubManager()) {
      NDArray pixels = input.stopGradient();
      pixels.attach(scope);
      Set<String> rectifiers = model.rectifiers(pixels);
      Trace.Hooked entering = Trace.Hooked.of(pixels);
      Trace trace = Autograd.recorded(() -> model.cut(entering.sum(), rectifiers));
      NDArray score = Autograd.recorded(() -> target.sum(trace.logits(), network.classes()));
      Autograd.backward(score, score.onesLike());
      List<Trace.Hooked> cuts = new ArrayList<>(trace.layers().values());
      Collections.reverse(cuts);
      for (Trace.Hooked cut : cuts) {
        Autograd.backward(cut.activation(), LayerMethod.relu(cut.gradient()));
      }
      NDArray gradient = entering.gradient();
      gradient.attach(input.getManager());
      return gradient;
    }
  }
}

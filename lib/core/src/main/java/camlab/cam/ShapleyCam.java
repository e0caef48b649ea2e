package camlab.cam;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;

/**
 * Shapley-CAM: Grad-CAM with the gradient corrected by how it changes along the activations.
 *
 * <p>w<sub>k</sub> = 1/(hw) Σ<sub>ij</sub> (g − ½ H A)<sub>kij</sub> with H = ∂²y/∂A²; map =
 * R(Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>): each channel's share of the score's change as it
 * would be by Shapley values, if the score were a polynomial of second degree.
 *
 * <p>A logit of a network of linear layers and ReLUs has no second derivative, so that there it is
 * Grad-CAM. The paper explains y + ln p, a logit and the logarithm of its probability, which has
 * one:
 *
 * <pre>{@code
 * Target.score("ReST of cat", y -> y.get(0).add(y.logSoftmax(0).get(0)))
 * }</pre>
 *
 * <p>One forward pass, one backward pass and one that is differentiated again, some two backward
 * passes more.
 *
 * <p>Source: H. Cai, "CAMs as Shapley Value-based Explainers", 2025; the formula as in the package
 * grad-cam 1.5.7, which has it from the author.
 */
public final class ShapleyCam extends LayerMethod {

  @Override
  public String name() {
    return "Shapley-CAM";
  }

  /**
   * {@inheritDoc}
   *
   * @throws camlab.network.NotApplicableException if something behind the layer has no second
   *     derivative
   */
  @Override
  protected NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    NDArray gradient = recording.gradient(layer, target);
    activation.getManager().tempAttachAll(gradient);
    NDArray curvature = recording.curvature(layer, target);
    curvature.attach(activation.getManager());
    return new GradCam().map(activation, gradient.sub(curvature.mul(0.5)));
  }
}

package camlab.cam;

import ai.djl.ndarray.NDArray;

/**
 * HiResCAM: every position of every channel is weighted by its own gradient, whatever its sign.
 * Where nothing but one linear layer follows, the sum of the map before rectification is the score
 * without its bias, so that it shows exactly what raised the score.
 *
 * <p>map = R(Σ<sub>k</sub> g<sub>k</sub> ⊙ A<sub>k</sub>).
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: R. L. Draelos, L. Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations
 * of convolutional neural networks", 2020.
 */
public final class HiResCam extends GradientCam {

  @Override
  public String name() {
    return "HiResCAM";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    return relu(sumOverChannels(gradient.mul(activation)));
  }
}

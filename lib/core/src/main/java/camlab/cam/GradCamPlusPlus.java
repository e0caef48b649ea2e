package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Grad-CAM++: positive gradients are weighted so that a small region of a class counts for more
 * beside a large one than in Grad-CAM. The two count nearly alike only where S g is well above 2.
 *
 * <p>α = g² / (2g² + S g³) with S<sub>k</sub> = Σ<sub>ij</sub> A<sub>kij</sub>, and 0 where g = 0
 * or the denominator is 0; w<sub>k</sub> = Σ<sub>ij</sub> α R(g); map = R(Σ<sub>k</sub>
 * w<sub>k</sub> A<sub>k</sub>).
 *
 * <p>The paper explains exp(y) instead of y, which turns its second and third derivatives into
 * powers of g. The factor exp(y) itself cancels in α and only scales the map, so it is left out: a
 * large logit would overflow.
 *
 * <p>One forward and one backward pass.
 *
 * <p>Source: A. Chattopadhyay et al., "Grad-CAM++: Generalized Gradient-Based Visual Explanations
 * for Deep Convolutional Networks", WACV 2018, equations 5, 10 and 19.
 */
public final class GradCamPlusPlus extends GradientCam {

  @Override
  public String name() {
    return "Grad-CAM++";
  }

  @Override
  public NDArray map(NDArray activation, NDArray gradient) {
    NDArray weights = sumOverPositions(alpha(activation, gradient).mul(relu(gradient)));
    return relu(sumOverChannels(weights.mul(activation)));
  }

  /**
   * The weight of each position's gradient.
   *
   * @param activation A, shape (…, K, h, w)
   * @param gradient g, the same shape
   * @return α, the same shape
   */
  public NDArray alpha(NDArray activation, NDArray gradient) {
    // In double precision, since the denominator below is a difference that can come close to zero.
    NDArray exactGradient = gradient.toType(DataType.FLOAT64, false);
    NDArray sum = sumOverPositions(activation.toType(DataType.FLOAT64, false));
    // g² / (2g² + S g³) = 1 / (2 + S g): no square of a small gradient can vanish, so that no
    // absolute epsilon is needed.
    NDArray denominator = sum.mul(exactGradient).add(2);
    NDArray defined = gradient.neq(0).logicalAnd(denominator.neq(0));
    NDArray safe = denominator.add(defined.logicalNot().toType(DataType.FLOAT64, false));
    NDArray alpha = defined.toType(DataType.FLOAT64, false).div(safe);
    return alpha.toType(gradient.getDataType(), false);
  }
}

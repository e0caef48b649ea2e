package camlab.cam;

import java.util.Objects;

/**
 * Which rule of layer-wise relevance propagation each layer with weights gets, by its kind and its
 * place. Those named here are those of the package zennit, by its names. A layer is a first one if
 * none with weights lies between it and the picture.
 *
 * @param name what to call it in titles
 * @param firstConvolution for a first layer that is a convolution
 * @param firstDense for a first layer that is dense
 * @param convolution for any other convolution
 * @param dense for any other dense layer
 */
public record LrpComposite(
    String name, LrpRule firstConvolution, LrpRule firstDense, LrpRule convolution, LrpRule dense) {

  private static final LrpRule EPSILON = new LrpRule.Epsilon(LrpRule.STABILIZER);
  private static final LrpRule PLUS = new LrpRule.AlphaBeta(1, 0);
  private static final LrpRule ALPHA2_BETA1 = new LrpRule.AlphaBeta(2, 1);
  private static final LrpRule FLAT = new LrpRule.Flat();
  private static final double USUAL_GAMMA = 0.25;

  /** ε = 10⁻⁶ everywhere: for a network of linear layers and ReLUs, gradient × input. */
  public static final LrpComposite EPSILON_ONLY =
      new LrpComposite("Epsilon", EPSILON, EPSILON, EPSILON, EPSILON);

  /** α1β0 for convolutions, ε = 10⁻⁶ for dense layers. */
  public static final LrpComposite EPSILON_PLUS =
      new LrpComposite("EpsilonPlus", PLUS, EPSILON, PLUS, EPSILON);

  /** As {@link #EPSILON_PLUS}, and flat for first layers. */
  public static final LrpComposite EPSILON_PLUS_FLAT =
      new LrpComposite("EpsilonPlusFlat", FLAT, FLAT, PLUS, EPSILON);

  /** α2β1 for convolutions, ε = 10⁻⁶ for dense layers. */
  public static final LrpComposite EPSILON_ALPHA2_BETA1 =
      new LrpComposite("EpsilonAlpha2Beta1", ALPHA2_BETA1, EPSILON, ALPHA2_BETA1, EPSILON);

  /** As {@link #EPSILON_ALPHA2_BETA1}, and flat for first layers. */
  public static final LrpComposite EPSILON_ALPHA2_BETA1_FLAT =
      new LrpComposite("EpsilonAlpha2Beta1Flat", FLAT, FLAT, ALPHA2_BETA1, EPSILON);

  /** z-box for first convolutions, γ = 0.25 for others, ε = 10⁻⁶ for dense layers. */
  public static final LrpComposite EPSILON_GAMMA_BOX = epsilonGammaBox(USUAL_GAMMA);

  /**
   * Requires all parts.
   *
   * @param name what it is called
   * @param firstConvolution the rule of convolutions that take the picture
   * @param firstDense the rule of dense layers that take the picture
   * @param convolution the rule of the other convolutions
   * @param dense the rule of the other dense layers
   */
  public LrpComposite {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(firstConvolution, "firstConvolution");
    Objects.requireNonNull(firstDense, "firstDense");
    Objects.requireNonNull(convolution, "convolution");
    Objects.requireNonNull(dense, "dense");
  }

  /**
   * {@return {@link #EPSILON_GAMMA_BOX} with another γ}
   *
   * @param gamma at least 0, finite
   */
  public static LrpComposite epsilonGammaBox(double gamma) {
    return new LrpComposite(
        "EpsilonGammaBox", new LrpRule.PixelBox(), EPSILON, new LrpRule.Gamma(gamma), EPSILON);
  }
}

package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import camlab.network.Network;
import java.util.Locale;

/**
 * How layer-wise relevance propagation shares out the relevance R of what a layer with weights puts
 * out among what it takes.
 *
 * <p>In all of them z = wx + b is what the layer puts out, x⁺ = max(x, 0) and x⁻ = min(x, 0), and
 * so for w and b; s/z means s / (z + 10⁻⁶) where z is at least 0 and s / (z − 10⁻⁶) where it is
 * less, and wᵀ goes back through the layer. The numbers are those of zennit 1.0.0.
 *
 * <p>What the bias has of the relevance stays there. With b = 0 the sum stays the same, but for
 * what 10⁻⁶ or ε takes, and but for {@link AlphaBeta} where nothing raises z or nothing lowers it.
 */
public abstract sealed class LrpRule {

  /** What keeps a denominator from being zero, where it is no setting. */
  static final double STABILIZER = 1e-6;

  private LrpRule() {}

  /**
   * The relevance of what the layer takes.
   *
   * @param map the layer
   * @param input x; the result and all that is worked out belong to its scope
   * @param relevance R, of the shape of what the layer puts out
   * @param network whose layer it is
   * @return of the shape of x
   */
  abstract NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network);

  /**
   * {@return s ⊘ z, with z moved away from zero}
   *
   * @param numerator s
   * @param denominator z
   * @param epsilon by how much z is moved
   */
  static NDArray quotient(NDArray numerator, NDArray denominator, double epsilon) {
    NDArray sign = denominator.gte(0).toType(denominator.getDataType(), false).mul(2).sub(1);
    return numerator.div(denominator.add(sign.mul(epsilon)));
  }

  static NDArray quotient(NDArray numerator, NDArray denominator) {
    return quotient(numerator, denominator, STABILIZER);
  }

  private static NDArray positive(NDArray values) {
    return values.maximum(0);
  }

  private static NDArray negative(NDArray values) {
    return values.minimum(0);
  }

  /**
   * ε: x ⊙ wᵀ(R/z), with z moved away from zero by ε. What an input adds to z is its share. The
   * larger ε, the less is handed on of what is weak.
   *
   * <p>Source: S. Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by
   * Layer-Wise Relevance Propagation", PLOS ONE 2015, equation 58.
   */
  public static final class Epsilon extends LrpRule {

    private final double epsilon;

    /**
     * The rule.
     *
     * @param epsilon ε, above 0, finite
     */
    public Epsilon(double epsilon) {
      this.epsilon = epsilon;
      if (!(epsilon > 0 && Double.isFinite(epsilon))) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "ε lies above 0 and is finite, found %s.", epsilon));
      }
    }

    @Override
    NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network) {
      return map.term(input, map.weight()).shares(quotient(relevance, map.output(), epsilon));
    }
  }

  /**
   * γ: as ε, with what speaks for z made larger. Where z is above 0, w + γw⁺ and b + γb⁺ stand for
   * w and b at x⁺ and w + γw⁻ at x⁻; where it is below, w + γw⁻ and b + γb⁻ at x⁺ and w + γw⁺ at
   * x⁻.
   *
   * <p>Source: G. Montavon et al., "Layer-Wise Relevance Propagation: An Overview", 2019, section
   * 10.2.1, for inputs of at least 0; for others L. Andéol et al., "Learning Domain Invariant
   * Representations by Joint Wasserstein Distance Minimization", 2021.
   */
  public static final class Gamma extends LrpRule {

    private final double gamma;

    /**
     * The rule.
     *
     * @param gamma γ, at least 0, finite; usually 0.25
     */
    public Gamma(double gamma) {
      this.gamma = gamma;
      if (!(gamma >= 0 && Double.isFinite(gamma))) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "γ is at least 0 and finite, found %s.", gamma));
      }
    }

    @Override
    NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network) {
      NDArray z = map.output();
      NDArray weightUp = map.weight().add(positive(map.weight()).mul(gamma));
      NDArray weightDown = map.weight().add(negative(map.weight()).mul(gamma));
      NDArray biasUp = map.bias().add(positive(map.bias()).mul(gamma));
      NDArray biasDown = map.bias().add(negative(map.bias()).mul(gamma));
      NDArray above = relevance.mul(z.gt(0).toType(z.getDataType(), false));
      NDArray below = relevance.mul(z.lt(0).toType(z.getDataType(), false));
      return halves(map, input, weightUp, biasUp, weightDown, above)
          .add(halves(map, input, weightDown, biasDown, weightUp, below));
    }
  }

  /**
   * αβ: what raises z gets α, what lowers it −β of the relevance. α (x⁺ ⊙ w⁺ᵀ(R/z⁺) + x⁻ ⊙
   * w⁻ᵀ(R/z⁺)) − β (x⁺ ⊙ w⁻ᵀ(R/z⁻) + x⁻ ⊙ w⁺ᵀ(R/z⁻)), z⁺ = w⁺x⁺ + w⁻x⁻ + b⁺ and z⁻ = w⁻x⁺ + w⁺x⁻ +
   * b⁻.
   *
   * <p>With α = 1 and β = 0 nothing negative is handed on of a relevance that is nowhere negative;
   * the rules of other layers may do so. An output that nothing lowers hands on α times what it
   * has, and one that nothing raises −β times: with β = 0 it hands on nothing.
   *
   * <p>Source: S. Bach et al. 2015, equation 60.
   */
  public static final class AlphaBeta extends LrpRule {

    private final double alpha;
    private final double beta;

    /**
     * The rule.
     *
     * @param alpha α, at least 1; usually 2 or 1
     * @param beta β = α − 1
     */
    public AlphaBeta(double alpha, double beta) {
      this.alpha = alpha;
      this.beta = beta;
      if (!(beta >= 0) || alpha - beta != 1) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "β is at least 0, and α is β + 1, so that relevance is neither made nor lost; found α = %s and β = %s.",
                alpha,
                beta));
      }
    }

    @Override
    NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network) {
      NDArray raising = positive(map.weight());
      NDArray lowering = negative(map.weight());
      NDArray gained =
          halves(map, input, raising, positive(map.bias()), lowering, relevance).mul(alpha);
      return beta == 0
          ? gained
          : gained.sub(
              halves(map, input, lowering, negative(map.bias()), raising, relevance).mul(beta));
    }
  }

  /**
   * z-box, for the layer that takes the picture: x ⊙ wᵀs − l ⊙ w⁺ᵀs − h ⊙ w⁻ᵀs with s = R / (wx −
   * w⁺l − w⁻h), l and h the least and the largest that a pixel can be: black and white, as the
   * network takes them. A black pixel may be relevant, too.
   *
   * <p>Source: G. Montavon et al., "Explaining NonLinear Classification Decisions with Deep Taylor
   * Decomposition", Pattern Recognition 2017, equation 14.
   */
  public static final class PixelBox extends LrpRule {

    @Override
    NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network) {
      NDArray black = bound(input, Blank.BLACK.channels(network));
      NDArray white = bound(input, Blank.colour(0xFFFFFF).channels(network));
      NDArray low = black.minimum(white);
      NDArray high = black.maximum(white);
      LinearMap.Term x = map.term(input, map.weight());
      LinearMap.Term l = map.term(low, positive(map.weight()));
      LinearMap.Term h = map.term(high, negative(map.weight()));
      NDArray s = quotient(relevance, x.value().sub(l.value()).sub(h.value()));
      return x.shares(s).sub(l.shares(s)).sub(h.shares(s));
    }

    /** One value for each channel, in the shape of the input. */
    private static NDArray bound(NDArray input, float[] channels) {
      return input
          .zerosLike()
          .add(input.getManager().create(channels, new Shape(1, channels.length, 1, 1)));
    }
  }

  /**
   * Flat: every input has the same share, whatever it and the weights are: as if all of them were 1
   * and there were no bias. For the layer that takes the picture; it makes maps coarse and calm.
   *
   * <p>Source: S. Lapuschkin et al., "Unmasking Clever Hans Predictors and Assessing What Machines
   * Really Learn", Nature Communications 2019.
   */
  public static final class Flat extends LrpRule {

    @Override
    NDArray shared(LinearMap map, NDArray input, NDArray relevance, Network network) {
      LinearMap.Term z = map.term(input.onesLike(), map.weight().onesLike());
      return z.shares(quotient(relevance, z.value()));
    }
  }

  /** One weight and bias for x⁺ and another weight for x⁻, sharing out R by their sum. */
  private static NDArray halves(
      LinearMap map,
      NDArray input,
      NDArray weightOfPositive,
      NDArray bias,
      NDArray weightOfNegative,
      NDArray relevance) {
    LinearMap.Term p = map.term(positive(input), weightOfPositive, bias);
    // Behind a ReLU nothing is negative, and the half is saved.
    if (input.min().getFloat() >= 0) {
      return p.shares(quotient(relevance, p.value()));
    }
    LinearMap.Term n = map.term(negative(input), weightOfNegative);
    NDArray s = quotient(relevance, p.value().add(n.value()));
    return p.shares(s).add(n.shares(s));
  }
}

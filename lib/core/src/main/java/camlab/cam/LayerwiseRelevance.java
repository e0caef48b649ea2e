package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import camlab.capture.Autograd;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.LayerKind;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.Locale;
import java.util.Objects;

/**
 * Layer-wise relevance propagation: the score, shared out layer by layer, from the logits back to
 * the pixels.
 *
 * <p>What a logit has is its relevance: z ⊙ ∂y/∂z, of the score of a class that logit and zeros. A
 * layer with weights shares out what comes to it among its inputs by the {@link LrpRule} that the
 * {@link LrpComposite} has for it. The others have one rule each:
 *
 * <ul>
 *   <li>an activation hands the relevance on unchanged;
 *   <li>a batch norm that alone takes what a convolution or a dense layer puts out is part of that
 *       layer, whose weights and bias are then the product; any other hands the relevance on
 *       unchanged;
 *   <li>a sum of two branches, and a layer that averages, shares it by what each input adds: x ⊙
 *       (R/z), and x ⊙ wᵀ(R/z) with what it averages for w, z moved away from zero by 10⁻⁶;
 *   <li>max pooling hands it to the largest of each window; a concatenation, a flattening and a
 *       dropout hand each value's to where the value comes from.
 * </ul>
 *
 * <p>A network with any other layer is refused, with the layer's name. The map is the sum over the
 * channels, signed, at the input's resolution, whatever layer is asked for.
 *
 * <p>Two passes forward, one of them layer by layer, and in the second one backward pass and as
 * many forward ones as a rule has terms: one for ε and flat, and for α1β0 behind a ReLU, two for
 * α2β1 and γ behind a ReLU, three for z-box.
 *
 * <p>Source: S. Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by
 * Layer-Wise Relevance Propagation", PLOS ONE 2015; what layers without weights do as in zennit
 * 1.0.0: C. J. Anders et al., "Software for Dataset-wide XAI", 2021.
 */
public final class LayerwiseRelevance extends PixelMethod {

  /** How far the relevance of the logits may miss the score, as a share of their magnitudes. */
  private static final double ROUNDING = 1e-4;

  private final LrpComposite composite;

  /** With {@link LrpComposite#EPSILON_PLUS}. */
  public LayerwiseRelevance() {
    this(LrpComposite.EPSILON_PLUS);
  }

  /**
   * With other rules.
   *
   * @param composite which rule each layer gets
   */
  public LayerwiseRelevance(LrpComposite composite) {
    this.composite = Objects.requireNonNull(composite, "composite");
  }

  @Override
  public String name() {
    return "LRP " + composite.name();
  }

  @Override
  NDArray map(NDArray attribution) {
    return attribution.sum(new int[] {1});
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network's layers are not known one by
   *     one, one of them has no rule, or the score is not a sum of logits
   */
  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    Network network = recording.network();
    LayerWalk walk = LayerWalk.of(network, input, name());
    return walk.back(
        relevance(walk.logits(), network, target),
        (step, behind) -> shared(walk, step, behind, network));
  }

  /** z ⊙ ∂y/∂z. */
  private NDArray relevance(NDArray logits, Network network, Target target) {
    NDArray gradient =
        Autograd.gradients(
                new NDList(logits),
                given -> target.sum(given.head(), network.classes()),
                logits.getManager().create(1f))
            .head();
    NDArray relevance = logits.mul(gradient);
    double score = target.sum(logits, network.classes()).getFloat();
    double sum = relevance.sum().getFloat();
    if (Math.abs(sum - score) > ROUNDING * relevance.abs().sum().getFloat()) {
      throw new NotApplicableException(
          String.format(
              Locale.ROOT,
              "%s shares out what each logit adds to the score, but here that adds up to %.4g and the score is %.4g: it is not a sum of logits. Take a class, or the difference of two.",
              name(),
              sum,
              score));
    }
    return relevance;
  }

  private NDList shared(LayerWalk walk, LayerWalk.Step step, NDArray relevance, Network network) {
    return switch (step.kind()) {
      case CONVOLUTION, DENSE ->
          new NDList(
              rule(walk, step)
                  .shared(LinearMap.of(walk, step), step.inputs().head(), relevance, network));
      case ACTIVATION, BATCH_NORM -> new NDList(relevance);
      case MAXIMUM, SAME_VALUES -> walk.gradients(step, step.inputs(), relevance);
      case SUM, LINEAR -> {
        NDArray s = LrpRule.quotient(relevance, step.output(), LrpRule.STABILIZER);
        NDList shares = new NDList();
        NDList gradients = walk.gradients(step, step.inputs(), s);
        for (int i = 0; i < gradients.size(); i++) {
          shares.add(step.inputs().get(i).mul(gradients.get(i)));
        }
        yield shares;
      }
      case OTHER -> throw step.refused(name());
    };
  }

  private LrpRule rule(LayerWalk walk, LayerWalk.Step step) {
    boolean dense = step.kind() == LayerKind.DENSE;
    if (walk.isFirst(step)) {
      return dense ? composite.firstDense() : composite.firstConvolution();
    }
    return dense ? composite.dense() : composite.convolution();
  }
}

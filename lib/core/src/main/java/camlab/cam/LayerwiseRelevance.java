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
import java.util.Optional;

/**
 * Layer-wise relevance propagation: the score, shared out layer by layer, from the logits back to
 * the pixels.
 *
 * <p>What a logit has is its relevance: z ⊙ ∂y/∂z, of the score of a class that logit and zeros. A
 * layer with weights shares out what comes to it among its inputs by the {@link LrpRule} that the
 * {@link LrpComposite} has for it. The others have one rule each:
 *
 * <ul>
 *   <li>an activation, and a norm by the values of the picture (layer norm, group norm), hands the
 *       relevance on unchanged;
 *   <li>a batch norm that alone takes what a convolution or a dense layer puts out is part of that
 *       layer, whose weights and bias are then the product; any other hands the relevance on
 *       unchanged;
 *   <li>a product of two branches gives half of it to each, as its share of a sum; but where one of
 *       them is a gate, what a sigmoid, a softmax or one over something put out, all of it goes to
 *       the other: squeeze-and-excitation scales channels, attention mixes values, and neither has
 *       anything of its own to show; shares of a softmax stay a gate where weights mix them, as
 *       between the heads of CaiT;
 *   <li>a sum of two branches, and a layer that averages, shares it by what each input adds: x ⊙
 *       (R/z), and x ⊙ wᵀ(R/z) with what it averages for w, z moved away from zero by 10⁻⁶;
 *   <li>max pooling hands it to the largest of each window; a concatenation, a flattening and a
 *       dropout hand each value's to where the value comes from.
 * </ul>
 *
 * <p>A network with any other layer is refused, with the layer's name: of exported programs one
 * that calls an operator of which nothing is known here, of DJL's blocks one with code of its own;
 * a file of TorchScript cannot be gone through layer by layer. The map is the sum over the
 * channels, signed, at the input's resolution, whatever layer is asked for.
 *
 * <p>Two passes forward, one of them layer by layer, and in the second one backward pass and as
 * many forward ones as a rule has terms: one for ε and flat, and for α1β0 behind a ReLU, two for
 * α2β1 and γ behind a ReLU, three for z-box.
 *
 * <p>Source: S. Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by
 * Layer-Wise Relevance Propagation", PLOS ONE 2015; what layers without weights do as in zennit
 * 1.0.0: C. J. Anders et al., "Software for Dataset-wide XAI", 2021. Gates: L. Arras et al.,
 * "Explaining Recurrent Neural Network Predictions in Sentiment Analysis", WASSA 2017; attention:
 * A. Ali et al., "XAI for Transformers: Better Explanations through Conservative Propagation", ICML
 * 2022; norms and other products: R. Achtibat et al., "AttnLRP", ICML 2024.
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
    return LayerWalk.each(
        recording,
        input,
        target,
        (pictures, score) -> {
          LayerWalk walk = LayerWalk.of(network, pictures, name());
          return walk.back(
              relevance(walk.logits(), network, score),
              (step, behind) -> shared(walk, step, behind, network));
        });
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
      case CONVOLUTION, TRANSPOSED_CONVOLUTION, DENSE ->
          new NDList(
              rule(walk, step)
                  .shared(LinearMap.of(walk, step), step.inputs().head(), relevance, network));
      case ACTIVATION, GATE, BATCH_NORM, NORM -> new NDList(relevance);
      case MAXIMUM, SAME_VALUES -> walk.gradients(step, step.inputs(), relevance);
      case SUM, LINEAR -> shares(walk, step, relevance);
      case PRODUCT -> ofProduct(walk, step, relevance);
      case SOFTMAX, OTHER -> throw step.refused(name());
    };
  }

  /** x ⊙ ∂z/∂x (R/z) for each input x: what it adds to z where z is linear in it. */
  private static NDList shares(LayerWalk walk, LayerWalk.Step step, NDArray relevance) {
    NDArray s = LrpRule.quotient(relevance, step.output(), LrpRule.STABILIZER);
    NDList shares = new NDList();
    NDList gradients = walk.gradients(step, step.inputs(), s);
    for (int i = 0; i < gradients.size(); i++) {
      shares.add(step.inputs().get(i).mul(gradients.get(i)));
    }
    return shares;
  }

  /** Either input alone would have all of it: halves, or all to what a gate lets through. */
  private static NDList ofProduct(LayerWalk walk, LayerWalk.Step step, NDArray relevance) {
    NDList shares = shares(walk, step, relevance);
    Optional<Integer> gate = walk.gate(step);
    gate.ifPresent(place -> shares.set(place, null));
    return gate.isPresent() ? shares : new NDList(shares.get(0).div(2), shares.get(1).div(2));
  }

  private LrpRule rule(LayerWalk walk, LayerWalk.Step step) {
    boolean dense = step.kind() == LayerKind.DENSE;
    if (walk.isFirst(step)) {
      return dense ? composite.firstDense() : composite.firstConvolution();
    }
    return dense ? composite.dense() : composite.convolution();
  }
}

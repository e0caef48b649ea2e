package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import java.util.Optional;

/**
 * CAM: every channel is weighted by the linear layer that follows global average pooling.
 *
 * <p>map = Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub>, signed, with w<sub>k</sub> the class's weight
 * for channel k. Its mean over the positions is the logit without the bias, so that each position's
 * value is its own share of the score.
 *
 * <p>Only a network that ends with a global average and one linear layer has such weights: ResNet
 * and Xception do. SqueezeNet does in the other order: its linear layer is a convolution with 1×1
 * filters, applied to each position before the average, and here w are those filters over the layer
 * the convolution takes its input from. (The ReLU between its convolution and the average cuts what
 * is negative, so that for SqueezeNet the mean of the map is not the logit.)
 *
 * <p>Where a network does not show by its layers how it ends, as a TorchScript program does not,
 * the weights are found by trial: see {@link TriedWeights}.
 *
 * <p>The target is a class's logit and nothing else: no other score has such weights.
 *
 * <p>Where the layers show how the network ends no gradient is needed, and beside the recording
 * only functions without weights run once more, for the shapes of what they put out. A trial takes
 * one more forward pass, and behind the layer, on noise, five more and one backward.
 *
 * <p>Source: B. Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016,
 * equation 2.
 */
public final class Cam extends LayerMethod {

  @Override
  public String name() {
    return "CAM";
  }

  /**
   * Whether a network has what CAM needs; where only a trial can say so, at its default target
   * layer.
   *
   * @param network the network
   * @return why not, as one sentence; empty if it has
   */
  public static Optional<String> refusal(Network network) {
    if (PooledClassifier.of(network).isPresent()) {
      return Optional.empty();
    }
    try (NDManager scope = network.newScope()) {
      new TriedWeights(network, network.targetLayer()).ofClass(0, scope);
      return Optional.empty();
    } catch (NotApplicableException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotApplicableException with the reason, if the network has no global average pooling
   *     with one linear layer, if the layer is not the one that is averaged, or if the target is
   *     not a class's logit
   */
  @Override
  protected NDArray maps(NDArray activation, Recording recording, String layer, Target target) {
    Network network = recording.network();
    ClassWeights classes = ClassWeights.at(network, network.model().resolve(layer));
    NDList weights = new NDList(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      if (!(recording.target(target, i) instanceof Target.OfClass ofClass)) {
        throw new NotApplicableException(
            "CAM explains the logit of one class, whose weights it takes; '%s' has no weights of its own. Grad-CAM explains any score."
                .formatted(recording.label(target, i)));
      }
      int index = ofClass.index(recording.logits().get(i), network.classes());
      weights.add(classes.ofClass(index, activation.getManager()));
    }
    return sumOverChannels(NDArrays.stack(weights).mul(activation));
  }
}

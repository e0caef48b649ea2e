package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Autograd;
import camlab.network.LayeredModel;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Rest;
import camlab.network.Trace;
import camlab.network.Trial;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Weights found by trial, for a network that does not show how it ends.
 *
 * <p>If the logit is y = mean over the positions of Σ<sub>k</sub> w<sub>k</sub> A<sub>k</sub> + b,
 * then its gradient at the layer is w<sub>k</sub> / (hw). If a ReLU stands before the average, as
 * in SqueezeNet, it is that wherever the ReLU lets it through. So the part of the network behind
 * the layer is run on noise, which gives w, and on activations along w, which give b. Then the
 * formula has to give the logits of noise, of its opposite, and of zeros: anything else behind the
 * layer, such as a second linear layer, a maximum or a softmax, would show, since the noise is
 * strong and has both signs.
 *
 * @param network the network
 * @param layer the full name of the layer
 */
record TriedWeights(Network network, String layer) implements ClassWeights {

  /** Single precision. */
  private static final float ROUNDING = 1e-4f;

  /** Half precision and less: weights and biases each have an error of a few steps. */
  private static final int STEPS = 10;

  private static final int SHOWN = 6;

  @Override
  public NDArray ofClass(int index, NDManager scope) {
    try (NDManager trial = scope.newSubManager()) {
      LayeredModel model = network.model();
      NDArray blank = trial.zeros(network.inputShape());
      Trace trace = model.trace(blank, Set.of(layer));
      network.classes().requireScores(trace.logits().getShape());
      NDArray output = trace.layers().get(layer).activation();
      Shape shape = network.requirePositions(layer).maps(output).getShape();
      NDArray noise = Trial.noise(trial, shape, new Random(1));
      Rest rest = network.rest(blank, layer);
      NDIndex logit = new NDIndex(":, {}", index);
      NDArray weights =
          atStrongestPosition(
              Autograd.gradients(
                      new NDList(noise),
                      leaves -> rest.run(leaves.head()).get(logit),
                      trial.ones(new Shape(1)))
                  .head());
      float largest = weights.abs().max().getFloat();
      if (largest == 0) {
        throw new NotApplicableException(
            "CAM takes the weights of the linear layer behind '%s', which the gradient tells. Of %s, tried on noise, the gradient of this class is 0 at every channel there: its weights are 0, or it is not a linear layer alone that lies behind, but also what comes to a bound, such as a softmax or a sigmoid."
                .formatted(layer, network.name()));
      }
      // Squares of large weights would be infinite.
      NDArray length = weights.div(largest).square().sum().sqrt().mul(largest);
      NDArray along = weights.div(length).mul(Trial.SCALE).broadcast(shape);
      NDArray tried = NDArrays.concat(new NDList(noise, noise.neg(), noise.zerosLike(), along));
      NDArray logits = rest.run(tried).get(logit);
      NDArray bias = logits.get(3).sub(length.mul(Trial.SCALE));
      NDArray sums = LayerMethod.sumOverChannels(tried.mul(weights)).add(bias);
      float rounding = Math.max(ROUNDING, STEPS * model.precision());
      if (!Trial.same(logits, mean(sums), rounding)
          && !Trial.same(logits, mean(LayerMethod.relu(sums)), rounding)) {
        throw refusal(blank);
      }
      NDArray result = weights.squeeze(0);
      result.attach(scope);
      return result;
    }
  }

  /** w of a gradient of shape (1, K, h, w), as shape (1, K, 1, 1). */
  private static NDArray atStrongestPosition(NDArray gradient) {
    Shape shape = gradient.getShape();
    NDArray flat = gradient.reshape(shape.get(1), -1);
    long strongest = flat.abs().sum(new int[] {0}).argMax().getLong();
    return flat.get(":, {}", strongest).mul(flat.getShape().get(1)).reshape(1, -1, 1, 1);
  }

  /** Over the positions, of an array of shape (n, h, w). */
  private static NDArray mean(NDArray sums) {
    return sums.mean(new int[] {2}).mean(new int[] {1});
  }

  private NotApplicableException refusal(NDArray blank) {
    return new NotApplicableException(
        "CAM needs a layer whose channels are averaged over all positions next to a single linear layer, since it takes that layer's weights. Tried on noise, what lies behind '%s' does something else: %s ends with %s. Grad-CAM asks for no particular ending."
            .formatted(layer, network.name(), ending(blank)));
  }

  private String ending(NDArray blank) {
    Map<String, Shape> shapes = network.model().shapes(blank);
    List<String> ending =
        network.layers().stream()
            .filter(name -> shapes.containsKey(name))
            .filter(name -> !PooledClassifier.NEUTRAL.contains(network.model().type(name)))
            .map(name -> described(name, shapes.get(name)))
            .toList();
    return String.join(", ", ending.subList(Math.max(0, ending.size() - SHOWN), ending.size()));
  }

  private String described(String name, Shape shape) {
    String size =
        shape.stream()
            .skip(1)
            .map(dimension -> String.valueOf(dimension.getKey()))
            .collect(Collectors.joining("×"));
    return "%s (%s, %s)".formatted(name, network.model().type(name), size);
  }
}

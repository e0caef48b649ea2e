package camlab.training;

import ai.djl.nn.norm.BatchNorm;
import camlab.network.Architecture;
import camlab.network.Layer;
import camlab.network.LayerGraph;
import camlab.weights.StateDict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Batch normalisation for networks that have none, while they are trained.
 *
 * <p>A network such as AlexNet or VGG-16 learns far faster with batch normalisation behind its
 * convolutions. Once trained, the normalisation is a scale and a shift per channel, γ/σ and β −
 * μγ/σ, which the convolution before it can do itself: what ships is the plain network with the
 * same output.
 *
 * <p>Source: S. Ioffe, C. Szegedy, "Batch Normalization", ICML 2015, section 3.1 (at inference the
 * normalisation is linear).
 */
final class NormalisedPlan {

  private static final String NORM = "norm";
  private static final float EPSILON = 1e-5f;

  private NormalisedPlan() {}

  /** The plan with a batch normalisation behind each convolution. */
  static Architecture of(Architecture plan) {
    return new Architecture(
        plan.name(),
        () -> normalised(plan.layers().get()),
        plan.targetLayer(),
        plan.stages(),
        plan.classes(),
        plan.pictureSize());
  }

  private static LayerGraph normalised(LayerGraph plain) {
    Map<String, String> followers = new HashMap<>();
    LayerGraph.Builder graph = LayerGraph.builder();
    for (Layer layer : plain.layers()) {
      String[] inputs =
          layer.inputs().stream()
              .map(name -> followers.getOrDefault(name, name))
              .toArray(String[]::new);
      graph.add(layer.name(), layer.type(), layer.block(), inputs);
      if (layer.type().equals("Conv2d")) {
        String norm = layer.name() + "." + NORM;
        graph.add(
            norm, "BatchNorm2d", BatchNorm.builder().optEpsilon(EPSILON).optMomentum(0.9f).build());
        followers.put(layer.name(), norm);
      }
    }
    return graph.build();
  }

  /**
   * The weights of the plain network, with every batch normalisation folded into the convolution
   * before it. Weights without such normalisations come back as they are.
   *
   * @param trained convolutions with bias, each followed by its normalisation
   */
  static StateDict fold(StateDict trained) {
    StateDict.Builder folded = StateDict.builder();
    for (String name : trained.names()) {
      String layer = name.substring(0, name.lastIndexOf('.'));
      if (layer.endsWith("." + NORM)) {
        continue;
      }
      String norm = layer + "." + NORM;
      float[] values = trained.floats(name);
      if (trained.contains(norm + ".weight")) {
        values =
            name.endsWith(".bias") ? bias(trained, norm, values) : weight(trained, norm, values);
      }
      folded.put(name, trained.shape(name), values);
    }
    return folded.build();
  }

  /** w' = w · γ/σ, for each filter. */
  private static float[] weight(StateDict trained, String norm, float[] weight) {
    double[] scale = scale(trained, norm);
    float[] folded = new float[weight.length];
    int filter = weight.length / scale.length;
    for (int i = 0; i < folded.length; i++) {
      folded[i] = (float) (weight[i] * scale[i / filter]);
    }
    return folded;
  }

  /** b' = (b − μ) · γ/σ + β. */
  private static float[] bias(StateDict trained, String norm, float[] bias) {
    double[] scale = scale(trained, norm);
    float[] mean = trained.floats(norm + ".running_mean");
    float[] beta = trained.floats(norm + ".bias");
    float[] folded = new float[bias.length];
    for (int k = 0; k < folded.length; k++) {
      folded[k] = (float) ((bias[k] - mean[k]) * scale[k] + beta[k]);
    }
    return folded;
  }

  /** γ/σ. */
  private static double[] scale(StateDict trained, String norm) {
    float[] gamma = trained.floats(norm + ".weight");
    float[] variance = trained.floats(norm + ".running_var");
    double[] scale = new double[gamma.length];
    Arrays.setAll(scale, k -> gamma[k] / Math.sqrt(variance[k] + EPSILON));
    return scale;
  }
}

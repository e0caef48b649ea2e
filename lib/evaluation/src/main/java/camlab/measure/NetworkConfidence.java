package camlab.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.List;

/**
 * The probability that a network's numbers tell of one class, several pictures in one forward pass.
 *
 * @param network the network
 * @param classIndex the class, from 0
 */
record NetworkConfidence(Network network, int classIndex) implements Confidence {

  /** More do not run faster, and a VGG-16 needs some 100 MB for each while it runs. */
  private static final int BATCH = 8;

  NetworkConfidence {
    network.classes().name(classIndex); // there is such a class
  }

  @Override
  public double[] of(List<Picture> views) {
    double[] confidences = new double[views.size()];
    for (int start = 0; start < views.size(); start += BATCH) {
      List<Picture> batch = views.subList(start, Math.min(start + BATCH, views.size()));
      float[] probabilities = probabilities(batch);
      for (int i = 0; i < batch.size(); i++) {
        confidences[start + i] = probabilities[i];
      }
    }
    return confidences;
  }

  private float[] probabilities(List<Picture> views) {
    try (NDManager scope = network.newScope()) {
      NDArray input = network.inputOfViews(scope, views);
      NDArray logits = network.run(input);
      return network.classes().probabilities(logits).get(":, {}", classIndex).toFloatArray();
    }
  }
}

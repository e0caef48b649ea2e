package camlab.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.network.Network;
import camlab.picture.Picture;
import java.util.List;
import java.util.Optional;

/**
 * The probability that a network's numbers tell of one class, several pictures in one forward pass.
 *
 * @param asked the network
 * @param classIndex the class, from 0
 */
record NetworkConfidence(Network asked, int classIndex) implements Confidence {

  /** More do not run faster, and a VGG-16 needs some 100 MB for each while it runs. */
  private static final int BATCH = 8;

  NetworkConfidence {
    asked.classes().name(classIndex); // there is such a class
  }

  @Override
  public Optional<String> network() {
    return Optional.of(Protocol.named(asked.name(), asked.identity()));
  }

  @Override
  public Optional<String> className() {
    return Optional.of(asked.classes().name(classIndex));
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
    try (NDManager scope = asked.newScope()) {
      NDArray input = asked.inputOfViews(scope, views);
      NDArray logits = asked.run(input);
      return asked.classes().probabilities(logits).get(":, {}", classIndex).toFloatArray();
    }
  }
}

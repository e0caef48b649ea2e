package camlab.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.network.Network;
import camlab.picture.Picture;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;

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
    int side = network.preprocessing().crop();
    FloatBuffer values = FloatBuffer.allocate(views.size() * 3 * side * side);
    for (Picture view : views) {
      if (view.width() != side || view.height() != side) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "The network sees pictures of %d×%d, found one of %d×%d. Take preprocessing().view(picture).",
                side,
                side,
                view.width(),
                view.height()));
      }
      values.put(network.preprocessing().normalize(view));
    }
    try (NDManager scope = network.newScope()) {
      NDArray input = scope.create(values.flip(), new Shape(views.size(), 3, side, side));
      NDArray logits = network.run(input);
      return network.meaning().probabilities(logits).get(":, {}", classIndex).toFloatArray();
    }
  }
}

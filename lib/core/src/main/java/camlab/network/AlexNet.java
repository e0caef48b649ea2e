package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.convolution;
import static camlab.network.Layers.dropout;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.linear;
import static camlab.network.Layers.maxPool;
import static camlab.network.Layers.relu;

import java.util.List;

/**
 * AlexNet in torchvision's layout and with its names: five convolutions ({@code features}) and a
 * classifier of three linear layers. A picture of 224 pixels leaves 256 channels of 13×13 at the
 * last convolution, {@code features.10}, and at its ReLU, {@code features.11}.
 *
 * <p>Source: A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks",
 * 2014, the variant that torchvision implements.
 */
public final class AlexNet {

  /** The last layer with positions before they are pooled: the ReLU of the last convolution. */
  public static final String TARGET_LAYER = "features.11";

  /** The ReLU behind the first, the second, the third and the last convolution. */
  private static final List<String> STAGES =
      List.of("features.1", "features.4", "features.7", TARGET_LAYER);

  private static final int PICTURE_SIZE = 224;

  private AlexNet() {}

  /**
   * {@return torchvision's AlexNet; 61,100,840 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture torchvision(int classes) {
    return new Architecture(
        "AlexNet",
        () ->
            features()
                .add("avgpool", "AdaptiveAvgPool2d", adaptiveAveragePool(6))
                .add("flatten", "Flatten", flatten())
                .add("classifier.0", "Dropout", dropout(0.5f))
                .add("classifier.1", "Linear", linear(4096))
                .add("classifier.2", "ReLU", relu())
                .add("classifier.3", "Dropout", dropout(0.5f))
                .add("classifier.4", "Linear", linear(4096))
                .add("classifier.5", "ReLU", relu())
                .add("classifier.6", "Linear", linear(classes))
                .build(),
        TARGET_LAYER,
        STAGES,
        classes,
        PICTURE_SIZE);
  }

  /**
   * {@return AlexNet with all of torchvision's {@code features} and its average of 6×6 positions,
   * and a classifier small enough to ship: two linear layers of 128 and {@code classes} units;
   * 3,649,730 parameters with two classes}
   *
   * @param classes number of classes
   */
  public static Architecture small(int classes) {
    return new Architecture(
        "AlexNet (small classifier)",
        () ->
            features()
                .add("avgpool", "AdaptiveAvgPool2d", adaptiveAveragePool(6))
                .add("flatten", "Flatten", flatten())
                .add("classifier.0", "Dropout", dropout(0.5f))
                .add("classifier.1", "Linear", linear(128))
                .add("classifier.2", "ReLU", relu())
                .add("classifier.3", "Dropout", dropout(0.5f))
                .add("classifier.4", "Linear", linear(classes))
                .build(),
        TARGET_LAYER,
        STAGES,
        classes,
        PICTURE_SIZE);
  }

  private static LayerGraph.Builder features() {
    return LayerGraph.plan()
        .add("features.0", "Conv2d", convolution(64, 11, 4, 2))
        .add("features.1", "ReLU", relu())
        .add("features.2", "MaxPool2d", maxPool(3, 2, false))
        .add("features.3", "Conv2d", convolution(192, 5, 1, 2))
        .add("features.4", "ReLU", relu())
        .add("features.5", "MaxPool2d", maxPool(3, 2, false))
        .add("features.6", "Conv2d", convolution(384, 3, 1, 1))
        .add("features.7", "ReLU", relu())
        .add("features.8", "Conv2d", convolution(256, 3, 1, 1))
        .add("features.9", "ReLU", relu())
        .add("features.10", "Conv2d", convolution(256, 3, 1, 1))
        .add("features.11", "ReLU", relu())
        .add("features.12", "MaxPool2d", maxPool(3, 2, false));
  }
}

package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.convolution;
import static camlab.network.Layers.dropout;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.linear;
import static camlab.network.Layers.maxPool;
import static camlab.network.Layers.relu;
import static camlab.network.Layers.requireWidth;
import static camlab.network.Layers.scaled;

import java.util.List;

/**
 * VGG-16 in torchvision's layout and with its names: thirteen 3×3 convolutions in five groups, a
 * pooling behind each, and a classifier of three linear layers. A picture of 224 pixels leaves 512
 * channels of 14×14 at the last ReLU, {@code features.29}.
 *
 * <p>Source: K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
 * Recognition", ICLR 2015, configuration D.
 */
public final class Vgg16 {

  /** The ReLU of the last convolution. */
  public static final String TARGET_LAYER = "features.29";

  /** The last ReLU of each group. */
  private static final List<String> STAGES =
      List.of("features.3", "features.8", "features.15", "features.22", TARGET_LAYER);

  /** Filters of each group's convolutions. */
  private static final int[][] GROUPS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  private Vgg16() {}

  /**
   * {@return torchvision's VGG-16; 138,357,544 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture torchvision(int classes) {
    return new Architecture(
        "VGG-16",
        () ->
            features(1)
                .add("avgpool", "AdaptiveAvgPool2d", adaptiveAveragePool(7))
                .add("flatten", "Flatten", flatten())
                .add("classifier.0", "Linear", linear(4096))
                .add("classifier.1", "ReLU", relu())
                .add("classifier.2", "Dropout", dropout(0.5f))
                .add("classifier.3", "Linear", linear(4096))
                .add("classifier.4", "ReLU", relu())
                .add("classifier.5", "Dropout", dropout(0.5f))
                .add("classifier.6", "Linear", linear(classes))
                .build(),
        TARGET_LAYER,
        STAGES,
        classes,
        224);
  }

  /**
   * {@return VGG-16 with fewer filters in every convolution, its average of 7×7 positions, and a
   * classifier small enough to ship: two linear layers of 128 and {@code classes} units}
   *
   * @param classes number of classes
   * @param width the share of VGG-16's filters that each convolution keeps, above 0 and at most 1
   * @throws IllegalArgumentException if the width lies outside that range
   */
  public static Architecture thin(int classes, double width) {
    requireWidth(width);
    return new Architecture(
        "VGG-16 (width %s, small classifier)".formatted(width),
        () ->
            features(width)
                .add("avgpool", "AdaptiveAvgPool2d", adaptiveAveragePool(7))
                .add("flatten", "Flatten", flatten())
                .add("classifier.0", "Linear", linear(128))
                .add("classifier.1", "ReLU", relu())
                .add("classifier.2", "Dropout", dropout(0.5f))
                .add("classifier.3", "Linear", linear(classes))
                .build(),
        TARGET_LAYER,
        STAGES,
        classes,
        224);
  }

  private static LayerGraph.Builder features(double width) {
    LayerGraph.Builder graph = LayerGraph.plan();
    int index = 0;
    for (int[] group : GROUPS) {
      for (int filters : group) {
        graph.add("features." + index++, "Conv2d", convolution(scaled(filters, width), 3, 1, 1));
        graph.add("features." + index++, "ReLU", relu());
      }
      graph.add("features." + index++, "MaxPool2d", maxPool(2, 2, false));
    }
    return graph;
  }
}

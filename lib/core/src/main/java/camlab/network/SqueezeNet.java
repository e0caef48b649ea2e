package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.concatenate;
import static camlab.network.Layers.convolution;
import static camlab.network.Layers.dropout;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.maxPool;
import static camlab.network.Layers.relu;

import java.util.List;

/**
 * SqueezeNet 1.1 in torchvision's layout and with its names: eight fire modules, and a classifier
 * that is itself a convolution followed by global average pooling.
 *
 * <p>Source: F. Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters",
 * 2016; version 1.1 of the authors' release.
 */
public final class SqueezeNet {

  /** The last layer of the features; behind it only 1×1 filters and averages follow. */
  public static final String TARGET_LAYER = "features.12";

  private static final List<String> STAGES =
      List.of("features.1", "features.4", "features.7", TARGET_LAYER);

  private SqueezeNet() {}

  /**
   * {@return torchvision's SqueezeNet 1.1; 1,235,496 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture version1_1(int classes) {
    return new Architecture(
        "SqueezeNet 1.1", () -> layers(classes), TARGET_LAYER, STAGES, classes, 224);
  }

  private static LayerGraph layers(int classes) {
    LayerGraph.Builder graph = LayerGraph.plan();
    graph
        .add("features.0", "Conv2d", convolution(64, 3, 2, 0))
        .add("features.1", "ReLU", relu())
        .add("features.2", "MaxPool2d", maxPool(3, 2, true));
    fire(graph, "features.3", 16, 64);
    fire(graph, "features.4", 16, 64);
    graph.add("features.5", "MaxPool2d", maxPool(3, 2, true));
    fire(graph, "features.6", 32, 128);
    fire(graph, "features.7", 32, 128);
    graph.add("features.8", "MaxPool2d", maxPool(3, 2, true));
    fire(graph, "features.9", 48, 192);
    fire(graph, "features.10", 48, 192);
    fire(graph, "features.11", 64, 256);
    fire(graph, "features.12", 64, 256);
    return graph
        .add("classifier.0", "Dropout", dropout(0.5f))
        .add("classifier.1", "Conv2d", convolution(classes, 1, 1, 0))
        .add("classifier.2", "ReLU", relu())
        .add("classifier.3", "AdaptiveAvgPool2d", adaptiveAveragePool(1))
        .add("flatten", "Flatten", flatten())
        .build();
  }

  /** Squeezes to few channels, expands with 1×1 and 3×3 filters side by side. */
  static void fire(LayerGraph.Builder graph, String name, int squeeze, int expand) {
    String squeezed = name + ".squeeze_activation";
    String left = name + ".expand1x1";
    String right = name + ".expand3x3";
    graph
        .add(name + ".squeeze", "Conv2d", convolution(squeeze, 1, 1, 0))
        .add(squeezed, "ReLU", relu())
        .add(left, "Conv2d", convolution(expand, 1, 1, 0), squeezed)
        .add(left + "_activation", "ReLU", relu(), left)
        .add(right, "Conv2d", convolution(expand, 3, 1, 1), squeezed)
        .add(right + "_activation", "ReLU", relu(), right)
        .add(
            name + ".cat",
            "Concatenate",
            concatenate(),
            left + "_activation",
            right + "_activation");
  }
}

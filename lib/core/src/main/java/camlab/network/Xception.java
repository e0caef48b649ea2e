package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.add;
import static camlab.network.Layers.batchNorm;
import static camlab.network.Layers.depthwiseConvolution;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.linear;
import static camlab.network.Layers.paddedMaxPool;
import static camlab.network.Layers.plainConvolution;
import static camlab.network.Layers.relu;
import static camlab.network.Layers.requireWidth;
import static camlab.network.Layers.scaled;

import java.util.List;

/**
 * Xception in the layout and with the names of timm's {@code legacy_xception}: separable
 * convolutions in twelve blocks with a shortcut around each. It takes pictures of 299 pixels, with
 * mean and deviation 0.5, and leaves 2048 channels of 10×10 at its last ReLU, {@code act4}.
 *
 * <p>Source: F. Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR
 * 2017.
 */
public final class Xception {

  /** The last ReLU; its output goes into the global average. */
  public static final String TARGET_LAYER = "act4";

  private static final List<String> STAGES =
      List.of("act2", "block1", "block2", "block3", TARGET_LAYER);

  private Xception() {}

  /**
   * {@return timm's {@code legacy_xception}; 22,855,952 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture legacy(int classes) {
    return xception("Xception", classes, 1);
  }

  /**
   * {@return Xception with fewer filters in every convolution}
   *
   * @param classes number of classes
   * @param width the share of Xception's filters that each convolution keeps, above 0 and at most 1
   * @throws IllegalArgumentException if the width lies outside that range
   */
  public static Architecture thin(int classes, double width) {
    requireWidth(width);
    return xception("Xception (width %s)".formatted(width), classes, width);
  }

  private static Architecture xception(String name, int classes, double width) {
    return new Architecture(name, () -> layers(classes, width), TARGET_LAYER, STAGES, classes, 299);
  }

  private static LayerGraph layers(int classes, double width) {
    LayerGraph.Builder graph =
        LayerGraph.plan()
            .add("conv1", "Conv2d", plainConvolution(scaled(32, width), 3, 2, 0))
            .add("bn1", "BatchNorm2d", batchNorm())
            .add("act1", "ReLU", relu())
            .add("conv2", "Conv2d", plainConvolution(scaled(64, width), 3, 1, 0))
            .add("bn2", "BatchNorm2d", batchNorm())
            .add("act2", "ReLU", relu());
    block(graph, width, "block1", 64, new int[] {128, 128}, true, false);
    block(graph, width, "block2", 128, new int[] {256, 256}, true, true);
    block(graph, width, "block3", 256, new int[] {728, 728}, true, true);
    for (int i = 4; i <= 11; i++) {
      block(graph, width, "block" + i, 728, new int[] {728, 728, 728}, false, true);
    }
    block(graph, width, "block12", 728, new int[] {728, 1024}, true, true);
    separable(graph, width, "conv3", 1024, 1536);
    graph.add("bn3", "BatchNorm2d", batchNorm()).add("act3", "ReLU", relu());
    separable(graph, width, "conv4", 1536, 2048);
    return graph
        .add("bn4", "BatchNorm2d", batchNorm())
        .add("act4", "ReLU", relu())
        .add("global_pool", "AdaptiveAvgPool2d", adaptiveAveragePool(1))
        .add("flatten", "Flatten", flatten())
        .add("fc", "Linear", linear(classes))
        .build();
  }

  /** Separable convolutions, halved by a pooling if asked, plus a shortcut. */
  private static void block(
      LayerGraph.Builder graph,
      double width,
      String name,
      int channels,
      int[] filters,
      boolean halve,
      boolean startWithRelu) {
    String input = graph.previous();
    int in = channels;
    int index = 0;
    for (int i = 0; i < filters.length; i++) {
      if (i > 0 || startWithRelu) {
        graph.add(name + ".rep." + index++, "ReLU", relu());
      }
      separable(graph, width, name + ".rep." + index++, in, filters[i]);
      graph.add(name + ".rep." + index++, "BatchNorm2d", batchNorm());
      in = filters[i];
    }
    String shortcut = input;
    if (halve) {
      graph.add(name + ".rep." + index, "MaxPool2d", paddedMaxPool(3, 2, 1));
    }
    String computed = graph.previous();
    if (halve) {
      shortcut = name + ".skipbn";
      graph
          .add(name + ".skip", "Conv2d", plainConvolution(scaled(in, width), 1, 2, 0), input)
          .add(shortcut, "BatchNorm2d", batchNorm());
    }
    graph.add(name + ".add", "Add", add(), computed, shortcut);
  }

  /** A 3×3 filter for each channel on its own, then a 1×1 mixture of the channels. */
  private static void separable(
      LayerGraph.Builder graph, double width, String name, int in, int filters) {
    graph
        .add(name + ".conv1", "Conv2d", depthwiseConvolution(scaled(in, width), 3, 1, 1))
        .add(name + ".pointwise", "Conv2d", plainConvolution(scaled(filters, width), 1, 1, 0));
  }
}

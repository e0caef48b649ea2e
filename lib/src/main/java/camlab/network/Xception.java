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
   * timm's {@code legacy_xception}; 22,855,952 parameters with 1000 classes.
   *
   * @param classes number of classes
   */
  public static Architecture legacy(int classes) {
    return new Architecture("Xception", () -> layers(classes), TARGET_LAYER, STAGES, classes, 299);
  }

  private static LayerGraph layers(int classes) {
    LayerGraph.Builder graph =
        LayerGraph.builder()
            .add("conv1", "Conv2d", plainConvolution(32, 3, 2, 0))
            .add("bn1", "BatchNorm2d", batchNorm())
            .add("act1", "ReLU", relu())
            .add("conv2", "Conv2d", plainConvolution(64, 3, 1, 0))
            .add("bn2", "BatchNorm2d", batchNorm())
            .add("act2", "ReLU", relu());
    block(graph, "block1", 64, new int[] {128, 128}, true, false);
    block(graph, "block2", 128, new int[] {256, 256}, true, true);
    block(graph, "block3", 256, new int[] {728, 728}, true, true);
    for (int i = 4; i <= 11; i++) {
      block(graph, "block" + i, 728, new int[] {728, 728, 728}, false, true);
    }
    block(graph, "block12", 728, new int[] {728, 1024}, true, true);
    separable(graph, "conv3", 1024, 1536);
    graph.add("bn3", "BatchNorm2d", batchNorm()).add("act3", "ReLU", relu());
    separable(graph, "conv4", 1536, 2048);
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
      separable(graph, name + ".rep." + index++, in, filters[i]);
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
          .add(name + ".skip", "Conv2d", plainConvolution(in, 1, 2, 0), input)
          .add(shortcut, "BatchNorm2d", batchNorm());
    }
    graph.add(name + ".add", "Add", add(), computed, shortcut);
  }

  /** A 3×3 filter for each channel on its own, then a 1×1 mixture of the channels. */
  private static void separable(LayerGraph.Builder graph, String name, int in, int filters) {
    graph
        .add(name + ".conv1", "Conv2d", depthwiseConvolution(in, 3, 1, 1))
        .add(name + ".pointwise", "Conv2d", plainConvolution(filters, 1, 1, 0));
  }
}

package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.add;
import static camlab.network.Layers.batchNorm;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.linear;
import static camlab.network.Layers.plainConvolution;
import static camlab.network.Layers.relu;
import static camlab.network.Layers.requireWidth;
import static camlab.network.Layers.scaled;

import java.util.List;
import java.util.Locale;

/**
 * ResNet-18 and ResNet-50 in torchvision's layout and with its names. torchvision calls one ReLU
 * several times in a block; here each call is a layer of its own, {@code relu1}, {@code relu2}, and
 * {@code relu} for the last one, whose output is the block's.
 *
 * <p>Source: K. He et al., "Deep Residual Learning for Image Recognition", CVPR 2016; with the
 * stride on the 3×3 convolution of a bottleneck, as torchvision has it.
 */
public final class ResNet {

  /** The last group of blocks; its output goes into the global average. */
  public static final String TARGET_LAYER = "layer4";

  private static final List<String> STAGES =
      List.of("relu", "layer1", "layer2", "layer3", TARGET_LAYER);

  private static final int EXPANSION = 4;

  private ResNet() {}

  /**
   * {@return torchvision's ResNet-18; 11,689,512 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture resNet18(int classes) {
    return new Architecture(
        "ResNet-18",
        () -> layers(new int[] {2, 2, 2, 2}, false, classes, 1),
        TARGET_LAYER,
        STAGES,
        classes,
        224);
  }

  /**
   * {@return torchvision's ResNet-50; 25,557,032 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture resNet50(int classes) {
    return resNet50("ResNet-50", classes, 1);
  }

  /**
   * {@return ResNet-50 with fewer filters in every convolution}
   *
   * @param classes number of classes
   * @param width the share of ResNet-50's filters that each convolution keeps, above 0 and at most
   *     1
   * @throws IllegalArgumentException if the width lies outside that range
   */
  public static Architecture thin50(int classes, double width) {
    requireWidth(width);
    return resNet50("ResNet-50 (width %s)".formatted(width), classes, width);
  }

  private static Architecture resNet50(String name, int classes, double width) {
    return new Architecture(
        name,
        () -> layers(new int[] {3, 4, 6, 3}, true, classes, width),
        TARGET_LAYER,
        STAGES,
        classes,
        224);
  }

  private static LayerGraph layers(int[] blocks, boolean bottleneck, int classes, double width) {
    int channels = scaled(64, width);
    LayerGraph.Builder graph =
        LayerGraph.plan()
            .add("conv1", "Conv2d", plainConvolution(channels, 7, 2, 3))
            .add("bn1", "BatchNorm2d", batchNorm())
            .add("relu", "ReLU", relu())
            .add("maxpool", "MaxPool2d", Layers.paddedMaxPool(3, 2, 1));
    for (int group = 0; group < blocks.length; group++) {
      int filters = scaled(64 << group, width);
      int out = bottleneck ? filters * EXPANSION : filters;
      for (int i = 0; i < blocks[group]; i++) {
        int stride = group > 0 && i == 0 ? 2 : 1;
        boolean project = stride != 1 || channels != out;
        String name = String.format(Locale.ROOT, "layer%d.%d", group + 1, i);
        if (bottleneck) {
          bottleneck(graph, name, filters, stride, project);
        } else {
          basic(graph, name, filters, stride, project);
        }
        channels = out;
      }
    }
    return graph
        .add("avgpool", "AdaptiveAvgPool2d", adaptiveAveragePool(1))
        .add("flatten", "Flatten", flatten())
        .add("fc", "Linear", linear(classes))
        .build();
  }

  private static void basic(
      LayerGraph.Builder graph, String name, int filters, int stride, boolean project) {
    String input = graph.previous();
    graph
        .add(name + ".conv1", "Conv2d", plainConvolution(filters, 3, stride, 1))
        .add(name + ".bn1", "BatchNorm2d", batchNorm())
        .add(name + ".relu1", "ReLU", relu())
        .add(name + ".conv2", "Conv2d", plainConvolution(filters, 3, 1, 1))
        .add(name + ".bn2", "BatchNorm2d", batchNorm());
    join(graph, name, input, filters, stride, project);
  }

  private static void bottleneck(
      LayerGraph.Builder graph, String name, int filters, int stride, boolean project) {
    String input = graph.previous();
    graph
        .add(name + ".conv1", "Conv2d", plainConvolution(filters, 1, 1, 0))
        .add(name + ".bn1", "BatchNorm2d", batchNorm())
        .add(name + ".relu1", "ReLU", relu())
        .add(name + ".conv2", "Conv2d", plainConvolution(filters, 3, stride, 1))
        .add(name + ".bn2", "BatchNorm2d", batchNorm())
        .add(name + ".relu2", "ReLU", relu())
        .add(name + ".conv3", "Conv2d", plainConvolution(filters * EXPANSION, 1, 1, 0))
        .add(name + ".bn3", "BatchNorm2d", batchNorm());
    join(graph, name, input, filters * EXPANSION, stride, project);
  }

  /** Adds the block's input, projected where its size changes, to what the block computed. */
  private static void join(
      LayerGraph.Builder graph,
      String name,
      String input,
      int channels,
      int stride,
      boolean project) {
    String computed = graph.previous();
    String shortcut = input;
    if (project) {
      shortcut = name + ".downsample.1";
      graph
          .add(name + ".downsample.0", "Conv2d", plainConvolution(channels, 1, stride, 0), input)
          .add(shortcut, "BatchNorm2d", batchNorm());
    }
    graph.add(name + ".add", "Add", add(), computed, shortcut).add(name + ".relu", "ReLU", relu());
  }
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.List;
import java.util.function.Supplier;

/** The small networks of {@code make_torchscript.py}, built of blocks. */
public final class SmallBlocks {

  private static final int CLASSES = 10;
  private static final int SIZE = 64;

  private SmallBlocks() {}

  /** The network that the script calls so. */
  public static Architecture named(String name) {
    return switch (name) {
      case "alexnet" -> plan(name, "features.6", SmallBlocks::alexNet);
      case "vgg" -> plan(name, "features.9", SmallBlocks::vgg);
      case "resnet" -> plan(name, "layer4", SmallBlocks::resNet);
      case "squeezenet" -> plan(name, "features", SmallBlocks::squeezeNet);
      case "mobilenet_v2" -> plan(name, "features", SmallBlocks::mobileNet);
      case "functions" -> plan(name, "relu_2", SmallBlocks::functions);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Architecture plan(String name, String target, Supplier<LayerGraph> layers) {
    return new Architecture(name, layers, target, List.of(target), CLASSES, SIZE);
  }

  private static LayerGraph alexNet() {
    return LayerGraph.builder()
        .add("features.0", "Conv2d", Layers.convolution(8, 11, 4, 2))
        .add("features.1", "ReLU", Layers.relu())
        .add("features.2", "MaxPool2d", Layers.maxPool(3, 2, false))
        .add("features.3", "Conv2d", Layers.convolution(16, 5, 1, 2))
        .add("features.4", "ReLU", Layers.relu())
        .add("features.5", "Conv2d", Layers.convolution(12, 3, 1, 1))
        .add("features.6", "ReLU", Layers.relu())
        .add("features.7", "MaxPool2d", Layers.maxPool(3, 2, false))
        .add("avgpool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(6))
        .add("flatten", "Flatten", Layers.flatten())
        .add("classifier.1", "Linear", Layers.linear(24))
        .add("classifier.2", "ReLU", Layers.relu())
        .add("classifier.3", "Linear", Layers.linear(CLASSES))
        .build();
  }

  private static LayerGraph vgg() {
    LayerGraph.Builder graph = LayerGraph.builder();
    int index = 0;
    for (int[] group : new int[][] {{4}, {8}, {16, 16}}) {
      for (int filters : group) {
        graph
            .add("features." + index++, "Conv2d", Layers.convolution(filters, 3, 1, 1))
            .add("features." + index++, "ReLU", Layers.relu());
      }
      graph.add("features." + index++, "MaxPool2d", Layers.maxPool(2, 2, false));
    }
    return graph
        .add("avgpool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(7))
        .add("flatten", "Flatten", Layers.flatten())
        .add("classifier.0", "Linear", Layers.linear(24))
        .add("classifier.1", "ReLU", Layers.relu())
        .add("classifier.3", "Linear", Layers.linear(CLASSES))
        .build();
  }

  private static LayerGraph resNet() {
    LayerGraph.Builder graph =
        LayerGraph.builder()
            .add("conv1", "Conv2d", Layers.plainConvolution(8, 7, 2, 3))
            .add("bn1", "BatchNorm2d", Layers.batchNorm())
            .add("relu", "ReLU", Layers.relu())
            .add("maxpool", "MaxPool2d", Layers.paddedMaxPool(3, 2, 1));
    basic(graph, "layer1.0", 8, 1);
    basic(graph, "layer1.1", 8, 1);
    basic(graph, "layer2.0", 16, 2);
    basic(graph, "layer3.0", 24, 2);
    basic(graph, "layer4.0", 32, 2);
    return graph
        .add("avgpool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
        .add("flatten", "Flatten", Layers.flatten())
        .add("fc", "Linear", Layers.linear(CLASSES))
        .build();
  }

  private static void basic(LayerGraph.Builder graph, String name, int filters, int stride) {
    String input = graph.previous();
    String shortcut = stride == 1 ? input : name + ".downsample.1";
    graph
        .add(name + ".conv1", "Conv2d", Layers.plainConvolution(filters, 3, stride, 1))
        .add(name + ".bn1", "BatchNorm2d", Layers.batchNorm())
        .add(name + ".relu", "ReLU", Layers.relu())
        .add(name + ".conv2", "Conv2d", Layers.plainConvolution(filters, 3, 1, 1))
        .add(name + ".bn2", "BatchNorm2d", Layers.batchNorm());
    if (stride > 1) {
      graph
          .add(
              name + ".downsample.0",
              "Conv2d",
              Layers.plainConvolution(filters, 1, stride, 0),
              input)
          .add(shortcut, "BatchNorm2d", Layers.batchNorm());
    }
    graph
        .add(name + ".add", "Add", Layers.add(), name + ".bn2", shortcut)
        .add(name + ".relu_1", "ReLU", Layers.relu());
  }

  private static LayerGraph squeezeNet() {
    LayerGraph.Builder graph =
        LayerGraph.builder()
            .add("features.0", "Conv2d", Layers.convolution(8, 3, 2, 0))
            .add("features.1", "ReLU", Layers.relu())
            .add("features.2", "MaxPool2d", Layers.maxPool(3, 2, true));
    SqueezeNet.fire(graph, "features.3", 4, 8);
    SqueezeNet.fire(graph, "features.4", 4, 8);
    graph.add("features.5", "MaxPool2d", Layers.maxPool(3, 2, true));
    SqueezeNet.fire(graph, "features.6", 6, 12);
    return graph
        .add("classifier.1", "Conv2d", Layers.convolution(CLASSES, 1, 1, 0))
        .add("classifier.2", "ReLU", Layers.relu())
        .add("classifier.3", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
        .add("flatten", "Flatten", Layers.flatten())
        .build();
  }

  private static LayerGraph mobileNet() {
    LayerGraph.Builder graph = LayerGraph.builder();
    bounded(graph, "features.0", Layers.plainConvolution(8, 3, 2, 1));
    inverted(graph, "features.1", 8, 1, 1);
    inverted(graph, "features.2", 8, 6, 2);
    inverted(graph, "features.3", 8, 6, 1);
    inverted(graph, "features.4", 8, 6, 2);
    inverted(graph, "features.5", 8, 6, 1);
    bounded(graph, "features.6", Layers.plainConvolution(1280, 1, 1, 0));
    return graph
        .add("pool", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
        .add("flatten", "Flatten", Layers.flatten())
        .add("classifier.1", "Linear", Layers.linear(CLASSES))
        .build();
  }

  /** All blocks have eight channels at both ends. */
  private static void inverted(
      LayerGraph.Builder graph, String name, int channels, int expansion, int stride) {
    String input = graph.previous();
    int inner = channels * expansion;
    int index = 0;
    if (expansion > 1) {
      bounded(graph, name + ".conv." + index++, Layers.plainConvolution(inner, 1, 1, 0));
    }
    bounded(graph, name + ".conv." + index++, Layers.depthwiseConvolution(inner, 3, stride, 1));
    graph
        .add(name + ".conv." + index++, "Conv2d", Layers.plainConvolution(channels, 1, 1, 0))
        .add(name + ".conv." + index, "BatchNorm2d", Layers.batchNorm());
    if (stride == 1) {
      graph.add(name + ".add", "Add", Layers.add(), input, graph.previous());
    }
  }

  private static void bounded(LayerGraph.Builder graph, String name, Block convolution) {
    graph
        .add(name + ".0", "Conv2d", convolution)
        .add(name + ".1", "BatchNorm2d", Layers.batchNorm())
        .add(name + ".2", "ReLU6", LambdaBlock.singleton(SmallBlocks::relu6, "ReLU6"));
  }

  private static LayerGraph functions() {
    return LayerGraph.builder()
        .add("conv1", "Conv2d", Layers.convolution(8, 3, 2, 0))
        .add("relu", "ReLU", Layers.relu())
        .add("pool", "MaxPool2d", Layers.maxPool(2, 2, false))
        .add("conv2", "Conv2d", Layers.convolution(8, 3, 1, 1))
        .add("relu_1", "ReLU", Layers.relu())
        .add("conv3", "Conv2d", Layers.convolution(8, 3, 1, 1))
        .add("add", "Add", Layers.add(), "conv3", "relu_1")
        .add("relu_2", "ReLU", Layers.relu())
        .add("mean", "AdaptiveAvgPool2d", Layers.adaptiveAveragePool(1))
        .add("flatten", "Flatten", Layers.flatten())
        .add("fc", "Linear", Layers.linear(CLASSES))
        .build();
  }

  /**
   * As PyTorch's. DJL's own, {@code NDArray.clip}, keeps its bounds in memory that is freed before
   * the backward pass reads it: about once in a thousand passes its gradient is zero.
   */
  private static NDArray relu6(NDArray x) {
    return Activation.relu(x).sub(Activation.relu(x.sub(6f)));
  }
}

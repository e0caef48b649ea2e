package camlab.network;

import static camlab.network.Layers.adaptiveAveragePool;
import static camlab.network.Layers.add;
import static camlab.network.Layers.batchNorm;
import static camlab.network.Layers.depthwiseConvolution;
import static camlab.network.Layers.dropout;
import static camlab.network.Layers.flatten;
import static camlab.network.Layers.linear;
import static camlab.network.Layers.plainConvolution;
import static camlab.network.Layers.relu6;
import static camlab.network.Layers.samePadding;

import java.util.List;
import java.util.Locale;

/**
 * EfficientNet-Lite0 in the layout and with the names of the Python package {@code
 * efficientnet_lite_pytorch}: sixteen blocks that widen, filter each channel on its own, and narrow
 * again, with ReLU6 in place of the larger networks' swish and without squeeze and excitation.
 *
 * <p>That package calls one ReLU6 several times, in a block and around the blocks; here each call
 * is a layer of its own, {@code _swish1} and {@code _swish}, the last one. Where a convolution
 * halves the picture, TensorFlow's padding is a layer of its own before it, {@code static_padding}:
 * of an even number of pixels it adds one more at the right and at the bottom than at the left and
 * at the top.
 *
 * <p>Sources: M. Tan, Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
 * Networks", ICML 2019, table 1; what the Lite networks leave out is in TensorFlow's release of
 * them (2020).
 */
public final class EfficientNetLite {

  /** What the plan is called. */
  private static final String LITE0 = "EfficientNet-Lite0";

  /** The last ReLU6; its output goes into the global average. */
  public static final String TARGET_LAYER = "_swish";

  private static final List<String> STAGES =
      List.of("_blocks.0", "_blocks.2", "_blocks.4", "_blocks.10", TARGET_LAYER);

  private static final int STEM = 32;
  private static final int HEAD = 1280;
  private static final float EPSILON = 1e-3f;

  /**
   * Blocks of one kind, one behind the other; the first of them has the stride.
   *
   * @param count how many
   * @param kernel side of the filters
   * @param stride 2 to halve the picture
   * @param widening how many times as many channels lie between the two 1×1 convolutions
   * @param channels what each puts out
   */
  private record Group(int count, int kernel, int stride, int widening, int channels) {}

  private static final List<Group> GROUPS =
      List.of(
          new Group(1, 3, 1, 1, 16),
          new Group(2, 3, 2, 6, 24),
          new Group(2, 5, 2, 6, 40),
          new Group(3, 3, 2, 6, 80),
          new Group(3, 5, 1, 6, 112),
          new Group(4, 5, 2, 6, 192),
          new Group(1, 3, 1, 6, 320));

  private EfficientNetLite() {}

  /**
   * {@return EfficientNet-Lite0; 4,652,008 parameters with 1000 classes}
   *
   * @param classes number of classes
   */
  public static Architecture lite0(int classes) {
    return new Architecture(LITE0, () -> layers(classes), TARGET_LAYER, STAGES, classes, 224);
  }

  private static LayerGraph layers(int classes) {
    LayerGraph.Builder graph =
        LayerGraph.plan()
            .add("_conv_stem.static_padding", "ZeroPad2d", samePadding(3, 2))
            .add("_conv_stem", "Conv2d", plainConvolution(STEM, 3, 2, 0))
            .add("_bn0", "BatchNorm2d", batchNorm(EPSILON))
            .add("_swish1", "ReLU6", relu6());
    int index = 0;
    int channels = STEM;
    for (Group group : GROUPS) {
      for (int i = 0; i < group.count(); i++) {
        String name = String.format(Locale.ROOT, "_blocks.%d", index++);
        block(graph, name, channels, group, i == 0 ? group.stride() : 1);
        channels = group.channels();
      }
    }
    return graph
        .add("_conv_head", "Conv2d", plainConvolution(HEAD, 1, 1, 0))
        .add("_bn1", "BatchNorm2d", batchNorm(EPSILON))
        .add(TARGET_LAYER, "ReLU6", relu6())
        .add("_avg_pooling", "AdaptiveAvgPool2d", adaptiveAveragePool(1))
        .add("flatten", "Flatten", flatten())
        .add("_dropout", "Dropout", dropout(0.2f))
        .add("_fc", "Linear", linear(classes))
        .build();
  }

  /**
   * Widens, filters each channel on its own, narrows; what came in is added if it has one shape.
   */
  private static void block(
      LayerGraph.Builder graph, String name, int channels, Group group, int stride) {
    String input = graph.previous();
    int wide = channels * group.widening();
    if (wide > channels) {
      graph
          .add(name + "._expand_conv", "Conv2d", plainConvolution(wide, 1, 1, 0))
          .add(name + "._bn0", "BatchNorm2d", batchNorm(EPSILON))
          .add(name + "._swish1", "ReLU6", relu6());
    }
    int padding = group.kernel() / 2;
    String filters = name + "._depthwise_conv";
    if (stride > 1) {
      padding = 0;
      graph.add(filters + ".static_padding", "ZeroPad2d", samePadding(group.kernel(), stride));
    }
    graph
        .add(filters, "Conv2d", depthwiseConvolution(wide, group.kernel(), stride, padding))
        .add(name + "._bn1", "BatchNorm2d", batchNorm(EPSILON))
        .add(name + "._swish", "ReLU6", relu6())
        .add(name + "._project_conv", "Conv2d", plainConvolution(group.channels(), 1, 1, 0))
        .add(name + "._bn2", "BatchNorm2d", batchNorm(EPSILON));
    if (stride == 1 && channels == group.channels()) {
      graph.add(name + ".add", "Add", add(), graph.previous(), input);
    }
  }
}

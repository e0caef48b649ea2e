package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the catalogue says rightly how often a picture goes forward through a network, or through
 * what is behind a layer: layers that hand everything on count it. Backward passes are not counted,
 * nor those of methods that need attention.
 */
class CataloguePassesTest {

  private static final int SIDE = 28;
  private static final int CHANNELS = 12;
  private static final Pattern FORWARD = Pattern.compile("(\\d+) forward([^,]*)");

  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong behind = new AtomicLong();

  static Stream<Catalogue.Entry> entries() {
    return Catalogue.entries().stream().filter(entry -> !entry.needsAttention());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void forwardPasses(Catalogue.Entry entry) {
    try (Network network = network();
        NDManager scope = network.newScope()) {
      NDArray input =
          scope.arange(3 * SIDE * SIDE).reshape(1, 3, SIDE, SIDE).mul(0.37f).sin().add(0.2f);
      // What is found out once about a network is found out in the first run.
      for (int run = 0; run < 2; run++) {
        whole.set(0);
        behind.set(0);
        try (Recording recording = Recording.of(network, input, List.of("relu"))) {
          entry.method().heatmap(recording, "relu", Target.of(0));
        }
      }
    }
    long expected = 0;
    long expectedBehind = 0;
    Matcher matcher = FORWARD.matcher(entry.passes());
    while (matcher.find()) {
      long passes = Long.parseLong(matcher.group(1)) * times(matcher.group(2));
      expected += matcher.group(2).contains("behind the layer") ? 0 : passes;
      expectedBehind += passes;
    }
    assertEquals(expected, whole.get(), entry.passes());
    assertEquals(expectedBehind, behind.get(), entry.passes());
  }

  /** What is recorded there has run already, and gives the same numbers. */
  @Test
  void aRecordingOfTheInputIsNotRunAgain() {
    try (Network network = network();
        NDManager scope = network.newScope()) {
      NDArray input = scope.arange(3 * SIDE * SIDE).reshape(1, 3, SIDE, SIDE).mul(0.37f).sin();
      CamMethod method = new GradientSaliency();
      List<float[]> maps = new ArrayList<>();
      for (String layer : List.of("relu", LayerGraph.INPUT)) {
        try (Recording recording = Recording.of(network, input, List.of(layer))) {
          whole.set(0);
          maps.add(method.heatmap(recording, layer, Target.of(0)).values());
          assertEquals(layer.equals("relu") ? 1 : 0, whole.get());
          assertArrayEquals(
              maps.get(0), method.heatmap(recording, layer, Target.of(0)).values(), layer);
        }
      }
    }
  }

  private static int times(String of) {
    if (of.contains("per channel")) {
      return CHANNELS;
    }
    if (of.contains("per position")) {
      return SIDE * SIDE;
    }
    if (of.contains("per region")) {
      return 7 * 7;
    }
    // The usual window follows the picture: of 28 pixels it has 4, and moves by 2.
    return of.contains("per window") ? 13 * 13 : 1;
  }

  private Network network() {
    Architecture plan =
        new Architecture(
            "Counting",
            () ->
                LayerGraph.builder()
                    .add("whole", "Identity", counting(whole))
                    .add(
                        "conv",
                        "Conv2d",
                        Conv2d.builder()
                            .setFilters(CHANNELS)
                            .setKernelShape(new Shape(1, 1))
                            .optBias(false)
                            .build())
                    .add("relu", "ReLU", Activation.reluBlock())
                    .add("behind", "Identity", counting(behind))
                    .add(
                        "pool",
                        "AdaptiveAvgPool2d",
                        LambdaBlock.singleton(
                            x -> x.mean(new int[] {2}, true).mean(new int[] {3}, true), "mean"))
                    .add("flatten", "Flatten", Blocks.batchFlattenBlock())
                    .add("fc", "Linear", Linear.builder().setUnits(2).build())
                    .build(),
            "relu",
            List.of("conv", "relu"),
            2,
            SIDE);
    StateDict weights =
        StateDict.builder()
            .put("conv.weight", new long[] {CHANNELS, 3, 1, 1}, waves(CHANNELS * 3))
            .put("fc.weight", new long[] {2, CHANNELS}, waves(2 * CHANNELS))
            .put("fc.bias", new long[] {2}, new float[] {10, 20})
            .build();
    Preprocessing plain =
        new Preprocessing(SIDE, SIDE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    return Network.of(plan, weights, Classes.of("first", "second"), plain);
  }

  /** Hands on what it takes. */
  private static Block counting(AtomicLong count) {
    return LambdaBlock.singleton(
        x -> {
          count.addAndGet(x.getShape().get(0));
          return x;
        },
        "counting");
  }

  private static float[] waves(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.sin(1.7 * i + 0.5);
    }
    return values;
  }
}

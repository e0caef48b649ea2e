package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.util.List;

/**
 * A network small enough to work out by hand: two channels that are the input's first two colours,
 * rectified, averaged, and weighed by 1 and −2 for the class {@code first}, by 0.5 and 3 for {@code
 * second}, plus 10 and 20.
 */
final class TinyNetwork {

  private static final Architecture PLAN =
      new Architecture(
          "Tiny",
          () ->
              LayerGraph.builder()
                  .add(
                      "conv",
                      "Conv2d",
                      Conv2d.builder()
                          .setFilters(2)
                          .setKernelShape(new Shape(1, 1))
                          .optBias(false)
                          .build())
                  .add("relu", "ReLU", Activation.reluBlock())
                  .add(
                      "pool",
                      "AdaptiveAvgPool2d",
                      LambdaBlock.singleton(
                          x -> x.mean(new int[] {2}, true).mean(new int[] {3}, true), "mean"))
                  .add("flatten", "Flatten", Blocks.batchFlattenBlock())
                  .add("fc", "Linear", Linear.builder().setUnits(2).build())
                  .build(),
          "relu",
          List.of("relu"),
          2,
          2);

  private TinyNetwork() {}

  static LayeredNetwork create() {
    StateDict weights =
        StateDict.builder()
            .put("conv.weight", new long[] {2, 3, 1, 1}, new float[] {1, 0, 0, 0, 1, 0})
            .put("fc.weight", new long[] {2, 2}, new float[] {1, -2, 0.5f, 3})
            .put("fc.bias", new long[] {2}, new float[] {10, 20})
            .build();
    Preprocessing plain =
        new Preprocessing(2, 2, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    return Network.of(PLAN, weights, Classes.of("first", "second"), plain);
  }

  /** The channels of {@code micro.json}; the third colour counts for nothing. */
  static NDArray input(NDManager scope) {
    return scope.create(new float[] {1, 2, 3, 4, 0, 1, 0, 2, 9, 9, 9, 9}, new Shape(1, 3, 2, 2));
  }
}

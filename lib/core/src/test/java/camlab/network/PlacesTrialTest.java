package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Functions among the blocks of a DJL model: which of them leave places where they are. */
class PlacesTrialTest {

  private static final int SIDE = 32;

  private static Conv2d convolution() {
    return Conv2d.builder()
        .setFilters(6)
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .build();
  }

  /** Where the positions are said to be behind a block between two convolutions. */
  private static Optional<Layout> behind(Block block) {
    Block whole =
        new SequentialBlock()
            .add(convolution())
            .add(block)
            .add(convolution())
            .add(Pool.globalAvgPool2dBlock())
            .add(Linear.builder().setUnits(3).build());
    try (NDManager scope = NDManager.newBaseManager()) {
      whole.initialize(scope, DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
      try (LayeredNetwork network =
          Network.of(
              "Net",
              whole,
              Classes.numbered(3),
              Preprocessing.builder().size(SIDE, SIDE).build())) {
        List<String> names = network.model().names();
        return network.layout(names.get(names.size() - 3));
      }
    }
  }

  private static Block function(Function<NDArray, NDArray> function) {
    return LambdaBlock.singleton(function);
  }

  private static long half(NDArray maps) {
    return maps.getShape().get(3) / 2;
  }

  @Test
  void whatComputesEachPlaceFromThoseAboutItKeepsPlaces() {
    Block residual =
        new ParallelBlock(
            arms -> new NDList(NDArrays.add(arms.get(0).head(), arms.get(1).head())),
            List.of(convolution(), Activation.reluBlock()));
    Block joined =
        new ParallelBlock(
            arms -> new NDList(arms.get(0).head().concat(arms.get(1).head(), 1)),
            List.of(convolution(), Pool.maxPool2dBlock(new Shape(1, 1))));
    Map<String, Block> blocks =
        Map.of(
            "a residual block", residual,
            "branches", joined,
            "a pooling", Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)),
            "a negative", function(NDArray::neg),
            "a gate",
                function(
                    maps ->
                        maps.mul(
                            Activation.sigmoid(
                                maps.mean(new int[] {3}, true).mean(new int[] {2}, true)))));
    blocks.forEach(
        (name, block) -> assertEquals(Optional.of(Layout.CHANNELS_FIRST), behind(block), name));
  }

  @Test
  void whatPutsPlacesElsewhereOrLeavesSomeOutDoesNot() {
    Map<String, Function<NDArray, NDArray>> functions =
        Map.of(
            "a mirror", maps -> maps.flip(3),
            "a mirror beside", maps -> maps.concat(maps.flip(3), 1),
            "half", maps -> maps.get(":, :, :, :{}", half(maps)),
            "halves",
                maps ->
                    maps.get(":, :, :, {}:", half(maps))
                        .concat(maps.get(":, :, :, :{}", half(maps)), 3),
            "a view", maps -> maps.transpose(0, 2, 3, 1).reshape(maps.getShape()),
            "two side by side", maps -> maps.concat(maps, 3));
    functions.forEach(
        (name, moved) -> assertEquals(Optional.empty(), behind(function(moved)), name));
  }
}

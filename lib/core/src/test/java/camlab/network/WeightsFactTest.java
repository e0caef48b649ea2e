package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.LambdaBlock;
import camlab.TestFiles;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a network tells of where its weights come from. */
class WeightsFactTest {

  private static final Path FILE = TestFiles.path("weights/checkpoint-ema.pth");

  /** A layer like that of the checkpoints: three outputs of two inputs. */
  private static final Architecture PLAN =
      new Architecture(
          "Plan",
          () ->
              LayerGraph.builder()
                  .add("two", "Slice", LambdaBlock.singleton(x -> x.get(":, :2"), "two"))
                  .add("mean", "Mean", LambdaBlock.singleton(WeightsFactTest::mean, "mean"))
                  .add("conv", "Linear", Layers.linear(3))
                  .build(),
          "two",
          List.of("two"),
          3,
          4);

  private static NDArray mean(NDArray maps) {
    return maps.mean(new int[] {3}).mean(new int[] {2});
  }

  private static LayeredNetwork network(StateDict weights) {
    return Network.of(
        PLAN,
        weights,
        Classes.numbered(3),
        new Preprocessing(4, 4, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f)));
  }

  private static String weights(Network network) {
    return network.describe().stream()
        .filter(fact -> fact.what().equals("weights"))
        .findFirst()
        .orElseThrow()
        .toString();
  }

  @Test
  void whichPartOfACheckpointWasTakenIsTold() {
    try (LayeredNetwork network = network(StateDict.read(FILE));
        LayeredNetwork average = network(StateDict.read(FILE, "ema/module"));
        LayeredNetwork other = network.withParameters(Map.of("conv.bias", new float[] {1, 2, 3}))) {
      assertEquals(
          "weights: " + FILE + ", \"model\" (beside it: \"ema/module\") (read)", weights(network));
      assertTrue(
          weights(average).contains("\"ema/module\" (beside it: \"model\")"), weights(average));
      assertTrue(weights(other).contains("; 1 parameters replaced (read)"), weights(other));
    }
  }

  /** The names in messages are those that are left, so the file's own are told here. */
  @Test
  void whichNamesWereChangedIsTold() {
    StateDict read = StateDict.read(FILE);
    StateDict.Builder wrapped = StateDict.builder();
    read.names().forEach(name -> wrapped.put("net.0." + name, read.shape(name), read.floats(name)));
    try (LayeredNetwork network = network(wrapped.build());
        LayeredNetwork part = network(wrapped.build().under("net."))) {
      String told = "where net.0.conv.weight is read as conv.weight, and others likewise";
      assertTrue(weights(network).contains(told), weights(network));
      assertTrue(weights(part).contains("where 0.conv.weight is read as"), weights(part));
    }
  }
}

package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import camlab.capture.SmallNetworks;
import camlab.identity.Fingerprint;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class NetworkIdentityTest {

  @Test
  void theSameWeightsHaveOneIdentity() {
    try (LayeredNetwork network = SmallNetworks.alexNet();
        LayeredNetwork again = SmallNetworks.alexNet()) {
      assertEquals(network.identity(), again.identity());
      assertTrue(
          network
              .identity()
              .matches(
                  "sha256:[0-9a-f]{64} Preprocessing\\(crop=96, mean=\\[0.485, 0.456, 0.406],"
                      + " resize=96, std=\\[0.229, 0.224, 0.225]\\) outputs=ONE_OF_SEVERAL"),
          network.identity());
    }
  }

  /** One bit of one weight; and back again. */
  @Test
  void everyWeightCounts() {
    try (LayeredNetwork network = SmallNetworks.alexNet()) {
      float[] bias = {0, Float.MIN_VALUE};
      try (LayeredNetwork changed = network.withParameters(Map.of("classifier.4.bias", bias));
          LayeredNetwork back = changed.withParameters(Map.of("classifier.4.bias", new float[2]))) {
        assertNotEquals(network.identity(), changed.identity());
        assertEquals(network.identity(), back.identity());
      }
    }
  }

  @Test
  void thePreprocessingCounts() {
    List<Float> half = List.of(0.5f, 0.5f, 0.5f);
    try (LayeredNetwork network = SmallNetworks.alexNet();
        LayeredNetwork other = SmallNetworks.alexNet(new Preprocessing(96, 96, half, half))) {
      assertEquals(network.model().checksum(), other.model().checksum());
      assertNotEquals(network.identity(), other.identity());
    }
  }

  /** The same logits are other probabilities. */
  @Test
  void whatTheNumbersMeanCounts() {
    try (Network one = SmallNetworks.alexNet(Classes.oneOf("cat", "dog"));
        Network each = SmallNetworks.alexNet(Classes.independent("cat", "dog"))) {
      assertEquals(one.model().checksum(), each.model().checksum());
      assertNotEquals(one.identity(), each.identity());
    }
  }

  /** The same numbers, read in another order, give another map. */
  @Test
  void aStatedLayoutCounts() {
    Path file = TorchScriptFiles.path("forms.pt");
    Preprocessing four =
        new Preprocessing(4, 4, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    Classes classes = Classes.numbered(2);
    try (Network network = TorchScript.load(file, classes, four);
        Network first =
            TorchScript.load(file, classes, four, stated(network, Layout.CHANNELS_FIRST));
        Network last =
            TorchScript.load(file, classes, four, stated(network, Layout.CHANNELS_LAST))) {
      assertNotEquals(network.identity(), last.identity());
      assertNotEquals(first.identity(), last.identity());
    }
  }

  private static Stated stated(Network network, Layout layout) {
    return Stated.NOTHING.layout(network.layers().get(0), layout);
  }

  /** The bytes of the file, as sha256sum gives them. */
  @Test
  void aProgramHasTheChecksumOfItsFile() throws IOException {
    Path file = TorchScriptFiles.path("forms.pt");
    Preprocessing four =
        new Preprocessing(4, 4, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
    try (Network network = TorchScript.load(file, Classes.numbered(2), four)) {
      assertEquals(Fingerprint.of(file), network.model().checksum());
    }
  }

  /** A block of one's own may be trained on: then the network is another one. */
  @Test
  void aBlockIsAsItsWeightsAreNow() {
    Block convolution = Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(4).build();
    SequentialBlock block =
        new SequentialBlock()
            .add(convolution)
            .add(Pool.globalAvgPool2dBlock())
            .add(Linear.builder().setUnits(2).build());
    List<Float> one = List.of(1f, 1f, 1f);
    try (NDManager manager = NDManager.newBaseManager()) {
      block.setInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 4, 4));
      try (Network network =
          Network.of("mine", block, Classes.numbered(2), new Preprocessing(4, 4, one, one))) {
        String before = network.identity();
        assertEquals(before, network.identity());
        NDArray weight = convolution.getParameters().valueAt(0).getArray();
        weight.muli(2);
        String trained = network.identity();
        assertNotEquals(before, trained);
        weight.divi(2);
        assertEquals(before, network.identity());
      }
    }
  }

  /** What no weight shows: with the same weights they are other networks. */
  @Test
  void theSettingsOfBlocksCount() {
    List<Supplier<List<Block>>> networks =
        List.of(
            () -> List.of(convolution().build()),
            () -> List.of(convolution().optStride(new Shape(2, 2)).build()),
            () -> List.of(convolution().optPadding(new Shape(1, 1)).build()),
            () -> List.of(convolution().optDilation(new Shape(2, 2)).build()),
            () -> List.of(convolution().build(), Pool.maxPool2dBlock(new Shape(2, 2))),
            () -> List.of(convolution().build(), Pool.maxPool2dBlock(new Shape(3, 3))),
            () -> List.of(convolution().build(), Activation.leakyReluBlock(0.1f)),
            () -> List.of(convolution().build(), Activation.leakyReluBlock(0.2f)),
            () -> List.of(convolution().build(), times(2)),
            () -> List.of(convolution().build(), times(3)),
            () -> List.of(convolution().build(), joined()),
            () -> List.of(convolution().build(), branches(2)),
            () -> List.of(convolution().build(), branches(3)),
            () -> List.of(convolution().build(), new Scaled(2)),
            () -> List.of(convolution().build(), new Scaled(3)),
            () -> List.of(convolution().build(), BatchNorm.builder().optEpsilon(1e-3f).build()),
            () -> List.of(convolution().build(), BatchNorm.builder().optEpsilon(1e-5f).build()));
    List<String> identities = networks.stream().map(blocks -> identity(blocks.get(), 1)).toList();
    assertEquals(networks.size(), Set.copyOf(identities).size(), identities.toString());
    assertEquals(identities, networks.stream().map(blocks -> identity(blocks.get(), 5)).toList());
  }

  private static Conv2d.Builder convolution() {
    return Conv2d.builder().setKernelShape(new Shape(2, 2)).setFilters(4);
  }

  private static Block times(int factor) {
    return LambdaBlock.singleton(values -> values.mul(factor));
  }

  /** Its field is of Java's own module, and cannot be read. */
  private static Block joined() {
    return new LambdaBlock(Function.<NDList>identity().andThen(values -> values), "joined");
  }

  private static Block branches(int factor) {
    return new ParallelBlock(
        outputs -> new NDList(outputs.get(0).head().add(outputs.get(1).head().mul(factor))),
        List.of(Blocks.identityBlock(), Blocks.identityBlock()));
  }

  /** A block of one's own, with a setting. */
  private static final class Scaled extends AbstractBlock {

    private final float factor;

    Scaled(float factor) {
      this.factor = factor;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        PairList<String, Object> parameters) {
      return new NDList(inputs.head().mul(factor));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  /** Of a network initialised for so many pictures at a time, which says nothing of it. */
  private static String identity(List<Block> blocks, int pictures) {
    SequentialBlock block = new SequentialBlock();
    blocks.forEach(block::add);
    block.add(Pool.globalAvgPool2dBlock()).add(Linear.builder().setUnits(2).build());
    List<Float> one = List.of(1f, 1f, 1f);
    try (NDManager manager = NDManager.newBaseManager()) {
      block.setInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
      block.initialize(manager, DataType.FLOAT32, new Shape(pictures, 3, 8, 8));
      try (Network network =
          Network.of("mine", block, Classes.numbered(2), new Preprocessing(8, 8, one, one))) {
        return network.identity();
      }
    }
  }
}

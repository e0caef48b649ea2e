package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.Initializer;
import camlab.capture.SmallNetworks;
import camlab.identity.Fingerprint;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
}

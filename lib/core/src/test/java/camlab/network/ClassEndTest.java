package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.picture.Preprocessing;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of a class by its own filter is that through the filters of all classes. */
class ClassEndTest {

  private static final int CLASSES = 120;
  private static final int SIDE = 64;

  private static final Preprocessing SMALL = Preprocessing.builder().rgb().size(SIDE, SIDE).build();

  private static LayeredNetwork network(Architecture plan) {
    return Network.of(plan, SmallNetworks.weights(plan, 3, 0), Classes.numbered(CLASSES), SMALL);
  }

  private static NDArray pictures(NDManager scope, int count) {
    return Trial.picture(scope, new Shape(count, 3, SIDE, SIDE), new SplittableRandom(5));
  }

  /** A function of the logits goes the long way. */
  private static Target longWay(int index) {
    return Target.score("long way", logits -> logits.get(index));
  }

  private static void assertSame(Recording recording, String layer, Target found, Target expected) {
    NDArray gradient = recording.gradient(layer, found);
    NDArray longer = recording.gradient(layer, expected);
    float largest = longer.abs().max().getFloat();
    assertTrue(largest > 0);
    float most = gradient.sub(longer).abs().max().getFloat();
    assertTrue(most <= 1e-6f * largest, most + " of " + largest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"features.12", "features.4", "classifier.0"})
  void behindTheLayer(String layer) {
    try (LayeredNetwork network = network(SqueezeNet.version1_1(CLASSES));
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, pictures(scope, 2), List.of(layer))) {
      assertTrue(
          network
              .traceWithGradients(pictures(scope, 1), Set.of(network.model().resolve(layer)))
              .alone()
              .isPresent());
      for (int index : new int[] {0, 7, CLASSES - 1}) {
        assertSame(recording, layer, Target.of(index), longWay(index));
      }
    }
  }

  /** What is recorded at the end itself needs all of it. */
  @ParameterizedTest
  @ValueSource(strings = {"classifier.1", "classifier.2", "classifier.3"})
  void withinTheEnd(String layer) {
    try (LayeredNetwork network = network(SqueezeNet.version1_1(CLASSES));
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, pictures(scope, 1), List.of("features.7", layer))) {
      assertSame(recording, layer, Target.of(7), longWay(7));
      assertSame(recording, "features.7", Target.of(7), longWay(7));
    }
  }

  @Test
  void ofDenseLayers() {
    try (LayeredNetwork network = network(ResNet.resNet18(CLASSES));
        NDManager scope = network.newScope();
        Recording recording = Recording.of(network, pictures(scope, 1), List.of("layer4"))) {
      assertSame(recording, "layer4", Target.of(11), longWay(11));
    }
  }

  /** Each picture has the class that is predicted for it, and they differ. */
  @Test
  void ofOneClassForEachPicture() {
    try (LayeredNetwork network = network(SqueezeNet.version1_1(CLASSES));
        NDManager scope = network.newScope()) {
      NDArray two = pictures(scope, 2);
      try (Recording recording = Recording.of(network, two, List.of("features.12"))) {
        Target each = Target.oneEach(List.of(longWay(3), longWay(90)));
        assertSame(
            recording, "features.12", Target.oneEach(List.of(Target.of(3), Target.of(90))), each);
        Target predicted =
            Target.oneEach(
                List.of(
                    longWay(recording.predictions(0).get(0).index()),
                    longWay(recording.predictions(1).get(0).index())));
        assertSame(recording, "features.12", Target.predicted(), predicted);
      }
    }
  }

  /** A function need not be what it is called. */
  @Test
  void ofAFunctionThatMixesTheClasses() {
    Function<NDArray, NDArray> mixing = x -> Activation.relu(x.sub(x.mean(new int[] {1}, true)));
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).build())
              .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(CLASSES).build())
              .addSingleton(mixing, "ReLU")
              .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}), "Flatten");
      block.setInitializer(new NormalInitializer(), Parameter.Type.WEIGHT);
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
      try (LayeredNetwork network = Network.of("mixing", block, Classes.numbered(CLASSES), SMALL);
          NDManager pictures = network.newScope()) {
        String layer = network.layers().get(0);
        assertEquals("ReLU", network.model().type(network.layers().get(2)));
        try (Recording recording = Recording.of(network, pictures(pictures, 1), List.of(layer))) {
          assertSame(recording, layer, Target.of(7), longWay(7));
        }
      }
    }
  }

  /** A map for each class is no score, also where all of them are zeros. */
  @Test
  void ofMaps() {
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).build())
              .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(CLASSES).build());
      block.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
      try (LayeredNetwork network = Network.of("maps", block, Classes.numbered(CLASSES), SMALL);
          NDManager pictures = network.newScope()) {
        String layer = network.layers().get(0);
        try (Recording recording = Recording.of(network, pictures(pictures, 1), List.of(layer))) {
          String message =
              assertThrows(
                      IllegalArgumentException.class, () -> recording.gradient(layer, Target.of(7)))
                  .getMessage();
          assertTrue(message.startsWith("A target is one value per picture"), message);
        }
      }
    }
  }
}

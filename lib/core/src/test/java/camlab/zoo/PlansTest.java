package camlab.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Activation;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.EfficientNetLite;
import camlab.network.LayerGraph;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.Vgg16;
import camlab.network.Xception;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlansTest {

  private static final Path FILE = Path.of("some.pth");

  @Test
  void networksAreRecognisedByTheirNames() {
    for (Architecture plan :
        List.of(
            AlexNet.small(2),
            AlexNet.small(7),
            SqueezeNet.version1_1(5),
            ResNet.resNet18(3),
            EfficientNetLite.lite0(6))) {
      Architecture found = Plans.recognise(namesOf(plan), FILE);
      assertEquals(plan.name(), found.name());
      assertEquals(plan.classes(), found.classes());
    }
  }

  /** torchvision's AlexNet holds all names of the small one, and two more. */
  @Test
  void theLargeAlexNetIsNotTakenForTheSmallOne() {
    Architecture plan = AlexNet.torchvision(10);
    Architecture found = Plans.recognise(namesOf(plan), FILE);
    assertEquals("AlexNet", found.name());
    assertEquals(10, found.classes());
  }

  @Test
  void thinNetworksAreRecognisedWithTheirWidth() {
    for (Architecture plan :
        List.of(ResNet.thin50(2, 0.25), Xception.thin(3, 0.5), Vgg16.thin(2, 0.25))) {
      Architecture found = Plans.recognise(namesOf(plan), FILE);
      assertEquals(plan.name(), found.name());
      assertEquals(plan.classes(), found.classes());
    }
  }

  @Test
  void xceptionIsRecognisedAndPreparedAsItsDesignersDid() {
    Architecture found = Plans.recognise(namesOf(Xception.legacy(4)), FILE);
    assertEquals("Xception", found.name());
    assertEquals(4, found.classes());
    Preprocessing preprocessing = Plans.preprocessing(found);
    assertEquals(333, preprocessing.resize());
    assertEquals(299, preprocessing.crop());
    assertEquals(List.of(0.5f, 0.5f, 0.5f), preprocessing.mean());
    assertEquals(List.of(0.5f, 0.5f, 0.5f), preprocessing.std());
    assertEquals(Preprocessing.IMAGENET, Plans.preprocessing(ResNet.resNet50(1000)));
  }

  /** (127, 128) of 255, as TensorFlow has them: 0 becomes −127/128, 255 becomes 1. */
  @Test
  void efficientNetLiteIsPreparedAsItsDesignersDid() {
    Preprocessing preprocessing = Plans.preprocessing(EfficientNetLite.lite0(1000));
    assertEquals(256, preprocessing.resize());
    assertEquals(224, preprocessing.crop());
    float mean = preprocessing.mean().get(0);
    float deviation = preprocessing.std().get(2);
    assertEquals(-127 / 128.0, (0 - mean) / deviation, 1e-6);
    assertEquals(1, (1 - mean) / deviation, 1e-6);
  }

  /** A network of Xception's size is no Xception, and others are not prepared as ImageNet's are. */
  @Test
  void thePreprocessingOfAnUnknownPlanIsNotGuessed() {
    Architecture large =
        new Architecture(
            "Mine",
            () -> LayerGraph.builder().add("relu", "ReLU", Activation.reluBlock()).build(),
            "relu",
            List.of("relu"),
            2,
            299);
    assertMessage(
        assertThrows(IllegalArgumentException.class, () -> Plans.preprocessing(large)),
        "'Mine'",
        "Network.load");
  }

  @Test
  void unknownWeightsAreRefused() {
    StateDict other =
        StateDict.builder()
            .put("conv1.weight", new long[] {1}, new float[1])
            .put("bn1.weight", new long[] {1}, new float[1])
            .put("bn1.bias", new long[] {1}, new float[1])
            .put("fc.weight", new long[] {1}, new float[1])
            .build();
    assertMessage(
        assertThrows(WeightsException.class, () -> Plans.recognise(other, FILE)),
        "some.pth",
        "no network CamLab knows (CamLab's AlexNet (small classifier); torchvision's AlexNet, SqueezeNet 1.1, ResNet-18, ResNet-50, VGG-16; TensorFlow's EfficientNet-Lite0; timm's Xception)",
        "[conv1.weight, bn1.weight, bn1.bias]");
  }

  @Test
  void oneMissingTensorIsEnoughToRefuse() {
    StateDict.Builder weights = StateDict.builder();
    SqueezeNet.version1_1(2)
        .parameterShapes()
        .forEach(
            (name, shape) -> {
              if (!name.equals("features.3.squeeze.bias")) {
                weights.put(name, new long[] {shape[0]}, new float[(int) shape[0]]);
              }
            });
    assertThrows(WeightsException.class, () -> Plans.recognise(weights.build(), FILE));
  }

  /** A set of weights with a plan's names and first dimensions, and hardly any values. */
  private static StateDict namesOf(Architecture plan) {
    StateDict.Builder weights = StateDict.builder();
    plan.parameterShapes()
        .forEach(
            (name, shape) ->
                weights.put(name, new long[] {shape[0], 1}, new float[(int) shape[0]]));
    return weights.build();
  }

  private static void assertMessage(Throwable thrown, String... parts) {
    for (String part : parts) {
      assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
  }

  /** Its last layer names the number of classes, which is at least one. */
  @Test
  void weightsOfNoClassAreNoNetworks() {
    for (Architecture plan : List.of(AlexNet.small(2), ResNet.resNet18(2), Vgg16.thin(2, 0.25))) {
      List<String> names = plan.parameterNames();
      String last = names.get(names.size() - 1);
      for (long[] shape : new long[][] {{}, {0}}) {
        StateDict.Builder weights = StateDict.builder();
        plan.parameterShapes()
            .forEach(
                (name, whole) -> {
                  long[] first = name.equals(last) ? shape : new long[] {whole[0]};
                  int count = first.length == 0 ? 1 : (int) first[0];
                  weights.put(name, first, new float[count]);
                });
        String told =
            assertThrows(WeightsException.class, () -> Plans.recognise(weights.build(), FILE))
                .getMessage();
        assertTrue(told.contains(last), told);
      }
    }
  }
}

package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinNetworksTest {

  @Test
  void aQuarterOfResNet50HasAQuarterOfTheChannelsEverywhere() {
    Map<String, long[]> shapes = ResNet.thin50(2, 0.25).parameterShapes();

    assertArrayEquals(new long[] {16, 3, 7, 7}, shapes.get("conv1.weight"));
    assertArrayEquals(new long[] {64, 16, 1, 1}, shapes.get("layer1.0.conv3.weight"));
    assertArrayEquals(new long[] {128, 128, 3, 3}, shapes.get("layer4.2.conv2.weight"));
    assertArrayEquals(new long[] {2, 512}, shapes.get("fc.weight"));
  }

  /** 728 · 0.25 = 182, of which 184 is the nearest multiple of 8. */
  @Test
  void theChannelsOfXceptionAreMultiplesOfEight() {
    Map<String, long[]> shapes = Xception.thin(2, 0.25).parameterShapes();

    assertArrayEquals(new long[] {8, 3, 3, 3}, shapes.get("conv1.weight"));
    assertArrayEquals(new long[] {184, 1, 3, 3}, shapes.get("block5.rep.1.conv1.weight"));
    assertArrayEquals(new long[] {256, 184, 1, 1}, shapes.get("block12.skip.weight"));
    assertArrayEquals(new long[] {2, 512}, shapes.get("fc.weight"));
  }

  /** 7×7 positions of 128 channels go into the classifier. */
  @Test
  void aThinVgg16HasASmallClassifier() {
    Map<String, long[]> shapes = Vgg16.thin(2, 0.25).parameterShapes();

    assertArrayEquals(new long[] {16, 3, 3, 3}, shapes.get("features.0.weight"));
    assertArrayEquals(new long[] {128, 128, 3, 3}, shapes.get("features.28.weight"));
    assertArrayEquals(new long[] {128, 6272}, shapes.get("classifier.0.weight"));
    assertArrayEquals(new long[] {2, 128}, shapes.get("classifier.3.weight"));
  }

  @Test
  void theWholeWidthIsTheWholeNetwork() {
    long values =
        ResNet.thin50(1000, 1).parameterShapes().entrySet().stream()
            .filter(entry -> !entry.getKey().contains("running_"))
            .mapToLong(entry -> product(entry.getValue()))
            .sum();

    assertEquals(25_557_032, values);
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }

  /** Where the plan is asked for, and not when its layers are made. */
  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.5, Double.NaN})
  void aWidthOutsideItsRangeIsRefusedAtOnce(double width) {
    for (Executable plan :
        List.<Executable>of(
            () -> Vgg16.thin(2, width),
            () -> ResNet.thin50(2, width),
            () -> Xception.thin(2, width))) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, plan);
      assertTrue(refused.getMessage().contains("found " + width), refused.getMessage());
    }
  }

  /** A plan may name a stage by the container whose last layer is meant. */
  @Test
  void everyStageIsDescribed() {
    for (Architecture plan :
        List.of(ResNet.resNet18(2), Xception.thin(2, 0.25), EfficientNetLite.lite0(2))) {
      try (Network network = GoldenNetworks.network(plan)) {
        List<String> described = network.describe().stream().map(Fact::toString).toList();
        for (String stage : plan.stages()) {
          assertTrue(
              described.stream().anyMatch(fact -> fact.startsWith("layout of " + stage)),
              stage + " in " + described);
        }
      }
    }
  }
}

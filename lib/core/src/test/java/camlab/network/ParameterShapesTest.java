package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.nn.Blocks;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterShapesTest {

  @Test
  void shapesAreThoseOfTheAllocatedNetwork() {
    Map<String, long[]> shapes = Vgg16.torchvision(1000).parameterShapes();
    assertEquals(32, shapes.size());
    assertArrayEquals(new long[] {64, 3, 3, 3}, shapes.get("features.0.weight"));
    assertArrayEquals(new long[] {4096, 512 * 7 * 7}, shapes.get("classifier.0.weight"));
    assertArrayEquals(new long[] {1000}, shapes.get("classifier.6.bias"));
  }

  @Test
  void runningValuesAreThereToo() {
    Map<String, long[]> shapes = ResNet.resNet18(5).parameterShapes();
    assertArrayEquals(new long[] {512}, shapes.get("layer4.1.bn2.running_var"));
    assertArrayEquals(new long[] {5, 512}, shapes.get("fc.weight"));
  }

  /** No machine has room for this one. */
  @Test
  void shapesTakeNoRoom() {
    long units = 1L << 40;
    Architecture plan =
        new Architecture(
            "far too wide",
            () ->
                LayerGraph.builder()
                    .add("flatten", "Flatten", Blocks.batchFlattenBlock())
                    .add("fc", "Linear", Linear.builder().setUnits(units).build())
                    .build(),
            "flatten",
            List.of("flatten"),
            2,
            8);
    assertArrayEquals(new long[] {units, 3 * 8 * 8}, plan.parameterShapes().get("fc.weight"));
  }
}

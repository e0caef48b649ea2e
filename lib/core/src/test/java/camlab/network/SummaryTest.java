package camlab.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SummaryTest {

  /** Name and type, output shape for a picture of 224 pixels, parameters; worked out by hand. */
  private static final Object[][] ALEXNET = {
    {"input (Input)", "3 × 224 × 224", 0},
    {"features.0 (Conv2d)", "64 × 55 × 55", 64 * (3 * 11 * 11 + 1)},
    {"features.1 (ReLU)", "64 × 55 × 55", 0},
    {"features.2 (MaxPool2d)", "64 × 27 × 27", 0},
    {"features.3 (Conv2d)", "192 × 27 × 27", 192 * (64 * 5 * 5 + 1)},
    {"features.4 (ReLU)", "192 × 27 × 27", 0},
    {"features.5 (MaxPool2d)", "192 × 13 × 13", 0},
    {"features.6 (Conv2d)", "384 × 13 × 13", 384 * (192 * 3 * 3 + 1)},
    {"features.7 (ReLU)", "384 × 13 × 13", 0},
    {"features.8 (Conv2d)", "256 × 13 × 13", 256 * (384 * 3 * 3 + 1)},
    {"features.9 (ReLU)", "256 × 13 × 13", 0},
    {"features.10 (Conv2d)", "256 × 13 × 13", 256 * (256 * 3 * 3 + 1)},
    {"features.11 (ReLU)", "256 × 13 × 13", 0},
    {"features.12 (MaxPool2d)", "256 × 6 × 6", 0},
    {"avgpool (AdaptiveAvgPool2d)", "256 × 6 × 6", 0},
    {"flatten (Flatten)", "9216", 0},
    {"classifier.0 (Dropout)", "9216", 0},
    {"classifier.1 (Linear)", "4096", 4096 * (9216 + 1)},
    {"classifier.2 (ReLU)", "4096", 0},
    {"classifier.3 (Dropout)", "4096", 0},
    {"classifier.4 (Linear)", "4096", 4096 * (4096 + 1)},
    {"classifier.5 (ReLU)", "4096", 0},
    {"classifier.6 (Linear)", "1000", 1000 * (4096 + 1)},
  };

  private static Summary alexNet;

  @BeforeAll
  static void summarise() {
    alexNet = Summary.of(AlexNet.torchvision(1000));
  }

  /** The published networks' own counts of trainable values. */
  @Test
  void publishedNetworksHaveTheirParameters() {
    assertEquals(138_357_544, Summary.of(Vgg16.torchvision(1000)).parameters());
    assertEquals(11_689_512, Summary.of(ResNet.resNet18(1000)).parameters());
    assertEquals(25_557_032, Summary.of(ResNet.resNet50(1000)).parameters());
    assertEquals(22_855_952, Summary.of(Xception.legacy(1000)).parameters());
    assertEquals(1_235_496, Summary.of(SqueezeNet.version1_1(1000)).parameters());
    assertEquals(4_652_008, Summary.of(EfficientNetLite.lite0(1000)).parameters());
  }

  @Test
  void alexNetRowByRow() {
    assertEquals(23, alexNet.rows().size());
    long cumulative = 0;
    for (int i = 0; i < ALEXNET.length; i++) {
      Summary.Row row = alexNet.rows().get(i);
      cumulative += (int) ALEXNET[i][2];
      assertEquals(ALEXNET[i][0], row.label());
      assertEquals(ALEXNET[i][1], row.shapeText(), row.label());
      assertEquals((int) ALEXNET[i][2], row.parameters(), row.label());
      assertEquals(cumulative, row.cumulative(), row.label());
    }
    assertEquals(61_100_840, cumulative);
  }

  @Test
  void alexNetsTotals() {
    assertEquals("AlexNet", alexNet.name());
    assertEquals(61_100_840, alexNet.parameters());
    double mebibyte = 1024 * 1024;
    assertEquals(3 * 224 * 224 * 4 / mebibyte, alexNet.inputMegabytes(), 1e-9);
    assertEquals(61_100_840 * 4 / mebibyte, alexNet.parameterMegabytes(), 1e-9);
    long outputs = 0;
    for (int i = 1; i < ALEXNET.length; i++) {
      long values = 1;
      for (String side : ((String) ALEXNET[i][1]).split(" × ", -1)) {
        values *= Long.parseLong(side);
      }
      outputs += values;
    }
    assertEquals(2 * outputs * 4 / mebibyte, alexNet.passMegabytes(), 1e-9);
  }

  @Test
  void otherNetworks() {
    assertEquals(3_649_730, Summary.of(AlexNet.small(2)).parameters());
    Summary squeezeNet = Summary.of(SqueezeNet.version1_1(1000));
    assertEquals(1_235_496, squeezeNet.parameters());
    Summary.Row last = squeezeNet.rows().get(squeezeNet.rows().size() - 1);
    assertEquals(List.of(1000L), last.outputShape());
  }

  /** Shapes at the ends of each network's parts, and parameters of single layers, by hand. */
  @Test
  void layersOfTheOtherNetworks() {
    Summary vgg = Summary.of(Vgg16.torchvision(1000));
    row(vgg, "features.0 (Conv2d)", "64 × 224 × 224", 64 * (3 * 9 + 1));
    row(vgg, "features.16 (MaxPool2d)", "256 × 28 × 28", 0);
    row(vgg, "features.28 (Conv2d)", "512 × 14 × 14", 512 * (512 * 9 + 1));
    row(vgg, "avgpool (AdaptiveAvgPool2d)", "512 × 7 × 7", 0);
    row(vgg, "classifier.0 (Linear)", "4096", 4096 * (512 * 49 + 1));
    Summary resNet = Summary.of(ResNet.resNet50(1000));
    row(resNet, "conv1 (Conv2d)", "64 × 112 × 112", 64 * 3 * 49);
    row(resNet, "maxpool (MaxPool2d)", "64 × 56 × 56", 0);
    row(resNet, "layer1.0.downsample.0 (Conv2d)", "256 × 56 × 56", 256 * 64);
    row(resNet, "layer2.0.conv2 (Conv2d)", "128 × 28 × 28", 128 * 128 * 9);
    row(resNet, "layer4.2.bn3 (BatchNorm2d)", "2048 × 7 × 7", 2 * 2048);
    row(resNet, "fc (Linear)", "1000", 1000 * (2048 + 1));
    Summary xception = Summary.of(Xception.legacy(1000));
    row(xception, "conv1 (Conv2d)", "32 × 149 × 149", 32 * 3 * 9);
    row(xception, "block1.add (Add)", "128 × 74 × 74", 0);
    row(xception, "block3.skip (Conv2d)", "728 × 19 × 19", 256 * 728);
    row(xception, "block12.rep.4.conv1 (Conv2d)", "728 × 19 × 19", 728 * 9);
    row(xception, "block12.rep.4.pointwise (Conv2d)", "1024 × 19 × 19", 728 * 1024);
    row(xception, "act4 (ReLU)", "2048 × 10 × 10", 0);
  }

  private static void row(Summary summary, String label, String shape, long parameters) {
    List<Summary.Row> found =
        summary.rows().stream().filter(row -> row.label().equals(label)).toList();
    assertEquals(1, found.size(), label);
    assertEquals(shape, found.get(0).shapeText(), label);
    assertEquals(parameters, found.get(0).parameters(), label);
  }

  /** Two or three convolutions with a ReLU each, then a pooling that halves the sides. */
  @Test
  void vggsSizes() {
    long outputs = 0;
    int[][] groups = {{64, 2, 224}, {128, 2, 112}, {256, 3, 56}, {512, 3, 28}, {512, 3, 14}};
    for (int[] group : groups) {
      int side = group[2];
      outputs += 2L * group[1] * group[0] * side * side + (long) group[0] * side * side / 4;
    }
    // The average pooling and the flattening; twice linear, ReLU and dropout; the logits.
    outputs += 2 * 512 * 49 + 6 * 4096 + 1000;
    Summary vgg = Summary.of(Vgg16.torchvision(1000));
    double mebibyte = 1024 * 1024;
    assertEquals(2 * outputs * 4 / mebibyte, vgg.passMegabytes(), 1e-9);
    Summary xception = Summary.of(Xception.legacy(1000));
    assertEquals(3 * 299 * 299 * 4 / mebibyte, xception.inputMegabytes(), 1e-9);
    assertEquals(22_855_952 * 4 / mebibyte, xception.parameterMegabytes(), 1e-9);
  }

  /** torchvision's modules {@code features} and {@code classifier} have 31 and 7 layers. */
  @Test
  void vggsRowsAreTheInputTheModulesTheAverageAndTheFlattening() {
    List<String> layers =
        Summary.of(Vgg16.torchvision(1000)).rows().stream().map(Summary.Row::layer).toList();
    List<String> modules =
        layers.stream()
            .filter(layer -> layer.startsWith("features.") || layer.startsWith("classifier."))
            .toList();
    assertEquals(41, layers.size());
    assertEquals(38, modules.size());
    assertEquals("features.0", modules.get(0));
    assertEquals("features.30", modules.get(30));
    assertEquals("classifier.6", modules.get(37));
    List<String> others = new ArrayList<>(layers);
    others.removeAll(modules);
    assertEquals(List.of("input", "avgpool", "flatten"), others);
  }

  @Test
  void theRowsCannotBeChanged() {
    assertThrows(UnsupportedOperationException.class, () -> alexNet.rows().clear());
  }
}

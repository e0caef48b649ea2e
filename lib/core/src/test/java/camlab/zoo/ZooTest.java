package camlab.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.download.RemoteFile;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.EfficientNetLite;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.UnknownNameException;
import camlab.network.Vgg16;
import camlab.network.Xception;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZooTest {

  @Test
  void publishedNetworksAreDescribedWhole() {
    List<PublishedNetwork> published = Zoo.published();
    assertEquals(
        List.of(
            "alexnet",
            "vgg16",
            "resnet18",
            "resnet50",
            "squeezenet",
            "xception",
            "efficientnet-lite0"),
        published.stream().map(network -> network.name().replace("-imagenet", "")).toList());
    for (PublishedNetwork network : published) {
      RemoteFile remote = network.file();
      String file = remote.name();
      boolean packed = remote.archive().isPresent();
      assertEquals(packed ? "pkg" : "https", remote.address().getScheme(), file);
      assertTrue(packed || remote.address().getPath().endsWith("/" + file), file);
      remote.archive().ifPresent(zip -> assertTrue(zip.entry().endsWith("/" + file), file));
      // The publishers put the first digits of the checksum into the name.
      String digits = file.substring(file.lastIndexOf('-') + 1, file.lastIndexOf('.'));
      assertTrue(remote.sha256().startsWith(digits), file);
      assertTrue(network.preprocessing().crop() == 224 || file.startsWith("xception"), file);
      assertTrue(List.of("BSD-3-Clause", "Apache-2.0").contains(network.licence()), file);
    }
  }

  /** A file holds four bytes for each parameter, and a little more. */
  @Test
  void publishedSizesFitTheNetworks() {
    Map<String, Architecture> plans =
        Map.of(
            "alexnet-imagenet", AlexNet.torchvision(1000),
            "vgg16-imagenet", Vgg16.torchvision(1000),
            "resnet18-imagenet", ResNet.resNet18(1000),
            "resnet50-imagenet", ResNet.resNet50(1000),
            "squeezenet-imagenet", SqueezeNet.version1_1(1000),
            "xception-imagenet", Xception.legacy(1000),
            "efficientnet-lite0-imagenet", EfficientNetLite.lite0(1000));
    for (PublishedNetwork network : Zoo.published()) {
      Architecture plan = plans.get(network.name());
      assertEquals(plan.name(), network.network());
      long values = 0;
      for (long[] shape : plan.parameterShapes().values()) {
        values += Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      }
      long bytes = network.file().bytes();
      assertTrue(bytes > 4 * values && bytes < 4 * values + 200_000, plan.name() + " " + bytes);
    }
  }

  /** What weights get that are opened by their plan is what the list says of the same network. */
  @Test
  void publishedPreprocessingIsThePlans() {
    for (PublishedNetwork network : Zoo.published()) {
      if (network.network().equals("EfficientNet-Lite0") || network.network().equals("Xception")) {
        Architecture plan =
            network.network().equals("Xception")
                ? Xception.legacy(1000)
                : EfficientNetLite.lite0(1000);
        assertEquals(network.preprocessing(), Plans.preprocessing(plan), network.name());
      }
    }
  }

  @Test
  void unknownNamesAreRefusedWithNearOnes() {
    Throwable thrown = assertThrows(UnknownNameException.class, () -> Zoo.load("resnet50"));
    assertTrue(thrown.getMessage().contains("'resnet50-imagenet'"), thrown.getMessage());
  }
}

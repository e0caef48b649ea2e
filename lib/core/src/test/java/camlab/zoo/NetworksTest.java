package camlab.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworksTest {

  private static Network load(Path file, int classes, int size) {
    return Networks.load(
        file,
        Classes.numbered(classes),
        Preprocessing.IMAGENET.toBuilder().size(size, size).build());
  }

  private static void assertRefused(Path file, String why) {
    RuntimeException refused =
        assertThrows(RuntimeException.class, () -> load(file, 2, 16).close());
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  /** By content: all have another name here. */
  @Test
  void programsAreToldApart(@TempDir Path folder) throws Exception {
    Path exported = folder.resolve("a.pth");
    Files.copy(TestFiles.path("export/residual.2.9.pt2"), exported);
    try (Network network = load(exported, 5, 24)) {
      assertTrue(network.describe().toString().contains("exported by PyTorch 2.9"));
    }
    Path older = folder.resolve("b.zip");
    Files.copy(TestFiles.path("export/residual.2.5.pt2"), older);
    try (Network network = load(older, 5, 24)) {
      assertEquals("layer1", network.targetLayer());
    }
    Path script = folder.resolve("c.pt2");
    Files.copy(TestFiles.path("torchscript/resnet.traced.pt"), script);
    try (Network network = load(script, 10, 64)) {
      assertTrue(network.layers().contains("layer2"));
    }
  }

  @Test
  void whatIsNoProgramIsNamed(@TempDir Path folder) throws Exception {
    Path safetensors = folder.resolve("a");
    Files.write(safetensors, "\u0002\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(safetensors, "Say which network they are of");
    assertRefused(TestFiles.path("djl/mean-colours.onnx"), "ONNX");
    assertRefused(TestFiles.path("export/compiled.pt2"), "AOTInductor");
    assertRefused(folder.resolve("nothing"), "no such file");
    assertRefused(Path.of("nothing.pt2"), Path.of("nothing.pt2").toAbsolutePath().toString());
    assertRefused(folder, "found a folder. Name the file inside it.");
    Path text = folder.resolve("b");
    Files.writeString(text, "hello");
    assertRefused(text, "found neither");
  }
}

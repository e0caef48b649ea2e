package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import camlab.cam.AblationCam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three hundred rounds of heatmaps leave the process as large as the first hundred did. */
class NativeMemoryTest {

  private static final int WARM_UP = 100;
  private static final int MEASURED = 300;

  /**
   * Three hundred recordings left open hold 266 MiB of the blocks, and 16 and 30 MiB of the two
   * small programs. Closed, they have held 0 or 1 MiB.
   */
  @ParameterizedTest
  @CsvSource({"blocks, 30", "resnet.scripted.pt, 8", "functions.traced.pt, 8"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
  void doesNotGrow(String network, long limit) throws IOException, InterruptedException {
    OwnProcess.Ended ended = OwnProcess.run(Probe.class, network);
    String output = ended.output();
    assertEquals(0, ended.status(), output);
    long grown = Long.parseLong(output);
    assertTrue(grown < limit, grown + " MiB more after " + MEASURED + " rounds");
  }

  /**
   * Weights go into native memory piece by piece: with a Java heap of 96 MiB a file of 233, one
   * tensor of which has 144. As long as a tensor was read as a whole this ended for want of memory,
   * and with a larger heap VGG-16 took three times its file.
   */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
  void weightsAreReadPieceByPiece(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("alexnet.safetensors");
    long bytes = zeros(AlexNet.torchvision(1000), file);
    OwnProcess.Ended ended = OwnProcess.run(LoadingProbe.class, file.toString());
    assertEquals(0, ended.status(), ended.output());
    long most = Long.parseLong(ended.output());
    assertTrue(most < 1.3 * bytes / (1 << 20), most + " MiB at most for a file of " + bytes);
  }

  /** Writes a file of weights that takes no room: nothing but its header is in it. */
  private static long zeros(Architecture plan, Path file) throws IOException {
    JsonObject header = new JsonObject();
    long end = 0;
    try (NDManager scope = NDManager.newBaseManager()) {
      for (Map.Entry<String, Parameter> entry : plan.allocate(scope).namedParameters().entrySet()) {
        Shape shape = entry.getValue().getShape();
        JsonObject tensor = new JsonObject();
        tensor.addProperty("dtype", "F32");
        tensor.add("shape", new Gson().toJsonTree(shape.getShape()));
        tensor.add(
            "data_offsets", new Gson().toJsonTree(new long[] {end, end += 4 * shape.size()}));
        header.add(entry.getKey(), tensor);
      }
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer begin = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    begin.putLong(text.length).put(text);
    try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw")) {
      written.write(begin.array());
      written.setLength(begin.capacity() + end);
    }
    return Files.size(file);
  }

  /** Prints by how many MiB the process was larger at most than with the engine alone. */
  static final class LoadingProbe {

    private LoadingProbe() {}

    public static void main(String[] arguments) throws IOException {
      SmallNetworks.alexNet().close();
      long before = OwnProcess.residentMebibytes();
      Network.load(
              AlexNet.torchvision(1000),
              Path.of(arguments[0]),
              Classes.numbered(1000),
              Preprocessing.IMAGENET)
          .close();
      System.out.println(OwnProcess.mostResidentMebibytes() - before);
    }
  }

  /** Prints by how many MiB the process has grown. */
  static final class Probe {

    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      try (Network network = network(arguments[0])) {
        heatmaps(network, WARM_UP);
        long before = OwnProcess.residentMebibytes();
        heatmaps(network, MEASURED);
        System.out.println(OwnProcess.residentMebibytes() - before);
      }
    }

    private static Network network(String name) {
      if (name.equals("blocks")) {
        return SmallNetworks.alexNet();
      }
      Preprocessing small =
          new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
      return TorchScript.load(TorchScriptFiles.path(name), Classes.numbered(10), small);
    }

    /** A program does all there is: it is recorded, cut, and run with other outputs of a layer. */
    private static void heatmaps(Network network, int count) {
      List<CamMethod> methods =
          network.model() instanceof TorchScript
              ? List.of(new GradCam(), new GuidedBackpropagation(), new AblationCam())
              : List.of(new GradCam());
      Picture picture = SmallNetworks.picture(1);
      for (int i = 0; i < count; i++) {
        methods.forEach(method -> method.heatmap(network, picture, network.classes().name(0)));
      }
    }
  }
}

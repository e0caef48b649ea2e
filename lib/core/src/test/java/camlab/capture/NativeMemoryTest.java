package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.cam.AblationCam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.TorchScriptFiles;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

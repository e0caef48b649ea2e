package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.TestFiles;
import camlab.cam.AblationCam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.cam.LayerCam;
import camlab.cam.ReciproCam;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Eight threads use four networks at once: one whose layers follow each other, one with residual
 * blocks, a TorchScript file and an exported program. What comes out is what one thread alone gets,
 * to the bit. For some seconds; {@code -Dseconds=600} for ten minutes.
 */
class ThreadsTest {

  private static final int THREADS = 8;

  private static final List<CamMethod> METHODS =
      List.of(
          new GradCam(),
          new LayerCam(),
          new GuidedBackpropagation(),
          new ReciproCam(),
          new AblationCam());

  /** A question, and what one thread alone answers. */
  private record Case(Network network, Picture picture, CamMethod method, int target) {

    /** The map, then the numbers of the classes. */
    float[][] answer() {
      String layer = network.targetLayer();
      return new float[][] {
        method.heatmap(network, picture, layer, Target.of(target)).values(),
        network.scores(List.of(picture))[0]
      };
    }
  }

  private static List<Network> networks() {
    Architecture residual = ResNet.thin50(2, 0.125);
    return List.of(
        SmallNetworks.alexNet(),
        Network.of(
            residual, SmallNetworks.weights(residual, 3, 1), Classes.oneOf("a", "b"), square(64)),
        TorchScript.load(
            TestFiles.path("torchscript/squeezenet.traced.pt"), Classes.numbered(10), square(64)),
        ExportedProgram.load(
            TestFiles.path("export/classics/squeezenet.pt2"), Classes.numbered(10), square(96)));
  }

  private static Preprocessing square(int side) {
    return new Preprocessing(
        side, side, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  @Test
  void answerAsOneAlone() throws InterruptedException, ExecutionException {
    long seconds = Long.getLong("seconds", 5);
    List<Network> networks = networks();
    List<Case> cases = new ArrayList<>();
    for (Network network : networks) {
      for (CamMethod method : METHODS) {
        cases.add(new Case(network, SmallNetworks.picture(1), method, 0));
        cases.add(new Case(network, SmallNetworks.picture(2), method, 1));
      }
    }
    List<float[][]> alone = cases.stream().map(Case::answer).toList();
    long end = System.nanoTime() + seconds * 1_000_000_000;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Integer>> workers = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(thread);
        workers.add(() -> work(cases, alone, random, end));
      }
      int answered = 0;
      for (Future<Integer> each : threads.invokeAll(workers)) {
        answered += each.get();
      }
      assertTrue(answered >= THREADS, answered + " answers");
      if (Long.getLong("seconds") != null) {
        System.out.println(answered + " answers of " + THREADS + " threads in " + seconds + " s");
      }
    } finally {
      threads.shutdownNow();
      networks.forEach(Network::close);
    }
  }

  /** Each thread answers once at least, however busy the machine is. */
  private static int work(List<Case> cases, List<float[][]> alone, Random random, long end) {
    int answered = 0;
    do {
      int chosen = random.nextInt(cases.size());
      float[][] found = cases.get(chosen).answer();
      for (int i = 0; i < found.length; i++) {
        assertArrayEquals(alone.get(chosen)[i], found[i], 0, cases.get(chosen).toString());
      }
      answered++;
    } while (System.nanoTime() < end);
    return answered;
  }
}

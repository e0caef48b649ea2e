package camlab.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import camlab.TestFiles;
import camlab.cam.AblationCam;
import camlab.cam.Blank;
import camlab.cam.CamMethod;
import camlab.cam.DeepLift;
import camlab.cam.FullGrad;
import camlab.cam.GradCam;
import camlab.cam.GuidedBackpropagation;
import camlab.cam.IntegratedGradients;
import camlab.cam.LayerwiseRelevance;
import camlab.cam.Occlusion;
import camlab.cam.ReciproCam;
import camlab.cam.ScoreCam;
import camlab.cam.ShapleyCam;
import camlab.cam.SmoothGrad;
import camlab.concept.ActivationMaximization;
import camlab.concept.Craft;
import camlab.concept.Examples;
import camlab.concept.Objective;
import camlab.concept.Tcav;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.LayerGraph;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Stated;
import camlab.network.UnknownNameException;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.PictureException;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Every operation fails at every place where somebody else's code takes part: a hook, a formula, a
 * score, a listener, a classifier, a thread that is interrupted, a file that cannot be read, memory
 * that cannot be had. Afterwards there are as many arrays as before, the network answers as before,
 * and the process is no larger. {@code -Drepetitions=1000} repeats all of it a thousand times.
 */
class FaultsTest {

  /** What the engine's allocator may keep for itself. */
  private static final long GROWTH_MEBIBYTES = 60;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
  void leaveNothingBehind() throws IOException, InterruptedException {
    String repetitions = System.getProperty("repetitions", "25");
    OwnProcess.Ended ended = OwnProcess.run(Probe.class, repetitions);
    assertEquals(0, ended.status(), ended.output());
    String last = ended.output().substring(ended.output().lastIndexOf('\n') + 1);
    String[] figures = last.split(" ", -1);
    assertTrue(Long.parseLong(figures[0]) >= 100L * Integer.parseInt(repetitions), last);
    assertTrue(Long.parseLong(figures[1]) < GROWTH_MEBIBYTES, last);
  }

  /** What is thrown into the library. */
  private static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fault() {
      super("injected");
    }
  }

  /** Prints how many faults were survived, and by how many MiB the process has grown. */
  static final class Probe {

    private static final int WARM_UP = 10;

    private static final Picture PICTURE = SmallNetworks.picture(1);
    private static final Picture OTHER = SmallNetworks.picture(2);

    private long survived;

    public static void main(String[] arguments) throws IOException {
      new Probe().run(Integer.parseInt(arguments[0]));
    }

    private void run(int repetitions) throws IOException {
      // A network of weights by lot may put out zeros alone, and has no layer to look at then.
      Engine.getInstance().setRandomSeed(1);
      try (NDManager owner = NDManager.newBaseManager()) {
        Map<String, Network> networks = networks(owner);
        rounds(networks, WARM_UP);
        survived = 0;
        long before = OwnProcess.residentMebibytes();
        rounds(networks, repetitions);
        System.out.println(survived + " " + (OwnProcess.residentMebibytes() - before));
        networks.values().forEach(Network::close);
      }
    }

    private void rounds(Map<String, Network> networks, int count) {
      Map<String, float[][]> answers = new LinkedHashMap<>();
      networks.forEach((name, network) -> answers.put(name, network.scores(List.of(PICTURE))));
      for (int i = 0; i < count; i++) {
        networks.forEach((name, network) -> round(name, network));
        for (String name : List.of("sequential", "scripted")) {
          round(name, concepts(networks.get(name)));
        }
        round("loading", loading());
        networks.forEach(
            (name, network) -> {
              float[][] now = network.scores(List.of(PICTURE));
              require(Arrays.deepEquals(now, answers.get(name)), name + " answers otherwise");
            });
      }
    }

    private void round(String name, Network network) {
      Map<String, Injection> all = new LinkedHashMap<>(operations(network));
      if (network instanceof LayeredNetwork layered) {
        all.putAll(hooks(layered));
      }
      round(name, all);
    }

    private void round(String name, Map<String, Injection> operations) {
      operations.forEach(
          (operation, injection) -> {
            long before = OpenArrays.count();
            injection.requireFails(name + ", " + operation);
            survived++;
            long after = OpenArrays.count();
            require(before == after, name + ", " + operation + ": " + before + " → " + after);
          });
    }

    /** An operation that fails, and how. */
    private record Injection(Class<? extends Throwable> expected, Runnable operation) {

      void requireFails(String name) {
        try {
          operation.run();
        } catch (RuntimeException | Error e) {
          boolean interrupted = Thread.interrupted();
          require(expected.isInstance(e), name + " ended in " + e);
          require(
              interrupted == (expected == CancellationException.class),
              name + (interrupted ? " left an interrupt" : " swallowed the interrupt"));
          return;
        }
        throw new IllegalStateException(name + " did not fail");
      }
    }

    private static void require(boolean condition, String what) {
      if (!condition) {
        throw new IllegalStateException(what);
      }
    }

    private static Map<String, Network> networks(NDManager owner) {
      Map<String, Network> networks = new LinkedHashMap<>();
      Preprocessing eight = Preprocessing.builder().rgb().size(8, 8).build();
      Classes two = Classes.oneOf("a", "b");
      networks.put("sequential", Network.of("sequential", block(owner, false), two, eight));
      networks.put("residual", Network.of("residual", block(owner, true), two, eight));
      networks.put(
          "scripted",
          TorchScript.load(
              TestFiles.path("torchscript/forms.pt"),
              two,
              Preprocessing.builder().rgb().size(4, 4).build()));
      networks.put(
          "exported",
          ExportedProgram.load(
              TestFiles.path("export/counter.pt2"),
              Classes.numbered(4),
              Preprocessing.builder().rgb().size(16, 16).build()));
      return networks;
    }

    private static SequentialBlock block(NDManager manager, boolean residual) {
      SequentialBlock block = new SequentialBlock().add(convolution()).add(Activation.reluBlock());
      if (residual) {
        block.add(
            new ParallelBlock(
                arms -> new NDList(arms.get(0).head().add(arms.get(1).head())),
                List.of(
                    new SequentialBlock().add(convolution()).add(Activation.reluBlock()),
                    Blocks.identityBlock())));
      } else {
        block.add(convolution()).add(Activation.reluBlock());
      }
      block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(2).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
      return block;
    }

    private static Conv2d convolution() {
      return Conv2d.builder()
          .setKernelShape(new Shape(3, 3))
          .optPadding(new Shape(1, 1))
          .setFilters(3)
          .build();
    }

    private static void fail() {
      throw new Fault();
    }

    /** Throws when the work has come so far; or interrupts the thread; or has no memory. */
    private static Progress listener(int calls, Runnable fault) {
      return (work, done) -> {
        if (calls == 0) {
          fault.run();
        }
        int[] left = {calls};
        return reached -> {
          if (--left[0] == 0) {
            fault.run();
          }
        };
      };
    }

    private static List<CamMethod> methods(Progress progress) {
      return List.of(
          new ScoreCam(1, progress),
          new AblationCam(1, progress),
          new ReciproCam(4, progress),
          new SmoothGrad(3, 0.1, 1, 1, progress),
          new IntegratedGradients(3, 1, progress),
          new Occlusion(2, 2, Blank.BLACK, 1, progress));
    }

    private static final Map<String, Runnable> FAULTS = faults();

    private static Map<String, Runnable> faults() {
      Map<String, Runnable> faults = new LinkedHashMap<>();
      faults.put("throws", Probe::fail);
      faults.put("interrupts", () -> Thread.currentThread().interrupt());
      faults.put(
          "has no memory",
          () -> {
            throw new OutOfMemoryError("injected");
          });
      return faults;
    }

    private static Class<? extends Throwable> expected(String kind) {
      return switch (kind) {
        case "throws" -> Fault.class;
        case "interrupts" -> CancellationException.class;
        default -> OutOfMemoryError.class;
      };
    }

    private static Map<String, Injection> operations(Network network) {
      Map<String, Injection> all = new LinkedHashMap<>();
      String layer = network.targetLayer();
      Target first = Target.of(0);
      FAULTS.forEach(
          (kind, fault) -> {
            Class<? extends Throwable> expected = expected(kind);
            for (int calls : new int[] {0, 1}) {
              for (CamMethod method : methods(listener(calls, fault))) {
                all.put(
                    method.name() + ", whose listener " + kind + " at " + calls,
                    new Injection(expected, () -> method.heatmap(network, PICTURE, layer, first)));
              }
            }
            if (!kind.equals("interrupts")) {
              Target failing = failing(fault);
              List<CamMethod> explaining =
                  new ArrayList<>(
                      List.of(new GradCam(), new ShapleyCam(), new GuidedBackpropagation()));
              if (network instanceof LayeredNetwork) {
                explaining.addAll(
                    List.of(new FullGrad(), new DeepLift(), new LayerwiseRelevance()));
              }
              for (CamMethod method : explaining) {
                all.put(
                    method.name() + ", whose score " + kind,
                    new Injection(
                        expected, () -> method.heatmap(network, PICTURE, layer, failing)));
              }
              all.put(
                  "a formula that " + kind,
                  new Injection(
                      expected,
                      () ->
                          CamMethod.of(
                                  "mine",
                                  (activation, gradient) -> {
                                    NDArray sum = activation.add(gradient);
                                    fault.run();
                                    return sum;
                                  })
                              .heatmap(network, PICTURE, layer, first)));
              Classifier asked =
                  Classifier.of(
                      "mine",
                      network.classes(),
                      pictures -> {
                        float[][] scores = network.scores(pictures);
                        fault.run();
                        return scores;
                      });
              all.put(
                  "a classifier that " + kind,
                  new Injection(
                      expected,
                      () -> new Occlusion().heatmap(asked, PICTURE, asked.classes().name(0))));
            }
          });
      all.put(
          "no such class",
          new Injection(
              UnknownNameException.class, () -> new GradCam().heatmap(network, PICTURE, "nobody")));
      all.put(
          "no class of that number",
          new Injection(
              IndexOutOfBoundsException.class,
              () -> new GradCam().heatmap(network, PICTURE, layer, Target.of(99))));
      all.put(
          "no such layer",
          new Injection(
              UnknownNameException.class, () -> Recording.of(network, PICTURE, "nowhere")));
      all.put(
          "a layer that was not recorded",
          new Injection(
              UnknownNameException.class,
              () -> {
                try (Recording recording = Recording.of(network, PICTURE, layer)) {
                  recording.gradient(LayerGraph.INPUT, first);
                }
              }));
      all.put(
          "an array of another shape",
          new Injection(
              IllegalArgumentException.class,
              () -> {
                try (NDManager scope = network.newScope()) {
                  Recording.of(network, scope.zeros(new Shape(1, 5, 7, 7)), List.of(layer));
                }
              }));
      all.put(
          "an array without numbers",
          new Injection(
              NotApplicableException.class,
              () -> {
                try (NDManager scope = network.newScope()) {
                  NDArray none = scope.zeros(network.inputShape()).div(0);
                  Recording.of(network, none, List.of(layer));
                }
              }));
      return all;
    }

    /** A score that fails when something has been computed already. */
    private static Target failing(Runnable fault) {
      return Target.score(
          "mine",
          logits -> {
            NDArray twice = logits.mul(2);
            fault.run();
            return twice.get(0);
          });
    }

    /** What is done for one target at one layer, and tells a listener how far it is. */
    private interface Concept {
      void find(Network network, String layer, Target target, Progress progress);
    }

    private static Map<String, Concept> allConcepts() {
      Examples examples = new Examples("mine", List.of(PICTURE, OTHER, PICTURE));
      List<Examples> sets = List.of(examples, examples, examples);
      List<Picture> pictures = List.of(PICTURE);
      Map<String, Concept> all = new LinkedHashMap<>();
      all.put(
          "TCAV",
          (network, layer, target, progress) ->
              new Tcav(0.01, 1, progress).test(network, layer, target, examples, sets, pictures));
      all.put(
          "CRAFT",
          (network, layer, target, progress) ->
              new Craft(1, 1, 2, 1, 1, progress).of(network, layer, target, pictures));
      all.put(
          "a picture that is made",
          (network, layer, target, progress) ->
              new ActivationMaximization(3, 0.05, 1, false, 1, progress)
                  .of(network, Objective.of(target)));
      return all;
    }

    private static Map<String, Injection> concepts(Network network) {
      Map<String, Injection> all = new LinkedHashMap<>();
      String layer = network.targetLayer();
      Target first = Target.of(0);
      allConcepts()
          .forEach(
              (name, concept) -> {
                FAULTS.forEach(
                    (kind, fault) -> {
                      for (int calls : new int[] {0, 1}) {
                        all.put(
                            name + ", whose listener " + kind + " at " + calls,
                            new Injection(
                                expected(kind),
                                () -> concept.find(network, layer, first, listener(calls, fault))));
                      }
                      all.put(
                          name + ", whose score " + kind,
                          new Injection(
                              expected(kind),
                              () -> concept.find(network, layer, failing(fault), Progress.NONE)));
                    });
                all.put(
                    name + " of no such class",
                    new Injection(
                        UnknownNameException.class,
                        () -> concept.find(network, layer, Target.of("nobody"), Progress.NONE)));
              });
      Objective nowhere = Objective.channel("nowhere", 0);
      all.put(
          "a channel of no such layer",
          new Injection(
              UnknownNameException.class, () -> new ActivationMaximization().of(network, nowhere)));
      all.put(
          "no such channel",
          new Injection(
              IndexOutOfBoundsException.class,
              () -> new ActivationMaximization().of(network, Objective.channel(layer, 999))));
      return all;
    }

    private static Map<String, Injection> hooks(LayeredNetwork network) {
      Map<String, Injection> all = new LinkedHashMap<>();
      List<String> layers = network.layers();
      for (String layer : layers) {
        LayerGraph.Hook hook =
            (found, output) -> {
              if (found.name().equals(layer)) {
                fail();
              }
              return output;
            };
        all.put(
            "a hook that throws at " + layer,
            new Injection(
                Fault.class,
                () -> {
                  try (NDManager scope = network.newScope()) {
                    network.run(scope.zeros(network.inputShape()), hook);
                  }
                }));
      }
      all.put(
          "values of another number",
          new Injection(
              IllegalArgumentException.class,
              () -> network.withParameters(Map.of("0.weight", new float[3])).close()));
      return all;
    }

    private static Map<String, Injection> loading() {
      Map<String, Injection> all = new LinkedHashMap<>();
      Preprocessing four = Preprocessing.builder().rgb().size(4, 4).build();
      Path forms = TestFiles.path("torchscript/forms.pt");
      Path counter = TestFiles.path("export/counter.pt2");
      all.put(
          "a program of other classes",
          new Injection(
              IllegalArgumentException.class,
              () -> TorchScript.load(forms, Classes.numbered(7), four).close()));
      all.put(
          "a program with a layer that is not there",
          new Injection(
              UnknownNameException.class,
              () ->
                  TorchScript.load(
                          forms, Classes.numbered(2), four, Stated.NOTHING.targetLayer("nowhere"))
                      .close()));
      all.put(
          "an exported program of other classes",
          new Injection(
              IllegalArgumentException.class,
              () ->
                  ExportedProgram.load(
                          counter,
                          Classes.numbered(7),
                          Preprocessing.builder().rgb().size(16, 16).build())
                      .close()));
      all.put(
          "a block of other classes",
          new Injection(
              IllegalArgumentException.class,
              () -> {
                try (NDManager own = NDManager.newBaseManager()) {
                  Network.of(
                      "mine",
                      block(own, false),
                      Classes.numbered(7),
                      Preprocessing.builder().rgb().size(8, 8).build());
                }
              }));
      all.put(
          "a picture that is none",
          new Injection(PictureException.class, () -> Picture.read(forms)));
      all.put(
          "weights that are none",
          new Injection(
              WeightsException.class, () -> StateDict.read(TestFiles.path("picture/grey.png"))));
      return all;
    }
  }
}

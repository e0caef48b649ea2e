package camlab.network;

import static camlab.network.Closed.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import camlab.TestFiles;
import camlab.cam.AttentionRollout;
import camlab.cam.CamMethod;
import camlab.cam.Catalogue;
import camlab.cam.GradCam;
import camlab.cam.LeGrad;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.ChannelMaps;
import camlab.network.export.ExportedProgram;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked of what has been closed, the answer is a sentence, and never a crash. */
class ClosedTest {

  private static final Preprocessing SMALL =
      new Preprocessing(64, 64, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  private static final Picture PICTURE = SmallNetworks.picture(1);

  private static Network network(String kind) {
    return switch (kind) {
      case "sequential" -> SmallNetworks.alexNet();
      case "residual" -> {
        Architecture plan = ResNet.thin50(2, 0.125);
        yield Network.of(plan, SmallNetworks.weights(plan, 3, 1), Classes.oneOf("a", "b"), SMALL);
      }
      case "scripted" ->
          TorchScript.load(
              TestFiles.path("torchscript/squeezenet.traced.pt"), Classes.numbered(10), SMALL);
      default ->
          ExportedProgram.load(
              TestFiles.path("export/classics/squeezenet.pt2"),
              Classes.numbered(10),
              new Preprocessing(
                  96, 96, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std()));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "residual", "scripted", "exported"})
  void aClosedRecording(String kind) {
    try (Network network = network(kind)) {
      String layer = network.targetLayer();
      Recording recording = Recording.of(network, PICTURE, layer);
      ChannelMaps kept = recording.activations(layer);
      float first = kept.channel(0).at(0, 0);
      recording.close();
      recording.close();
      assertEquals(first, kept.channel(0).at(0, 0));
      assertEquals(1, recording.layers().size());
      Target target = Target.of(0);
      Map<String, Executable> tasks = new LinkedHashMap<>();
      tasks.put("pictures", recording::pictures);
      tasks.put("input", recording::input);
      tasks.put("logits", recording::logits);
      tasks.put("predictions", recording::predictions);
      tasks.put("score", () -> recording.score(target, 0));
      tasks.put("label", () -> recording.label(Target.predicted(), 0));
      tasks.put("region", () -> recording.region(0));
      tasks.put("provenance", () -> recording.provenance("m", layer, target, 0));
      tasks.put("activation", () -> recording.activation(layer));
      tasks.put("output", () -> recording.output(layer));
      tasks.put("gradient", () -> recording.gradient(layer, target));
      tasks.put("outputGradient", () -> recording.outputGradient(layer, target));
      tasks.put("curvature", () -> recording.curvature(layer, target));
      tasks.put("activations", () -> recording.activations(layer));
      tasks.put("gradients", () -> recording.gradients(layer, target));
      tasks.put("requirePositions", () -> recording.requirePositions(layer));
      for (Catalogue.Entry entry : Catalogue.entries()) {
        CamMethod method = entry.method();
        if (method instanceof AttentionRollout || method instanceof LeGrad) {
          continue; // They say of these networks that they show no attention, open or closed.
        }
        tasks.put(entry.name(), () -> method.heatmap(recording, layer, target));
      }
      assertSays("This recording of", tasks);
      assertFalse(network.predict(PICTURE).isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "residual", "scripted", "exported"})
  void aClosedNetwork(String kind) {
    Network network = network(kind);
    String layer = network.targetLayer();
    NDManager own = network.newScope();
    NDArray input = network.input(own, List.of(PICTURE));
    Rest rest = network.rest(input, layer);
    Recording open = Recording.of(network, PICTURE, layer);
    network.close();
    network.close();
    open.close();
    try (NDManager other = NDManager.newBaseManager()) {
      NDArray theirs = other.zeros(network.inputShape());
      Map<String, Executable> tasks = new LinkedHashMap<>();
      tasks.put("predict", () -> network.predict(PICTURE));
      tasks.put("scores", () -> network.scores(List.of(PICTURE)));
      tasks.put("describe", network::describe);
      tasks.put("description", network::description);
      tasks.put("identity", network::identity);
      tasks.put("hookPoints", () -> network.hookPoints(PICTURE));
      tasks.put("layout", () -> network.layout(network.layers().get(0)));
      tasks.put("requirePositions", () -> network.requirePositions(layer));
      tasks.put("run", () -> network.run(theirs));
      tasks.put("trace", () -> network.trace(theirs, Set.of(layer)));
      tasks.put("rest", () -> network.rest(theirs, layer));
      tasks.put("rest.run", () -> rest.run(theirs));
      tasks.put("record", () -> Recording.of(network, PICTURE, layer));
      tasks.put("heatmap", () -> new GradCam().heatmap(network, PICTURE, layer, Target.of(0)));
      assertSays("has been closed. Load it again.", tasks);
      assertSays("This recording of", Map.of("logits", open::logits));
      assertTrue(network.toString().contains(network.name()));
      assertFalse(network.layers().isEmpty());
    }
  }

  /** Another thread closes it while a layer of it runs, or what somebody wrote for it. */
  @Test
  void aNetworkThatIsClosedMeanwhile() {
    Map<String, Executable> tasks = new LinkedHashMap<>();
    tasks.put("predict", () -> withDoor((network, door) -> network.predict(PICTURE)));
    tasks.put("scores", () -> withDoor((network, door) -> network.scores(List.of(PICTURE))));
    tasks.put("describe", () -> withDoor((network, door) -> network.describe()));
    tasks.put("hookPoints", () -> withDoor((network, door) -> network.hookPoints(PICTURE)));
    tasks.put("targetLayer", () -> withDoor((network, door) -> network.targetLayer()));
    tasks.put("layout", () -> withDoor((network, door) -> network.layout("0")));
    tasks.put("record", () -> withDoor((network, door) -> Recording.of(network, PICTURE, "0")));
    tasks.put(
        "heatmap",
        () ->
            withDoor(
                (network, door) -> new GradCam().heatmap(network, PICTURE, "0", Target.of(0))));
    tasks.put(
        "score",
        () ->
            withDoor(
                (network, door) -> {
                  Runnable closing = door.getAndSet(() -> {});
                  Recording recording = Recording.of(network, PICTURE, "0");
                  door.set(closing);
                  return recording.gradient("0", Target.score("own", x -> opened(x, door).get(0)));
                }));
    tasks.put(
        "formula",
        () ->
            withDoor(
                (network, door) -> {
                  Runnable closing = door.getAndSet(() -> {});
                  CamMethod own =
                      CamMethod.of(
                          "own",
                          (A, g) -> {
                            door.set(closing);
                            return opened(A, door).sum(new int[] {1});
                          });
                  return own.heatmap(network, PICTURE, "0", Target.of(0));
                }));
    assertSays("has been closed while something was computed with it", tasks);
  }

  private static NDArray opened(NDArray array, AtomicReference<Runnable> door) {
    door.get().run();
    return array.mul(1);
  }

  /** A network with a layer that does what somebody says before it goes on: closes the network. */
  private static void withDoor(BiFunction<Network, AtomicReference<Runnable>, Object> task) {
    AtomicReference<Runnable> door = new AtomicReference<>(() -> {});
    SequentialBlock block =
        new SequentialBlock()
            .add(Layers.convolution(4, 3, 1, 1))
            .add(LambdaBlock.singleton(x -> opened(x, door), "door"))
            .add(LambdaBlock.singleton(x -> x.mean(new int[] {3}).mean(new int[] {2}), "mean"));
    try (NDManager scope = NDManager.newBaseManager()) {
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      Network network = Network.of("door", block, Classes.numbered(4), SMALL);
      door.set(() -> closeByAnother(network));
      assertNotNull(task.apply(network, door));
    }
  }

  private static void closeByAnother(Network network) {
    Thread other = new Thread(network::close);
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The second network shares all weights but one with the first. */
  @Test
  void weightsThatBelongToAClosedNetwork() {
    LayeredNetwork first = SmallNetworks.alexNet();
    try (LayeredNetwork second =
        first.withParameters(Map.of("classifier.4.bias", new float[] {1, 2}))) {
      String layer = second.targetLayer();
      first.close();
      Map<String, Executable> tasks = new LinkedHashMap<>();
      tasks.put("predict", () -> second.predict(PICTURE));
      tasks.put("record", () -> Recording.of(second, PICTURE, layer));
      tasks.put("heatmap", () -> new GradCam().heatmap(second, PICTURE, "cat"));
      tasks.put("identity", second::identity);
      assertSays("Weights of this network have been freed", tasks);
    }
  }

  /** The network is open, and what it is given is not. */
  @ParameterizedTest
  @ValueSource(strings = {"sequential", "scripted"})
  void aClosedArray(String kind) {
    try (Network network = network(kind);
        NDManager scope = network.newScope()) {
      NDArray closed = scope.zeros(network.inputShape());
      closed.close();
      String layer = network.targetLayer();
      Map<String, Executable> tasks = new LinkedHashMap<>();
      tasks.put("run", () -> network.run(closed));
      tasks.put("trace", () -> network.trace(closed, Set.of(layer)));
      tasks.put("rest", () -> network.rest(closed, layer));
      tasks.put("record", () -> Recording.of(network, closed, List.of(layer)));
      tasks.put("view", () -> Recording.ofView(network, closed, List.of(layer)));
      assertSays("This array has been closed", tasks);
    }
  }
}

package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.cam.AskingMethod;
import camlab.cam.Cam;
import camlab.cam.CamMethod;
import camlab.cam.Catalogue;
import camlab.cam.DeepLift;
import camlab.cam.FullGrad;
import camlab.cam.GradCam;
import camlab.cam.GradCamPlusPlus;
import camlab.cam.GradientSaliency;
import camlab.cam.GuidedBackpropagation;
import camlab.cam.GuidedGradCam;
import camlab.cam.IntegratedGradients;
import camlab.cam.IsCam;
import camlab.cam.LayerwiseRelevance;
import camlab.cam.RefineCam;
import camlab.cam.SmoothGrad;
import camlab.cam.SmoothGradCamPlusPlus;
import camlab.cam.SsCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.GoldenNetworks;
import camlab.network.Network;
import camlab.network.SmallBlocks;
import camlab.network.TorchScriptFiles;
import camlab.network.export.ExportedProgram;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method on programs that PyTorch wrote, against the same networks built of blocks. */
class TorchScriptMethodsTest {

  private static final int SIZE = 96;
  private static final double CLOSE = 1e-5;
  private static final Preprocessing SMALL =
      new Preprocessing(SIZE, SIZE, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  /**
   * CAM asks for an average and one linear layer; some of the networks have none. FullGrad asks for
   * what each layer adds, which an exported program tells and a TorchScript program does not; and
   * the shares of a ReLU6 that reaches 6 do not add up. Layer-wise relevance propagation and
   * DeepLIFT ask for layers that can be run one by one, as an exported program tells them.
   */
  @ParameterizedTest
  @CsvSource({
    "alexnet, traced, features.6, 3, false",
    "alexnet, scripted, features.6, 3, false",
    "vgg, traced, features.9, 3, false",
    "vgg, scripted, features.9, 3, false",
    "resnet, traced, layer4, 3, true",
    "resnet, scripted, layer4, 3, true",
    "squeezenet, traced, features, 2, true",
    "squeezenet, scripted, features, 2, true",
    "mobilenet_v2, traced, features.5, 1, false",
    "mobilenet_v2, scripted, features.5, 1, false",
    "functions, traced, relu_2, 3, true",
    "functions, scripted, relu_2, 3, true",
    "alexnet, exported, features.6, 3, false",
    "vgg, exported, features.9, 3, false",
    "resnet, exported, layer4, 3, true",
    "squeezenet, exported, features, 2, true",
    "mobilenet_v2, exported, features.5, 1, false",
    "functions, exported, relu_2, 3, true"
  })
  void everyMethodGivesTheMapOfTheBlocks(
      String name, String kind, String layer, int index, boolean pooled) {
    Target target = Target.of(index);
    try (Network program = load(name + "." + kind);
        Network blocks = GoldenNetworks.network(SmallBlocks.named(name), SMALL);
        NDManager scope = blocks.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      try (Recording expected = Recording.of(blocks, input, List.of(layer));
          Recording found = Recording.of(program, input, List.of(layer))) {
        for (Catalogue.Entry entry : Catalogue.entries()) {
          CamMethod method = small(entry.method(), program);
          if (method instanceof AskingMethod) {
            continue; // It runs the network as anybody does, thousands of times.
          }
          if (entry.needsAttention()) {
            assertRefused(
                "'%s' does not show its attention".formatted(program.name()),
                () -> method.heatmap(found, layer, target));
            continue;
          }
          boolean walks = method instanceof LayerwiseRelevance || method instanceof DeepLift;
          if (walks && !kind.equals("exported")) {
            assertRefused(
                "'%s' is a program".formatted(program.name()),
                () -> method.heatmap(found, layer, target));
            continue;
          }
          if (method instanceof FullGrad && name.equals("mobilenet_v2")) {
            Executable ofBlocks = () -> method.heatmap(expected, layer, target);
            assertRefused("the shares add up to", ofBlocks);
          }
          boolean told = kind.equals("exported");
          if (method instanceof FullGrad && (!told || name.equals("mobilenet_v2"))) {
            assertRefused(
                told ? "the shares add up to" : "'%s' does not tell it".formatted(program.name()),
                () -> method.heatmap(found, layer, target));
          } else if (pooled || !entry.needsPooling()) {
            Heatmap map = method.heatmap(expected, layer, target);
            double difference = map.maxDifference(method.heatmap(found, layer, target));
            assertTrue(map.max() > 0, entry.name());
            assertTrue(difference <= CLOSE * map.max(), entry.name() + " " + difference);
          } else {
            assertRefused(
                "'%s' does something else: %s ends with".formatted(layer, program.name()),
                () -> method.heatmap(found, layer, target));
          }
        }
      }
    }
  }

  /** With a few samples: what is compared are the networks, and each is asked the same. */
  /** The blocks' plan names one stage alone; here both take those that the program shows. */
  private static CamMethod small(CamMethod method, Network program) {
    if (method instanceof RefineCam) {
      return new RefineCam(new GradCamPlusPlus(), program.stages());
    } else if (method instanceof SsCam) {
      return new SsCam(2, 0.5, 1, 16, Progress.NONE);
    } else if (method instanceof IsCam) {
      return new IsCam(2, 16, Progress.NONE);
    } else if (method instanceof SmoothGrad) {
      return new SmoothGrad(3, 0.15, 1, Progress.NONE);
    } else if (method instanceof SmoothGradCamPlusPlus) {
      return new SmoothGradCamPlusPlus(3, 0.15, 1, Progress.NONE);
    }
    return method instanceof IntegratedGradients
        ? new IntegratedGradients(4, Progress.NONE)
        : method;
  }

  private static Network load(String file) {
    if (file.endsWith(".exported")) {
      return ExportedProgram.load(
          TestFiles.path("export/classics/" + file.replace(".exported", ".pt2")),
          Classes.numbered(10),
          SMALL);
    }
    return TorchScript.load(TorchScriptFiles.path(file + ".pt"), Classes.numbered(10), SMALL);
  }

  private static void assertRefused(String part, Executable action) {
    String message = assertThrows(UnsupportedOperationException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Whether CAM is possible shows at the default target layer. */
  @Test
  void whetherThereIsACamIsFoundByTrial() {
    try (Network with = load("mobilenet_v2.traced");
        Network without = load("vgg.traced")) {
      assertTrue(Cam.refusal(with).isEmpty());
      String reason = Cam.refusal(without).orElseThrow();
      assertTrue(reason.contains("classifier.3 (Linear, 10)"), reason);
    }
  }

  /** As many layers as there are ReLUs, with the names of modules that they are not. */
  @ParameterizedTest
  @ValueSource(strings = {"functions.traced", "functions.scripted", "functions.exported"})
  void functionsThatAreAReluAreLayers(String file) {
    try (Network network = load(file);
        NDManager scope = network.newScope()) {
      assertEquals(
          List.of("conv1", "relu", "conv2", "relu_1", "conv3", "relu_2", "fc"), network.layers());
      assertEquals("ReLU", network.model().type("relu_1"));
      assertEquals("relu_2", network.targetLayer());
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      assertEquals(Set.of("relu", "relu_1", "relu_2"), network.model().rectifiers(input));
    }
  }

  /** The ReLU in place changes what goes around the layer, too, so its gradient is that of both. */
  @ParameterizedTest
  @ValueSource(strings = {"functions.traced", "functions.scripted", "functions.exported"})
  void theGradientAtAReluInPlaceIsThatOfAllPaths(String file) {
    Target target = Target.of(3);
    try (Network program = load(file);
        Network blocks = GoldenNetworks.network(SmallBlocks.named("functions"), SMALL);
        NDManager scope = blocks.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      for (List<String> layers : List.of(List.of("relu_1"), List.of("conv1", "conv2", "relu_1"))) {
        try (Recording expected = Recording.of(blocks, input, layers);
            Recording found = Recording.of(program, input, layers)) {
          for (int i = 0; i < 2; i++) {
            for (String layer : layers) {
              float[] gradient = expected.gradient(layer, target).toFloatArray();
              float largest = expected.gradient(layer, target).abs().max().getFloat();
              assertArrayEquals(
                  gradient,
                  found.gradient(layer, target).toFloatArray(),
                  (float) CLOSE * largest,
                  layer);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "loop, cannot be hooked: it is called in a loop",
    "function, InAFunction calls doubled",
    "clamp, ByAnotherName calls torch.clamp"
  })
  void guidedBackpropagationIsRefusedWhereAReluMayBeHidden(String file, String reason) {
    try (Network network =
            TorchScript.load(TorchScriptFiles.path(file + ".pt"), Classes.numbered(2), SMALL);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      try (Recording recording = Recording.of(network, input, List.of("conv"))) {
        for (CamMethod method : List.of(new GuidedBackpropagation(), new GuidedGradCam())) {
          assertRefused(reason, () -> method.heatmap(recording, "conv", Target.of(0)));
        }
        assertTrue(new GradCam().heatmap(recording, "conv", Target.of(0)).height() > 1);
      }
    }
  }

  /** Without a ReLU on the way it is the gradient itself. */
  @Test
  void aReluThatNoCodeCallsHidesNothing() {
    try (Network network =
            TorchScript.load(TorchScriptFiles.path("unused.pt"), Classes.numbered(2), SMALL);
        NDManager scope = network.newScope()) {
      NDArray input = scope.create(GoldenNetworks.input(SIZE), new Shape(1, 3, SIZE, SIZE));
      try (Recording recording = Recording.of(network, input, List.of("conv"))) {
        assertArrayEquals(
            new GradientSaliency().heatmap(recording, "conv", Target.of(0)).values(),
            new GuidedBackpropagation().heatmap(recording, "conv", Target.of(0)).values());
      }
    }
  }
}

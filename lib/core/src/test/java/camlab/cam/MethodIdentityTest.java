package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import camlab.capture.SmallNetworks;
import camlab.heatmap.Heatmap;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodIdentityTest {

  /** Numbers are kept under these lines: a line that changes loses the numbers of its method. */
  @Test
  void theIdentitiesStayAsTheyAre() {
    assertEquals(
        List.of(
            "Cam()",
            "GradCam()",
            "CounterfactualGradCam()",
            "GradCamPlusPlus()",
            "LayerCam()",
            "XGradCam()",
            "HiResCam()",
            "EigenCam()",
            "ScoreCam(batch=16)",
            "AblationCam(batch=16)",
            "Fem(sigmas=2.0)",
            "EigenGradCam()",
            "KpcaCam()",
            "SmoothGradCamPlusPlus(samples=25, seed=0, spread=0.15)",
            "ShapleyCam()",
            "FinerCam(references=3, strength=0.6)",
            "RefineCam(layers=[], method=GradCamPlusPlus())",
            "FasterScoreCam(batch=16, channels=10)",
            "SsCam(batch=16, deviation=2.0, samples=10, seed=0)",
            "IsCam(batch=16, steps=10)",
            "ReciproCam(batch=16)",
            "AttentionRollout()",
            "LeGrad()",
            "GradientSaliency()",
            "GradientTimesInput()",
            "SmoothGrad(samples=25, seed=0, spread=0.15)",
            "IntegratedGradients(steps=50)",
            "GuidedBackpropagation()",
            "GuidedGradCam()",
            "FullGrad()",
            "LayerwiseRelevance(composite=LrpComposite(convolution=AlphaBeta(alpha=1.0, beta=0.0), dense=Epsilon(epsilon=1.0E-6), firstConvolution=AlphaBeta(alpha=1.0, beta=0.0), firstDense=Epsilon(epsilon=1.0E-6), name='EpsilonPlus'))",
            "DeepLift(baseline=OneColour(blank=Colour(rgb=0)))",
            "Occlusion(batch=16, blank=Colour(rgb=8421504), followsPicture=true, stride=16, window=32)",
            "Rise(batch=16, blank=Colour(rgb=8421504), cells=7, keep=0.5, masks=4000, seed=0)",
            "RegionAblation(batch=16, blank=Colour(rgb=8421504), regions=RegionGrid(columns=7, rows=7))",
            "Lime(batch=16, blank=Colour(rgb=8421504), penalty=1.0, regions=RegionGrid(columns=7, rows=7), samples=1000, seed=0, width=0.25)",
            "KernelShap(batch=16, blank=Colour(rgb=8421504), regions=RegionGrid(columns=7, rows=7), samples=2048, seed=0)",
            "ShapleyValues(batch=16, blank=Colour(rgb=8421504), regions=RegionGrid(columns=3, rows=3))",
            "RandomMap(seed=0)"),
        Catalogue.entries().stream().map(entry -> entry.method().identity()).toList());
  }

  @Test
  void everySettingCounts() {
    assertEquals("Fem(sigmas=1.0)", new Fem(1).identity());
    assertEquals("RandomMap(seed=7)", new RandomMap(7).identity());
    assertEquals("ScoreCam(batch=3)", new ScoreCam(3, Progress.NONE).identity());
    assertEquals(
        "SmoothGrad(samples=5, seed=2, spread=0.05)",
        new SmoothGrad(5, 0.05, 2, Progress.NONE).identity());
    assertEquals(
        "SmoothGrad(batch=1, samples=5, seed=2, spread=0.05)",
        new SmoothGrad(5, 0.05, 2, 1, Progress.NONE).identity());
    assertEquals(
        new IntegratedGradients(4, Progress.NONE).identity(),
        new IntegratedGradients(4, (work, start) -> done -> {}).identity(),
        "who watches is no setting");
  }

  @Test
  void aMethodOfOnesOwnIsGivenOne() {
    CamMethod named = new GradCam().withIdentity("Grad-CAM, my way");
    assertEquals("Grad-CAM, my way", named.identity());
    assertEquals("Grad-CAM", named.name());
    assertTrue(named.explainsTarget());
    assertThrows(IllegalArgumentException.class, () -> new GradCam().withIdentity(" "));
  }

  /** What pixels do can be told of a network without positions, too, also under an identity. */
  @Test
  void anIdentityChangesNoMap() {
    Picture picture = SmallNetworks.picture(1);
    try (NDManager scope = NDManager.newBaseManager();
        Network network = SmallNetworks.dense(scope, Classes.of("cat", "dog"))) {
      for (CamMethod method : List.of(new GradientSaliency(), new RegionAblation())) {
        Heatmap expected = method.heatmap(network, picture, "dog");
        assertEquals(expected, method.withIdentity("mine").heatmap(network, picture, "dog"));
      }
    }
  }

  @Test
  void anIdentityIsALine() {
    assertEquals(
        "Expected a line that names the method and its settings, found null.",
        assertThrows(NullPointerException.class, () -> new GradCam().withIdentity(null))
            .getMessage());
  }

  /** A formula has no line of its own, and may be another one at the next run. */
  @Test
  void aFormulaIsRefusedUntilItIsGivenOne() {
    CamMethod mine = CamMethod.of("Mine", (activation, gradient) -> activation);
    String message = assertThrows(IllegalArgumentException.class, mine::identity).getMessage();
    assertTrue(message.contains("withIdentity(\"Mine, version 1\")"), message);
    assertEquals("Mine, 2", mine.withIdentity("Mine, 2").identity());
  }
}

package camlab.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.TestFiles;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two 2×2 channels whose figures can be checked by hand. */
class MicroCaseTest {

  private static final float EXACT = 1e-6f;

  private NDManager scope;
  private JsonObject golden;
  private NDArray activation;
  private NDArray gradient;

  @BeforeEach
  void read() {
    scope = NDManager.newBaseManager();
    golden = TestFiles.figures("golden/micro.json");
    activation = scope.create(values("activations"), new Shape(2, 2, 2));
    gradient = scope.create(values("gradients"), new Shape(2, 2, 2));
  }

  @AfterEach
  void free() {
    scope.close();
  }

  @Test
  void gradCam() {
    assertArrayEquals(
        values("grad_cam_weights"), GradientCam.meanOverPositions(gradient).toFloatArray(), EXACT);
    assertArrayEquals(values("grad_cam"), map(new GradCam()), EXACT);
  }

  @Test
  void layerCam() {
    assertArrayEquals(values("layer_cam"), map(new LayerCam()), EXACT);
  }

  @Test
  void gradCamPlusPlus() {
    GradCamPlusPlus method = new GradCamPlusPlus();
    NDArray alpha = method.alpha(activation, gradient);
    assertArrayEquals(values("plus_plus_alpha"), alpha.toFloatArray(), EXACT);
    NDArray weights = GradientCam.sumOverPositions(alpha.mul(GradientCam.relu(gradient)));
    assertArrayEquals(values("plus_plus_weights"), weights.toFloatArray(), EXACT);
    assertArrayEquals(values("grad_cam_plus_plus"), map(method), EXACT);
  }

  /** Every weight of the case is positive, so that nothing speaks against the class. */
  @Test
  void counterfactual() {
    assertArrayEquals(values("counterfactual"), map(new CounterfactualGradCam()), EXACT);
    NDArray turned = new CounterfactualGradCam().map(activation, gradient.neg());
    assertArrayEquals(values("grad_cam"), turned.toFloatArray(), EXACT);
  }

  @Test
  void xGradCam() {
    NDArray weights = new XGradCam().weights(activation, gradient);
    assertArrayEquals(values("x_grad_cam_weights"), weights.toFloatArray(), EXACT);
    assertArrayEquals(values("x_grad_cam"), map(new XGradCam()), EXACT);
  }

  /** A channel that adds up to zero has no weighted mean. */
  @Test
  void xGradCamOfAChannelThatAddsUpToZero() {
    NDArray balanced = scope.create(new float[] {1, -1}, new Shape(1, 1, 2));
    assertArrayEquals(new float[2], new XGradCam().map(balanced, balanced).toFloatArray());
  }

  @Test
  void hiResCam() {
    assertArrayEquals(values("hi_res_cam"), map(new HiResCam()), EXACT);
  }

  @Test
  void fem() {
    Fem oneSigma = new Fem(1);
    assertArrayEquals(values("fem_k1_mask"), oneSigma.strong(activation).toFloatArray(), EXACT);
    assertArrayEquals(values("fem_k1"), oneSigma.map(activation).toFloatArray(), EXACT);
  }

  /** No value lies two deviations above its mean: with four values at most √3 are possible. */
  @Test
  void femWithTwoSigmas() {
    assertArrayEquals(new float[4], new Fem().map(activation).toFloatArray());
  }

  /** Means of the channels' means are 0.5, 1.5, 1.5, 3: the map rises with them. */
  @Test
  void eigenCam() {
    float[] found = new EigenCam().map(activation).toFloatArray();
    float[] lengths = values("eigen_cam_abs");
    float[] signed = {-lengths[0], -lengths[1], lengths[2], lengths[3]};
    assertArrayEquals(signed, found, EXACT);
  }

  /** More positions than channels and fewer: the same matrix, so the same component. */
  @Test
  void eigenCamTakesTheSmallerMatrix() {
    NDArray copies = activation.concat(activation, 0).concat(activation, 0);
    float[] once = new EigenCam().map(activation).toFloatArray();
    float[] thrice = new EigenCam().map(copies).toFloatArray();
    for (int i = 0; i < once.length; i++) {
      assertEquals(Math.sqrt(3) * once[i], thrice[i], 1e-5);
    }
  }

  @Test
  void eigenCamOfConstantChannelsIsZero() {
    NDArray constant = scope.ones(new Shape(2, 2, 2));
    assertArrayEquals(new float[4], new EigenCam().map(constant).toFloatArray());
  }

  /**
   * Where g is 1 everywhere it is Eigen-CAM. Where it is 1 in the first channel and 0 in the
   * second, the first channel without its mean is the component: [1 2; 3 4] − 2.5.
   */
  @Test
  void eigenGradCam() {
    EigenGradCam method = new EigenGradCam();
    NDArray ones = gradient.onesLike();
    assertArrayEquals(
        new EigenCam().map(activation).toFloatArray(),
        method.map(activation, ones).toFloatArray(),
        EXACT);
    NDArray first = scope.create(new float[] {1, 1, 1, 1, 0, 0, 0, 0}, new Shape(2, 2, 2));
    float[] centred = {-1.5f, -0.5f, 0.5f, 1.5f};
    assertArrayEquals(centred, method.map(activation, first).toFloatArray(), EXACT);
    // What speaks against the class where A is large is negative there.
    float[] against = {1.5f, 0.5f, -0.5f, -1.5f};
    assertArrayEquals(against, method.map(activation, first.neg()).toFloatArray(), EXACT);
  }

  /**
   * Two positions, 0 and 2, are −1 and 1 about their mean: the kernel is tanh 2 on the diagonal and
   * tanh 0 beside it, its largest eigenvalue tanh 2 with the vector (−1, 1)/√2. Two channels of
   * that kind, of which one is twice as large, have products of (1 + 4)/2.
   */
  @Test
  void kpcaCam() {
    NDArray one = scope.create(new float[] {0, 2}, new Shape(1, 1, 2));
    float expected = (float) Math.sqrt(Math.tanh(2) / 2);
    assertArrayEquals(
        new float[] {-expected, expected}, new KpcaCam().map(one).toFloatArray(), EXACT);
    NDArray two = one.concat(one.mul(2), 0);
    double between = (Math.tanh(1 + 2.5) - Math.tanh(1 - 2.5)) / 2;
    float larger = (float) Math.sqrt(between);
    assertArrayEquals(new float[] {-larger, larger}, new KpcaCam().map(two).toFloatArray(), EXACT);
    NDArray constant = scope.ones(new Shape(2, 2, 2)).mul(0.7);
    assertArrayEquals(new float[4], new KpcaCam().map(constant).toFloatArray());
  }

  /** S g = −2 makes the denominator 2g² + S g³ zero; α is 0 there, not infinite. */
  @Test
  void gradCamPlusPlusWhereTheDenominatorVanishes() {
    NDArray ones = scope.ones(new Shape(1, 1, 2));
    NDArray slope = scope.create(new float[] {-1, 0.5f}, new Shape(1, 1, 2));
    float[] alpha = new GradCamPlusPlus().alpha(ones, slope).toFloatArray();
    assertArrayEquals(new float[] {0, 1f / 3}, alpha, EXACT);
  }

  /** An absolute epsilon in the denominator would turn the map of tiny gradients into nothing. */
  @Test
  void gradCamPlusPlusOfTinyGradients() {
    NDArray tiny = gradient.mul(1e-20);
    float[] alpha = new GradCamPlusPlus().alpha(activation, tiny).toFloatArray();
    assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0, 0.5f, 0.5f, 0, 0.5f}, alpha, EXACT);
  }

  @Test
  void batchesAreWorkedOutOneByOne() {
    NDArray two = activation.stack(activation.mul(2));
    NDArray twoGradients = gradient.stack(gradient);
    for (GradientCam method :
        List.of(
            new GradCam(),
            new CounterfactualGradCam(),
            new GradCamPlusPlus(),
            new LayerCam(),
            new XGradCam(),
            new HiResCam())) {
      NDArray maps = method.map(two, twoGradients);
      assertEquals(new Shape(2, 2, 2), maps.getShape());
      assertArrayEquals(
          method.map(activation, gradient).toFloatArray(), maps.get(0).toFloatArray(), EXACT);
      assertArrayEquals(
          method.map(activation.mul(2), gradient).toFloatArray(),
          maps.get(1).toFloatArray(),
          EXACT);
    }
  }

  @Test
  void batchesOfActivationsAreWorkedOutOneByOne() {
    NDArray two = activation.stack(activation.mul(2));
    for (ActivationCam method : List.of(new Fem(1), new EigenCam())) {
      float[] map = method.map(activation).toFloatArray();
      NDArray maps = method.map(two);
      assertArrayEquals(map, maps.get(0).toFloatArray(), EXACT);
      for (int i = 0; i < map.length; i++) {
        assertEquals(2 * map[i], maps.get(1).getFloat(i / 2, i % 2), 1e-5);
      }
    }
  }

  /** tanh(2·0.5) of the shallow map against the deep map's own share, the larger one wins. */
  @Test
  void fusedLayersTakeTheLargerValue() {
    Heatmap shallow = Heatmap.of(new float[][] {{2, 4}}, new Provenance("", "a", "cat", 1));
    Heatmap deep = Heatmap.of(new float[][] {{0, 10}}, new Provenance("", "b", "cat", 1));
    Heatmap fused = LayerCam.fuse(List.of(shallow, deep));
    assertArrayEquals(new float[] {(float) Math.tanh(1), 1}, fused.values(), EXACT);
    assertEquals(new Provenance("LayerCAM", "a + b", "cat", 1), fused.provenance());
  }

  /** 1 3 5 9 is 0 ¼ ½ 1 of its range, 4 0 2 4 is 1 0 ½ 1; a constant layer puts out everything. */
  @Test
  void refiningMultipliesTheLayers() {
    Provenance shallow = new Provenance("Grad-CAM++", "a", "cat", 1);
    Provenance deep = new Provenance("Grad-CAM++", "b", "cat", 1);
    Heatmap one = Heatmap.of(new float[][] {{1, 3}, {5, 9}}, shallow);
    Heatmap other = Heatmap.of(new float[][] {{4, 0}, {2, 4}}, deep);
    Heatmap refined = RefineCam.fuse(List.of(one, other), 2, 2);
    assertArrayEquals(new float[] {0, 0, 0.25f, 1}, refined.values(), EXACT);
    assertEquals(new Provenance("Refine-CAM", "a × b", "cat", 1), refined.provenance());
    Heatmap single = Heatmap.of(new float[][] {{7}}, deep);
    assertArrayEquals(new float[4], RefineCam.fuse(List.of(one, single), 2, 2).values());
    assertThrows(IllegalArgumentException.class, () -> RefineCam.fuse(List.of(), 2, 2));
  }

  @Test
  void fusingNothingIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> LayerCam.fuse(List.of())).getMessage();
    assertEquals("Give at least one map to fuse, found none.", message);
  }

  private float[] map(GradientCam method) {
    return method.map(activation, gradient).toFloatArray();
  }

  private float[] values(String name) {
    List<Float> flat = new ArrayList<>();
    flatten(golden.get(name), flat);
    float[] values = new float[flat.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = flat.get(i);
    }
    return values;
  }

  private static void flatten(JsonElement element, List<Float> into) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(part -> flatten(part, into));
    } else {
      into.add(element.getAsFloat());
    }
  }
}

package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import camlab.TestFiles;
import camlab.cam.Blank;
import camlab.cam.Cam;
import camlab.cam.GradCam;
import camlab.cam.GradientSaliency;
import camlab.cam.GuidedGradCam;
import camlab.cam.IntegratedGradients;
import camlab.cam.Occlusion;
import camlab.cam.ScoreCam;
import camlab.capture.Recording;
import camlab.capture.SmallNetworks;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Networks that take other than square pictures of three colours; figures of make_inputs.py. */
class InputTest {

  private static final JsonObject FIGURES = TestFiles.figures("input/figures.json");

  private static final Preprocessing HALF =
      Preprocessing.builder().size(48, 80).mean(0.5).deviation(0.5).build();

  private static final Preprocessing GREY = HALF.toBuilder().grey().size(28, 28).build();

  private static Network load(String name, int classes, Preprocessing preprocessing) {
    return TorchScript.load(
        TestFiles.path("input/" + name + ".pt"), Classes.numbered(classes), preprocessing);
  }

  private static Picture source() {
    return Picture.read(TestFiles.path("picture/source.png"));
  }

  /** The map of one picture, and the largest of the three colours' gradients, are PyTorch's. */
  private static void assertFigures(String name, Recording recording) {
    JsonObject expected = FIGURES.getAsJsonObject(name);
    assertClose(floats(expected.getAsJsonArray("logits")), recording.logits().toFloatArray());
    Target target = Target.of(expected.get("target").getAsInt());
    String layer = expected.get("layer").getAsString();
    Heatmap map = new GradCam().heatmap(recording, layer, target);
    JsonArray cam = expected.getAsJsonArray("map");
    assertEquals(List.of(map.height(), map.width()), size(cam));
    assertClose(floats(cam.get(1).getAsJsonArray()), map.values());
    Heatmap saliency = new GradientSaliency().heatmap(recording, layer, target);
    JsonArray gradient = expected.getAsJsonArray("saliency");
    assertEquals(List.of(saliency.height(), saliency.width()), size(gradient));
    double sum = 0;
    for (float value : saliency.values()) {
      sum += value;
    }
    assertEquals(gradient.get(1).getAsDouble(), sum, 1e-5 * sum);
    assertEquals(gradient.get(2).getAsDouble(), saliency.max(), 1e-5 * saliency.max());
  }

  private static List<Integer> size(JsonArray map) {
    JsonArray size = map.get(0).getAsJsonArray();
    return List.of(size.get(0).getAsInt(), size.get(1).getAsInt());
  }

  private static float[] floats(JsonArray values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).getAsFloat();
    }
    return floats;
  }

  private static void assertClose(float[] expected, float[] found) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, found, 1e-5f * largest);
  }

  private static void assertFigures(String name, Network network, Picture picture) {
    String layer = FIGURES.getAsJsonObject(name).get("layer").getAsString();
    try (Recording recording = Recording.of(network, picture, layer)) {
      assertFigures(name, recording);
    }
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  private static String facts(Network network) {
    return network.describe().stream().map(Fact::toString).collect(Collectors.joining("\n"));
  }

  @Test
  void grey() {
    Picture picture = Picture.read(TestFiles.path("input/grey.png"));
    try (Network network = load("grey", 10, GREY)) {
      assertFigures("grey", network, picture);
      assertEquals(new Shape(1, 1, 28, 28), network.inputShape());
    }
    Preprocessing mean = GREY.toBuilder().meanGrey().build();
    try (Network network = load("grey", 10, mean)) {
      assertFigures("mean-grey", network, picture);
      Heatmap map = new GradCam().heatmap(network, picture, "c2", Target.of(3));
      assertEquals(.00014824, map.at(0, 0), 1e-8);
      assertEquals(.00036142, map.at(0, 1), 1e-8);
      assertEquals(.00035302, map.at(0, 2), 1e-8);
    }
  }

  /** What is grey is the same whatever makes it so. */
  @Test
  void aGreyPictureIsGreyEitherWay() {
    Picture grey = Picture.read(TestFiles.path("input/grey.png")).grey();
    assertArrayEquals(GREY.apply(grey), GREY.toBuilder().meanGrey().build().apply(grey), 1e-6f);
    assertEquals(grey, GREY.view(Picture.read(TestFiles.path("input/grey.png"))));
  }

  @Test
  void aRectangle() {
    Picture picture = Picture.read(TestFiles.path("input/rectangle.png"));
    try (Network network = load("rectangle", 3, HALF)) {
      assertFigures("rectangle", network, picture);
      Heatmap map = new GradCam().heatmap(network, picture, "r2", Target.of(1));
      assertEquals(.00019419, map.at(0, 0), 1e-8);
      assertEquals(.00019886, map.at(0, 1), 1e-8);
      assertEquals(8.1053e-05, map.at(0, 2), 1e-9);
      assertEquals(Region.whole(80, 48), map.region().orElseThrow());
      Heatmap guided = new GuidedGradCam().heatmap(network, picture, "r2", Target.of(1));
      assertEquals(List.of(48, 80), List.of(guided.height(), guided.width()));
    }
  }

  @Test
  void blueFirstFrom0To255() {
    Preprocessing caffe =
        Preprocessing.builder()
            .bgr()
            .scale255()
            .size(24, 36)
            .mean(103.939, 116.779, 123.68)
            .build();
    try (Network network = load("caffe", 4, caffe)) {
      assertFigures("caffe", network, source());
      assertTrue(facts(network).contains("scale: 0–255 (stated)"), facts(network));
      assertTrue(facts(network).contains("deviation: none (stated)"), facts(network));
    }
  }

  /** Six channels as an array, at two sizes; the sum of the shares is the rise of the score. */
  @Test
  void channelsThatNoPictureHas() {
    Preprocessing six = Preprocessing.builder().arrays(6).size(16, 16).build();
    try (Network network = load("six", 4, six);
        NDManager scope = network.newScope()) {
      for (int[] size : new int[][] {{16, 16}, {24, 40}}) {
        NDArray array = array(scope, 6, size[0], size[1]);
        try (Recording recording = Recording.of(network, array, List.of("r2"))) {
          assertFigures("six-" + size[0] + "x" + size[1], recording);
        }
      }
      NDArray array = array(scope, 6, 16, 16);
      try (Recording recording = Recording.of(network, array, List.of("r2"))) {
        Heatmap shares = new IntegratedGradients().heatmap(recording, "r2", Target.of(2));
        double sum = 0;
        for (float value : shares.values()) {
          sum += value;
        }
        NDArray black = network.run(scope.zeros(new Shape(1, 6, 16, 16)));
        double rise = recording.logits().getFloat(0, 2) - black.getFloat(0, 2);
        assertEquals(rise, sum, 0.01 * Math.abs(rise));
        // One window over all of it takes the same away; such channels have a zero, but no grey.
        Heatmap all = new Occlusion(16, 16, Blank.zero()).heatmap(recording, "r2", Target.of(2));
        assertEquals(rise, all.at(3, 5), 1e-5);
        assertThrows(
            NotApplicableException.class,
            () -> new Occlusion().heatmap(recording, "r2", Target.of(2)));
        assertEquals(
            6,
            new GradientSaliency().attributions(recording, "r2", Target.of(2)).get(0).channels());
      }
      assertTrue(
          assertThrows(IllegalStateException.class, () -> network.predict(source()))
              .getMessage()
              .contains("Give it arrays of shape (N, 6, H, W)"));
      assertTrue(
          facts(network)
              .contains(
                  "channels: 6 (arrays of 6 channels) (found by trial: it runs with 6, not with 1 or 3 or 4)"),
          facts(network));
    }
  }

  private static NDArray array(NDManager scope, int channels, int height, int width) {
    double[] uniform = GoldenNetworks.uniform("array", channels * height * width, "six");
    float[] values = new float[uniform.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * uniform[i] - 1);
    }
    return scope.create(values, new Shape(1, channels, height, width));
  }

  /** The picture's own size, and a rectangle of its middle. */
  @Test
  void aNetworkThatTakesAnySize() {
    Preprocessing own = Preprocessing.builder().ownSize().build();
    try (Network network = load("any", 4, own)) {
      assertFigures("any-own", network, source());
      assertTrue(
          facts(network)
              .contains(
                  "size: each picture's own, not fixed by the network (found by trial: it runs at 224×224 and at 256×256)"),
          facts(network));
      String message =
          refused(
              () ->
                  Recording.of(
                      network, List.of(source(), source().flipped().resized(9, 9)), List.of("r2")));
      assertEquals(
          "Pictures that run together are of one size: the first is 61×47, another 9×9. Run them one by one.",
          message);
    }
    Preprocessing middle = Preprocessing.builder().shortSide(20).crop(10, 24).build();
    try (Network network = load("any", 4, middle)) {
      assertFigures("any-middle", network, source());
      Region region =
          new GradCam().heatmap(network, source(), "r2", Target.of(3)).region().orElseThrow();
      assertEquals(middle.region(source()), region);
      Heatmap cam = new Cam().heatmap(network, source(), "r2", Target.of(3));
      assertEquals(List.of(5, 12), List.of(cam.height(), cam.width()));
      Heatmap score = new ScoreCam().heatmap(network, source(), "r2", Target.of(3));
      assertEquals(List.of(5, 12), List.of(score.height(), score.width()));
    }
  }

  @Test
  void aNetworkThatFixesItsSize() {
    Preprocessing fixed = Preprocessing.builder().size(16, 20).build();
    try (Network network = load("fixed", 4, fixed)) {
      assertFigures("fixed", network, source());
      assertTrue(
          facts(network)
              .contains(
                  "size: 16×20 (height × width), fixed by the network (found by trial: it runs at 16×20; at 48×52 and at 32×40 it does not, or puts out another shape)"),
          facts(network));
      try (NDManager scope = network.newScope()) {
        NDArray other = scope.zeros(new Shape(2, 3, 20, 16 + 8));
        String message = refused(() -> Recording.of(network, other, List.of("r2")));
        assertTrue(
            message.startsWith(
                "%s does not take pictures of 20×24 (height × width): expected (N, 3, 16, 20), found (2, 3, 20, 24)."
                    .formatted(network.name())),
            message);
        assertEquals(message, refused(() -> network.run(other)));
      }
    }
    assertTrue(
        refused(() -> load("grey", 10, GREY.toBuilder().size(32, 32).build()))
            .contains(
                "does not take pictures of 32×32 (height × width) as its preprocessing says; found by trial: it runs with 28×28."));
    String message = refused(() -> load("rectangle", 3, Preprocessing.IMAGENET));
    assertTrue(message.contains("does not run with a picture of shape (1, 3, 224, 224)"), message);
    assertTrue(message.contains("A linear layer takes "), message);
    assertTrue(
        message.contains("say which: preprocessing.toBuilder().size(height, width).build()"),
        message);
    assertTrue(
        refused(() -> load("rectangle", 3, HALF.toBuilder().ownSize().build()))
            .contains(
                "now it says RGB 0–1, mean [0.5, 0.5, 0.5], deviation [0.5, 0.5, 0.5], the picture's own size"));
  }

  @Test
  void otherChannelsAreRefusedWithTheCallThatIsRight() {
    String message = refused(() -> load("grey", 10, HALF.toBuilder().size(28, 28).build()));
    assertTrue(
        message.endsWith(
            "takes 1 channel (found by trial: it runs with (1, 1, 28, 28)), but its preprocessing says 3 (RGB). Say Preprocessing.builder().grey(), with its own means and deviations: Preprocessing.builder().grey().size(28, 28).mean(…).deviation(…).build()"),
        message);
    assertTrue(
        refused(() -> load("rectangle", 3, HALF.toBuilder().grey().build()))
            .contains("takes 3 channels (found by trial: it runs with (1, 3, 48, 80))"));
    assertTrue(
        refused(() -> load("six", 4, Preprocessing.IMAGENET))
            .contains(
                "takes 6 channels (found by trial: it runs with (1, 6, 224, 224)), but its preprocessing says 3 (RGB). Say Preprocessing.builder().arrays(6)"));
    try (Network network = load("grey", 10, GREY);
        NDManager scope = network.newScope()) {
      NDArray colour = scope.zeros(new Shape(1, 3, 28, 28));
      assertTrue(
          refused(() -> network.run(colour))
              .endsWith(
                  "takes an array of shape (N, 1, 28, 28), as its preprocessing says (grey); found (1, 3, 28, 28)."));
    }
  }

  /** ResNets for X-rays: the plan's first filters are as deep as the weights'. */
  @Test
  void aPlanWithWeightsOfOneChannel() {
    Architecture plan = AlexNet.small(2);
    StateDict colour = SmallNetworks.alexNetWeights();
    StateDict.Builder builder = StateDict.builder();
    String first = plan.parameterNames().get(0);
    for (String name : colour.names()) {
      long[] shape = colour.shape(name);
      float[] values = colour.floats(name);
      if (name.equals(first)) {
        shape = new long[] {shape[0], 1, shape[2], shape[3]};
        values = Arrays.copyOf(values, values.length / 3);
      }
      builder.put(name, shape, values);
    }
    StateDict grey = builder.build();
    Preprocessing small = GREY.toBuilder().size(96, 64).build();
    Classes classes = Classes.of("cat", "dog");
    try (LayeredNetwork network = Network.of(plan, grey, classes, small)) {
      Heatmap map = new GradCam().heatmap(network, SmallNetworks.picture(1), "cat");
      assertEquals(List.of(5, 3), List.of(map.height(), map.width()));
      assertTrue(
          facts(network).contains("channels: 1 (grey) (read: first weights features.0.weight)"));
      assertEquals(List.of(1L, 96L, 64L), Summary.of(network).rows().get(0).outputShape());
    }
    String message = refused(() -> Network.of(plan, grey, classes, Preprocessing.IMAGENET));
    assertEquals(
        "AlexNet (small classifier) takes 1 channel (its first weights, features.0.weight, say so), but its preprocessing says 3 (RGB). Say Preprocessing.builder().grey(), with its own means and deviations: Preprocessing.builder().grey().shortSide(256).crop(224, 224).mean(…).deviation(…).build()",
        message);
    assertTrue(
        refused(() -> Network.of(plan, colour, classes, small))
            .contains("takes 3 channels (its first weights, features.0.weight, say so)"));
  }

  /** A plan says where to look, and a reader may say something else. */
  @Test
  void aPlanAndWhatIsStatedOfIt() {
    Architecture plan = AlexNet.small(2);
    StateDict weights = SmallNetworks.alexNetWeights();
    Classes classes = Classes.of("cat", "dog");
    Stated stated = Stated.NOTHING.targetLayer("features.4");
    try (Network network = Network.of(plan, weights, classes, Preprocessing.IMAGENET, stated)) {
      assertEquals("features.4", network.targetLayer());
      assertTrue(
          network.describe().stream()
              .map(Fact::toString)
              .anyMatch("target layer: features.4 (stated: by the reader)"::equals));
    }
    Stated layout = Stated.NOTHING.layout("features.4", Layout.CHANNELS_LAST);
    assertTrue(
        refused(() -> Network.of(plan, weights, classes, Preprocessing.IMAGENET, layout))
            .contains("its layers put out channels first"));
  }

  /** Its last maps would have no position left. */
  @Test
  void aPictureThatIsTooSmall() {
    Preprocessing tiny = Preprocessing.IMAGENET.toBuilder().size(8, 8).build();
    String message;
    try (Network network = SmallNetworks.alexNet(tiny)) {
      message = refused(() -> network.predict(Picture.of(1, 1, new int[1])));
      assertEquals(Optional.empty(), network.layout("features.11"));
      assertTrue(
          network
              .layoutFact("features.11")
              .toString()
              .contains("the layers take no picture of this size"));
    }
    assertTrue(
        message.startsWith(
            "AlexNet (small classifier) did not run with (1, 3, 8, 8), which is of the size its preprocessing says. A picture is too small for this network"),
        message);
    assertTrue(
        message.contains("State a preprocessing that brings pictures to a larger size"), message);
  }

  private static SequentialBlock block(boolean flat) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
            .add(Activation::relu);
    block.add(flat ? Blocks.batchFlattenBlock() : Pool.globalAvgPool2dBlock());
    return block.add(Linear.builder().setUnits(2).build());
  }

  /** What answers, answers for pictures of whatever sizes. */
  @Test
  void scoresOfPicturesOfTheirOwnSizes() {
    SequentialBlock block = block(false);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 12, 10));
      Preprocessing own = Preprocessing.builder().ownSize().build();
      Picture small = Picture.of(12, 10, (row, column) -> row * column * 0x010203);
      Picture large = Picture.of(20, 30, (row, column) -> row * column * 0x030201);
      try (Network network = Network.of("mine", block, Classes.numbered(2), own)) {
        float[][] together = network.scores(List.of(small, large, small));
        assertEquals(3, together.length);
        assertArrayEquals(network.scores(List.of(small))[0], together[0], 1e-5f);
        assertArrayEquals(network.scores(List.of(large))[0], together[1], 1e-5f);
        assertArrayEquals(network.scores(List.of(small, small))[1], together[2], 1e-5f);
      }
    }
  }

  @Test
  void aLayerHasAName() {
    SequentialBlock block = block(false);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 12, 10));
      Preprocessing own = Preprocessing.builder().size(12, 10).build();
      try (Network network = Network.of("mine", block, Classes.numbered(2), own)) {
        for (Executable asked :
            List.<Executable>of(
                () -> network.layout(null),
                () -> network.layoutFact(null),
                () -> network.requirePositions(null),
                () -> network.rest(manager.ones(network.inputShape()), null),
                () -> network.model().resolve(null),
                () -> network.model().type(null))) {
          assertEquals(
              "Expected the name of a layer, found null.",
              assertThrows(NullPointerException.class, asked).getMessage());
        }
      }
    }
  }

  @Test
  void whatIsStatedIsNotNull() {
    for (Executable stated :
        List.<Executable>of(
            () -> Stated.NOTHING.output(null),
            () -> Stated.NOTHING.input(null, new Constant.Whole(1)),
            () -> Stated.NOTHING.input("age", null),
            () -> Stated.NOTHING.layout(null, Layout.VECTOR),
            () -> Stated.NOTHING.layout("norm", null),
            () -> Stated.NOTHING.targetLayer(null),
            () -> Stated.NOTHING.device(null))) {
      String message = assertThrows(NullPointerException.class, stated).getMessage();
      assertTrue(message != null && message.startsWith("Expected "), () -> "found " + message);
    }
  }

  @Test
  void aPlanHasClasses() {
    assertEquals(
        "A network has at least 1 class and takes pictures of at least 1 pixel, found 0 and 224.",
        assertThrows(IllegalArgumentException.class, () -> ResNet.resNet18(0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> AlexNet.small(-1));
  }

  @Test
  void aShapeHasNoNegativeLengths() {
    assertThrows(IllegalArgumentException.class, () -> Constant.floats(new float[] {1, 2}, -1, -2));
    assertThrows(IllegalArgumentException.class, () -> Constant.wholes(new long[] {1}, -1, -1));
  }

  @Test
  void anOutputThatALayoutDoesNotFit() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray three = manager.zeros(new Shape(1, 2, 3));
      for (Layout layout :
          List.of(
              Layout.CHANNELS_FIRST,
              Layout.CHANNELS_LAST,
              Layout.tokens(0, 7, 7),
              Layout.tokensFirst(0, 7, 7))) {
        String expected =
            "An output of shape (1, 2, 3) has no places as the layout says: %s.".formatted(layout);
        assertEquals(
            expected,
            assertThrows(IllegalArgumentException.class, () -> layout.maps(three)).getMessage());
        assertEquals(
            expected,
            assertThrows(IllegalArgumentException.class, () -> layout.maps(three.getShape()))
                .getMessage());
      }
    }
  }

  @Test
  void aBlockOfOneChannelAndOneSize() {
    SequentialBlock block = block(true);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 12, 10));
      Classes classes = Classes.numbered(2);
      Preprocessing right = Preprocessing.builder().grey().size(12, 10).build();
      try (Network network = Network.of("mine", block, classes, right)) {
        Heatmap map = new GradCam().heatmap(network, source(), "0", Target.of(1));
        assertEquals(List.of(10, 8), List.of(map.height(), map.width()));
        assertTrue(facts(network).contains("fixed by the network"), facts(network));
        assertTrue(facts(network).contains("channels: 1 (grey) (read: first weights 0.weight)"));
        assertTrue(
            facts(network).contains("device: cpu() (read: where its weights are)"), facts(network));
      }
      assertTrue(
          refused(() -> Network.of("mine", block, classes, HALF))
              .contains("mine takes 1 channel (its first weights, 0.weight, say so)"));
      Preprocessing large = right.toBuilder().size(48, 80).build();
      assertTrue(
          refused(() -> Network.of("mine", block, classes, large)).startsWith("mine does not"));
    }
  }

  /** A map of classes is larger for a larger picture, and no reason to call the size fixed. */
  @Test
  void aMapOfClassesDoesNotFixTheSize() {
    Conv2d convolution = Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build();
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      SequentialBlock block = new SequentialBlock().add(convolution);
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 12, 10));
      Preprocessing small = Preprocessing.builder().size(12, 10).build();
      try (Network network = Network.of("map", block, Classes.numbered(2), small)) {
        assertTrue(
            facts(network)
                .contains(
                    "size: 12×10 (height × width), not fixed by the network (found by trial: it runs at 12×10 and at 44×42, where it puts out (1, 2, 42, 40))"),
            facts(network));
      }
    }
  }

  /** Either way the advice is what makes it take pictures as they are given: it ends with a row. */
  @Test
  void channelsThatComeLastAndPicturesWithoutABatch() {
    Preprocessing small = Preprocessing.builder().size(16, 20).build();
    SequentialBlock last =
        new SequentialBlock().add(inputs -> new NDList(inputs.head().transpose(0, 3, 1, 2)));
    SequentialBlock alone =
        new SequentialBlock().add(inputs -> new NDList(inputs.head().expandDims(0)));
    try (NDManager scope = NDManager.newBaseManager()) {
      last.add(block(false)).initialize(scope, DataType.FLOAT32, new Shape(1, 16, 20, 3));
      alone.add(block(false)).initialize(scope, DataType.FLOAT32, new Shape(3, 16, 20));
      String message = refused(() -> Network.of("last", last, Classes.numbered(2), small));
      assertTrue(
          message.endsWith(
              "found by trial: it runs with (1, 16, 20, 3), its channels last. Put a block before it, new LambdaBlock(x -> new NDList(x.head().transpose(0, 2, 3, 1)))."),
          message);
      message = refused(() -> Network.of("alone", alone, Classes.numbered(2), small));
      assertTrue(
          message.endsWith(
              "found by trial: it runs with (3, 16, 20), one picture without a batch. Put a block before it, new LambdaBlock(x -> new NDList(x.head().get(0)))."),
          message);
    }
  }

  @Test
  void volumesAreRefused() {
    Preprocessing small = HALF.toBuilder().size(16, 16).build();
    String message = refused(() -> load("volumes", 4, small));
    assertTrue(
        message.contains(
            "is a network of volumes, not of pictures: its weights c1.weight, shape (4, 3, 3, 3, 3), are those of a 3-D convolution, and it has no others."),
        message);
    message = refused(() -> load("volumes-inside", 4, small));
    assertTrue(message.contains("is a network of volumes, not of pictures"), message);
    try (Network network = load("rectangle", 3, HALF);
        NDManager scope = network.newScope()) {
      NDArray volume = scope.zeros(new Shape(1, 3, 5, 48, 80));
      message = refused(() -> Recording.of(network, volume, List.of("r2")));
      assertTrue(message.contains("is given volumes, shape (1, 3, 5, 48, 80)"), message);
    }
  }

  @Test
  void devices() {
    assertEquals(Device.cpu(), Devices.of("cpu", 0));
    assertEquals(Device.gpu(0), Devices.of("gpu", 1));
    assertEquals(Device.gpu(1), Devices.of("gpu1", 2));
    String none = refused(() -> Devices.of("gpu0", 0));
    assertTrue(none.startsWith("'gpu0' was asked for, but PyTorch"), none);
    assertTrue(none.contains("finds no GPU here. Leave the device out"), none);
    assertTrue(refused(() -> Devices.of("gpu2", 2)).contains("finds gpu0 to gpu1 here"));
    assertTrue(refused(() -> Devices.of("cuda:0", 1)).contains("expected 'cpu', or 'gpu0'"));
    Stated cpu = Stated.NOTHING.device("cpu");
    try (Network network =
        TorchScript.load(TestFiles.path("input/any.pt"), Classes.numbered(4), HALF, cpu)) {
      assertEquals(Device.cpu(), network.device());
      assertTrue(facts(network).contains("device: cpu() (stated: cpu)"), facts(network));
    }
    Stated other = Stated.NOTHING.device("tpu");
    assertTrue(
        refused(
                () ->
                    TorchScript.load(
                        TestFiles.path("input/any.pt"), Classes.numbered(4), HALF, other))
            .contains("There is no device 'tpu'"));
  }
}

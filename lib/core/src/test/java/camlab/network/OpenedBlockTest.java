package camlab.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import camlab.cam.Cam;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GradientTimesInput;
import camlab.cam.LayerwiseRelevance;
import camlab.cam.ScoreCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.picture.Preprocessing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DJL blocks that were not made by the library. */
class OpenedBlockTest {

  private static final Target TARGET = Target.of(1);

  private static Preprocessing size(int size) {
    return new Preprocessing(
        size, size, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());
  }

  private static SequentialBlock resNet() {
    return ResNetV1.builder()
        .setImageShape(new Shape(3, 28, 28))
        .setNumLayers(8)
        .setOutSize(4)
        .build();
  }

  private static NDArray noise(NDManager scope, long seed, Shape shape) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, shape);
  }

  /** Seeded values for all parameters: the engine's own come from a generator all tests share. */
  private static void fill(Block block) {
    Random random = new Random(3);
    for (Parameter parameter : block.getParameters().values()) {
      NDArray array = parameter.getArray();
      if (array.getShape().dimension() > 1) {
        float scale = (float) Math.sqrt(2.0 * array.getShape().get(0) / array.size());
        float[] values = new float[(int) array.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = scale * (float) random.nextGaussian();
        }
        array.subi(array.stopGradient().duplicate());
        array.addi(array.getManager().create(values, array.getShape()));
      }
    }
  }

  private static SequentialBlock small() {
    return new SequentialBlock()
        .add(Layers.plainConvolution(8, 3, 1, 1))
        .add(Layers.batchNorm())
        .add(Layers.relu())
        .add(Layers.convolution(6, 3, 2, 1))
        .add(Layers.relu())
        .add(Layers.adaptiveAveragePool(1))
        .add(Layers.flatten())
        .add(Layers.linear(120));
  }

  /** The same weights in another type: as the network of single precision, but for rounding. */
  @ParameterizedTest
  @CsvSource({"FLOAT64, double precision, 1e-5", "FLOAT16, half precision, 2e-2"})
  void weightsOfAnotherType(DataType type, String words, float rounding) {
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock single = small();
      SequentialBlock other = small();
      single.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 16, 16));
      other.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 16, 16));
      fill(single);
      List<Parameter> from = single.getParameters().values();
      List<Parameter> to = other.getParameters().values();
      for (int i = 0; i < from.size(); i++) {
        // DJL draws no first weights of half precision: they come about by being turned into it.
        to.get(i).close();
        to.get(i).setShape(null);
        to.get(i).setArray(from.get(i).getArray().toType(type, true));
      }
      Classes classes = Classes.numbered(120);
      try (LayeredNetwork expected = Network.of("single", single, classes, size(16));
          LayeredNetwork network = Network.of("other", other, classes, size(16))) {
        assertTrue(network.description().contains("type: " + words), network.description());
        assertFalse(expected.description().contains("type: "), expected.description());
        NDArray input = noise(scope, 5, new Shape(2, 3, 16, 16));
        NDArray logits = network.run(input);
        assertEquals(DataType.FLOAT32, logits.getDataType());
        assertArrayEquals(expected.run(input).toFloatArray(), logits.toFloatArray(), 2 * rounding);
        assertEquals(expected.targetLayer(), network.targetLayer());
        List<CamMethod> methods =
            new ArrayList<>(List.of(new GradCam(), new ScoreCam(), new GradientTimesInput()));
        if (type == DataType.FLOAT64) {
          // They add up what they share out, and refuse what is rounded so coarsely.
          methods.addAll(List.of(new LayerwiseRelevance(), new Cam()));
        }
        try (Recording right = Recording.of(expected, input, List.of("4", "input"));
            Recording recording = Recording.of(network, input, List.of("4", "input"))) {
          for (CamMethod method : methods) {
            float[] map = method.heatmap(right, "4", TARGET).values();
            float[] found = method.heatmap(recording, "4", TARGET).values();
            double largest =
                IntStream.range(0, map.length).mapToDouble(k -> Math.abs(map[k])).max().orElse(0);
            assertTrue(largest > 0, method.name());
            assertArrayEquals(map, found, (float) (rounding * largest), method.name());
          }
        }
      }
    }
  }

  /** y = mean over positions of 2a + 3a, with a = relu(x₀ + x₁ + x₂): ∂y/∂a = 5/4 everywhere. */
  @Test
  void aCaseByHand() {
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .addSingleton(x -> x.sum(new int[] {1}, true), "channels")
              .add(Activation.reluBlock())
              .add(
                  new ParallelBlock(
                      outputs ->
                          new NDList(
                              outputs
                                  .get(0)
                                  .singletonOrThrow()
                                  .add(outputs.get(1).singletonOrThrow())),
                      List.of(
                          LambdaBlock.singleton(a -> a.mul(2), "double"),
                          new SequentialBlock()
                              .addSingleton(a -> a.mul(3), "triple")
                              .add(new SequentialBlock()))))
              .addSingleton(a -> NDArrays.concat(new NDList(a, a.neg()), 1), "both")
              .addSingleton(a -> a.mean(new int[] {2}).mean(new int[] {2}), "pool");
      try (LayeredNetwork network =
          Network.of("by hand", block, Classes.of("plus", "minus"), size(2))) {
        assertEquals(List.of("0", "1", "2.0", "2.1.0", "2.join", "3", "4"), network.layers());
        assertEquals(
            List.of("channels", "ReLU", "double", "triple", "Join", "both", "pool"),
            network.layers().stream().map(network.model()::type).toList());
        assertEquals("2.join", network.model().resolve("2"));
        assertEquals("2.join", network.targetLayer());
        NDArray input = scope.arange(12f).reshape(1, 3, 2, 2);
        List<String> layers = List.of("1", "2.0", "2.1", "2");
        try (Recording recording = Recording.of(network, input, layers)) {
          assertArrayEquals(new float[] {12, 15, 18, 21}, recording.activations("1").values(), 0);
          assertArrayEquals(new float[] {60, 75, 90, 105}, recording.activations("2").values(), 0);
          assertEquals(82.5, recording.score(Target.of("plus"), 0), 1e-5);
          Target plus = Target.of("plus");
          Target minus = Target.of("minus");
          assertArrayEquals(all(1.25f), recording.gradients("1", plus).values(), 1e-6f);
          assertArrayEquals(all(-1.25f), recording.gradients("1", minus).values(), 1e-6f);
          assertArrayEquals(all(0.25f), recording.gradients("2.0", plus).values(), 1e-6f);
          assertArrayEquals(all(0.25f), recording.gradients("2.1", plus).values(), 1e-6f);
          assertArrayEquals(all(0.25f), recording.gradients("2", plus).values(), 1e-6f);
        }
      }
    }
  }

  private static float[] all(float value) {
    return new float[] {value, value, value, value};
  }

  @Test
  void djlsResNet() {
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block = resNet();
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 28, 28));
      fill(block);
      NDArray input = noise(scope, 1, new Shape(2, 3, 28, 28));
      float[] alone =
          block
              .forward(new ParameterStore(scope, false), new NDList(input), false)
              .singletonOrThrow()
              .toFloatArray();
      try (LayeredNetwork network =
          Network.of("ResNet of DJL", block, Classes.numbered(4), size(28))) {
        assertEquals("3.join", network.targetLayer());
        assertEquals(List.of("1.join", "2.join", "3.join"), network.stages());
        assertTrue(network.layers().containsAll(List.of("2.0.3", "2.1.0", "3.0.4", "6")));
        assertArrayEquals(alone, network.run(input).toFloatArray());
        try (Recording recording = Recording.of(network, input, List.of("1", "2.0.3", "3"))) {
          assertArrayEquals(alone, recording.logits().toFloatArray());
          for (String layer : recording.layers()) {
            assertSlope(network, recording, input, layer);
          }
          Heatmap map = new GradCam().heatmap(recording, "3", TARGET);
          assertEquals(7, map.height());
        }
        assertEquals(
            block.getParameters().values().stream()
                .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_MEAN)
                .filter(parameter -> parameter.getType() != Parameter.Type.RUNNING_VAR)
                .mapToLong(parameter -> parameter.getArray().size())
                .sum(),
            network.parameterCount());
      }
    }
  }

  /** The gradient along a random direction against the difference of two runs. */
  private static void assertSlope(
      LayeredNetwork network, Recording recording, NDArray input, String layer) {
    try (NDManager scope = network.newScope()) {
      NDArray gradient = recording.gradient(layer, TARGET);
      NDArray direction = noise(scope, 7, gradient.getShape()).add(gradient.sign());
      float step = 1e-3f;
      double expected = 0;
      for (int sign : new int[] {1, -1}) {
        NDArray change = direction.mul(sign * step);
        NDArray logits =
            network.run(
                input,
                (at, output) ->
                    at.name().equals(network.model().resolve(layer)) ? output.add(change) : output);
        expected += sign * (double) logits.get(":, 1").sum().getFloat() / (2 * step);
      }
      double found = gradient.mul(direction).sum().getFloat();
      assertTrue(Math.abs(found) > 0.1, layer);
      assertEquals(expected, found, 0.01 * Math.abs(expected), layer);
    }
  }

  /** Two models alike are trained alike; one is looked at in between. */
  @Test
  void lookingAtAModelDoesNotChangeItsTraining() throws IOException {
    try (Model seen = model();
        Model unseen = model()) {
      seen.getBlock().initialize(seen.getNDManager(), DataType.FLOAT32, new Shape(4, 3, 28, 28));
      fill(seen.getBlock());
      copy(seen.getBlock(), unseen);
      try (Trainer first = trainer(seen);
          Trainer second = trainer(unseen)) {
        train(first, 0, 2);
        train(second, 0, 2);
        byte[] before = bytes(seen.getBlock());
        boolean mode = JniUtils.isGradMode();
        look(seen);
        assertEquals(mode, JniUtils.isGradMode());
        assertArrayEquals(before, bytes(seen.getBlock()));
        for (Parameter parameter : seen.getBlock().getParameters().values()) {
          assertEquals(trained(parameter), parameter.requiresGradient(), parameter.getName());
        }
        train(first, 2, 4);
        train(second, 2, 4);
        assertArrayEquals(bytes(unseen.getBlock()), bytes(seen.getBlock()));
        assertFalse(Arrays.equals(before, bytes(seen.getBlock())));
      }
    }
  }

  private static boolean trained(Parameter parameter) {
    return parameter.getType() != Parameter.Type.RUNNING_MEAN
        && parameter.getType() != Parameter.Type.RUNNING_VAR;
  }

  /** Also while a gradient of the training is waiting to be used. */
  private static void look(Model model) {
    NDArray waiting =
        model.getBlock().getParameters().values().get(0).getArray().getGradient().duplicate();
    try (LayeredNetwork network = Network.of(model, Classes.numbered(4), size(28));
        NDManager scope = network.newScope()) {
      assertEquals("small", network.name());
      NDArray input = noise(scope, 9, new Shape(1, 3, 28, 28));
      try (Recording recording = Recording.of(network, input, network.layers().subList(0, 12))) {
        assertTrue(recording.gradient("0", TARGET).abs().max().getFloat() > 0);
      }
    }
    try (NDArray after =
        model.getBlock().getParameters().values().get(0).getArray().getGradient()) {
      assertArrayEquals(waiting.toFloatArray(), after.toFloatArray());
    }
    waiting.close();
  }

  private static Model model() {
    Model model = Model.newInstance("small");
    model.setBlock(resNet());
    return model;
  }

  private static Trainer trainer(Model model) {
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(
                    Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build()));
    trainer.initialize(new Shape(4, 3, 28, 28));
    return trainer;
  }

  private static void train(Trainer trainer, int from, int to) {
    for (int step = from; step < to; step++) {
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray batch = noise(scope, 100 + step, new Shape(4, 3, 28, 28));
        NDList labels = new NDList(scope.create(new float[] {0, 1, 2, 3}));
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList logits = trainer.forward(new NDList(batch));
          collector.backward(trainer.getLoss().evaluate(labels, logits));
        }
        trainer.step();
      }
    }
  }

  private static byte[] bytes(Block block) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    block.saveParameters(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void copy(Block from, Model to) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes(from)))) {
      to.getBlock().loadParameters(to.getNDManager(), in);
    } catch (MalformedModelException e) {
      throw new IOException(e);
    }
  }

  /** A block that keeps to itself what it does with its children. */
  private static final class Residual extends AbstractBlock {

    private final Block inner;

    Residual(int units) {
      inner = addChildBlock("inner", Linear.builder().setUnits(units).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      NDArray output = inner.forward(parameters, inputs, training).singletonOrThrow();
      return new NDList(output.add(inputs.singletonOrThrow()));
    }

    @Override
    protected void initializeChildBlocks(NDManager scope, DataType type, Shape... shapes) {
      inner.initialize(scope, type, shapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  @Test
  void aBlockWithCodeOfItsOwnIsOneLayer() {
    try (NDManager scope = NDManager.newBaseManager()) {
      SequentialBlock block =
          new SequentialBlock()
              .addSingleton(x -> x.get(":, :2"), "first")
              .add(new Residual(2))
              .addSingleton(x -> x.mean(new int[] {2}).mean(new int[] {2}), "pool");
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
      try (LayeredNetwork network = Network.of("own", block, Classes.numbered(2), size(2))) {
        // Its maps are the classes' scores already: of each score one channel counts.
        NotApplicableException noDefault =
            assertThrows(NotApplicableException.class, network::targetLayer);
        assertTrue(
            noDefault.getMessage().contains("1 (Residual) · 1 × 2 × 2 × 2 · "),
            noDefault.getMessage());
      }
      SequentialBlock wider = new SequentialBlock().addSingleton(x -> x.mul(1), "same").add(block);
      try (LayeredNetwork network = Network.of("own", wider, Classes.numbered(2), size(2))) {
        assertEquals(List.of("0", "1.0", "1.1", "1.2"), network.layers());
        assertEquals("Residual", network.model().type("1.1"));
        assertEquals(6, network.parameterCount());
        assertEquals(
            List.of("'1.1' (Residual)"),
            network.describe().stream()
                .filter(fact -> fact.what().equals("one layer each"))
                .map(Fact::value)
                .toList());
        assertEquals(2, network.graph().namedParameters().size());
      }
    }
  }

  /** Two scores of a picture of 2 by 2, by code of its own. */
  private static final class Scores extends AbstractBlock {

    private final Block dense =
        addChildBlock("dense", Linear.builder().setUnits(2).optBias(false).build());

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      NDArray rows = inputs.head().reshape(-1, 12);
      return dense.forward(parameters, new NDList(rows.mul(rows)), training);
    }

    @Override
    protected void initializeChildBlocks(NDManager scope, DataType type, Shape... shapes) {
      dense.initialize(scope, type, new Shape(1, 12));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {new Shape(inputShapes[0].get(0), 2)};
    }
  }

  /**
   * Of the second score, the sum of w x², the gradient at a place is 2 w x: with x from 1 to 12 and
   * w = −1, 1, 0 for the three channels, times x, it is 2 ((x + 4)² − x²) for x from 1 to 4.
   */
  @Test
  void aBlockOfOnesOwnIsANetworkOfOneLayer() {
    try (NDManager scope = NDManager.newBaseManager()) {
      Scores block = new Scores();
      block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
      float[] weights = new float[24];
      Arrays.fill(weights, 12, 16, -1);
      Arrays.fill(weights, 16, 20, 1);
      block.dense.getDirectParameters().valueAt(0).getArray().set(weights);
      try (LayeredNetwork network = Network.of("own", block, Classes.numbered(2), size(2))) {
        assertEquals(List.of("Scores"), network.layers());
        NDArray picture = scope.arange(1f, 13f).reshape(1, 3, 2, 2);
        assertArrayEquals(
            new float[] {0, 25 + 36 + 49 + 64 - 1 - 4 - 9 - 16},
            network.run(picture).toFloatArray());
        try (Recording recording = Recording.of(network, picture, List.of("Scores"))) {
          Heatmap map = new GradientTimesInput().heatmap(recording, "Scores", TARGET);
          assertArrayEquals(new float[] {48, 64, 80, 96}, map.values(), 1e-4f);
        }
        String noLayer =
            assertThrows(NotApplicableException.class, network::targetLayer).getMessage();
        assertTrue(noLayer.contains("or in one block that runs all others itself"), noLayer);
        assertTrue(noLayer.contains("GradientSaliency"), noLayer);
      }
    }
  }

  /** Each of its outputs is one of its children's; which counts is stated. */
  @Test
  void aSequenceThatPutsOutAllItsStepsIsOneLayer() {
    SequentialBlock steps =
        scores(new SequentialBlock().addSingleton(x -> x.mul(1), "same"))
            .setReturnIntermediate(true);
    assertRefused("puts out 3 arrays", steps);
    try (NDManager scope = NDManager.newBaseManager();
        LayeredNetwork network =
            Network.of("own", steps, Classes.numbered(2), size(2), Stated.NOTHING.output(2))) {
      NDArray picture = scope.arange(1f, 13f).reshape(1, 3, 2, 2);
      assertArrayEquals(new float[] {2.5f, 6.5f}, network.run(picture).toFloatArray());
    }
  }

  /** Each for itself, so that they sum to nothing in particular. */
  @Test
  void perCentOfEachClassAreNoLogits() {
    SequentialBlock perCent =
        scores(new SequentialBlock()).addSingleton(x -> Activation.sigmoid(x).mul(100), "per cent");
    for (Classes classes : List.of(Classes.numbered(2), Classes.independent("a", "b"))) {
      String refused =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Network.of("perCent", perCent, classes, size(2)))
              .getMessage();
      assertTrue(refused.startsWith("perCent puts out per cent: in 7 trials"), refused);
    }
    Network.of("perCent", perCent, Classes.values(2), size(2)).close();
  }

  /** Whether a mean is above 0 for a blank picture and for noise: numbers that only jump. */
  @Test
  void decisionsAreNoLogits() {
    for (Classes classes :
        List.of(Classes.numbered(2), Classes.oneOf("a", "b"), Classes.independent("a", "b"))) {
      String refused =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Network.of("hard", decisions(), classes, size(2)))
              .getMessage();
      assertTrue(
          refused.startsWith("hard puts out whole numbers alone, in 7 trials, and no gradient"),
          refused);
    }
    Network.of("hard", decisions(), Classes.values(2), size(2)).close();
  }

  private static SequentialBlock decisions() {
    return scores(new SequentialBlock())
        .addSingleton(x -> x.gt(0).toType(DataType.FLOAT32, false), "hard");
  }

  @Test
  void aModelWithoutABlockIsNamed() {
    try (Model model = Model.newInstance("empty")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> Network.of(model, Classes.numbered(2), size(2)));
      assertTrue(refused.getMessage().startsWith("The model 'empty' has no block."));
    }
  }

  /** DJL has operations that it refuses for this engine, by an exception of another kind. */
  @Test
  void anOperationThatDjlLacksIsASentence() {
    SequentialBlock block =
        new SequentialBlock()
            .addSingleton(x -> x.get(":, :2"), "first")
            .addSingleton(x -> x.mean(new int[] {2, 3}), "pool");
    assertRefused("The engine says: Only 1 axis is support! If it was made", block);
  }

  @Test
  void aBlockThatTakesMoreThanAPicture() {
    assertRefused(
        "IndexOutOfBoundsException: Index 1 out of bounds for length 1. Look at its code: if it takes more arrays than come out of the layers before it",
        new SequentialBlock().add(inputs -> new NDList(inputs.get(1))));
  }

  /** What is advised for decisions; a layer of them has neither maps nor a gradient. */
  @Test
  void wholeNumbersAsPlainValues() {
    SequentialBlock block =
        scores(new SequentialBlock()).addSingleton(x -> x.toType(DataType.INT32, false), "whole");
    try (NDManager scope = NDManager.newBaseManager();
        LayeredNetwork network = Network.of("whole", block, Classes.values(2), size(2));
        Recording recording =
            Recording.of(network, scope.full(new Shape(1, 3, 2, 2), 7.5f), List.of("2"))) {
      assertTrue(network.description().contains("target layer: none"), network.description());
      assertArrayEquals(new float[] {7, 7}, recording.logits().toFloatArray());
      String refused =
          assertThrows(NotApplicableException.class, () -> recording.activation("2")).getMessage();
      assertTrue(refused.contains("or puts out no numbers with a fraction"), refused);
    }
  }

  @Test
  void aBlockThatGivesNull() {
    assertRefused(
        "gave null. Let its forwardInternal return a list of one array.",
        new SequentialBlock().add(inputs -> null));
  }

  /** A block whose child puts out two arrays, which it adds. */
  private static final class Both extends AbstractBlock {

    private final Block two =
        addChildBlock(
            "two", new LambdaBlock(x -> new NDList(x.head(), x.head().mul(2)), "once and twice"));

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
      NDList both = two.forward(parameters, inputs, training);
      return new NDList(both.get(0).add(both.get(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  private static SequentialBlock scores(SequentialBlock maps) {
    return maps.addSingleton(x -> x.get(":, :2"), "first")
        .addSingleton(x -> x.mean(new int[] {2}).mean(new int[] {2}), "pool");
  }

  /** Of the score, the mean of 3 x over four places, the gradient is a quarter at each. */
  @Test
  void aBlockWhoseChildPutsOutSeveralArraysHasTheMapOfItsSum() {
    try (NDManager scope = NDManager.newBaseManager();
        LayeredNetwork network =
            Network.of(
                "own",
                scores(new SequentialBlock().addSingleton(x -> x.mul(1), "same").add(new Both())),
                Classes.numbered(2),
                size(2))) {
      NDArray input = scope.create(new float[] {9, 9, 9, 9, 1, -2, 3, 4, 9, 9, 9, 9});
      NDArray picture = input.reshape(1, 3, 2, 2);
      try (Recording recording = Recording.of(network, picture, List.of("1"))) {
        Heatmap map = new GradCam().heatmap(recording, "1", TARGET);
        assertArrayEquals(new float[] {0.75f, 0, 2.25f, 3}, map.values(), 1e-6f);
      }
    }
  }

  /** Whoever takes them may be anywhere in the block, so they are no layer of their own. */
  @Test
  void severalArraysInsideAnOpenedBlockAreRefusedWithWhatToDo() {
    String what =
        "Layer '0' (SequentialBlock) puts out 2 arrays; a layer has one output. Put it and what takes them into one block with a forwardInternal of its own: that is one layer.";
    SequentialBlock intermediate =
        new SequentialBlock()
            .add(Blocks.identityBlock())
            .addSingleton(x -> x.mul(2), "twice")
            .setReturnIntermediate(true);
    assertRefused(
        what,
        scores(
            new SequentialBlock()
                .add(intermediate)
                .add(new LambdaBlock(x -> new NDList(x.get(0).add(x.get(1))), "sum"))));
    ParallelBlock parallel =
        new ParallelBlock(branches -> new NDList(branches.get(0).get(1)), List.of(intermediate));
    assertRefused(what.replace("'0'", "'0.0'"), scores(new SequentialBlock().add(parallel)));
  }

  private static void assertRefused(String part, Block block) {
    try (NDManager scope = NDManager.newBaseManager()) {
      if (!block.getParameters().isEmpty()) {
        block.initialize(scope, DataType.FLOAT32, new Shape(1, 3, 2, 2));
      }
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> Network.of("refused", block, Classes.numbered(2), size(2)));
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
  }

  @Test
  void mistakesAreNamed() {
    assertRefused(
        "'1' (LambdaBlock) puts out 2 arrays",
        new SequentialBlock()
            .add(Blocks.identityBlock())
            .add(inputs -> new NDList(inputs.head(), inputs.head())));
    assertRefused("expected (1, 2)", new SequentialBlock().add(Blocks.batchFlattenBlock()));
    IllegalArgumentException empty =
        assertThrows(
            IllegalArgumentException.class,
            () -> Network.of("empty", resNet(), Classes.numbered(4), size(28)));
    assertTrue(empty.getMessage().contains("without values"), empty.getMessage());
  }

  /** A program inside a block lets no gradient through when it runs as it is when trained. */
  @Test
  void aProgramInsideABlockIsRefused() throws Exception {
    try (Model model = Model.newInstance("program")) {
      model.load(TorchScriptFiles.path("vgg.traced.pt").getParent(), "vgg.traced");
      SequentialBlock block =
          new SequentialBlock().add(Blocks.identityBlock()).add(model.getBlock());
      IllegalArgumentException inside =
          assertThrows(
              IllegalArgumentException.class,
              () -> Network.of("inside", block, Classes.numbered(10), size(64)));
      assertTrue(inside.getMessage().contains("'1' is a program"), inside.getMessage());
      IllegalArgumentException whole =
          assertThrows(
              IllegalArgumentException.class,
              () -> Network.of(model, Classes.numbered(10), size(64)));
      assertTrue(whole.getMessage().contains("TorchScript.load"), whole.getMessage());
    }
  }
}

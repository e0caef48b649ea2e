package camlab.djl;

import static camlab.network.Closed.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import camlab.TestFiles;
import camlab.cam.Blank;
import camlab.cam.GradCam;
import camlab.cam.GradientSaliency;
import camlab.cam.Occlusion;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.ComputationException;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Region;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.network.Prediction;
import camlab.network.Stated;
import camlab.network.TorchScriptFiles;
import camlab.network.torchscript.TorchScript;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Programs of DJL that get a heatmap. */
class TranslatedNetworkTest {

  private static final int SIZE = 64;
  private static final List<String> NAMES =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  private static ImageClassificationTranslator translator(boolean softmax, List<String> names) {
    return ImageClassificationTranslator.builder()
        .setImageSize(SIZE, SIZE)
        .addTransform(new Resize(SIZE, SIZE))
        .addTransform(new ToTensor())
        .optSynset(names)
        .optApplySoftmax(softmax)
        .build();
  }

  /** As a program of DJL loads a TorchScript file. */
  private static ZooModel<Image, Classifications> program(boolean softmax) throws Exception {
    return Criteria.builder()
        .setTypes(Image.class, Classifications.class)
        .optModelPath(TorchScriptFiles.path("functions.traced.pt"))
        .optTranslator(translator(softmax, NAMES))
        .build()
        .loadModel();
  }

  private static Picture picture() {
    return Picture.of(SIZE, SIZE, new Random(3).ints((long) SIZE * SIZE, 0, 1 << 24).toArray());
  }

  private static Image image() {
    return ImageFactory.getInstance().fromImage(picture().toImage());
  }

  @Test
  void aModelOfCriteriaGetsAHeatmapInThreeLines() throws Exception {
    Image image = image();
    Heatmap found;
    try (ZooModel<Image, Classifications> model = program(true)) {
      try (TranslatedNetwork network = TranslatedNetwork.of(model)) {
        found = network.heatmap(new GradCam(), image, "seven");
      }
    }
    Preprocessing plain = Preprocessing.builder().size(SIZE, SIZE).build();
    try (Network network =
            TorchScript.load(
                TorchScriptFiles.path("functions.traced.pt"), new Classes(NAMES), plain);
        NDManager scope = network.newScope();
        Recording recording =
            Recording.of(network, pixels(scope), List.of(network.targetLayer()))) {
      Heatmap expected =
          new GradCam().heatmap(recording, network.targetLayer(), Target.of("seven"));
      assertEquals(expected.height(), found.height());
      assertArrayEquals(expected.values(), found.values(), 1e-7f);
      assertTrue(found.max() > 0);
    }
    // How a larger image is cut, the translator does not tell.
    assertEquals(SIZE, found.placed(SIZE, SIZE).map().width());
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> found.placed(2 * SIZE, SIZE))
            .getMessage()
            .contains("how one of another size was cut is not known"));
  }

  /** Red, green and blue in [0, 1], by plain arithmetic. */
  private static NDArray pixels(NDManager scope) {
    Picture picture = picture();
    float[] values = new float[3 * SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      int place = i % (SIZE * SIZE);
      int shift = 16 - 8 * (i / (SIZE * SIZE));
      values[i] = (picture.rgb(place / SIZE, place % SIZE) >> shift & 255) / 255f;
    }
    return scope.create(values, new Shape(1, 3, SIZE, SIZE));
  }

  @Test
  void itSaysWhatDjlSays() throws Exception {
    try (ZooModel<Image, Classifications> model = program(true);
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      List<String> told = network.describe().stream().map(Fact::what).toList();
      assertTrue(told.contains("translator"), told.toString());
      assertFalse(told.contains("mean") || told.contains("scale"), "the translator's own");
      assertEquals(Meaning.ONE_OF_SEVERAL, network.network().meaning());
      Classifications expected = predictor.predict(image());
      for (Prediction prediction : network.predict(image())) {
        assertEquals(
            expected.getProbabilities().get(prediction.index()), prediction.probability(), 1e-6);
      }
      DjlPredictor asked = DjlPredictor.of("asked", predictor);
      assertEquals(NAMES, asked.classes().names());
      assertEquals(Meaning.PROBABILITIES, asked.classes().meaning());
      assertEquals(expected.best().getClassName(), asked.predict(picture()).get(0).name());
      assertEquals(
          expected.best().getProbability(), asked.predict(picture()).get(0).probability(), 1e-6);
      assertEquals(
          expected.getProbabilities().get(4), asked.scores(List.of(picture()))[0][4], 1e-6);
    }
  }

  /**
   * The translator's softmax is in the predictor's numbers, so of the network P(seven) is asked.
   */
  @Test
  void aPredictorIsAskedAsItsNetworkIs() throws Exception {
    try (ZooModel<Image, Classifications> model = program(true);
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      Heatmap found =
          new Occlusion(16, 16, Blank.BLACK)
              .heatmap(DjlPredictor.of("asked", predictor), picture(), "seven");
      Heatmap expected =
          network.heatmap(
              new Occlusion(16, 16, Blank.zero()),
              image(),
              "relu_2",
              Target.of("seven").probability());
      assertTrue(expected.max() - expected.min() > 1e-4, expected.toString());
      assertEquals(0, found.maxDifference(expected), 1e-6);
    }
  }

  @Test
  void withoutSoftmaxNobodySaysWhatTheNumbersMean() throws Exception {
    try (ZooModel<Image, Classifications> model = program(false);
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      assertEquals(Meaning.UNSTATED, network.network().meaning());
      DjlPredictor asked = DjlPredictor.of("asked", predictor);
      Prediction first = asked.predict(picture()).get(0);
      assertThrows(NotApplicableException.class, first::probability);
      assertEquals(network.predict(image()).get(0).logit(), first.logit(), 1e-5);
      double[] numbers =
          predictor.predict(image()).getProbabilities().stream().mapToDouble(p -> p).toArray();
      double sum = Arrays.stream(numbers).map(Math::exp).sum();
      assertEquals(
          Math.exp(first.logit()) / sum,
          DjlPredictor.of("asked", predictor, Meaning.ONE_OF_SEVERAL)
              .predict(picture())
              .get(0)
              .probability(),
          1e-6);
    }
  }

  @Test
  void aModelOfBlocksOpensLikewise(@TempDir Path folder) throws Exception {
    try (ZooModel<Image, Classifications> model = blocks(folder);
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      Classifications expected = predictor.predict(image());
      for (Prediction prediction : network.predict(image())) {
        assertEquals(
            expected.getProbabilities().get(prediction.index()), prediction.probability(), 1e-6);
      }
      assertEquals(List.of("1.join", "2.join", "3.join"), network.network().stages());
    }
  }

  /** Three classes of the mean red, green and blue, times 8; an end; and perhaps a softmax more. */
  private static void assertTold(UnaryOperator<NDArray> end, boolean softmax, boolean differs)
      throws Exception {
    try (Model model = Model.newInstance("ended")) {
      model.setBlock(
          new SequentialBlock()
              .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}).mul(8), "colours")
              .addSingleton(end, "end"));
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, 8, 8));
      List<String> names = List.of("red", "green", "blue");
      ImageClassificationTranslator translator = translator(softmax, names);
      int[] pixels = new int[SIZE * SIZE];
      Arrays.fill(pixels, 0xFFFF6633);
      Image image = ImageFactory.getInstance().fromPixels(pixels, SIZE, SIZE);
      double[] logits = {8, 8 * 102 / 255.0, 8 * 51 / 255.0};
      try (Predictor<Image, Classifications> predictor = model.newPredictor(translator);
          TranslatedNetwork network = TranslatedNetwork.of(model, translator)) {
        List<Double> told = predictor.predict(image).getProbabilities();
        for (Prediction prediction : network.predict(image)) {
          assertEquals(logits[prediction.index()], prediction.logit(), 1e-5);
          assertEquals(told.get(prediction.index()), prediction.probability(), 1e-6);
          double own = softmax(logits)[prediction.index()];
          double twice = softmax(softmax(logits))[prediction.index()];
          assertEquals(differs ? twice : own, prediction.probability(), 1e-6);
        }
        String facts = network.describe().toString();
        assertEquals(differs, facts.contains("what DJL's predictor tells is not what"), facts);
        assertEquals(differs, facts.contains("Predictions are the predictor's here"), facts);
      }
      Classes stated = new Classes(names).as(Meaning.ONE_OF_SEVERAL);
      try (TranslatedNetwork network =
          TranslatedNetwork.of(model, translator, stated, Stated.NOTHING)) {
        assertEquals(softmax(logits)[0], network.predict(image).get(0).probability(), 1e-6);
        String facts = network.describe().toString();
        assertEquals(differs, facts.contains("Predictions are the network's here"), facts);
      }
    }
  }

  private static double[] softmax(double[] numbers) {
    double sum = Arrays.stream(numbers).map(Math::exp).sum();
    return Arrays.stream(numbers).map(number -> Math.exp(number) / sum).toArray();
  }

  /** The model's own softmax is taken off, but its predictor's numbers have been through two. */
  @Test
  void aTranslatorThatTakesAnotherSoftmaxIsTold() throws Exception {
    assertTold(x -> x.softmax(1), true, true);
    assertTold(x -> x.softmax(1), false, false);
    assertTold(x -> x.logSoftmax(1), true, false);
    assertTold(x -> x, true, false);
  }

  /** So with a program, whose file is read once more. */
  @Test
  void aProgramBehindATranslatorThatTakesAnotherSoftmax() throws Exception {
    ImageClassificationTranslator translator =
        ImageClassificationTranslator.builder()
            .setImageSize(32, 32)
            .addTransform(new Resize(32, 32))
            .addTransform(new ToTensor())
            .optSynset(List.of("a", "b", "c", "d"))
            .optApplySoftmax(true)
            .build();
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optModelPath(TestFiles.path("outputs/softmax.traced.pt"))
            .optTranslator(translator)
            .build();
    try (ZooModel<Image, Classifications> model = criteria.loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      List<Double> told = predictor.predict(image()).getProbabilities();
      List<Prediction> predictions = network.predict(image());
      double[] logits = new double[4];
      predictions.forEach(prediction -> logits[prediction.index()] = prediction.logit());
      for (Prediction prediction : predictions) {
        assertEquals(told.get(prediction.index()), prediction.probability(), 1e-6);
        assertEquals(softmax(softmax(logits))[prediction.index()], prediction.probability(), 1e-6);
      }
      assertTrue(network.describe().toString().contains("what DJL's predictor tells is not what"));
    }
  }

  /** A model made of blocks, as a program of DJL loads it. */
  private static ZooModel<Image, Classifications> blocks(Path folder) throws Exception {
    List<String> names = NAMES.subList(0, 4);
    try (Model saved = Model.newInstance("blocks")) {
      saved.setBlock(block());
      saved
          .getBlock()
          .initialize(saved.getNDManager(), DataType.FLOAT32, new Shape(1, 3, SIZE, SIZE));
      saved.save(folder, "blocks");
    }
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optBlock(block())
            .optModelPath(folder)
            .optModelName("blocks")
            .optTranslator(translator(true, names))
            .build();
    return criteria.loadModel();
  }

  private static Block block() {
    return ResNetV1.builder()
        .setImageShape(new Shape(3, 28, 28))
        .setNumLayers(8)
        .setOutSize(4)
        .build();
  }

  @Test
  void anotherNumberOfClassesIsNamed() throws Exception {
    try (ZooModel<Image, Classifications> model = program(true)) {
      ImageClassificationTranslator three = translator(true, NAMES.subList(0, 3));
      assertThrows(RuntimeException.class, () -> TranslatedNetwork.of(model, three));
    }
  }

  @Test
  void aClosedOneSaysSoWhateverItIsAsked() throws Exception {
    try (ZooModel<Image, Classifications> model = program(true)) {
      TranslatedNetwork network = TranslatedNetwork.of(model);
      String layer = network.network().targetLayer();
      network.close();
      network.close();
      try (NDManager scope = NDManager.newBaseManager()) {
        Map<String, Executable> tasks = new LinkedHashMap<>();
        tasks.put("record", () -> network.record(image(), layer));
        tasks.put("heatmap", () -> network.heatmap(new GradCam(), image(), "seven"));
        tasks.put(
            "layer", () -> network.heatmap(new GradCam(), image(), layer, Target.of("seven")));
        tasks.put("predict", () -> network.predict(image()));
        tasks.put("describe", network::describe);
        tasks.put("network", () -> network.network().predict(picture()));
        assertSays("has been closed. Load it again.", tasks);
        // The translator is the model's, which is open.
        assertEquals(new Shape(1, 3, SIZE, SIZE), network.input(scope, image()).getShape());
      }
      // The model is as it was.
      try (TranslatedNetwork again = TranslatedNetwork.of(model)) {
        assertEquals(10, again.predict(image()).size());
      }
    }
  }

  /** Blocks share the model's weights; a program has been read once more, and has its own. */
  @Test
  void aClosedModelIsNamed(@TempDir Path folder) throws Exception {
    ZooModel<Image, Classifications> program = program(true);
    try (TranslatedNetwork network = TranslatedNetwork.of(program)) {
      program.close();
      assertSays(
          "has been closed. Load it again", Map.of("of", () -> TranslatedNetwork.of(program)));
      assertEquals(10, network.predict(image()).size());
    }
    ZooModel<Image, Classifications> blocks = blocks(folder);
    try (TranslatedNetwork network = TranslatedNetwork.of(blocks)) {
      String layer = network.network().targetLayer();
      blocks.close();
      Map<String, Executable> tasks = new LinkedHashMap<>();
      tasks.put("record", () -> network.record(image(), layer));
      tasks.put("heatmap", () -> network.heatmap(new GradCam(), image(), "three"));
      tasks.put("predict", () -> network.predict(image()));
      tasks.put("identity", () -> network.network().identity());
      assertSays("Weights of this network have been freed", tasks);
    }
  }

  /**
   * Gives a model dense layers for pictures of 4 by 4.
   *
   * @return a translator that leaves an image's size as it is
   */
  private static ImageClassificationTranslator asItIs(Model model) {
    model.setBlock(
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(4).build()));
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, 4, 4));
    return ImageClassificationTranslator.builder()
        .addTransform(new ToTensor())
        .optSynset(NAMES.subList(0, 4))
        .build();
  }

  @Test
  void whatATranslatorMakesOfAnImageMayNotFit() {
    try (Model model = Model.newInstance("small")) {
      ImageClassificationTranslator asItIs = asItIs(model);
      ComputationException refused =
          assertThrows(ComputationException.class, () -> TranslatedNetwork.of(model, asItIs));
      assertTrue(
          refused
              .getMessage()
              .startsWith(
                  "The model 'small' cannot be run on what its translator makes of an image, shape (1, 3, "),
          refused.getMessage());
      String advice = "TranslatedNetwork.of(model, translator, new Region.Size(width, height))";
      assertTrue(refused.getMessage().contains(advice), refused.getMessage());
      assertFalse(refused.getMessage().contains(".."), refused.getMessage());
      Classes classes = Classes.of("a", "b", "c", "d");
      String more =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> TranslatedNetwork.of(model, asItIs, classes, Stated.NOTHING))
              .getMessage();
      assertTrue(more.contains(advice), more);
      assertOpens(TranslatedNetwork.of(model, asItIs, new Region.Size(4, 4)));
      assertOpens(
          TranslatedNetwork.of(model, asItIs, new Region.Size(4, 4), classes, Stated.NOTHING));
      assertThrows(
          RuntimeException.class,
          () -> TranslatedNetwork.of(model, asItIs, new Region.Size(8, 4)).close());
    }
  }

  /**
   * In a network of dense layers no layer has positions: a method that looks at none needs none.
   */
  @Test
  void aMethodChoosesItsOwnLayer() {
    Picture picture = Picture.of(4, 4, new Random(5).ints(16, 0, 1 << 24).toArray());
    try (Model model = Model.newInstance("small")) {
      ImageClassificationTranslator asItIs = asItIs(model);
      try (TranslatedNetwork translated =
              TranslatedNetwork.of(model, asItIs, new Region.Size(4, 4));
          Network network =
              Network.of(
                  "small",
                  model.getBlock(),
                  new Classes(NAMES.subList(0, 4)),
                  Preprocessing.builder().size(4, 4).build())) {
        Image image = ImageFactory.getInstance().fromImage(picture.toImage());
        Heatmap found = translated.heatmap(new GradientSaliency(), image, "two");
        Heatmap expected = new GradientSaliency().heatmap(network, picture, "two");
        assertTrue(expected.max() > expected.min(), expected.toString());
        assertArrayEquals(expected.values(), found.values(), 1e-6f);
        assertThrows(
            NotApplicableException.class, () -> translated.heatmap(new GradCam(), image, "two"));
      }
    }
  }

  /** A network of pictures of 4×4, which refuses others. */
  private static void assertOpens(TranslatedNetwork network) {
    try (network) {
      ImageFactory images = ImageFactory.getInstance();
      Image image = images.fromImage(Picture.of(4, 4, new int[16]).toImage());
      assertEquals(4, network.predict(image).size());
      assertEquals(new Shape(1, 3, 4, 4), network.network().inputShape());
      Image other = images.fromImage(Picture.of(8, 4, new int[32]).toImage());
      String refused =
          assertThrows(IllegalArgumentException.class, () -> network.predict(other)).getMessage();
      assertTrue(refused.contains("does not take pictures of 4×8"), refused);
    }
  }

  @Test
  void whatIsNullIsNamed() throws Exception {
    try (ZooModel<Image, Classifications> model = program(true);
        Predictor<Image, Classifications> predictor = model.newPredictor();
        TranslatedNetwork network = TranslatedNetwork.of(model)) {
      DjlPredictor classifier = DjlPredictor.of("mine", predictor);
      Image image = image();
      for (Executable each :
          List.<Executable>of(
              () -> TranslatedNetwork.of(model, model.getTranslator(), (Region.Size) null),
              () -> network.heatmap(null, image, "two"),
              () -> network.input(null, image),
              () -> network.record(image, (String[]) null),
              () -> classifier.scores(null))) {
        String told = assertThrows(NullPointerException.class, each).getMessage();
        assertTrue(told != null && told.contains("found null"), told);
      }
    }
  }
}

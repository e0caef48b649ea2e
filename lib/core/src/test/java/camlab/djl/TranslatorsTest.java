package camlab.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.RandomResizedCrop;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.djl.util.Preconditions;
import camlab.network.Classes;
import camlab.network.Fact;
import camlab.network.Meaning;
import camlab.network.Stated;
import camlab.picture.Picture;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Translators that somebody wrote, and what a predictor's numbers are held against. */
class TranslatorsTest {

  private static final int SIZE = 8;
  private static final List<String> NAMES = List.of("red", "green", "blue");

  private static Model model;

  /** Eight times the mean red, green and blue, less two: logits on both sides of 0. */
  @BeforeAll
  static void open() {
    model = Model.newInstance("colours");
    model.setBlock(
        new SequentialBlock()
            .addSingleton(x -> x.mean(new int[] {3}).mean(new int[] {2}).mul(8).sub(2), "colours"));
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, 8, 8));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Picture picture() {
    return Picture.of(SIZE, SIZE, new Random(3).ints((long) SIZE * SIZE, 0, 1 << 24).toArray());
  }

  private static Image image() {
    return ImageFactory.getInstance().fromImage(picture().toImage());
  }

  /** A translator as one writes it, of which a test changes a part. */
  private static class Own implements Translator<Image, Classifications> {

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
      NDArray pixels = image.resize(SIZE, SIZE, false).toNDArray(context.getNDManager());
      return new NDList(pixels.toType(DataType.FLOAT32, false).transpose(2, 0, 1).div(255));
    }

    @Override
    public Classifications processOutput(TranslatorContext context, NDList list) {
      return new Classifications(NAMES, list.singletonOrThrow().softmax(0));
    }
  }

  /** One that says that what it makes has a batch already. */
  private static class Unbatched extends Own {

    @Override
    public Batchifier getBatchifier() {
      return null;
    }
  }

  /** A translator whose numbers are what a function makes of the model's. */
  private static Own telling(UnaryOperator<NDArray> end) {
    return new Own() {
      @Override
      public Classifications processOutput(TranslatorContext context, NDList list) {
        return new Classifications(NAMES, end.apply(list.singletonOrThrow()));
      }
    };
  }

  private static void assertRefused(
      Translator<Image, Classifications> translator, String... parts) {
    assertRefused(model, translator, parts);
  }

  private static void assertRefused(
      Model model, Translator<Image, Classifications> translator, String... parts) {
    RuntimeException refused =
        assertThrows(IllegalArgumentException.class, () -> TranslatedNetwork.of(model, translator));
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
  }

  /** No map lies over a picture of which a part was taken by chance. */
  @Test
  void chanceIsForTraining() {
    assertRefused(
        ImageClassificationTranslator.builder()
            .setImageSize(SIZE, SIZE)
            .addTransform(new RandomResizedCrop(SIZE, SIZE, 0.2, 1, 0.7, 1.4))
            .addTransform(new ToTensor())
            .optApplySoftmax(true)
            .optSynset(NAMES)
            .build(),
        "The translator ImageClassificationTranslator makes other numbers of one image each time (",
        "Chance is part of it, as in RandomResizedCrop",
        "what is drawn by chance is for training");
    int[] calls = new int[1];
    assertRefused(
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            return new NDList(super.processInput(context, image).head().add(calls[0]++));
          }
        },
        "something that it keeps from call to call");
  }

  /** What a translator throws says which translator, and keeps the cause. */
  @Test
  void whatATranslatorThrowsIsASentence() {
    Own without =
        new Own() {
          @Override
          public Classifications processOutput(TranslatorContext context, NDList list) {
            return Objects.requireNonNull((Classifications) null);
          }
        };
    assertRefused(
        without,
        "The translator TranslatorsTest$",
        "of the model 'colours' does not name the classes. NullPointerException, without a word.");
    assertNotNull(
        assertThrows(RuntimeException.class, () -> TranslatedNetwork.of(model, without))
            .getCause());
    assertRefused(
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            return new NDList(List.<NDArray>of().get(4));
          }
        },
        "does not take the image. ArrayIndexOutOfBoundsException: Index 4 out of bounds for length 0.");
    assertRefused(
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            NDManager scope = context.getNDManager();
            return new NDList(scope.zeros(new Shape(3)).add(scope.zeros(new Shape(4))));
          }
        },
        "does not take the image. Two arrays that are added or multiplied have lengths 3 and 4.");
    assertRefused(
        new Own() {
          @Override
          public void prepare(TranslatorContext context) {
            Preconditions.checkArgument(false, "no list of classes");
          }
        },
        "does not take the image. IllegalArgumentException: no list of classes.");
  }

  @Test
  void whatATranslatorMakesIsLookedAt() {
    assertRefused(
        new Own() {
          @Override
          public Classifications processOutput(TranslatorContext context, NDList list) {
            return null;
          }
        },
        "does not name the classes: it returns null.");
    assertRefused(
        new Unbatched() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            NDList made = super.processInput(context, image);
            made.head().close();
            return made;
          }
        },
        "makes an array of an image and closes it.");
    assertRefused(
        new Unbatched() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            NDArray one = super.processInput(context, image).head();
            return new NDList(NDArrays.stack(new NDList(one, one.flip(2))));
          }
        },
        "makes 1 arrays of an image, the first of shape (2, 3, 8, 8); expected one of shape (1, C, H, W).");
    assertRefused(
        new Unbatched() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            return null;
          }
        },
        "does not take the image: it returns null.");
  }

  /** DJL's predictor shows it the image first; a translator may have kept something of it. */
  @Test
  void aTranslatorMayKeepSomethingOfTheImage() throws Exception {
    Own keeping =
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            context.setAttachment("width", image.getWidth());
            return super.processInput(context, image);
          }

          @Override
          public Classifications processOutput(TranslatorContext context, NDList list) {
            assertTrue((int) context.getAttachment("width") > 0);
            return super.processOutput(context, list);
          }
        };
    try (Predictor<Image, Classifications> predictor = model.newPredictor(keeping);
        TranslatedNetwork network = TranslatedNetwork.of(model, keeping)) {
      assertEquals(Meaning.ONE_OF_SEVERAL, network.network().meaning());
      assertEquals(
          predictor.predict(image()).get("red").getProbability(),
          network.predict(image()).stream()
              .filter(prediction -> prediction.name().equals("red"))
              .findFirst()
              .orElseThrow()
              .probability(),
          1e-6);
    }
  }

  /** A crop to the shorter side makes one size of a picture and of the same turned by a quarter. */
  @Test
  void aSizeThatDependsOnThePictureIsItsOwn() {
    ImageClassificationTranslator square =
        ImageClassificationTranslator.builder()
            .addTransform(new CenterCrop())
            .addTransform(new ToTensor())
            .optApplySoftmax(true)
            .optSynset(NAMES)
            .build();
    try (TranslatedNetwork network = TranslatedNetwork.of(model, square)) {
      assertTrue(
          network.describe().stream()
              .anyMatch(
                  fact -> fact.what().equals("size") && fact.value().startsWith("each picture's")),
          network.describe().toString());
    }
  }

  private static Fact outputs(TranslatedNetwork network) {
    return network.describe().stream()
        .filter(fact -> fact.what().equals("outputs"))
        .findFirst()
        .orElseThrow();
  }

  /** Nobody has stated what was found by asking the translator. */
  @Test
  void whatTheTranslatorShowsIsNotStated() {
    try (TranslatedNetwork network = TranslatedNetwork.of(model, new Own())) {
      assertEquals(
          "outputs: 3, exactly one of the classes (softmax) (found by trial: from the translator, which was given numbers and took them for that)",
          outputs(network).toString());
    }
    Stated layer = Stated.NOTHING.targetLayer("0");
    try (TranslatedNetwork network = TranslatedNetwork.of(model, new Own(), layer)) {
      assertEquals("0", network.network().targetLayer());
      assertEquals(NAMES, network.network().classes().names());
    }
    Classes stated = new Classes(NAMES).as(Meaning.ONE_OF_SEVERAL);
    try (TranslatedNetwork network =
        TranslatedNetwork.of(model, new Own(), stated, Stated.NOTHING)) {
      assertEquals(
          "outputs: 3, exactly one of the classes (softmax) (stated)", outputs(network).toString());
    }
  }

  @Test
  void aModelThatCannotRunIsNamed() {
    try (Model empty = Model.newInstance("empty")) {
      assertRefused(empty, new Own(), "The model 'empty' has no block.");
    }
    try (Model untrained = Model.newInstance("untrained")) {
      untrained.setBlock(
          new SequentialBlock()
              .add(Blocks.batchFlattenBlock())
              .add(Linear.builder().setUnits(3).build()));
      assertRefused(untrained, new Own(), "The block 'untrained' has parameters without values");
    }
    try (Model broken = Model.newInstance("broken")) {
      broken.setBlock(
          new SequentialBlock().addSingleton(x -> Objects.requireNonNull((NDArray) null), "no"));
      assertRefused(
          broken,
          new Own(),
          "The block of the model 'broken' stopped on what its translator makes of an image, shape (1, 3, 8, 8). NullPointerException");
    }
  }

  /**
   * By place the translator's numbers are the model's, so the names were stated in a wrong order.
   */
  @Test
  void classesInAnotherOrderAreRefused() {
    Classes turned = Classes.oneOf("green", "red", "blue");
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> TranslatedNetwork.of(model, new Own(), turned, Stated.NOTHING))
            .getMessage();
    assertTrue(
        refused.startsWith(
            "Class 0 was stated as 'green', but the translator Own calls it 'red', and tells its number for it."),
        refused);
    // The likeliest first: by name the numbers are the model's, whatever place they are told at.
    Own sorted =
        new Own() {
          @Override
          public Classifications processOutput(TranslatorContext context, NDList list) {
            List<Classifications.Classification> found = super.processOutput(context, list).topK(3);
            return new Classifications(
                found.stream().map(Classifications.Classification::getClassName).toList(),
                found.stream().map(Classifications.Classification::getProbability).toList());
          }
        };
    Classes right = Classes.oneOf("red", "green", "blue");
    try (TranslatedNetwork network = TranslatedNetwork.of(model, sorted, right, Stated.NOTHING)) {
      assertFalse(network.describe().toString().contains("what DJL's predictor tells is not"));
    }
  }

  /** What is told of predictions is what is done. */
  @Test
  void withoutAMeaningPredictionsAreTheNumbers() {
    Classes untold = new Classes(NAMES);
    try (TranslatedNetwork network =
        TranslatedNetwork.of(model, new Own(), untold, Stated.NOTHING)) {
      String facts = network.describe().toString();
      assertTrue(facts.contains("Predictions are those numbers here, as it is not stated"), facts);
      assertFalse(facts.contains("Predictions are the predictor's here"), facts);
    }
  }

  /** Of two arrays only the caller knows which one the translator takes. */
  @Test
  void oneOfSeveralOutputsIsStated() {
    try (Model two = Model.newInstance("two")) {
      two.setBlock(
          new SequentialBlock()
              .add(model.getBlock())
              .add(new LambdaBlock(x -> new NDList(x.head().mul(2), x.head()), "both")));
      Own second =
          new Own() {
            @Override
            public Classifications processOutput(TranslatorContext context, NDList list) {
              return new Classifications(NAMES, list.get(1).softmax(0));
            }
          };
      assertRefused(
          two,
          second,
          "The model 'two' puts out 2 arrays, and which of them its translator takes is not known.");
      Classes classes = new Classes(NAMES).as(Meaning.ONE_OF_SEVERAL);
      double[] told = new double[2];
      for (int i = 0; i < 2; i++) {
        try (TranslatedNetwork network =
            TranslatedNetwork.of(two, second, classes, Stated.NOTHING.output(i))) {
          told[i] = network.predict(image()).get(0).probability();
          assertEquals(
              i == 0,
              network.describe().toString().contains("what DJL's predictor tells is not what"));
        }
      }
      try (TranslatedNetwork one = TranslatedNetwork.of(model, new Own())) {
        assertEquals(one.predict(image()).get(0).probability(), told[1], 1e-6);
        assertTrue(told[0] > told[1] + 0.001);
      }
    }
  }

  /** Weights of double precision take an array of that type alone. */
  @Test
  void whatTheTranslatorMakesMayBeOfAnotherType() throws Exception {
    Own wide =
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            NDArray made = super.processInput(context, image).head();
            return new NDList(made.toType(DataType.FLOAT64, false));
          }
        };
    try (Model other = Model.newInstance("other")) {
      other.setBlock(
          new SequentialBlock()
              .add(Blocks.batchFlattenBlock())
              .add(Linear.builder().setUnits(3).build()));
      other
          .getBlock()
          .initialize(other.getNDManager(), DataType.FLOAT64, new Shape(1, 3, SIZE, SIZE));
      try (Predictor<Image, Classifications> predictor = other.newPredictor(wide);
          TranslatedNetwork network = TranslatedNetwork.of(other, wide)) {
        assertEquals(
            predictor.predict(image()).best().getProbability(),
            network.predict(image()).get(0).probability(),
            1e-6);
      }
    }
  }

  private static DjlPredictor predictor(UnaryOperator<NDArray> end, Meaning meaning) {
    return DjlPredictor.of("asked", model.newPredictor(telling(end)), meaning);
  }

  private static void assertContradicted(UnaryOperator<NDArray> end, Meaning meaning, String part) {
    String refused =
        assertThrows(IllegalArgumentException.class, () -> predictor(end, meaning)).getMessage();
    assertTrue(refused.contains("was stated to tell '" + meaning + "', but " + part), refused);
  }

  /** Of what a softmax gave no softmax is taken once more, whatever is stated. */
  @Test
  void whatIsStatedOfAPredictorIsHeldAgainstItsNumbers() {
    UnaryOperator<NDArray> softmax = numbers -> numbers.softmax(0);
    double expected =
        predictor(softmax, Meaning.PROBABILITIES).predict(picture()).get(0).probability();
    DjlPredictor several = predictor(softmax, Meaning.ONE_OF_SEVERAL);
    assertEquals(Meaning.PROBABILITIES, several.classes().meaning());
    assertEquals(expected, several.predict(picture()).get(0).probability(), 0);
    assertEquals(
        expected,
        predictor(numbers -> numbers, Meaning.ONE_OF_SEVERAL)
            .predict(picture())
            .get(0)
            .probability(),
        1e-6);
    assertContradicted(
        softmax, Meaning.INDEPENDENT, "in all trials its numbers lay between 0 and 1");
    assertContradicted(
        Activation::sigmoid, Meaning.INDEPENDENT, "in all trials its numbers lay between 0 and 1");
    assertContradicted(
        Activation::sigmoid,
        Meaning.ONE_OF_SEVERAL,
        "in all trials its numbers lay between 0 and 1");
    assertContradicted(numbers -> numbers, Meaning.PROBABILITIES, "numbers below 0 or above 1");
    assertContradicted(
        numbers -> numbers, Meaning.ONE_OF_TWO, "it tells one number for each class");
    assertEquals(Meaning.VALUES, predictor(softmax, Meaning.VALUES).classes().meaning());
    assertEquals(
        Meaning.PROBABILITIES,
        predictor(Activation::sigmoid, Meaning.PROBABILITIES).classes().meaning());
  }

  /** Nobody stated it: all trials showed probabilities, and one picture does not. */
  @Test
  void whatTrialsShowedIsNotToldAsStated() {
    boolean[] armed = new boolean[1];
    DjlPredictor asked =
        predictor(numbers -> armed[0] ? numbers.add(3) : numbers.softmax(0), Meaning.UNSTATED);
    assertEquals(Meaning.PROBABILITIES, asked.classes().meaning());
    armed[0] = true;
    String refused =
        assertThrows(IllegalArgumentException.class, () -> asked.predict(picture())).getMessage();
    assertTrue(refused.startsWith("The predictor 'asked' told ["), refused);
    assertTrue(refused.contains("expected numbers between 0 and 1"), refused);
    assertFalse(refused.contains("was stated to"), refused);
  }

  @Test
  void aPredictorThatTellsNoNumbersIsRefused() {
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> predictor(numbers -> numbers.mul(Float.NaN), Meaning.UNSTATED))
            .getMessage();
    assertTrue(refused.contains("told [NaN, NaN, NaN] of an image; expected finite"), refused);
    Own none =
        new Own() {
          @Override
          public Classifications processOutput(TranslatorContext context, NDList list) {
            return null;
          }
        };
    refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> DjlPredictor.of("asked", model.newPredictor(none)))
            .getMessage();
    assertTrue(refused.contains("The predictor 'asked' told null of an image."), refused);
  }

  /** A list of two names and one number, as behind argmax or a model of one logit. */
  @Test
  void asManyNamesAsNumbers() {
    Own one = telling(numbers -> numbers.get("0:1"));
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> DjlPredictor.of("asked", model.newPredictor(one)))
            .getMessage();
    assertTrue(
        refused.contains("The predictor 'asked' names 3 classes and tells 1 numbers"), refused);
    assertRefused(one, "names 3 classes and tells 1 numbers");
  }

  /** Each of a map's values is what the predictor told of another picture. */
  @Test
  void aPredictorTellsTheSameOfOnePicture() {
    Own cropping =
        new Own() {
          @Override
          public NDList processInput(TranslatorContext context, Image image) {
            NDArray pixels = image.toNDArray(context.getNDManager());
            NDArray part = new RandomResizedCrop(SIZE, SIZE, 0.2, 1, 0.7, 1.4).transform(pixels);
            return new NDList(part.toType(DataType.FLOAT32, false).transpose(2, 0, 1).div(255));
          }
        };
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> DjlPredictor.of("asked", model.newPredictor(cropping)))
            .getMessage();
    assertTrue(
        refused.contains("The predictor 'asked' tells other numbers of one image each time ("),
        refused);
  }

  @Test
  void aClosedPredictorSaysWhatToDo() {
    Predictor<Image, Classifications> predictor = model.newPredictor(new Own());
    DjlPredictor asked = DjlPredictor.of("asked", predictor);
    predictor.close();
    String refused =
        assertThrows(IllegalArgumentException.class, () -> asked.predict(picture())).getMessage();
    assertTrue(refused.contains("keep the model open, the predictor"), refused);
  }

  private static void assertMissing(String found, Executable call) {
    String refused = assertThrows(NullPointerException.class, call).getMessage();
    assertTrue(refused.contains(found), refused);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertMissing("Expected a model, found null", () -> TranslatedNetwork.of(null));
    assertMissing(
        "Expected a translator, found null", () -> TranslatedNetwork.of(model, (Own) null));
    assertMissing("Expected a predictor of DJL, found null", () -> DjlPredictor.of("asked", null));
    DjlPredictor asked = DjlPredictor.of("asked", model.newPredictor(new Own()));
    assertMissing("Expected a picture, found null", () -> asked.predict((Picture) null));
    assertMissing("Expected an image, found null", () -> asked.predict((Image) null));
    try (TranslatedNetwork network = TranslatedNetwork.of(model, new Own())) {
      assertMissing("Expected an image, found null", () -> network.predict(null));
    }
  }
}

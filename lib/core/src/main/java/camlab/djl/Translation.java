package camlab.djl;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import camlab.engine.ComputationException;
import camlab.engine.PyTorch;
import camlab.heatmap.Region;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Trial;
import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * What a translator of DJL makes of pictures and of a model's numbers, found by asking it.
 *
 * @param model the model it was made for
 * @param translator the translator
 * @param size of which size images are meant to be; empty if nobody says it
 */
record Translation(
    Model model, Translator<Image, Classifications> translator, Optional<Region.Size> size) {

  private static final float ROUNDING = 1e-5f;

  private static final int OPAQUE = 0xff000000;

  /** Two sizes that differ in everything: each side, the shorter one, the longer one, the form. */
  private static final int WIDE = 320;

  private static final int HIGH = 240;
  private static final int OTHER_WIDE = 200;
  private static final int OTHER_HIGH = 280;

  /**
   * How often chance is looked for: a turn that comes half of the time is missed once in 32,768.
   */
  private static final int REPEATS = 16;

  Translation {
    Objects.requireNonNull(model, "Expected a model of DJL, found null.");
    Objects.requireNonNull(
        translator,
        "Expected a translator, found null: one that makes an array of an image and names the classes, such as ImageClassificationTranslator.builder()….build().");
  }

  private interface Step<T> {
    T with(TranslatorContext context) throws Exception;
  }

  /** Runs a step as DJL's predictor does; its results belong to the scope. */
  private <T> T run(NDManager scope, String what, Step<T> step) {
    // Not closed: that would close the scope, to which the results belong.
    TranslatorContext context = new Predictor.PredictorContext(model, scope, null);
    T made;
    try {
      translator.prepare(context);
      made = step.with(context);
    } catch (CancellationException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "The translator %s of the model '%s' does not %s. %s It has to run by itself first: model.newPredictor(translator).predict(image)."
              .formatted(name(), model.getName(), what, reason(e)),
          e);
    }
    if (made == null) {
      throw new IllegalArgumentException(
          "The translator %s of the model '%s' does not %s: it returns null."
              .formatted(name(), model.getName(), what));
    }
    return made;
  }

  /** What the code of somebody else threw, in words. */
  static String reason(Throwable e) {
    boolean isClosed = String.valueOf(e.getMessage()).matches("(?s).*(closed|released) already.*");
    return ComputationException.words(e)
        + (isClosed
            ? " Something that it needs was closed: keep the model open, the predictor, and the arrays that the translator hands on."
            : "");
  }

  /** What the translator is called; a class without a name has that of the one it stands in. */
  String name() {
    Class<?> type = translator.getClass();
    return type.isAnonymousClass()
        ? type.getName().substring(type.getName().lastIndexOf('.') + 1)
        : type.getSimpleName();
  }

  /** What goes into the model for an image, shape (1, C, H, W). */
  NDArray input(NDManager scope, Image image) {
    NDList made =
        run(scope, "take the image", context -> batch(translator.processInput(context, image)));
    if (!made.isEmpty() && PyTorch.isFreed(made.head())) {
      throw new IllegalArgumentException(
          "The translator %s makes an array of an image and closes it. Let it close only what it does not return."
              .formatted(name()));
    }
    if (made.size() != 1
        || made.head().getShape().dimension() != 4
        || made.head().getShape().get(0) != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The translator %s makes %d arrays of an image, the first of shape %s; expected one of shape (1, C, H, W). Run it yourself, and give the array to Recording.of(network, array, layers).",
              name(),
              made.size(),
              made.isEmpty() ? "none" : made.head().getShape()));
    }
    return made.head();
  }

  private NDList batch(NDList one) throws Exception {
    Batchifier batchifier = translator.getBatchifier();
    return batchifier == null ? one : batchifier.batchify(new NDList[] {one});
  }

  /** What the network sees: arrays, of one size if images of two sizes become the same. */
  Preprocessing preprocessing(NDManager scope) {
    Shape wide = input(scope, example()).getShape();
    Preprocessing.Builder builder = Preprocessing.builder().arrays((int) wide.get(1));
    return size.isPresent() || !keepsSizes(scope)
        ? builder.size((int) wide.get(2), (int) wide.get(3)).build()
        : builder.ownSize().build();
  }

  /** Whether images of two sizes stay of two sizes. */
  private boolean keepsSizes(NDManager scope) {
    Shape wide = input(scope, grey(WIDE, HIGH)).getShape();
    return !wide.equals(input(scope, grey(OTHER_WIDE, OTHER_HIGH)).getShape());
  }

  /**
   * Requires a translator that makes the same of an image each time: a map lies over what it made.
   *
   * @throws IllegalArgumentException if it does not, as one that turns pictures by chance
   */
  void requireSame(NDManager scope) {
    Image example = example();
    Image image = noise(example.getWidth(), example.getHeight());
    NDArray first = input(scope, image).toType(DataType.FLOAT32, false);
    for (int i = 1; i < REPEATS; i++) {
      try (NDManager pass = scope.newSubManager()) {
        NDArray again = input(pass, image).toType(DataType.FLOAT32, false);
        Trial.difference(first, again, 0)
            .ifPresent(
                found -> {
                  throw new IllegalArgumentException(
                      "The translator %s makes other numbers of one image each time (%s). Chance is part of it, as in RandomResizedCrop, or something that it keeps from call to call. Give one without that: what is drawn by chance is for training."
                          .formatted(name(), found));
                });
      }
    }
  }

  /** An image of the size that is meant, or of some. */
  private Image example() {
    return size.map(said -> grey(said.width(), said.height())).orElseGet(() -> grey(WIDE, HIGH));
  }

  /**
   * What to do where the model refuses the size of an image; nothing if the translator makes all of
   * one size, or the size is said already.
   */
  String advice(NDManager scope) {
    return size.isPresent() || !keepsSizes(scope)
        ? ""
        : " The translator %s leaves images as large as they are. If the model takes one size only, say which: TranslatedNetwork.of(model, translator, new Region.Size(width, height)); give it images of that size, or add a Resize to the translator."
            .formatted(name());
  }

  /** What the model itself puts out; the first, or the only one, of shape (1, classes). */
  NDList outputs(NDManager scope, NDArray input) {
    return ComputationException.explained(
        () ->
            "The model '%s' cannot be run on what its translator makes of an image, shape %s%s.%s"
                .formatted(
                    model.getName(),
                    input.getShape(),
                    input.getDataType() == DataType.FLOAT32
                        ? ""
                        : ", type %s (single precision is what most take: toType(DataType.FLOAT32, false) in its processInput)"
                            .formatted(input.getDataType().name().toLowerCase(Locale.ROOT)),
                    advice(scope))
                .replaceFirst("\\.$", ""),
        () -> forward(scope, input));
  }

  private NDList forward(NDManager scope, NDArray input) {
    NDList outputs;
    try {
      outputs =
          model.getBlock().forward(new ParameterStore(scope, false), new NDList(input), false);
    } catch (RuntimeException e) {
      throw ComputationException.isInWords(e)
          ? e
          : new IllegalArgumentException(
              "The block of the model '%s' stopped on what its translator makes of an image, shape %s. %s"
                  .formatted(model.getName(), input.getShape(), ComputationException.words(e)),
              e);
    }
    if (outputs == null || outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "The block of the model '%s' puts out no array. Let its forwardInternal return a list of one."
              .formatted(model.getName()));
    }
    return outputs;
  }

  /**
   * The classes, and what the translator takes the numbers for: it is given noise, and what it
   * makes of that is compared with a softmax and with sigmoids.
   */
  Classes classes(NDManager scope) {
    NDList outputs = outputs(scope, input(scope, example()));
    if (outputs.size() > 1) {
      throw new IllegalArgumentException(
          "The model '%s' puts out %s arrays, and which of them its translator takes is not known. State it, and the classes: TranslatedNetwork.of(model, translator, classes, Stated.NOTHING.output(0)), say."
              .formatted(model.getName(), outputs.size()));
    }
    long count = outputs.head().size();
    NDArray numbers =
        Trial.noise(scope, new Shape(count), new Random(1)).mul(1 / Trial.SCALE); // some within 1
    Classifications told = told(scope, example(), numbers);
    if (told.getClassNames().size() != count) {
      throw new IllegalArgumentException(
          "The model '%s' puts out %s numbers, but its translator names %s classes. Name one class for each number: TranslatedNetwork.of(model, translator, classes, stated).%s"
              .formatted(
                  model.getName(),
                  count,
                  told.getClassNames().size(),
                  count == 1 && told.getClassNames().size() == 2
                      ? " If it tells which of the two is there, state Classes.oneOf(\"%s\", \"%s\"): it then speaks for the second."
                          .formatted(told.getClassNames().get(0), told.getClassNames().get(1))
                      : ""));
    }
    requireNumbers("The translator " + name(), told);
    NDArray probabilities =
        scope.create(told.getProbabilities().stream().mapToDouble(p -> p).toArray());
    NDArray found = probabilities.toType(numbers.getDataType(), false);
    Classes names = new Classes(told.getClassNames());
    if (Trial.same(found, Meaning.ONE_OF_SEVERAL.probabilities(numbers), ROUNDING)) {
      return names.as(Meaning.ONE_OF_SEVERAL);
    }
    if (Trial.same(found, Meaning.INDEPENDENT.probabilities(numbers), ROUNDING)) {
      return names.as(Meaning.INDEPENDENT);
    }
    if (Trial.same(found, numbers, ROUNDING)) {
      return names;
    }
    throw new IllegalArgumentException(
        "What the translator %s makes of a model's numbers is neither the numbers themselves nor their softmax nor their sigmoids, in the same order. Name the classes in the order of the numbers: TranslatedNetwork.of(model, translator, classes, stated)."
            .formatted(name()));
  }

  /**
   * What the translator makes of a model's numbers for one picture, shape (classes). As in DJL's
   * predictor it has taken the image before: it may have kept something of it.
   */
  private Classifications told(NDManager scope, Image image, NDArray numbers) {
    NDArray given = translator.getBatchifier() == null ? numbers.expandDims(0) : numbers;
    return run(
        scope,
        "name the classes",
        context -> {
          translator.processInput(context, image);
          return translator.processOutput(context, new NDList(given.duplicate()));
        });
  }

  /**
   * What DJL's predictor tells of an image: what the model puts out for it, as the translator makes
   * it probabilities.
   *
   * @return as many names as numbers, in the translator's order
   */
  Classifications predicted(NDManager scope, Image image) {
    Batchifier batchifier = translator.getBatchifier();
    Classifications told =
        run(
            scope,
            "name the classes",
            context -> {
              NDList input = batch(translator.processInput(context, image));
              NDList outputs = outputs(scope, input.head());
              return translator.processOutput(
                  context, batchifier == null ? outputs : batchifier.unbatchify(outputs)[0]);
            });
    requireNumbers("The translator " + name(), told);
    return told;
  }

  /** Requires a name for each number, before one is looked for that is not there. */
  static void requireNumbers(String who, Classifications told) {
    int names = told.getClassNames().size();
    int numbers = told.getProbabilities().size();
    if (names != numbers) {
      throw new IllegalArgumentException(
          "%s names %s classes and tells %s numbers. Let the translator name one class for each number."
              .formatted(who, names, numbers));
    }
  }

  /**
   * The numbers of what was told, in the order of the classes, whatever order they are told in.
   *
   * @return empty if other classes were told, or two by one name in another order
   */
  static Optional<double[]> inOrder(Classifications told, Classes classes) {
    List<String> names = told.getClassNames();
    boolean sameOrder = names.equals(classes.names());
    boolean sameNames =
        names.size() == classes.size()
            && new HashSet<>(names).size() == names.size()
            && new HashSet<>(names).containsAll(classes.names());
    return sameOrder || sameNames
        ? Optional.of(
            IntStream.range(0, classes.size())
                .map(i -> sameOrder ? i : names.indexOf(classes.name(i)))
                .mapToDouble(i -> told.getProbabilities().get(i))
                .toArray())
        : Optional.empty();
  }

  /** Each pixel by chance, the same at each call; none is transparent. */
  static Image noise(int width, int height) {
    return noise(width, height, new Random(1));
  }

  static Image noise(int width, int height, Random random) {
    int[] pixels = random.ints((long) width * height).map(pixel -> pixel | OPAQUE).toArray();
    return ImageFactory.getInstance().fromPixels(pixels, width, height);
  }

  static Image grey(int width, int height) {
    return plain(width, height, OPAQUE | 0x808080);
  }

  static Image plain(int width, int height, int colour) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, colour);
    return ImageFactory.getInstance().fromPixels(pixels, width, height);
  }
}

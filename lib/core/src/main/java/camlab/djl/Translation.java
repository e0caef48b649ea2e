package camlab.djl;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import camlab.engine.ComputationException;
import camlab.heatmap.Region;
import camlab.network.Classes;
import camlab.network.Meaning;
import camlab.network.Trial;
import camlab.picture.Preprocessing;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
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

  /** Two sizes that differ in everything. */
  private static final int WIDE = 320;

  private static final int HIGH = 240;

  private interface Step<T> {
    T with(TranslatorContext context) throws Exception;
  }

  /** Runs a step as DJL's predictor does; its results belong to the scope. */
  private <T> T run(NDManager scope, String what, Step<T> step) {
    // Not closed: that would close the scope, to which the results belong.
    TranslatorContext context = new Predictor.PredictorContext(model, scope, null);
    try {
      translator.prepare(context);
      return step.with(context);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "The translator %s of the model '%s' does not %s: %s"
              .formatted(translator.getClass().getSimpleName(), model.getName(), what, e),
          e);
    }
  }

  /** What goes into the model for an image, shape (1, C, H, W). */
  NDArray input(NDManager scope, Image image) {
    NDList made =
        run(scope, "take the image", context -> batch(translator.processInput(context, image)));
    if (made.size() != 1 || made.head().getShape().dimension() != 4) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The translator %s makes %d arrays of an image, the first of shape %s; expected one of shape (1, C, H, W). Run it yourself, and give the array to Recording.of(network, array, layers).",
              translator.getClass().getSimpleName(),
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
    return !wide.equals(input(scope, grey(HIGH, WIDE)).getShape());
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
            .formatted(translator.getClass().getSimpleName());
  }

  /** What the model itself puts out, shape (1, classes). */
  NDArray output(NDManager scope, NDArray input) {
    return ComputationException.explained(
        () ->
            "The model '%s' cannot be run on what its translator makes of an image, shape %s.%s"
                .formatted(model.getName(), input.getShape(), advice(scope))
                .replaceFirst("\\.$", ""),
        () ->
            model
                .getBlock()
                .forward(new ParameterStore(scope, false), new NDList(input), false)
                .head());
  }

  /**
   * The classes, and what the translator takes the numbers for: it is given noise, and what it
   * makes of that is compared with a softmax and with sigmoids.
   */
  Classes classes(NDManager scope) {
    long count = output(scope, input(scope, example())).size();
    NDArray numbers =
        Trial.noise(scope, new Shape(count), new Random(1)).mul(1 / Trial.SCALE); // some within 1
    Classifications told = told(scope, numbers);
    if (told.getClassNames().size() != count) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The model '%s' puts out %d numbers, but its translator names %d classes. Name one class for each number: TranslatedNetwork.of(model, translator, classes, stated).",
              model.getName(),
              count,
              told.getClassNames().size()));
    }
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
            .formatted(translator.getClass().getSimpleName()));
  }

  /** What the translator makes of a model's numbers for one picture, shape (classes). */
  private Classifications told(NDManager scope, NDArray numbers) {
    NDArray given = translator.getBatchifier() == null ? numbers.expandDims(0) : numbers;
    return run(
        scope,
        "name the classes",
        context -> translator.processOutput(context, new NDList(given.duplicate())));
  }

  /**
   * What DJL's predictor tells of a picture: what the model puts out for it, as the translator
   * makes it probabilities.
   *
   * @param input what the translator has made of an image, shape (1, C, H, W)
   * @param classes whose order is meant
   * @return one number for each class; empty if the translator names other classes
   */
  Optional<double[]> told(NDManager scope, NDArray input, Classes classes) {
    return inOrder(told(scope, output(scope, input).get(0)), classes);
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

  static Image grey(int width, int height) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, 0xff808080);
    return ImageFactory.getInstance().fromPixels(pixels, width, height);
  }
}

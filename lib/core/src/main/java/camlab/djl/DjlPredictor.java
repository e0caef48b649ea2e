package camlab.djl;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.translate.TranslateException;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.Meaning;
import camlab.network.Prediction;
import camlab.network.Trial;
import camlab.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * A predictor of DJL as a classifier that can only be asked, whatever its engine: an ONNX file that
 * ONNX Runtime runs, for one.
 *
 * <pre>{@code
 * try (Predictor<Image, Classifications> predictor = model.newPredictor()) {
 *   DjlPredictor classifier = DjlPredictor.of("mine", predictor);
 *   System.out.println(classifier.predict(picture));
 * }
 * }</pre>
 *
 * <p>DJL calls the numbers of {@code Classifications} probabilities, but they are what the
 * translator gives: without {@code applySoftmax} they are logits. So they are tried on six images,
 * each of them twice: if they lie between 0 and 1 and sum to one, they are taken for probabilities;
 * if not, it is not stated what they mean, unless the caller states it. What is stated is held
 * against those pictures, too: no number goes through a softmax twice, and none above 1 is a
 * probability.
 *
 * <p>The predictor stays the caller's. It is used by one thread at a time.
 */
public final class DjlPredictor implements Classifier {

  private static final int TRIALS = 4;
  private static final int SIZE = 224;
  private static final double ROUNDING = 1e-4;

  private static final String WITHIN =
      "in all trials its numbers lay between 0 and 1, as probabilities do, and would now go through ";

  private final String name;
  private final Predictor<Image, Classifications> predictor;
  private final Classes classes;

  private DjlPredictor(String name, Predictor<Image, Classifications> predictor, Classes classes) {
    this.name = name;
    this.predictor = predictor;
    this.classes = classes;
  }

  /**
   * {@return a predictor whose numbers are probabilities if they look like it in a few trials}
   *
   * @param name what to call it
   * @param predictor tells all classes of each image
   * @throws IllegalArgumentException if it cannot be run, or tells other numbers of one image each
   *     time; the message says why
   */
  public static DjlPredictor of(String name, Predictor<Image, Classifications> predictor) {
    return of(name, predictor, Meaning.UNSTATED);
  }

  /**
   * {@return a predictor of whose numbers it is stated what they mean} If they sum to one in a few
   * trials, they are probabilities, as behind a softmax, also where {@link Meaning#ONE_OF_SEVERAL}
   * is stated.
   *
   * @param name what to call it
   * @param predictor tells all classes of each image
   * @param meaning what its numbers mean
   * @throws IllegalArgumentException if it cannot be run, tells other numbers of one image each
   *     time, or what it tells contradicts what is stated; the message says why
   */
  public static DjlPredictor of(
      String name, Predictor<Image, Classifications> predictor, Meaning meaning) {
    Objects.requireNonNull(name, "Expected a name to call the predictor by, found null.");
    Objects.requireNonNull(
        predictor, "Expected a predictor of DJL, found null: model.newPredictor() makes one.");
    Objects.requireNonNull(
        meaning, "Expected what the numbers mean, found null: Meaning.UNSTATED if nobody says it.");
    Classifications told = ask(name, predictor, Translation.grey(SIZE, SIZE));
    Classes classes = new Classes(told.getClassNames());
    DjlPredictor untold = new DjlPredictor(name, predictor, classes);
    return new DjlPredictor(name, predictor, classes.as(untold.held(meaning)));
  }

  /** What is stated, or what some trials show instead. */
  private Meaning held(Meaning stated) {
    List<double[]> trials = trials();
    boolean within = trials.stream().allMatch(Trial::areWithin);
    boolean sums = trials.stream().allMatch(Trial::sumToOne);
    Optional<String> against =
        switch (stated) {
          case ONE_OF_TWO -> Optional.of("it tells one number for each class");
          case INDEPENDENT -> within ? Optional.of(WITHIN + "a sigmoid") : Optional.empty();
          case ONE_OF_SEVERAL ->
              within && !sums ? Optional.of(WITHIN + "a softmax") : Optional.empty();
          case PROBABILITIES ->
              within ? Optional.empty() : Optional.of("numbers below 0 or above 1 came out");
          default -> Optional.empty();
        };
    if (against.isPresent()) {
      throw contradicted(stated, against.get());
    }
    return sums && stated != Meaning.VALUES ? Meaning.PROBABILITIES : stated;
  }

  private IllegalArgumentException contradicted(Meaning stated, String found) {
    return new IllegalArgumentException(
        "The predictor '%s' was stated to tell '%s', but %s. State Meaning.PROBABILITIES if they are that, Meaning.ONE_OF_SEVERAL or Meaning.INDEPENDENT if they are logits, or nothing; what is computed otherwise goes into Classifier.of(name, classes, function)."
            .formatted(name, stated, found));
  }

  /** What it tells of plain pictures and of noise. */
  private List<double[]> trials() {
    Random random = new Random(1);
    List<Image> images = new ArrayList<>();
    images.add(Translation.plain(SIZE, SIZE, 0xff000000));
    images.add(Translation.plain(SIZE, SIZE, 0xffffffff));
    for (int i = 0; i < TRIALS; i++) {
      images.add(Translation.noise(SIZE, SIZE, random));
    }
    List<double[]> told = images.stream().map(this::inOrder).toList();
    for (int i = 0; i < images.size(); i++) {
      requireSame(told.get(i), inOrder(images.get(i)));
    }
    return told;
  }

  private void requireSame(double[] first, double[] again) {
    for (int i = 0; i < first.length; i++) {
      double largest = Math.max(1, Math.max(Math.abs(first[i]), Math.abs(again[i])));
      if (Math.abs(first[i] - again[i]) > ROUNDING * largest) {
        throw new IllegalArgumentException(
            "The predictor '%s' tells other numbers of one image each time (of '%s' %s, then %s). Chance is part of its translator, as in RandomResizedCrop, or of its model: give one without that, which is for training."
                .formatted(name, classes.name(i), first[i], again[i]));
      }
    }
  }

  private static Classifications ask(
      String name, Predictor<Image, Classifications> predictor, Image image) {
    Objects.requireNonNull(image, "Expected an image, found null.");
    Classifications told;
    try {
      told = predictor.predict(image);
    } catch (TranslateException e) {
      throw new IllegalArgumentException(
          "The predictor '%s' does not run on an image of %s×%s. %s"
              .formatted(
                  name,
                  image.getWidth(),
                  image.getHeight(),
                  Translation.reason(e.getCause() == null ? e : e.getCause())),
          e);
    }
    if (told == null) {
      throw new IllegalArgumentException(
          "The predictor '%s' told null of an image. Let its translator's processOutput return Classifications of all classes."
              .formatted(name));
    }
    Translation.requireNumbers("The predictor '%s'".formatted(name), told);
    return told;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Classes classes() {
    return classes;
  }

  /**
   * {@return the classes from the most to the least likely}
   *
   * @param image any image
   * @throws IllegalArgumentException if the predictor stops on it, or tells other classes than of
   *     the first image, or numbers that are not finite or no probabilities where they have to be
   */
  public List<Prediction> predict(Image image) {
    return classes.predictions(numbers(image));
  }

  @Override
  public float[][] scores(List<Picture> pictures) {
    Objects.requireNonNull(pictures, "Expected pictures, found null.");
    return pictures.stream().map(DjlPredictor::image).map(this::numbers).toArray(float[][]::new);
  }

  private static Image image(Picture picture) {
    BufferedImage image = Picture.required(picture).toImage();
    return ImageFactory.getInstance().fromImage(image);
  }

  /** In the order of the classes, whatever order the translator tells them in. */
  private double[] inOrder(Image image) {
    Classifications told = ask(name, predictor, image);
    double[] inOrder =
        Translation.inOrder(told, classes)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        String.format(
                            Locale.ROOT,
                            "The predictor '%s' told %d classes of the first image and others, or %d, of another; expected all of them each time. Let its translator return all classes.",
                            name,
                            classes.size(),
                            told.getClassNames().size())));
    requireFitting(inOrder);
    return inOrder;
  }

  private float[] numbers(Image image) {
    double[] inOrder = inOrder(image);
    float[] numbers = new float[inOrder.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) inOrder[i];
    }
    return numbers;
  }

  /** No picture may show what the trials did not. */
  private void requireFitting(double[] numbers) {
    if (!Arrays.stream(numbers).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "The predictor '%s' told %s of an image; expected finite numbers. Look at what its model puts out."
              .formatted(name, Arrays.toString(numbers)));
    }
    if (classes.meaning() == Meaning.PROBABILITIES && !Trial.areWithin(numbers)) {
      throw new IllegalArgumentException(
          "The predictor '%s' told %s of an image; expected numbers between 0 and 1, since they are taken for '%s', as was stated or as all trials showed. Let its translator make probabilities of the numbers of every image, or of none; or state Meaning.VALUES, by which no probability is told."
              .formatted(name, Arrays.toString(numbers), classes.meaning()));
    }
  }
}

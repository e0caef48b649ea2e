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
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

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
 * translator gives: without {@code applySoftmax} they are logits. So they are tried on some
 * pictures: if they lie between 0 and 1 and sum to one, they are taken for probabilities; if not,
 * it is not stated what they mean, unless the caller states it.
 *
 * <p>The predictor stays the caller's. It is used by one thread at a time.
 */
public final class DjlPredictor implements Classifier {

  private static final int TRIALS = 4;
  private static final int SIZE = 224;

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
   * @throws IllegalArgumentException if it cannot be run; the message says why
   */
  public static DjlPredictor of(String name, Predictor<Image, Classifications> predictor) {
    DjlPredictor untold = of(name, predictor, Meaning.UNSTATED);
    Random random = new Random(1);
    for (int i = 0; i < TRIALS; i++) {
      float[] numbers = untold.numbers(noise(random));
      if (!Trial.sumToOne(
          IntStream.range(0, numbers.length).mapToDouble(n -> numbers[n]).toArray())) {
        return untold;
      }
    }
    return new DjlPredictor(name, predictor, untold.classes.as(Meaning.PROBABILITIES));
  }

  /**
   * {@return a predictor of whose numbers it is stated what they mean}
   *
   * @param name what to call it
   * @param predictor tells all classes of each image
   * @param meaning what its numbers mean
   * @throws IllegalArgumentException if it cannot be run; the message says why
   */
  public static DjlPredictor of(
      String name, Predictor<Image, Classifications> predictor, Meaning meaning) {
    Classifications told = ask(name, predictor, Translation.grey(SIZE, SIZE));
    return new DjlPredictor(name, predictor, new Classes(told.getClassNames()).as(meaning));
  }

  private static Image noise(Random random) {
    int[] pixels = random.ints((long) SIZE * SIZE).map(pixel -> pixel | 0xff000000).toArray();
    return ImageFactory.getInstance().fromPixels(pixels, SIZE, SIZE);
  }

  private static Classifications ask(
      String name, Predictor<Image, Classifications> predictor, Image image) {
    try {
      return predictor.predict(image);
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The predictor '%s' does not run on an image of %d×%d: %s",
              name,
              image.getWidth(),
              image.getHeight(),
              cause.getMessage()),
          e);
    }
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
   */
  public List<Prediction> predict(Image image) {
    return classes.predictions(numbers(image));
  }

  @Override
  public float[][] scores(List<Picture> pictures) {
    return pictures.stream().map(DjlPredictor::image).map(this::numbers).toArray(float[][]::new);
  }

  private static Image image(Picture picture) {
    BufferedImage image = picture.toImage();
    return ImageFactory.getInstance().fromImage(image);
  }

  /** In the order of the classes, whatever order the translator tells them in. */
  private float[] numbers(Image image) {
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
    float[] numbers = new float[inOrder.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) inOrder[i];
    }
    return numbers;
  }
}

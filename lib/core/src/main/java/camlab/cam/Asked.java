package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.network.Classes;
import camlab.network.Classifier;
import camlab.network.Network;
import camlab.network.NotApplicableException;
import camlab.picture.Channels;
import camlab.picture.Picture;
import camlab.picture.Preprocessing;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture whose pixels can be hidden, and what is answered for it then: all that a method sees
 * which only asks.
 */
abstract class Asked {

  private final int height;
  private final int width;
  private final Classes classes;
  private final Target target;

  Asked(int height, int width, Classes classes, Target target) {
    this.height = height;
    this.width = width;
    this.classes = classes;
    this.target = target;
  }

  /** {@return the rows of the picture} */
  final int height() {
    return height;
  }

  /** {@return the columns of the picture} */
  final int width() {
    return width;
  }

  /**
   * {@return the score for each mask}
   *
   * @param masks how much of each pixel is kept, row-major: 1 the pixel as it is, 0 the blank
   *     instead, in between a mixture of the two
   */
  final double[] scores(List<float[]> masks) {
    try (NDManager scope = scope()) {
      NDArray logits = logits(scope, masks);
      double[] scores = new double[masks.size()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = target.value(logits.get(i), classes).getFloat();
      }
      return scores;
    }
  }

  /**
   * {@return the picture itself}
   *
   * @throws NotApplicableException if it is none
   */
  abstract Picture picture();

  /** {@return a scope, which is closed by whoever asked for it} */
  abstract NDManager scope();

  /** {@return what is answered for each mask, the pictures first, in the scope} */
  abstract NDArray logits(NDManager scope, List<float[]> masks);

  /** A network's input, whatever it was made of. */
  static final class OfNetwork extends Asked {

    private final Network network;
    private final NDArray input;
    private final NDArray blank;

    /**
     * The input as it is.
     *
     * @param input shape (1, C, H, W), which stays open as long as this is asked
     */
    OfNetwork(Network network, NDArray input, Target target, Blank blank) {
      super(
          Math.toIntExact(input.getShape().get(2)),
          Math.toIntExact(input.getShape().get(3)),
          network.classes(),
          target);
      this.network = network;
      this.input = input;
      float[] values = blank.channels(network);
      this.blank = input.getManager().create(values, new Shape(1, values.length, 1, 1));
    }

    @Override
    Picture picture() {
      Preprocessing preprocessing = network.preprocessing();
      if (!(preprocessing.channels() instanceof Channels.Colours)) {
        throw new NotApplicableException(
            "%s takes %s, and what picture they are is not known. Take regions that do not look at the picture, such as RegionGrid."
                .formatted(network.name(), preprocessing.channels()));
      }
      return preprocessing.denormalize(input.toFloatArray(), width(), height());
    }

    @Override
    NDManager scope() {
      return input.getManager().newSubManager();
    }

    @Override
    NDArray logits(NDManager scope, List<float[]> masks) {
      FloatBuffer values = FloatBuffer.allocate(masks.size() * height() * width());
      masks.forEach(values::put);
      NDArray keep = scope.create(values.flip(), new Shape(masks.size(), 1, height(), width()));
      return network.run(keep.mul(input).add(keep.neg().add(1).mul(blank)));
    }
  }

  /** A picture that a classifier is shown, which is all it can be asked. */
  static final class OfClassifier extends Asked {

    private final Classifier classifier;
    private final Picture picture;

    /** Those of the picture, row by row. */
    private final int[] seen;

    private final int blank;

    OfClassifier(Classifier classifier, Picture picture, Target target, Blank blank) {
      super(picture.height(), picture.width(), classifier.classes(), target);
      this.classifier = classifier;
      this.picture = picture;
      this.blank = blank.rgb();
      seen = new int[picture.height() * picture.width()];
      picture.toImage().getRaster().getDataElements(0, 0, picture.width(), picture.height(), seen);
    }

    /** {@return the numbers of a classifier, shape (N, classes), in the scope} */
    static NDArray numbers(NDManager scope, Classifier classifier, List<Picture> pictures) {
      // It may be of somebody's own making, and is held to the same as a function.
      Classifier held = Classifier.of(classifier.name(), classifier.classes(), classifier::scores);
      float[][] scores = held.scores(pictures);
      int classes = held.classes().size();
      FloatBuffer values = FloatBuffer.allocate(pictures.size() * classes);
      for (float[] numbers : scores) {
        values.put(numbers);
      }
      return scope.create(values.flip(), new Shape(pictures.size(), classes));
    }

    @Override
    Picture picture() {
      return picture;
    }

    @Override
    NDManager scope() {
      return PyTorch.newScope();
    }

    @Override
    NDArray logits(NDManager scope, List<float[]> masks) {
      List<Picture> pictures = new ArrayList<>(masks.size());
      masks.forEach(mask -> pictures.add(masked(mask)));
      return numbers(scope, classifier, pictures);
    }

    private Picture masked(float[] mask) {
      int[] pixels = new int[mask.length];
      for (int i = 0; i < pixels.length; i++) {
        float kept = mask[i];
        pixels[i] = kept == 1 ? seen[i] : kept == 0 ? blank : mixed(seen[i], kept);
      }
      return Picture.of(width(), height(), pixels);
    }

    private int mixed(int rgb, float kept) {
      return mixed(rgb, kept, 16) | mixed(rgb, kept, 8) | mixed(rgb, kept, 0);
    }

    /** One colour in its place, rounded; it is not negative, and so half is added and cut. */
    private int mixed(int rgb, float kept, int shift) {
      float value = kept * (rgb >> shift & 0xFF) + (1 - kept) * (blank >> shift & 0xFF);
      return (int) (value + 0.5) << shift;
    }
  }
}

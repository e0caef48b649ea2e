package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Identified;
import camlab.identity.Incidental;
import camlab.identity.Later;
import camlab.network.LayerGraph;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Expected gradients: integrated gradients without a black picture, from pictures of one's own
 * instead, and at places drawn by lot.
 *
 * <p>1/n Σ<sub>s=1…n</sub> (x − x′<sub>s</sub>) ⊙ ∂y/∂x (x′<sub>s</sub> + α<sub>s</sub> (x −
 * x′<sub>s</sub>)), each x′<sub>s</sub> one of the references, equally likely, and α<sub>s</sub>
 * equally likely in [0, 1). The map is the sum over the channels, signed. Its sum comes the closer
 * to y(x) less the mean of the references' y the more samples there are: that is an expectation,
 * and no sum of a few samples has to meet it. What is drawn follows from the seed alone, so that a
 * picture has the same map alone and in a batch.
 *
 * <p>One pass forward and one backward for each sample. Without references there is nothing to
 * compare with, so it is among those of the {@link Catalogue} that have no usual setting.
 *
 * <p>Source: G. Erion, J. D. Janizek, P. Sturmfels, S. M. Lundberg, S.-I. Lee, "Improving
 * performance of deep learning models with axiomatic attribution priors and expected gradients",
 * Nature Machine Intelligence 2021, the section on expected gradients.
 */
public final class ExpectedGradients extends PixelMethod {

  private static final int USUAL_SAMPLES = 50;

  private final IdentifiedPictures references;
  private final int samples;
  private final long seed;

  @Later("8")
  private final int batch;

  @Incidental private final Progress progress;

  /**
   * With 50 samples and seed 0.
   *
   * @param references pictures to compare with, at least one, such as some of the training set
   */
  public ExpectedGradients(List<Picture> references) {
    this(references, USUAL_SAMPLES, 0, Progress.NONE);
  }

  /**
   * With other samples.
   *
   * @param references pictures to compare with, at least one; preprocessed as the network wants it
   * @param samples n, at least 1
   * @param seed of what is drawn
   * @param progress sees every batch
   */
  public ExpectedGradients(List<Picture> references, int samples, long seed, Progress progress) {
    this(references, samples, seed, GradientBatch.USUAL, progress);
  }

  /**
   * With batches of one's own size.
   *
   * @param references pictures to compare with, at least one; preprocessed as the network wants it
   * @param samples n, at least 1
   * @param seed of what is drawn
   * @param batch how many pictures run at once, at least 1
   * @param progress sees every batch
   */
  public ExpectedGradients(
      List<Picture> references, int samples, long seed, int batch, Progress progress) {
    Objects.requireNonNull(references, "Expected pictures to compare with, found null.");
    references.forEach(Picture::required);
    if (references.isEmpty() || samples < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Expected gradients need at least 1 reference and 1 sample, found %d and %d.",
              references.size(),
              samples));
    }
    this.references = new IdentifiedPictures(List.copyOf(references));
    this.samples = samples;
    this.seed = seed;
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Pictures, told from others by what is in them. */
  private record IdentifiedPictures(List<Picture> pictures) implements Identified {
    @Override
    public String identity() {
      return pictures.stream().map(Picture::checksum).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  @Override
  public String name() {
    return "Expected gradients";
  }

  @Override
  NDArray map(NDArray attribution) {
    return attribution.sum(new int[] {1});
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the network takes pictures of any size, and a reference is
   *     not of the input's
   */
  @Override
  NDArray attribution(NDArray input, Recording recording, String layer, Target target) {
    NDArray sum = input.zerosLike();
    Random random = new Random(seed);
    GradientBatch gradients = GradientBatch.of(recording, target, batch);
    Passes passes =
        (from, to) -> {
          try (NDManager scope = input.getManager().newSubManager()) {
            NDList ways = new NDList(to - from);
            NDList places = new NDList(to - from);
            for (int sample = from; sample < to; sample++) {
              Picture drawn = references.pictures.get(random.nextInt(references.pictures.size()));
              double alpha = random.nextDouble();
              NDArray reference = recording.network().input(scope, List.of(drawn));
              requireSize(reference, input);
              NDArray way = reference.neg().add(input);
              ways.add(way);
              places.add(way.mul(alpha).add(reference));
            }
            NDArray shares =
                NDArrays.stack(ways).mul(gradients.gradients(places, LayerGraph.INPUT));
            sum.addi(shares.sum(new int[] {0}));
          }
        };
    passes.runAll(progress, name(), samples, gradients.copies(input));
    return sum.div(samples);
  }

  private static void requireSize(NDArray reference, NDArray input) {
    if (!reference.get(0).getShape().equals(input.get(0).getShape())) {
      throw new IllegalArgumentException(
          "A reference is of the size of what is explained: expected %s, found %s."
              .formatted(input.get(0).getShape(), reference.get(0).getShape()));
    }
  }
}

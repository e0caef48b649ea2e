package camlab.cam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.engine.PyTorch;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.heatmap.Region;
import camlab.identity.Incidental;
import camlab.network.Classifier;
import camlab.network.LayerGraph;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A method that only asks: it hides parts of the picture and sees what is answered then. It looks
 * at no layer and takes no gradient, so that anything can be explained that gives numbers for
 * pictures: a network, a predictor of any engine, a function.
 *
 * <pre>{@code
 * Heatmap map = new Occlusion().heatmap(classifier, picture, "cat");
 * }</pre>
 *
 * <p>Of a {@link Network} the parts are those of its input, which is what it sees of the picture,
 * and any score can be explained. Of any other {@link Classifier} they are those of the picture as
 * it is given, with 8-bit colours: how it is cut and scaled then is the classifier's affair. The
 * score is the number that it tells, a logit or a probability as its {@code classes()} say.
 *
 * <p>Values are at the resolution of the network's input, or of the picture. As many masks as one
 * batch has are in memory at a time; progress is told after each, and interrupting the thread stops
 * the work behind the one that is running.
 */
public abstract class AskingMethod implements CamMethod {

  static final int USUAL_BATCH = Passes.USUAL_BATCH;

  private final Blank blank;
  private final int batch;
  @Incidental private final Progress progress;

  AskingMethod(Blank blank, int batch, Progress progress) {
    this.blank = Objects.requireNonNull(blank, "blank");
    this.batch = Passes.requireBatch(batch);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * The map of one picture.
   *
   * @param asked the picture, and what answers
   * @return one value for each pixel, row-major
   */
  abstract float[] map(Asked asked);

  /** What is done with an answer. */
  @FunctionalInterface
  interface Answer {

    /**
     * Takes one answer; they come in the order of their numbers.
     *
     * @param number which question, from 0
     * @param mask what was kept of each pixel
     * @param score the answer
     */
    void take(int number, float[] mask, double score);
  }

  /**
   * Asks about many masks, in batches.
   *
   * @param asked what answers
   * @param total how many masks
   * @param masks the mask of a number; asked for once each, in order
   * @param answer takes the answers
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  final void ask(Asked asked, int total, IntFunction<float[]> masks, Answer answer) {
    Passes passes =
        (from, to) -> {
          List<float[]> some = new ArrayList<>(to - from);
          for (int i = from; i < to; i++) {
            some.add(masks.apply(i));
          }
          double[] scores = asked.scores(some);
          for (int i = from; i < to; i++) {
            answer.take(i, some.get(i - from), scores[i - from]);
          }
        };
    passes.runAll(progress, name(), total, batch);
  }

  /**
   * {@inheritDoc}
   *
   * @param layer is not looked at
   */
  @Override
  public final List<Heatmap> heatmaps(Recording recording, String layer, Target target) {
    List<Heatmap> heatmaps = new ArrayList<>(recording.pictures());
    for (int i = 0; i < recording.pictures(); i++) {
      try (NDManager scope = recording.input().getManager().newSubManager()) {
        NDArray input = TrialCam.input(recording, i, scope);
        Target own = recording.target(target, i);
        Provenance provenance = recording.provenance(name(), LayerGraph.INPUT, target, i);
        heatmaps.add(
            heatmap(new Asked.OfNetwork(recording.network(), input, own, blank), provenance));
      }
    }
    return List.copyOf(heatmaps);
  }

  private Heatmap heatmap(Asked asked, Provenance provenance) {
    return Heatmap.of(asked.height(), asked.width(), map(asked), provenance);
  }

  @Override
  public final String defaultLayer(Network network) {
    return LayerGraph.INPUT;
  }

  /**
   * {@return the map of a class for anything that answers}
   *
   * @param classifier a network, a predictor of any engine, or a {@linkplain Classifier#of
   *     function}
   * @param picture any picture
   * @param className the class to explain
   * @throws camlab.network.UnknownNameException if no class has the name
   * @throws camlab.network.NotApplicableException if the blank is no colour, and this is no network
   * @throws IllegalArgumentException if the classifier does not give one number for each class of
   *     each picture
   */
  public final Heatmap heatmap(Classifier classifier, Picture picture, String className) {
    return heatmap(classifier, picture, Target.of(className));
  }

  /**
   * {@return the map of a score for anything that answers}
   *
   * @param classifier a network, a predictor of any engine, or a {@linkplain Classifier#of
   *     function}
   * @param picture any picture
   * @param target the score to explain, of the numbers that the classifier tells
   * @throws camlab.network.NotApplicableException if the blank is no colour, and this is no network
   * @throws IllegalArgumentException if the classifier does not give one number for each class of
   *     each picture
   */
  public final Heatmap heatmap(Classifier classifier, Picture picture, Target target) {
    Objects.requireNonNull(
        classifier,
        "Expected what answers for a picture, found null: a network, a predictor, or Classifier.of(…).");
    Picture.required(picture);
    if (classifier instanceof Network network) {
      return heatmap(network, picture, LayerGraph.INPUT, target);
    }
    try (NDManager scope = PyTorch.newScope()) {
      NDArray numbers = Asked.OfClassifier.numbers(scope, classifier, List.of(picture));
      Target own = target.ofPicture(numbers, 0, classifier.classes());
      NDArray first = numbers.get(0);
      Provenance provenance =
          new Provenance(
              name(),
              "",
              own.label(first, classifier.classes()),
              own.value(first, classifier.classes()).getFloat(),
              Optional.of(Region.whole(picture.width(), picture.height())));
      return heatmap(new Asked.OfClassifier(classifier, picture, own, blank), provenance);
    }
  }
}

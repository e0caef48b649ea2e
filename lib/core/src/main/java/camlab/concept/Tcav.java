package camlab.concept;

import ai.djl.ndarray.NDArray;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.concept.ConceptVector.Values;
import camlab.identity.Identified;
import camlab.identity.Incidental;
import camlab.network.Layout;
import camlab.network.Network;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * TCAV, testing with concept activation vectors: does a class depend on a concept that pictures
 * tell, such as stripes?
 *
 * <p>A linear classifier tells what a layer puts out for pictures of the concept from what it puts
 * out for random ones; v is its direction, of length 1. With g = ∂y/∂A at the layer for a picture
 * of the class, S = g·v says how fast the score y grows along the concept. The score of the concept
 * is the share of the class's pictures with S &gt; 0. Against one set of random pictures alone any
 * concept has some score, so it is taken against several, and so are directions from one random set
 * to the next: a t test tells the two apart. See {@link TcavResult#isSignificant} for what it says,
 * and what it does not.
 *
 * <pre>{@code
 * TcavResult result = new Tcav().test(
 *     network, "layer4", Target.of("zebra"), new Examples("stripes", striped), randomSets, zebras);
 * System.out.println(result);
 * }</pre>
 *
 * <p>One forward pass for each picture of the concept and of the random sets, one forward and one
 * backward pass for each picture of the class, and one forward pass for the name of the score; any
 * network and any layer, with positions or without.
 *
 * <p>Source: B. Kim et al., "Interpretability Beyond Feature Attribution: Quantitative Testing with
 * Concept Activation Vectors (TCAV)", ICML 2018, equations 1 and 2, section 3.5. The classifier is
 * a {@linkplain ConceptVector logistic regression} with a penalty, which has one solution; the
 * authors' program trains one by stochastic steps, and so does captum unless it is given another.
 */
public final class Tcav implements Identified {

  /** The number that captum's own classifier has for its penalty, on another scale. */
  private static final double USUAL_PENALTY = 0.01;

  private static final int USUAL_BATCH = 16;

  /** Of two sets, the one control is the other one turned round. */
  private static final int LEAST_SETS = 3;

  private final double penalty;
  private final int batch;
  @Incidental private final Progress progress;

  /** With a penalty of 0.01 and batches of 16 pictures. */
  public Tcav() {
    this(USUAL_PENALTY, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With everything of one's own.
   *
   * @param penalty λ of the classifier, above 0, finite: the larger, the nearer the direction is to
   *     the difference of the two means
   * @param batch pictures at once, at least 1
   * @param progress sees every batch
   */
  public Tcav(double penalty, int batch, Progress progress) {
    if (!(penalty > 0 && Double.isFinite(penalty)) || batch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The penalty lies above 0 and is finite, and a batch has at least 1 picture; found %s and %d.",
              penalty,
              batch));
    }
    this.penalty = penalty;
    this.batch = batch;
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * Tests a concept.
   *
   * @param network the network
   * @param layer the dotted name of a layer
   * @param target the score that may depend on the concept
   * @param concept pictures that show the concept
   * @param randomSets at least 3 sets of other pictures; ten and more are usual, each about as many
   *     pictures as the concept has
   * @param pictures pictures of the class, at least 1
   * @return the scores, and what they are to be held against
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   * @throws IllegalArgumentException if there are fewer sets or no pictures
   * @throws camlab.network.NotApplicableException if the layer puts out the same for all pictures
   *     of two sets that a direction learns from
   */
  public TcavResult test(
      Network network,
      String layer,
      Target target,
      Examples concept,
      List<Examples> randomSets,
      List<Picture> pictures) {
    return test(network, layer, target, List.of(concept), randomSets, pictures).get(0);
  }

  /**
   * Tests several concepts against the same random sets and pictures, which run through the network
   * once and not for each concept anew.
   *
   * @param network the network
   * @param layer the dotted name of a layer
   * @param target the score that may depend on the concepts
   * @param concepts pictures that show a concept each
   * @param randomSets as for one concept
   * @param pictures pictures of the class, at least 1
   * @return what {@link #test(Network, String, Target, Examples, List, List)} gives of each concept
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   * @throws IllegalArgumentException if there are fewer than 3 sets, or no pictures
   * @throws camlab.network.NotApplicableException if the layer puts out the same for all pictures
   *     of two sets that a direction learns from
   */
  public List<TcavResult> test(
      Network network,
      String layer,
      Target target,
      List<Examples> concepts,
      List<Examples> randomSets,
      List<Picture> pictures) {
    Measured measured = measured(network, layer, target, concepts, randomSets, pictures);
    List<Values> ofRandom = measured.sets().subList(concepts.size(), measured.sets().size());
    List<List<ConceptVector>> directions =
        measured.sets().subList(0, concepts.size()).stream()
            .map(concept -> ofRandom.stream().map(each -> direction(layer, concept, each)).toList())
            .toList();
    List<Double> controls = new ArrayList<>();
    for (int i = 0; i < ofRandom.size(); i++) {
      Values next = ofRandom.get((i + 1) % ofRandom.size());
      controls.add(share(direction(layer, ofRandom.get(i), next), measured.gradients()));
    }
    List<TcavResult> results = new ArrayList<>();
    for (int i = 0; i < concepts.size(); i++) {
      List<ConceptVector> vectors = directions.get(i);
      List<Double> scores =
          vectors.stream().map(vector -> share(vector, measured.gradients())).toList();
      results.add(
          new TcavResult(
              concepts.get(i).name(), layer, measured.label(), vectors, scores, controls));
    }
    return results;
  }

  private ConceptVector direction(String layer, Values concept, Values against) {
    Interruption.check("Interrupted while concepts were told apart.");
    return ConceptVector.of(layer, concept, against, penalty);
  }

  /**
   * Ranks a concept among sets of random pictures: the test to ask where a concept may be nothing.
   *
   * <p>The t tests of {@link TcavResult} take scores for independent that all share the concept's
   * pictures, and alarm for nothing more often than their level says: at a level of 0.05 both
   * together for 58 of 200 sets of points drawn by lot, against 19 random sets, and this test for
   * 8. Here every set, the concept's and the random ones, is treated alike: along its directions
   * against all the others, v, it has the mean cosine of g and v over directions and pictures of
   * the class. If the concept is nothing, its cosine is as likely the largest as any other set's,
   * whatever they depend on. (The cosine and not the share of signs, since that is 0 or 1 for many
   * a random set.)
   *
   * <p>The same passes as {@link #test}, and a classifier for each pair of sets: 210 for a concept
   * and 20 random sets.
   *
   * @param network the network
   * @param layer the dotted name of a layer
   * @param target the score that may depend on the concept
   * @param concept pictures that show the concept
   * @param randomSets sets of other pictures, each of as many as the concept has and drawn apart
   *     from one another; at least 19, or no probability can be as small as 0.05
   * @param pictures pictures of the class, at least 1
   * @return the cosines of all sets
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   * @throws IllegalArgumentException if there are fewer than 3 sets, or no pictures, or sets of
   *     another size
   * @throws camlab.network.NotApplicableException if the layer puts out the same for all pictures
   *     of two sets that a direction learns from
   */
  public TcavRank rank(
      Network network,
      String layer,
      Target target,
      Examples concept,
      List<Examples> randomSets,
      List<Picture> pictures) {
    for (Examples each : randomSets) {
      if (each.pictures().size() != concept.pictures().size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "A set of random pictures stands for the concept only if it has as many: '%s' has %d, '%s' has %d.",
                concept.name(),
                concept.pictures().size(),
                each.name(),
                each.pictures().size()));
      }
    }
    Measured measured = measured(network, layer, target, List.of(concept), randomSets, pictures);
    List<Double> cosines = cosines(pairs(layer, measured.sets(), penalty), measured.gradients());
    return new TcavRank(
        concept.name(),
        layer,
        measured.label(),
        cosines.get(0),
        cosines.subList(1, cosines.size()));
  }

  /** The directions between any two sets: at [i][j], j &lt; i, the one towards j. */
  static List<List<ConceptVector>> pairs(String layer, List<Values> sets, double penalty) {
    List<List<ConceptVector>> pairs = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      Interruption.check("Interrupted while concepts were told apart.");
      List<ConceptVector> ofSet = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        ofSet.add(ConceptVector.of(layer, sets.get(j), sets.get(i), penalty));
      }
      pairs.add(ofSet);
    }
    return pairs;
  }

  /** Of each set, the mean cosine of gradients and its directions against every other set. */
  static List<Double> cosines(List<List<ConceptVector>> pairs, List<float[]> gradients) {
    double[] sums = new double[pairs.size()];
    for (int i = 0; i < sums.length; i++) {
      for (int j = 0; j < i; j++) {
        double cosine = cosine(pairs.get(i).get(j), gradients);
        sums[j] += cosine;
        sums[i] -= cosine; // The direction back is the opposite one.
      }
    }
    return Arrays.stream(sums).map(sum -> sum / (sums.length - 1)).boxed().toList();
  }

  private static double cosine(ConceptVector vector, List<float[]> gradients) {
    double sum = 0;
    for (float[] gradient : gradients) {
      double square = 0;
      for (float value : gradient) {
        square += (double) value * value;
      }
      sum += square == 0 ? 0 : vector.sensitivity(gradient) / Math.sqrt(square);
    }
    return sum / gradients.size();
  }

  /** What the layer puts out for each concept's pictures and each set's, and ∂y/∂A. */
  private record Measured(List<Values> sets, List<float[]> gradients, String label) {}

  private Measured measured(
      Network network,
      String layer,
      Target target,
      List<Examples> concepts,
      List<Examples> randomSets,
      List<Picture> pictures) {
    if (randomSets.size() < LEAST_SETS || pictures.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A concept is tested against at least %d sets of random pictures, for at least one picture of the class; found %d and %d.",
              LEAST_SETS,
              randomSets.size(),
              pictures.size()));
    }
    List<Examples> all = Stream.concat(concepts.stream(), randomSets.stream()).toList();
    int total = all.stream().mapToInt(set -> set.pictures().size()).sum() + pictures.size();
    Progress.Work work = new Progress.Work("TCAV", total, Progress.Unit.STEPS);
    try (Progress.Running running = progress.begin(work, 0)) {
      Passes passes = new Passes(network, layer, running);
      List<Values> sets = all.stream().map(passes::outputs).toList();
      List<float[]> gradients =
          passes.rows(pictures, recording -> recording.outputGradient(layer, target));
      return new Measured(sets, gradients, label(network, layer, target, pictures.get(0)));
    }
  }

  private static String label(Network network, String layer, Target target, Picture picture) {
    try (Recording recording = Recording.of(network, picture, layer)) {
      return recording.label(target, 0);
    }
  }

  static double share(ConceptVector vector, List<float[]> gradients) {
    long growing = gradients.stream().filter(row -> vector.sensitivity(row) > 0).count();
    return (double) growing / gradients.size();
  }

  /** Passes through the network, in batches. */
  private final class Passes {

    private final Network network;
    private final String layer;
    private final Progress.Running running;
    private int done;

    Passes(Network network, String layer, Progress.Running running) {
      this.network = network;
      this.layer = layer;
      this.running = running;
    }

    Values outputs(Examples examples) {
      return new Values(
          examples.name(), rows(examples.pictures(), recording -> recording.output(layer)));
    }

    /** All values of each picture's part of an array, the pictures first. */
    List<float[]> rows(List<Picture> pictures, Function<Recording, NDArray> array) {
      List<float[]> rows = new ArrayList<>(pictures.size());
      for (int from = 0; from < pictures.size(); from += batch) {
        Interruption.check(
            String.format(Locale.ROOT, "Interrupted when %d pictures had been run.", done));
        List<Picture> some = pictures.subList(from, Math.min(from + batch, pictures.size()));
        try (Recording recording = Recording.of(network, some, List.of(layer))) {
          NDArray values = picturesFirst(array.apply(recording));
          for (int i = 0; i < some.size(); i++) {
            rows.add(values.get(i).toFloatArray());
          }
        }
        done += some.size();
        running.reached(done);
      }
      return rows;
    }

    private NDArray picturesFirst(NDArray values) {
      boolean second =
          network.layout(layer).filter(Layout.TokensFirst.class::isInstance).isPresent();
      return second ? values.transpose(1, 0, 2) : values;
    }
  }
}

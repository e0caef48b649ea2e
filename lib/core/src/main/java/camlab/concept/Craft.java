package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.identity.Identified;
import camlab.identity.Incidental;
import camlab.network.Network;
import camlab.network.Rest;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import camlab.progress.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * CRAFT: the concepts that a network looks for in pictures of a class, where they are, and how much
 * the class's score depends on each.
 *
 * <p>The pictures are cut into overlapping crops, each enlarged to the network's size; A has a row
 * for each crop, the mean over the positions of what the layer puts out, none negative. A ≈ U Wᵀ,
 * both without negative values, and the columns of W are the concepts: the crops with the largest U
 * show what each is. In a whole picture the activations of every position are written as U Wᵀ with
 * that same W. Then all concepts are dimmed at random, U<sub>k</sub> by m<sub>k</sub> in [0, 1],
 * the rest of the network runs on what they add up to, and the importance of a concept is its total
 * {@linkplain CraftConcept#importances Sobol index} for the score.
 *
 * <pre>{@code
 * CraftResult found = new Craft().of(network, Target.of("zebra"), zebras);
 * found.concepts().get(0).crops();               // what it looks like
 * found.maps(network, zebras.get(0)).get(0);     // where it is
 * }</pre>
 *
 * <p>The indices are of 32 rows of draws, so that those of two pictures scatter; the concepts
 * themselves follow from the seed, too. One forward pass for each crop and each picture, and 32 ·
 * (concepts + 1) passes behind the layer for each picture.
 *
 * <p>Source: T. Fel et al., "CRAFT: Concept Recursive Activation FacTorization for Explainability",
 * CVPR 2023; crops of 64 of 224 pixels and 32 rows as in the authors' own program, whose draws are
 * of another sequence. The recursion into earlier layers is not part of it: call it again with an
 * earlier layer and the crops of a concept as the pictures.
 */
public final class Craft implements Identified {

  private static final int USUAL_CONCEPTS = 10;
  private static final int USUAL_ROWS = 32;
  private static final double USUAL_SHARE = 64.0 / 224;
  private static final int USUAL_BATCH = 16;
  private static final int ROUNDS = 200;

  /** How many crops show what a concept is. */
  private static final int SHOWN = 9;

  private final int concepts;
  private final double share;
  private final int rows;
  private final long seed;
  private final int batch;
  @Incidental private final Progress progress;

  /** With 10 concepts, crops of 2/7 of each side, 32 rows of draws, seed 0 and batches of 16. */
  public Craft() {
    this(USUAL_CONCEPTS);
  }

  /**
   * With the other settings as usual.
   *
   * @param concepts how many concepts, at least 1
   */
  public Craft(int concepts) {
    this(concepts, USUAL_SHARE, USUAL_ROWS, 0, USUAL_BATCH, Progress.NONE);
  }

  /**
   * With everything of one's own.
   *
   * @param concepts how many concepts, at least 1
   * @param share of each side that a crop has, above 0 and at most 1
   * @param rows how many rows of draws the importances are estimated from, at least 2
   * @param seed of the factorisation's start and of the draws
   * @param batch passes at once, at least 1
   * @param progress sees every batch
   */
  public Craft(int concepts, double share, int rows, long seed, int batch, Progress progress) {
    if (concepts < 1 || !(share > 0 && share <= 1) || rows < 2 || batch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "At least 1 concept, crops of a share in (0, 1], 2 rows and batches of 1 are needed; found %d, %s, %d and %d.",
              concepts,
              share,
              rows,
              batch));
    }
    this.concepts = concepts;
    this.share = share;
    this.rows = rows;
    this.seed = seed;
    this.batch = batch;
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * The concepts at the network's default target layer.
   *
   * @param network the network
   * @param target the score, such as a class
   * @param pictures pictures of the class; the more, the better
   * @return the most important concept first
   * @see #of(Network, String, Target, List)
   */
  public CraftResult of(Network network, Target target, List<Picture> pictures) {
    return of(network, network.targetLayer(), target, pictures);
  }

  /**
   * The concepts at a layer.
   *
   * @param network the network
   * @param layer the dotted name of a layer with positions that puts out nothing negative
   * @param target the score, such as a class
   * @param pictures pictures of the class; the more, the better
   * @return the most important concept first
   * @throws camlab.network.NotApplicableException if an activation is negative
   * @throws IllegalArgumentException if there is no picture, or the layer has no positions
   * @throws java.util.concurrent.CancellationException if the thread was interrupted
   */
  public CraftResult of(Network network, String layer, Target target, List<Picture> pictures) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("At least one picture is needed, found none.");
    }
    List<Crop> crops = new ArrayList<>();
    for (Picture picture : pictures) {
      crops.addAll(Crop.of(network.preprocessing().view(picture), share));
    }
    int total = crops.size() + pictures.size() * rows * (concepts + 1);
    Progress.Work work = new Progress.Work("CRAFT", total, Progress.Unit.STEPS);
    try (Progress.Running running = progress.begin(work, 0);
        NDManager scope = network.newScope()) {
      Run run = new Run(network, layer, scope, running);
      NonNegativeFactorization factors =
          NonNegativeFactorization.of(
                  run.means(crops), concepts, ROUNDS, NonNegativeFactorization.TOLERANCE, seed)
              .scaled();
      List<double[]> importances = new ArrayList<>();
      String label = "";
      for (Picture picture : pictures) {
        try (Recording recording = Recording.of(network, picture, layer)) {
          label = importances.isEmpty() ? recording.label(target, 0) : label;
          importances.add(run.importances(recording, recording.target(target, 0), factors));
        }
      }
      return new CraftResult(layer, label, ordered(factors, crops, importances));
    }
  }

  private List<CraftConcept> ordered(
      NonNegativeFactorization factors, List<Crop> crops, List<double[]> importances) {
    List<Integer> order =
        IntStream.range(0, concepts)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    k -> -importances.stream().mapToDouble(each -> each[k]).sum()))
            .toList();
    List<CraftConcept> found = new ArrayList<>(concepts);
    for (int k : order) {
      List<Picture> shown =
          IntStream.range(0, crops.size())
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -factors.left(i, k)))
              .limit(SHOWN)
              .map(i -> crops.get(i).picture())
              .toList();
      found.add(
          new CraftConcept(
              found.size(),
              factors.column(k),
              importances.stream().map(each -> each[k]).toList(),
              shown));
    }
    return found;
  }

  /** Passes through one network. */
  private final class Run {

    private final Network network;
    private final String layer;
    private final NDManager scope;
    private final Progress.Running running;
    private int done;

    Run(Network network, String layer, NDManager scope, Progress.Running running) {
      this.network = network;
      this.layer = layer;
      this.scope = scope;
      this.running = running;
    }

    private void advance(int passes) {
      done += passes;
      running.reached(done);
      Interruption.check(
          String.format(Locale.ROOT, "Interrupted when %d passes of CRAFT were done.", done));
    }

    /** The mean over the positions of what the layer puts out for each crop, shape (n, K). */
    NDArray means(List<Crop> crops) {
      NDList means = new NDList();
      for (int from = 0; from < crops.size(); from += batch) {
        List<Crop> some = crops.subList(from, Math.min(from + batch, crops.size()));
        try (NDManager pass = scope.newSubManager()) {
          NDArray input = network.inputOfViews(pass, some.stream().map(Crop::picture).toList());
          try (Recording recording = Recording.of(network, input, List.of(layer))) {
            NDArray activation = recording.requirePositions(layer).maps(recording.output(layer));
            NonNegative.require(activation, layer, "CRAFT");
            NDArray mean = activation.mean(new int[] {3}).mean(new int[] {2});
            mean.attach(scope);
            means.add(mean);
          }
        }
        advance(some.size());
      }
      return NDArrays.concat(means);
    }

    /** The total Sobol index of each concept for one picture. */
    double[] importances(Recording recording, Target target, NonNegativeFactorization factors) {
      NDArray activation = recording.requirePositions(layer).maps(recording.output(layer));
      Shape shape = activation.getShape();
      double[] strengths = CraftResult.strengths(activation, factors.right(), concepts);
      Rest rest = network.rest(recording.input(), layer);
      return SobolIndices.total(
          concepts,
          rows,
          seed,
          masks -> {
            double[] scores = new double[masks.size()];
            for (int from = 0; from < scores.length; from += batch) {
              int to = Math.min(from + batch, scores.length);
              try (NDManager pass = scope.newSubManager()) {
                NDArray maps = dimmed(pass, masks.subList(from, to), strengths, factors, shape);
                NDArray logits = rest.run(maps);
                for (int i = from; i < to; i++) {
                  scores[i] = target.value(logits.get(i - from), network.classes()).getFloat();
                }
              }
              advance(to - from);
            }
            return scores;
          });
    }

    /** Σ<sub>k</sub> m<sub>k</sub> U<sub>k</sub> W<sub>k</sub>, shape (n, K, h, w). */
    private NDArray dimmed(
        NDManager pass,
        List<double[]> masks,
        double[] strengths,
        NonNegativeFactorization factors,
        Shape shape) {
      float[] values = new float[masks.size() * strengths.length];
      for (int i = 0; i < values.length; i++) {
        int k = i % concepts;
        values[i] = (float) (strengths[i % strengths.length] * masks.get(i / strengths.length)[k]);
      }
      NDArray dimmed = pass.create(values, new Shape(values.length / concepts, concepts));
      float[] bank = new float[factors.right().length];
      for (int i = 0; i < bank.length; i++) {
        bank[i] = (float) factors.right()[i];
      }
      NDArray vectors = pass.create(bank, new Shape(shape.get(1), concepts)).transpose();
      return dimmed
          .matMul(vectors)
          .reshape(masks.size(), shape.get(2), shape.get(3), shape.get(1))
          .transpose(0, 3, 1, 2);
    }
  }
}

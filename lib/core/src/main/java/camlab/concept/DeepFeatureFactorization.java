package camlab.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.capture.Recording;
import camlab.heatmap.Heatmap;
import camlab.heatmap.Provenance;
import camlab.identity.Identified;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Deep feature factorisation: the activations of a layer, for one or several pictures together, as
 * a sum of a few concepts, each of which is somewhere in the pictures and puts out the same mixture
 * of channels wherever it is.
 *
 * <p>A is the layer's activations as a matrix with one row for each position of each picture and
 * one column for each of the K channels, none negative; A ≈ W Hᵀ with W ≥ 0, H ≥ 0 and as few
 * columns as there are concepts. A column of H is a concept, and the same column of W its maps.
 * Each pair is scaled so that the largest value of its maps is 1, and they are ordered by their
 * share of Σ W Hᵀ. Another start can end in another factorisation: see whether what is concluded
 * stays with another seed.
 *
 * <pre>{@code
 * for (Concept concept : new DeepFeatureFactorization(4).of(network, pictures)) {
 *   System.out.println(concept + " " + concept.maps().get(0));
 * }
 * }</pre>
 *
 * <p>Which class a concept speaks for is asked of the network: the part behind the layer is run
 * with the concept alone, at every position. For a network that averages over the positions and has
 * one linear layer behind that is the concept times the class's weights plus the bias.
 *
 * <p>One forward pass, and for each picture one behind the layer per concept. It explains no one
 * score, and so is no method of the {@code Catalogue}.
 *
 * <p>Source: E. Collins, R. Achanta, S. Süsstrunk, "Deep Feature Factorization For Concept
 * Discovery", ECCV 2018; the classes of the concepts as in the package grad-cam. (That moves each
 * channel so that its minimum is 0, and leaves each pair at the scale at which the factorisation
 * ended, on which the classes' scores depend.)
 */
public final class DeepFeatureFactorization implements Identified {

  private static final int USUAL_CONCEPTS = 5;
  private static final int USUAL_ROUNDS = 200;

  private final int concepts;
  private final int rounds;
  private final long seed;

  /** Into 5 concepts, with seed 0. */
  public DeepFeatureFactorization() {
    this(USUAL_CONCEPTS);
  }

  /**
   * With seed 0.
   *
   * @param concepts into how many concepts, at least 1
   */
  public DeepFeatureFactorization(int concepts) {
    this(concepts, USUAL_ROUNDS, 0);
  }

  /**
   * With everything of one's own.
   *
   * @param concepts into how many concepts, at least 1
   * @param rounds how often all values are improved, at most; it ends earlier when little is left
   * @param seed of the start
   */
  public DeepFeatureFactorization(int concepts, int rounds, long seed) {
    if (concepts < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A factorisation has at least 1 concept and 1 round, found %d and %d.",
              concepts,
              rounds));
    }
    this.concepts = concepts;
    this.rounds = rounds;
    this.seed = seed;
  }

  /**
   * The concepts of some pictures at the network's default target layer.
   *
   * @param network the network
   * @param pictures at least one
   * @return those with the largest share first
   * @see #of(Recording, String)
   */
  public List<Concept> of(Network network, List<Picture> pictures) {
    String layer = network.targetLayer();
    try (Recording recording = Recording.of(network, pictures, List.of(layer))) {
      return of(recording, layer);
    }
  }

  /**
   * The concepts of all recorded pictures.
   *
   * @param recording a forward pass that recorded the layer
   * @param layer the dotted name of a layer with positions that puts out nothing negative
   * @return those with the largest share first; values at the layer's resolution
   * @throws camlab.network.NotApplicableException if an activation is negative
   * @throws IllegalArgumentException if the layer has no positions, or it is not known where they
   *     are
   */
  public List<Concept> of(Recording recording, String layer) {
    NDArray activation = recording.requirePositions(layer).maps(recording.output(layer));
    try (NDManager scope = activation.getManager().newSubManager()) {
      activation.attach(scope);
      NonNegative.require(activation, layer, "Deep feature factorisation");
      long channels = activation.getShape().get(1);
      NDArray rows = activation.transpose(0, 2, 3, 1).reshape(-1, channels);
      NonNegativeFactorization factors =
          NonNegativeFactorization.of(
                  rows, concepts, rounds, NonNegativeFactorization.TOLERANCE, seed)
              .scaled();
      return concepts(recording, layer, activation.getShape(), factors, scope);
    }
  }

  private List<Concept> concepts(
      Recording recording,
      String layer,
      Shape shape,
      NonNegativeFactorization factors,
      NDManager scope) {
    float[][] vectors = vectors(factors, Math.toIntExact(shape.get(1)));
    List<List<Prediction>> predictions = predictions(recording, layer, shape, vectors, scope);
    double total = IntStream.range(0, concepts).mapToDouble(factors::sum).sum();
    List<Concept> found = new ArrayList<>(concepts);
    for (int k = 0; k < concepts; k++) {
      List<Heatmap> maps = new ArrayList<>(recording.pictures());
      for (int picture = 0; picture < recording.pictures(); picture++) {
        Provenance provenance =
            new Provenance("concept " + k, layer, "", Double.NaN, recording.region(picture));
        maps.add(map(shape, factors, picture, k, provenance));
      }
      double share = total == 0 ? 0 : factors.sum(k) / total;
      found.add(new Concept(k, factors.column(k), share, maps, predictions.get(k)));
    }
    return List.copyOf(found);
  }

  private float[][] vectors(NonNegativeFactorization factors, int channels) {
    float[][] vectors = new float[concepts][channels];
    for (int k = 0; k < concepts; k++) {
      for (int channel = 0; channel < channels; channel++) {
        vectors[k][channel] = (float) factors.right(channel, k);
      }
    }
    return vectors;
  }

  private static Heatmap map(
      Shape shape, NonNegativeFactorization factors, int picture, int k, Provenance provenance) {
    int height = Math.toIntExact(shape.get(2));
    int width = Math.toIntExact(shape.get(3));
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) factors.left(picture * values.length + i, k);
    }
    return Heatmap.of(height, width, values, provenance);
  }

  /** What the network says of each concept alone; the mean over what lies beside the layer. */
  private static List<List<Prediction>> predictions(
      Recording recording, String layer, Shape shape, float[][] vectors, NDManager scope) {
    Shape everywhere = new Shape(vectors.length, shape.get(1), shape.get(2), shape.get(3));
    NDArray maps = scope.create(vectors).expandDims(2).expandDims(3).broadcast(everywhere);
    NDArray sum = null;
    for (int i = 0; i < recording.pictures(); i++) {
      NDArray input = recording.input().get("{}:{}", i, i + 1);
      input.attach(scope);
      NDArray logits = recording.network().rest(input, layer).run(maps);
      sum = sum == null ? logits : sum.add(logits);
    }
    NDArray mean = sum.div(recording.pictures());
    return IntStream.range(0, vectors.length)
        .mapToObj(k -> recording.network().predictions(mean.get(k)))
        .toList();
  }
}

package camlab.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import camlab.engine.ComputationException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/**
 * Where the positions are in what the layers of a network put out: stated, or found by evidence, or
 * not known. Found when somebody asks, and remembered.
 *
 * <p>The evidence, cheap first: the shape for one picture; what the model itself shows, as exported
 * and TorchScript programs do; the shape for a picture of another size, where nothing can have
 * moved the places; and the answer to two pictures that are mixed in stripes, see {@link
 * StripeTrial}.
 */
final class Positions {

  private static final int MAPS = 4;
  private static final int TOKENS = 3;

  /** Networks halve a picture five times, as a rule. */
  private static final int STEP = 32;

  /**
   * From this side on a picture of few steps is cheaper than a larger one, and still has places.
   */
  private static final int LARGE = 3 * STEP;

  /** Borders that are lost or padded make so many places more or less. */
  private static final int BORDERS = 3;

  private static final int SEVENTHS = 7;

  private static final String WITHOUT_LAYOUT =
      "; followed through the program's operators, the picture's rows and columns do not lie in it as one map or one grid of tokens: windows, say, a map moved around its border, or what each place has of each other";

  /**
   * What is known of one layer.
   *
   * @param shape what it puts out for one picture; none if it did not run
   * @param layout where its positions are; empty if that is not known
   * @param origin where it is known from
   * @param evidence in words
   */
  record Found(
      Optional<Shape> shape, Optional<Layout> layout, Fact.Origin origin, String evidence) {

    static Found known(Shape shape, Layout layout, Fact.Origin origin, String evidence) {
      return new Found(Optional.of(shape), Optional.of(layout), origin, evidence);
    }

    static Found unknown(Optional<Shape> shape, String evidence) {
      return new Found(shape, Optional.empty(), Fact.Origin.UNKNOWN, evidence);
    }

    boolean hasPositions() {
      return layout.isPresent() && layout.get().hasPositions();
    }
  }

  private final LayeredModel model;
  private final Shape input;
  private final Map<String, Layout> stated;
  private final String saidBy;
  private final Map<String, Found> found = new HashMap<>();

  /** Of what nothing cheaper decides, the trial that will, by the layers' names. */
  private final Map<String, StripeTrial> open = new HashMap<>();

  private Optional<LayerGraph> plan = Optional.empty();

  /** What speaks against layouts, by the layers' names; what nobody asked for is not there. */
  private final Map<String, Map<Layout, Optional<String>>> doubts = new HashMap<>();

  /** The same model with nothing stated; empty before somebody asks. */
  private Optional<Positions> untold = Optional.empty();

  /** Not known before somebody asks. */
  private Optional<Boolean> keepsPlaces = Optional.empty();

  /**
   * Nothing has run yet.
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it, (1, C, H, W)
   * @param stated where positions are said to be, by the layers' names
   * @param saidBy who says so, in words
   */
  Positions(LayeredModel model, Shape input, Map<String, Layout> stated, String saidBy) {
    this.model = model;
    this.input = input;
    this.saidBy = saidBy;
    this.stated = new HashMap<>();
    stated.forEach((layer, layout) -> this.stated.put(model.resolve(layer), layout));
  }

  /**
   * {@return what is known of a layer}
   *
   * @param layer its full name, or {@link LayerGraph#INPUT}
   * @param scope what runs on the way belongs to it
   */
  Found of(String layer, NDManager scope) {
    return of(List.of(layer), scope, Map.of()).get(layer);
  }

  /**
   * {@return what is known of some layers; what has to run runs once for all of them}
   *
   * @param layers their full names
   * @param scope what runs on the way belongs to it
   * @param seen what layers put out for one picture of the size that the network takes, as far as
   *     somebody has run one already
   */
  synchronized Map<String, Found> of(
      Collection<String> layers, NDManager scope, Map<String, Shape> seen) {
    look(layers, scope, seen);
    Map<String, Found> result = new LinkedHashMap<>();
    for (String layer : layers) {
      StripeTrial trial = open.get(layer);
      if (trial != null) {
        Found tried = trial.of(layer, scope);
        Optional<Shape> shape = tried.shape().or(found.get(layer)::shape);
        found.put(
            layer, tried.shape().isPresent() ? tried : Found.unknown(shape, tried.evidence()));
        open.remove(layer);
      }
      result.put(layer, found.get(layer));
    }
    return result;
  }

  /**
   * Finds what shapes tell of some layers, and leaves open what they do not.
   *
   * @param layers their full names
   * @param scope what runs on the way belongs to it
   * @param seen what layers put out for one picture of the size that the network takes, as far as
   *     somebody has run one already
   */
  synchronized void look(Collection<String> layers, NDManager scope, Map<String, Shape> seen) {
    Set<String> unseen = new LinkedHashSet<>(layers);
    unseen.removeAll(found.keySet());
    if (unseen.remove(LayerGraph.INPUT)) {
      found.put(
          LayerGraph.INPUT,
          Found.known(input, Layout.CHANNELS_FIRST, Fact.Origin.STATED, "the picture itself"));
    }
    if (unseen.isEmpty()) {
      return;
    }
    try {
      find(unseen, scope, seen);
    } catch (RuntimeException e) {
      // What was interrupted, or refused for one layer, is looked at anew when somebody asks again.
      found.keySet().removeAll(unseen);
      throw e;
    }
  }

  /** Whether it takes a trial of many pictures to tell a layer's positions. */
  synchronized boolean isOpen(String layer) {
    return open.containsKey(layer);
  }

  /**
   * {@return the positions of a network of this project: its layers put out channels first}
   *
   * @param model the layers
   * @param input the shape of one picture as the network takes it, (1, C, H, W)
   * @param saidBy who says so, in words
   */
  static Positions ofPlan(LayerGraph model, Shape input, String saidBy) {
    Positions positions = new Positions(model, input, Map.of(), saidBy);
    positions.plan = Optional.of(model);
    return positions;
  }

  /** The shapes follow from the plan, and nothing has to run. */
  private void findAll(LayerGraph graph) {
    Map<String, Shape> shapes;
    try {
      shapes = graph.outputShapes(input);
    } catch (ComputationException e) {
      Found none = Found.unknown(Optional.empty(), "the layers take no picture of this size");
      graph.names().forEach(layer -> found.put(layer, none));
      return;
    }
    shapes.forEach(
        (layer, shape) -> {
          Found known = ofShape(layer, shape);
          found.put(
              layer,
              known.layout().isPresent()
                  ? known
                  : Found.known(shape, Layout.CHANNELS_FIRST, Fact.Origin.STATED, saidBy));
        });
  }

  private void find(Set<String> unseen, NDManager scope, Map<String, Shape> seen) {
    if (plan.isPresent()) {
      findAll(plan.get());
      return;
    }
    Map<String, Shape> shapes =
        seen.keySet().containsAll(unseen) ? seen : shapes(unseen, input, scope);
    for (String layer : unseen) {
      Optional<Shape> shape = Optional.ofNullable(shapes.get(layer));
      found.put(layer, shape.map(known -> ofShape(layer, known)).orElseGet(() -> didNotRun(layer)));
    }
    Set<String> undecided = undecided(unseen);
    Set<String> maps = new LinkedHashSet<>(undecided);
    maps.removeIf(layer -> shapes.get(layer).dimension() != MAPS);
    // Lengths that follow the picture's do not tell of a mirror, a view or a cut.
    if (!maps.isEmpty() && keepsPlaces(scope)) {
      Shape other = otherSize();
      otherShapes(maps, other, scope)
          .forEach((layer, shape) -> compare(layer, shapes.get(layer), shape, other));
    }
    undecided = undecided(unseen);
    undecided.removeAll(model.withoutLayout(input));
    StripeTrial trial = new StripeTrial(model, input, undecided);
    undecided.forEach(layer -> open.put(layer, trial));
  }

  /**
   * {@return what is known of a layer; of one whose layout is stated also what speaks against that,
   * and what it does not see of a picture, if its maps are of a part}
   *
   * @param layer its full name
   * @param known what is known of it
   * @param scope what runs on the way belongs to it
   */
  synchronized Found withDoubts(String layer, Found known, NDManager scope) {
    boolean told = stated.containsKey(layer) && known.shape().isPresent() && known.hasPositions();
    if (!told) {
      return known;
    }
    StringBuilder evidence = new StringBuilder(known.evidence());
    against(layer, known.layout().orElseThrow(), scope)
        .ifPresent(doubt -> evidence.append(". The evidence speaks against it: ").append(doubt));
    unseen(layer, known, scope)
        .ifPresent(
            unseen ->
                evidence
                    .append(". It stays the same whatever ")
                    .append(unseen)
                    .append(
                        " of a picture show: laid over all of a picture, its maps are too large, and lie elsewhere"));
    return new Found(known.shape(), known.layout(), known.origin(), evidence.toString());
  }

  private Optional<Sight.Unseen> unseen(String layer, Found known, NDManager scope) {
    if (keepsPlaces(scope)) {
      return Optional.empty();
    }
    Shape maps = known.layout().orElseThrow().maps(known.shape().orElseThrow());
    return Optional.ofNullable(StripeTrial.unseen(model, input, Set.of(layer), scope).get(layer))
        .filter(unseen -> unseen.isCut(maps.get(2), maps.get(3)));
  }

  /**
   * {@return what speaks against a layout of a layer, in words: what is found where nothing is
   * stated, or places that lie in another order; empty if nothing does}
   *
   * @param layer its full name
   * @param layout one that fits its output
   * @param scope what runs on the way belongs to it
   */
  synchronized Optional<String> against(String layer, Layout layout, NDManager scope) {
    if (!layout.hasPositions()) {
      return Optional.empty();
    }
    Map<Layout, Optional<String>> ofLayer = doubts.computeIfAbsent(layer, name -> new HashMap<>());
    Optional<String> known = ofLayer.get(layout);
    if (known == null) {
      known = findAgainst(layer, layout, scope);
      ofLayer.put(layout, known);
    }
    return known;
  }

  private Optional<String> findAgainst(String layer, Layout layout, NDManager scope) {
    Found shown = stated.containsKey(layer) ? untold().of(layer, scope) : of(layer, scope);
    if (shown.shape().isEmpty()) {
      return Optional.empty(); // it did not run with any picture that was tried
    }
    if (shown.hasPositions()) {
      return shown
          .layout()
          .filter(other -> !other.equals(layout))
          .map(other -> "it shows %s (%s: %s)".formatted(other, shown.origin(), shown.evidence()));
    }
    return shown.layout().isPresent()
        ? Optional.empty()
        : StripeTrial.against(model, input, layer, layout, scope);
  }

  /** What is found where nothing is stated. */
  private Positions untold() {
    if (untold.isEmpty()) {
      untold = Optional.of(new Positions(model, input, Map.of(), ""));
    }
    return untold.get();
  }

  private boolean keepsPlaces(NDManager scope) {
    if (keepsPlaces.isEmpty()) {
      try (NDManager pass = scope.newSubManager()) {
        keepsPlaces = Optional.of(model.keepsPlaces(noise(pass, input, 0)));
      }
    }
    return keepsPlaces.get();
  }

  private Set<String> undecided(Set<String> layers) {
    Set<String> undecided = new LinkedHashSet<>(layers);
    undecided.removeIf(
        layer -> found.get(layer).layout().isPresent() || found.get(layer).shape().isEmpty());
    undecided.removeIf(
        layer -> {
          int dimensions = found.get(layer).shape().orElseThrow().dimension();
          return dimensions != MAPS && dimensions != TOKENS;
        });
    return undecided;
  }

  private Found didNotRun(String layer) {
    return stated.containsKey(layer)
        ? new Found(Optional.empty(), Optional.of(stated.get(layer)), Fact.Origin.STATED, saidBy)
        : Found.unknown(Optional.empty(), "it did not run, or puts out no numbers with a fraction");
  }

  /** What a stated layout makes of an output: one that was confused shows there. */
  private static String grid(Shape shape, Layout layout) {
    if (shape.dimension() != MAPS || !layout.hasPositions()) {
      return "";
    }
    Shape maps = layout.maps(shape);
    return String.format(
        Locale.ROOT, ": %d channels of %d×%d places", maps.get(1), maps.get(2), maps.get(3));
  }

  /** What the shape for one picture says already. */
  private Found ofShape(String layer, Shape shape) {
    if (stated.containsKey(layer)) {
      Layout layout = stated.get(layer);
      if (!layout.fits(shape)) {
        throw new IllegalArgumentException(
            "'%s' is stated to put out %s, but for one picture it puts out %s. State another layout, or none."
                .formatted(layer, layout, shape));
      }
      return Found.known(shape, layout, Fact.Origin.STATED, saidBy + grid(shape, layout));
    }
    String evidence = "for one picture it puts out " + shape;
    long values = shape.size();
    boolean line = shape.stream().anyMatch(dimension -> dimension.getKey() == values);
    if (shape.dimension() <= 2 || line) {
      return Found.known(shape, Layout.VECTOR, Fact.Origin.TRIED, evidence);
    }
    Optional<Layout> shown =
        Optional.ofNullable(model.layouts(input).get(layer)).filter(layout -> layout.fits(shape));
    if (shown.isPresent()) {
      return Found.known(
          shape,
          shown.get(),
          Fact.Origin.READ,
          evidence + "; rows and columns followed through the program's operators");
    }
    if (model.withoutLayout(input).contains(layer)) {
      return Found.unknown(Optional.of(shape), evidence + WITHOUT_LAYOUT);
    }
    if (shape.dimension() > MAPS) {
      return Found.unknown(
          Optional.of(shape),
          String.format(
              Locale.ROOT,
              "%s, which has %d dimensions: a map has a row and a column",
              evidence,
              shape.dimension()));
    }
    return Found.unknown(Optional.of(shape), evidence);
  }

  /**
   * A height and a width that change by factors so different that rows of even a small map cannot
   * be taken for its columns: the picture has more than {@link #BORDERS} steps more along one side.
   */
  private Shape otherSize() {
    long height = input.get(2);
    long width = input.get(3);
    if (Math.min(height, width) < LARGE) {
      return new Shape(1, input.get(1), 2 * height, 4 * width);
    }
    long rows = Math.max(2, steps(height, 2));
    long columns = Math.max(rows + BORDERS + 1, steps(width, 5));
    if (columns == steps(width, SEVENTHS)) {
      columns++; // what stays the same says nothing
    }
    return new Shape(1, input.get(1), rows * STEP, columns * STEP);
  }

  /** How many steps some sevenths of a side have, most often itself of seven steps. */
  private static long steps(long side, int sevenths) {
    return Math.round((double) side * sevenths / SEVENTHS / STEP);
  }

  /** Many networks take one size only, each with an exception of its own. */
  private Map<String, Shape> otherShapes(Set<String> layers, Shape size, NDManager scope) {
    try {
      return shapes(layers, size, scope);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      return Map.of();
    }
  }

  private Map<String, Shape> shapes(Set<String> layers, Shape size, NDManager scope) {
    try (NDManager pass = scope.newSubManager()) {
      return model.trace(noise(pass, size, 0), layers).shapes();
    }
  }

  /** A picture of noise, as large as preprocessed pictures are. */
  static NDArray noise(NDManager scope, Shape shape, int seed) {
    return Trial.picture(scope, shape, new SplittableRandom(seed));
  }

  private void compare(String layer, Shape one, Shape two, Shape other) {
    if (two.dimension() != MAPS || one.get(0) != 1 || two.get(0) != 1) {
      return;
    }
    boolean first = follow(one, two, 2, other) && one.get(1) == two.get(1);
    boolean last = follow(one, two, 1, other) && one.get(3) == two.get(3);
    if (first != last) {
      found.put(
          layer,
          Found.known(
              one,
              first ? Layout.CHANNELS_FIRST : Layout.CHANNELS_LAST,
              Fact.Origin.TRIED,
              String.format(
                  Locale.ROOT,
                  "%s for a picture of %d×%d, %s for one of %d×%d",
                  one,
                  input.get(3),
                  input.get(2),
                  two,
                  other.get(3),
                  other.get(2))));
    }
  }

  /**
   * Whether a dimension and the next one have changed as the picture's height and width have, and
   * not, too, as its width and height have.
   */
  private boolean follow(Shape one, Shape two, int rows, Shape other) {
    return follow(one, two, rows, other, 2, 3) && !follow(one, two, rows, other, 3, 2);
  }

  private boolean follow(Shape one, Shape two, int rows, Shape other, int heights, int widths) {
    return follows(one.get(rows), two.get(rows), input.get(heights), other.get(heights))
        && follows(one.get(rows + 1), two.get(rows + 1), input.get(widths), other.get(widths));
  }

  private static boolean follows(long one, long two, long side, long otherSide) {
    double expected = (double) one * otherSide / side;
    return one != two && Math.abs(two - expected) <= BORDERS;
  }
}

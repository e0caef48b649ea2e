package camlab.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import camlab.cam.CamMethod;
import camlab.cam.GradCam;
import camlab.cam.GradCamPlusPlus;
import camlab.cam.HiResCam;
import camlab.cam.LayerCam;
import camlab.cam.RandomMap;
import camlab.cam.RegionAblation;
import camlab.cam.XGradCam;
import camlab.capture.Recording;
import camlab.capture.Target;
import camlab.heatmap.Heatmap;
import camlab.measure.CascadingRandomization;
import camlab.measure.EnergyInObject;
import camlab.measure.Protocol;
import camlab.measure.RankCorrelation;
import camlab.network.Fact;
import camlab.network.LayeredNetwork;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.progress.Interruption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Is it the method, or is it the network? One call on a picture, and a short report: what the
 * network says, what speaks against the map of it, and against whom that speaks.
 *
 * <pre>{@code
 * System.out.println(new MapExamination().of(network, picture));
 * }</pre>
 *
 * <p>Maps are compared by {@link RankCorrelation} of the means of 7×7 cells, which is the
 * resolution at which parts of the picture are covered. Covering takes 50 forward passes, the cells
 * in another order 19, one by one; each map takes a forward and a backward pass at most for the
 * usual methods, and those of three networks with weights by lot take one of each, too.
 *
 * @param method whose map is examined; one of a layer
 * @param others methods that explain the same class at the same layer
 * @param layer where to look; empty for the network's default
 * @param labelled answers of this network to pictures whose class is known
 */
public record MapExamination(
    CamMethod method,
    List<CamMethod> others,
    Optional<String> layer,
    Optional<LabelledAnswers> labelled) {

  /** Rows and columns of cells in which maps are compared. */
  static final int CELLS = 7;

  private static final int RANDOM_MAPS = 20;
  private static final int RANDOM_NETWORKS = 3;
  private static final int SCRAMBLED = 19;
  private static final int TOP = 10;

  /**
   * Copies the list.
   *
   * @param method whose map is examined
   * @param others methods that explain the same class at the same layer
   * @param layer where to look; empty for the network's default
   * @param labelled answers of this network to pictures whose class is known
   */
  public MapExamination {
    others = List.copyOf(others);
  }

  /** Grad-CAM at the default layer, beside HiResCAM, LayerCAM, XGrad-CAM and Grad-CAM++. */
  public MapExamination() {
    this(
        new GradCam(),
        List.of(new HiResCam(), new LayerCam(), new XGradCam(), new GradCamPlusPlus()),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * {@return the same at another layer}
   *
   * @param name its dotted name
   */
  public MapExamination at(String name) {
    return new MapExamination(method, others, Optional.of(name), labelled);
  }

  /**
   * {@return the same with what the network says of pictures whose class is known}
   *
   * @param answers such as {@link LabelledAnswers#of}
   */
  public MapExamination with(LabelledAnswers answers) {
    return new MapExamination(method, others, layer, Optional.of(answers));
  }

  /**
   * {@return the report on the map of the class that the network predicts}
   *
   * @param network the network
   * @param picture any picture
   */
  public MapReport of(Network network, Picture picture) {
    List<Prediction> predictions = network.predict(picture);
    return of(
        network,
        picture,
        predictions,
        predictions.get(0).name(),
        Choice.PREDICTED,
        Optional.empty());
  }

  /**
   * {@return the report on the map of a class}
   *
   * @param network the network
   * @param picture any picture
   * @param className the class to explain
   * @param object where the object of the class is, if that is known: a mask of the picture's size
   * @throws camlab.network.UnknownNameException if there is no such class or layer
   * @throws camlab.network.NotApplicableException if the network sees nothing of the object
   * @throws IllegalArgumentException if the mask is of another size
   */
  public MapReport of(Network network, Picture picture, String className, Optional<Mask> object) {
    return of(network, picture, network.predict(picture), className, Choice.GIVEN, object);
  }

  private MapReport of(
      Network network,
      Picture picture,
      List<Prediction> predictions,
      String className,
      Choice choice,
      Optional<Mask> object) {
    int index = network.classes().index(className);
    Prediction own =
        predictions.stream().filter(said -> said.index() == index).findFirst().orElseThrow();
    String where = layer.orElseGet(network::targetLayer);
    Heatmap map;
    Map<String, Heatmap> maps = new LinkedHashMap<>();
    OptionalDouble otherClass = OptionalDouble.empty();
    List<Heatmap> drawn = new ArrayList<>();
    try (Recording recording = Recording.of(network, picture, where)) {
      Target target = Target.of(index);
      map = method.heatmap(recording, where, target);
      for (CamMethod other : others) {
        Interruption.check("The examination was stopped.");
        maps.put(other.name(), other.heatmap(recording, where, target));
      }
      Optional<Prediction> rival =
          predictions.stream().filter(said -> said.index() != index).findFirst();
      if (rival.isPresent()) {
        Heatmap of = method.heatmap(recording, where, Target.of(rival.get().index()));
        otherClass = OptionalDouble.of(alike(map, of));
      }
      for (int seed = 0; seed < RANDOM_MAPS; seed++) {
        drawn.add(new RandomMap(seed).heatmap(recording, where, target));
      }
    }
    Heatmap covering = new RegionAblation().heatmap(network, picture, where, Target.of(index));
    double random = drawn.stream().mapToDouble(lots -> found(lots, covering)).max().orElseThrow();
    Map<String, Double> agreement = new LinkedHashMap<>();
    maps.forEach((name, other) -> agreement.put(name, alike(map, other)));
    Map<String, Double> inside = new LinkedHashMap<>();
    object.ifPresent(
        mask -> {
          double area = new EnergyInObject().ofEvenMap(map, mask);
          inside.put(method.name(), new EnergyInObject().of(map, mask) / area);
          maps.forEach(
              (name, other) -> inside.put(name, new EnergyInObject().of(other, mask) / area));
          inside.put(MapEvidence.COVERING, new EnergyInObject().of(covering, mask) / area);
        });
    MapEvidence evidence =
        new MapEvidence(
            own.meaning() == Meaning.INDEPENDENT && own.probability() < 0.5,
            agreement,
            found(map, covering),
            random,
            randomized(network, picture, where, index, map),
            otherClass,
            scrambled(network, picture, index, own.logit()),
            inside,
            labelled);
    return new MapReport(
        network.name(),
        className,
        own.meaning(),
        own.meaning().tellsProbabilities()
            ? OptionalDouble.of(own.probability())
            : OptionalDouble.empty(),
        hookPoint(network),
        fact(network, "mode"),
        map,
        evidence,
        protocol(network, picture, where, className + " " + choice.words()));
  }

  private Protocol protocol(Network network, Picture picture, String where, String explained) {
    return new Protocol(
        Protocol.named(network.name(), network.identity()),
        where,
        Protocol.named("picture", picture.checksum()),
        explained,
        Protocol.settings(method.name(), method),
        "map examination beside "
            + others.stream()
                .map(other -> Protocol.settings(other.name(), other))
                .collect(Collectors.joining(", ")),
        String.format(
            Locale.ROOT,
            "%d cells covered one by one (%s), and in an order by lot %d times; %d maps by lot%s",
            CELLS * CELLS,
            new RegionAblation().identity(),
            SCRAMBLED,
            RANDOM_MAPS,
            network instanceof LayeredNetwork
                ? "; weights by lot " + RANDOM_NETWORKS + " times"
                : ""),
        "one picture",
        1);
  }

  /** The mean likeness to maps of networks with weights by lot, if the weights can be exchanged. */
  private OptionalDouble randomized(
      Network network, Picture picture, String where, int index, Heatmap map) {
    if (!(network instanceof LayeredNetwork layered)) {
      return OptionalDouble.empty();
    }
    double alike = 0;
    for (int seed = 1; seed <= RANDOM_NETWORKS; seed++) {
      Interruption.check("The examination was stopped.");
      try (LayeredNetwork lots =
          CascadingRandomization.ofAllLayers(layered, seed).allReplaced(layered)) {
        alike += alike(map, method.heatmap(lots, picture, where, Target.of(index)));
      }
    }
    return OptionalDouble.of(alike / RANDOM_NETWORKS);
  }

  /** How many pictures of the same cells in another order have at least the score. */
  private static int scrambled(Network network, Picture picture, int index, double score) {
    Picture view = network.preprocessing().view(picture);
    int count = 0;
    for (int seed = 0; seed < SCRAMBLED; seed++) {
      Interruption.check("The examination was stopped.");
      try (NDManager scope = network.newScope()) {
        NDArray input = network.inputOfViews(scope, List.of(scrambled(view, seed)));
        count += network.run(input).get(0).toFloatArray()[index] >= score ? 1 : 0;
      }
    }
    return count;
  }

  /** The same cells in an order by lot; what is left over at the right and below stays. */
  static Picture scrambled(Picture view, long seed) {
    int height = view.height() / CELLS;
    int width = view.width() / CELLS;
    List<Integer> order = new ArrayList<>();
    for (int cell = 0; cell < CELLS * CELLS; cell++) {
      order.add(cell);
    }
    Collections.shuffle(order, new Random(seed));
    return Picture.of(
        view.width(),
        view.height(),
        (row, column) -> {
          if (row >= CELLS * height || column >= CELLS * width) {
            return view.rgb(row, column); // what is left over at the edges stays
          }
          int from = order.get(row / height * CELLS + column / width);
          return view.rgb(
              from / CELLS * height + row % height, from % CELLS * width + column % width);
        });
  }

  private Fact hookPoint(Network network) {
    return layer
        .map(name -> new Fact("hook point", name, Fact.Origin.STATED, "named for this report"))
        .orElseGet(() -> fact(network, "target layer").orElseThrow());
  }

  private static Optional<Fact> fact(Network network, String what) {
    return network.describe().stream().filter(fact -> fact.what().equals(what)).findFirst();
  }

  /** The rank correlation of two maps of one picture, by cells. */
  static double alike(Heatmap one, Heatmap other) {
    return RankCorrelation.of(cells(one), cells(other));
  }

  /**
   * The share of all that the score loses by covering one cell at a time that falls on the ten
   * cells where a map is highest.
   */
  static double found(Heatmap map, Heatmap covering) {
    float[] values = cells(map).values();
    float[] falls = cells(covering).values();
    List<Integer> order = new ArrayList<>();
    for (int cell = 0; cell < values.length; cell++) {
      order.add(cell);
    }
    order.sort(Comparator.comparingDouble(cell -> -values[cell]));
    double top = 0;
    double all = 0;
    for (int place = 0; place < values.length; place++) {
      double fall = Math.max(0, falls[order.get(place)]);
      all += fall;
      top += place < TOP ? fall : 0;
    }
    return all == 0 ? 0 : top / all;
  }

  /** The means of 7×7 cells. A coarser map is resized before, so that each cell has a value. */
  static Heatmap cells(Heatmap map) {
    int times = 4;
    int height = Math.max(map.height(), times * CELLS);
    int width = Math.max(map.width(), times * CELLS);
    Heatmap fine = map.resized(height, width);
    double[] sums = new double[CELLS * CELLS];
    int[] counts = new int[sums.length];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int cell = row * CELLS / height * CELLS + column * CELLS / width;
        sums[cell] += fine.at(row, column);
        counts[cell]++;
      }
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / counts[i]);
    }
    return Heatmap.of(CELLS, CELLS, means, map.provenance());
  }
}

package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.measure.Coherency;
import camlab.measure.Complexity;
import camlab.measure.ConfidenceDrop;
import camlab.measure.ConfidenceIncrease;
import camlab.measure.Kept;
import camlab.measure.Kept.Scaling;
import camlab.measure.Measure;
import camlab.measure.Scale;
import camlab.network.Network;
import camlab.picture.Preprocessing;
import camlab.progress.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the numbers of a published table came about, as far as its authors' code says: whoever has
 * their pictures gets the numbers to hold against theirs in one call.
 *
 * <p>The pictures and the network are the caller's: the published figures are of ImageNet's or
 * Imagenette's validation pictures and of torchvision's weights. {@link PublishedPointing} has the
 * table of the pointing game.
 *
 * @param name a short name
 * @param source whose table it is, and where the code is
 * @param explained which number of a class the maps explain
 * @param choice who chooses the class
 * @param columns the table's columns
 */
public record Published(
    String name, String source, Explained explained, Choice choice, List<Column> columns) {

  private static final int DRAWS = 1000;

  /**
   * A column of a table.
   *
   * @param name its heading
   * @param measures the measures it takes: one, or those that become one number
   * @param averaging how
   */
  public record Column(String name, List<Measure> measures, Averaging averaging) {

    /**
     * Copies the list.
     *
     * @param name its heading
     * @param measures the measures it takes
     * @param averaging how
     */
    public Column {
      measures = List.copyOf(measures);
    }

    private static Column of(Measure measure) {
      return new Column(measure.name(), List.of(measure), Averaging.ALL);
    }
  }

  /**
   * Copies the list.
   *
   * @param name a short name
   * @param source whose table it is, and where the code is
   * @param explained which number of a class the maps explain
   * @param choice who chooses the class
   * @param columns the table's columns
   */
  public Published {
    columns = List.copyOf(columns);
  }

  /**
   * ImageNet, 50,000 pictures, the last layer with positions ({@code layer4.2} of ResNet-50, {@code
   * features.30} of VGG-16): relative drop, increase, coherency, complexity, and ADCC of the means.
   * The class is the predicted one, what is explained is logit plus log softmax, and the map
   * multiplies the network's input: where it is 0, the picture has preprocessing's zero colour.
   *
   * <p>Differences that are left: what is kept is rounded to 8 bits here, and they add
   * 10<sup>−7</sup> where a map is scaled. Published of ResNet-50: Grad-CAM 13.8 %, 40.1 %, 97.1 %,
   * 38.4 %, 78.6 %; a random map 67.4 %, 8.2 %, 54.3 %, 19.7 %, 48.8 %.
   *
   * @param preprocessing the network's
   * @return the protocol of H. Cai, "CAMs as Shapley Value-based Explainers", 2025
   */
  public static Published shapleyCam(Preprocessing preprocessing) {
    Kept kept = Kept.tensor(preprocessing);
    Measure drop = new ConfidenceDrop(Scale.RELATIVE, kept);
    Measure coherency = new Coherency(kept);
    Measure complexity = new Complexity();
    return new Published(
        "Shapley-CAM",
        "H. Cai 2025, github.com/caihuaiguang/pytorch-shapley-cam, usage_examples/ADCC_imagenet_gist.py",
        Explained.LOGIT_AND_LOG_SOFTMAX,
        Choice.PREDICTED,
        List.of(
            Column.of(drop),
            Column.of(new ConfidenceIncrease(kept)),
            Column.of(coherency),
            Column.of(complexity),
            new Column("ADCC", List.of(coherency, complexity, drop), Averaging.ADCC_OF_MEANS)));
  }

  /**
   * Imagenette, 3,925 pictures, 224×224: relative drop and increase. The class is the predicted one
   * of all 1000, what is explained is its probability, the map is scaled before it is resized, and
   * multiplies the network's input.
   *
   * <p>Differences that are left: what is kept is rounded to 8 bits here, and they add
   * 10<sup>−7</sup> to the probability that a drop is divided by. Published of ResNet-18: Grad-CAM
   * 26.9 % and 22.5 %, Grad-CAM++ 52.7 % and 19.6 %; of LayerCAM two figures for each stand in one
   * release, 17.1 % or 18.1 %, and 28.2 % or 28.9 %.
   *
   * @param preprocessing the network's
   * @return the protocol of torchcam, F.-G. Fernandez
   */
  public static Published torchCam(Preprocessing preprocessing) {
    Kept kept = Kept.tensor(preprocessing).scaled(Scaling.BEFORE_RESIZING);
    return new Published(
        "torchcam",
        "F.-G. Fernandez, github.com/frgfm/torch-cam, scripts/eval_perf.py and torchcam/metrics.py",
        Explained.PROBABILITY,
        Choice.PREDICTED,
        List.of(
            Column.of(new ConfidenceDrop(Scale.RELATIVE, kept)),
            Column.of(new ConfidenceIncrease(kept))));
  }

  /**
   * Works out the table, or what its file does not yet hold of it.
   *
   * @param network the network
   * @param layer the layer the maps are taken at
   * @param methods the methods, told apart by their names
   * @param subjects the pictures; where the class is predicted, theirs does not count
   * @param file where the numbers are kept, as {@link Evaluation#run} keeps them
   * @param progress is told of every number
   * @return for each method its row, one mean for each column
   * @throws IllegalArgumentException as {@link Evaluation} says, if two methods have one name, or
   *     if a column has no number for a method
   */
  public Map<String, List<Mean>> run(
      Network network,
      String layer,
      List<CamMethod> methods,
      List<Subject> subjects,
      Path file,
      Progress progress) {
    requireNames(methods);
    List<CamMethod> explaining = methods.stream().map(explained::by).toList();
    List<Subject> asked = choice == Choice.GIVEN ? subjects : predicted(network, subjects);
    List<Measure> measures =
        columns.stream().flatMap(column -> column.measures().stream()).distinct().toList();
    Results results =
        new Evaluation(network.name(), network, layer, asked, explaining, measures)
            .run(file, progress);
    Map<String, List<Mean>> rows = new LinkedHashMap<>();
    for (CamMethod method : explaining) {
      String identity = method.identity();
      Results own = results.where(result -> result.question().method().identity().equals(identity));
      List<Mean> row = new ArrayList<>();
      for (Column column : columns) {
        row.add(
            Mean.of(column.name(), own, column.measures(), column.averaging(), choice, DRAWS, 1));
      }
      rows.put(method.name(), List.copyOf(row));
    }
    return rows;
  }

  /** Rows are told apart by the names of their methods. */
  static void requireNames(List<CamMethod> methods) {
    Set<String> names = new HashSet<>();
    for (CamMethod method : methods) {
      if (!names.add(method.name())) {
        throw new IllegalArgumentException(
            "Two methods are called '%s'. Run them one after the other.".formatted(method.name()));
      }
    }
  }

  /** A picture that shows several classes is several subjects, but has one prediction. */
  private static List<Subject> predicted(Network network, List<Subject> subjects) {
    Map<String, Subject> byName = new LinkedHashMap<>();
    subjects.forEach(subject -> byName.putIfAbsent(subject.name(), subject));
    return byName.values().stream().map(subject -> subject.predictedBy(network)).toList();
  }
}

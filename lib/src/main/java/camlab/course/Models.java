package camlab.course;

import camlab.download.Cache;
import camlab.download.Checksum;
import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.TorchScript;
import camlab.network.UnknownNameException;
import camlab.network.Vgg16;
import camlab.network.Xception;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Networks by name: the shipped ones, listed in {@code models/manifest.csv}, and published ones,
 * listed in {@code models/published.csv}, which are fetched when they are asked for; and networks
 * of unknown weights.
 */
public final class Models {

  /** What is done to a picture before a drawn network sees it: 224 pixels, ImageNet's colours. */
  public static final Preprocessing PREPROCESSING =
      new Preprocessing(224, 224, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  /** Xception's: 299 pixels out of 333, and colours from -1 to 1. */
  private static final Preprocessing XCEPTION =
      new Preprocessing(333, 299, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

  /** What stands for ImageNet's thousand names in the column of classes. */
  private static final String IMAGENET = "ImageNet";

  /** How the name of a TorchScript file ends; it brings its own plan. */
  private static final String PROGRAM = ".torchscript.pt";

  /** A plan for a number of classes, and the parameter that tells how many there are. */
  private record Known(IntFunction<Architecture> plan, String lastWeight) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(AlexNet::small, "classifier.4.weight"),
          new Known(AlexNet::torchvision, "classifier.6.weight"),
          new Known(SqueezeNet::version1_1, "classifier.1.weight"),
          new Known(ResNet::resNet18, "fc.weight"),
          new Known(ResNet::resNet50, "fc.weight"),
          new Known(Xception::legacy, "fc.weight"),
          new Known(Vgg16::torchvision, "classifier.6.weight"));

  /** A plan for a number of classes and a width, and the parameters that tell both. */
  private record KnownThin(
      BiFunction<Integer, Double, Architecture> plan, String lastWeight, String wideWeight) {}

  /** The wide weight has 64 filters in the full network. */
  private static final List<KnownThin> KNOWN_THIN =
      List.of(
          new KnownThin(ResNet::thin50, "fc.weight", "conv1.weight"),
          new KnownThin(Xception::thin, "fc.weight", "conv2.weight"),
          new KnownThin(Vgg16::thin, "classifier.3.weight", "features.0.weight"));

  private static final double WIDE = 64;

  private Models() {}

  /** One row per shipped network. */
  public static Table manifest() {
    return manifest(Source.standard());
  }

  /** One row per published network. */
  public static Table published() {
    return published(Source.standard());
  }

  private static Table manifest(Source source) {
    return source.table("models", "manifest.csv");
  }

  private static Table published(Source source) {
    return source.table("models", "published.csv");
  }

  /**
   * Loads a network by name. A published one comes from the {@link Cache} if it is there, else from
   * its publisher.
   *
   * @param name a name of one of the two manifests, such as {@code alexnet-drawn-pets} or {@code
   *     resnet50-imagenet}
   * @return the network; the caller closes it
   * @throws UnknownNameException if no manifest lists it
   * @throws WeightsException if a shipped file is not the one the manifest describes
   * @throws camlab.download.DownloadException if a published one cannot be had; the message says
   *     which file to put where
   */
  public static Network load(String name) {
    return load(name, Source.standard());
  }

  static Network load(String name, Source source) {
    List<String> names = new ArrayList<>();
    for (Row row : manifest(source)) {
      names.add(row.getString("name"));
      if (row.getString("name").equals(name)) {
        return network(row, file(row, source));
      }
    }
    for (Row row : published(source)) {
      names.add(row.getString("name"));
      if (row.getString("name").equals(name)) {
        return network(row, source.fetch(row));
      }
    }
    throw UnknownNameException.of("network", name, names);
  }

  /**
   * The file of a shipped network, for those who want to open it themselves.
   *
   * @param name a name of the manifest, such as {@code resnet50-drawn-wildlife-torchscript}
   * @throws UnknownNameException if the manifest does not list it
   * @throws WeightsException if the file is not the one the manifest describes
   */
  public static Path file(String name) {
    Source source = Source.standard();
    for (Row row : manifest(source)) {
      if (row.getString("name").equals(name)) {
        return file(row, source);
      }
    }
    throw unknown(name, source);
  }

  private static Path file(Row row, Source source) {
    Path file = source.folder("models").resolve(row.getString("file"));
    requireDigest(file, row.getString("sha256"));
    return file;
  }

  private static Network network(Row row, Path file) {
    String names = row.getString("classes");
    Classes classes =
        names.equals(IMAGENET)
            ? ImageNet.classes()
            : new Classes(Gallery.BETWEEN.splitAsStream(names).toList());
    Preprocessing preprocessing =
        new Preprocessing(
            row.getInt("resize"), row.getInt("crop"), colours(row, "mean"), colours(row, "std"));
    if (file.toString().endsWith(PROGRAM)) {
      return TorchScript.load(file, classes, preprocessing);
    }
    StateDict weights = StateDict.read(file);
    return Network.of(recognise(weights, file), weights, classes, preprocessing);
  }

  private static List<Float> colours(Row row, String column) {
    return Gallery.BETWEEN.splitAsStream(row.getString(column)).map(Float::valueOf).toList();
  }

  /**
   * What is done to a picture before a network of unknown weights sees it: what its designers did.
   */
  static Preprocessing preprocessing(Architecture plan) {
    return plan.pictureSize() == XCEPTION.crop() ? XCEPTION : Preprocessing.IMAGENET;
  }

  /**
   * How a shipped network was trained: one row for each pass over the training pictures.
   *
   * @param name its name in the manifest
   * @return the columns epoch, crop (side of the pictures in pixels), loss, accuracy (on pictures
   *     not trained on, in [0, 1]) and seconds
   * @throws UnknownNameException if the manifest does not list it
   */
  public static Table trainingCurve(String name) {
    return report(name, "curve");
  }

  /**
   * What a network answered to every picture that was set aside before its training.
   *
   * @param name its name in the manifest; {@code alexnet-photographed-pets} has such a table
   * @return the columns file, class, answer and probability (of the answer, in [0, 1])
   * @throws UnknownNameException if the manifest does not list it
   */
  public static Table heldOutAnswers(String name) {
    return report(name, "held-out");
  }

  private static Table report(String name, String kind) {
    Source source = Source.standard();
    if (!manifest(source).stringColumn("name").contains(name)) {
      throw unknown(name, source);
    }
    return source.table("models", name + "-" + kind + ".csv");
  }

  private static UnknownNameException unknown(String name, Source source) {
    return UnknownNameException.of(
        "shipped network", name, manifest(source).stringColumn("name").asList());
  }

  /**
   * The plan that a set of weights belongs to, told from its names.
   *
   * @param weights the weights
   * @param file where they come from, for the message
   * @throws WeightsException if they are none of the known plans'
   */
  static Architecture recognise(StateDict weights, Path file) {
    for (KnownThin known : KNOWN_THIN) {
      if (weights.contains(known.lastWeight()) && weights.contains(known.wideWeight())) {
        int classes = filters(weights, known.lastWeight());
        double width = filters(weights, known.wideWeight()) / WIDE;
        if (width > 0 && width < 1 && fits(known.plan().apply(classes, width), weights)) {
          return known.plan().apply(classes, width);
        }
      }
    }
    for (Known known : KNOWN) {
      if (weights.contains(known.lastWeight())) {
        Architecture plan = known.plan().apply(filters(weights, known.lastWeight()));
        // Shapes that differ are told one by one when the network is filled.
        if (parameters(weights).equals(plan.parameterShapes().keySet())) {
          return plan;
        }
      }
    }
    throw new WeightsException(
        "%s holds the weights of no network CamLab knows (torchvision's AlexNet, VGG-16, ResNet-18, ResNet-50, SqueezeNet 1.1; timm's Xception). Its first tensors are %s."
            .formatted(file, weights.names().stream().limit(3).toList()));
  }

  private static int filters(StateDict weights, String name) {
    long[] shape = weights.shape(name);
    return shape.length == 0 ? 0 : (int) shape[0];
  }

  /** Whether the parameters have the plan's names and as many filters or units. */
  private static boolean fits(Architecture plan, StateDict weights) {
    Map<String, long[]> shapes = plan.parameterShapes();
    return parameters(weights).equals(shapes.keySet())
        && shapes.entrySet().stream()
            .allMatch(entry -> entry.getValue()[0] == filters(weights, entry.getKey()));
  }

  /** Batch normalisation counts its batches; no network needs to know how many there were. */
  private static Set<String> parameters(StateDict weights) {
    return weights.names().stream()
        .filter(name -> !name.endsWith("num_batches_tracked"))
        .collect(Collectors.toSet());
  }

  /**
   * Checks a file against the manifest.
   *
   * @throws WeightsException if it is another file
   */
  static void requireDigest(Path file, String expected) {
    String found = Checksum.sha256(file);
    if (!found.equals(expected)) {
      throw new WeightsException(
          "%s is not the file the manifest describes: its SHA-256 is %s, expected %s. Restore it from the repository."
              .formatted(file, found, expected));
    }
  }
}

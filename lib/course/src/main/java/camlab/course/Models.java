package camlab.course;

import camlab.download.Cache;
import camlab.download.Checksum;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Meaning;
import camlab.network.Network;
import camlab.network.UnknownNameException;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import camlab.zoo.Networks;
import camlab.zoo.Plans;
import camlab.zoo.PublishedNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The lessons' networks by name: the shipped ones, listed in {@code models/manifest.csv}, and the
 * published ones of the {@link camlab.zoo.Zoo}, which are fetched when they are asked for.
 */
public final class Models {

  /** What is done to a picture before a drawn network sees it: 224 pixels, ImageNet's colours. */
  public static final Preprocessing PREPROCESSING =
      new Preprocessing(224, 224, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  /** How the names of files end that bring their own plan: of TorchScript and of torch.export. */
  private static final List<String> PROGRAMS = List.of(".torchscript.pt", ".pt2");

  private Models() {}

  /** One row per shipped network. */
  public static Table manifest() {
    return manifest(Source.standard());
  }

  private static Table manifest(Source source) {
    return source.table("models", "manifest.csv");
  }

  /**
   * Loads a network by name. A published one comes from the {@link Cache} if it is there, else from
   * its publisher.
   *
   * @param name a name of one of the two lists, such as {@code alexnet-drawn-pets} or {@code
   *     resnet50-imagenet}
   * @return the network; the caller closes it
   * @throws UnknownNameException if neither list has it
   * @throws WeightsException if a shipped file is not the one the manifest describes
   * @throws java.io.UncheckedIOException if it cannot be read
   * @throws camlab.download.DownloadException if a published one cannot be had; the message says
   *     which file to put where
   */
  public static Network load(String name) {
    return load(name, Source.standard());
  }

  /**
   * Loads a network whose layers can be taken one by one: any but a program.
   *
   * @param name as for {@link #load(String)}
   * @return the network; the caller closes it
   * @throws IllegalArgumentException if it is a program
   */
  public static LayeredNetwork layered(String name) {
    return layered(name, Source.standard());
  }

  /**
   * The two networks of lesson 14, in an order that the lesson finds out. The caller closes them.
   */
  public static List<Network> candidates() {
    List<Network> networks =
        new ArrayList<>(List.of(load("alexnet-drawn-pets"), load("alexnet-stamped-pets")));
    Collections.shuffle(networks, new Random(2026));
    return networks;
  }

  static LayeredNetwork layered(String name, Source source) {
    Network network = load(name, source);
    if (network instanceof LayeredNetwork layered) {
      return layered;
    }
    network.close();
    throw new IllegalArgumentException(
        "%s is a program, whose layers cannot be taken one by one. Open it with Models.load, or take a network of layers."
            .formatted(name));
  }

  static Network load(String name, Source source) {
    List<String> names = new ArrayList<>();
    for (Row row : manifest(source)) {
      names.add(row.getString("name"));
      if (row.getString("name").equals(name)) {
        return network(row, file(row, source));
      }
    }
    for (PublishedNetwork published : source.published()) {
      names.add(published.name());
      if (published.name().equals(name)) {
        return published.load(source.cache());
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
   * @throws java.io.UncheckedIOException if it cannot be read
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
    Classes classes =
        new Classes(
            Gallery.BETWEEN.splitAsStream(row.getString("classes")).toList(),
            Meaning.valueOf(row.getString("meaning")));
    Preprocessing preprocessing =
        new Preprocessing(
            row.getInt("resize"), row.getInt("crop"), colours(row, "mean"), colours(row, "std"));
    if (PROGRAMS.stream().anyMatch(file.toString()::endsWith)) {
      return Networks.load(file, classes, preprocessing);
    }
    StateDict weights = StateDict.read(file);
    return Network.of(Plans.recognise(weights, file), weights, classes, preprocessing);
  }

  private static List<Float> colours(Row row, String column) {
    return Gallery.BETWEEN.splitAsStream(row.getString(column)).map(Float::valueOf).toList();
  }

  /**
   * How a shipped network was trained: one row for each pass over the training pictures, or for
   * every fifth one.
   *
   * @param name its name in the manifest, such as {@code alexnet-photographed-pets}
   * @return the columns epoch, crop (side of the pictures in pixels), loss, accuracy (on pictures
   *     not trained on, in [0, 1]), and seconds where they were noted
   * @throws UnknownNameException if the manifest does not list it, or it has none; the message
   *     lists those that do
   */
  public static Table trainingCurve(String name) {
    return report(name, "curve", "training curve of a network");
  }

  /**
   * What a network answered to every picture that was set aside before its training.
   *
   * @param name its name in the manifest; {@code alexnet-photographed-pets} has such a table
   * @return the columns file, class, answer and probability (of the answer, in [0, 1])
   * @throws UnknownNameException if the manifest does not list it, or it has none
   */
  public static Table heldOutAnswers(String name) {
    return report(name, "held-out", "table of the answers to pictures set aside of a network");
  }

  private static Table report(String name, String kind, String what) {
    Source source = Source.standard();
    if (!manifest(source).stringColumn("name").contains(name)) {
      throw unknown(name, source);
    }
    String ending = "-" + kind + ".csv";
    Path folder = source.folder("models");
    if (!Files.exists(folder.resolve(name + ending))) {
      throw UnknownNameException.of(
          what,
          name,
          manifest(source).stringColumn("name").asList().stream()
              .filter(each -> Files.exists(folder.resolve(each + ending)))
              .toList());
    }
    return source.table("models", name + ending);
  }

  private static UnknownNameException unknown(String name, Source source) {
    return UnknownNameException.of(
        "shipped network", name, manifest(source).stringColumn("name").asList());
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

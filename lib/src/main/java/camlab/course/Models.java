package camlab.course;

import camlab.network.AlexNet;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.ResNet;
import camlab.network.SqueezeNet;
import camlab.network.UnknownNameException;
import camlab.network.Vgg16;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import camlab.weights.WeightsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The shipped networks, listed in {@code models/manifest.csv}; and networks of unknown weights. */
public final class Models {

  /** What is done to a picture before a shipped network sees it: 224 pixels, ImageNet's colours. */
  public static final Preprocessing PREPROCESSING =
      new Preprocessing(224, 224, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

  /** A plan for a number of classes, and the parameter that tells how many there are. */
  private record Known(IntFunction<Architecture> plan, String lastWeight) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(AlexNet::small, "classifier.4.weight"),
          new Known(AlexNet::torchvision, "classifier.6.weight"),
          new Known(SqueezeNet::version1_1, "classifier.1.weight"),
          new Known(ResNet::resNet18, "fc.weight"),
          new Known(ResNet::resNet50, "fc.weight"),
          new Known(Vgg16::torchvision, "classifier.6.weight"));

  private Models() {}

  /** The manifest: one row per shipped network. */
  public static Table manifest() {
    return Table.read().csv(folder().resolve("manifest.csv").toFile());
  }

  /**
   * Loads a shipped network.
   *
   * @param name its name in the manifest, such as {@code alexnet-drawn-pets}
   * @return the network; the caller closes it
   * @throws UnknownNameException if the manifest does not list it
   * @throws WeightsException if the file is missing or is not the one the manifest describes
   */
  public static Network load(String name) {
    Table manifest = manifest();
    for (Row row : manifest) {
      if (row.getString("name").equals(name)) {
        Path file = folder().resolve(row.getString("file"));
        requireDigest(file, row.getString("sha256"));
        List<String> classes = List.of(row.getString("classes").split("\\|", -1));
        StateDict weights = StateDict.read(file);
        return Network.of(recognise(weights, file), weights, new Classes(classes), PREPROCESSING);
      }
    }
    throw UnknownNameException.of("shipped network", name, manifest.stringColumn("name").asList());
  }

  /**
   * The plan that a set of weights belongs to, told from its names.
   *
   * @param weights the weights
   * @param file where they come from, for the message
   * @throws WeightsException if they are none of the known plans'
   */
  static Architecture recognise(StateDict weights, Path file) {
    for (Known known : KNOWN) {
      if (weights.contains(known.lastWeight())) {
        int classes = (int) weights.shape(known.lastWeight())[0];
        Architecture plan = known.plan().apply(classes);
        if (parameters(weights).equals(plan.parameterShapes().keySet())) {
          return plan;
        }
      }
    }
    throw new WeightsException(
        "%s holds the weights of no network CamLab knows (torchvision's AlexNet, VGG-16, ResNet-18, ResNet-50, SqueezeNet 1.1). Its first tensors are %s."
            .formatted(file, weights.names().stream().limit(3).toList()));
  }

  /** Batch normalisation counts its batches; no network needs to know how many there were. */
  private static Set<String> parameters(StateDict weights) {
    return weights.names().stream()
        .filter(name -> !name.endsWith("num_batches_tracked"))
        .collect(Collectors.toSet());
  }

  private static Path folder() {
    return Root.find().resolve("models");
  }

  /**
   * Checks a file against the manifest.
   *
   * @throws WeightsException if it is another file
   */
  static void requireDigest(Path file, String expected) {
    String found = sha256(file);
    if (!found.equals(expected)) {
      throw new WeightsException(
          "%s is not the file the manifest describes: its SHA-256 is %s, expected %s. Restore it from the repository."
              .formatted(file, found, expected));
    }
  }

  /** The SHA-256 of a file in lower-case hexadecimal. */
  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream reading = new DigestInputStream(in, digest)) {
        reading.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("The file cannot be read: " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}

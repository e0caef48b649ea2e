package camlab.course;

import camlab.capture.Target;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.picture.Picture;
import camlab.picture.PictureFolder;
import camlab.picture.Preprocessing;
import camlab.weights.StateDict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network and a few pictures to look at with it: the shipped ones, or the reader's own.
 *
 * <p>The environment variable {@value #OWN} names a folder with the reader's pictures (PNG or JPEG)
 * and one weights file ({@code .pth}, {@code .pt} or {@code .safetensors}) of a network CamLab
 * knows. A file {@code classes.txt} beside it names the classes, one a line; without it a network
 * of 1000 classes gets ImageNet's names, any other one gets numbers.
 */
public final class Lesson implements AutoCloseable {

  /** The environment variable that names the folder of the reader's own pictures and weights. */
  public static final String OWN = "CAMLAB_OWN";

  private static final int IMAGENET_CLASSES = 1000;
  private static final int PICTURES_SHOWN = 3;

  private final Network network;
  private final Map<String, Picture> pictures;
  private final boolean own;

  private Lesson(Network network, Map<String, Picture> pictures, boolean own) {
    this.network = network;
    this.pictures = pictures;
    this.own = own;
  }

  /**
   * Opens the shipped AlexNet with a cat, a dog and both; or what {@value #OWN} names.
   *
   * @throws IllegalStateException if the folder holds no weights file, or several
   * @throws camlab.picture.PictureException if it holds no picture
   * @throws camlab.weights.WeightsException if the weights belong to no known network
   */
  public static Lesson open() {
    String folder = System.getenv(OWN);
    return folder == null || folder.isBlank() ? shipped() : own(Path.of(folder));
  }

  /** The shipped AlexNet of drawn pets, and the drawings of a cat, a dog and both. */
  public static Lesson shipped() {
    Gallery gallery = Gallery.drawnPets();
    Map<String, Picture> pictures = new LinkedHashMap<>();
    for (String name : List.of("cat", "dog", "both")) {
      pictures.put(name, gallery.entry(name).picture());
    }
    return new Lesson(Models.load("alexnet-drawn-pets"), pictures, false);
  }

  /** The reader's own pictures and network. */
  static Lesson own(Path folder) {
    PictureFolder files = PictureFolder.of(folder);
    List<String> names = files.names();
    List<Picture> read = files.read();
    Map<String, Picture> pictures = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      pictures.put(names.get(i), read.get(i));
    }
    Path file = weightsFile(folder);
    StateDict weights = StateDict.read(file);
    Architecture plan = Models.recognise(weights, file);
    Network network =
        Network.of(plan, weights, classes(folder, plan.classes()), Preprocessing.IMAGENET);
    return new Lesson(network, pictures, true);
  }

  private static Path weightsFile(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.toString().matches(".*\\.(pth|pt|safetensors)")).toList();
      if (found.size() != 1) {
        throw new IllegalStateException(
            "Expected one weights file (.pth, .pt or .safetensors) in %s, found %d. Put there the one to explain."
                .formatted(folder, found.size()));
      }
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder cannot be read: " + folder, e);
    }
  }

  private static Classes classes(Path folder, int count) {
    Path file = folder.resolve("classes.txt");
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
        return new Classes(lines.map(String::strip).filter(line -> !line.isEmpty()).toList());
      } catch (IOException e) {
        throw new UncheckedIOException("The class names cannot be read: " + file, e);
      }
    }
    return count == IMAGENET_CLASSES ? ImageNet.classes() : Classes.numbered(count);
  }

  /** The network to explain. */
  public Network network() {
    return network;
  }

  /** Whether pictures and network are the reader's own. */
  public boolean isOwn() {
    return own;
  }

  /** The first three pictures, by name. */
  public Map<String, Picture> pictures() {
    Map<String, Picture> shown = new LinkedHashMap<>();
    pictures.entrySet().stream()
        .limit(PICTURES_SHOWN)
        .forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
    return shown;
  }

  /** Every picture, by name. */
  public Map<String, Picture> allPictures() {
    return new LinkedHashMap<>(pictures);
  }

  /**
   * The two classes to compare in a picture: both classes of a network that has two, else the two
   * it finds most likely.
   */
  public List<Target> targets(Picture picture) {
    if (network.classes().size() == 2) {
      return List.of(Target.of(0), Target.of(1));
    }
    List<Prediction> predictions = network.predict(picture);
    return List.of(Target.of(predictions.get(0).index()), Target.of(predictions.get(1).index()));
  }

  /** Frees the network. */
  @Override
  public void close() {
    network.close();
  }
}

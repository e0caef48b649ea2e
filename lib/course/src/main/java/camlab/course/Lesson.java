package camlab.course;

import camlab.capture.Target;
import camlab.figure.Outline;
import camlab.file.Places;
import camlab.network.Architecture;
import camlab.network.Classes;
import camlab.network.LayeredNetwork;
import camlab.network.Network;
import camlab.network.Prediction;
import camlab.network.UnknownNameException;
import camlab.picture.Mask;
import camlab.picture.Picture;
import camlab.picture.PictureFolder;
import camlab.weights.StateDict;
import camlab.zoo.ImageNet;
import camlab.zoo.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A network and a few pictures to look at with it.
 *
 * <p>A lesson's first cell chooses what is looked at, {@code Lesson.choice("drawn")}; the
 * environment variable {@value #PICTURES}, where it is set, decides for all lessons at once:
 *
 * <ul>
 *   <li>{@code drawn}, or nothing: the project's drawings, and networks trained on them;
 *   <li>{@code photographs}: the photographs of {@link Photographs}, fetched once, with the shipped
 *       network that was trained on photographs (pets) or a published one (wildlife);
 *   <li>a folder: the reader's own pictures (PNG, JPEG, TIFF, BMP or GIF; of large ones a reduced
 *       copy, {@link Picture#readReduced}), by the names of their files, without the endings unless
 *       two names differ in nothing else; with the same networks; or, if it holds one weights file
 *       ({@code .pth}, {@code .pt} or {@code .safetensors}) of a network CamLab knows, with that
 *       one. A file {@code classes.txt} beside it names its classes, one a line; without it a
 *       network of 1000 classes gets ImageNet's names, any other one gets numbers. Its first line
 *       may say how the network was trained, {@code meaning: one of several} (softmax) or {@code
 *       meaning: independent} (sigmoids); without that no probability is told.
 * </ul>
 */
public final class Lesson implements AutoCloseable {

  /** The environment variable that chooses the pictures. */
  public static final String PICTURES = "CAMLAB_PICTURES";

  private static final String DRAWN = "drawn";
  private static final String PHOTOGRAPHS = "photographs";

  private static final String DRAWN_PETS = "alexnet-drawn-pets";
  private static final String PHOTOGRAPHED_PETS = "alexnet-photographed-pets";

  /** What ImageNet calls the two animals that the wildlife lessons compare. */
  private static final List<String> WILDLIFE = List.of("African elephant", "American black bear");

  private static final int IMAGENET_CLASSES = 1000;
  private static final int PICTURES_SHOWN = 3;

  private final LayeredNetwork network;
  private final Map<String, Picture> pictures = new LinkedHashMap<>();
  private final Map<String, List<Gallery.Animal>> animals = new LinkedHashMap<>();
  private final List<String> compared;
  private final boolean drawn;

  private Lesson(LayeredNetwork network, List<String> compared, boolean drawn) {
    this.network = network;
    this.compared = compared;
    this.drawn = drawn;
  }

  /**
   * {@return what to look at: the value of {@value #PICTURES} where it is set, else what is asked
   * for}
   *
   * @param asked {@code drawn}, {@code photographs} or a folder
   */
  public static String choice(String asked) {
    return choice(asked, System.getenv());
  }

  static String choice(String asked, Map<String, String> environment) {
    String set = environment.getOrDefault(PICTURES, "");
    return set.isBlank() ? asked : set;
  }

  /**
   * Opens an AlexNet for cats and dogs with a cat, a dog and both; or what {@value #PICTURES}
   * chooses.
   *
   * @throws IllegalArgumentException if the variable names a folder that does not exist
   * @throws IllegalStateException if the folder holds several weights files
   * @throws camlab.picture.PictureException if it holds no picture
   * @throws camlab.weights.WeightsException if the weights belong to no known network
   * @throws camlab.download.DownloadException if a photograph cannot be had
   */
  public static Lesson open() {
    return open(choice(DRAWN));
  }

  /**
   * Opens an AlexNet for cats and dogs with pictures.
   *
   * @param choice {@code drawn}, {@code photographs} or a folder; see {@link #choice(String)}
   * @throws IllegalArgumentException if it is neither of these
   * @throws IllegalStateException if the folder holds several weights files
   * @throws camlab.picture.PictureException if it holds no picture
   * @throws camlab.weights.WeightsException if the weights belong to no known network
   * @throws camlab.download.DownloadException if a photograph cannot be had
   */
  public static Lesson open(String choice) {
    return pets(choice, Source.standard());
  }

  /**
   * Opens a network for African elephants and black bears with pictures of them; or what {@value
   * #PICTURES} chooses.
   *
   * @param network which one: {@code vgg16}, {@code resnet50} or {@code xception}
   * @throws camlab.network.UnknownNameException if there is no such network
   * @throws IllegalArgumentException if the network is a program, or the chosen folder does not
   *     exist
   * @throws IllegalStateException if the folder holds several weights files
   * @throws camlab.picture.PictureException if it holds no picture
   * @throws camlab.weights.WeightsException if the weights belong to no known network
   * @throws camlab.download.DownloadException if a photograph or a published network cannot be had
   */
  public static Lesson wildlife(String network) {
    return wildlife(network, choice(DRAWN));
  }

  /**
   * Opens a network for African elephants and black bears with pictures of them.
   *
   * @param network which one: {@code vgg16}, {@code resnet50} or {@code xception}; for photographs
   *     and a folder any published one, such as {@code efficientnet-lite0}
   * @param choice {@code drawn}, {@code photographs} or a folder; see {@link #choice(String)}
   * @throws camlab.network.UnknownNameException if there is no such network
   * @throws IllegalArgumentException if the network is a program, or the chosen folder does not
   *     exist
   * @throws IllegalStateException if the folder holds several weights files
   * @throws camlab.picture.PictureException if it holds no picture
   * @throws camlab.weights.WeightsException if the weights belong to no known network
   * @throws camlab.download.DownloadException if a photograph or a published network cannot be had
   */
  public static Lesson wildlife(String network, String choice) {
    return wildlife(network, choice, Source.standard());
  }

  /** Opens the pictures of a folder, whatever {@value #PICTURES} says. */
  public static Lesson of(Path folder) {
    return own(folder, PHOTOGRAPHED_PETS, List.of(), Source.standard());
  }

  /** The AlexNet of drawn pets, and the drawings of a cat, a dog and both. */
  public static Lesson shipped() {
    return pets(DRAWN, Source.standard());
  }

  private static String required(String choice) {
    return Objects.requireNonNull(
        choice, "Expected what to look at, found null: \"drawn\", \"photographs\" or a folder.");
  }

  static Lesson pets(String choice, Source source) {
    required(choice);
    if (isDrawn(choice)) {
      return new Lesson(Models.layered(DRAWN_PETS, source), List.of(), true)
          .with(() -> drawings("pets", source).subList(0, PICTURES_SHOWN));
    }
    if (choice.equals(PHOTOGRAPHS)) {
      return new Lesson(Models.layered(PHOTOGRAPHED_PETS, source), List.of(), false)
          .with(() -> Photographs.of(source).entries(Photographs.PETS));
    }
    return own(folder(choice), PHOTOGRAPHED_PETS, List.of(), source);
  }

  static Lesson wildlife(String network, String choice, Source source) {
    Objects.requireNonNull(network, "Expected the name of a network, found null: \"vgg16\", say.");
    required(choice);
    if (isDrawn(choice)) {
      return new Lesson(Models.layered(network + "-drawn-wildlife", source), List.of(), true)
          .with(() -> drawings("wildlife", source));
    }
    String published = network + "-imagenet";
    if (choice.equals(PHOTOGRAPHS)) {
      return new Lesson(Models.layered(published, source), WILDLIFE, false)
          .with(() -> Photographs.of(source).entries(Photographs.WILDLIFE));
    }
    return own(folder(choice), published, WILDLIFE, source);
  }

  private static boolean isDrawn(String choice) {
    return choice.isBlank() || choice.equals(DRAWN);
  }

  private static Path folder(String choice) {
    Path folder = Places.of(choice);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "What to look at is '%s' (by %s, or by the lesson's first cell): expected '%s', '%s' or a folder with your own pictures, but there is no folder %s."
              .formatted(choice, PICTURES, DRAWN, PHOTOGRAPHS, folder.toAbsolutePath()));
    }
    return folder;
  }

  private static List<Gallery.Entry> drawings(String gallery, Source source) {
    return Gallery.of(source.folder("data").resolve(gallery)).entries(Gallery.LESSON);
  }

  /**
   * The reader's own pictures.
   *
   * @param network the network to explain if the folder holds no weights
   * @param compared the classes to compare then
   */
  static Lesson own(Path folder, String network, List<String> compared, Source source) {
    PictureFolder files = PictureFolder.of(folder);
    sayWhatIsLeftOut(files);
    Optional<Path> weights = weightsFile(folder);
    Lesson lesson =
        weights.isPresent()
            ? new Lesson(network(weights.get()), List.of(), false)
            : new Lesson(Models.layered(network, source), compared, false);
    return lesson.with(
        entry -> Picture.readReduced(entry.file()),
        () -> {
          List<Gallery.Entry> entries = new ArrayList<>();
          List<String> names = names(files);
          for (int i = 0; i < files.files().size(); i++) {
            String name = names.get(i);
            entries.add(
                new Gallery.Entry(name, name, files.files().get(i), Optional.empty(), List.of()));
          }
          return entries;
        });
  }

  private static void sayWhatIsLeftOut(PictureFolder files) {
    List<Path> leftOut = files.leftOut();
    if (!leftOut.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "Left out of %s: %d of another kind, such as %s. Save them as JPEG or PNG to look at them.%n",
          files.folder(),
          leftOut.size(),
          leftOut.get(0).getFileName());
    }
  }

  /** Those of the files without their endings, where these tell them apart. */
  private static List<String> names(PictureFolder files) {
    List<String> names = files.names();
    return Set.copyOf(names).size() == names.size()
        ? names
        : files.files().stream().map(file -> file.getFileName().toString()).toList();
  }

  private static LayeredNetwork network(Path file) {
    StateDict weights = StateDict.read(file);
    Architecture plan = Plans.recognise(weights, file);
    Classes classes = classes(file.resolveSibling("classes.txt"), plan.classes());
    return Network.of(plan, weights, classes, Plans.preprocessing(plan));
  }

  private static Optional<Path> weightsFile(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.toString().matches(".*\\.(pth|pt|safetensors)")).toList();
      if (found.size() > 1) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Expected at most one weights file (.pth, .pt or .safetensors) in %s, found %d. Leave there the one to explain.",
                folder,
                found.size()));
      }
      return found.stream().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("The folder cannot be read: " + folder, e);
    }
  }

  private static Classes classes(Path file, int count) {
    if (Files.exists(file)) {
      return Classes.read(file);
    }
    return count == IMAGENET_CLASSES ? ImageNet.classes() : Classes.numbered(count);
  }

  private Lesson with(Supplier<List<Gallery.Entry>> entries) {
    return with(Gallery.Entry::picture, entries);
  }

  /** Reads the pictures; frees the network if that fails. */
  private Lesson with(
      Function<Gallery.Entry, Picture> reader, Supplier<List<Gallery.Entry>> entries) {
    try {
      for (Gallery.Entry entry : entries.get()) {
        pictures.put(entry.name(), reader.apply(entry));
        animals.put(entry.name(), entry.animals());
      }
      return this;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  /** The network to explain. */
  public LayeredNetwork network() {
    return network;
  }

  /** Whether the pictures are the project's drawings, of which every pixel is known. */
  public boolean isDrawn() {
    return drawn;
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
   * What a picture shows: labels are classes of the network.
   *
   * @param name a picture's name
   * @return its animals; none for a picture of the reader's own
   * @throws UnknownNameException if there is no such picture; the message lists the near names
   */
  public List<Gallery.Animal> animals(String name) {
    List<Gallery.Animal> found = animals.get(name);
    if (found == null) {
      throw UnknownNameException.of("picture", name, animals.keySet());
    }
    return found;
  }

  /**
   * The visible pixels of all animals of one kind.
   *
   * @param name of the picture
   * @param kind such as {@code cat}
   * @return empty if there is no such animal in it, or nobody has marked them, as in photographs
   * @throws UnknownNameException if there is no such picture
   */
  public Optional<Mask> mask(String name, String kind) {
    return Gallery.mask(animals(name), kind);
  }

  /**
   * A picture with an {@linkplain Outline outline} of all its animals of one kind.
   *
   * @param name of the picture
   * @param kind such as {@code cat}
   * @return the picture as it is if there is no such animal in it, or nobody has marked them
   * @throws UnknownNameException if there is no such picture
   */
  public Picture outlined(String name, String kind) {
    Optional<Mask> marked = mask(name, kind);
    Picture picture = pictures.get(name);
    return marked.map(mask -> Outline.of(picture, mask)).orElse(picture);
  }

  /**
   * The two classes to compare in a picture: both classes of a network that has two; African
   * elephant and American black bear in the wildlife lessons; else the two it finds most likely.
   *
   * @throws IllegalStateException if the network has one class only
   */
  public List<Target> targets(Picture picture) {
    if (!compared.isEmpty()) {
      return compared.stream().<Target>map(Target::of).toList();
    }
    if (network.classes().size() == 2) {
      return List.of(Target.of(0), Target.of(1));
    }
    List<Prediction> predictions = network.predict(picture);
    if (predictions.size() < 2) {
      throw new IllegalStateException(
          "The network has one class, '%s', so there are no two to compare. Take a network with more, or explain the one: Target.of(0)."
              .formatted(network.classes().name(0)));
    }
    return List.of(Target.of(predictions.get(0).index()), Target.of(predictions.get(1).index()));
  }

  /** Frees the network. */
  @Override
  public void close() {
    network.close();
  }
}

package camlab.training;

import camlab.picture.PictureException;
import camlab.picture.PictureFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A folder with one subfolder of pictures for each class.
 *
 * @param folder the folder
 * @param classes the subfolders' names in alphabetical order: the order of the logits
 * @param files every picture, class by class
 */
public record PhotographFolder(Path folder, List<String> classes, List<File> files) {

  /**
   * A picture file.
   *
   * @param path where it is
   * @param label its class, an index into {@link PhotographFolder#classes}
   */
  public record File(Path path, int label) {}

  /**
   * Pictures divided before any training.
   *
   * @param training to train on
   * @param validation to draw the curve with
   * @param heldOut never seen before the final score
   */
  public record Split(List<File> training, List<File> validation, List<File> heldOut) {}

  /** Copies the lists. */
  public PhotographFolder {
    classes = List.copyOf(classes);
    files = List.copyOf(files);
  }

  /**
   * Lists the pictures of a folder; none is read yet.
   *
   * @throws PictureException if there are not at least two subfolders with pictures
   */
  public static PhotographFolder of(Path folder) {
    List<Path> subfolders = subfolders(folder);
    if (subfolders.size() < 2) {
      throw new PictureException(
          String.format(
              Locale.ROOT,
              "Expected at least two subfolders in %s, one for each class, found %d. Sort the pictures into folders that are named like the classes.",
              folder,
              subfolders.size()));
    }
    List<String> classes = new ArrayList<>();
    List<File> files = new ArrayList<>();
    for (Path subfolder : subfolders) {
      int label = classes.size();
      classes.add(subfolder.getFileName().toString());
      PictureFolder.of(subfolder).files().forEach(path -> files.add(new File(path, label)));
    }
    return new PhotographFolder(folder, classes, files);
  }

  private static List<Path> subfolders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new PictureException(
          "The folder %s cannot be listed (%s). Check its name and permissions."
              .formatted(folder, e),
          e);
    }
  }

  /**
   * Divides the pictures, the same way each time: every class gives the same share to each part.
   *
   * @param validation how many pictures, over all classes
   * @param heldOut how many pictures, over all classes
   * @param seed where the choice comes from
   * @throws IllegalArgumentException if a class has too few pictures for that
   */
  public Split split(int validation, int heldOut, long seed) {
    Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int label = 0; label < classes.size(); label++) {
      List<File> ofClass = ofClass(label);
      int forScore = heldOut / classes.size();
      int forCurve = validation / classes.size();
      if (ofClass.size() <= forScore + forCurve) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "The class %s has %d pictures; %d are set aside and some must be left to train on. Add pictures, or set fewer aside.",
                classes.get(label),
                ofClass.size(),
                forScore + forCurve));
      }
      shuffle(ofClass, new SplittableRandom(seed + label));
      split.heldOut().addAll(ofClass.subList(0, forScore));
      split.validation().addAll(ofClass.subList(forScore, forScore + forCurve));
      split.training().addAll(ofClass.subList(forScore + forCurve, ofClass.size()));
    }
    return split;
  }

  private List<File> ofClass(int label) {
    return new ArrayList<>(files.stream().filter(file -> file.label() == label).toList());
  }

  private static void shuffle(List<File> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      list.set(i, list.set(j, list.get(i)));
    }
  }
}

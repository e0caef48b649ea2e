package camlab.picture;

import camlab.file.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The picture files of a folder, sorted by name: those that end in {@code .png}, {@code .jpg},
 * {@code .jpeg}, {@code .tif}, {@code .tiff}, {@code .bmp} or {@code .gif}, in any case. Folders
 * inside it and hidden files are passed over.
 *
 * @param folder the folder
 * @param files its pictures' paths, at least one
 * @param leftOut the paths of what are pictures by their names, of a kind that is not read here,
 *     such as {@code .heic}
 */
public record PictureFolder(Path folder, List<Path> files, List<Path> leftOut) {

  /**
   * Copies the lists.
   *
   * @param folder the folder
   * @param files its pictures' paths, at least one
   * @param leftOut the paths of pictures that are not read here
   */
  public PictureFolder {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * {@return the pictures of a folder} None is read yet.
   *
   * @param folder the folder
   * @throws PictureException if there is no such folder, or no picture in it
   */
  public static PictureFolder of(Path folder) {
    if (!Files.isDirectory(Places.required(folder, "a folder of pictures"))) {
      throw new PictureException(
          "Expected a folder of pictures, found %s: %s. Check the name; a relative one starts at %s."
              .formatted(
                  Files.exists(folder) ? "a file" : "nothing",
                  folder,
                  Path.of("").toAbsolutePath()));
    }
    Set<PictureFormat> readable =
        Arrays.stream(PictureFormat.values())
            .filter(PictureFormat::isReadable)
            .collect(Collectors.toSet());
    try (Stream<Path> entries = Files.list(folder)) {
      Map<Boolean, List<Path>> byReadable =
          entries
              .filter(PictureFolder::isPicture)
              .sorted(Comparator.comparing(path -> path.getFileName().toString()))
              .collect(
                  Collectors.partitioningBy(
                      path -> readable.contains(PictureFormat.named(path).orElseThrow())));
      List<Path> files = byReadable.get(true);
      if (files.isEmpty()) {
        throw new PictureException(
            "There is no picture in %s: expected files that end in .png, .jpg, .jpeg, .tif, .tiff, .bmp or .gif. Put at least one there (pictures of other kinds saved as PNG or JPEG), or name another folder."
                .formatted(folder));
      }
      return new PictureFolder(folder, files, byReadable.get(false));
    } catch (IOException e) {
      throw new PictureException(
          "The folder %s cannot be listed (%s). Check its permissions.".formatted(folder, e), e);
    }
  }

  private static boolean isPicture(Path path) {
    return !path.getFileName().toString().startsWith(".")
        && PictureFormat.named(path).isPresent()
        && Files.isRegularFile(path);
  }

  /**
   * Reads every picture, in the order of {@link #files}; of large ones a reduced copy is kept, so
   * that many fit the memory.
   *
   * @return the pictures
   * @see Picture#readReduced
   */
  public List<Picture> read() {
    return files.stream().map(Picture::readReduced).toList();
  }

  /**
   * {@return the file names without their endings, in the order of {@link #files}: titles for
   * figures}
   */
  public List<String> names() {
    return files.stream()
        .map(path -> path.getFileName().toString())
        .map(name -> name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name)
        .toList();
  }
}

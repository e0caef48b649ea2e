package camlab.spark;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The pictures of a folder, or of a list. */
final class PictureList {

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .get();

  private PictureList() {}

  /**
   * The pictures in a folder and those below it, by their paths; or those of a CSV file with the
   * columns {@code picture}, and, where it is known, {@code class} and {@code mask}: paths relative
   * to the file's folder, several masks with a {@code |} between them.
   *
   * @param className the class where none is stated; empty for the one the network finds most
   *     likely
   */
  static List<ListedPicture> of(String place, String className, Configuration configuration)
      throws IOException {
    Path path = new Path(place);
    FileSystem system = path.getFileSystem(configuration);
    if (!system.exists(path)) {
      throw new IllegalArgumentException(
          "There is no %s. Name a folder of pictures, or a CSV file with the column 'picture'."
              .formatted(place));
    }
    return system.getFileStatus(path).isDirectory()
        ? folder(path, className, system)
        : list(path, className, system);
  }

  private static List<ListedPicture> folder(Path folder, String className, FileSystem system)
      throws IOException {
    Path root = system.makeQualified(folder);
    List<ListedPicture> pictures = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> files = system.listFiles(root, true);
    while (files.hasNext()) {
      Path file = files.next().getPath();
      String name = file.getName();
      String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
      if (ENDINGS.contains(ending)) {
        String below = root.toUri().relativize(file.toUri()).getPath();
        pictures.add(ListedPicture.of(below, file.toString(), className));
      }
    }
    pictures.sort(Comparator.comparing(ListedPicture::name));
    return pictures;
  }

  private static List<ListedPicture> list(Path file, String className, FileSystem system)
      throws IOException {
    Path folder = system.makeQualified(file).getParent();
    List<ListedPicture> pictures = new ArrayList<>();
    try (Reader text = new InputStreamReader(system.open(file), StandardCharsets.UTF_8);
        CSVParser lines = CSVParser.parse(text, FORMAT)) {
      if (!lines.getHeaderNames().contains("picture")) {
        throw new IllegalArgumentException(
            "%s: expected a column 'picture', found %s. Name the columns in the first line."
                .formatted(file, lines.getHeaderNames()));
      }
      for (CSVRecord line : lines) {
        String name = line.get("picture");
        String stated = value(line, "class");
        List<String> masks = new ArrayList<>();
        for (String mask : value(line, "mask").split("\\|", -1)) {
          if (!mask.isBlank()) {
            masks.add(new Path(folder, mask).toString());
          }
        }
        pictures.add(
            new ListedPicture(
                name,
                new Path(folder, name).toString(),
                stated.isEmpty() ? className : stated,
                masks));
      }
    }
    return pictures;
  }

  private static String value(CSVRecord line, String column) {
    return line.isSet(column) ? line.get(column) : "";
  }
}

package camlab.training;

import camlab.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A training curve as a CSV that grows row by row, and on the console. */
final class CurveFile implements CurveLog {

  private static final String HEADER = "epoch,crop,loss,accuracy,seconds\n";

  private final Path file;
  private String text = HEADER;

  /** The curve of a training's folder. */
  CurveFile(Path folder) {
    this.file = folder.resolve("curve.csv");
  }

  @Override
  public void goOnAfter(int epochs) {
    try {
      if (epochs > 0 && Files.exists(file)) {
        List<String> rows = Files.readAllLines(file);
        text = rows.stream().limit(1 + epochs).map(row -> row + "\n").collect(Collectors.joining());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The curve could not be read: " + file, e);
    }
    write();
  }

  @Override
  public void epoch(Epoch epoch) {
    String line =
        String.format(
            Locale.ROOT,
            "%d,%d,%.4f,%.4f,%.0f\n",
            epoch.number(),
            epoch.crop(),
            epoch.loss(),
            epoch.accuracy(),
            epoch.seconds());
    text += line;
    write();
    System.out.print(line);
  }

  private void write() {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("The curve could not be written: " + file, e);
    }
  }
}

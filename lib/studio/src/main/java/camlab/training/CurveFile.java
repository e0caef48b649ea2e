package camlab.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** A training curve as a CSV that grows row by row, and on the console. */
final class CurveFile implements CurveLog {

  private final Path file;

  /** The curve of a training's folder; goes on with one that is there. */
  CurveFile(Path folder) {
    this.file = folder.resolve("curve.csv");
    if (Files.notExists(file)) {
      append("epoch,crop,loss,accuracy,seconds\n");
    }
  }

  @Override
  public void epoch(Epoch epoch) {
    String line =
        String.format(
            Locale.ROOT,
            "%d,%d,%.4f,%.4f,%.0f%n",
            epoch.number(),
            epoch.crop(),
            epoch.loss(),
            epoch.accuracy(),
            epoch.seconds());
    append(line);
    System.out.print(line);
  }

  private void append(String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("The curve could not be written: " + file, e);
    }
  }
}

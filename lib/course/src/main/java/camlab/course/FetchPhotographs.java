package camlab.course;

import camlab.download.DownloadException;
import camlab.download.RemoteFile;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import tech.tablesaw.api.Row;

/**
 * Brings all photographs of {@code data/photographs.csv} into the user's cache, once; what {@code
 * camlab.py photographs} runs. A photograph that cannot be had does not keep the others away: a
 * line says which file to put where.
 */
public final class FetchPhotographs {

  private FetchPhotographs() {}

  /**
   * Fetches them, and ends the program with 1 if one is missing.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    if (!fetch(Source.standard(), out)) {
      System.exit(1);
    }
  }

  /** Whether all are there now. */
  static boolean fetch(Source source, PrintWriter out) {
    Set<RemoteFile> files = new LinkedHashSet<>();
    for (Row row : Photographs.of(source).table()) {
      files.add(Source.remote(row)); // some are shown twice
    }
    int there = 0;
    for (RemoteFile file : files) {
      boolean before = Files.exists(source.cache().place(file));
      try {
        source.cache().fetch(file);
        there++;
        out.println(file.name() + (before ? ": is there" : ": fetched"));
      } catch (DownloadException e) {
        out.println(e.getMessage());
      }
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%d of %d photographs are in %s.",
            there,
            files.size(),
            source.cache().folder()));
    return there == files.size();
  }
}

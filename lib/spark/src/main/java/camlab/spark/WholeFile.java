package camlab.spark;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** A file of any file system that is the old one or the new one, and never a part. */
final class WholeFile {

  private WholeFile() {}

  /** What writes a file. */
  @FunctionalInterface
  interface Work {
    void write(FileSystem system, Path part) throws IOException;
  }

  /** Writes beside a file, and then in its place: several may be writing the same one. */
  static void write(Path file, Configuration configuration, Work work) throws IOException {
    FileSystem system = file.getFileSystem(configuration);
    Path part = file.suffix("." + UUID.randomUUID() + ".part");
    try {
      work.write(system, part);
      FileContext.getFileContext(file.toUri(), configuration).rename(part, file, Rename.OVERWRITE);
    } finally {
      system.delete(part, false);
    }
  }
}

package camlab.training;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import camlab.network.LayerGraph;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where a training stands, in one file of DJL's own parameter format. */
final class Checkpoint {

  private final Path file;

  Checkpoint(Path folder) {
    this.file = folder.resolve("checkpoint.bin");
  }

  /** Replaces the file only once the new one is whole. */
  void save(LayerGraph graph, LayerGraph average, int epochs) {
    Path part = file.resolveSibling("checkpoint.part");
    try {
      Files.createDirectories(file.getParent());
      try (FileOutputStream disk = new FileOutputStream(part.toFile());
          DataOutputStream out = new DataOutputStream(new BufferedOutputStream(disk))) {
        out.writeInt(epochs);
        graph.saveParameters(out);
        average.saveParameters(out);
        out.flush();
        disk.getFD().sync(); // or a power cut leaves the new name with no content behind it
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("The checkpoint could not be written: " + part, e);
    }
  }

  /** Fills both graphs and returns how many epochs were done; 0 if there is no checkpoint. */
  int load(LayerGraph graph, LayerGraph average, NDManager scope, NDManager averageScope) {
    if (Files.notExists(file)) {
      return 0;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int epochs = in.readInt();
      graph.loadParameters(scope, in);
      average.loadParameters(averageScope, in);
      return epochs;
    } catch (IOException | MalformedModelException e) {
      throw new IllegalStateException(
          "The checkpoint %s cannot be read (%s). Delete it to start anew."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}

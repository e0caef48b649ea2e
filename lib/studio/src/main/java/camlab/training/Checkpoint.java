package camlab.training;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import camlab.file.WholeFile;
import camlab.network.LayerGraph;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a training stands, in one file of DJL's own parameter format. */
final class Checkpoint {

  private final Path file;

  Checkpoint(Path folder) {
    this.file = folder.resolve("checkpoint.bin");
  }

  /** Replaces the file only once the new one is whole. */
  void save(LayerGraph graph, LayerGraph average, int epochs) {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(
          file,
          out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(epochs);
            graph.saveParameters(data);
            average.saveParameters(data);
            data.flush();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("The checkpoint could not be written: " + file, e);
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

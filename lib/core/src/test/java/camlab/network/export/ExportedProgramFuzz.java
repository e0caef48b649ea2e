package camlab.network.export;

import camlab.TestFiles;
import camlab.fuzz.FuzzedReader;
import camlab.fuzz.ZipParts;
import camlab.network.Classes;
import camlab.network.program.Graph;
import camlab.network.torchscript.TorchScriptException;
import camlab.picture.Preprocessing;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The reader of {@code .pt2} files. */
public final class ExportedProgramFuzz {

  private static final String[] PARTS = {
    ".json", "config.json", "weights.pt", "constants.pt", "version", "byteorder"
  };

  private ExportedProgramFuzz() {}

  private static List<Path> files(String... names) {
    return Stream.of(names).map(name -> TestFiles.path("export/" + name + ".pt2")).toList();
  }

  /** What is read before a program is written for the engine: the zip, the graph, the tensors. */
  public static final class Calls {

    private static final ZipParts ZIPS =
        new ZipParts(
            files(
                "half",
                "bfloat16",
                "checkpoint",
                "named-tuple",
                "counter",
                "condition",
                "dynamic-batch",
                "arguments.2.5",
                "numbers.2.7",
                "constants",
                "segmentation"),
            PARTS);

    private static final FuzzedReader READER =
        new FuzzedReader(Calls::read, ".pt2", 20_000, Set.of(ExportedProgramException.class));

    private Calls() {}

    private static void read(Path file) {
      try (ExportedArchive archive = ExportedArchive.open(file)) {
        JsonObject root = archive.graph();
        Graph graph = GraphReader.read(file.toString(), root);
        ExportedProgram.text(file.toString(), archive, root, graph, false);
        ProgramBiases.statistics(archive.kept(graph));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return ZIPS.seeds();
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(ZIPS.file(input));
    }
  }

  /** The whole: what passes is loaded by the engine, and run. */
  public static final class Whole {

    private static final ZipParts ZIPS = new ZipParts(files("counter", "condition"), PARTS);

    private static final Preprocessing SMALL =
        new Preprocessing(16, 16, Preprocessing.IMAGENET.mean(), Preprocessing.IMAGENET.std());

    private static final FuzzedReader READER =
        new FuzzedReader(
            file -> ExportedProgram.load(file, Classes.numbered(4), SMALL).close(),
            ".pt2",
            20_000,
            Set.of(
                ExportedProgramException.class,
                TorchScriptException.class,
                IllegalArgumentException.class));

    private Whole() {}

    /** The fixtures. */
    public static List<byte[]> seeds() {
      return ZIPS.seeds();
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
      READER.reads(ZIPS.file(input));
    }
  }
}
